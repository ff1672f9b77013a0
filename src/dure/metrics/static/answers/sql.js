// Rows of a statement; drawn as lines where the first column is a time and others are numbers.
import { html, Line, num, shortDate, t } from '../../web/kit.js';
import { Tabled } from './cells.js';

const MOST_DRAWN = 8, MOST_POINTS = 1500;
const isNumber = (a, i) => a.rows.some(r => typeof r[i] === 'number') && a.rows.every(r => r[i] === null || typeof r[i] === 'number');
const TIME = /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?.*)?$/;

export const empty = () => false;

export function tables(a) {
  const numbers = a.columns.map((_, i) => isNumber(a, i));
  return [{ name: t('a.rows', { n: a.rows.length }), columns: a.columns.map((title, i) => ({ title, num: numbers[i] })),
    rows: a.rows.map(r => r.map((v, i) => v === null ? null : numbers[i] ? { value: v, text: num(v, 4) } : typeof v === 'object' || typeof v === 'boolean' ? JSON.stringify(v) : v)) }];
}

// The columns that can be drawn, or null.
function lines(a) {
  if (a.rows.length < 2 || a.rows.length > MOST_POINTS || !a.rows.every(r => typeof r[0] === 'string' && TIME.test(r[0]))) return null;
  const columns = a.columns.map((name, i) => ({ name, i })).slice(1).filter(({ i }) => isNumber(a, i));
  const rows = [...a.rows].sort((x, y) => x[0] < y[0] ? -1 : 1);
  if (!columns.length) return null;
  const timed = text => text.length > 10 && !/[ T]00:00(:00)?/.test(text) ? text.slice(5, 16).replace('-', '/').replace('T', ' ') : shortDate(text.slice(0, 10));
  return { x: rows.map(r => timed(r[0])), series: columns.slice(0, MOST_DRAWN).map(({ name, i }) => ({ name, values: rows.map(r => r[i]) })) };
}

export const Chart = {
  props: ['answer'],
  setup: p => () => {
    const drawn = lines(p.answer);
    return html`${drawn && html`<${Line} label="SQL" x=${drawn.x} series=${drawn.series} format=${v => num(v, 2)} height=${240} />`}
      <${Tabled} of=${tables(p.answer)} question=${p.answer.question} />`;
  },
};
