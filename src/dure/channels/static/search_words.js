// What the search says, in both languages.
import { words } from '../web/kit.js';

words({
  ko: {
    'se.title': '검색', 'se.hint': '메시지, 사람, 채널 찾기', 'se.busy': '찾는 중…', 'se.empty': '지우기', 'se.clear': '{what} 조건 빼기', 'se.nochoice': '맞는 것이 없습니다', 'se.archived': '보관됨',
    'se.keys': '검색', 'se.key.field': '검색어로', 'se.key.choose': '결과 고르기', 'se.filters': '조건', 'se.kinds': '종류', 'se.sort': '순서', 'se.sort.timestamp': '최신순', 'se.sort.score': '정확도순',
    'se.kind.messages': '메시지', 'se.kind.files': '파일', 'se.kind.people': '사람', 'se.kind.channels': '채널',
    'se.from': '보낸 사람', 'se.in': '채널', 'se.date': '날짜', 'se.has': '들어 있는 것', 'se.is': '어디에서', 'se.me': '나', 'se.find.person': '사람 이름', 'se.find.channel': '채널 이름', 'se.day': '하루만',
    'se.today': '오늘', 'se.yesterday': '어제', 'se.week': '최근 7일', 'se.month': '이번 달', 'se.lastmonth': '지난달', 'se.before': '{day} 전', 'se.after': '{day} 후',
    'se.has.link': '링크', 'se.has.file': '파일', 'se.has.reaction': '반응', 'se.has.pin': '고정', 'se.is.thread': '스레드', 'se.is.dm': '다이렉트 메시지',
    'se.recent': '최근 검색', 'se.forget': '“{q}” 지우기', 'se.how': '이렇게도 찾을 수 있습니다', 'se.more': '더 보기', 'se.none': '“{q}”에 맞는 것이 없습니다', 'se.none.body': '낱말을 줄이거나 조건을 빼 보세요. 볼 수 있는 대화 안에서만 찾습니다.', 'se.unknown': '이런 사람이나 채널이 없습니다: {names}',
    'se.how.0': '누가 보낸 것', 'se.how.1': '어느 채널에서, @이름이면 그 사람과의 대화에서', 'se.how.2': '링크가 든 것. file, reaction, pin, :emoji:도', 'se.how.3': '스레드에서. dm은 다이렉트 메시지에서', 'se.how.4': '나를 언급했거나 나에게 보낸 것', 'se.how.5': 'before, after, during도. 어제, 11월, 2026-11-20', 'se.how.6': '글자 그대로', 'se.how.7': '이 낱말이 없는 것',
    'se.go': '“{q}” 메시지 검색', 'se.offer': '검색', 'se.here': '이 대화에서 찾기', 'se.found': '결과 {n}개',
  },
  en: {
    'se.title': 'Search', 'se.hint': 'Find messages, people, channels', 'se.busy': 'Searching…', 'se.empty': 'Clear', 'se.clear': 'Remove filter: {what}', 'se.nochoice': 'Nothing fits', 'se.archived': 'Archived',
    'se.keys': 'Search', 'se.key.field': 'To the search field', 'se.key.choose': 'Choose a result', 'se.filters': 'Filters', 'se.kinds': 'Kinds', 'se.sort': 'Order', 'se.sort.timestamp': 'Newest', 'se.sort.score': 'Best match',
    'se.kind.messages': 'Messages', 'se.kind.files': 'Files', 'se.kind.people': 'People', 'se.kind.channels': 'Channels',
    'se.from': 'From', 'se.in': 'In', 'se.date': 'Date', 'se.has': 'Has', 'se.is': 'Where', 'se.me': 'Me', 'se.find.person': 'A person’s name', 'se.find.channel': 'A channel’s name', 'se.day': 'One day',
    'se.today': 'Today', 'se.yesterday': 'Yesterday', 'se.week': 'Last 7 days', 'se.month': 'This month', 'se.lastmonth': 'Last month', 'se.before': 'Before {day}', 'se.after': 'After {day}',
    'se.has.link': 'A link', 'se.has.file': 'A file', 'se.has.reaction': 'A reaction', 'se.has.pin': 'A pin', 'se.is.thread': 'Threads', 'se.is.dm': 'Direct messages',
    'se.recent': 'Recent searches', 'se.forget': 'Forget “{q}”', 'se.how': 'Ways to search', 'se.more': 'Show more', 'se.none': 'Nothing found for “{q}”', 'se.none.body': 'Try fewer words or remove a filter. Only conversations you can read are searched.', 'se.unknown': 'No person or channel is called so: {names}',
    'se.how.0': 'what somebody said', 'se.how.1': 'in a channel; @name for your conversation with them', 'se.how.2': 'with a link; also file, reaction, pin, :emoji:', 'se.how.3': 'in threads; dm for direct messages', 'se.how.4': 'mentions of you and messages to you', 'se.how.5': 'also before, after, during: yesterday, november, 2026-11-20', 'se.how.6': 'exactly as written', 'se.how.7': 'without this word',
    'se.go': 'Search messages for “{q}”', 'se.offer': 'Search', 'se.here': 'Search this conversation', 'se.found': '{n} {n|result|results}',
  },
});
