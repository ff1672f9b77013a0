// What the metrics screens say.
import { words } from '../web/kit.js';

words({
  ko: {
    'mx.title': '지표', 'mx.explore': '질문', 'mx.trend': '추이', 'mx.remove': '빼기', 'mx.interval': '간격', 'mx.hour': '시간', 'mx.day': '일',
    'mx.week': '주', 'mx.month': '월', 'mx.count': '횟수', 'mx.from': '부터', 'mx.to': '까지', 'mx.range': '기간', 'mx.chart': '그래프', 'mx.table': '표',
    'mx.look': '보는 방식', 'mx.defs': '이렇게 셌습니다', 'mx.cost': '{rows}행을 읽고 {ms}밀리초 걸림', 'mx.ask': '무엇을 셀지 고르세요',
    'mx.askmore': '하나만 더 고르면 됩니다', 'mx.askbody': '이벤트 이름을 입력하면 바로 답이 나옵니다.', 'mx.nothing': '이 기간에는 해당하는 이벤트가 없습니다', 'mx.novalue': '(값 없음)', 'mx.previous': '지난 기간',
    'mx.behind': '이 숫자의 근거', 'mx.behindpeople': '사람 {n}명', 'mx.behindevents': '이벤트 {n}건', 'mx.when': '언제', 'mx.who': '누구', 'mx.what': '무엇',
    'mx.details': '내용', 'mx.onlysome': '최근 {n}건만 보입니다.', 'mx.onlypeople': '{n}명까지 보입니다.', 'mx.nobody': '해당하는 기록이 없습니다', 'mx.keep': '지표로 저장',
    'mx.kept': '지표로 저장했습니다', 'mx.nameko': '한국어 이름', 'mx.nameen': '영어 이름', 'mx.function': '담당', 'mx.unit': '단위', 'mx.target': '목표',
    'mx.direction': '좋은 방향', 'mx.up': '높을수록', 'mx.down': '낮을수록', 'mx.share': '비율', 'mx.seconds': '초', 'mx.number': '수',
    'mx.noboard': '아직 보드가 없습니다', 'mx.noboardbody': '팀마다 하나씩, 여섯 가지 지표로 시작할 수 있습니다.', 'mx.startboard': '시작하기', 'mx.goal': '목표 {v}',
    'mx.met': '목표 도달', 'mx.notmet': '목표 미달', 'mx.notarget': '목표 없음', 'mx.before': '이전 {v}', 'mx.product': '프로덕트', 'mx.marketing': '마케팅',
    'mx.sales': '영업', 'mx.ad_ops': '광고 운영', 'mx.social': '소셜', 'mx.care': '고객 응대', 'mx.people': '피플', 'mx.press': '홍보', 'mx.executives': '경영진', 'mx.verified': '확인됨', 'mx.name': '이름', 'mx.value': '값',
    'mx.change': '변화', 'mx.line': '흐름', 'mx.warn': '알아 두세요', 'mx.metric': '지표: {name}',
  },
  en: {
    'mx.title': 'Metrics', 'mx.explore': 'Explore', 'mx.trend': 'Trend', 'mx.remove': 'Remove', 'mx.interval': 'Interval', 'mx.hour': 'Hour',
    'mx.day': 'Day', 'mx.week': 'Week', 'mx.month': 'Month', 'mx.count': 'Events', 'mx.from': 'From', 'mx.to': 'To', 'mx.range': 'Range',
    'mx.chart': 'Chart', 'mx.table': 'Table', 'mx.look': 'View as', 'mx.defs': 'How this was counted', 'mx.cost': 'read {rows} rows in {ms} ms',
    'mx.ask': 'Choose what to count', 'mx.askmore': 'One thing is missing', 'mx.askbody': 'Type an event’s name and the answer appears.', 'mx.nothing': 'No such events in this range',
    'mx.novalue': '(no value)', 'mx.previous': 'range before', 'mx.behind': 'What is behind this number',
    'mx.behindpeople': '{n} {n|person|people}', 'mx.behindevents': '{n} {n|event|events}', 'mx.when': 'When', 'mx.who': 'Who', 'mx.what': 'What',
    'mx.details': 'Properties', 'mx.onlysome': 'Only the latest {n} are shown.', 'mx.onlypeople': '{n} of them are shown.',
    'mx.nobody': 'Nothing recorded here', 'mx.keep': 'Save as metric', 'mx.kept': 'Saved as a metric', 'mx.nameko': 'Korean name',
    'mx.nameen': 'English name', 'mx.function': 'Owner', 'mx.unit': 'Unit', 'mx.target': 'Target', 'mx.direction': 'Better when',
    'mx.up': 'higher', 'mx.down': 'lower', 'mx.share': 'Share', 'mx.seconds': 'Seconds', 'mx.number': 'Number', 'mx.noboard': 'No board yet',
    'mx.noboardbody': 'Begin with six metrics, one of each team.', 'mx.startboard': 'Begin', 'mx.goal': 'target {v}', 'mx.met': 'On target',
    'mx.notmet': 'Off target', 'mx.notarget': 'no target', 'mx.before': 'before {v}', 'mx.product': 'Product', 'mx.marketing': 'Marketing',
    'mx.sales': 'Sales', 'mx.ad_ops': 'Ad operations', 'mx.social': 'Social', 'mx.care': 'Care', 'mx.people': 'People', 'mx.press': 'Press', 'mx.executives': 'Executives', 'mx.verified': 'verified', 'mx.name': 'Name',
    'mx.value': 'Value', 'mx.change': 'Change', 'mx.line': 'Trend', 'mx.warn': 'Beware', 'mx.metric': 'Metric: {name}',
  },
});
