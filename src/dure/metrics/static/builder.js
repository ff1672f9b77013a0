// The question builder: what is counted, when, and by what it is split. It changes a question, which is plain JSON.
import { html, t, icon, isoDay } from '../web/kit.js';
import { Choice, NameInput } from './inputs.js';
import './words.js';

const DAY = 86400000, MATHS = ['count', 'people', 'sum', 'average', 'median', 'p90', 'min', 'max', 'per_person'];
const WINDOWS = ['5m', '30m', '1h', '6h', '1d', '7d', '14d', '30d', '90d'];
const LETTERS = 'ABCDEFGHIJ';
export const KINDS = ['trend', 'funnel', 'retention', 'lifecycle'];

export function blank(kind, event = '') {
  const range = { from: isoDay(Date.now() - 29 * DAY), to: isoDay(Date.now()) };
  if (kind === 'funnel') return { kind, steps: [{ event }, { event: '' }], window: '7d', order: 'ordered', ...range };
  if (kind === 'retention') return { kind, start: { event }, return: { event }, interval: 'week', intervals: 9, ...range, from: isoDay(Date.now() - 62 * DAY) };
  if (kind === 'lifecycle') return { kind, event: event || '*', interval: 'week', ...range, from: isoDay(Date.now() - 83 * DAY) };
  return { kind: 'trend', series: [{ event, math: 'people' }], interval: 'day', ...range };
}

// The question as it can be asked, or null while a name is missing.
export function ready(q) {
  if (q.kind === 'funnel') { const steps = q.steps.filter(s => s.event); return steps.length ? { ...q, steps } : null; }
  if (q.kind === 'retention') return q.start.event ? { ...q, return: { event: '*', ...(q.return?.event ? q.return : {}) } } : null;
  if (q.kind === 'trend') { const series = q.series.filter(s => s.event && (s.prop || ['count', 'people', 'per_person'].includes(s.math))); return series.length ? { ...q, series, formula: q.formula && series.length === q.series.length ? q.formula : undefined } : null; }
  return q;
}

export const Builder = {
  props: ['question', 'change'],
  setup(p) {
    const set = part => p.change({ ...p.question, ...part });
    const edit = (list, i, part) => p.question[list].map((one, k) => k === i ? { ...one, ...part } : one);
    const drop = (list, i) => p.question[list].filter((_, k) => k !== i);
    const options = (values, word = v => 'mx.' + v) => values.map(v => [v, t(word(v))]);
    const interval = (...values) => html`<${Choice} label=${t('mx.interval')} value=${p.question.interval} options=${options(values)} change=${v => set({ interval: v })} />`;
    const named = (value, change, more = {}) => html`<${NameInput} list="mx-events" label=${t('mx.event')} placeholder=${t('mx.event')} value=${value} change=${change} ...${more} />`;
    const funnel = q => html`<h3>${t('mx.steps')}</h3>${q.steps.map((s, i) => html`<div key=${i}>${named(s.event, v => set({ steps: edit('steps', i, { event: v }) }), { letter: String(i + 1), remove: q.steps.length > 1 && (() => set({ steps: drop('steps', i) })) })}</div>`)}
      <button type="button" class="btn sm ghost" @click=${() => set({ steps: [...q.steps, { event: '' }] })}>${icon('plus', 14)}${t('mx.addstep')}</button>
      <${Choice} label=${t('mx.window')} value=${q.window} options=${[...new Set([...WINDOWS, q.window])].map(v => [v, v])} change=${v => set({ window: v })} />
      <${Choice} label=${t('mx.order')} value=${q.order} options=${options(['ordered', 'strict', 'any'])} change=${v => set({ order: v })} />`;
    const retention = q => html`<h3>${t('mx.start')}</h3>${named(q.start.event, v => set({ start: { ...q.start, event: v } }))}
      <label class="row sm"><input type="checkbox" checked=${!!q.start.first_time} @change=${e => set({ start: { ...q.start, first_time: e.target.checked } })} />${t('mx.firsttime')}</label>
      <h3>${t('mx.return')}</h3>${named(q.return?.event ?? '', v => set({ return: { event: v } }))}${interval('day', 'week', 'month')}`;
    const measured = (s, i) => html`<div class="row mx-measure"><select class="input" aria-label=${t('mx.math')} @change=${e => set({ series: edit('series', i, { math: e.target.value }) })}>
      ${MATHS.map(m => html`<option key=${m} value=${m} selected=${m === (s.math ?? 'count')}>${t('mx.' + m)}</option>`)}</select>
      ${!['count', 'people', 'per_person'].includes(s.math ?? 'count') && html`<${NameInput} list="mx-props" label=${t('mx.prop')} placeholder=${t('mx.prop')} value=${s.prop ?? ''} change=${v => set({ series: edit('series', i, { prop: v || undefined }) })} />`}</div>`;
    const trend = q => html`<h3>${t('mx.series')}</h3>${q.series.map((s, i) => html`<div key=${i} class="stack">${named(s.event, v => set({ series: edit('series', i, { event: v }) }), { letter: LETTERS[i], remove: q.series.length > 1 && (() => set({ series: drop('series', i), formula: undefined })) })}${measured(s, i)}</div>`)}
      ${q.series.length < 10 && html`<button type="button" class="btn sm ghost" @click=${() => set({ series: [...q.series, { event: '', math: 'count' }] })}>${icon('plus', 14)}${t('mx.addseries')}</button>`}
      ${q.series.length > 1 && html`<label class="mx-choice"><span class="mut sm">${t('mx.formula')}</span><input class="input" type="text" value=${q.formula ?? ''} @change=${e => set({ formula: e.target.value.trim() || undefined })} /></label>`}
      ${interval('hour', 'day', 'week', 'month')}
      <label class="row sm"><input type="checkbox" checked=${q.compare === 'previous'} @change=${e => set({ compare: e.target.checked ? 'previous' : undefined })} />${t('mx.compare')}</label>`;
    const lifecycle = q => html`<h3>${t('mx.event')}</h3>${named(q.event === '*' ? '' : q.event, v => set({ event: v || '*' }), { placeholder: t('mx.anyevent') })}${interval('day', 'week', 'month')}`;
    const parts = { funnel, retention, trend, lifecycle };
    const day = (name, label) => html`<label class="mx-choice"><span class="mut sm">${label}</span><input class="input" type="date" value=${(p.question[name] ?? '').slice(0, 10)} @change=${e => e.target.value && set({ [name]: e.target.value })} /></label>`;
    return () => html`<form class="mx-builder stack" data-scroll @submit=${e => e.preventDefault()}>${parts[p.question.kind]?.(p.question)}
      <h3>${t('mx.range')}</h3><div class="row wrap">${[7, 30, 90].map(n => html`<button type="button" key=${n} class="btn sm" @click=${() => set({ from: isoDay(Date.now() - (n - 1) * DAY), to: isoDay(Date.now()) })}>${t('mx.last', { n })}</button>`)}</div>
      <div class="row mx-days">${day('from', t('mx.from'))}${day('to', t('mx.to'))}</div>
      ${p.question.kind !== 'lifecycle' && html`<h3>${t('mx.breakdown')}</h3><${NameInput} list="mx-props" label=${t('mx.breakdown')} placeholder=${t('mx.none')} value=${p.question.breakdown?.prop ?? ''} change=${v => set({ breakdown: v ? { prop: v, limit: 8 } : undefined })} />`}</form>`;
  },
};
