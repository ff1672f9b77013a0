// What the pacing screens say.
import { words } from '../web/kit.js';

words({
  ko: {
    'pacing.title': '페이싱', 'pacing.find': '라인아이템·고객사 찾기', 'pacing.new': '새 라인아이템', 'pacing.none': '아직 라인아이템이 없습니다', 'pacing.nonebody': '라인아이템을 만들고 노출을 보내면 속도와 종료 예상이 보입니다.',
    'pacing.nomatch': '맞는 라인아이템이 없습니다', 'pacing.clear': '조건 지우기', 'pacing.status': '상태',
    'pacing.all': '전체', 'pacing.attention': '살펴볼 것', 'pacing.running': '집행 중', 'pacing.soon': '시작 전', 'pacing.done': '끝남',
    'pacing.healthy': '정상', 'pacing.at_risk': '미달 위험', 'pacing.not_launched': '미송출', 'pacing.over': '초과 예상', 'pacing.delivered': '달성', 'pacing.missed': '미달 종료', 'pacing.upcoming': '시작 전', 'pacing.waiting': '집계 대기', 'pacing.paused': '일시정지', 'pacing.cancelled': '취소',
    'pacing.item': '라인아이템', 'pacing.flight': '집행 기간', 'pacing.goal': '목표', 'pacing.got': '노출', 'pacing.recent': '최근 3주', 'pacing.forecast': '종료 예상', 'pacing.elapsed': '{p} 지남', 'pacing.left': '{n}일 남음', 'pacing.over_': '끝남', 'pacing.startsin': '{date} 시작',
    'pacing.interval': '열에 여덟은 {low}–{high}', 'pacing.close': '닫기',
    'pacing.straight': '균등 속도로 보면', 'pacing.needed': '하루 필요', 'pacing.expected': '하루 예상', 'pacing.lastweek': '최근 7일 평균', 'pacing.budget': '예산', 'pacing.stake': '못 채우면', 'pacing.manager': '담당', 'pacing.open': '채널 열기', 'pacing.account': '고객사', 'pacing.format': '상품',
    'pacing.chart': '누적 노출과 종료 예상', 'pacing.plan': '계획', 'pacing.ahead': '예상', 'pacing.low': '아래 10%', 'pacing.high': '위 10%', 'pacing.alerts': '알림', 'pacing.noalerts': '알림이 없었습니다', 'pacing.raised': '{at}에 알림', 'pacing.closed.recovered': '회복', 'pacing.closed.ended': '종료', 'pacing.closed.paused': '일시정지', 'pacing.closed.cancelled': '취소', 'pacing.openalert': '열려 있음', 'pacing.said': '예상 {p}%, {n} 부족', 'pacing.notices': '{n}번 알림',
    'pacing.edit': '고치기', 'pacing.pause': '일시정지', 'pacing.resume': '다시 집행', 'pacing.cancel': '취소하기', 'pacing.name': '이름', 'pacing.start': '시작일', 'pacing.end': '종료일', 'pacing.channelid': '알림을 받을 채널', 'pacing.channelhint': '채널 ID (예: C0…)', 'pacing.saved': '저장했습니다', 'pacing.made': '라인아이템을 만들었습니다', 'pacing.create': '만들기', 'pacing.keys': '페이싱', 'pacing.keyfind': '찾기', 'pacing.keynew': '새 라인아이템', 'pacing.keyclose': '상세 닫기', 'pacing.asof': '{date}까지의 집계', 'pacing.more': '더 하기',
  },
  en: {
    'pacing.title': 'Pacing', 'pacing.find': 'Find a line item or account', 'pacing.new': 'New line item', 'pacing.none': 'No line items yet', 'pacing.nonebody': 'Make one and send what it delivers: its pace and its end are forecast here.',
    'pacing.nomatch': 'No line item fits', 'pacing.clear': 'Clear the filter', 'pacing.status': 'Status',
    'pacing.all': 'All', 'pacing.attention': 'Needs a look', 'pacing.running': 'Running', 'pacing.soon': 'To come', 'pacing.done': 'Ended',
    'pacing.healthy': 'Healthy', 'pacing.at_risk': 'At risk', 'pacing.not_launched': 'Not launched', 'pacing.over': 'Will overrun', 'pacing.delivered': 'Delivered', 'pacing.missed': 'Ended short', 'pacing.upcoming': 'To come', 'pacing.waiting': 'Waiting', 'pacing.paused': 'Paused', 'pacing.cancelled': 'Cancelled',
    'pacing.item': 'Line item', 'pacing.flight': 'Flight', 'pacing.goal': 'Goal', 'pacing.got': 'Delivered', 'pacing.recent': 'Last 3 weeks', 'pacing.forecast': 'Forecast', 'pacing.elapsed': '{p} gone', 'pacing.left': '{n} {n|day|days} left', 'pacing.over_': 'ended', 'pacing.startsin': 'starts {date}',
    'pacing.interval': 'eight in ten end at {low}–{high}', 'pacing.close': 'Close',
    'pacing.straight': 'At an even pace', 'pacing.needed': 'Needed a day', 'pacing.expected': 'Expected a day', 'pacing.lastweek': 'Mean of last 7 days', 'pacing.budget': 'Budget', 'pacing.stake': 'At stake', 'pacing.manager': 'Manager', 'pacing.open': 'Open the channel', 'pacing.account': 'Account', 'pacing.format': 'Product',
    'pacing.chart': 'Delivered so far and forecast', 'pacing.plan': 'Plan', 'pacing.ahead': 'Forecast', 'pacing.low': '10th pct.', 'pacing.high': '90th pct.', 'pacing.alerts': 'Alerts', 'pacing.noalerts': 'No alert so far', 'pacing.raised': 'raised {at}', 'pacing.closed.recovered': 'Recovered', 'pacing.closed.ended': 'Ended', 'pacing.closed.paused': 'Paused', 'pacing.closed.cancelled': 'Cancelled', 'pacing.openalert': 'Open', 'pacing.said': 'forecast {p}%, short by {n}', 'pacing.notices': 'told {n} {n|time|times}',
    'pacing.edit': 'Edit', 'pacing.pause': 'Pause', 'pacing.resume': 'Resume', 'pacing.cancel': 'Cancel it', 'pacing.name': 'Name', 'pacing.start': 'First day', 'pacing.end': 'Last day', 'pacing.channelid': 'Channel for alerts', 'pacing.channelhint': 'A channel id such as C0…', 'pacing.saved': 'Saved', 'pacing.made': 'The line item was made', 'pacing.create': 'Create', 'pacing.keys': 'Pacing', 'pacing.keyfind': 'Find', 'pacing.keynew': 'New line item', 'pacing.keyclose': 'Close the details', 'pacing.asof': 'figures up to {date}', 'pacing.more': 'More',
  },
});
