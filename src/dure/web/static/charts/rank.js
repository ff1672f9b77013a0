// Ranked bars on both sides of a middle, for what is more and what is less often.
//   html`<${Rank} label="…" columns=${[{title, num}]} rows=${[{key, name, note, value, shown, cells: [text], strong, pick}]} middle=${0} />`
// `value` is how far from the middle a row lies; the longest fills its side. A row that is not `strong` is drawn pale.
import { html } from '../html.js';
import { Framed } from './frame.js';

export const Rank = {
  props: ['label', 'head', 'less', 'more', 'columns', 'rows'],
  setup(p) {
    const table = () => ({ columns: [p.head, p.label, ...p.columns.map(c => c.title)], rows: p.rows.map(r => [r.name, r.shown, ...r.cells.map(c => c.text ?? c)]) });
    const picture = () => {
      const far = Math.max(...p.rows.map(r => Math.abs(r.value)), 1e-9);
      return html`<div class="rank-wrap"><table class="rank num"><caption class="sr">${p.label}</caption><thead><tr><th scope="col">${p.head}</th>
        <th scope="col" class="r">${p.less}</th><th scope="col">${p.more}</th>${p.columns.map(c => html`<th scope="col" class="r"
          key=${c.title}>${c.title}</th>`)}</tr></thead>
        <tbody>${p.rows.map(r => html`<tr key=${r.key} class=${r.strong ? '' : 'pale'}><th scope="row" title=${r.name}>
          <span class="rank-of"><span class="rank-name">${r.name}</span>${r.note && html`<span class="tag">${r.note}</span>`}</span></th>
          ${[-1, 1].map(side => html`<td class=${'rank-side ' + (side < 0 ? 'left' : 'right')}
            key=${side}>${Math.sign(r.value) === side && html`<i style=${`width:calc((100% - 56px) * ${Math.abs(r.value) / far})`}></i>`}
            ${(Math.sign(r.value) || 1) === side && html`<b>${r.shown}</b>`}</td>`)}
          ${r.cells.map((c, i) => html`<td class="r" key=${'c' + i}>${c.pick ? html`<button type="button" class="link num"
            @click=${c.pick}>${c.text}</button>` : c.text ?? c}</td>`)}</tr>`)}</tbody></table></div>`;
    };
    return () => html`<${Framed} label=${p.label} table=${table} picture=${picture} />`;
  },
};
