// Answers as tables: what the screen shows, what is copied as CSV, and what each number opens.
//   {name, columns: [{title, num}], rows: [[cell, …]]}, a cell is a text, a number, or {value, text, open: {cell, title}}
import { html, shortDate, t, Table } from '../../web/kit.js';
import { behind } from '../behind.js';
import './words.js';

export const cell = (value, text, open) => ({ value, text, open });
export const figure = (value, write, open) => cell(value, value == null ? '–' : write(value), open);
// A first column of names, then columns of numbers.
export const columns = (first, ...numbers) => [{ title: first }, ...numbers.map(title => ({ title, num: true }))];
const plain = it => it !== null && typeof it === 'object' ? it.value : it;

export const named = value => value ?? t('a.novalue');
export const label = (at, interval) => interval === 'hour' ? at.slice(5, 16).replace('T', ' ').replace('-', '/') : interval === 'month' ? at.slice(0, 7) : shortDate(at);

// A number that opens the people and events behind it.
export const opens = (question, it) => it.open
  ? html`<button type="button" class="link num" @click=${() => behind(question, it.open.cell, it.open.title)}>${it.text ?? it.value ?? '–'}</button>`
  : html`<span>${it.text ?? it.value ?? '–'}</span>`;

export const Tabled = {
  props: ['of', 'question'],
  setup: p => () => p.of.map((one, k) => html`<section key=${k} class="a-table">${one.name && html`<h3>${one.name}</h3>`}<${Table}
    label=${one.name || t('a.table')} rowKey="n" empty=${{ icon: 'chart', title: t('a.nothing') }}
    rows=${one.rows.map((cells, n) => ({ n, cells }))} columns=${one.columns.map((c, i) => ({ key: 'c' + i, title: c.title, num: c.num, width: c.width,
      sort: row => plain(row.cells[i]), render: row => { const it = row.cells[i]; return it !== null && typeof it === 'object' ? opens(p.question, it) : it ?? '–'; } }))} />
        </section>`),
};

// CSV as spreadsheets read it. A text that a spreadsheet would run as a formula is kept a text.
export function csvOf(tables) {
  const field = it => {
    const value = plain(it);
    if (value === null || value === undefined) return '';
    if (typeof value === 'number') return String(value);
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value), safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return tables.map(one => [...(tables.length > 1 && one.name ? [[one.name]] : []), one.columns.map(c => c.title), ...one.rows]
    .map(row => row.map(field).join(',')).join('\r\n')).join('\r\n\r\n');
}
