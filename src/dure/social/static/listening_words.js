// The words of the listening board.
import { words } from '../web/kit.js';

words({
  ko: {
    'hear.queries': '질의', 'hear.share': '점유율', 'hear.spikes': '급증', 'hear.effect': '효과', 'hear.tabs': '듣기',
    'hear.text': '찾을 말', 'hear.leavesout': '뺄 말', 'hear.placeholder': '예: (배송 OR 택배) NOT 광고 · "고객 센터" NEAR/5 불친절 · 별점<=2',
    'hear.leaveplaceholder': '여기에 걸리는 글은 뺍니다', 'hear.days': '{n}일', 'hear.period': '기간', 'hear.save': '저장', 'hear.change': '바꾸어 저장', 'hear.new': '새 질의',
    'hear.exactly': '정확히 세기', 'hear.exact': '정확한 수', 'hear.estimated': '추정', 'hear.between': '{low}~{high} (95 %)',
    'hear.exactnote': '모든 글을 세었습니다', 'hear.estimatednote': '색인이 찾은 글의 일부를 읽어 어림했습니다',
    'hear.took': '{n}초', 'hear.byday': '시간에 따라', 'hear.networks': '네트워크', 'hear.languages': '언어', 'hear.feelings': '감정', 'hear.newest': '가장 새 글',
    'hear.start': '찾을 말을 적으면 무엇이 걸렸을지 바로 보입니다', 'hear.startbody': '말은 모두 들어 있어야 합니다. OR(또는), NOT(제외), "구절", 근처/5, 끝의 *, 네트워크:x, 감정:부정, 별점<3, 도달>1000, 테마:이름을 쓸 수 있습니다.',
    'hear.unheard': '{name}에서 온 글이 없습니다. 글이 온 네트워크: {heard}', 'hear.nothing': '이 기간에 걸린 글이 없습니다', 'hear.at': '{n}번째 글자',
    'hear.name': '이름', 'hear.kind': '종류', 'hear.query': '질의', 'hear.theme': '테마', 'hear.family': '테마 묶음', 'hear.role': '누구의 목소리', 'hear.own': '우리', 'hear.rival': '경쟁', 'hear.none': '정하지 않음',
    'hear.watch': '급증을 알림', 'hear.allowed': '일주일에 허용할 헛알림', 'hear.allowedhint': '0.1이면 열 주에 한 번 정도 우연을 급증으로 알릴 수 있습니다.',
    'hear.cooldown': '알린 뒤 쉬는 시간', 'hear.hours': '시간', 'hear.history': '지난 글에도 붙임', 'hear.saved': '저장했습니다', 'hear.deleted': '{name}(을/를) 지웠습니다', 'hear.delete': '지우기', 'hear.deletebody': '붙은 라벨도 몇 분 안에 떼어집니다.',
    'hear.trend': '흐름', 'hear.mentions': '언급', 'hear.people': '사람', 'hear.reach': '도달', 'hear.changed': '변화', 'hear.negative': '부정', 'hear.labelled': '지난 글 라벨',
    'hear.way.clear': '옛 라벨을 떼는 중', 'hear.way.apply': '지난 글에 붙이는 중', 'hear.way.remove': '지운 질의의 라벨을 떼는 중', 'hear.way.stopped': '중간에 멈춤', 'hear.stop': '멈추기', 'hear.bring': '되살리기', 'hear.stopped': '여기에서 멈추었습니다', 'hear.back': '되살렸습니다. 라벨을 다시 붙입니다', 'hear.onlynew': '새 글만', 'hear.noqueries': '저장한 질의가 없습니다', 'hear.noqueriesbody': '위에서 시험한 질의를 저장하면 들어오는 글과 지난 글에 라벨이 붙고, 급증을 지켜봅니다.',
    'hear.makemetric': '지표로 만들기', 'hear.mademetric': '지표 목록에 넣었습니다', 'hear.open': '열기',
    'hear.noshare': '견줄 질의가 없습니다', 'hear.nosharebody': '질의를 저장할 때 "우리"와 "경쟁"을 정하면 여기에서 서로 견줍니다.', 'hear.by': '기준',
    'hear.sharenote': '구간은 날마다의 들쭉날쭉함에서 나온 95 % 구간입니다. 사람 수는 1 % 안팎으로 어림한 수입니다.', 'hear.interval': '95 % 구간', 'hear.shareof': '점유율',
    'hear.nospikes': '지난 30일에 급증이 없었습니다', 'hear.on': '진행 중', 'hear.over': '가라앉음', 'hear.seen': '알아챈 때 시간당 {n}명, 평소 {usual}', 'hear.fewer': '1명 미만', 'hear.about': '{n}명', 'hear.peak': '최고 {n}명',
    'hear.why': '두드러진 말', 'hear.new_voices': '{n}명 중 {m}명은 처음 말한 사람', 'hear.top': '도달이 큰 사람', 'hear.onevoice': '{n}가 한 사람({name})의 글', 'hear.onetext': '{n}가 같은 글', 'hear.onesite': '{n}가 {name} 링크', 'hear.times': '평소의 {n}배', 'hear.fresh': '전에 없던 말',
    'hear.allowedshort': '일주일에 {n}번까지', 'hear.replayed': '지난 {weeks}주에 {n}번 알렸을 것',
    'hear.rate': '헛알림', 'hear.ratenote': '주제마다 일주일에 {n}번까지 허용합니다. 지켜보는 질의 {m}개를 더해 모두 일주일에 {all}번 이하입니다.', 'hear.setting': '설정', 'hear.topicallowed': '주제마다 일주일에 허용할 헛알림', 'hear.minutes': '한 건을 넘기는 데 드는 시간', 'hear.minutesunit': '분',
    'hear.funnel': '언급에서 가입까지', 'hear.linkclicks': '추적 링크 클릭 {n}, 그중 직원의 공유 {m}', 'hear.funnelnote': '처음 닿은 것이 연결된 언급이거나 소셜 링크(UTM)인 사람, {n}일 안의 가입', 'hear.touched': '닿은 사람', 'hear.clicked': '소셜 링크로 옴', 'hear.signed': '가입', 'hear.allsigned': '전체 가입 {n}명 가운데', 'hear.linked': '연결된 언급', 'hear.utm': '소셜 링크', 'hear.first': '처음 닿은 것',
    'hear.nofunnel': '아직 사람에게 닿은 소셜이 없습니다', 'hear.deals': '소셜이 닿은 거래', 'hear.dealsnote': '열려 있던 동안이나 그 앞 90일에 고객사와 연결된 언급이 있던 거래', 'hear.deal': '거래', 'hear.outcome': '결과', 'hear.won': '성사', 'hear.lost': '실패', 'hear.dealopen': '진행', 'hear.during': '열린 동안', 'hear.before': '그 전', 'hear.nodeals': '연결된 언급이 있는 거래가 없습니다', 'hear.untouched': '닿지 않은 거래: 성사 {won} · 실패 {lost} · 진행 {open}', 'hear.touchedsum': '닿은 거래: 성사 {won} · 실패 {lost} · 진행 {open}',
    'hear.saved_hours': '배정으로 아낀 시간', 'hear.formula': '(저절로 배정 {automatic} − 사람이 고침 {corrected}) × {minutes}분 ÷ 60 = {hours}시간',
    'hear.lag': '무엇이 먼저인가', 'hear.lagnote': '추세, 요일, 관성을 뺀 교차 상관', 'hear.firstseries': '소셜', 'hear.secondseries': '지표',
    'hear.v.first_leads': '{a}(이/가) {n}{unit} 먼저 움직입니다 (r = {r}, {low}~{high}, p = {p})', 'hear.v.second_leads': '{b}(이/가) {n}{unit} 먼저 움직입니다 (r = {r}, {low}~{high}, p = {p})', 'hear.v.together': '함께 움직입니다 (r = {r}, {low}~{high}, p = {p})', 'hear.v.nothing': '할 말이 없습니다: 가장 강한 상관도 우연보다 뚜렷하지 않습니다 (r = {r}, 우연의 95 %: {beyond})', 'hear.v.too_short': '겹치는 날이 {points}개뿐이라 말할 수 없습니다', 'hear.v.no_change': '한쪽이 움직이지 않아 말할 수 없습니다',
    'hear.day': '일', 'hear.week': '주', 'hear.lags': '시차', 'hear.correlation': '상관', 'hear.choose': '고르기', 'hear.choosetwo': '소셜 지표나 질의 하나와 지표 하나를 고르면 어느 쪽이 먼저 움직이는지 보입니다.',
    'hear.keys': '듣기', 'hear.keytry': '질의 적기', 'hear.keysave': '질의 저장',
    'hear.hour': '시',
  },
  en: {
    'hear.queries': 'Queries', 'hear.share': 'Share of voice', 'hear.spikes': 'Spikes', 'hear.effect': 'Effect', 'hear.tabs': 'Listening',
    'hear.text': 'Look for', 'hear.leavesout': 'Leave out', 'hear.placeholder': 'e.g. (delivery OR parcel) NOT ad · "call center" NEAR/5 rude · rating<=2',
    'hear.leaveplaceholder': 'What fits this is left out', 'hear.days': '{n} days', 'hear.period': 'Period', 'hear.save': 'Save', 'hear.change': 'Save changes', 'hear.new': 'New query',
    'hear.exactly': 'Count exactly', 'hear.exact': 'exact', 'hear.estimated': 'estimated', 'hear.between': '{low} to {high} (95 %)',
    'hear.exactnote': 'Every text was counted', 'hear.estimatednote': 'Estimated from a part of what the index found',
    'hear.took': '{n} s', 'hear.byday': 'Over time', 'hear.networks': 'Networks', 'hear.languages': 'Languages', 'hear.feelings': 'Feeling', 'hear.newest': 'Newest',
    'hear.start': 'Write what to look for and see at once what it would have caught', 'hear.startbody': 'All words must be there. There are OR, NOT, "phrases", NEAR/5, * at the end, network:x, sentiment:negative, rating<3, reach>1000 and theme:name.',
    'hear.unheard': 'Nothing came from {name} yet. Networks that were heard: {heard}', 'hear.nothing': 'It would have caught nothing in this period', 'hear.at': 'at letter {n}',
    'hear.name': 'Name', 'hear.kind': 'Kind', 'hear.query': 'Query', 'hear.theme': 'Theme', 'hear.family': 'Theme group', 'hear.role': 'Whose voice', 'hear.own': 'Ours', 'hear.rival': 'Competitor', 'hear.none': 'Not said',
    'hear.watch': 'Tell of spikes', 'hear.allowed': 'False alarms allowed a week', 'hear.allowedhint': 'With 0.1, chance may be told as a spike about once in ten weeks.',
    'hear.cooldown': 'Rest after a spike', 'hear.hours': 'hours', 'hear.history': 'Label past mentions too', 'hear.saved': 'Saved', 'hear.deleted': '{name} was deleted', 'hear.delete': 'Delete', 'hear.deletebody': 'Its label comes off mentions within minutes.',
    'hear.trend': 'Trend', 'hear.mentions': 'Mentions', 'hear.people': 'People', 'hear.reach': 'Reach', 'hear.changed': 'Change', 'hear.negative': 'Negative', 'hear.labelled': 'Past labelled',
    'hear.way.clear': 'Taking old labels off', 'hear.way.apply': 'Labelling the past', 'hear.way.remove': 'Deleted; its label comes off', 'hear.way.stopped': 'stopped on the way', 'hear.stop': 'Stop', 'hear.bring': 'Bring back', 'hear.stopped': 'Stopped here', 'hear.back': 'It is back and gets its label again', 'hear.onlynew': 'new ones only', 'hear.noqueries': 'No saved queries', 'hear.noqueriesbody': 'Save a query that you tried above: mentions that come and that came get its label, and its spikes are watched.',
    'hear.makemetric': 'Make it a metric', 'hear.mademetric': 'It is in the catalogue now', 'hear.open': 'Open',
    'hear.noshare': 'Nothing to compare', 'hear.nosharebody': 'Say "ours" and "competitor" when you save queries; here they stand beside each other.', 'hear.by': 'By',
    'hear.sharenote': '95 % intervals from how much the days differ. People are estimated within about 1 %.', 'hear.interval': '95 % interval', 'hear.shareof': 'Share',
    'hear.nospikes': 'No spike in the last 30 days', 'hear.on': 'On', 'hear.over': 'Over', 'hear.seen': '{n} an hour when noticed, usually {usual}', 'hear.fewer': 'fewer than 1', 'hear.about': '{n}', 'hear.peak': 'peak {n}',
    'hear.why': 'Words that stand out', 'hear.new_voices': '{m} of {n} people spoke for the first time', 'hear.top': 'Largest reach', 'hear.onevoice': '{n} is from one person ({name})', 'hear.onetext': '{n} is one text', 'hear.onesite': '{n} links to {name}', 'hear.times': '{n} times the usual', 'hear.fresh': 'not said before',
    'hear.allowedshort': 'up to {n} a week', 'hear.replayed': 'would have told {n} in {weeks} weeks',
    'hear.rate': 'False alarms', 'hear.ratenote': 'Each topic is allowed {n} a week. With {m} watched {m|query|queries} that is at most {all} a week in all.', 'hear.setting': 'Settings', 'hear.topicallowed': 'False alarms a topic is allowed a week', 'hear.minutes': 'Time to hand one mention on', 'hear.minutesunit': 'minutes',
    'hear.funnel': 'From mentions to sign-ups', 'hear.linkclicks': '{n} clicks on tracked links, {m} of them on employees’ shares', 'hear.funnelnote': 'first touch: a linked mention or a social link (UTM); sign-ups within {n} days', 'hear.touched': 'People touched', 'hear.clicked': 'Came by a social link', 'hear.signed': 'Signed up', 'hear.allsigned': 'of all {n} sign-ups', 'hear.linked': 'Linked mention', 'hear.utm': 'Social link', 'hear.first': 'First touch',
    'hear.nofunnel': 'Social has touched nobody known yet', 'hear.deals': 'Deals touched by social', 'hear.dealsnote': 'their account had linked mentions while they were open or in the 90 days before', 'hear.deal': 'Deal', 'hear.outcome': 'Outcome', 'hear.won': 'Won', 'hear.lost': 'Lost', 'hear.dealopen': 'Open', 'hear.during': 'While open', 'hear.before': 'Before', 'hear.nodeals': 'No deal has linked mentions', 'hear.untouched': 'Not touched: {won} won · {lost} lost · {open} open', 'hear.touchedsum': 'Touched: {won} won · {lost} lost · {open} open',
    'hear.saved_hours': 'Hours saved by routing', 'hear.formula': '({automatic} routed by itself − {corrected} corrected) × {minutes} min ÷ 60 = {hours} hours',
    'hear.lag': 'What goes first', 'hear.lagnote': 'cross-correlation without trend, weekdays and inertia', 'hear.firstseries': 'Social', 'hear.secondseries': 'Metric',
    'hear.v.first_leads': '{a} moves {n} {unit} ahead (r = {r}, {low} to {high}, p = {p})', 'hear.v.second_leads': '{b} moves {n} {unit} ahead (r = {r}, {low} to {high}, p = {p})', 'hear.v.together': 'They move together (r = {r}, {low} to {high}, p = {p})', 'hear.v.nothing': 'Nothing to be said: the strongest correlation is no clearer than chance (r = {r}; chance reaches {beyond})', 'hear.v.too_short': 'Only {points} days are in both; that is too few to say', 'hear.v.no_change': 'One of them does not move, so nothing can be said',
    'hear.day': 'days', 'hear.week': 'weeks', 'hear.lags': 'Lag', 'hear.correlation': 'Correlation', 'hear.choose': 'Choose', 'hear.choosetwo': 'Choose a social series and a metric to see which of them moves first.',
    'hear.keys': 'Listening', 'hear.keytry': 'Write a query', 'hear.keysave': 'Save the query',
    'hear.hour': 'h',
  },
});

// A piece of text as parts that are lit or not: every want, whatever signs stand between its words.
export function lit(text, wants) {
  const words = (wants ?? []).map(want => want.trim().split(' ').map(escaped).join('[^\\p{L}\\p{N}]*')).filter(Boolean);
  if (!words.length) return [[text, false]];
  const found = new RegExp(`(${words.join('|')})`, 'giu');
  return text.split(found).map((part, i) => [part, i % 2 === 1]).filter(([part]) => part);
}
const escaped = word => word.normalize('NFKC').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
