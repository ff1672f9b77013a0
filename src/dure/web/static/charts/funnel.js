// A funnel standing up: a column a step, side by side for groups; what was lost since the step before is hatched.
//   steps: [{name, count, median_seconds, optional}], groups: [{name, counts: […]}] (optional), pick(index, dropped, group)
import { duration, num, percent } from '../format.js';
import { html } from '../html.js';
import { icon } from '../icons.js';
import { t, words } from '../words.js';
import { color, Framed } from './frame.js';

words({
  ko: { 'funnel.step': '단계', 'funnel.people': '사람', 'funnel.first': '처음부터', 'funnel.before': '앞 단계에서', 'funnel.lost': '{n}명 이탈',
    'funnel.took': '보통 {time}', 'funnel.optional': '선택', 'funnel.all': '전체' },
  en: { 'funnel.step': 'Step', 'funnel.people': 'People', 'funnel.first': 'from start', 'funnel.before': 'from previous',
    'funnel.lost': '{n} left', 'funnel.took': 'usually {time}', 'funnel.optional': 'optional', 'funnel.all': 'All' },
});

const share = (n, of) => of ? n / of : 0;

export const Funnel = {
  props: ['label', 'steps', 'groups', 'pick'],
  setup(p) {
    const all = () => p.groups?.length ? p.groups : [{ name: t('funnel.all'), counts: p.steps.map(s => s.count) }];
    const table = () => p.groups?.length
      ? { columns: [t('funnel.step'), ...p.groups.map(g => g.name)], rows: p.steps.map((s, i) => [s.name, ...p.groups.map(g => g.counts[i])]) }
      : { columns: [t('funnel.step'), t('funnel.people'), t('funnel.first'), t('funnel.before')],
        rows: p.steps.map((s, i) => [s.name, s.count, percent(share(s.count, p.steps[0].count)), i ? percent(share(s.count, before(p.steps, i).count)) : '–']) };
    const bar = (g, k, i, many) => {
      // Groups are of different sizes: each is drawn as a share of its own start.
      const whole = many ? g.counts[0] : p.steps[0].count, now = share(g.counts[i], whole), was = i ? share(many ? g.counts[beforeAt(p.steps, i)] : before(p.steps, i).count, whole) : 1;
      const says = `${i + 1}. ${p.steps[i].name}, ${g.name}: ${num(g.counts[i])}, ${percent(now)}`;
      return html`<div class="funnel-bar" key=${k}>${i > 0 && was > now && html`<button type="button" class="funnel-lost"
        style=${`height:${100 * (was - now)}%;bottom:${100 * now}%`}
          disabled=${!p.pick} aria-label=${`${g.name}: ${t('funnel.lost', { n: lost(g.counts, p.steps, i) })}`}
            title=${t('funnel.lost', { n: lost(g.counts, p.steps, i) })} @click=${() => p.pick?.(i, true, many ? g : null)}></button>`}
        <button type="button" class="funnel-fill" style=${`height:${100 * now}%;background:${color(k)}`} disabled=${!p.pick}
          aria-label=${says} title=${says} @click=${() => p.pick?.(i, false, many ? g : null)}></button></div>`;
    };
    const picture = () => {
      const groups = all(), many = groups.length > 1;
      return html`${many && html`<div class="legend">${groups.map((g, k) => html`<span key=${k}><i style=${`background:${color(k)}`}>
        </i>${g.name}</span>`)}</div>`}
        <ol class="funnel" style=${`--steps:${p.steps.length};--groups:${groups.length}`}>${p.steps.map((s, i) => html`<li key=${i} class="funnel-col">
          <div class="funnel-bars">${groups.map((g, k) => bar(g, k, i, many))}</div>
          <div class="funnel-name" title=${s.name}><span class="step-no num">${i + 1}</span><span>${s.name}
            </span>${s.optional && html`<span class="tag">${t('funnel.optional')}</span>`}</div>
          <div class="funnel-figure num">${p.pick ? html`<button type="button" class="link num" @click=${() => p.pick(i, false, null)}>
            <b>${num(s.count)}</b></button>` : html`<b>${num(s.count)}</b>`}
            <span class="mut sm">${percent(share(s.count, p.steps[0].count))}</span></div>
          ${i > 0 && html`<div class="funnel-step mut sm num">
            <span class="funnel-rate">${icon('down', 12)}${percent(share(s.count, before(p.steps, i).count))}</span>${dropped(p, i)}
            ${s.median_seconds != null && html`<span>${t('funnel.took', { time: duration(s.median_seconds) })}</span>`}</div>`}</li>`)}</ol>`;
    };
    return () => html`<${Framed} label=${p.label} table=${table} picture=${picture} />`;
  },
};

// The step before that had to be done: an optional one may be left out.
const beforeAt = (steps, i) => Math.max(0, steps.findLastIndex((s, k) => k < i && !s.optional));
const before = (steps, i) => steps[beforeAt(steps, i)];
const lost = (counts, steps, i) => Math.max(0, counts[beforeAt(steps, i)] - counts[i]);
function dropped(p, i) {
  const text = t('funnel.lost', { n: lost(p.steps.map(s => s.count), p.steps, i) });
  return p.pick && !p.steps[i].optional ? html`<button type="button" class="link" @click=${() => p.pick(i, true, null)}>${text}</button>` : html`<span>
    ${text}</span>`;
}
