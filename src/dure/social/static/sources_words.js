// What the screens of sources say.
import { words } from '../web/kit.js';

words({
  ko: {
    'src.title': '소스', 'src.add': '소스 연결', 'src.none': '연결된 소스가 없습니다', 'src.nonebody': '피드, 마스토돈, 블루스카이, 리뷰, 메일 등에서 우리 이야기를 모읍니다.',
    'src.name': '이름', 'src.kind': '종류', 'src.state': '상태', 'src.last': '마지막 확인', 'src.heard': '마지막 새 글', 'src.next': '다음 확인', 'src.brought': '가져온 글', 'src.can': '할 수 있는 일',
    'src.on': '정상', 'src.paused': '멈춤', 'src.first': '첫 확인 중', 'src.failing': '{n}번 실패', 'src.waiting': '한도로 대기', 'src.listening': '기다리는 중',
    'src.can.pull': '가져오기', 'src.can.stream': '실시간', 'src.can.hear': '웹훅', 'src.can.upload': '파일', 'src.can.reply': '답글', 'src.can.publish': '게시', 'src.can.edits': '수정 반영', 'src.can.deletions': '삭제 반영',
    'src.basis.official': '공식 API', 'src.basis.own_data': '우리 자료', 'src.basis.terms_restricted': '약관 제한',
    'src.choose': '무엇을 연결할까요?', 'src.back': '소스 목록', 'src.others': '다른 종류', 'src.connect': '연결', 'src.save': '저장', 'src.connected': '연결했습니다. 곧 가져옵니다.', 'src.saved': '저장했습니다',
    'src.days': '처음에 가져올 기간', 'src.daysunit': '일', 'src.every': '확인 간격', 'src.everyunit': '초', 'src.everyhint': '가장 짧게 {n}초', 'src.kept': '저장되어 있습니다. 비워 두면 그대로 씁니다.',
    'src.try': '미리 보기', 'src.trying': '물어보는 중…', 'src.would': '지금 가져오면 이렇게 보입니다', 'src.nothing': '연결되지만 지금은 가져올 글이 없습니다', 'src.more': '더 있습니다', 'src.skipped': '본문이 없는 {n}건은 건너뜁니다', 'src.calls': '이 소스는 물어보지 않고 기다립니다. 연결하면 주소를 알려 드립니다.',
    'src.ask': '지금 확인', 'src.asked': '곧 확인합니다', 'src.pause': '멈추기', 'src.resume': '다시 켜기', 'src.edit': '설정 고치기', 'src.remove': '연결 해제', 'src.removing': '{name}(을/를) 해제할까요?', 'src.stays': '가져온 글은 남고, 설정과 비밀 값과 원문 기록은 지워집니다.', 'src.actions': '더 보기',
    'src.way.pull': '가져오기', 'src.way.stream': '실시간', 'src.way.hear': '웹훅', 'src.way.upload': '파일', 'src.way.history': '지난 글',
    'src.address': '받는 주소', 'src.addressbody': '보내는 쪽에 이 주소를 적고 같은 비밀 값을 넣으세요.', 'src.copy': '복사', 'src.copied': '복사했습니다',
    'src.history': '지난 글 가져오기', 'src.historybody': '알림이나 자동화를 일으키지 않습니다', 'src.from': '며칠 전부터', 'src.begin': '시작', 'src.done': '{n}건 새로 담음', 'src.ended': '끝났습니다',
    'src.upload': '파일 올리기', 'src.uploadbody': 'CSV(머리글 있음)나 NDJSON. 같은 파일을 다시 올려도 겹치지 않습니다.', 'src.pick': '파일 고르기', 'src.uploaded': '{added}건을 담고 {known}건은 이미 있었습니다',
    'src.payloads': '들어온 원문', 'src.payloadsnote': '3일 동안 보관', 'src.nopayloads': '보관된 원문이 없습니다', 'src.settings': '설정', 'src.secret': '저장됨', 'src.gone': '이 소스는 없습니다', 'src.health': '상태', 'src.units': '오늘 쓴 단위 {n}', 'src.keys': '소스', 'src.admin': '연결은 관리자가 합니다', 'src.soon': '곧',
  },
  en: {
    'src.title': 'Sources', 'src.add': 'Connect a source', 'src.none': 'No source is connected', 'src.nonebody': 'Feeds, Mastodon, Bluesky, reviews, mail and more bring what is said of you.',
    'src.name': 'Name', 'src.kind': 'Kind', 'src.state': 'State', 'src.last': 'Last asked', 'src.heard': 'Last new', 'src.next': 'Next', 'src.brought': 'Brought', 'src.can': 'It can',
    'src.on': 'Well', 'src.paused': 'Paused', 'src.first': 'First pull', 'src.failing': 'Failed {n} {n|time|times}', 'src.waiting': 'Rate limited', 'src.listening': 'Waits for calls',
    'src.can.pull': 'Pull', 'src.can.stream': 'Live', 'src.can.hear': 'Webhook', 'src.can.upload': 'Files', 'src.can.reply': 'Reply', 'src.can.publish': 'Publish', 'src.can.edits': 'Edits', 'src.can.deletions': 'Deletions',
    'src.basis.official': 'Official API', 'src.basis.own_data': 'Own data', 'src.basis.terms_restricted': 'Terms restrict it',
    'src.choose': 'What do you want to connect?', 'src.back': 'Sources', 'src.others': 'Other kinds', 'src.connect': 'Connect', 'src.save': 'Save', 'src.connected': 'Connected; the first pull begins', 'src.saved': 'Saved',
    'src.days': 'Begin how far back', 'src.daysunit': 'days', 'src.every': 'Ask every', 'src.everyunit': 'seconds', 'src.everyhint': 'at least {n} seconds', 'src.kept': 'It is kept; leave it empty to go on with it.',
    'src.try': 'Preview', 'src.trying': 'Asking…', 'src.would': 'This is what it would bring now', 'src.nothing': 'It answers, but has nothing to bring right now', 'src.more': 'There is more', 'src.skipped': '{n} without a text {n|is|are} passed over', 'src.calls': 'This source waits to be called. Once connected, it has an address.',
    'src.ask': 'Ask now', 'src.asked': 'It is asked in a moment', 'src.pause': 'Pause', 'src.resume': 'Resume', 'src.edit': 'Edit the settings', 'src.remove': 'Disconnect', 'src.removing': 'Disconnect {name}?', 'src.stays': 'Its mentions stay; settings, secrets and kept payloads go.', 'src.actions': 'More',
    'src.way.pull': 'Pull', 'src.way.stream': 'Live', 'src.way.hear': 'Webhook', 'src.way.upload': 'Files', 'src.way.history': 'Past',
    'src.address': 'Its address', 'src.addressbody': 'Give the sender this address and the same secret.', 'src.copy': 'Copy', 'src.copied': 'Copied',
    'src.history': 'Bring the past', 'src.historybody': 'starts no alerts and no automations', 'src.from': 'Days back', 'src.begin': 'Begin', 'src.done': '{n} new', 'src.ended': 'Done',
    'src.upload': 'Bring a file', 'src.uploadbody': 'CSV with a heading, or NDJSON. The same file twice adds nothing twice.', 'src.pick': 'Choose a file', 'src.uploaded': '{added} added, {known} known already',
    'src.payloads': 'Payloads as they came', 'src.payloadsnote': 'kept for 3 days', 'src.nopayloads': 'No payload is kept', 'src.settings': 'Settings', 'src.secret': 'kept', 'src.gone': 'There is no such source', 'src.health': 'Health', 'src.units': '{n} units used today', 'src.keys': 'Sources', 'src.admin': 'An administrator connects sources', 'src.soon': 'soon',
  },
});
