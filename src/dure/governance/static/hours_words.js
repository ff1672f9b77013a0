// Words of opening hours.
import { words } from '../web/kit.js';

words({
  ko: {
    'hours.new': '새 달력', 'hours.office': '사무실', 'hours.name': '이름', 'hours.zone': '시간대', 'hours.week': '한 주', 'hours.from': '시작', 'hours.to': '끝', 'hours.closed': '쉼', 'hours.tomorrow': '다음 날', 'hours.removespan': '이 시간 빼기', 'hours.addspan': '{day} 시간 추가', 'hours.copy': '평일 모두에',
    'hours.d0': '월', 'hours.d1': '화', 'hours.d2': '수', 'hours.d3': '목', 'hours.d4': '금', 'hours.d5': '토', 'hours.d6': '일',
    'hours.days': '공휴일과 다른 날', 'hours.daysnote': '그 요일의 시간 대신 쓰입니다', 'hours.nodays': '아직 정한 날이 없습니다. 목록을 붙여 넣거나 캘린더 파일(.ics)을 올릴 수 있습니다.', 'hours.addday': '날 추가', 'hours.paste': '목록 붙여넣기', 'hours.file': '파일 올리기', 'hours.date': '날짜', 'hours.dayname': '이름', 'hours.closedhint': '비우면 쉬는 날입니다', 'hours.add': '추가', 'hours.list': '날 목록', 'hours.listhint': '한 줄에 하루: 날짜와 이름. 여러 날은 ~로 잇고, 여는 날은 시간을 적습니다.', 'hours.read': '읽기', 'hours.readn': '{n}일을 읽었습니다. 저장해야 남습니다.', 'hours.removeday': '{day} 빼기',
    'hours.save': '저장', 'hours.saved': '저장했습니다. 가고 있는 시계는 그대로 둡니다.', 'hours.discard': '되돌리기', 'hours.leave': '저장하지 않은 달력을 버릴까요?', 'hours.remove': '달력 삭제', 'hours.removeask': '{name} 달력을 삭제할까요?',
    'hours.teams': '팀별 달력', 'hours.teamsnote': '응답 기한은 그 팀의 영업시간으로 셉니다', 'hours.everybody': '그 밖의 모두', 'hours.asall': '모두와 같음', 'hours.always': '언제나 열림', 'hours.given': '바꿨습니다',
    'hours.none': '아직 영업시간이 없습니다', 'hours.nonebody': '영업시간을 정하기 전에는 언제나 열려 있는 것으로 셉니다.',
    'hours.t.product': '프로덕트', 'hours.t.marketing': '마케팅', 'hours.t.sales': '영업', 'hours.t.ad_ops': '광고 운영', 'hours.t.social': '소셜', 'hours.t.care': '고객 응대', 'hours.t.people': '피플', 'hours.t.press': '홍보', 'hours.t.executives': '경영진',
  },
  en: {
    'hours.new': 'New calendar', 'hours.office': 'Office', 'hours.name': 'Name', 'hours.zone': 'Time zone', 'hours.week': 'Week', 'hours.from': 'From', 'hours.to': 'Until', 'hours.closed': 'closed', 'hours.tomorrow': 'next day', 'hours.removespan': 'Remove these hours', 'hours.addspan': 'Add hours on {day}', 'hours.copy': 'Same on all weekdays',
    'hours.d0': 'Mon', 'hours.d1': 'Tue', 'hours.d2': 'Wed', 'hours.d3': 'Thu', 'hours.d4': 'Fri', 'hours.d5': 'Sat', 'hours.d6': 'Sun',
    'hours.days': 'Holidays and other days', 'hours.daysnote': 'take the place of their weekday', 'hours.nodays': 'No days yet. Paste a list, or load a calendar file (.ics).', 'hours.addday': 'Add a day', 'hours.paste': 'Paste a list', 'hours.file': 'Load a file', 'hours.date': 'Date', 'hours.dayname': 'Name', 'hours.closedhint': 'Leave it empty for a closed day', 'hours.add': 'Add', 'hours.list': 'Days', 'hours.listhint': 'A day a line: date and name. Several days with ~ between; hours for a day that is open.', 'hours.read': 'Read', 'hours.readn': '{n} {n|day|days} read. Save to keep them.', 'hours.removeday': 'Remove {day}',
    'hours.save': 'Save', 'hours.saved': 'Saved. Clocks that run keep their times.', 'hours.discard': 'Discard', 'hours.leave': 'Discard a calendar that is not saved?', 'hours.remove': 'Delete calendar', 'hours.removeask': 'Delete the calendar {name}?',
    'hours.teams': 'Calendars of teams', 'hours.teamsnote': 'due times are counted in a team\'s opening hours', 'hours.everybody': 'Everybody else', 'hours.asall': 'as everybody else', 'hours.always': 'always open', 'hours.given': 'Changed',
    'hours.none': 'No opening hours yet', 'hours.nonebody': 'Until there are any, everybody counts as always open.',
    'hours.t.product': 'Product', 'hours.t.marketing': 'Marketing', 'hours.t.sales': 'Sales', 'hours.t.ad_ops': 'Ad operations', 'hours.t.social': 'Social', 'hours.t.care': 'Care', 'hours.t.people': 'People', 'hours.t.press': 'Press', 'hours.t.executives': 'Executives',
  },
});
