// What keeps a design from being launched, at the place it is about. The server says it in English; what is known by its place
// is said in the language of the screen.
import { state, t, words } from '../web/kit.js';

words({
  ko: {
    'camp.pr.name': '이름을 적으세요 (200자까지)', 'camp.pr.event': '이벤트를 고르세요', 'camp.pr.rule': '규칙을 채우세요', 'camp.pr.audience': '시각으로 시작하는 캠페인은 대상이 있어야 합니다', 'camp.pr.at': '날짜와 시각을 고르세요', 'camp.pr.every': '언제 되풀이할지 고르세요', 'camp.pr.length': '길이를 적으세요', 'camp.pr.time': '시각을 고르세요', 'camp.pr.words': '채워야 합니다', 'camp.pr.texts': '글이 하나는 있어야 합니다', 'camp.pr.nodes': '단계를 넣으세요', 'camp.pr.unreachable': '여기로 오는 길이 없습니다', 'camp.pr.circle': '길이 제자리를 돕니다', 'camp.pr.arms': '몫은 둘 이상이고 이름이 서로 달라야 합니다', 'camp.pr.share': '몫은 0보다 커야 합니다', 'camp.pr.traits': '바꿀 특성을 적으세요', 'camp.pr.url': 'https:// 로 시작하는 주소를 적으세요', 'camp.pr.channel': '어느 채널인지 적으세요', 'camp.pr.handtext': '왜 넘기는지 적으세요', 'camp.pr.goal': '목표 이벤트를 고르세요', 'camp.pr.missing_node': '없는 단계로 갑니다', 'camp.pr.holdout': '0 이상 100 미만이어야 합니다', 'camp.pr.line': '{n}번째 줄: {said}', 'camp.pr.when': '길이 하나는 있어야 합니다',
  },
  en: {},
});

// Place → the word for it, the first that fits. What has none is said as the server said it.
const KNOWN = [
  [/^name/, 'name'], [/^goal/, 'goal'], [/^entry\.audience$/, 'audience'], [/^entry\.at$/, 'at'], [/^entry\.every/, 'every'], [/^nodes$|^start$/, 'nodes'], [/\.share$/, 'share'], [/\.arms$/, 'arms'], [/\.when$/, 'when'], [/\.traits$/, 'traits'],
  [/\.url$/, 'url'], [/\.channel$/, 'channel'], [/^nodes\[\d+\]\.text$/, 'handtext'], [/\.rule$/, 'rule'], [/\.event(\.event)?$|^entry\.trigger|^exits\[\d+\]$/, 'event'], [/\.time$/, 'time'], [/\.(for|within|after)$|^window$/, 'length'], [/\.texts$/, 'texts'], [/^holdout$/, 'holdout'],
];
export function problemSaid(it) {
  if (state.lang !== 'ko') return it.message;
  if (it.code === 'unreachable' || it.code === 'missing_node') return t('camp.pr.' + it.code);
  if (/circle|loop/i.test(it.code ?? '')) return t('camp.pr.circle');
  const line = it.line ?? Number(/^Line (\d+):/.exec(it.message)?.[1]);
  if (line) return t('camp.pr.line', { n: line, said: it.message.replace(/^Line \d+: /, '') });
  if (/\.texts\.\w+\.\w+$/.test(it.field)) return /has a |not filled|nor/i.test(it.message) ? t('camp.pr.words') : it.message;
  const known = KNOWN.find(([place]) => place.test(it.field));
  return known ? t('camp.pr.' + known[1]) : it.message;
}

export class Problems {
  constructor(list = []) { this.list = list; }
  get count() { return this.list.length; }
  // Exactly at a place, {message, line}; a whole (`nodes[2]`, `entry.audience`) also answers for what no field of a form shows.
  at(place) {
    const it = this.list.find(one => one.field === place);
    return it ? { message: problemSaid(it), line: it.line ?? (Number(/^Line (\d+):/.exec(it.message)?.[1]) || null) } : null;
  }
  said(place) { return this.at(place)?.message ?? (/\.(rule|audience)$/.test(place) ? this.within(place) : /^nodes\[\d+\]$/.test(place) ? this.at(place + '.id')?.message ?? '' : ''); }
  within(place) { const it = this.list.find(one => one.field.startsWith(place)); return it ? problemSaid(it) : ''; }
  // By the id of the node; '' is the start with all that is not a node's.
  byNode(nodes) {
    const found = {};
    for (const one of this.list) {
      const at = /^nodes\[(\d+)\]/.exec(one.field)?.[1], id = at === undefined ? '' : nodes[+at]?.id ?? '';
      found[id] ??= problemSaid(one);
    }
    return found;
  }
  // Where the first one is seen: {node, lang} with `words` when it is a message's words that are wrong.
  first(nodes) {
    const one = this.list[0];
    if (!one) return null;
    const at = /^nodes\[(\d+)\]/.exec(one.field)?.[1];
    return { node: at === undefined ? '' : nodes[+at]?.id ?? '', words: /\.texts/.test(one.field) };
  }
}

// Whether what a problem's field names is another than it was: "nodes[1].texts.ko.subject". A node is known by its id.
export function differs(now, before, field) {
  const parts = field.split(/[.[\]]+/).filter(Boolean);
  let old = before, made = now;
  for (const [i, part] of parts.entries()) {
    const named = parts[i - 1] === 'nodes' && made?.[part]?.id;
    old = named ? old?.find?.(one => one.id === named) : old?.[part];
    made = made?.[part];
  }
  return said(made) !== said(old);
}
const said = value => value === null || value === undefined || value === '' || (typeof value === 'object' && !Object.keys(value).length) ? '' : JSON.stringify(value);
