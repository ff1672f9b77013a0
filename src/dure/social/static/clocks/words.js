// Words of clocks, policies, surveys and the care report.
import { words } from '../../web/kit.js';

words({
  ko: {
    'clock.title': '응답 기한', 'clock.left': '{time} 남음', 'clock.over': '{time} 지남', 'clock.paused': '멈춤', 'clock.until': '기한 {at}',
    'clock.min': '{n}분', 'clock.hour': '{n}시간', 'clock.day': '{n}일',
    'clock.kind.first': '첫 응답', 'clock.kind.next': '다음 응답', 'clock.kind.resolve': '해결', 'clock.kind.agent': '담당자 응답',
  },
  en: {
    'clock.title': 'Due times', 'clock.left': 'due in {time}', 'clock.over': 'overdue {time}', 'clock.paused': 'paused', 'clock.until': 'due {at}',
    'clock.min': '{n} min', 'clock.hour': '{n} h', 'clock.day': '{n} d',
    'clock.kind.first': 'First response', 'clock.kind.next': 'Next response', 'clock.kind.resolve': 'Resolution', 'clock.kind.agent': "Assignee's response",
  },
});
