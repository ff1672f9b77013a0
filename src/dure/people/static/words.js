// People's words.
import { t, words } from '../web/kit.js';

words({
  ko: {
    'people.find': '이메일, 이름, ID로 찾기 · plan:plus 처럼 속성으로도', 'people.none': '찾는 사람이 없습니다', 'people.nonebody': '이름이나 이메일, ID의 앞부분을 적거나 속성:값으로 찾아보세요.',
    'people.nobody': '아직 아무도 없습니다', 'people.nobodybody': '이벤트 소스에 쓰기 키를 만들고 웹이나 앱에서 이벤트를 보내면 여기에 나타납니다.', 'people.sources': '이벤트 소스 열기',
    'people.name': '이름', 'people.email': '이메일', 'people.plan': '요금제', 'people.country': '국가', 'people.last': '마지막 활동', 'people.first': '처음 본 때', 'people.account': '고객사', 'people.ids': 'ID',
    'people.known': '알려진 사람 {n}명', 'people.recent': '최근에 다녀간 순서', 'people.anonymous': '익명 방문자',
    'people.traits': '알고 있는 것', 'people.notraits': '아직 속성이 없습니다. 로그인하면 채워집니다.', 'people.why': '왜 한 사람인가', 'people.user': '로그인 ID', 'people.device': '기기',
    'people.own': '이 ID로 로그인했습니다. 다른 사람과 합쳐지지 않습니다.', 'people.alone': '아직 로그인하지 않은 기기입니다.', 'people.joined': '{at}에 {user}(으로/로) 로그인하며 이어졌습니다 ({source})',
    'people.overruled': '나중에 {user}도 이 기기를 썼지만 먼저 쓴 사람의 것으로 둡니다.', 'people.message': '근거 메시지',
    'people.timeline': '타임라인', 'people.all': '전체', 'people.noevents': '이 소스에서 온 이벤트가 없습니다', 'people.more': '더 보기', 'people.live': '실시간', 'people.paused': '멈춤', 'people.fresh': '새 이벤트 {n}개',
  },
  en: {
    'people.find': 'Find by e-mail, name or id, or by a trait like plan:plus', 'people.none': 'Nobody like that', 'people.nonebody': 'Type the beginning of a name, an e-mail or an id, or trait:value.',
    'people.nobody': 'Nobody here yet', 'people.nobodybody': 'Make a write key under Event sources and send events from your site or app: people appear here.', 'people.sources': 'Open event sources',
    'people.name': 'Name', 'people.email': 'E-mail', 'people.plan': 'Plan', 'people.country': 'Country', 'people.last': 'Last here', 'people.first': 'First seen', 'people.account': 'Account', 'people.ids': 'Ids',
    'people.known': '{n} known {n|person|people}', 'people.recent': 'who was here last', 'people.anonymous': 'Anonymous visitor',
    'people.traits': 'What is known', 'people.notraits': 'No traits yet. They come with signing in.', 'people.why': 'Why these are one person', 'people.user': 'signs in', 'people.device': 'device',
    'people.own': 'Somebody signed in under this id. It never becomes another person.', 'people.alone': 'A device that has not signed in yet.', 'people.joined': 'Joined when it signed in as {user} on {at} ({source})',
    'people.overruled': '{user} used this device later; it stays with who came first.', 'people.message': 'Message that decided',
    'people.timeline': 'Timeline', 'people.all': 'All', 'people.noevents': 'No events from this source', 'people.more': 'Show more', 'people.live': 'Live', 'people.paused': 'Paused', 'people.fresh': '{n} new {n|event|events}',
  },
});

// What somebody is called: by name, by e-mail, or by an id.
export const shortId = person => person.distinct_ids[0] || String(person.id).slice(0, 8);
export const called = person => person.traits.name || person.traits.email || (Object.keys(person.traits).length ? shortId(person) : `${t('people.anonymous')} ${shortId(person)}`);
