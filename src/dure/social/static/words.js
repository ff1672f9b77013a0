// The words of the Social screen.
import { words } from '../web/kit.js';

words({
  ko: {
    'social.text': '본문이나 작성자 찾기', 'social.network': '네트워크', 'social.intent': '의도', 'social.topic': '주제',
    'social.language': '언어', 'social.state': '상태', 'social.function': '담당', 'social.sentiment': '감정', 'social.theme': '라벨', 'social.onlylabel': '"{name}" 라벨이 붙은 것만',
    'social.own': '남이 쓴 글', 'social.ours': '우리가 쓴 글', 'social.everybody': '모두가 쓴 글', 'social.waiting': '미배정', 'social.clear': '필터 지우기',
    'social.new': '미배정', 'social.routed': '배정됨', 'social.done': '완료',
    'social.good': '긍정', 'social.flat': '중립', 'social.bad': '부정',
    'social.ko': '한국어', 'social.en': '영어', 'social.ja': '일본어', 'social.zh': '중국어',
    'social.product': '프로덕트', 'social.marketing': '마케팅', 'social.sales': '영업', 'social.ad_ops': '광고 운영',
    'social.social': '소셜', 'social.care': '고객 응대', 'social.people': '피플', 'social.press': '홍보', 'social.executives': '경영진',
    'social.volume': '시간당 말한 사람', 'social.voices': '사람', 'social.usual': '평소', 'social.alarm': '급증 기준',
    'social.volumenote': '같은 요일·시각의 지난 6주에 견줌', 'social.days': '{n}일',
    'social.topics': '주제', 'social.mentions': '언급', 'social.change': '변화', 'social.negative': '부정',
    'social.last7': '최근 7일, 그 전 7일과 견줌', 'social.spikes': '급증', 'social.on': '진행 중', 'social.over': '가라앉음',
    'social.seen': '알아챈 때 시간당 {n}명, 평소 {usual}', 'social.fewer': '1명 미만', 'social.about': '{n}명', 'social.peak': '최고 {n}명',
    'social.nospikes': '지난 30일에 급증이 없었습니다',
    'social.stream': '언급', 'social.fresh': '새 언급 보기', 'social.more': '더 보기', 'social.copies': '비슷한 글 {n}개',
    'social.none': '아직 들어온 언급이 없습니다', 'social.nonebody': '피드, 리뷰, 메일, 웹훅, 파일을 소스로 연결하면 글이 여기에 모입니다.',
    'social.nofit': '조건에 맞는 언급이 없습니다', 'social.nofitbody': '필터를 줄이면 더 보입니다.',
    'social.back': '목록으로', 'social.open': '원문 열기', 'social.reach': '도달 {n}명', 'social.reading': '분류',
    'social.sure': '확신 {n}', 'social.unsure': '확신이 낮아 사람이 보기를 기다립니다',
    'social.corrected': '사람이 바로잡음', 'social.route': '담당에게 보내기', 'social.finish': '완료', 'social.reopen': '다시 열기',
    'social.sent': '{name}(으로/로) 보냈습니다', 'social.kept': '분류를 바로잡았습니다', 'social.finished': '완료로 표시했습니다',
    'social.keys': '소셜', 'social.keydone': '완료 또는 다시 열기', 'social.keyclose': '상세 닫기', 'social.keyfind': '찾기',
    'social.sources': '소스', 'social.reader': '글 읽는 모델', 'social.spam': '스팸 {n}', 'social.notspam': '스팸 아님', 'social.isspam': '스팸으로',
    'social.why.model': '말투', 'social.why.links': '여러 링크', 'social.why.same_link': '같은 링크 되풀이', 'social.why.hashtags': '해시태그 더미', 'social.why.follow': '맞팔 권유', 'social.why.contact': '메신저로 부름', 'social.why.kept': '불만일 수 있어 숨기지 않음', 'social.why.person': '사람이 정함',
    'social.conflict': '그 사이 다른 사람이 바꾸었습니다. 새로 불러왔습니다.',
  },
  en: {
    'social.text': 'Find in texts and authors', 'social.network': 'Network', 'social.intent': 'Intent', 'social.topic': 'Topic',
    'social.language': 'Language', 'social.state': 'State', 'social.function': 'With', 'social.sentiment': 'Feeling', 'social.theme': 'Label', 'social.onlylabel': 'Only those labelled “{name}”',
    'social.own': 'By others', 'social.ours': 'Our own', 'social.everybody': 'By everybody', 'social.waiting': 'Open', 'social.clear': 'Clear filters',
    'social.new': 'Unrouted', 'social.routed': 'Routed', 'social.done': 'Done',
    'social.good': 'Positive', 'social.flat': 'Neutral', 'social.bad': 'Negative',
    'social.ko': 'Korean', 'social.en': 'English', 'social.ja': 'Japanese', 'social.zh': 'Chinese',
    'social.product': 'Product', 'social.marketing': 'Marketing', 'social.sales': 'Sales', 'social.ad_ops': 'Ad operations',
    'social.social': 'Social', 'social.care': 'Care', 'social.people': 'People', 'social.press': 'Press', 'social.executives': 'Executives',
    'social.volume': 'People an hour', 'social.voices': 'People', 'social.usual': 'Usual', 'social.alarm': 'Spike from',
    'social.volumenote': 'against the same weekday and hour of six weeks', 'social.days': '{n} days',
    'social.topics': 'Topics', 'social.mentions': 'Mentions', 'social.change': 'Change', 'social.negative': 'Negative',
    'social.last7': 'last 7 days against the 7 before', 'social.spikes': 'Spikes', 'social.on': 'On', 'social.over': 'Over',
    'social.seen': '{n} an hour when noticed, usually {usual}', 'social.fewer': 'fewer than 1', 'social.about': '{n}', 'social.peak': 'peak {n}',
    'social.nospikes': 'No spike in the last 30 days',
    'social.stream': 'Mentions', 'social.fresh': 'Show new mentions', 'social.more': 'Show more', 'social.copies': '{n} near {n|copy|copies}',
    'social.none': 'No mentions yet', 'social.nonebody': 'Connect a feed, reviews, e-mail, a webhook or a file as a source, and what they say gathers here.',
    'social.nofit': 'No mention fits', 'social.nofitbody': 'With fewer filters there is more to see.',
    'social.back': 'Back to the list', 'social.open': 'Open the post', 'social.reach': 'reach {n}', 'social.reading': 'Reading',
    'social.sure': 'confidence {n}', 'social.unsure': 'Too unsure to route; it waits for a person',
    'social.corrected': 'Corrected by a person', 'social.route': 'Hand over to', 'social.finish': 'Done', 'social.reopen': 'Reopen',
    'social.sent': 'Handed over to {name}', 'social.kept': 'The reading was corrected', 'social.finished': 'Marked as done',
    'social.keys': 'Social', 'social.keydone': 'Done, or reopen', 'social.keyclose': 'Close the detail', 'social.keyfind': 'Find',
    'social.sources': 'Sources', 'social.reader': 'Reader', 'social.spam': 'spam {n}', 'social.notspam': 'Not spam', 'social.isspam': 'Is spam',
    'social.why.model': 'wording', 'social.why.links': 'several links', 'social.why.same_link': 'one link again and again', 'social.why.hashtags': 'a heap of hashtags', 'social.why.follow': 'offers to follow back', 'social.why.contact': 'calls into a messenger', 'social.why.kept': 'kept, for it may be a complaint', 'social.why.person': 'a person said so',
    'social.conflict': 'Somebody changed it meanwhile; it was loaded anew.',
  },
});

export const FEELINGS = { 1: 'social.good', 0: 'social.flat', '-1': 'social.bad' };
const NETWORKS = { x: 'X', community: '커뮤니티', jobplanet: '잡플래닛', glassdoor: '글래스도어', blind: '블라인드', naver_blog: '네이버 블로그', app_store: 'App Store', play_store: 'Google Play', instagram: 'Instagram', facebook: 'Facebook', threads: 'Threads', tiktok: 'TikTok', linkedin: 'LinkedIn', twitter: 'X', discord: 'Discord', kakao: '카카오', kakaotalk: '카카오톡', naver_cafe: '네이버 카페', webhook: '웹훅', youtube: 'YouTube', mastodon: '마스토돈', bluesky: '블루스카이', reddit: '레딧', web: '웹', email: '이메일', discourse: 'Discourse', github: 'GitHub', fediverse: '페디버스', employer: '회사 리뷰', file: '파일' };
const NETWORKS_EN = { jobplanet: 'Jobplanet', glassdoor: 'Glassdoor', blind: 'Blind', naver_blog: 'Naver Blog', naver_cafe: 'Naver Cafe', kakao: 'Kakao', kakaotalk: 'KakaoTalk', webhook: 'Webhook', community: 'Community', mastodon: 'Mastodon', bluesky: 'Bluesky', reddit: 'Reddit', web: 'Web', email: 'E-mail', fediverse: 'Fediverse', employer: 'Employer reviews', file: 'File' };

export const KNOWN_NETWORKS = Object.keys(NETWORKS);

// Whose account it is: a site by its address, everybody else with an @.
export const handleOf = handle => !handle ? '' : /^https?:/.test(handle) ? handle.replace(/^https?:\/\/|\/$/g, '') : handle.replace(/^@*/, '@');

// A network's name as people write it; one that is not known here is shown as it came.
export function networkName(name, lang) {
  if (lang === 'en' && NETWORKS_EN[name]) return NETWORKS_EN[name];
  return NETWORKS[name] ?? name;
}
