// How a status, a severity and a kind of alert look: words and a sign, never a colour alone.
import { html, Badge, t, href } from '../web/kit.js';
import './words.js';
import './alert_words.js';

const LOOK = {
  at_risk: ['bad', 'warn'], not_launched: ['bad', 'pause'], over: ['info', 'up'], waiting: ['', 'clock'], healthy: ['ok', 'check'], delivered: ['ok', 'flag'],
  missed: ['warn', 'x'], upcoming: ['', 'calendar'], paused: ['', 'pause'], cancelled: ['', 'x'],
};
const SEVERITY = { critical: ['bad', 'warn'], warning: ['warn', 'bell'], watch: ['info', 'eye'] };
export const KINDS = ['not_launched', 'at_risk', 'stopped', 'over', 'creative_missing', 'creative_rejected', 'not_ready', 'tracking_gap', 'paused_with_budget', 'ended_short', 'data_stale'];
export const RANK = Object.fromEntries(Object.keys(LOOK).map((name, i) => [name, i]));
export const SEVERE = { critical: 0, warning: 1, watch: 2 };
export const ATTENTION = new Set(['at_risk', 'not_launched', 'over', 'waiting']), ENDED = new Set(['missed', 'cancelled']);
export const Status = { props: ['of'], setup: p => () => html`<${Badge} kind=${LOOK[p.of]?.[0]} icon=${LOOK[p.of]?.[1]} text=${t('pacing.' + p.of)} />` };
export const Severity = { props: ['of'], setup: p => () => html`<${Badge} kind=${SEVERITY[p.of]?.[0]} icon=${SEVERITY[p.of]?.[1]} text=${t('pacing.sev.' + p.of)} />` };
export const statusText = status => t('pacing.' + status);
export const kindText = kind => t('pacing.kind.' + kind);
export const unitText = unit => t('pacing.unit.' + unit);

// What an alert says of itself, from its own facts.
export function why(alert, lang) {
  const f = alert.facts ?? {}, said = f['cause_' + lang] || f['reasons_' + lang] || (alert.kind === 'at_risk' ? f['reason_' + lang] : '');
  if (alert.kind === 'creative_missing') return t('pacing.say.missing', { d: f.days_before ?? 0, n: f.missing ?? 1 }) + (said ? ` (${said})` : '');
  if (alert.kind === 'creative_rejected') return `${f.creative_name ?? ''}: ${[f['reasons_' + lang], f.reason].filter(Boolean).join(' · ')}`;
  if (alert.kind === 'tracking_gap') return t('pacing.say.gap', { p: f.gap_percent ?? 0, who: f.counter ?? '' });
  if (alert.kind === 'data_stale') return t('pacing.say.stale', { date: f.data_through || '–', n: f.line_items ?? 0 });
  if (alert.kind === 'ended_short') return t('pacing.say.short', { p: f.delivered_percent ?? 0 });
  if (alert.kind === 'paused_with_budget') return t('pacing.say.paused', { n: f.days_left ?? 0 });
  return said || '';
}

// The ways between pacing's own pages.
export const Ways = {
  props: ['at'],
  setup: p => () => html`<nav class="seg pacing-ways" aria-label=${t('pacing.ways')}>${[['pacing', 'pacing.way.board'], ['line-items', 'pacing.way.lines'], ['orders', 'pacing.way.orders'], ['ad-servers', 'pacing.way.servers']].map(([page, word]) =>
    html`<a key=${page} href=${href(page)} class=${p.at === page ? 'on' : ''} aria-current=${p.at === page ? 'page' : null}>${t(word)}</a>`)}</nav>`,
};
