// The period, team and network that a report is of, kept in the address.
import { api, html, load, setQuery, t } from '../../web/kit.js';
import '../words.js';

const DAYS = [7, 30, 90, 365];

export function usePeriod(query) {
  const asked = () => ({ days: Number(query().days) || 30, team: query().team ?? '', network: query().network ?? '' });
  const held = load(signal => api.get('/response-report', { signal, query: asked() }), { watch: () => JSON.stringify(asked()), keep: true });
  return { asked, held };
}

const pick = (label, value, change, options) => html`<select class="input sm clock-pick" aria-label=${label} value=${value} @change=${e => change(e.target.value)}>${options.map(([key, text]) => html`<option key=${key} value=${key} selected=${key === value}>${text}</option>`)}</select>`;

export const Period = {
  props: ['asked', 'teams'],
  setup: p => () => html`<div class="row wrap clock-period">
    ${pick(t('clock.days', { n: p.asked.days }), String(p.asked.days), v => setQuery({ days: v === '30' ? null : v }), DAYS.map(n => [String(n), t('clock.days', { n })]))}
    ${pick(t('clock.team'), p.asked.team, v => setQuery({ team: v || null }), [['', t('clock.allteams')], ...(p.teams ?? []).map(one => [one, t('social.' + one)])])}</div>`,
};
