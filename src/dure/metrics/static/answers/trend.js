// Lines over time, with the range before and moving averages beside them.
import { html, isoDay, Line, t } from '../../web/kit.js';
import { NEEDS_PROP } from '../drafts.js';
import { behind } from '../behind.js';
import { written } from '../written.js';
import { cell, label, named, Tabled } from './cells.js';

const MOST_DRAWN = 10;
const nameOf = line => 'value' in line ? [line.value === null ? named(null) : String(line.value), ...(line.several ? [line.said] : [])].join(' · ') : line.said;
// A series in the reader's language; the server's label is for programs.
function said(question, line, k) {
  const of = question.formula ? null : question.series[k];
  if (!of || of.label) return line.label;
  const event = of.event === '*' ? t('b.anyevent') : of.event;
  return of.math === 'count' ? event : `${event} · ${NEEDS_PROP.includes(of.math) ? t('m.of', { prop: of.prop, math: t('m.' + of.math) }) : t('m.' + of.math)}`;
}

// Whether the last interval is still running.
export function growing(a) {
  const today = isoDay(Date.now()), last = a.intervals.at(-1)?.slice(0, 10);
  return last && today >= last && today <= a.question.to.slice(0, 10) ? 1 : 0;
}

export const empty = a => !a.series.length || a.series.every(s => !s.total && s.values.every(v => !v));

function opens(a, line, i) {
  const q = a.question, of = q.formula ? 0 : Math.max(0, a.question.series.findIndex((s, k) => lineSeries(a, line) === k));
  return { cell: { series: of, ...(i === null ? {} : { interval: i }), ...('value' in line ? { grouped: true, value: line.value } : {}) },
    title: `${nameOf(line)}${i === null ? '' : ' · ' + label(a.intervals[i], q.interval)}` };
}
// Which of the question's series a line belongs to: groups come series by series.
function lineSeries(a, line) {
  const labels = [...new Set(a.series.map(s => s.label))];
  return 'value' in line ? labels.indexOf(line.label) : a.series.indexOf(line);
}

const prepared = a => {
  const several = new Set(a.series.map(s => s.label)).size > 1;
  return a.series.map(s => ({ ...s, several, said: said(a.question, s, lineSeries(a, s)) }));
};

export function tables(a, metric) {
  const write = v => written(v, metric), lines = prepared(a), before = a.previous?.series ?? [];
  return [{ name: '', columns: [{ title: t('a.series') }, { title: t('a.total'), num: true }, ...a.intervals.map(at => ({ title: label(at, a.question.interval), num: true }))],
    rows: [...lines.map((s, k) => [nameOf(s), cell(s.total, write(s.total), opens(a, a.series[k], null)), ...s.values.map((v, i) => cell(v, write(v), opens(a, a.series[k], i)))]),
      ...lines.filter(s => s.moving).map(s => [t('a.movingof', { name: nameOf(s) }), null, ...s.moving.map(v => cell(v, write(v)))]),
      ...before.map((s, k) => [`${nameOf({ ...lines[k], ...s })} · ${t('a.previous')}`, cell(s.total, write(s.total)), ...a.intervals.map((_, i) => cell(s.values[i] ?? null, write(s.values[i])))])] }];
}

export const Chart = {
  props: ['answer', 'metric'],
  setup: p => () => {
    const a = p.answer, write = v => written(v, p.metric), lines = prepared(a), drawn = lines.slice(0, MOST_DRAWN), x = a.intervals.map(at => label(at, a.question.interval));
    const before = (a.previous?.series ?? []).slice(0, MOST_DRAWN), alone = drawn.length === 1 && !before.length;
    const series = drawn.flatMap((s, k) => s.moving
      ? [{ name: nameOf(s), values: s.values, hue: k, dash: 0, thin: true, of: k }, { name: t('a.movingof', { name: nameOf(s) }), short: nameOf(s), values: s.moving, hue: k, dash: a.previous ? 0 : k, of: k }]
      : [{ name: nameOf(s), values: s.values, hue: k, dash: a.previous ? 0 : undefined, area: alone, of: k }]);
    for (const [k, s] of before.entries()) series.push({ name: `${nameOf({ ...lines[k], ...s })} · ${t('a.previous')}`, short: t('a.previous'), values: s.values.slice(0, x.length), hue: k, dash: 1, whole: true, of: null });
    const pick = (i, k) => { const of = series[k].of; if (of !== null) { const it = opens(a, a.series[of], i); behind(a.question, it.cell, it.title); } };
    const totals = tables(a, p.metric).map(one => ({ ...one, columns: one.columns.slice(0, 2), rows: one.rows.filter(row => row[1] !== null).map(row => row.slice(0, 2)) }));
    return html`<${Line} label=${t('b.trend')} x=${x} series=${series} format=${write} height=${300} unfinished=${growing(a)} pick=${pick} />
      ${lines.length > MOST_DRAWN && html`<p class="mut sm">${t('a.drawn', { n: MOST_DRAWN })}</p>`}<${Tabled} of=${totals} question=${a.question} />`;
  },
};
