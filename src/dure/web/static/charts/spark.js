// A line as small as a word. values may hold nulls; `plan` draws a dotted line to compare with.
import { html } from '../html.js';
import { num } from '../format.js';

export const Spark = {
  props: { values: Array, plan: Array, label: String, width: { default: 88 }, height: { default: 22 }, color: { default: 'var(--c1)' }, area: Boolean },
  setup: p => () => {
    const all = [...p.values, ...(p.plan ?? [])].filter(v => v != null), high = Math.max(...all), low = Math.min(0, ...all), n = Math.max(p.values.length, p.plan?.length ?? 0);
    // One day is no line yet.
    if (p.values.filter(v => v != null).length < 2) return html`<span class="mut" aria-label=${`${p.label ?? ''} ${all.length ? num(all[0], 1) : ''}`}>–</span>`;
    const X = i => 2 + (p.width - 6) * (n > 1 ? i / (n - 1) : 0.5), Y = v => 3 + (p.height - 6) * (1 - (v - low) / (high - low || 1));
    const d = values => values.map((v, i) => v == null ? '' : `${i && values[i - 1] != null ? 'L' : 'M'}${X(i).toFixed(1)} ${Y(v).toFixed(1)}`).join('');
    const last = p.values.findLastIndex(v => v != null);
    return html`<svg class="spark" width=${p.width} height=${p.height} role="img"
      aria-label=${`${p.label ?? ''} ${num(all[0], 1)} → ${num(p.values[last], 1)}`}>
      ${p.plan && html`<path fill="none" stroke="var(--fg-2)" stroke-width="1.2" stroke-dasharray="2 2" d=${d(p.plan)} />`}${p.area && html`<path fill=${p.color} fill-opacity=".14" d=${`${d(p.values)}L${X(last)} ${p.height}L${X(0)} ${p.height}Z`} />`}
      <path fill="none" stroke=${p.color} stroke-width="1.6" stroke-linejoin="round" d=${d(p.values)} />
        ${last >= 0 && html`<circle r="2.2" cx=${X(last)} cy=${Y(p.values[last])} fill=${p.color} />`}</svg>`;
  },
};
