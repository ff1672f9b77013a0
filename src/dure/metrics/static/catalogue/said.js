// A definition in words: what a metric counts, as a sentence in the reader's language.
import { t, inLang } from '../../web/kit.js';
import '../words.js';
import './words.js';

const NEGATED = { '=': '=', '!=': '≠', '>': '>', '>=': '≥', '<': '<', '<=': '≤', in: '∈', not_in: '∉', contains: '∋', set: '✓', not_set: '✗' };
const filtered = where => (where ?? []).length ? ' ' + t('md.where', { text: where.map(f => `${f.prop} ${NEGATED[f.op ?? '='] ?? f.op} ${f.value === undefined || f.value === null ? '' : Array.isArray(f.value) ? f.value.join(', ') : f.value}`.trim()).join(' · ') }) : '';
const event = selector => (selector.event === '*' ? t('md.anyevent') : selector.event) + filtered(selector.where);
const interval = question => t('mx.' + (question.interval ?? 'day')).toLowerCase();

export const nameOf = metric => metric ? inLang({ ko: metric.name_ko, en: metric.name_en }) : '';

// `known` maps ids to metrics, so that a formula is said by the names of its parts.
export function said(metric, known = {}) {
  const q = metric.question, read = metric.reading ?? {}, one = KINDS[q.kind];
  const whole = (one ? one(q, read, known) : q.kind) + filtered(q.where);
  return [whole.charAt(0).toUpperCase() + whole.slice(1), read.at === 'last' && t('md.atlast', { interval: interval(q) }), q.segment && t('md.segment')].filter(Boolean).join(' · ');
}

const KINDS = {
  trend(q, read) {
    const parts = q.series.map(s => t('md.' + (s.math ?? 'count'), { event: event(s), prop: s.prop ?? '' }));
    return q.formula ? lettered(q.formula, parts) : parts[read.series ?? 0];
  },
  formula: (q, _, known) => lettered(q.formula, Object.keys(q.metrics).sort().map(letter => nameOf(known[q.metrics[letter]]) || q.metrics[letter])),
  funnel(q, read) {
    const last = read.step ?? q.steps.length - 1, via = q.steps.slice(1, last).map(event).join(' → ');
    const text = t(read.field === 'seconds' ? 'md.funnelseconds' : 'md.funnel', { from: event(q.steps[0]), to: event(q.steps[last]), window: q.window ?? '7d' });
    return via ? `${text} · ${t('md.funnelvia', { steps: via })}` : text;
  },
  retention(q, read) {
    const n = read.column ?? 1, unit = interval(q), brackets = q.brackets ?? [1, 3, 7, 14];
    const when = q.measure === 'bracket' ? t('md.within', { a: (brackets[n - 2] ?? 0) + 1, b: brackets[n - 1], unit }) : t(q.measure === 'on_or_after' ? 'md.from' : 'md.on', { n, unit });
    return t('md.retention', { start: event(q.start) + (q.start.first_time ? ' ' + t('md.firsttime') : ''), back: event(q.return ?? { event: '*' }), when });
  },
  lifecycle: (q, read) => t('md.' + read.field, { event: event({ event: q.event ?? '*' }), interval: interval(q) }),
  stickiness: (q, read) => t(read.column ? 'md.stickyshare' : 'md.stickiness', { event: event({ event: q.event ?? '*' }), interval: interval(q), n: read.column }),
  sessions: (q, read) => t('md.sessions', { field: read.field }),
  lifetime_value: (q, read) => read.field === 'value' ? t('md.lifetime_value', { start: q.start ? event(q.start) : t('md.firstpurchase'), n: read.column ?? (q.intervals ?? 12) - 1, interval: interval({ interval: q.interval ?? 'month' }), prop: `${event(q.purchase)} · ${q.prop}` })
    : t('md.ltvother', { purchase: event(q.purchase), prop: q.prop, field: read.field }),
  sql: () => t('md.sql'),
};

const SIGNS = { '*': '×', '/': '÷', '-': '−' };
function lettered(formula, parts) {
  return formula.replace(/\s+/g, '').replace(/[A-J]|[-+*/]/g, c => /[A-J]/.test(c) ? `“${parts[c.charCodeAt(0) - 65] ?? c}”` : ` ${SIGNS[c] ?? c} `).replace(/\s+/g, ' ').trim();
}
