// Drafts of questions: what each kind begins with, what stays when the kind is changed, and what of a draft can be asked.
import { isoDay } from '../web/kit.js';

const DAY = 86_400_000;
export const KINDS = ['trend', 'funnel', 'retention', 'lifecycle', 'stickiness', 'sessions', 'paths', 'attribution', 'lifetime_value',
  'correlation', 'metric', 'sql'];
export const NEEDS_PROP = ['sum', 'average', 'median', 'p90', 'min', 'max'];
const COMMON = ['timezone', 'by', 'where', 'segment'];
const SQL = 'SELECT toDate(time) AS day, count() AS events, uniq(person) AS people\nFROM events\nWHERE time >= now() - INTERVAL 30 DAY\nGROUP BY day\nORDER BY day';

export const daysBack = n => ({ from: isoDay(Date.now() - (n - 1) * DAY), to: isoDay(Date.now()) });

export function blank(kind, events = []) {
  const event = events[0] ?? '', any = event || '*', more = events.slice(1);
  switch (kind) {
    case 'funnel': return { kind, steps: [{ event }, ...(more.length ? more : ['']).map(e => ({ event: e }))], window: '7d', ...daysBack(30) };
    case 'retention': return { kind, start: { event }, return: { event }, interval: 'week', intervals: 9, ...daysBack(63) };
    case 'lifecycle': return { kind, event: any, interval: 'week', ...daysBack(84) };
    case 'stickiness': return { kind, event: any, interval: 'day', ...daysBack(28) };
    case 'sessions': return { kind, event: '*', gap: '30m', interval: 'day', ...daysBack(30) };
    case 'paths': return { kind, steps: 5, edges: 40, gap: '30m', ...daysBack(30) };
    case 'attribution': return { kind, conversion: { event }, touch: { event: '*', where: [{ prop: 'utm_source', op: 'set' }] },
      prop: 'utm_source', model: 'last', lookback: '30d', ...daysBack(30) };
    case 'lifetime_value': return { kind, purchase: { event }, prop: '', interval: 'month', intervals: 12, ...daysBack(365) };
    case 'correlation': return { kind, start: { event }, goal: { event: more[0] ?? '' }, window: '7d', ...daysBack(30) };
    case 'metric': return { kind, metric: '' };
    case 'sql': return { kind, sql: SQL };
    default: return { kind: 'trend', series: [{ event, math: 'people' }], interval: 'day', ...daysBack(30) };
  }
}

// Another kind of question about the same events and people.
export function turned(draft, kind) {
  const next = blank(kind, eventsOf(draft));
  if (kind === 'sql' || kind === 'metric') return next;
  for (const name of COMMON) if (draft[name] !== undefined) next[name] = draft[name];
  return next;
}

// The events a draft names, in its own order.
export function eventsOf(q) {
  const named = [...(q.steps instanceof Array ? q.steps : []), ...(q.series ?? []), q.start, q.return, q.goal, q.conversion, q.purchase]
    .map(s => s?.event);
  return [...new Set([...named, q.event])].filter(event => event && event !== '*');
}

export const wholeFilter = f => !!f.prop && (['set', 'not_set'].includes(f.op)
  || (Array.isArray(f.value) ? f.value.length > 0 : f.value !== undefined && f.value !== ''));

const asked = selector => {
  const where = selector.where?.filter(wholeFilter);
  return { ...selector, where: where?.length ? where : undefined };
};
// Names that are still empty at the end are left out; a gap between two steps cannot be asked.
function list(selectors) {
  const last = selectors.findLastIndex(s => s.event);
  const found = selectors.slice(0, last + 1);
  return found.length && found.every(s => s.event) ? found.map(asked) : null;
}

// The question as it can be asked, or null while something is missing.
export function ready(draft) {
  const parts = partsOf(draft);
  if (!parts) return null;
  const where = draft.where?.filter(wholeFilter);
  const q = { ...draft, ...parts, where: where?.length ? where : undefined };
  return JSON.parse(JSON.stringify(q));
}

function partsOf(q) {
  switch (q.kind) {
    case 'funnel': {
      const steps = list(q.steps);
      if (!steps) return null;
      const exclude = q.exclude?.filter(x => x.event && x.to < steps.length).map(asked);
      return { steps, exclude: exclude?.length ? exclude : undefined };
    }
    case 'trend': {
      const series = list(q.series);
      return series?.every(s => s.prop || !NEEDS_PROP.includes(s.math)) ? { series } : null;
    }
    case 'retention': return q.start.event ? { start: asked(q.start), return: asked({ ...q.return, event: q.return?.event || '*' }) } : null;
    case 'attribution': return q.conversion.event && q.touch.event && q.prop ? { conversion: asked(q.conversion), touch: asked(q.touch) } : null;
    case 'lifetime_value': return q.purchase.event && q.prop ? { purchase: asked(q.purchase), start: q.start?.event ? asked(q.start) : undefined } : null;
    case 'correlation': return q.start.event && q.goal.event ? { start: asked(q.start), goal: asked(q.goal) } : null;
    case 'metric': return q.metric ? {} : null;
    case 'sql': return q.sql.trim() ? {} : null;
    default: return {};
  }
}

// What is still to be chosen where the event is there already: {field, word, math}, or null.
export function missing(q) {
  switch (q.kind) {
    case 'trend': {
      const i = q.series.findIndex(s => s.event && !s.prop && NEEDS_PROP.includes(s.math));
      return i < 0 ? null : { field: `series[${i}].prop`, word: 'b.needsprop', math: q.series[i].math };
    }
    case 'attribution': return q.conversion.event && !q.prop ? { field: 'prop', word: 'b.needscredit' } : null;
    case 'lifetime_value': return q.purchase.event && !q.prop ? { field: 'prop', word: 'b.needsmoney' } : null;
    default: return null;
  }
}

// What the server takes where a question says nothing, and the empty places that the builder fills. No dates: the
// server's own range depends on the kind.
function bare(kind) {
  const event = '';
  switch (kind) {
    case 'funnel': return { kind, steps: [{ event }, { event }], window: '7d' };
    case 'retention': return { kind, start: { event }, return: { event: '*' }, interval: 'day', intervals: 8 };
    case 'lifecycle': case 'stickiness': return { kind, event: '*', interval: 'day' };
    case 'sessions': return { kind, event: '*', gap: '30m', interval: 'day' };
    case 'paths': return { kind, steps: 5, edges: 50, gap: '30m' };
    case 'attribution': return { kind, conversion: { event }, touch: { event }, prop: 'utm_source', model: 'last', lookback: '30d' };
    case 'lifetime_value': return { kind, purchase: { event }, prop: '', interval: 'month', intervals: 12 };
    case 'correlation': return { kind, start: { event }, goal: { event }, window: '7d' };
    case 'metric': return { kind, metric: '' };
    case 'sql': return { kind, sql: '' };
    default: return { kind: 'trend', series: [{ event, math: 'count' }], interval: 'day' };
  }
}

// A question as an address or an answer holds it, for the builder: whole days, and every list there. It stays the same
// question: what it leaves out is what the server takes.
export function draftOf(q) {
  if (!KINDS.includes(q?.kind)) return null;
  const day = text => /^\d{4}-\d\d-\d\dT00:00|^\d{4}-\d\d-\d\d$|T23:59:59/.test(text ?? '') ? text.slice(0, 10) : text;
  const kept = Object.fromEntries(Object.entries(q).filter(([, value]) => value !== null));
  const draft = { ...bare(q.kind), ...kept };
  for (const name of ['from', 'to']) if (draft[name]) draft[name] = day(draft[name]);
  return draft;
}

// Short texts such as `7d`, as people write them: 7일, 7 days, 7d.
const UNITS = { 초: 's', 분: 'm', 시간: 'h', 일: 'd', 주: 'w', s: 's', sec: 's', m: 'm', min: 'm', h: 'h', hour: 'h', d: 'd', day: 'd', w: 'w', week: 'w' };
export function durationOf(text) {
  const found = /^\s*(\d+)\s*([a-z가-힣]+?)s?\s*$/i.exec(text), unit = found && UNITS[found[2].toLowerCase()];
  return unit ? found[1] + unit : text.trim();
}
