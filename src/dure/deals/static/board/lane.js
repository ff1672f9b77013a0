// A lane that draws only the cards one sees: several thousand deals in it scroll as smoothly as ten.
import { html, onMounted, onUnmounted, ref } from '../../web/kit.js';

// Every card is as tall as every other, so that a card's place follows from its number.
export const CARD = 130, GAP = 7;
const BEYOND = 6;

export const Lane = {
  props: ['deals', 'card', 'held', 'empty', 'label'],
  setup(p) {
    const box = ref(), from = ref(0), seen = ref(12);
    const measure = () => {
      const el = box.value;
      if (!el) return;
      from.value = Math.max(0, Math.floor(el.scrollTop / (CARD + GAP)) - BEYOND);
      seen.value = Math.ceil(el.clientHeight / (CARD + GAP)) + 2 * BEYOND;
    };
    let watching, frame = 0;
    const scrolled = () => { frame ||= requestAnimationFrame(() => { frame = 0; measure(); }); };
    onMounted(() => { watching = new ResizeObserver(measure); watching.observe(box.value); measure(); });
    onUnmounted(() => { watching?.disconnect(); cancelAnimationFrame(frame); });
    return () => {
      const all = p.deals, first = Math.min(from.value, Math.max(0, all.length - 1)), last = Math.min(all.length, first + seen.value), shown = all.slice(first, last);
      // The card in one's hand stays drawn, wherever its lane is scrolled to.
      const held = p.held && all.findIndex(d => d.id === p.held);
      if (typeof held === 'number' && held >= 0 && (held < first || held >= last)) shown.push(all[held]);
      return html`<ul ref=${box} class="deals-lane-list" aria-label=${p.label} @scroll=${scrolled}>
        ${first > 0 && html`<li key="above" aria-hidden="true" class="deals-gap" style=${`height:${first * (CARD + GAP) - GAP}px`}></li>`}
        ${shown.map(p.card)}
        ${last < all.length && html`<li key="below" aria-hidden="true" class="deals-gap" style=${`height:${(all.length - last) * (CARD + GAP) - GAP}px`}></li>`}
        ${!all.length && html`<li class="mut sm c" key="none">${p.empty}</li>`}</ul>`;
    };
  },
};
