// The words of the stage map and of overlaps.
import { words } from '../web/kit.js';

words({
  ko: {
    'stg.title': '단계', 'stg.map': '단계 지도', 'stg.overlap': '겹침과 빈틈', 'stg.people': '모든 사람 {n}명', 'stg.computed': '계산', 'stg.never': '아직 계산하지 않았습니다', 'stg.compute': '지금 계산', 'stg.settings': '기준',
    'stg.not_signed_up': '가입 전', 'stg.new': '신규', 'stg.activated': '활성화됨', 'stg.current': '활동 중', 'stg.resurrected': '돌아옴', 'stg.at_risk': '이탈 위험', 'stg.dormant': '휴면', 'stg.churned': '이탈', 'stg.': '처음 보임',
    'stg.period': '비교 기간', 'stg.days': '{n}일', 'stg.then': '{d} 기준', 'stg.now': '지금', 'stg.flows': '{n}일 동안의 이동', 'stg.flow': '{a} → {b}: {n}명', 'stg.picture': '그림', 'stg.table': '표', 'stg.sizes': '단계별 인원의 추이',
    'stg.from': '전 \\ 후', 'stg.sum': '합계', 'stg.change': '{n}일 전보다', 'stg.none': '아직 아무도 보지 못했습니다', 'stg.nonebody': '이벤트가 들어오면 누구나 여덟 단계 중 꼭 하나에 있습니다.', 'stg.open': '세그먼트 열기', 'stg.nobody': '아무도 없습니다', 'stg.name': '이름', 'stg.id': '아이디', 'stg.since': '들어온 때', 'stg.wanted': '사람 {n}명',
    'stg.activity': '활동으로 보는 이벤트', 'stg.activityhint': '* 는 모든 활동', 'stg.signup': '가입 이벤트', 'stg.signuphint': '비워 두면 첫 활동을 가입으로 봅니다', 'stg.activation': '활성화 이벤트', 'stg.times': '활성화 횟수', 'stg.measure': '세는 법', 'stg.bytimes': '번', 'stg.bydays': '날', 'stg.newdays': '신규로 보는 기간', 'stg.riskdays': '이탈 위험: 조용한 날', 'stg.dormantdays': '휴면: 조용한 날', 'stg.churneddays': '이탈: 조용한 날', 'stg.backdays': '돌아옴으로 보는 기간', 'stg.dayunit': '일', 'stg.saved': '기준을 바꾸고 다시 계산했습니다',
    'stg.segments': '세그먼트', 'stg.pick': '비교할 세그먼트 고르기', 'stg.eight': '여덟 단계', 'stg.ownones': '만든 세그먼트', 'stg.pickhint': '두 개에서 스무 개', 'stg.only': '여기에만', 'stg.depth': '몇 개에 들어 있나', 'stg.in0': '어디에도 없음', 'stg.in1': '하나에만', 'stg.inmany': '여럿에', 'stg.size': '인원', 'stg.both': '{a}과(와) {b} 모두에 있는 사람', 'stg.onlyin': '{a}에만 있는 사람', 'stg.gap': '고른 세그먼트 어디에도 없는 사람', 'stg.fewsegments': '견줄 세그먼트를 두 개 넘게 고르세요', 'stg.partition': '모두가 꼭 하나에 있습니다: 겹침도 빈틈도 없습니다', 'stg.ofrow': '행의 {p}',
  },
  en: {
    'stg.title': 'Stages', 'stg.map': 'Stage map', 'stg.overlap': 'Overlaps and gaps', 'stg.people': '{n} {n|person|people} in all', 'stg.computed': 'Computed', 'stg.never': 'Not computed yet', 'stg.compute': 'Compute now', 'stg.settings': 'Settings',
    'stg.not_signed_up': 'Not signed up', 'stg.new': 'New', 'stg.activated': 'Activated', 'stg.current': 'Current', 'stg.resurrected': 'Resurrected', 'stg.at_risk': 'At risk', 'stg.dormant': 'Dormant', 'stg.churned': 'Churned', 'stg.': 'First seen',
    'stg.period': 'Period', 'stg.days': '{n} d', 'stg.then': 'On {d}', 'stg.now': 'Now', 'stg.flows': 'Moves in {n} days', 'stg.flow': '{a} → {b}: {n} {n|person|people}', 'stg.picture': 'Picture', 'stg.table': 'Table', 'stg.sizes': 'People in each stage over time',
    'stg.from': 'From \\ to', 'stg.sum': 'Sum', 'stg.change': 'in {n} days', 'stg.none': 'Nobody has been seen yet', 'stg.nonebody': 'Once events arrive, everybody is in exactly one of eight stages.', 'stg.open': 'Open the segment', 'stg.nobody': 'Nobody', 'stg.name': 'Name', 'stg.id': 'Id', 'stg.since': 'Since', 'stg.wanted': '{n} {n|person|people}',
    'stg.activity': 'Event that counts as activity', 'stg.activityhint': '* is any activity', 'stg.signup': 'Sign-up event', 'stg.signuphint': 'Left empty, the first activity is taken for it', 'stg.activation': 'Activation event', 'stg.times': 'How often', 'stg.measure': 'Counted in', 'stg.bytimes': 'times', 'stg.bydays': 'days', 'stg.newdays': 'New for', 'stg.riskdays': 'At risk when silent for', 'stg.dormantdays': 'Dormant when silent for', 'stg.churneddays': 'Churned when silent for', 'stg.backdays': 'Resurrected for', 'stg.dayunit': 'days', 'stg.saved': 'Settings changed, stages computed anew',
    'stg.segments': 'Segments', 'stg.pick': 'Choose segments to compare', 'stg.eight': 'Eight stages', 'stg.ownones': 'Your segments', 'stg.pickhint': 'Two to twenty', 'stg.only': 'Only here', 'stg.depth': 'In how many', 'stg.in0': 'In none', 'stg.in1': 'In one', 'stg.inmany': 'In several', 'stg.size': 'People', 'stg.both': 'In both {a} and {b}', 'stg.onlyin': 'Only in {a}', 'stg.gap': 'In none of the chosen segments', 'stg.fewsegments': 'Choose two segments or more', 'stg.partition': 'Everybody is in exactly one: no overlap and no gap', 'stg.ofrow': '{p} of the row',
  },
});

export const STAGES = ['not_signed_up', 'new', 'activated', 'current', 'resurrected', 'at_risk', 'dormant', 'churned'];
export const INK = { '': 'var(--field)', not_signed_up: 'var(--fg-2)', new: 'var(--c1)', activated: 'var(--c5)', current: 'var(--ok)', resurrected: 'var(--c3)', at_risk: 'var(--warn)', dormant: 'var(--c2)', churned: 'var(--bad)' };
