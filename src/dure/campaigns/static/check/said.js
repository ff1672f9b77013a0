// The lines of the list that is checked twice: a code and its figures as a sentence.
import { listed, num, percent, t, words } from '../../web/kit.js';
import { code } from '../words.js';

words({
  ko: {
    'camp.cl.nobody': '대상이 한 명도 없습니다', 'camp.cl.size': '대상 {reach}명. 평소 {usual}명', 'camp.cl.sizefirst': '대상 {reach}명', 'camp.cl.larger_than_usual': '대상이 {reach}명으로 평소({usual}명)보다 훨씬 많습니다', 'camp.cl.broken_links': '열리지 않을 주소: {links}', 'camp.cl.links': '주소 {links}개가 모두 온전합니다', 'camp.cl.missing_translation': '번역이 빠진 곳: {where}', 'camp.cl.unwritten_language': '이 말을 쓰는 사람이 있지만 글이 없습니다: {languages}', 'camp.cl.languages': '모든 글이 {languages}(으로/로) 있습니다', 'camp.cl.transactional': '정보성이라 수신거부와 상한을 보지 않습니다', 'camp.cl.no_way_out': '수신거부할 길이 없습니다: {nodes}', 'camp.cl.way_out': '수신거부할 길이 있습니다', 'camp.cl.no_holdout': '대조군이 없어 효과를 알 수 없습니다', 'camp.cl.holdout': '{share}는 보내지 않고 견줍니다', 'camp.cl.no_caps': '사람마다 받는 횟수 상한이 없습니다', 'camp.cl.ignores_quiet_hours': '조용한 시간에도 보냅니다: {nodes}', 'camp.cl.no_quiet_hours': '조용한 시간이 정해지지 않았습니다', 'camp.cl.quiet_hours': '조용한 시간을 지킵니다', 'camp.cl.outside_business_hours': '일하는 시간 밖에 나갑니다: {times}', 'camp.cl.clock_jumps': '그날 시계가 {at}(을/를) 건너뜁니다', 'camp.cl.not_tested': '바꾼 뒤 시험 발송하지 않은 메시지: {nodes}', 'camp.cl.tested': '모든 메시지를 시험 발송했습니다', 'camp.cl.problems': '고칠 곳이 있습니다',
  },
  en: {
    'camp.cl.nobody': 'Nobody is in the audience', 'camp.cl.size': '{reach} {reach|person|people} in the audience; usually {usual}', 'camp.cl.sizefirst': '{reach} {reach|person|people} in the audience', 'camp.cl.larger_than_usual': '{reach} {reach|person|people}: far more than the usual {usual}', 'camp.cl.broken_links': 'Addresses that lead nowhere: {links}', 'camp.cl.links': 'All {links} {links|address|addresses} are whole', 'camp.cl.missing_translation': 'Not translated: {where}', 'camp.cl.unwritten_language': 'People speak this, and there is no text: {languages}', 'camp.cl.languages': 'All texts are there in {languages}', 'camp.cl.transactional': 'Transactional: unsubscribing and caps do not apply', 'camp.cl.no_way_out': 'No way to unsubscribe: {nodes}', 'camp.cl.way_out': 'One can unsubscribe', 'camp.cl.no_holdout': 'There is no control, so its effect cannot be known', 'camp.cl.holdout': '{share} are held back to compare with', 'camp.cl.no_caps': 'There is no cap on messages a person', 'camp.cl.ignores_quiet_hours': 'Sent in quiet hours too: {nodes}', 'camp.cl.no_quiet_hours': 'No quiet hours are set', 'camp.cl.quiet_hours': 'Quiet hours are kept', 'camp.cl.outside_business_hours': 'Goes out outside of working hours: {times}', 'camp.cl.clock_jumps': 'The clock jumps over {at} on that day', 'camp.cl.not_tested': 'Not tested since they changed: {nodes}', 'camp.cl.tested': 'Every message was sent as a test', 'camp.cl.problems': 'Some places need mending',
  },
});

export function checkSaid({ code: name, data = {} }) {
  const languages = Array.isArray(data.languages) ? listed(data.languages.map(one => code('lang', one))) : Object.entries(data.languages ?? {}).map(([one, share]) => `${code('lang', one)} ${percent(share)}`).join(', ');
  const said = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Array.isArray(value) ? listed(value.map(String)) : value]));
  const key = 'camp.cl.' + (name === 'size' && data.usual == null ? 'sizefirst' : name), text = t(key, { ...said, languages, share: data.share == null ? '' : percent(data.share, 0), links: Array.isArray(data.links) ? data.links.join(', ') : Number(data.links ?? 0), reach: Number(data.reach ?? 0), usual: num(data.usual) });
  return text === key ? name.replaceAll('_', ' ') : text;
}
