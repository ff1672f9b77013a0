// The words of segments' screens.
import { words } from '../web/kit.js';

words({
  ko: {
    'seg.new': '새 세그먼트', 'seg.name': '이름', 'seg.size': '인원', 'seg.trend': '추이', 'seg.rule': '규칙', 'seg.computed': '계산', 'seg.builtin': '기본 제공',
    'seg.none': '아직 세그먼트가 없습니다', 'seg.nonebody': '규칙을 정하면 해당하는 사람이 모입니다.', 'seg.never': '아직',
    'seg.did': '한 행동(이벤트)', 'seg.didhint': '예: Listen Started. * 는 모든 활동', 'seg.atleast': '최소 횟수', 'seg.within': '기간', 'seg.measure': '세는 법',
    'seg.times': '번', 'seg.days': '일(며칠이나)', 'seg.ever': '전체 기간', 'seg.lastn': '최근 {n}일', 'seg.not': '하지 않은 행동', 'seg.nothint': '비워 두면 보지 않습니다', 'seg.notwithin': '하지 않은 기간',
    'seg.byhand': '손으로 만드는 목록', 'seg.byhandhint': '규칙 없이 사람을 하나씩 넣고 뺍니다. 자동화도 넣고 뺄 수 있습니다.', 'seg.listpeople': '사람 넣고 빼기', 'seg.add': '넣을 사람', 'seg.addhint': '사람 ID나 프로그램이 쓰는 ID. 하나씩 Enter.', 'seg.takeout': '뺄 사람', 'seg.listed': '{in}명을 넣고 {out}명을 뺐습니다',
    'seg.trait': '특성', 'seg.traithint': '예: country', 'seg.op': '비교', 'seg.value': '값', 'seg.create': '만들고 계산', 'seg.live': '지금 {n}명', 'seg.counting': '세는 중…', 'seg.fill': '규칙을 채우면 인원이 보입니다',
    'seg.people': '사람', 'seg.since': '들어온 때', 'seg.nobody': '지금은 아무도 없습니다', 'seg.compute': '다시 계산', 'seg.computednow': '{n}명 · 들어옴 {in} · 나감 {out}',
    'seg.handover': '인계', 'seg.to': '받는 팀', 'seg.purpose': '목적', 'seg.purposehint': '받는 팀이 이 사람들과 무엇을 하려는지', 'seg.until': '기한', 'seg.control': '대조군 비율',
    'seg.controlhint': '이만큼은 아무것도 하지 않고 남겨 두어야 효과를 알 수 있습니다', 'seg.handovers': '인계 기록', 'seg.nohandovers': '아직 인계하지 않았습니다', 'seg.handed': '{n}명을 인계했습니다. 대조군 {c}명.',
    'seg.treated': '대상', 'seg.kept': '대조군', 'seg.when': '때', 'seg.about': '설명', 'seg.entered': '최근 들어옴', 'seg.left': '최근 나감', 'seg.delete': '삭제', 'seg.deleteask': '이 세그먼트를 삭제할까요?', 'seg.id': '아이디',
    'seg.f.product': '프로덕트', 'seg.f.marketing': '마케팅', 'seg.f.sales': '영업', 'seg.f.ad_ops': '광고 운영', 'seg.f.social': '소셜', 'seg.f.care': '고객 응대',
  },
  en: {
    'seg.new': 'New segment', 'seg.name': 'Name', 'seg.size': 'People', 'seg.trend': 'Trend', 'seg.rule': 'Rule', 'seg.computed': 'Computed', 'seg.builtin': 'Built in',
    'seg.none': 'No segments yet', 'seg.nonebody': 'Write a rule, and the people it holds for gather here.', 'seg.never': 'not yet',
    'seg.did': 'Did (event)', 'seg.didhint': 'Such as Listen Started. * is any activity', 'seg.atleast': 'At least', 'seg.within': 'Period', 'seg.measure': 'Counted in',
    'seg.times': 'times', 'seg.days': 'days', 'seg.ever': 'ever', 'seg.lastn': 'last {n} days', 'seg.not': 'Did not do', 'seg.nothint': 'Leave empty to ignore', 'seg.notwithin': 'Not within',
    'seg.byhand': 'A list made by hand', 'seg.byhandhint': 'Without a rule: people are put in and taken out one by one, by automations too.', 'seg.listpeople': 'Put in or take out', 'seg.add': 'Put in', 'seg.addhint': 'A person id, or the id programs use. Enter after each.', 'seg.takeout': 'Take out', 'seg.listed': '{in} put in, {out} taken out',
    'seg.trait': 'Trait', 'seg.traithint': 'Such as country', 'seg.op': 'Compared', 'seg.value': 'Value', 'seg.create': 'Make and compute', 'seg.live': '{n} {n|person|people} now', 'seg.counting': 'Counting…', 'seg.fill': 'Fill in the rule to see how many',
    'seg.people': 'People', 'seg.since': 'Since', 'seg.nobody': 'Nobody is in it now', 'seg.compute': 'Compute now', 'seg.computednow': '{n} people · {in} entered · {out} left',
    'seg.handover': 'Hand over', 'seg.to': 'To', 'seg.purpose': 'Purpose', 'seg.purposehint': 'What the team will do with these people', 'seg.until': 'Until', 'seg.control': 'Control',
    'seg.controlhint': 'These are left alone, so that the effect can be known', 'seg.handovers': 'Handed over', 'seg.nohandovers': 'Not handed over yet', 'seg.handed': '{n} people handed over, {c} kept as control.',
    'seg.treated': 'To act on', 'seg.kept': 'Control', 'seg.when': 'When', 'seg.about': 'About', 'seg.entered': 'Lately entered', 'seg.left': 'Lately left', 'seg.delete': 'Delete', 'seg.deleteask': 'Delete this segment?', 'seg.id': 'Id',
    'seg.f.product': 'Product', 'seg.f.marketing': 'Marketing', 'seg.f.sales': 'Sales', 'seg.f.ad_ops': 'Ad operations', 'seg.f.social': 'Social', 'seg.f.care': 'Care',
  },
});

export const FUNCTIONS = ['product', 'marketing', 'sales', 'ad_ops', 'social', 'care'];
