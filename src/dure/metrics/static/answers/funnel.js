// How far people came: the funnel, its groups, the time it took, and conversion over time.
import { Columns, duration, Funnel, html, Line, num, percent, t } from '../../web/kit.js';
import { behind } from '../behind.js';
import { columns, figure, label, named, Tabled } from './cells.js';

const MOST_DRAWN = 6;

export const empty = a => !a.steps[0]?.count;

const opens = (a, i, dropped, group) => ({
  cell: { step: i, dropped, ...(group ? { grouped: true, value: group.value } : {}) },
  title: `${i + 1}. ${a.steps[i].event}${dropped ? ` · ${t('a.dropped')}` : ''}${group ? ` · ${named(group.value)}` : ''}`,
});

export const tables = a => [steps(a), a.groups && groups(a), a.times && times(a), a.trend && trend(a)].filter(Boolean);

const nameOf = (a, i) => `${i + 1}. ${a.steps[i].event}`;

const steps = a => ({
  name: '',
  columns: columns(t('a.step'), ...['people', 'from_start', 'from_previous', 'dropped', 'median_time', 'average_time'].map(name => t('a.' + name))),
  rows: a.steps.map((s, i) => [
    nameOf(a, i), figure(s.count, num, opens(a, i, false)), figure(s.from_start, percent), i ? figure(s.from_previous, percent) : null,
    i ? figure(lost(a, i), num, a.question.steps[i].optional ? null : opens(a, i, true)) : null,
    figure(s.median_seconds, duration), figure(s.average_seconds, duration),
  ]),
});

const groups = a => ({
  name: t('a.group'),
  columns: columns(t('a.group'), ...a.steps.map((_, i) => nameOf(a, i)), t('a.rate')),
  rows: a.groups.map(g => [named(g.value), ...g.steps.map((s, i) => figure(s.count, num, opens(a, i, false, g))), figure(g.steps.at(-1).from_start, percent)]),
});

const times = a => ({
  name: timesTitle(a),
  columns: columns(t('a.lasted'), t('a.people')),
  rows: a.times.histogram.map(b => [`${duration(b.from)} – ${duration(b.to)}`, figure(b.count, num)]),
});

const trend = a => ({
  name: t('a.overtime'),
  columns: columns(t('a.interval'), t('a.entered'), t('a.converted'), t('a.rate')),
  rows: a.trend.intervals.map((at, i) => [label(at, a.question.trend.interval), figure(a.trend.entered[i], num), figure(a.trend.converted[i], num), figure(a.trend.rate[i], percent)]),
});

// Since the step before that had to be done.
const lost = (a, i) => a.steps[Math.max(0, a.question.steps.findLastIndex((s, k) => k < i && !s.optional))].count - a.steps[i].count;
const timesTitle = a => t('a.times', { from: `${a.times.from + 1}. ${a.steps[a.times.from].event}`, to: `${a.times.to + 1}. ${a.steps[a.times.to].event}` });

export const Chart = {
  props: ['answer', 'asking'],
  setup: p => () => {
    const a = p.answer, last = a.steps.at(-1), drawn = a.groups?.slice(0, MOST_DRAWN);
    const pick = (i, dropped, group) => { const it = opens(a, i, dropped, group); behind(a.question, it.cell, it.title); };
    return html`<p class="mx-sum"><b class="num">${percent(last.from_start)}
      </b> <span class="mut">${t('a.overall', { a: a.steps[0].count, b: last.count })}</span></p>
      <${Funnel} label=${t('b.funnel')}
        steps=${a.steps.map((s, i) => ({ name: s.event, count: s.count, median_seconds: s.median_seconds, optional: a.question.steps[i].optional }))}
        groups=${drawn?.map(g => ({ name: named(g.value), value: g.value, counts: g.steps.map(s => s.count) }))} pick=${pick} />
      ${a.groups?.length > MOST_DRAWN && html`<p class="mut sm">${t('a.drawn', { n: MOST_DRAWN })}</p>`}${a.groups && p.asking && html`<${Tabled}
        of=${[groups(a)]} question=${a.question} />`}
      ${a.times && lasted(a)}${a.trend && over(a)}`;
  },
};

function lasted(a) {
  const it = a.times, bins = it.histogram, facts = [['a.average_time', it.average],
    ['a.median_time', it.median], ...['p25', 'p75', 'p90'].map(name => [name, it.percentiles[name]])];
  const at = seconds => {
    const i = bins.findIndex(b => seconds < b.to);
    return i < 0 ? bins.length : i + (seconds - bins[i].from) / (bins[i].to - bins[i].from || 1);
  };
  return html`<section><h3>${timesTitle(a)} <span class="mut sm num">${t('a.counted', { n: it.count })}</span></h3>
    <dl class="a-facts num">${facts.filter(([, v]) => v != null).map(([name, v]) => html`<div key=${name}>
      <dt>${/^p\d/.test(name) ? t('a.p', { n: name.slice(1) }) : t(name)}</dt><dd>${duration(v)}</dd></div>`)}</dl>
    ${it.count > 0 && html`<${Columns} label=${timesTitle(a)} height=${200} x=${bins.map(b => duration(b.from))}
      parts=${[{ name: t('a.people'), values: bins.map(b => b.count) }]} format=${v => num(v)} xTitle=${t('a.lasted')}
      marks=${it.median == null ? [] : [{ at: at(it.median), label: t('a.median_time') }]} />`}</section>`;
}

function over(a) {
  const it = a.trend, open = it.complete.length - 1 - it.complete.lastIndexOf(true);
  return html`<section><h3>${t('a.overtime')}</h3><${Line} label=${t('a.overtime')}
    x=${it.intervals.map(at => label(at, a.question.trend.interval))} height=${220} format=${v => percent(v)}
    series=${[{ name: t('a.rate'), values: it.rate, area: true }]}
      unfinished=${Math.min(open, it.intervals.length - 1)} />${open > 0 && html`<p class="mut sm">${t('a.open')}</p>`}</section>`;
}
