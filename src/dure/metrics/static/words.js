// What the metrics screens say.
import { words } from '../web/kit.js';

words({
  ko: {
    'mx.title': '지표', 'mx.explore': '질문', 'mx.funnel': '퍼널', 'mx.retention': '리텐션', 'mx.trend': '추이', 'mx.lifecycle': '생애주기', 'mx.kind': '질문의 종류',
    'mx.steps': '단계', 'mx.step': '{n}단계', 'mx.addstep': '단계 추가', 'mx.remove': '빼기', 'mx.event': '이벤트', 'mx.anyevent': '모든 이벤트', 'mx.window': '전환 기간', 'mx.order': '순서',
    'mx.ordered': '순서대로', 'mx.strict': '바로 이어서', 'mx.any': '순서 없이', 'mx.start': '처음 한 일', 'mx.return': '다시 한 일', 'mx.firsttime': '생애 처음만',
    'mx.interval': '간격', 'mx.hour': '시간', 'mx.day': '일', 'mx.week': '주', 'mx.month': '월', 'mx.series': '셀 것', 'mx.addseries': '추가', 'mx.math': '계산', 'mx.prop': '속성', 'mx.formula': '수식 (A/B)',
    'mx.count': '횟수', 'mx.people': '사람 수', 'mx.sum': '합계', 'mx.average': '평균', 'mx.median': '중앙값', 'mx.p90': '상위 10% 경계', 'mx.min': '최소', 'mx.max': '최대', 'mx.per_person': '1인당 횟수',
    'mx.from': '부터', 'mx.to': '까지', 'mx.range': '기간', 'mx.last': '최근 {n}일', 'mx.breakdown': '나눠 보기', 'mx.none': '나누지 않음', 'mx.compare': '지난 기간과 비교', 'mx.chart': '그래프', 'mx.table': '표', 'mx.look': '보는 방식',
    'mx.defs': '이렇게 셌습니다', 'mx.cost': '{rows}행을 읽고 {ms}밀리초 걸림', 'mx.ask': '무엇을 셀지 고르세요', 'mx.askbody': '이벤트 이름을 입력하면 바로 답이 나옵니다.', 'mx.nothing': '이 기간에는 해당하는 이벤트가 없습니다', 'mx.nothingbody': '기간을 넓히거나 조건을 바꿔 보세요.',
    'mx.people_n': '사람', 'mx.rate': '전환율', 'mx.group': '그룹', 'mx.novalue': '(값 없음)', 'mx.total': '합계', 'mx.cohort': '시작', 'mx.size': '사람', 'mx.average_row': '전체', 'mx.unfinished': '빗금 친 칸은 아직 다 지나지 않았습니다.',
    'mx.new': '새로 옴', 'mx.returning': '계속 옴', 'mx.resurrecting': '돌아옴', 'mx.dormant': '떠남', 'mx.previous': '지난 기간', 'mx.overall': '시작한 사람 {a}명 중 {b}명, {c}',
    'mx.behind': '이 숫자의 근거', 'mx.behindpeople': '사람 {n}명', 'mx.behindevents': '이벤트 {n}건', 'mx.when': '언제', 'mx.who': '누구', 'mx.what': '무엇', 'mx.details': '내용', 'mx.ids': '아이디', 'mx.onlysome': '최근 {n}건만 보입니다.', 'mx.onlypeople': '{n}명까지 보입니다.', 'mx.nobody': '해당하는 기록이 없습니다',
    'mx.keep': '지표로 저장', 'mx.kept': '지표로 저장했습니다', 'mx.nameko': '한국어 이름', 'mx.nameen': '영어 이름', 'mx.function': '담당', 'mx.unit': '단위', 'mx.target': '목표', 'mx.direction': '좋은 방향', 'mx.up': '높을수록', 'mx.down': '낮을수록', 'mx.share': '비율', 'mx.seconds': '초', 'mx.number': '수',
    'mx.noboard': '아직 보드가 없습니다', 'mx.noboardbody': '팀마다 하나씩, 여섯 가지 지표로 시작할 수 있습니다.', 'mx.startboard': '시작하기', 'mx.goal': '목표 {v}', 'mx.met': '목표 도달', 'mx.notmet': '목표 미달', 'mx.notarget': '목표 없음', 'mx.before': '이전 {v}', 'mx.open': '추이와 이벤트 보기',
    'mx.product': '프로덕트', 'mx.marketing': '마케팅', 'mx.sales': '영업', 'mx.ad_ops': '광고 운영', 'mx.social': '소셜', 'mx.care': '고객 응대', 'mx.verified': '확인됨', 'mx.catalogue': '지표 목록', 'mx.name': '이름', 'mx.value': '값', 'mx.change': '변화', 'mx.line': '흐름', 'mx.nodata': '아직 자료 없음', 'mx.warn': '알아 두세요', 'mx.metric': '지표: {name}',
  },
  en: {
    'mx.title': 'Metrics', 'mx.explore': 'Explore', 'mx.funnel': 'Funnel', 'mx.retention': 'Retention', 'mx.trend': 'Trend', 'mx.lifecycle': 'Lifecycle', 'mx.kind': 'Kind of question',
    'mx.steps': 'Steps', 'mx.step': 'Step {n}', 'mx.addstep': 'Add step', 'mx.remove': 'Remove', 'mx.event': 'Event', 'mx.anyevent': 'Any event', 'mx.window': 'Conversion window', 'mx.order': 'Order',
    'mx.ordered': 'In order', 'mx.strict': 'Strictly in order', 'mx.any': 'Any order', 'mx.start': 'Began with', 'mx.return': 'Came back with', 'mx.firsttime': 'First time ever only',
    'mx.interval': 'Interval', 'mx.hour': 'Hour', 'mx.day': 'Day', 'mx.week': 'Week', 'mx.month': 'Month', 'mx.series': 'What to count', 'mx.addseries': 'Add', 'mx.math': 'Measure', 'mx.prop': 'Property', 'mx.formula': 'Formula (A/B)',
    'mx.count': 'Events', 'mx.people': 'People', 'mx.sum': 'Sum', 'mx.average': 'Average', 'mx.median': 'Median', 'mx.p90': '90th percentile', 'mx.min': 'Minimum', 'mx.max': 'Maximum', 'mx.per_person': 'Events per person',
    'mx.from': 'From', 'mx.to': 'To', 'mx.range': 'Range', 'mx.last': 'Last {n} days', 'mx.breakdown': 'Break down by', 'mx.none': 'No breakdown', 'mx.compare': 'Compare with the range before', 'mx.chart': 'Chart', 'mx.table': 'Table', 'mx.look': 'View as',
    'mx.defs': 'How this was counted', 'mx.cost': 'read {rows} rows in {ms} ms', 'mx.ask': 'Choose what to count', 'mx.askbody': 'Type an event’s name and the answer appears.', 'mx.nothing': 'No such events in this range', 'mx.nothingbody': 'Widen the range or change the conditions.',
    'mx.people_n': 'People', 'mx.rate': 'Conversion', 'mx.group': 'Group', 'mx.novalue': '(no value)', 'mx.total': 'Total', 'mx.cohort': 'Began', 'mx.size': 'People', 'mx.average_row': 'All', 'mx.unfinished': 'Hatched cells are not over yet.',
    'mx.new': 'New', 'mx.returning': 'Returning', 'mx.resurrecting': 'Resurrecting', 'mx.dormant': 'Dormant', 'mx.previous': 'range before', 'mx.overall': '{b} of {a} people, {c}',
    'mx.behind': 'What is behind this number', 'mx.behindpeople': '{n} {n|person|people}', 'mx.behindevents': '{n} {n|event|events}', 'mx.when': 'When', 'mx.who': 'Who', 'mx.what': 'What', 'mx.details': 'Properties', 'mx.ids': 'Ids', 'mx.onlysome': 'Only the latest {n} are shown.', 'mx.onlypeople': '{n} of them are shown.', 'mx.nobody': 'Nothing recorded here',
    'mx.keep': 'Save as metric', 'mx.kept': 'Saved as a metric', 'mx.nameko': 'Korean name', 'mx.nameen': 'English name', 'mx.function': 'Owner', 'mx.unit': 'Unit', 'mx.target': 'Target', 'mx.direction': 'Better when', 'mx.up': 'higher', 'mx.down': 'lower', 'mx.share': 'Share', 'mx.seconds': 'Seconds', 'mx.number': 'Number',
    'mx.noboard': 'No board yet', 'mx.noboardbody': 'Begin with six metrics, one of each team.', 'mx.startboard': 'Begin', 'mx.goal': 'target {v}', 'mx.met': 'On target', 'mx.notmet': 'Off target', 'mx.notarget': 'no target', 'mx.before': 'before {v}', 'mx.open': 'See trend and events',
    'mx.product': 'Product', 'mx.marketing': 'Marketing', 'mx.sales': 'Sales', 'mx.ad_ops': 'Ad operations', 'mx.social': 'Social', 'mx.care': 'Care', 'mx.verified': 'verified', 'mx.catalogue': 'Catalogue', 'mx.name': 'Name', 'mx.value': 'Value', 'mx.change': 'Change', 'mx.line': 'Trend', 'mx.nodata': 'No data yet', 'mx.warn': 'Beware', 'mx.metric': 'Metric: {name}',
  },
});
