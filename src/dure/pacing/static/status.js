// How a status looks: words and a sign, never a colour alone.
import { html, Badge, t } from '../web/kit.js';
import './words.js';

const LOOK = {
  at_risk: ['bad', 'warn'], not_launched: ['bad', 'pause'], over: ['info', 'up'], waiting: ['', 'clock'], healthy: ['ok', 'check'], delivered: ['ok', 'flag'],
  missed: ['warn', 'x'], upcoming: ['', 'calendar'], paused: ['', 'pause'], cancelled: ['', 'x'],
};
export const RANK = Object.fromEntries(Object.keys(LOOK).map((name, i) => [name, i]));
export const ATTENTION = new Set(['at_risk', 'not_launched', 'over', 'waiting']), ENDED = new Set(['missed', 'cancelled']);
export const Status = { props: ['of'], setup: p => () => html`<${Badge} kind=${LOOK[p.of]?.[0]} icon=${LOOK[p.of]?.[1]} text=${t('pacing.' + p.of)} />` };
export const statusText = status => t('pacing.' + status);
