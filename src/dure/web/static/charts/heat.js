// A retention table or any grid in one hue with the number printed in each cell.
//   html`<${Heat} label="…" corner="코호트" columns=${['0주', …]} rows=${[{name, size, values: [1, .44, …], complete: [true, …]}]} />`
// Values are shares of one unless `format` and `max` are given; null cells stay empty; incomplete ones are hatched.
import { num, percent } from '../format.js';
import { html } from '../html.js';

export const Heat = {
  props: ['label', 'corner', 'sizeTitle', 'columns', 'rows', 'format', 'max', 'pick', 'note'],
  setup: p => () => {
    const show = p.format ?? (v => percent(v)), high = p.max ?? 1;
    const sized = p.rows.some(r => r.size !== undefined);
    const cell = (r, v, i) => {
      if (v == null) return html`<td key=${i} class="none"></td>`;
      // Between these two strengths neither dark nor light figures could be read well, so none is used.
      const share = Math.max(0, Math.min(1, v / high)), strength = share > 0.85 ? 1 : 0.62 * (share / 0.85) ** 0.8, unfinished = r.complete && r.complete[i] === false;
      return html`<td key=${i} style=${`--a:${Math.round(strength * 100)}%`}
        class=${(strength > 0.62 ? 'hi' : '') + (unfinished ? ' part' : '')}>${p.pick && !r.total ? html`<button type="button"
        @click=${() => p.pick(r, i)}>${show(v)}</button>` : show(v)}</td>`;
    };
    return html`<div class="heat-wrap"><table class="heat num"><caption class="sr">${p.label}</caption><thead><tr><th scope="col">
      ${p.corner}</th>${sized && html`<th scope="col" class="r">${p.sizeTitle}</th>`}${p.columns.map((c, i) => html`<th scope="col"
      key=${i} class="c">${c}</th>`)}</tr></thead>
      <tbody>${p.rows.map((r, k) => html`<tr key=${k} class=${r.total ? 'total' : ''}><th scope="row">${r.name}</th>
        ${sized && html`<td class="size">
        ${num(r.size)}</td>`}${p.columns.map((_, i) => cell(r, r.values[i], i))}</tr>`)}</tbody></table>${p.note && html`<p
        class="mut sm">${p.note}</p>`}</div>`;
  },
};
