// The rail: ways to look at the inbox, with how much there is in each.
import { html, icon, setQuery, state, t } from '../../web/kit.js';
import { networkName } from '../words.js';
import './words.js';

const VIEWS = [['mine', 'person'], ['unassigned', 'inbox'], ['named', 'at'], ['soon', 'clock'], ['overdue', 'warn']];
const STATES = [['open', 'chat'], ['waiting', 'pause'], ['snoozed', 'moon'], ['resolved', 'check'], ['all', 'list']];
const CLEARED = { view: null, team: null, network: null, c: null };

// What a view asks the server for.
export const asked = view => ({
  mine: { assignee: 'me', state: 'unresolved' }, unassigned: { assignee: 'none', state: 'open' }, named: { named: true, state: 'unresolved' }, overdue: { overdue: true, state: 'open' }, soon: { soon: true, state: 'open' },
  waiting: { state: 'waiting' }, snoozed: { state: 'snoozed' }, resolved: { state: 'resolved' }, all: { state: 'any' },
}[view] ?? { state: 'open' });

// props: counts (a load), query
export const Rail = {
  props: ['counts', 'query'],
  setup: p => () => {
    const n = p.counts.data ?? {}, at = p.query.view ?? 'open';
    const row = (key, on, label, count, mark, go, loud) => html`<li key=${key}><button type="button" class=${'care-way' + (on ? ' on' : '')} aria-current=${on ? 'true' : null} @click=${go}>${mark && icon(mark, 14)}<span class="cut grow">${label}</span>${count > 0 && html`<span class=${'num ' + (loud ? 'care-loud' : 'mut')}>${count}</span>`}</button></li>`;
    const view = ([name, mark]) => row(name, at === name && !p.query.team && !p.query.network, t('care.' + name), n[name], mark, () => setQuery({ ...CLEARED, view: name === 'open' ? null : name }), name === 'overdue' || name === 'named');
    const part = (name, key, label) => Object.entries(n[key] ?? {}).length > 0 && html`<h3>${t('care.' + key)}</h3><ul>${Object.entries(n[key]).map(([one, count]) => row(one, p.query[name] === one, label(one), count, null, () => setQuery({ ...CLEARED, view: p.query[name] === one ? null : 'all', [name]: p.query[name] === one ? null : one })))}</ul>`;
    return html`<nav class="care-rail" aria-label=${t('care.views')}><ul>${VIEWS.map(view)}</ul><h3>${t('care.states')}</h3><ul>${STATES.map(view)}</ul>
      ${part('team', 'teams', one => t('social.' + one))}${part('network', 'networks', one => networkName(one, state.lang))}</nav>`;
  },
};
