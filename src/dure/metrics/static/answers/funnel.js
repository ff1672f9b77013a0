// How far people came: the funnel, its groups, the time it took, and conversion over time.
import { Columns, duration, Funnel, html, Line, num, percent, t } from '../../web/kit.js';
import { behind } from '../behind.js';
import { cell, label, named, Tabled } from './cells.js';

const MOST_DRAWN = 6;

export const empty = a => !a.steps[0]?.count;

const opens = (a, i, dropped, group) => ({
  cell: { step: i, dropped, ...(group ? { grouped: true, value: group.value } : {}) },
  title: `${i + 1}. ${a.steps[i].event}${dropped ? ` · ${t('a.dropped')}` : ''}${group ? ` · ${named(group.value)}` : ''}`,
});

export function tables(a) {
  const last = a.steps.length - 1;
  const steps = { name: '', columns: [{ title: t('a.step') }, { title: t('a.people'), num: true }, { title: t('a.from_start'), num: true }, { title: t('a.from_previous'), num: true },
    { title: t('a.dropped'), num: true }, { title: t('a.median_time'), num: true }, { title: t('a.average_time'), num: true }],
  rows: a.steps.map((s, i) => [`${i + 1}. ${s.event}`, cell(s.count, num(s.count), opens(a, i, false)), cell(s.from_start, percent(s.from_start)), i ? cell(s.from_previous, percent(s.from_previous)) : null,
    i ? cell(lost(a, i), num(lost(a, i)), a.question.steps[i].optional ? null : opens(a, i, true)) : null,
    cell(s.median_seconds, s.median_seconds == null ? '–' : duration(s.median_seconds)), cell(s.average_seconds, s.average_seconds == null ? '–' : duration(s.average_seconds))]) };
  const groups = a.groups && { name: t('a.group'), columns: [{ title: t('a.group') }, ...a.steps.map((s, i) => ({ title: `${i + 1}. ${s.event}`, num: true })), { title: t('a.rate'), num: true }],
    rows: a.groups.map(g => [named(g.value), ...g.steps.map((s, i) => cell(s.count, num(s.count), opens(a, i, false, g))), cell(g.steps[last].from_start, percent(g.steps[last].from_start))]) };
  const times = a.times && { name: timesTitle(a), columns: [{ title: t('a.lasted') }, { title: t('a.people'), num: true }],
    rows: a.times.histogram.map(b => [`${duration(b.from)} – ${duration(b.to)}`, cell(b.count, num(b.count))]) };
  const trend = a.trend && { name: t('a.overtime'), columns: [{ title: t('a.interval') }, { title: t('a.entered'), num: true }, { title: t('a.converted'), num: true }, { title: t('a.rate'), num: true }],
    rows: a.trend.intervals.map((at, i) => [label(at, a.question.trend.interval), cell(a.trend.entered[i], num(a.trend.entered[i])), cell(a.trend.converted[i], num(a.trend.converted[i])), cell(a.trend.rate[i], percent(a.trend.rate[i]))]) };
  return [steps, groups, times, trend].filter(Boolean);
}

// Since the step before that had to be done.
const lost = (a, i) => a.steps[Math.max(0, a.question.steps.findLastIndex((s, k) => k < i && !s.optional))].count - a.steps[i].count;
const timesTitle = a => t('a.times', { from: `${a.times.from + 1}. ${a.steps[a.times.from].event}`, to: `${a.times.to + 1}. ${a.steps[a.times.to].event}` });

export const Chart = {
  props: ['answer'],
  setup: p => () => {
    const a = p.answer, last = a.steps.at(-1), drawn = a.groups?.slice(0, MOST_DRAWN);
    const pick = (i, dropped, group) => { const it = opens(a, i, dropped, group); behind(a.question, it.cell, it.title); };
    return html`<p class="mx-sum"><b class="num">${percent(last.from_start)}</b> <span class="mut">${t('a.overall', { a: a.steps[0].count, b: last.count })}</span></p>
      <${Funnel} label=${t('b.funnel')} steps=${a.steps.map((s, i) => ({ name: s.event, count: s.count, median_seconds: s.median_seconds, optional: a.question.steps[i].optional }))}
        groups=${drawn?.map(g => ({ name: named(g.value), value: g.value, counts: g.steps.map(s => s.count) }))} pick=${pick} />
      ${a.groups?.length > MOST_DRAWN && html`<p class="mut sm">${t('a.drawn', { n: MOST_DRAWN })}</p>`}${a.groups && html`<${Tabled} of=${[tables(a)[1]]} question=${a.question} />`}
      ${a.times && lasted(a)}${a.trend && over(a)}`;
  },
};

function lasted(a) {
  const it = a.times, bins = it.histogram, facts = [['a.average_time', it.average], ['a.median_time', it.median], ...['p25', 'p75', 'p90'].map(name => [name, it.percentiles[name]])];
  const at = seconds => { const i = bins.findIndex(b => seconds < b.to); if (i < 0) return bins.length; const b = bins[i]; return i + (seconds - b.from) / (b.to - b.from || 1); };
  return html`<section><h3>${timesTitle(a)} <span class="mut sm num">${t('a.counted', { n: it.count })}</span></h3>
    <dl class="a-facts num">${facts.filter(([, v]) => v != null).map(([name, v]) => html`<div key=${name}><dt>${/^p\d/.test(name) ? t('a.p', { n: name.slice(1) }) : t(name)}</dt><dd>${duration(v)}</dd></div>`)}</dl>
    ${it.count > 0 && html`<${Columns} label=${timesTitle(a)} height=${200} x=${bins.map(b => duration(b.from))} parts=${[{ name: t('a.people'), values: bins.map(b => b.count) }]} format=${v => num(v)} xTitle=${t('a.lasted')}
      marks=${it.median == null ? [] : [{ at: at(it.median), label: t('a.median_time') }]} />`}</section>`;
}

function over(a) {
  const it = a.trend, open = it.complete.length - 1 - it.complete.lastIndexOf(true);
  return html`<section><h3>${t('a.overtime')}</h3><${Line} label=${t('a.overtime')} x=${it.intervals.map(at => label(at, a.question.trend.interval))} height=${220} format=${v => percent(v)}
    series=${[{ name: t('a.rate'), values: it.rate, area: true }]} unfinished=${Math.min(open, it.intervals.length - 1)} />${open > 0 && html`<p class="mut sm">${t('a.open')}</p>`}</section>`;
}
