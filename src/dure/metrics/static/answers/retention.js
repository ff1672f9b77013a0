// Who came back: a curve over all cohorts, and the triangle of cohorts as a heat map.
import { date, Heat, html, Line, percent, num, shortDate, t } from '../../web/kit.js';
import { behind } from '../behind.js';
import { cell, columns, figure, named } from './cells.js';

// With a breakdown the whole comes first, then each group.
function partsOf(a) {
  const whole = { name: null, group: {}, cohorts: a.cohorts, pooled: a.pooled };
  if (!a.groups) return [whole];
  const groups = a.groups.map(g => ({ ...g, name: named(g.value), group: { grouped: true, value: g.value } }));
  return a.cohorts ? [{ ...whole, name: t('a.pooledshort') }, ...groups] : groups;
}

function startOf(a, c) {
  if (a.question.interval === 'month') return c.start.slice(0, 7);
  return a.question.interval === 'hour' ? `${shortDate(c.start)} ${c.start.slice(11, 16)}` : shortDate(c.start);
}
const widest = part => Math.max(0, ...part.cohorts.map(c => c.counts.length));
// Column n is the n-th interval, or a bracket from the end of the one before.
function column(a, i) {
  if (!i || a.question.measure !== 'bracket') return String(i);
  const [from, to] = [(a.question.brackets[i - 2] ?? 0) + 1, a.question.brackets[i - 1]];
  return from === to ? String(to) : `${from}–${to}`;
}

export const empty = a => partsOf(a).every(part => part.cohorts.every(c => !c.size));

const opens = (a, part, k, i) => ({
  cell: { cohort: k, column: i, ...part.group }, title: [part.name, date(part.cohorts[k].start), column(a, i)].filter(Boolean).join(' · '),
});

export const tables = a => partsOf(a).map(part => ({
  name: part.name ?? '',
  columns: columns(t('a.cohort'), t('a.size'), ...Array.from({ length: widest(part) }, (_, i) => column(a, i))),
  rows: [
    [t('a.pooled'), cell(part.cohorts.reduce((n, c) => n + c.size, 0)), ...part.pooled.map(v => figure(v, percent))],
    ...part.cohorts.map((c, k) => [startOf(a, c), figure(c.size, num), ...c.counts.map((n, i) => figure(n, num, opens(a, part, k, i)))]),
  ],
}));

export const Chart = {
  props: ['answer'],
  setup: p => () => {
    const a = p.answer, parts = partsOf(a), length = Math.max(0, ...parts.map(part => part.pooled.findLastIndex(v => v !== null) + 1));
    const curve = parts.map(part => ({ name: part.name ?? t('a.pooledshort'), values: part.pooled.slice(0, length) }));
    return html`<section><h3>${t('a.curve')}</h3><${Line} label=${t('a.curve')} x=${Array.from({ length }, (_, i) => column(a, i))}
      series=${curve.slice(0, 10)} format=${v => percent(v)} axis=${v => percent(v, 0)} height=${200} /></section>
      ${parts.map(part => html`<section key=${part.name ?? ''}><h3>${part.name ?? t('a.triangle')}</h3>${triangle(a, part)}</section>`)}`;
  },
};

function triangle(a, part) {
  const rows = part.cohorts.map((c, k) => ({ k, name: startOf(a, c), size: c.size, values: c.counts.map(n => n / c.size), complete: c.complete }));
  const total = { name: t('a.pooledshort'), size: rows.reduce((n, r) => n + r.size, 0), values: part.pooled, total: true };
  const open = (r, i) => { const it = opens(a, part, r.k, i); behind(a.question, it.cell, it.title); };
  return html`<${Heat} label=${t('b.retention')} corner=${t('a.cohort')} sizeTitle=${t('a.size')}
    columns=${Array.from({ length: widest(part) }, (_, i) => column(a, i))} rows=${[total, ...rows.filter(r => r.size)]} pick=${open} note=${t('a.unfinished')} />`;
}
