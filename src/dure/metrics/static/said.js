// The server's sentences about an answer, in the reader's language. It writes them in English, as it does for programs;
// here each has its Korean. A sentence that is not here yet is shown as it came.
import { particle, state } from '../web/kit.js';
import { inWords } from './builder/fields.js';

const NOUNS = { person: '사람', account: '계정', object: '대상', hour: '시간', day: '날', week: '주', month: '달' };
const HOW = {
  'all credit to the first touch': '첫 접점이 모두 갖습니다', 'all credit to the last touch': '마지막 접점이 모두 갖습니다',
  'all credit to the last touch with a value; direct only where there was none': '값이 있는 마지막 접점이 모두 갖고, 그런 접점이 없을 때만 직접 유입이 갖습니다',
  'equal credit to every touch': '모든 접점이 고르게 나눕니다',
  'one whole credit to every value that took part, so credits add up to more than conversions': '함께한 값마다 하나씩 갖습니다. 그래서 합이 전환 수보다 큽니다',
  '40 % first, 40 % last, 20 % shared between': '처음 40%, 마지막 40%, 사이가 20%를 나눕니다', '20 % first, 60 % last, 20 % shared between': '처음 20%, 마지막 60%, 사이가 20%를 나눕니다',
  '60 % first, 20 % last, 20 % shared between': '처음 60%, 마지막 20%, 사이가 20%를 나눕니다', 'credit halves with every seven days before the conversion': '전환보다 이레 앞설 때마다 공이 반으로 줄어듭니다',
};
const MATHS = { sum: '합계', average: '평균', median: '중앙값', p90: '상위 10% 경계', min: '최소', max: '최대' };

// [English with {places}, Korean]; {by}, {name}, {window}, {how} and {math} are put into Korean too.
const SENTENCES = [
  ['The range reaches beyond today; what has not happened yet counts as nothing.', '기간이 오늘을 넘어갑니다. 아직 일어나지 않은 일은 없는 것으로 셉니다.'],
  ['{n} groups; the {most} largest are shown.', '그룹 {n}개 가운데 큰 {most}개를 보입니다.'],
  // funnel
  ['Counts each {by} once, by the attempt that got furthest; of equal ones the latest to begin.', '{by}마다 한 번, 가장 멀리 간 시도로 셉니다. 같은 만큼 갔다면 늦게 시작한 것입니다.'],
  ['Counts each {by} once, by the first attempt in the range only.', '{by}마다 한 번, 기간 안의 첫 시도로만 셉니다.'],
  ['Steps in this order; other events may lie between.', '단계는 이 순서대로이고, 사이에 다른 이벤트가 있어도 됩니다.'],
  ['Steps in this order; nothing may lie between but repeats of the step last matched.', '단계는 이 순서대로이고, 사이에는 방금 맞은 단계의 반복만 있을 수 있습니다.'],
  ['Steps in any order; step n counts those who did n of them.', '순서는 상관없습니다. n번째 단계는 그중 n개를 한 수입니다.'],
  ['All steps lie within {window} of the attempt\'s first step, the end included, and in the range.', '모든 단계가 시도의 첫 단계부터 {window} 안에(끝 포함), 그리고 기간 안에 있습니다.'],
  ['One event satisfies at most one step; events at the same time are taken in step order.', '이벤트 하나는 많아야 한 단계를 채웁니다. 같은 시각의 이벤트는 단계 순서로 봅니다.'],
  ['An optional step does not decide how far an attempt got. It counts those who did it after the steps before and before the next one that counts, whose seconds run from the last step that counts.', '선택 단계는 얼마나 멀리 갔는지를 정하지 않습니다. 앞 단계 뒤, 다음으로 세는 단계 앞에 한 것을 세고, 걸린 시간은 세는 단계 사이로 잽니다.'],
  ['An excluded event strictly between its steps removes the attempt, and a person whose furthest attempt it removed is counted at no step. It satisfies no step itself, unless it is selected exactly as that step.', '정한 단계 사이에 제외할 이벤트가 있으면 그 시도는 빠지고, 가장 멀리 간 시도가 빠진 사람은 어느 단계에서도 세지 않습니다. 그 이벤트는 꼭 그 단계로 고른 것이 아니면 단계를 채우지 않습니다.'],
  ['In any order, between means after an attempt\'s first event and before its last.', '순서가 없을 때 사이란 시도의 첫 이벤트 뒤, 마지막 이벤트 앞입니다.'],
  ['The group of each {by} is the newest value of {prop}.', '{by}의 그룹은 {prop}의 가장 새 값입니다.'],
  ['The group of each {by} is the first value along the matched events.', '{by}의 그룹은 맞은 이벤트들의 첫 값입니다.'],
  ['The group of each {by} is the last value along the matched events.', '{by}의 그룹은 맞은 이벤트들의 마지막 값입니다.'],
  ['The group of each {by} is the value at step {n}.', '{by}의 그룹은 단계 {n}(0부터 셈)의 값입니다.'],
  ['Every matched event has the group\'s value; each {by} may be in several groups.', '맞은 이벤트 모두가 그룹의 값을 갖습니다. 한 {by}이(가) 여러 그룹에 들 수 있습니다.'],
  ['Over time there is a funnel of its own for each interval: it counts each {by} by the first attempt that began in it, wherever in the range its steps lie. So its numbers don\'t add up to the steps\'.', '추이는 구간마다 따로 셉니다. 그 구간에 시작한 첫 시도로 {by}마다 세고 단계는 기간 안 어디에 있어도 됩니다. 그래서 합이 단계의 수와 다릅니다.'],
  ['Over time there is a funnel of its own for each interval: it counts each {by} by the furthest attempt that began in it, wherever in the range its steps lie. So its numbers don\'t add up to the steps\'.', '추이는 구간마다 따로 셉니다. 그 구간에 시작해 가장 멀리 간 시도로 {by}마다 세고 단계는 기간 안 어디에 있어도 됩니다. 그래서 합이 단계의 수와 다릅니다.'],
  // retention
  ['A {by} belongs to the {name} of its first such event of all time.', '{by}은(는) 생애 처음 그 이벤트를 한 {name}에 속합니다.'],
  ['A {by} belongs to every {name} of the range in which it began.', '{by}은(는) 기간 안에서 시작한 모든 {name}에 속합니다.'],
  ['Columns are calendar {name}s in the question\'s time zone.', '칸은 질문의 시간대로 본 달력의 {name}입니다.'],
  ['Column n is from n to n+1 times {hours} hours after that {by}\'s own first start in the {name}.', 'n번째 칸은 그 {by}이(가) 그 {name}에 처음 시작한 시각부터 {hours}시간의 n배에서 n+1배까지입니다.'],
  ['Back means at least {n} returning event(s) in that very {name}.', '돌아왔다는 것은 바로 그 {name}에 돌아온 이벤트가 {n}건 이상이라는 뜻입니다.'],
  ['Back means at least {n} returning event(s) in that {name} or later, to the end of the range.', '돌아왔다는 것은 그 {name}부터 기간 끝까지 돌아온 이벤트가 {n}건 이상이라는 뜻입니다.'],
  ['Back means at least {n} returning event(s) within the bracket (last {name}s: {list}).', '돌아왔다는 것은 묶음 안에 돌아온 이벤트가 {n}건 이상이라는 뜻입니다 (묶음의 끝: {list}).'],
  ['counts[0] is the cohort\'s size; a cohort\'s list ends at the range\'s end. A cell is complete when its time has passed for the whole cohort.', '0번째 칸은 시작한 수이고, 줄은 기간 끝에서 끝납니다. 그 줄의 모두에게 시간이 다 지나야 칸이 끝난 것입니다.'],
  ['Pooled rates are people back over people who began, over the complete cells of all cohorts together: a large cohort weighs more than a small one.', '전체 비율은 끝난 칸만 모아 돌아온 수를 시작한 수로 나눈 것입니다. 큰 줄이 작은 줄보다 무겁습니다.'],
  ['A group is by the {prop} of the event that put the {by} in its cohort (a trait: as it is now).', '그룹은 시작한 이벤트의 {prop}입니다 (사람·계정 속성이면 지금 값).'],
  // trend
  ['{letter}, {event}: how many events.', '{letter}, {event}: 이벤트 수.'],
  ['{letter}, {event}: how many different {by}s; the total counts each once over the whole range.', '{letter}, {event}: 서로 다른 {by} 수. 합계는 기간 전체에서 한 번씩만 셉니다.'],
  ['{letter}, {event}: events for each active {by}.', '{letter}, {event}: 활동한 {by} 하나당 이벤트 수.'],
  ['{letter}, {event}: {math} of {prop} over the events that have it as a number.', '{letter}, {event}: {prop}이(가) 숫자인 이벤트에서 {prop}의 {math}.'],
  ['Groups are the largest by A over the whole range; every series and the range before show the same.', '그룹은 기간 전체의 A가 큰 순서이고, 모든 셀 것과 지난 기간이 같은 그룹을 보입니다.'],
  ['Moving is the mean of the last {n} intervals, of those of them that have a value.', '이동 평균은 값이 있는 최근 {n}구간의 평균입니다.'],
  ['Shown is {formula}; where it divides by nothing there is no value.', '보이는 것은 {formula}입니다. 0으로 나누는 곳에는 값이 없습니다.'],
  ['Previous is the range of as many intervals right before.', '지난 기간은 바로 앞의 같은 길이입니다.'],
  ['The last interval is cut off by `to`; the one it is compared with is whole.', '마지막 구간은 기간 끝에서 잘렸고, 견주는 구간은 온전합니다.'],
  // lifecycle, stickiness, sessions
  ['New: the {name} of the first such event of all time, also before the range.', '새로 옴: 생애 처음 그 이벤트를 한 {name}. 기간 앞까지 봅니다.'],
  ['Returning: active in this {name} and the one before. Resurrecting: active now, not in the {name2} before.', '계속 옴: 이번과 앞 {name}에 모두 활동. 돌아옴: 앞 {name}에는 없다가 이번에 활동.'],
  ['Dormant (negative): active in the {name} before and not in this one.', '떠남(음수): 앞 {name}에 활동하고 이번에는 없음.'],
  ['The first {name} is taken whole, also where the range begins within it.', '첫 {name}은(는) 기간이 그 안에서 시작해도 통째로 봅니다.'],
  ['The last interval is not over: who has not been active in it yet counts as dormant.', '마지막 구간이 끝나지 않았습니다. 아직 활동하지 않은 사람은 떠남으로 셉니다.'],
  ['Counts each {by} once, at the number of the range\'s {name}s in which it was active.', '{by}마다 한 번, 기간 안에서 활동한 {name} 수에 셉니다.'],
  ['A session is what one {by} did without a pause longer than {window}; it belongs to the {name} it began in, and people are the different {by2}s who began one.', '세션은 한 {by}이(가) {window}보다 긴 쉼 없이 한 일이고, 시작한 {name}에 속합니다. 사람 수는 세션을 시작한 서로 다른 {by}입니다.'],
  ['A session that began before the range is not counted; one that goes on after it counts with what lies in it.', '기간 앞에 시작한 세션은 세지 않고, 기간 뒤로 이어지는 세션은 기간 안의 것만 셉니다.'],
  ['Its length is from its first to its last event: a single event has length 0.', '길이는 첫 이벤트부터 마지막 이벤트까지입니다. 이벤트가 하나면 0입니다.'],
  ['A group is by the {prop} of the session\'s first event (a trait: as it is now).', '그룹은 세션 첫 이벤트의 {prop}입니다 (사람·계정 속성이면 지금 값).'],
  // paths
  ['Counts are of paths, not of people: what one {by} did without a pause longer than {window} is one path, and a {by2} may have several. `paths` is how many there are.', '사람이 아니라 경로를 셉니다. 한 {by}이(가) {window}보다 긴 쉼 없이 한 일이 경로 하나이고, 한 {by}에 여럿일 수 있습니다.'],
  ['The same node twice running is one stay. Nodes at the same instant come in an order that is always the same and means nothing.', '같은 칸이 이어지면 한 번 머문 것입니다. 같은 순간의 칸들은 늘 같은, 뜻 없는 순서로 놓입니다.'],
  ['Only paths through {node}, from its first time on.', '{node}을(를) 지나는 경로만, 처음 지날 때부터 봅니다.'],
  ['Only paths that come to {node} after that, up to its first time.', '그 뒤 {node}에 이르는 경로만, 처음 이를 때까지 봅니다.'],
  ['Only paths through {node}, up to its first time; of longer ones the last {n} nodes.', '{node}을(를) 지나는 경로만 처음 지날 때까지 보고, 더 길면 마지막 {n}칸을 봅니다.'],
  ['Of longer paths the first {n} nodes.', '더 긴 경로는 처음 {n}칸을 봅니다.'],
  ['Nodes are numbered so that every path ends at {n}.', '모든 경로가 {n}에서 끝나도록 번호를 매깁니다.'],
  ['Nodes are numbered from 1, the first node shown of each path.', '경로마다 처음 보이는 칸을 1로 번호를 매깁니다.'],
  ['The {n} most walked edges are shown, their nodes, and the {m} nodes where most paths stop. A node\'s `ended` counts the paths after which nothing came; paths cut off here do not count.', '가장 많이 지난 선 {n}개와 그 칸들, 그리고 경로가 많이 멈춘 칸 {m}개를 보입니다. 여기서 끝난 경로는 뒤에 아무것도 없던 경로이고, 화면에서 잘린 경로는 아닙니다.'],
  ['{n} more edges, walked {m} times, are not shown.', '{m}번 지난 선 {n}개는 보이지 않습니다.'],
  // attribution
  ['Every conversion in the range counts; touches up to {window} before it, both ends included and also before the range: {how}.', '기간 안의 모든 전환을 셉니다. 전환 앞 {window}까지의 접점을 양끝을 포함해 기간 앞까지 봅니다. {how}.'],
  ['The first conversion in the range of each {by} counts; touches up to {window} before it, both ends included and also before the range: {how}.', '{by}마다 기간 안의 첫 전환을 셉니다. 전환 앞 {window}까지의 접점을 양끝을 포함해 기간 앞까지 봅니다. {how}.'],
  ['The last conversion in the range of each {by} counts; touches up to {window} before it, both ends included and also before the range: {how}.', '{by}마다 기간 안의 마지막 전환을 셉니다. 전환 앞 {window}까지의 접점을 양끝을 포함해 기간 앞까지 봅니다. {how}.'],
  ['A touch at the very instant of a conversion goes before it.', '전환과 같은 순간의 접점은 그 앞에 놓입니다.'],
  ['{direct} stands for touches without {prop} and for conversions without any touch.', '{direct}은(는) {prop}이(가) 없는 접점, 그리고 접점이 없는 전환입니다.'],
  ['With too few touches for the shape the shares are raised to make one whole.', '모양에 견주어 접점이 적으면 몫을 늘려 하나가 되게 합니다.'],
  ['The credits of all values add up to the number of conversions.', '모든 값의 공을 더하면 전환 수가 됩니다.'],
  ['{n} values of {prop}; the {m} with the most credit are shown.', '{prop}의 값 {n}개 가운데 공이 큰 {m}개를 보입니다.'],
  // lifetime value
  ['A {by} belongs to the {name} of its first purchase of all time, and to none where that lies outside the range.', '{by}은(는) 생애 첫 구매를 한 {name}에 속하고, 그것이 기간 밖이면 어디에도 속하지 않습니다.'],
  ['A {by} belongs to the {name} of its first such start of all time, and to none where that lies outside the range.', '{by}은(는) 생애 처음 시작한 {name}에 속하고, 그것이 기간 밖이면 어디에도 속하지 않습니다.'],
  ['`value` is what was paid from then to the end of the n-th {name} after, per member of the cohort, also of those who paid nothing; `buyers` are those who bought in that very {name2}. Number 0 is the cohort\'s own.', '금액은 그때부터 n번째 뒤 {name}의 끝까지 낸 돈을, 아무것도 내지 않은 이를 포함해 그 줄의 한 명당으로 나눈 것입니다. 0번째는 시작한 {name}입니다.'],
  ['Money is {prop} as it comes (no currency is converted), summed exactly to six decimals.', '금액은 들어온 그대로의 {prop}입니다 (환산하지 않음). 소수 여섯 자리까지 정확히 더합니다.'],
  ['A cell is complete when its {name} has passed. Pooled values are over complete cells of all cohorts.', '칸은 그 {name}이(가) 다 지나야 끝난 것입니다. 전체 값은 끝난 칸만 모은 것입니다.'],
  ['Repurchase and totals are of all members and their purchases in the range. Orders are told up to {n}, the last meaning so many or more; `next` is who bought again after the n-th order so far, and the median time it took those who did.', '재구매와 합계는 그 줄의 모두와 기간 안 구매입니다. 주문 횟수는 {n}까지이고 마지막은 그 이상입니다. 다음 구매는 n번째 주문 뒤 지금까지 다시 산 이와 그들이 걸린 중앙 시간입니다.'],
  ['{n} purchases have no number in {prop}; they count as orders of nothing.', '{prop}에 숫자가 없는 구매가 {n}건입니다. 0원의 주문으로 셉니다.'],
  // correlation
  ['Looks at every {by} that began in the range, from the first time; reached means the goal came after that and within {window}, the end included, also after the range.', '기간 안에 시작한 모든 {by}을(를) 처음 시작한 때부터 봅니다. 도달은 그 뒤 {window} 안에(끝 포함, 기간 뒤라도) 목표를 한 것입니다.'],
  ['Only what was done after the start and strictly before the goal counts (without a goal: up to the window\'s end). Whoever reached the goal soon had less time to do anything else: what takes long looks hindering.', '시작 뒤, 목표보다 앞선 일만 셉니다 (목표가 없으면 기간 끝까지). 목표에 빨리 닿은 이는 다른 일을 할 시간이 적었습니다. 오래 걸리는 일은 방해처럼 보입니다.'],
  ['Only what was done after the start and strictly before the goal counts. Those who did not reach it are given the time that another one, drawn once and for all, took to reach it.', '시작 뒤, 목표보다 앞선 일만 셉니다. 목표에 닿지 않은 이는, 닿은 이 가운데 한 번 뽑아 정해 둔 이가 걸린 시간만큼 봅니다.'],
  ['Half of those who reached the goal took no more than {span}, and only what they did in that time counts; the others had {window}. Ask with `exposure: matched` to give all the same time.', '목표에 닿은 이의 절반은 {span} 안에 닿았고 그동안 한 일만 셉니다. 닿지 않은 이는 {window} 동안 한 일을 셉니다. 같은 시간으로 견주려면 “목표에 못 닿은 이를 보는 시간”에서 “닿은 이가 걸린 만큼”을 고르세요.'],
  ['Compared is what at least {n} did or had and not everybody, the {m} most common of each kind. Unless named, what is only told about a {by} is not an event here: {list}.', '{n}명 이상이 했거나 가졌고 모두는 아닌 것을, 종류마다 흔한 {m}개까지 견줍니다. 이름을 대지 않으면, {by}에 대해 알려지기만 한 것은 여기서 이벤트로 보지 않습니다: {list}.'],
  ['Properties: {list}, on any event in that time.', '이벤트 속성: {list}. 그동안의 어느 이벤트에서든.'],
  ['Traits: {list}, as last stated before the goal (else the window\'s end), so that what the goal itself changed is not taken for its reason.', '사람·계정 속성: {list}. 목표 앞에(없으면 기간 끝에) 마지막으로 알려진 값입니다. 목표가 바꾼 것을 까닭으로 여기지 않으려는 것입니다.'],
  ['Lift is the rate of those with the thing over everybody\'s. The odds ratio compares with those without it; a half is added to all four counts where one is zero (Haldane–Anscombe).', '배율은 그것을 한 이들의 도달률을 전체의 도달률로 나눈 것입니다. 오즈비는 하지 않은 이들과 견주며, 네 수 중 0이 있으면 모두에 0.5를 더합니다 (Haldane–Anscombe).'],
  ['p is Fisher\'s exact test, two-sided; p_corrected is the false discovery rate over all that were tested (Benjamini–Hochberg). First come those of at most 0.05, the strongest odds first.', 'p는 피셔의 정확 검정(양쪽)이고, 보정한 p는 시험한 모두에 대한 거짓 발견 비율입니다 (Benjamini–Hochberg). 0.05 이하가 먼저, 오즈비가 센 순서입니다.'],
  ['This is association, not cause: whoever does the thing may have been going to reach the goal anyway.', '함께 나타난다는 것이지 원인이라는 것이 아닙니다. 그것을 하는 이는 어차피 목표에 닿을 이였을 수 있습니다.'],
  ['{n} have not reached the goal but still may; they count as not having done so.', '{n}명은 아직 목표에 닿을 수 있지만 닿지 않은 것으로 셉니다.'],
  ['{n} were tested; the first {m} are shown.', '{n}개를 시험했고 앞의 {m}개를 보입니다.'],
  // refusals
  ['`from` lies after `to`.', '시작이 끝보다 뒤입니다.'],
  ['The range lies outside 1971 to 2200.', '기간은 1971년부터 2200년까지입니다.'],
  ['The range holds {n} intervals; at most {m}.', '기간에 구간이 {n}개 들어 있습니다. {m}개까지 볼 수 있으니 기간을 줄이거나 간격을 늘리세요.'],
  ['{text} is not an IANA time zone.', '{text}: 없는 시간대입니다.'],
  ['{text} is neither an ISO date nor a date-time.', '{text}: 날짜로 읽을 수 없습니다.'],
  ['{text} is not a duration such as 30s, 5m, 1h, 7d or 2w.', '{text}: 길이로 읽을 수 없습니다. 30분, 1시간, 7일처럼 쓰세요.'],
  ['A duration is at most ten years.', '길이는 10년까지입니다.'],
  ['There is no segment {text}.', '{text}: 없는 세그먼트입니다.'],
  ['There is no metric {text}.', '{text}: 없는 지표입니다.'],
  ['{math} needs the property to take.', '{math}: 어느 속성으로 계산할지 고르세요.'],
  ['An event has a name of up to 255 characters; `*` is any event.', '이벤트 이름은 1자에서 255자까지입니다. *는 모든 이벤트입니다.'],
  ['`{field}` is from {low} to {high}, not {value}.', '{low}부터 {high}까지 쓸 수 있습니다. {value}은(는) 안 됩니다.'],
  ['Brackets are their last intervals, rising.', '묶음의 끝은 작은 수부터 차례로 씁니다.'],
  ['Say what to look among: events, properties, traits.', '어디에서 찾을지 하나는 고르세요.'],
  ['The first step cannot be optional: an attempt begins with it.', '첫 단계는 선택 단계로 할 수 없습니다. 시도가 여기서 시작합니다.'],
  ['In any order every step may be left out already: step n counts those who did n of them.', '순서 없이 볼 때는 이미 모든 단계를 건너뛸 수 있습니다. 선택 단계를 빼세요.'],
  ['A strict funnel lets nothing between its steps; there is nothing to exclude.', '바로 이어서 볼 때는 사이에 다른 일이 없으므로 제외할 것이 없습니다.'],
  ['Paths are aligned at an end that is named.', '끝을 맞추려면 끝나는 이벤트를 고르세요.'],
  // SQL
  ['`events` holds this workspace\'s events only; nothing else can be read.', '`events`에는 이 워크스페이스의 이벤트만 있고, 다른 것은 읽을 수 없습니다.'],
  ['Only the first {n} rows are shown.', '앞의 {n}줄만 보입니다.'],
];

const escaped = text => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
const known = SENTENCES.map(([english, korean]) => ({ korean, shape: new RegExp(`^${escaped(english).replace(/\{(\w+)\}/g, '(?<$1>.+?)')}$`) }));

const inKorean = {
  by: v => NOUNS[v] ?? v, by2: v => NOUNS[v] ?? v, name: v => NOUNS[v] ?? v, how: v => HOW[v] ?? v, math: v => MATHS[v] ?? v, window: inWords, span: inWords,
};
const PARTICLES = /(.)(이\(가\)|은\(는\)|을\(를\))/g;

// A sentence of `meta.definitions` or `meta.warnings`, or of a refusal, as this reader reads it.
export function told(sentence) {
  if (state.lang !== 'ko') return sentence;
  for (const { shape, korean } of known) {
    const found = shape.exec(sentence);
    if (found) return bent(korean.replace(/\{(\w+)\}/g, (_, place) => inKorean[place]?.(found.groups[place]) ?? found.groups[place]));
  }
  return sentence;
}

// The particle that fits the word before it.
const bent = text => text.replace(PARTICLES, (_, before, pair) => before + particle(before, ...pair.match(/^(.)\((.)\)$/).slice(1)));
