// What the deal screens say.
import { words } from '../web/kit.js';

words({
  ko: {
    'deals.filter': '거래·고객사 찾기', 'deals.mine': '내 거래', 'deals.new': '새 거래', 'deals.none': '아직 거래가 없습니다',
    'deals.nonebody': '첫 거래를 만들면 단계마다 한 줄로 보입니다.', 'deals.nomatch': '맞는 거래가 없습니다', 'deals.clear': '조건 지우기',
    'deals.board': '거래 보드', 'deals.count': '{n}건', 'deals.days': '{n}일째', 'deals.today': '오늘 들어옴', 'deals.long': '이 단계에 {n}일째 머물러 있습니다',
    'deals.nonext': '다음 할 일이 없습니다', 'deals.overdue': '마감이 지났습니다', 'deals.moved': '{name} → {stage}', 'deals.created': '거래를 만들었습니다',
    'deals.name': '이름', 'deals.account': '고객사', 'deals.newaccount': '새 고객사…', 'deals.accountname': '고객사 이름', 'deals.amount': '금액',
    'deals.close': '마감일', 'deals.stage': '단계', 'deals.owner': '담당자', 'deals.next': '다음 할 일', 'deals.create': '만들기',
    'deals.saved': '저장했습니다', 'deals.team': '팀', 'deals.addmember': '팀원 추가', 'deals.remove': '{name} 님 빼기', 'deals.member': '팀원', 'deals.role': '역할',
    'deals.history': '지나온 길', 'deals.contacts': '고객 담당자', 'deals.channel': '채널 열기', 'deals.nochannel': '채널은 확률 25% 단계에서 열립니다',
    'deals.closepane': '닫기', 'deals.lostwhy': '왜 놓쳤나요?', 'deals.reason': '이유', 'deals.reasonhint': '나중에 같은 이유를 모아 볼 수 있습니다', 'deals.lose': '실주로 옮기기',
    'deals.keys': '거래 보드', 'deals.keynext': '다음 단계로', 'deals.keyback': '이전 단계로', 'deals.keyfind': '찾기', 'deals.keynew': '새 거래', 'deals.keyclose': '상세 닫기',
    'deals.changed': '누가 먼저 바꿨습니다. 새 내용을 불러왔습니다.', 'deals.empty': '여기로 끌어 놓으세요', 'deals.system': '자동화',
    'deals.expected': '확률 반영 {sum}', 'deals.alerts': '집행 경고 {n}건', 'deals.hasroom': '채널이 있습니다', 'deals.chance': '수주 확률', 'deals.pipeline': '파이프라인', 'deals.keypage': '거래 페이지 열기', 'deals.whole': '거래 페이지', 'deals.noaccount': '고객사 없음',
  },
  en: {
    'deals.filter': 'Find a deal or account', 'deals.mine': 'My deals', 'deals.new': 'New deal', 'deals.none': 'No deals yet',
    'deals.nonebody': 'Make the first one and it stands in the lane of its stage.', 'deals.nomatch': 'No deal fits', 'deals.clear': 'Clear the filter',
    'deals.board': 'Deals', 'deals.count': '{n} {n|deal|deals}', 'deals.days': 'day {n}', 'deals.today': 'came today', 'deals.long': 'In this stage for {n} days',
    'deals.nonext': 'No next step', 'deals.overdue': 'Past its close date', 'deals.moved': '{name} → {stage}', 'deals.created': 'The deal was made',
    'deals.name': 'Name', 'deals.account': 'Account', 'deals.newaccount': 'New account…', 'deals.accountname': 'Name of the account', 'deals.amount': 'Amount',
    'deals.close': 'Close date', 'deals.stage': 'Stage', 'deals.owner': 'Owner', 'deals.next': 'Next step', 'deals.create': 'Create',
    'deals.saved': 'Saved', 'deals.team': 'Team', 'deals.addmember': 'Add a member', 'deals.remove': 'Remove {name}', 'deals.member': 'Member', 'deals.role': 'Role',
    'deals.history': 'History', 'deals.contacts': 'Contacts', 'deals.channel': 'Open the channel', 'deals.nochannel': 'Its channel opens at a stage of 25 %',
    'deals.closepane': 'Close', 'deals.lostwhy': 'Why was it lost?', 'deals.reason': 'Reason', 'deals.reasonhint': 'Reasons can be counted later', 'deals.lose': 'Move to lost',
    'deals.keys': 'Deals board', 'deals.keynext': 'To the next stage', 'deals.keyback': 'To the stage before', 'deals.keyfind': 'Find', 'deals.keynew': 'New deal', 'deals.keyclose': 'Close the details',
    'deals.changed': 'Somebody changed it first; this is how it is now.', 'deals.empty': 'Drop a deal here', 'deals.system': 'Automation',
    'deals.expected': '{sum} weighted', 'deals.alerts': '{n} {n|delivery alert|delivery alerts}', 'deals.hasroom': 'It has a channel', 'deals.chance': 'Chance of winning', 'deals.pipeline': 'Pipeline', 'deals.keypage': 'Open its page', 'deals.whole': 'The deal’s page', 'deals.noaccount': 'No account',
  },
});
