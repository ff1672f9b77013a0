// Words of recommendations.
import { t, words } from '../web/kit.js';

const KINDS = {
  blend: ['섞어서', 'Blend', '성과가 좋은 종류를 더 자주', 'The kinds that do well more often'],
  together: ['함께 들음', 'Heard together', '같은 것을 들은 사람이 들은 것', 'What people heard who heard the same'],
  collaborative: ['취향이 비슷함', 'Similar taste', '비슷한 취향의 사람이 좋아한 것', 'What people of their taste like'],
  popular: ['지금 인기', 'Popular now', '요즘 많이 듣는 것, 좋아하는 장르부터', 'Heard much these days, their genre first'],
  genre: ['장르 인기', 'Popular in genre', '', ''],
  live: ['방송 시작', 'Went live', '팔로우하거나 듣던 크리에이터의 방송', 'By creators they follow or heard'],
  resurrect: ['오랜 단골', 'Old favourites', '예전에 자주 듣다 멀어진 것', 'What they loved and have not heard for long'],
  new: ['새로 나옴', 'New', '취향에 가까운 새 방송', 'New ones near their taste'],
};
const of = (name, which) => Object.fromEntries(Object.entries(KINDS).map(([key, texts]) => [`reco.${name}.${key}`, texts[which]]));

words({
  ko: {
    ...of('k', 0), ...of('a', 2),
    'reco.kinds': '종류', 'reco.catalogue': '카탈로그', 'reco.try': '사람으로 보기', 'reco.setup': '설정',
    'reco.fresh': '청취 기록', 'reco.freshabout': '로그에 들어온 청취가 여기까지 반영되었습니다. 몇 초마다 따라갑니다.', 'reco.model': '모델', 'reco.modelabout': '비슷함과 취향을 배운 때. 여섯 시간마다, 또는 청취가 크게 늘면 새로 배웁니다.', 'reco.people': '사람', 'reco.tokens': '항목·크리에이터', 'reco.listens': '청취', 'reco.never': '아직',
    'reco.learn': '지금 새로 배우기', 'reco.wanted': '곧 시작합니다', 'reco.stopped': '멈추게 했습니다', 'reco.stage.reading': '기록 읽는 중', 'reco.stage.together': '함께 들은 것 계산 중', 'reco.stage.collaborative': '취향 배우는 중', 'reco.error': '마지막 학습이 끝나지 못했습니다: {text}',
    'reco.kind': '종류', 'reco.shown': '보여 줌', 'reco.clicked': '누름', 'reco.consumed': '{window} 안에 들음', 'reco.chance': '섞을 때 몫', 'reco.chanceabout': '지금까지의 성과로 볼 때 이 종류가 가장 나을 확률. 섞어서 보낼 때 이만큼 먼저 고릅니다.', 'reco.measured': '{at} 기준. 보여 준 지 {window}이 지난 것만 셉니다.', 'reco.nothing': '아직 보여 준 추천이 없습니다', 'reco.nothingbody': '캠페인의 메시지에 추천을 넣거나, 앱에서 ‘Recommendation Shown’ 이벤트를 보내면 종류별 성과가 쌓입니다.', 'reco.interval': '95% 구간 {low}–{high}',
    'reco.find': '이름·크리에이터·장르로 찾기', 'reco.all': '모두', 'reco.live': '지금 방송', 'reco.ended': '끝남', 'reco.blocked': '막음', 'reco.broadcast': '방송', 'reco.creator': '크리에이터', 'reco.product': '상품', 'reco.title': '이름', 'reco.genre': '장르', 'reco.type': '유형', 'reco.times': '언제', 'reco.state': '상태', 'reco.since': '{at}부터', 'reco.until': '{at}까지', 'reco.block': '막기', 'reco.unblock': '풀기', 'reco.blockcreator': '크리에이터 막기', 'reco.isblocked': '추천에서 뺐습니다', 'reco.isopen': '다시 추천합니다', 'reco.noitems': '카탈로그가 비어 있습니다', 'reco.noitemsbody': 'POST /api/v1/items 로 방송, 크리에이터, 상품을 넣어 주세요.', 'reco.nofit': '맞는 것이 없습니다', 'reco.blockedcreators': '막은 크리에이터', 'reco.count': '{n}개', 'reco.more': '더 보기',
    'reco.who': '이름·이메일로 찾기', 'reco.choose': '사람을 고르면 그 사람이 받을 추천이 보입니다', 'reco.none': '이 종류로는 추천할 것이 없습니다', 'reco.why': '까닭', 'reco.score': '점수',
    'reco.event': '좋아함을 말해 주는 이벤트', 'reco.eventhint': '예: Listen Started. 이 이벤트를 한 사람은 그 항목을 들은 것입니다.', 'reco.item': '항목의 id가 있는 곳', 'reco.itemhint': '속성 이름을 차례로. object는 이벤트의 대상입니다.', 'reco.creatorat': '크리에이터의 id가 있는 곳', 'reco.genreat': '장르가 있는 속성', 'reco.days': '며칠 전까지 보나', 'reco.window': '성과를 세는 기간', 'reco.save': '저장하고 새로 읽기', 'reco.saveask': '지금까지의 청취 기록과 모델을 지우고 로그를 처음부터 다시 읽습니다. 그동안은 인기 위주로 추천됩니다.', 'reco.saved': '저장했습니다. 로그를 다시 읽고 있습니다.',
    'reco.span.m': '{n}분', 'reco.span.h': '{n}시간', 'reco.span.d': '{n}일', 'reco.span.w': '{n}주', 'reco.span.s': '{n}초',
    'reco.following': '팔로우 이벤트', 'reco.unfollowing': '팔로우 취소 이벤트', 'reco.begins': '방송 시작 이벤트', 'reco.ends': '방송 종료 이벤트',
  },
  en: {
    ...of('k', 1), ...of('a', 3),
    'reco.kinds': 'Kinds', 'reco.catalogue': 'Catalogue', 'reco.try': 'Try as a person', 'reco.setup': 'Set-up',
    'reco.fresh': 'Listens read', 'reco.freshabout': 'Listens that reached the log by then are known. It follows every few seconds.', 'reco.model': 'Model', 'reco.modelabout': 'When nearness and tastes were learned: every six hours, or when there is much more to learn from.', 'reco.people': 'People', 'reco.tokens': 'Items and creators', 'reco.listens': 'Listens', 'reco.never': 'not yet',
    'reco.learn': 'Learn anew now', 'reco.wanted': 'It begins in a moment', 'reco.stopped': 'It was told to stop', 'reco.stage.reading': 'Reading histories', 'reco.stage.together': 'Finding what goes together', 'reco.stage.collaborative': 'Learning tastes', 'reco.error': 'The last model was not finished: {text}',
    'reco.kind': 'Kind', 'reco.shown': 'Shown', 'reco.clicked': 'Clicked', 'reco.consumed': 'Heard within {window}', 'reco.chance': 'Share of the blend', 'reco.chanceabout': 'How likely this kind is the best by what came of it so far. The blend picks it first for as many.', 'reco.measured': 'As of {at}. Only what was shown at least {window} ago counts.', 'reco.nothing': 'No recommendation was shown yet', 'reco.nothingbody': 'Put recommendations into a campaign’s message, or send “Recommendation Shown” events from an app, and each kind is measured here.', 'reco.interval': '95% interval {low}–{high}',
    'reco.find': 'Find by name, creator, genre', 'reco.all': 'All', 'reco.live': 'On air', 'reco.ended': 'Ended', 'reco.blocked': 'Blocked', 'reco.broadcast': 'Broadcast', 'reco.creator': 'Creator', 'reco.product': 'Product', 'reco.title': 'Name', 'reco.genre': 'Genre', 'reco.type': 'Type', 'reco.times': 'When', 'reco.state': 'State', 'reco.since': 'from {at}', 'reco.until': 'until {at}', 'reco.block': 'Block', 'reco.unblock': 'Unblock', 'reco.blockcreator': 'Block the creator', 'reco.isblocked': 'Out of every recommendation', 'reco.isopen': 'Recommended again', 'reco.noitems': 'The catalogue is empty', 'reco.noitemsbody': 'Fill it with broadcasts, creators and products by POST /api/v1/items.', 'reco.nofit': 'Nothing fits', 'reco.blockedcreators': 'Blocked creators', 'reco.count': '{n} {n|item|items}', 'reco.more': 'More',
    'reco.who': 'Find by name or e-mail', 'reco.choose': 'Choose somebody to see what they would be recommended', 'reco.none': 'This kind has nothing for them', 'reco.why': 'Why', 'reco.score': 'Score',
    'reco.event': 'The event that says what people like', 'reco.eventhint': 'Such as Listen Started: whoever does it has heard the item.', 'reco.item': 'Where the item’s id is', 'reco.itemhint': 'Names of properties, in order. object is the event’s own.', 'reco.creatorat': 'Where the creator’s id is', 'reco.genreat': 'The property with the genre', 'reco.days': 'Days to look back', 'reco.window': 'Time that counts as a success', 'reco.save': 'Save and read anew', 'reco.saveask': 'All histories and the model are dropped and the log is read from its beginning. Until then mostly hits are recommended.', 'reco.saved': 'Saved. The log is being read again.',
    'reco.span.m': '{n} {n|minute|minutes}', 'reco.span.h': '{n} {n|hour|hours}', 'reco.span.d': '{n} {n|day|days}', 'reco.span.w': '{n} {n|week|weeks}', 'reco.span.s': '{n} {n|second|seconds}',
    'reco.following': 'Follow event', 'reco.unfollowing': 'Unfollow event', 'reco.begins': 'Event that begins a broadcast', 'reco.ends': 'Event that ends it',
  },
});

// A duration such as 3d in words.
export const span = text => { const found = /^(\d+)([smhdw])$/.exec(text ?? ''); return found ? t('reco.span.' + found[2], { n: Number(found[1]) }) : text; };
