// The server's refusals of rules in Korean; in English as they are.
import { state } from '../web/kit.js';

const KOREAN = [
  [/^A rule has at least one condition\.$/, '규칙에는 조건이 하나는 있어야 합니다.'], [/^A rule has at most (\d+) conditions\.$/, '조건은 {1}개까지입니다.'],
  [/^A group has at least one condition\.$/, '묶음에는 조건이 하나는 있어야 합니다.'], [/^Groups lie at most (\d+) deep/, '묶음은 {1}겹까지입니다.'],
  [/^'(.*)' is not a duration such as/, '‘{1}’: 12h, 7d, 4w 같은 기간이 아닙니다.'], [/^`event` is the name of an event/, '이벤트 이름을 고르세요. *는 모든 활동입니다.'],
  [/^'(.*)' is not the name of a property\.$/, '‘{1}’: 속성 이름이 아닙니다.'], [/^A value is missing\.$/, '값이 빠졌습니다.'],
  [/^`at_least` is 0 or more\.$/, '최소는 0 이상입니다.'], [/^`at_most` is not below/, '최대가 최소보다 작습니다.'], [/^Say `over` or `under`/, '얼마나 지났는지 정하세요.'],
  [/^`over` is shorter than `under`\.$/, '‘넘게’가 ‘이내’보다 짧아야 합니다.'], [/^`periods` is 1 to (\d+)\.$/, '기간의 수는 1~{1}입니다.'], [/^A sequence has 2 to (\d+) steps\.$/, '순서는 2~{1}단계입니다.'],
  [/^`share` is above 0/, '비율은 0보다 크고 100% 이하입니다.'], [/^`start` and `share` together/, '시작과 비율을 더해 100%를 넘을 수 없습니다.'], [/^`seed` is a short text\.$/, '제비의 이름은 짧은 글입니다.'],
  [/^Say which (metric|segment)\.$/, '무엇인지 고르세요.'], [/^There is no segment/, '없는 세그먼트입니다.'], [/^There is no metric/, '없는 지표입니다.'], [/^A segment cannot be part of itself\.$/, '세그먼트가 자기 자신을 포함할 수 없습니다.'],
  [/^This metric is not a number of each person/, '한 사람 한 사람의 이벤트로 세는 지표가 아닙니다.'], [/^This metric asks for traits/, '특성을 보는 지표입니다. 특성은 따로 조건으로 두세요.'], [/^A metric that takes the (.*) is no number/, '{1}은(는) 한 사람의 값이 아닙니다.'],
  [/^No count is like that\.$/, '그런 횟수는 없습니다.'], [/^`at` is a moment of the past\.$/, '지난 날을 고르세요.'], [/^This segment was not there yet\.$/, '그때는 아직 없던 세그먼트입니다.'],
  [/^A segment has a name of at most/, '이름은 120자까지입니다.'], [/^A file has at most ([\d,]+) rows/, '파일은 {1}줄까지입니다. 나누어 올리세요.'], [/^There is nobody in this file\.$/, '파일에 아무도 없습니다.'],
  [/^Say which column the ids stand in: (.*)$/, '아이디가 있는 열을 고르세요: {1}'], [/^The file has no column '(.*)'\.$/, '파일에 ‘{1}’ 열이 없습니다.'],
  [/^The segment (.*) is made from this one\.$/, '‘{1}’ 세그먼트가 이것으로 만들어져 있습니다.'], [/^This segment was handed over/, '인계한 세그먼트는 지울 수 없습니다.'],
];

export function said(message) {
  if (state.lang !== 'ko') return message;
  for (const [known, korean] of KOREAN) {
    const found = known.exec(message ?? '');
    if (found) return korean.replace('{1}', found[1] ?? '');
  }
  return message;
}
