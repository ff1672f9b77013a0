// What the screen of ad servers says.
import { words } from '../web/kit.js';

words({
  ko: {
    'pacing.s.connect': '애드서버 연결', 'pacing.s.name': '이름', 'pacing.s.namehint': '집계에 이 이름이 소스로 남습니다', 'pacing.s.kind': '종류', 'pacing.s.next': '다음', 'pacing.s.kept': '저장되어 있습니다. 비워 두면 그대로 씁니다.', 'pacing.s.added': '연결했습니다. 곧 가져오기 시작합니다.', 'pacing.s.edit': '설정 고치기', 'pacing.s.now': '지금 가져오기', 'pacing.s.restart': '처음부터 다시 가져오기', 'pacing.s.switchoff': '멈추기', 'pacing.s.switchon': '다시 켜기', 'pacing.s.remove': '연결 해제', 'pacing.s.removing': '{name}(을/를) 해제할까요?', 'pacing.s.stays': '가져온 라인아이템과 집계는 남습니다.', 'pacing.s.off': '꺼짐', 'pacing.s.on': '정상', 'pacing.s.failing': '{n}번 실패', 'pacing.s.first': '첫 가져오기 중', 'pacing.s.pulled': '마지막으로 가져옴', 'pacing.s.csv': 'CSV로 가져오기', 'pacing.s.csvbody': 'Megaphone 등 다른 애드서버의 리포트는 파일로 가져옵니다. 열은 머리글로 알아내고, 읽지 못한 줄은 줄 번호와 함께 알려 줍니다.',
  },
  en: {
    'pacing.s.connect': 'Connect an ad server', 'pacing.s.name': 'Name', 'pacing.s.namehint': 'Its figures are kept under this name', 'pacing.s.kind': 'Kind', 'pacing.s.next': 'Next', 'pacing.s.kept': 'It is kept; leave it empty to go on with it.', 'pacing.s.added': 'Connected; the first pull begins', 'pacing.s.edit': 'Edit the settings', 'pacing.s.now': 'Ask it now', 'pacing.s.restart': 'Fetch everything again', 'pacing.s.switchoff': 'Switch off', 'pacing.s.switchon': 'Switch on', 'pacing.s.remove': 'Disconnect', 'pacing.s.removing': 'Disconnect {name}?', 'pacing.s.stays': 'Line items and figures that it told stay.', 'pacing.s.off': 'Off', 'pacing.s.on': 'Well', 'pacing.s.failing': 'failed {n} {n|time|times}', 'pacing.s.first': 'first pull', 'pacing.s.pulled': 'Last pulled', 'pacing.s.csv': 'From a file', 'pacing.s.csvbody': 'Reports of Megaphone and other ad servers come in as files. Columns are known by their headers; rows that cannot be read are told with their lines.',
  },
});
