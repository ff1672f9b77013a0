// Questions asked lately and those kept at hand, on this device. The address holds each of them.
import { html, icon, Menu, remember, shallowRef, t, toast, words } from '../web/kit.js';
import { titleOf } from './titles.js';

words({
  ko: { 'r.recent': '최근 질문', 'r.pin': '이 질문 고정', 'r.unpin': '고정 풀기', 'r.pinned': '고정했습니다', 'r.none': '아직 없습니다' },
  en: { 'r.recent': 'Recent questions', 'r.pin': 'Pin this question', 'r.unpin': 'Unpin this question', 'r.pinned': 'Pinned', 'r.none': 'None yet' },
});

const MOST = 12, MOST_PINNED = 20;
const kept = shallowRef(remember('explore.recent') ?? []);   // [{q, pinned}]
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function keep(list) {
  const pinned = list.filter(it => it.pinned).slice(0, MOST_PINNED), rest = list.filter(it => !it.pinned).slice(0, MOST);
  kept.value = remember('explore.recent', [...pinned, ...rest]);
}
// A question that was answered. One that only differs in details from the newest takes its place.
export function noted(q) {
  if (kept.value.some(it => same(it.q, q))) return;
  const [first, ...rest] = kept.value.filter(it => !it.pinned), near = first && titleOf(first.q).what === titleOf(q).what && first.q.kind === q.kind;
  keep([...kept.value.filter(it => it.pinned), { q }, ...(near || !first ? [] : [first]), ...rest]);
}
const turn = (q, on) => { keep([{ q, pinned: on }, ...kept.value.filter(it => !same(it.q, q))]); if (on) toast(t('r.pinned')); };

export const Recent = {
  props: ['question', 'open'],
  setup: p => () => {
    const pinned = !!p.question && kept.value.some(it => it.pinned && same(it.q, p.question));
    const items = kept.value.map(it => { const { kind, what } = titleOf(it.q); return { label: `${kind}: ${what}`, icon: it.pinned ? 'star' : 'clock', run: () => p.open(it.q) }; });
    return html`<${Menu} label=${t('r.recent')} icon="clock" cls="btn ghost ico sm"
      items=${[...(p.question ? [{ label: t(pinned ? 'r.unpin' : 'r.pin'), icon: 'star', run: () => turn(p.question, !pinned) }, null] : []),
      ...(items.length ? items : [{ label: t('r.none'), disabled: true, run() {} }])]} />`;
  },
};
