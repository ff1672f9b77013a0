// Words of requests for apps: for who answers them, and for who waits.
import { words } from '../web/kit.js';

words({
  ko: {
    'aa.title': '앱 승인', 'aa.waiting': '기다리는 요청', 'aa.approved': '승인됨', 'aa.restricted': '막음', 'aa.app': '앱', 'aa.who': '요청한 사람', 'aa.why': '까닭', 'aa.does': '하려는 일', 'aa.when': '때', 'aa.where': '어디에', 'aa.by': '정한 사람',
    'aa.approve': '승인', 'aa.restrict': '막기', 'aa.cancel': '요청 취소', 'aa.clear': '결정 거두기', 'aa.close': '닫기', 'aa.whole': '조직 전체에', 'aa.everywhere': '조직 전체',
    'aa.done.approve': '앱 {n}개를 승인했습니다', 'aa.done.restrict': '앱 {n}개를 막았습니다', 'aa.done.cancel': '요청 {n}개를 취소했습니다', 'aa.done.clear': '결정 {n}개를 거두었습니다',
    'aa.bot': '앱이 할 수 있게 됩니다', 'aa.user': '사람을 대신해 할 수 있게 됩니다', 'aa.no_scopes': '권한을 요청하지 않습니다', 'aa.no_reason': '까닭을 쓰지 않았습니다', 'aa.nothing_said': '설명이 없습니다',
    'aa.unasked': '지금은 승인 없이도 앱을 들일 수 있습니다. 막은 앱만 들어오지 못합니다.', 'aa.rules': '규칙 바꾸기',
    'aa.none.waiting': '기다리는 요청이 없습니다', 'aa.none.waiting.body': '누가 앱을 요청하면 여기에서 답합니다.', 'aa.none.approved': '승인한 앱이 없습니다', 'aa.none.approved.body': '요청을 승인하면 여기에 모입니다.', 'aa.none.restricted': '막은 앱이 없습니다', 'aa.none.restricted.body': '막은 앱은 어느 워크스페이스에도 들어오지 못합니다.',
    'aa.noright': '앱 승인은 조직을 돌보는 사람이 합니다', 'aa.noright.body': '앱이 필요하면 앱 화면에서 요청하세요.',
    'aa.here': '이 워크스페이스', 'aa.more': '다른 앱', 'aa.ask': '요청하기', 'aa.ask.title': '{name} 요청하기', 'aa.ask.why': '왜 필요한가요?', 'aa.ask.hint': '조직을 돌보는 사람이 읽습니다', 'aa.asked': '{name} 앱을 요청했습니다', 'aa.back': '요청 거두기', 'aa.taken': '요청을 거두었습니다', 'aa.standing': '상태',
    'aa.s.free': '관리자가 들일 수 있음', 'aa.s.needed': '승인이 필요함', 'aa.s.asked': '요청함', 'aa.s.approved': '승인됨', 'aa.s.restricted': '막힘',
    'aa.line.mine': '내가 요청함', 'aa.line.by': '{name} 님이 요청함', 'aa.line.decided': '{name} 님이 정함', 'aa.line.approved': '관리자가 이제 들일 수 있습니다', 'aa.line.cancelled': '요청이 취소됨',
    'aa.none.more': '조직의 모든 앱이 여기에 있습니다', 'aa.none.more.body': '다른 워크스페이스에서 만든 앱이 있으면 여기에서 요청합니다.',
  },
  en: {
    'aa.title': 'App approvals', 'aa.waiting': 'Waiting', 'aa.approved': 'Approved', 'aa.restricted': 'Kept out', 'aa.app': 'App', 'aa.who': 'Asked by', 'aa.why': 'Why', 'aa.does': 'Wants to', 'aa.when': 'When', 'aa.where': 'Where', 'aa.by': 'Decided by',
    'aa.approve': 'Approve', 'aa.restrict': 'Keep out', 'aa.cancel': 'Cancel the request', 'aa.clear': 'Take back', 'aa.close': 'Close', 'aa.whole': 'For the whole organisation', 'aa.everywhere': 'Whole organisation',
    'aa.done.approve': '{n} {n|app|apps} approved', 'aa.done.restrict': '{n} {n|app|apps} kept out', 'aa.done.cancel': '{n} {n|request|requests} cancelled', 'aa.done.clear': '{n} {n|decision|decisions} taken back',
    'aa.bot': 'The app will be able to', 'aa.user': 'On behalf of a person it will be able to', 'aa.no_scopes': 'It asks for no scopes', 'aa.no_reason': 'No reason given', 'aa.nothing_said': 'No description',
    'aa.unasked': 'Apps come without approval now; only those kept out do not.', 'aa.rules': 'Change the rule',
    'aa.none.waiting': 'Nothing waits', 'aa.none.waiting.body': 'When somebody asks for an app you answer here.', 'aa.none.approved': 'No app was approved', 'aa.none.approved.body': 'Requests that you approve gather here.', 'aa.none.restricted': 'No app is kept out', 'aa.none.restricted.body': 'An app that is kept out comes to no workspace.',
    'aa.noright': 'Who looks after the organisation approves apps', 'aa.noright.body': 'Ask for an app on the Apps screen.',
    'aa.here': 'In this workspace', 'aa.more': 'More apps', 'aa.ask': 'Ask for it', 'aa.ask.title': 'Ask for {name}', 'aa.ask.why': 'What do you need it for?', 'aa.ask.hint': 'Read by who looks after the organisation', 'aa.asked': 'You asked for {name}', 'aa.back': 'Take back', 'aa.taken': 'You took your request back', 'aa.standing': 'State',
    'aa.s.free': 'An administrator can let it in', 'aa.s.needed': 'Needs approval', 'aa.s.asked': 'Asked for', 'aa.s.approved': 'Approved', 'aa.s.restricted': 'Kept out',
    'aa.line.mine': 'You asked', 'aa.line.by': '{name} asked', 'aa.line.decided': 'Decided by {name}', 'aa.line.approved': 'An administrator can let it in now', 'aa.line.cancelled': 'The request was cancelled',
    'aa.none.more': 'Every app of the organisation is here', 'aa.none.more.body': 'Apps made in other workspaces are asked for here.',
  },
});
