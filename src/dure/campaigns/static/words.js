// The words of campaigns' screens.
import { words } from '../web/kit.js';

const REASONS = {
  no_address: ['주소 없음', 'No address'], no_consent: ['수신 동의 없음', 'No consent'], suppressed: ['수신거부·반송된 주소', 'Suppressed address'], capped: ['24시간 안에 이미 받음', 'Got one within 24 h'],
  not_in_audience: ['대상이 아님', 'Not in the audience'], came_back: ['스스로 돌아옴', 'Came back by themselves'], stopped: ['캠페인이 멈춤', 'Campaign stopped'], missing_value: ['빈칸을 채울 값이 없음', 'A value was missing'],
  refused: ['메일 서버가 거절', 'Refused by the mail server'], unreachable: ['메일 서버에 닿지 못함', 'Mail server not reached'], crashed: ['보내는 중에 멈춤', 'Stopped while sending'], no_answer: ['메일 서버가 답하지 않음', 'No answer from the mail server'],
};
const STATES = { waiting: ['보내기 전', 'Waiting'], claimed: ['보내는 중', 'Sending'], sent: ['보냄', 'Sent'], failed: ['실패', 'Failed'], unknown: ['알 수 없음', 'Unknown'], held: ['보류(대조군)', 'Held back'], skipped: ['건너뜀', 'Skipped'] };
const table = (name, all, which) => Object.fromEntries(Object.entries(all).map(([key, texts]) => [`camp.${name}.${key}`, texts[which]]));

words({
  ko: {
    ...table('r', REASONS, 0), ...table('s', STATES, 0),
    'camp.name': '이름', 'camp.status': '상태', 'camp.draft': '초안', 'camp.live': '진행 중', 'camp.stopped': '멈춤', 'camp.entered': '들어옴', 'camp.sent': '보냄', 'camp.held': '보류', 'camp.returned': '돌아옴', 'camp.failed': '실패·알 수 없음', 'camp.since': '시작',
    'camp.none': '아직 캠페인이 없습니다', 'camp.nonebody': '준비된 캠페인에서 시작해 글을 고치고, 미리 돌려 본 뒤 켜세요.', 'camp.new': '새 캠페인', 'camp.ready': '들어 보고 떠난 분께',
    'camp.launch': '시작', 'camp.stop': '멈춤', 'camp.launchask': '지금부터 조건에 맞는 사람에게 실제로 메일이 나갑니다.', 'camp.launched': '시작했습니다', 'camp.stopnow': '멈췄습니다. 가는 중이던 사람에게도 나가지 않습니다.',
    'camp.over': '결과', 'camp.message': '메시지', 'camp.dry': '미리 돌려 보기', 'camp.people': '사람', 'camp.flow': '흐름',
    'camp.f1': '‘{event}’ {where}', 'camp.f2': '{wait} 안에 ‘{goal}’ 없음', 'camp.f3': '대상: {rule}', 'camp.f4': '동의·수신거부·{n}시간에 한 통 확인', 'camp.f5': '{p} 보류, 나머지에게 메일', 'camp.f6': '{window} 안에 ‘{goal}’이면 돌아온 것',
    'camp.treated': '받은 쪽', 'camp.control': '보류한 쪽', 'camp.diff': '차이', 'camp.interval': '{c} 구간', 'camp.anytime': '언제 보아도 성립하는 구간', 'camp.pending': '{n}명은 아직 기간이 끝나지 않아 세지 않았습니다', 'camp.of': '{n}명 중 {k}명',
    'camp.whynot': '받지 못한 까닭', 'camp.whynone': '까닭이 기록된 사람이 없습니다', 'camp.subject': '제목', 'camp.body': '본문', 'camp.ko': '한국어', 'camp.en': '영어', 'camp.save': '저장', 'camp.saved': '저장했습니다',
    'camp.holes': '빈칸: {{ person.name }}, {{ items[0].title }}, {{ items[0].url }}, {{ unsubscribe_url }}. 값이 없으면 보내지 않습니다. 없어도 되는 값은 | default: "…"', 'camp.as': '이 사람에게 보이는 모습', 'camp.find': '이름·이메일로 찾기', 'camp.choose': '사람을 고르면 그 사람이 받을 편지가 보입니다', 'camp.to': '받는 사람',
    'camp.run': '돌려 보기', 'camp.dryabout': '지난 7일에 이 계기를 만난 사람에게 실제와 같은 길을 따라가 봅니다. 아무것도 보내거나 남기지 않습니다.', 'camp.looked': '본 사람', 'camp.would.send': '받게 됨', 'camp.would.hold': '보류하게 됨', 'camp.would.skip': '건너뛰게 됨', 'camp.would.fail': '실패하게 됨',
    'camp.reason': '까닭', 'camp.who': '사람', 'camp.what': '내용', 'camp.at': '때', 'camp.nobody': '아직 아무도 들어오지 않았습니다', 'camp.all': '모두', 'camp.nodry': '지난 7일에 이 계기를 만난 사람이 없습니다',
  },
  en: {
    ...table('r', REASONS, 1), ...table('s', STATES, 1),
    'camp.name': 'Name', 'camp.status': 'Status', 'camp.draft': 'Draft', 'camp.live': 'Live', 'camp.stopped': 'Stopped', 'camp.entered': 'Entered', 'camp.sent': 'Sent', 'camp.held': 'Held back', 'camp.returned': 'Returned', 'camp.failed': 'Failed or unknown', 'camp.since': 'Since',
    'camp.none': 'No campaigns yet', 'camp.nonebody': 'Begin with a ready one, change its words, try it dry, then switch it on.', 'camp.new': 'New campaign', 'camp.ready': 'Tried and left',
    'camp.launch': 'Launch', 'camp.stop': 'Stop', 'camp.launchask': 'From now on real mail goes to the people it is meant for.', 'camp.launched': 'Launched', 'camp.stopnow': 'Stopped, also for those on their way.',
    'camp.over': 'Result', 'camp.message': 'Message', 'camp.dry': 'Dry run', 'camp.people': 'People', 'camp.flow': 'Flow',
    'camp.f1': '“{event}” {where}', 'camp.f2': 'No “{goal}” within {wait}', 'camp.f3': 'Audience: {rule}', 'camp.f4': 'Consent, suppression, one in {n} h', 'camp.f5': '{p} held back, mail to the rest', 'camp.f6': '“{goal}” within {window} counts as a return',
    'camp.treated': 'Got it', 'camp.control': 'Held back', 'camp.diff': 'Difference', 'camp.interval': '{c} interval', 'camp.anytime': 'Holds however often one looks', 'camp.pending': '{n} entered too lately to count', 'camp.of': '{k} of {n}',
    'camp.whynot': 'Why some got nothing', 'camp.whynone': 'Nobody was left out', 'camp.subject': 'Subject', 'camp.body': 'Body', 'camp.ko': 'Korean', 'camp.en': 'English', 'camp.save': 'Save', 'camp.saved': 'Saved',
    'camp.holes': 'Holes: {{ person.name }}, {{ items[0].title }}, {{ items[0].url }}, {{ unsubscribe_url }}. A missing value is not sent; give | default: "…" where it may be missing.', 'camp.as': 'As one person sees it', 'camp.find': 'Find by name or e-mail', 'camp.choose': 'Choose somebody to see their letter', 'camp.to': 'To',
    'camp.run': 'Run dry', 'camp.dryabout': 'Everybody who met the trigger in the last 7 days is taken along the real way. Nothing is sent or kept.', 'camp.looked': 'Looked at', 'camp.would.send': 'Would get it', 'camp.would.hold': 'Would be held back', 'camp.would.skip': 'Would be skipped', 'camp.would.fail': 'Would fail',
    'camp.reason': 'Reason', 'camp.who': 'Person', 'camp.what': 'What', 'camp.at': 'When', 'camp.nobody': 'Nobody has entered yet', 'camp.all': 'All', 'camp.nodry': 'Nobody met the trigger in the last 7 days',
  },
});

export const KIND = { live: 'ok', stopped: 'warn', sent: 'ok', failed: 'bad', unknown: 'bad', waiting: 'info', claimed: 'info' };
