// Lines over time, with the range before and moving averages beside them.
import { html, isoDay, Line, t } from '../../web/kit.js';
import { NEEDS_PROP } from '../drafts.js';
import { behind } from '../behind.js';
import { marksOn } from '../marks.js';
import { written } from '../written.js';
import { columns, figure, label, named, Tabled } from './cells.js';

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

// A formula over metrics is opened by the metrics it is made of, not by itself.
function opens(a, line, i) {
  const q = a.question;
  if (q.kind === 'formula') return null;
  const series = q.formula ? 0 : Math.max(0, lineSeries(a, line));
  return {
    cell: { series, ...(i === null ? {} : { interval: i }), ...('value' in line ? { grouped: true, value: line.value } : {}) },
    title: [nameOf({ ...line, said: said(q, line, series) }), i !== null && label(a.intervals[i], q.interval)].filter(Boolean).join(' · '),
  };
}
// Which of the question's series a line belongs to: the same groups come series by series.
const lineSeries = (a, line) => Math.floor(a.series.indexOf(line) / ('value' in line ? a.series.length / a.question.series.length : 1));

const prepared = a => {
  const whole = a.question.formula, several = !whole && a.question.series.length > 1;
  return a.series.map(s => ({ ...s, several, said: said(a.question, s, whole ? 0 : lineSeries(a, s)) }));
};

const before = (a, lines) => (a.previous?.series ?? []).map((s, k) => ({ ...s, name: `${nameOf({ ...lines[k], ...s })} · ${t('a.previous')}` }));

export function tables(a, metric) {
  const write = v => written(v, metric), lines = prepared(a), each = values => a.intervals.map((_, i) => figure(values[i] ?? null, write));
  return [{
    name: '', columns: columns(t('a.series'), t('a.total'), ...a.intervals.map(at => label(at, a.question.interval))),
    rows: [
      ...lines.map((s, k) => [
        nameOf(s), figure(s.total, write, opens(a, a.series[k], null)), ...s.values.map((v, i) => figure(v, write, opens(a, a.series[k], i))),
      ]),
      ...lines.filter(s => s.moving).map(s => [t('a.movingof', { name: nameOf(s) }), null, ...each(s.moving)]),
      ...before(a, lines).map(s => [s.name, figure(s.total, write), ...each(s.values)]),
    ],
  }];
}

export const Chart = {
  props: ['answer', 'metric'],
  setup: p => () => {
    const a = p.answer, lines = prepared(a), drawn = lines.slice(0, MOST_DRAWN), earlier = before(a, lines).slice(0, MOST_DRAWN);
    const x = a.intervals.map(at => label(at, a.question.interval)), alone = drawn.length === 1 && !earlier.length;
    const series = [
      ...drawn.flatMap((s, k) => s.moving ? averaged(s, k, a.previous ? 0 : k)
        : [{ name: nameOf(s), values: s.values, hue: k, dash: a.previous ? 0 : undefined, area: alone, of: k }]),
      ...earlier.map((s, k) => ({ name: s.name, short: t('a.previous'), values: s.values.slice(0, x.length), hue: k, dash: 1, whole: true, of: null })),
    ];
    const pick = (i, k) => {
      const of = series[k].of;
      if (of === null) return;
      const it = opens(a, a.series[of], i);
      if (it) behind(a.question, it.cell, it.title);
    };
    const totals = tables(a, p.metric).map(one => ({ columns: one.columns.slice(0, 2), rows: one.rows.filter(row => row[1]).map(row => row.slice(0, 2)) }));
    return html`<${Line} label=${t('b.trend')} x=${x} series=${series} format=${v => written(v, p.metric)} height=${300} unfinished=${growing(a)}
      marks=${marksOn(a)} pick=${pick} />
      ${lines.length > MOST_DRAWN && html`<p class="mut sm">${t('a.drawn', { n: MOST_DRAWN })}</p>`}<${Tabled} of=${totals} question=${a.question} />`;
  },
};

// The line itself stands back behind its moving average.
const averaged = (s, k, dash) => [
  { name: nameOf(s), values: s.values, hue: k, dash: 0, thin: true, of: k },
  { name: t('a.movingof', { name: nameOf(s) }), short: nameOf(s), values: s.moving, hue: k, dash, of: k },
];
