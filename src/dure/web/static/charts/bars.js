// Horizontal bars with their names and figures: ranking and shares. `stacked` rows hold parts.
//   html`<${Bars} label="…" rows=${[{name, value, hint, color, href}]} format=${num} />`
//   html`<${Bars} label="…" parts=${['신규', '재방문']} rows=${[{name, values: [3, 9]}]} />`
import { num } from '../format.js';
import { html } from '../html.js';
import { color, Framed } from './frame.js';

export const Bars = {
  props: ['label', 'rows', 'parts', 'format', 'max', 'pick'],
  setup(p) {
    const show = v => v == null ? '–' : (p.format ?? (n => num(n, 1)))(v);
    const sum = r => r.values ? r.values.reduce((a, b) => a + (b ?? 0), 0) : r.value;
    const table = () => p.parts ? { columns: ['', ...p.parts], rows: p.rows.map(r => [r.name, ...r.values.map(show)]) } : { columns: ['', p.label], rows: p.rows.map(r => [r.name, show(r.value)]) };
    const picture = () => {
      const high = p.max ?? Math.max(...p.rows.map(sum), 0);
      return html`${p.parts && html`<div class="legend">${p.parts.map((name, i) => html`<span key=${i}><i
        style=${`background:${color(i)}`}></i>${name}</span>`)}</div>`}
        <div class="bars" role="list">${p.rows.map((r, i) => html`<div class="bar-row" role="listitem" key=${r.name + i}
          tabindex=${p.pick ? 0 : null} @click=${() => p.pick?.(r)} @keydown=${e => { if (e.key === 'Enter' && p.pick) { e.preventDefault(); p.pick(r); } }}>
          <span class="bar-name" title=${r.name}>${r.href ? html`<a href=${r.href}>${r.name}</a>` : r.name}</span><span class="bar">
            ${(r.values ?? [r.value]).map((v, k) => html`<i key=${k}
            style=${`width:${high ? Math.max(0, 100 * (v ?? 0) / high) : 0}%;background:${r.color ?? color(r.values ? k : 0)}`}
            title=${p.parts ? `${p.parts[k]}: ${show(v)}` : null}></i>`)}</span>
          <span class="bar-value num">${show(sum(r))} ${r.hint && html`<span class="mut sm">
            ${r.hint}</span>`}</span></div>`)}</div>`;
    };
    return () => html`<${Framed} label=${p.label} table=${table} picture=${picture} />`;
  },
};
