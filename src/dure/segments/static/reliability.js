// What was said beside what happened, ten groups of equally many people; on the line would be perfect.
import { html, num, percent, ref, t } from '../web/kit.js';
import './scores_words.js';

const S = 300, L = 44, B = 34, T = 8;

export const Reliability = {
  props: ['bins'],
  setup(p) {
    const at = ref(null);
    return () => {
      const top = Math.min(1, Math.max(0.05, ...p.bins.flatMap(b => [b.said, b.happened])) * 1.06), X = v => L + v / top * S, Y = v => T + S - v / top * S;
      const ticks = [0, 0.25, 0.5, 0.75, 1].map(k => k * top), name = b => `${t('sco.said')} ${percent(b.said)} · ${t('sco.happened')} ${percent(b.happened)} · ${num(b.people)}`;
      const on = at.value == null ? null : p.bins[at.value];
      return html`<figure class="sco-rel"><svg viewBox=${`0 0 ${L + S + 24} ${T + S + B}`} role="img" aria-label=${t('sco.reliability')}>
        ${ticks.map(v => html`<line key=${'h' + v} class="grid" x1=${L} x2=${L + S} y1=${Y(v)} y2=${Y(v)} /><text key=${'y' + v} class="ax" x=${L - 6} y=${Y(v) + 4} text-anchor="end">${percent(v, 0)}</text><text key=${'x' + v} class="ax" x=${X(v)} y=${T + S + 15} text-anchor="middle">${percent(v, 0)}</text>`)}
        <line class="sco-perfect" x1=${X(0)} y1=${Y(0)} x2=${X(top)} y2=${Y(top)} />
        <polyline class="sco-line" points=${p.bins.map(b => `${X(b.said)},${Y(b.happened)}`).join(' ')} />
        ${p.bins.map((b, i) => html`<circle key=${i} class="sco-dot" cx=${X(b.said)} cy=${Y(b.happened)} r=${at.value === i ? 7 : 5} tabindex="0" role="img" aria-label=${name(b)} @mouseenter=${() => { at.value = i; }} @mouseleave=${() => { at.value = null; }} @focus=${() => { at.value = i; }} @blur=${() => { at.value = null; }}><title>${name(b)}</title></circle>`)}
        <text class="ax" x=${L + S / 2} y=${T + S + 31} text-anchor="middle">${t('sco.said')}</text></svg>
        <figcaption class="mut sm" role="status">${on ? name(on) : t('sco.reliabilitynote')}</figcaption></figure>`;
    };
  },
};
