// People's words.
import { words } from '../web/kit.js';

words({
  ko: {
    'people.find': '이름 일부, 이메일, ID · plan:plus amount>100', 'people.none': '찾는 사람이 없습니다', 'people.nonebody': '이름의 일부, 이메일이나 ID의 앞부분, 속성:값, 속성>숫자를 적어 보세요. 여러 개를 띄어 쓰면 모두 맞는 사람만 찾습니다.',
    'people.unknown': '이 ID로 아는 사람이 없습니다', 'people.unknownbody': '{id}: 이벤트도 속성도 온 적이 없거나, 지운 사람입니다.',
    'people.nobody': '아직 아무도 없습니다', 'people.nobodybody': '이벤트 소스에 쓰기 키를 만들고 웹이나 앱에서 이벤트를 보내면 여기에 나타납니다.', 'people.sources': '이벤트 소스 열기',
    'people.name': '이름', 'people.email': '이메일', 'people.plan': '요금제', 'people.country': '국가', 'people.last': '마지막 활동', 'people.first': '처음 본 때', 'people.account': '고객사', 'people.ids': 'ID', 'people.matched': '찾은 이유',
    'people.known': '알려진 사람 {n}명', 'people.recent': '아래는 마지막 하루에 다녀간 사람, 최근 순서', 'people.id': 'ID',
    'people.traits': '속성', 'people.notraits': '아직 속성이 없습니다. 로그인하면 채워집니다.', 'people.user': '로그인 ID', 'people.device': '기기',
    'people.history': '속성 기록', 'people.nohistory': '아직 바뀐 것이 없습니다.', 'people.late': '늦게 도착', 'people.latehint': '더 새로운 값이 이미 있어서 바꾸지 않았습니다.', 'people.absent': '없음', 'people.gone': '지움', 'people.older': '이전 기록', 'people.onlytrait': '이 속성만 보기', 'people.alltraits': '모든 속성',
    'people.segments': '세그먼트', 'people.insegments': '지금 들어 있는 세그먼트가 없습니다.',
    'people.why': '왜 한 사람인가', 'people.own': '이 ID로 로그인했습니다. 이벤트만으로는 다른 사람과 합쳐지지 않습니다.', 'people.alone': '이 ID로 로그인했다는 말이 아직 없습니다.', 'people.joined': '{at}에 {user}(으로/로) 로그인하며 이어졌습니다',
    'people.byhand': '{at}에 {who}님이 직접 이었습니다: {reason}', 'people.bymessage': '근거: {event} · {source}', 'people.split': '나누기', 'people.undo': '되돌리기', 'people.join': 'ID 잇기',
    'people.parted': '나눈 ID', 'people.partedby': '{at}에 {who}님이 나누었습니다: {reason}', 'people.wasparted': '{who}님이 {user}에게서 나눈 기기입니다: {reason}', 'people.undoneby': '{at}에 {who}님이 되돌림',
    'people.no.another_came_first': '{at}에 {user}도 이 기기를 썼지만 먼저 쓴 사람의 것으로 둡니다.', 'people.no.two_users': '{at}에 {user}의 ID라고 했지만 두 로그인 ID는 합쳐지지 않습니다 ({event} · {source}).', 'people.no.split_by_hand': '{at}에 {user}의 기기라고 했지만 직접 나눈 ID입니다.', 'people.no.joined_by_hand': '{at}에 {user}의 기기라고 했지만 직접 이은 쪽을 따릅니다.',
    'people.refused': '받아들이지 않은 연결', 'people.claimed': '{id}도 이 사람이라고 했지만:',
    'people.splittitle': '{id} 나누기', 'people.splitbody': '이 ID의 이벤트와 속성이 돌아가고, 모든 질문이 곧바로 따라 바뀝니다. 같은 이벤트가 다시 와도 이어지지 않습니다. 언제든 되돌릴 수 있습니다.', 'people.reason': '이유', 'people.reasonhint': '나중에 보는 사람을 위해 남깁니다.',
    'people.jointitle': '{user}에게 ID 잇기', 'people.joinbody': '이 ID의 이벤트와 속성이 이 사람 것이 됩니다. 언제든 되돌릴 수 있습니다.', 'people.whichid': '기기 또는 로그인 ID', 'people.twousers': '두 로그인 ID가 같은 사람임을 확인했습니다', 'people.twousershint': '둘 다 로그인한 적이 있는 ID일 때만 필요합니다. 소유자와 관리자만 할 수 있습니다.',
    'people.didsplit': '{id}(을/를) 나누었습니다', 'people.didjoin': '{id}(을/를) 이었습니다', 'people.didundo': '되돌렸습니다', 'people.message': '근거 메시지', 'people.moreids': 'ID {n}개 더 보기',
    'people.timeline': '타임라인', 'people.all': '전체', 'people.allevents': '모든 이벤트', 'people.noevents': '여기에 맞는 이벤트가 없습니다', 'people.more': '더 보기', 'people.live': '실시간', 'people.paused': '멈춤', 'people.jump': '날짜로 이동', 'people.tonow': '지금으로', 'people.session': '세션 · 이벤트 {n}개', 'people.ofaccount': '고객사',
    'people.kind.activity': '활동', 'people.kind.messages': '메시지', 'people.kind.deals': '거래', 'people.kind.segments': '세그먼트', 'people.kind.social': '소셜', 'people.kind.automation': '자동화', 'people.kind.people': '신원', 'people.kind.ads': '광고', 'people.kinds': '종류', 'people.source': '소스',
    'people.accounts.find': '이름 일부, ID · industry:retail seats>50', 'people.accounts.none': '찾는 고객사가 없습니다', 'people.accounts.nonebody': '이름의 일부, ID의 앞부분, 속성:값이나 속성>숫자로 찾아보세요.', 'people.accounts.nobody': '아직 고객사가 없습니다', 'people.accounts.nobodybody': '이벤트를 보낼 때 group 호출로 사람이 속한 회사를 알려 주면 여기에 나타납니다.',
    'people.accounts.people': '사람', 'people.accounts.changed': '바뀐 때', 'people.accounts.members': '속한 사람', 'people.accounts.nomembers': '아직 속한 사람이 없습니다', 'people.accounts.traits': '그 밖의 속성', 'people.keys': '이용자', 'people.focusfind': '찾기',
  },
  en: {
    'people.find': 'Part of a name, e-mail, id · plan:plus amount>100', 'people.none': 'Nobody like that', 'people.nonebody': 'Type a part of a name, the beginning of an e-mail or id, trait:value or trait>number. Several terms with blanks between have to hold all.',
    'people.unknown': 'There is nobody by this id', 'people.unknownbody': '{id}: no event or trait ever came, or they were erased.',
    'people.nobody': 'Nobody here yet', 'people.nobodybody': 'Make a write key under Event sources and send events from your site or app: people appear here.', 'people.sources': 'Open event sources',
    'people.name': 'Name', 'people.email': 'E-mail', 'people.plan': 'Plan', 'people.country': 'Country', 'people.last': 'Last here', 'people.first': 'First seen', 'people.account': 'Account', 'people.ids': 'Ids', 'people.matched': 'Found by',
    'people.known': '{n} known {n|person|people}', 'people.recent': 'below: those here on the last day, latest first', 'people.id': 'Id',
    'people.traits': 'What is known', 'people.notraits': 'No traits yet. They come with signing in.', 'people.user': 'signs in', 'people.device': 'device',
    'people.history': 'Trait history', 'people.nohistory': 'Nothing changed yet.', 'people.late': 'came late', 'people.latehint': 'Something newer was known already, so nothing changed.', 'people.absent': 'none', 'people.gone': 'removed', 'people.older': 'Older changes', 'people.onlytrait': 'Only this trait', 'people.alltraits': 'All traits',
    'people.segments': 'Segments', 'people.insegments': 'In no segment now.',
    'people.why': 'Why these are one person', 'people.own': 'Somebody signed in under this id. No event makes it another person.', 'people.alone': 'Nothing says yet that somebody signed in under this id.', 'people.joined': 'Joined when it signed in as {user} on {at}',
    'people.byhand': '{who} joined it by hand on {at}: {reason}', 'people.bymessage': 'Because of: {event} · {source}', 'people.split': 'Undo link', 'people.undo': 'Undo', 'people.join': 'Join an id',
    'people.parted': 'Parted ids', 'people.partedby': '{who} parted it on {at}: {reason}', 'people.wasparted': '{who} parted this device from {user}: {reason}', 'people.undoneby': 'Undone by {who} on {at}',
    'people.no.another_came_first': '{user} used this device too, on {at}; it stays with who came first.', 'people.no.two_users': 'Said to be {user} on {at}; two ids that people signed in under are not joined ({event} · {source}).', 'people.no.split_by_hand': 'Said to be {user}’s on {at}; it was parted by hand.', 'people.no.joined_by_hand': 'Said to be {user}’s on {at}; what was joined by hand stands.',
    'people.refused': 'Links that were refused', 'people.claimed': '{id} was said to be this person too:',
    'people.splittitle': 'Undo the link to {id}', 'people.splitbody': 'The id gets its events and traits back and every question follows at once. The same event does not join it again. You can take this back at any time.', 'people.reason': 'Reason', 'people.reasonhint': 'For whoever reads this later.',
    'people.jointitle': 'Join an id to {user}', 'people.joinbody': 'The id’s events and traits become this person’s. You can take this back at any time.', 'people.whichid': 'Device or user id', 'people.twousers': 'I made sure that two user ids are the same person', 'people.twousershint': 'Only needed where somebody signed in under both. Owners and admins only.',
    'people.didsplit': '{id} stands on its own', 'people.didjoin': '{id} was joined', 'people.didundo': 'Taken back', 'people.message': 'Message that decided', 'people.moreids': '{n} more {n|id|ids}',
    'people.timeline': 'Timeline', 'people.all': 'All', 'people.allevents': 'All events', 'people.noevents': 'No events fit here', 'people.more': 'Show more', 'people.live': 'Live', 'people.paused': 'Paused', 'people.jump': 'Jump to a date', 'people.tonow': 'Back to now', 'people.session': 'Session · {n} {n|event|events}', 'people.ofaccount': 'account',
    'people.kind.activity': 'Activity', 'people.kind.messages': 'Messages', 'people.kind.deals': 'Deals', 'people.kind.segments': 'Segments', 'people.kind.social': 'Social', 'people.kind.automation': 'Automation', 'people.kind.people': 'Identity', 'people.kind.ads': 'Ads', 'people.kinds': 'Kind', 'people.source': 'Source',
    'people.accounts.find': 'Part of a name, id · industry:retail seats>50', 'people.accounts.none': 'No account like that', 'people.accounts.nonebody': 'Type a part of a name, the beginning of an id, trait:value or trait>number.', 'people.accounts.nobody': 'No accounts yet', 'people.accounts.nobodybody': 'Say with a group call which company somebody belongs to: it appears here.',
    'people.accounts.people': 'People', 'people.accounts.changed': 'Changed', 'people.accounts.members': 'Its people', 'people.accounts.nomembers': 'Nobody belongs to it yet', 'people.accounts.traits': 'What else is known', 'people.keys': 'People', 'people.focusfind': 'Find',
  },
});

// What somebody is called: by name, by e-mail, or by an id.
export const shortId = person => person.distinct_ids[0] || String(person.id).slice(0, 8);
export const called = person => person.traits.name || person.traits.email || shortId(person);
export const shown = value => value === null || value === undefined ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value);
