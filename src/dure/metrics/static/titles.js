// What a question is called where no one gave it a name.
import { shortDate, t } from '../web/kit.js';
import './builder/words.js';

const event = name => name === '*' ? t('b.anyevent') : name;

export function titleOf(q, metricName) {
  const kind = t('b.' + q.kind), range = q.from && q.to ? `${shortDate(q.from.slice(0, 10))}–${shortDate(q.to.slice(0, 10))}` : '';
  const what = {
    trend: () => q.formula ?? q.series.map(s => event(s.event)).join(', '), funnel: () => q.steps.filter(s => s.event).map(s => event(s.event)).join(' → '),
    retention: () => `${event(q.start.event)} → ${event(q.return?.event || '*')}`, lifecycle: () => event(q.event), stickiness: () => event(q.event), sessions: () => event(q.event ?? '*'),
    paths: () => [q.start, q.end].filter(Boolean).map(event).join(' → '), attribution: () => `${event(q.conversion.event)} · ${q.prop}`, lifetime_value: () => `${event(q.purchase.event)} · ${q.prop}`,
    correlation: () => `${event(q.start.event)} → ${event(q.goal.event)}`, metric: () => metricName ?? q.metric, sql: () => q.sql.replace(/\s+/g, ' ').slice(0, 80),
  }[q.kind]?.();
  return { kind, what: [what, q.breakdown?.prop && `÷ ${q.breakdown.prop}`].filter(Boolean).join(' '), range };
}
export const titleText = (q, metricName) => { const it = titleOf(q, metricName); return [it.kind, it.what].filter(Boolean).join(': '); };
