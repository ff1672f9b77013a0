// What the journey's screens say.
import { words } from '../web/kit.js';

words({
  ko: {
    'jn.title': '여정', 'jn.map': '여정 지도', 'jn.edit': '고치기', 'jn.more': '여정 더 보기', 'jn.create': '새 여정', 'jn.none': '아직 여정 지도가 없습니다', 'jn.nonebody': '고객이 우리를 알게 되어 습관이 되고 돈을 내기까지, 프로덕트와 마케팅이 함께 단계를 그립니다.',
    'jn.begin': '기본 여정으로 시작', 'jn.nobody': '이 여정에 들어온 사람이 아직 없습니다', 'jn.nobodybody': '단계의 규칙에 맞는 이벤트가 들어오면 여기에 나타납니다. 규칙의 이벤트 이름을 확인해 보세요.',
    'jn.over': '단계별 사람 수', 'jn.handovers': '팀 사이의 넘김', 'jn.handnote': '앞 단계에 있던 사람 가운데 다음 팀의 단계로 옮긴 사람', 'jn.nohand': '이 기간에 팀을 건너 옮긴 사람이 없습니다', 'jn.from': '어디에서', 'jn.to': '어디로', 'jn.people': '사람', 'jn.rate': '비율', 'jn.took': '보통 걸린 시간',
    'jn.stage': '단계', 'jn.team': '담당', 'jn.active': '활동', 'jn.waiting': '대기', 'jn.dropped': '이탈', 'jn.entered': '들어옴', 'jn.left': '나감', 'jn.wait': '머문 시간(중앙값)', 'jn.wait90': '머문 시간(상위 10%)', 'jn.metric': '지표', 'jn.flows': '흐름', 'jn.new': '새로 옴',
    'jn.total': '{n}명이 여정 위에 있습니다', 'jn.last': '최근 {n}일',
    'jn.nameko': '한국어 이름', 'jn.nameen': '영어 이름', 'jn.aboutko': '한국어 설명', 'jn.abouten': '영어 설명', 'jn.stages': '단계', 'jn.add': '단계 추가', 'jn.remove': '단계 지우기', 'jn.up': '앞으로', 'jn.down': '뒤로', 'jn.reorder': '위아래 화살표로 고르고 [ ] 로 순서를 바꿉니다',
    'jn.rule': '들어오는 규칙', 'jn.anyof': '또는', 'jn.addrule': '다른 길 추가', 'jn.event': '이벤트를 했을 때', 'jn.trait': '사람의 특성이', 'jn.eventname': '이벤트 이름', 'jn.atleast': '최소 횟수', 'jn.within': '기간 안에', 'jn.ever': '기간 제한 없음', 'jn.where': '조건', 'jn.addwhere': '조건 추가', 'jn.prop': '속성', 'jn.value': '값', 'jn.op': '비교',
    'jn.holds': '머무는 방식', 'jn.once': '한 번 들어오면 계속', 'jn.while': '규칙이 참인 동안만', 'jn.patience': '이탈로 보는 시간', 'jn.never': '이탈 없음', 'jn.nometric': '지표 없음', 'jn.noteam': '담당 없음', 'jn.patiencehint': '이만큼 아무것도 하지 않으면 이탈로 셉니다',
    'jn.previewnote': '저장하기 전, 지금 기록으로 센 사람 수', 'jn.counting': '세는 중…', 'jn.save': '저장', 'jn.cancel': '취소', 'jn.delete': '여정 지우기', 'jn.deleted': '‘{name}’ 여정을 지웠습니다', 'jn.saved': '저장했습니다', 'jn.conflict': '그사이 다른 사람이 이 여정을 고쳤습니다. 닫고 다시 열어 주세요.',
    'jn.history': '바뀐 기록', 'jn.version': '{n}판', 'jn.now': '지금', 'jn.restore': '이때로 되돌리기', 'jn.stagecount': '단계 {n}개', 'jn.untitled': '이름 없음', 'jn.wrong': '아직 셀 수 없습니다', 'jn.keysmove': '단계의 순서 바꾸기 (고치는 창)', 'jn.keysedit': '여정 고치기', 'jn.activity': '활동으로 보는 다른 이벤트', 'jn.activityhint': '규칙의 이벤트 말고도 이것을 하면 아직 떠나지 않은 것으로 봅니다', 'jn.addactivity': '이벤트 추가',
    'jn.said': '{rule}. {holds}.{patience}', 'jn.saidonce': '한 번 들어오면 계속 머뭅니다', 'jn.saidwhile': '규칙이 참인 동안만 머뭅니다', 'jn.saidpatience': ' {time} 동안 아무것도 하지 않으면 이탈입니다.', 'jn.saidevent': '{event}', 'jn.saidtimes': '{event} {n}회 이상', 'jn.saidwithin': '{time} 안에 {rest}', 'jn.saidor': ' 또는 ', 'jn.anyevent': '아무 이벤트',
  },
  en: {
    'jn.title': 'Journey', 'jn.map': 'Journey map', 'jn.edit': 'Edit', 'jn.more': 'More journeys', 'jn.create': 'New journey', 'jn.none': 'No journey map yet', 'jn.nonebody': 'Product and marketing draw the stages together: from hearing of us to a habit and to paying.',
    'jn.begin': 'Begin with a listener’s journey', 'jn.nobody': 'Nobody is on this journey yet', 'jn.nobodybody': 'People appear here as soon as events meet the stages’ rules. Check the names of the events in the rules.',
    'jn.over': 'People in each stage over time', 'jn.handovers': 'Hand-overs between teams', 'jn.handnote': 'Of those who were in the stage, who moved on to the next team’s', 'jn.nohand': 'Nobody moved across teams in this range', 'jn.from': 'From', 'jn.to': 'To', 'jn.people': 'People', 'jn.rate': 'Share', 'jn.took': 'Usually took',
    'jn.stage': 'Stage', 'jn.team': 'Team', 'jn.active': 'Active', 'jn.waiting': 'Waiting', 'jn.dropped': 'Dropped', 'jn.entered': 'Entered', 'jn.left': 'Left', 'jn.wait': 'There for (median)', 'jn.wait90': 'There for (longest 10%)', 'jn.metric': 'Metric', 'jn.flows': 'Flows', 'jn.new': 'New',
    'jn.total': '{n} {n|person|people} on the journey', 'jn.last': 'Last {n} days',
    'jn.nameko': 'Korean name', 'jn.nameen': 'English name', 'jn.aboutko': 'Korean description', 'jn.abouten': 'English description', 'jn.stages': 'Stages', 'jn.add': 'Add stage', 'jn.remove': 'Delete stage', 'jn.up': 'Earlier', 'jn.down': 'Later', 'jn.reorder': 'Arrows choose, [ ] change the order',
    'jn.rule': 'Entered by', 'jn.anyof': 'or', 'jn.addrule': 'Add another way', 'jn.event': 'doing an event', 'jn.trait': 'a trait of the person', 'jn.eventname': 'Event', 'jn.atleast': 'At least', 'jn.within': 'Within', 'jn.ever': 'no limit', 'jn.where': 'Conditions', 'jn.addwhere': 'Add condition', 'jn.prop': 'Property', 'jn.value': 'Value', 'jn.op': 'Compare',
    'jn.holds': 'Holds', 'jn.once': 'once entered, for good', 'jn.while': 'only while the rule is true', 'jn.patience': 'Dropped after', 'jn.never': 'never', 'jn.nometric': 'No metric', 'jn.noteam': 'No team', 'jn.patiencehint': 'Without any activity for so long',
    'jn.previewnote': 'Counted from the log as it is, before you save', 'jn.counting': 'Counting…', 'jn.save': 'Save', 'jn.cancel': 'Cancel', 'jn.delete': 'Delete journey', 'jn.deleted': 'Deleted the journey “{name}”', 'jn.saved': 'Saved', 'jn.conflict': 'Somebody else changed this journey meanwhile. Close and open it again.',
    'jn.history': 'History', 'jn.version': 'Version {n}', 'jn.now': 'now', 'jn.restore': 'Bring back', 'jn.stagecount': '{n} {n|stage|stages}', 'jn.untitled': 'Untitled', 'jn.wrong': 'Cannot be counted yet', 'jn.keysmove': 'Move a stage (while editing)', 'jn.keysedit': 'Edit the journey', 'jn.activity': 'Other events that count as activity', 'jn.activityhint': 'Who does one of these has not dropped, though no rule names it', 'jn.addactivity': 'Add event',
    'jn.said': '{rule}. {holds}.{patience}', 'jn.saidonce': 'Once entered it holds for good', 'jn.saidwhile': 'Holds only while the rule is true', 'jn.saidpatience': ' Dropped after {time} without activity.', 'jn.saidevent': '{event}', 'jn.saidtimes': '{event} at least {n} times', 'jn.saidwithin': '{rest} within {time}', 'jn.saidor': ' or ', 'jn.anyevent': 'any event',
  },
});
