// What all charts share: the width of their place, colours, ticks, and the switch between picture and table.
import { onMounted, onUnmounted, ref } from '../../vendor/vue.js';
import { num } from '../format.js';
import { html } from '../html.js';
import { icon } from '../icons.js';
import { t, words } from '../words.js';

words({ ko: { 'chart.table': '표로 보기', 'chart.picture': '그림으로 보기' }, en: { 'chart.table': 'Show as table',
  'chart.picture': 'Show as chart' } });

export const COLORS = 6, DASHES = ['', '6 3', '2 3', '9 3 2 3', '1 4', '12 4'];
export const color = i => `var(--c${(i % COLORS) + 1})`;

export function useWidth(least = 200) {
  const el = ref(), width = ref(600);
  let observer;
  onMounted(() => { observer = new ResizeObserver(entries => { width.value = Math.max(least, Math.floor(entries[0].contentRect.width));
    }); observer.observe(el.value); });
  onUnmounted(() => observer?.disconnect());
  return [el, width];
}

export function ticks(low, high, n = 4) {
  if (!(high > low)) return [low];
  const power = 10 ** Math.floor(Math.log10((high - low) / n)), step = power * ([1, 2, 5, 10].find(k => (high - low) / (power * k) <= n) ?? 10), out = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-6; v += step) out.push(Math.abs(v) < step * 1e-6 ? 0 : v);
  return out;
}

// Draws `picture()`, or the same figures as a table: {columns: [text], rows: [[text, …]]}.
export const Framed = {
  props: ['label', 'picture', 'table'],
  setup(p) {
    const asTable = ref(false);
    return () => html`<figure class="chart" aria-label=${p.label}><button type="button" class="btn ghost ico sm chart-turn"
      aria-label=${t(asTable.value ? 'chart.picture' : 'chart.table')} title=${t(asTable.value ? 'chart.picture' : 'chart.table')}
      aria-pressed=${String(asTable.value)} @click=${() => { asTable.value = !asTable.value; }}>
      ${icon(asTable.value ? 'chart' : 'table', 14)}</button>
      ${asTable.value ? plainTable(p.table(), p.label) : p.picture()}</figure>`;
  },
};

const plainTable = ({ columns, rows }, label) => html`<div class="chart-table"><table class="table small"><caption class="sr">
  ${label}</caption><thead><tr>${columns.map((c, i) => html`<th key=${i} scope="col" class=${i ? 'r' : ''}>${c}</th>`)}</tr></thead>
  <tbody>${rows.map((r, i) => html`<tr key=${i}>${r.map((c, j) => j ? html`<td key=${j} class="r num">
    ${typeof c === 'number' ? num(c, 2) : c}</td>` : html`<th key=${j} scope="row">${c}</th>`)}</tr>`)}</tbody></table></div>`;
