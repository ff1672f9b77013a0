// The words that several of campaigns' screens share, and how states are marked.
import { api, num, state, t, words } from '../web/kit.js';

words({
  ko: {
    'camp.name': '캠페인', 'camp.new': '새 캠페인', 'camp.status': '상태', 'camp.draft': '초안', 'camp.submitted': '승인 대기', 'camp.approved': '승인됨', 'camp.live': '진행 중', 'camp.paused': '일시정지', 'camp.stopped': '중지됨', 'camp.finished': '끝남', 'camp.stopping': '멈추는 중', 'camp.killed': '비상 정지됨',
    'camp.kind': '종류', 'camp.once': '한 번', 'camp.recurring': '되풀이', 'camp.triggered': '이벤트로 시작', 'camp.journey': '여정', 'camp.once.about': '정한 때에 한 번, 대상 모두에게', 'camp.recurring.about': '매주나 매달 같은 때에', 'camp.triggered.about': '어떤 행동을 한 사람에게 그때', 'camp.journey.about': '여러 단계를 기다리고 갈라지며',
    'camp.channel': '채널', 'camp.c.email': '메일', 'camp.c.push': '앱 푸시', 'camp.c.web_push': '웹 푸시', 'camp.c.sms': '문자', 'camp.c.in_app': '인앱', 'camp.c.webhook': '웹훅', 'camp.c.post': '채널 글',
    'camp.entered': '들어온 사람', 'camp.sent': '보냄', 'camp.held': '보류(대조군)', 'camp.failed': '실패', 'camp.returned': '돌아옴', 'camp.since': '시작', 'camp.who': '사람', 'camp.reason': '까닭', 'camp.at': '때', 'camp.all': '전체', 'camp.treated': '받은 쪽', 'camp.control': '안 받은 쪽', 'camp.diff': '차이', 'camp.people': '사람', 'camp.nobody': '아직 아무도 없습니다', 'camp.subject': '내용', 'camp.save': '저장', 'camp.saved': '저장했습니다',
    'camp.s.waiting': '대기', 'camp.s.claimed': '보내는 중', 'camp.s.sent': '보냄', 'camp.s.failed': '실패', 'camp.s.unknown': '결과 모름', 'camp.s.held': '보류', 'camp.s.skipped': '보내지 않음', 'camp.s.opened': '열어 봄', 'camp.s.clicked': '누름',
    'camp.r.no_address': '주소 없음', 'camp.r.no_consent': '수신 동의 없음', 'camp.r.suppressed': '수신거부·반송된 주소', 'camp.r.capped': '받은 횟수 상한', 'camp.r.not_in_audience': '대상이 아님', 'camp.r.came_back': '먼저 돌아옴', 'camp.r.stopped': '캠페인 중지', 'camp.r.missing_value': '빈 값', 'camp.r.refused': '상대가 거절', 'camp.r.unreachable': '연결 안 됨', 'camp.r.crashed': '보내던 서버가 죽음', 'camp.r.no_answer': '답이 없음',
    'camp.r.control': '대조군', 'camp.r.holdout': '전체 대조군', 'camp.r.global_holdout': '전체 대조군', 'camp.r.quiet': '조용한 시간', 'camp.r.quiet_hours': '조용한 시간', 'camp.r.cap': '받은 횟수 상한', 'camp.r.priority': '더 급한 캠페인에 밀림', 'camp.r.outranked': '더 급한 캠페인에 밀림', 'camp.r.paused': '캠페인 일시정지', 'camp.r.killed': '비상 정지', 'camp.r.expired': '때가 지남', 'camp.r.exited': '나가는 규칙에 걸림', 'camp.r.goal': '목표를 이룸', 'camp.r.gone': '없어진 주소', 'camp.r.rate': '발송 속도 한도', 'camp.r.busy': '발송 업체가 기다려 달라고 함', 'camp.r.no_text': '쓸 글이 없음', 'camp.r.no_items': '추천할 것이 없음', 'camp.r.once': '이미 받음', 'camp.r.already': '이미 들어와 있음', 'camp.r.playground': '연습장에서는 나가지 않음', 'camp.r.end': '끝까지 감', 'camp.r.changed': '승인 뒤 바뀜', 'camp.r.erased': '지워진 사람',
    'camp.d.s': '초', 'camp.d.m': '분', 'camp.d.h': '시간', 'camp.d.d': '일', 'camp.d.w': '주',
    'camp.person': '사람', 'camp.n': '{n}명', 'camp.goal': '목표', 'camp.window': '목표를 세는 기간', 'camp.holdout': '대조군', 'camp.topic.marketing': '광고성', 'camp.topic.transactional': '정보성', 'camp.cancel': '취소',
  },
  en: {
    'camp.name': 'Campaign', 'camp.new': 'New campaign', 'camp.status': 'State', 'camp.draft': 'Draft', 'camp.submitted': 'Waiting for approval', 'camp.approved': 'Approved', 'camp.live': 'Live', 'camp.paused': 'Paused', 'camp.stopped': 'Stopped', 'camp.finished': 'Finished', 'camp.stopping': 'Stopping', 'camp.killed': 'Killed',
    'camp.kind': 'Kind', 'camp.once': 'Once', 'camp.recurring': 'Recurring', 'camp.triggered': 'Triggered', 'camp.journey': 'Journey', 'camp.once.about': 'to its whole audience at a set time', 'camp.recurring.about': 'every week or month at the same time', 'camp.triggered.about': 'to whoever does something, when they do it', 'camp.journey.about': 'many steps that wait and branch',
    'camp.channel': 'Channel', 'camp.c.email': 'E-mail', 'camp.c.push': 'App push', 'camp.c.web_push': 'Web push', 'camp.c.sms': 'SMS', 'camp.c.in_app': 'In-app', 'camp.c.webhook': 'Webhook', 'camp.c.post': 'Channel post',
    'camp.entered': 'Entered', 'camp.sent': 'Sent', 'camp.held': 'Held back (control)', 'camp.failed': 'Failed', 'camp.returned': 'Came back', 'camp.since': 'Since', 'camp.who': 'Person', 'camp.reason': 'Why', 'camp.at': 'When', 'camp.all': 'All', 'camp.treated': 'Who got it', 'camp.control': 'Who did not', 'camp.diff': 'Difference', 'camp.people': 'People', 'camp.nobody': 'Nobody yet', 'camp.subject': 'Content', 'camp.save': 'Save', 'camp.saved': 'Saved',
    'camp.s.waiting': 'Waiting', 'camp.s.claimed': 'Being sent', 'camp.s.sent': 'Sent', 'camp.s.failed': 'Failed', 'camp.s.unknown': 'Outcome unknown', 'camp.s.held': 'Held back', 'camp.s.skipped': 'Not sent', 'camp.s.opened': 'Opened', 'camp.s.clicked': 'Clicked',
    'camp.r.no_address': 'No address', 'camp.r.no_consent': 'No consent', 'camp.r.suppressed': 'Unsubscribed or bounced', 'camp.r.capped': 'Frequency cap', 'camp.r.not_in_audience': 'Not in the audience', 'camp.r.came_back': 'Came back first', 'camp.r.stopped': 'Campaign stopped', 'camp.r.missing_value': 'Missing value', 'camp.r.refused': 'Refused by the other side', 'camp.r.unreachable': 'Unreachable', 'camp.r.crashed': 'The sender died', 'camp.r.no_answer': 'No answer',
    'camp.r.control': 'Control', 'camp.r.holdout': 'Global holdout', 'camp.r.global_holdout': 'Global holdout', 'camp.r.quiet': 'Quiet hours', 'camp.r.quiet_hours': 'Quiet hours', 'camp.r.cap': 'Frequency cap', 'camp.r.priority': 'A more urgent campaign came first', 'camp.r.outranked': 'A more urgent campaign came first', 'camp.r.paused': 'Campaign paused', 'camp.r.killed': 'Kill switch', 'camp.r.expired': 'Its time had passed', 'camp.r.exited': 'Met an exit rule', 'camp.r.goal': 'Reached the goal', 'camp.r.gone': 'Address is gone', 'camp.r.rate': 'Rate limit', 'camp.r.busy': 'The provider asked for time', 'camp.r.no_text': 'No text to use', 'camp.r.no_items': 'Nothing to recommend', 'camp.r.once': 'Got it before', 'camp.r.already': 'Already in it', 'camp.r.playground': 'Nothing leaves a playground', 'camp.r.end': 'Came to the end', 'camp.r.changed': 'Changed after approval', 'camp.r.erased': 'Erased person',
    'camp.d.s': ' s', 'camp.d.m': ' min', 'camp.d.h': ' h', 'camp.d.d': ' d', 'camp.d.w': ' wk',
    'camp.person': 'Person', 'camp.n': '{n} {n|person|people}', 'camp.goal': 'Goal', 'camp.window': 'The goal counts for', 'camp.holdout': 'Control', 'camp.topic.marketing': 'Marketing', 'camp.topic.transactional': 'Transactional', 'camp.cancel': 'Cancel',
  },
});

export const KIND = { draft: '', submitted: 'warn', approved: 'info', live: 'ok', paused: 'warn', stopped: 'bad', killed: 'bad', finished: '', waiting: 'warn', claimed: 'info', sent: 'ok', failed: 'bad', unknown: 'bad', held: 'info', skipped: '' };

// A draft whose author asked for a second person's word waits for it: ids of campaigns that do, and what a state is shown as.
export const askedFor = signal => api.get('/approvals', { signal, quiet: true }).then(one => new Set(one.requests.map(it => it.campaign)), () => new Set());
export const shownAs = (campaign, asked) => campaign?.status === 'draft' && asked.has(campaign.id) ? 'submitted' : campaign?.status;

// A code's words; a code that nobody has words for yet stands for itself.
export function code(prefix, name) { const key = `camp.${prefix}.${name}`, text = t(key); return text === key ? String(name).replaceAll('_', ' ') : text; }
export const reason = name => name ? code('r', name) : '';
export const channelName = name => code('c', name);

// "1d 12h" as people say it.
export const lasting = text => String(text ?? '').replace(/([\d.]+)\s*([smhdw])/g, (all, n, unit) => n + t('camp.d.' + unit));

const WEEK = { ko: { mon: '월', tue: '화', wed: '수', thu: '목', fri: '금', sat: '토', sun: '일' }, en: { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' } };
export const DAYS = () => WEEK[state.lang];
// What each person's own clock shows when something goes out by it: the instant told is that of the earliest zone on earth.
export const localOf = at => new Date(Date.parse(at) + 14 * 3600_000).toISOString().slice(0, 16);
export const people = n => n == null ? '–' : t('camp.n', { n: Number(n) });
export const total = (counts, ...names) => names.reduce((sum, name) => sum + (counts?.[name] ?? 0), 0);
export const shown = v => v == null ? '–' : num(v);

words({ ko: { 'camp.lang.ko': '한국어', 'camp.lang.en': '영어', 'camp.lang.ja': '일본어', 'camp.lang.zh': '중국어' }, en: { 'camp.lang.ko': 'Korean', 'camp.lang.en': 'English', 'camp.lang.ja': 'Japanese', 'camp.lang.zh': 'Chinese' } });
