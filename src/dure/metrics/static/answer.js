// An answer drawn for its kind, as a picture or as a table; every number opens.
import { html, t, num, percent, duration, date, shortDate, icon, Line, Funnel, Heat, Table, Empty, isoDay } from '../web/kit.js';
import { behind } from './behind.js';
import { written } from './written.js';
import './words.js';

const label = (at, interval) => interval === 'hour' ? at.slice(5, 16).replace('T', ' ') : interval === 'month' ? at.slice(0, 7) : shortDate(at);
const named = value => value ?? t('mx.novalue');

// Whether the last interval is still running.
const growing = a => { const now = isoDay(Date.now()), last = a.intervals.at(-1)?.slice(0, 10); return last && now >= last && now <= a.question.to.slice(0, 10) ? 1 : 0; };

export const Answer = {
  props: ['answer', 'metric', 'look'],
  setup(p) {
    const draw = { funnel, trend, retention, lifecycle };
    return () => { const a = p.answer, kind = a.question.kind;
      return html`<div class="stack mx-answer">${draw[kind] ? draw[kind](a, p.look, p.metric) : null}
        ${a.meta.warnings.length > 0 && html`<div class="notice warn" role="status">${icon('info')}<div><b>${t('mx.warn')}</b> ${a.meta.warnings.join(' ')}</div></div>`}
        <details class="mx-defs"><summary>${t('mx.defs')}<span class="mut sm num"> · ${t('mx.cost', { rows: num(a.meta.rows_read), ms: num(a.meta.elapsed_ms) })}</span></summary><ul>${a.meta.definitions.map((d, i) => html`<li key=${i}>${d}</li>`)}</ul></details></div>`; };
  },
};

const nothing = () => html`<${Empty} icon="chart" title=${t('mx.nothing')} body=${t('mx.nothingbody')} />`;

function funnel(a, look) {
  const steps = a.steps, last = steps.at(-1);
  if (!steps[0].count) return nothing();
  const open = (step, dropped, more = {}) => behind(a.question, { step, dropped, ...more }, a.question.steps[step].event);
  const summary = html`<p class="mx-sum num">${t('mx.overall', { a: num(steps[0].count), b: num(last.count), c: percent(last.from_start) })}</p>`;
  const rows = a.groups?.map(g => ({ name: named(g.value), raw: g.value, steps: g.steps })) ?? [];
  const columns = [{ key: 'name', title: t('mx.group') }, ...steps.map((s, i) => ({ key: 's' + i, title: `${i + 1}. ${s.event}`, num: true, sort: r => r.steps[i].count,
    render: r => html`<button type="button" class="link num" @click=${() => open(i, false, { grouped: true, value: r.raw })}>${num(r.steps[i].count)}</button> <span class="mut sm">${i ? percent(r.steps[i].from_start) : ''}</span>` }))];
  const table = html`<${Table} label=${t('mx.funnel')} rowKey="index" rows=${steps} columns=${[
    { key: 'index', title: '', width: 40, render: s => s.index + 1 }, { key: 'event', title: t('mx.event') }, { key: 'count', title: t('mx.people_n'), num: true, render: s => html`<button type="button" class="link num" @click=${() => open(s.index, false)}>${num(s.count)}</button>` },
    { key: 'from_previous', title: t('mx.rate'), num: true, render: s => s.index ? percent(s.from_previous) : '–' }, { key: 'median_seconds', title: t('mx.median'), num: true, render: s => s.median_seconds == null ? '–' : duration(s.median_seconds) }]} />`;
  return html`${summary}${look === 'table' ? table : html`<${Funnel} label=${t('mx.funnel')} steps=${steps.map(s => ({ name: s.event, count: s.count, median_seconds: s.median_seconds }))} pick=${open} />`}
    ${rows.length > 0 && html`<${Table} label=${t('mx.breakdown')} rowKey="name" rows=${rows} columns=${columns} />`}`;
}

function trend(a, look, metric) {
  const { interval } = a.question, x = a.intervals.map(at => label(at, interval)), write = v => written(v, metric);
  const series = [...a.series.map(s => ({ ...s, name: 'value' in s ? named(s.value) : s.label })), ...(a.previous?.series ?? []).map(s => ({ ...s, name: `${'value' in s ? named(s.value) : s.label} · ${t('mx.previous')}`, dash: true }))];
  if (!a.series.length || a.series.every(s => !s.total)) return nothing();
  const open = (line, i) => { const k = a.question.formula || a.question.breakdown ? 0 : a.series.indexOf(line), grouped = 'value' in line;
    behind(a.question, { series: Math.max(k, 0), ...(i == null ? {} : { interval: i }), ...(grouped ? { grouped, value: line.value } : {}) }, `${grouped ? named(line.value) : line.label}${i == null ? '' : ' · ' + x[i]}`); };
  const picture = html`<${Line} label=${t('mx.trend')} x=${x} series=${series.map((s, i) => ({ name: s.name, values: s.values.slice(0, x.length), dash: s.dash, area: i === 0 && series.length === 1 }))} format=${write} height=${300} unfinished=${growing(a)} pick=${i => open(a.series[0], i)} />`;
  const columns = [{ key: 'name', title: t('mx.series') }, { key: 'total', title: t('mx.total'), num: true, render: s => s.dash ? write(s.total) : html`<button type="button" class="link num" @click=${() => open(a.series.find(one => one.label === s.label && one.value === s.value), null)}>${write(s.total)}</button>` },
    ...(look === 'table' ? x.map((name, i) => ({ key: 'x' + i, title: name, num: true, sort: s => s.values[i], render: s => s.dash ? write(s.values[i]) : html`<button type="button" class="link num" @click=${() => open(a.series.find(one => one.label === s.label && one.value === s.value), i)}>${write(s.values[i])}</button>` })) : [])];
  return html`${look !== 'table' && picture}<${Table} label=${t('mx.trend')} rowKey="name" rows=${series} columns=${columns} />`;
}

function triangle(a, part, value, grouped) {
  const { interval } = a.question, widest = Math.max(0, ...part.cohorts.map(c => c.counts.length));
  const columns = Array.from({ length: widest }, (_, i) => a.question.measure === 'bracket' && i ? `≤${a.question.brackets[i - 1]}` : String(i));
  const rows = part.cohorts.map((c, k) => ({ k, name: interval === 'month' ? c.start.slice(0, 7) : shortDate(c.start), size: c.size, values: c.counts.map(n => c.size ? n / c.size : null), complete: c.complete })).filter(r => r.size);
  if (!rows.length) return nothing();
  const total = { name: t('mx.average_row'), size: rows.reduce((n, r) => n + r.size, 0), values: part.pooled, total: true };
  const open = (r, i) => { if (!r.total) behind(a.question, { cohort: r.k, column: i, ...(grouped ? { grouped, value } : {}) }, `${date(a.cohorts?.[r.k]?.start ?? part.cohorts[r.k].start)} · ${i}`); };
  return html`<${Heat} label=${t('mx.retention')} corner=${t('mx.cohort')} sizeTitle=${t('mx.size')} columns=${columns} rows=${[total, ...rows]} pick=${open} note=${t('mx.unfinished')} />`;
}

function retention(a, look) {
  const parts = a.groups ? a.groups.map(g => [named(g.value), g, g.value]) : [[null, a, null]];
  const curve = html`<${Line} label=${t('mx.retention')} x=${Array.from({ length: Math.max(0, ...parts.map(([, g]) => g.pooled.length)) }, (_, i) => String(i))} series=${parts.map(([name, g]) => ({ name: name ?? t('mx.average_row'), values: g.pooled }))} format=${v => percent(v)} height=${220} />`;
  return html`${look !== 'table' && curve}${parts.map(([name, g, value]) => html`<section key=${name ?? ''}>${name && html`<h3>${name}</h3>`}${triangle(a, g, value, name !== null)}</section>`)}`;
}

const STATES = ['new', 'returning', 'resurrecting', 'dormant'];

function lifecycle(a, look) {
  const { interval } = a.question, rows = a.intervals.map((at, i) => ({ i, name: label(at, interval), values: STATES.map(s => a[s][i]) }));
  if (rows.every(r => r.values.every(v => !v))) return nothing();
  const columns = [{ key: 'name', title: t('mx.interval'), sort: r => r.i }, ...STATES.map((s, k) => ({ key: s, title: t('mx.' + s), num: true, sort: r => r.values[k], render: r => html`<button type="button" class="link num" @click=${() => behind(a.question, { interval: r.i, state: s }, `${t('mx.' + s)} · ${r.name}`)}>${num(r.values[k])}</button>` }))];
  return html`${look !== 'table' && html`<${Line} label=${t('mx.lifecycle')} x=${rows.map(r => r.name)} series=${STATES.map((s, k) => ({ name: t('mx.' + s), values: rows.map(r => r.values[k]) }))} format=${v => num(v)} height=${280} unfinished=${growing(a)} />`}<${Table} label=${t('mx.lifecycle')} rowKey="name" rows=${rows} columns=${columns} />`;
}
