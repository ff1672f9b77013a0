// A funnel: each step's count, its share of the first and of the step before. steps: [{name, count, median_seconds}]
import { duration, num, percent } from '../format.js';
import { html } from '../html.js';
import { icon } from '../icons.js';
import { t, words } from '../words.js';
import { Framed } from './frame.js';

words({
  ko: { 'funnel.step': '단계', 'funnel.people': '사람', 'funnel.first': '처음부터', 'funnel.before': '앞 단계에서', 'funnel.lost': '{n}명 이탈',
    'funnel.took': '보통 {time}' },
  en: { 'funnel.step': 'Step', 'funnel.people': 'People', 'funnel.first': 'from start', 'funnel.before': 'from previous',
    'funnel.lost': '{n} left', 'funnel.took': 'usually {time}' },
});

export const Funnel = {
  props: ['label', 'steps', 'pick'],   // pick(index, dropped)
  setup(p) {
    const table = () => ({ columns: [t('funnel.step'), t('funnel.people'), t('funnel.first'), t('funnel.before')], rows: p.steps.map((s, i) => [s.name, s.count, percent(share(s, p.steps[0])), i ? percent(share(s, p.steps[i - 1])) : '–']) });
    const picture = () => {
      const high = p.steps[0]?.count || 1;
      return html`<ol class="funnel">${p.steps.map((s, i) => html`<li key=${i}>
        ${i > 0 && html`<div class="funnel-step mut sm num">${icon('down', 14)}<span>${percent(share(s, p.steps[i - 1]))}</span>
          ${dropped(p, i)}${s.median_seconds != null && html`<span>
          ${t('funnel.took', { time: duration(s.median_seconds) })}</span>`}</div>`}
        <div class="funnel-row" tabindex=${p.pick ? 0 : null} @click=${() => p.pick?.(i, false)}
          @keydown=${e => { if (e.key === 'Enter') p.pick?.(i, false); }}><span class="bar-name"><span class="step-no num">
          ${i + 1}</span>${s.name}</span><span class="bar tall"><i style=${`width:${100 * s.count / high}%`}></i></span><span
          class="bar-value num"><b>${num(s.count)}</b> <span class="mut sm">
          ${percent(share(s, p.steps[0]))}</span></span></div></li>`)}</ol>`;
    };
    return () => html`<${Framed} label=${p.label} table=${table} picture=${picture} />`;
  },
};

const share = (s, of) => of?.count ? s.count / of.count : 0;
function dropped(p, i) {
  const text = t('funnel.lost', { n: p.steps[i - 1].count - p.steps[i].count });
  return p.pick ? html`<button type="button" class="link" @click=${() => p.pick(i, true)}>${text}</button>` : html`<span>
    ${text}</span>`;
}
