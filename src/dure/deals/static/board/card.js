// A deal as a card: its money, its health, what comes next, how long it stands, who has it, what pacing warns of.
import { html, Avatar, icon, minute, money, percent, shortDate, t, today, when } from '../../web/kit.js';
import { Score } from '../deal/health.js';
import '../words.js';

export const daysIn = deal => Math.max(0, Math.floor((minute.value - when(deal.entered_stage_at)) / 86400000));

// `known` are {health, chance, alerts, owner, limit}; `on` and `lifted` say how it lies on the board.
export function card(deal, known, { on, lifted, press, open }) {
  const days = daysIn(deal), ended = !!deal.closed_at, stalled = !ended && days > known.limit, late = !ended && deal.close_date < today(), { health, chance, owner } = known;
  return html`<li key=${deal.id} class=${'card deals-card' + (on ? ' on' : '') + (lifted ? ' lifted' : '')} data-row data-deal=${deal.id} tabindex="0" role="button"
    aria-label=${`${deal.name}, ${money(deal.amount, deal.currency)}`} @pointerdown=${e => press(e, deal)} @click=${() => open(deal)}
    @keydown=${e => { if (e.key === 'Enter' && e.target === e.currentTarget) { e.preventDefault(); open(deal, e.ctrlKey || e.metaKey); } }}>
    <span class="deals-name" title=${deal.name}>${deal.name}</span>
    <span class="row"><span class="mut sm cut grow">${deal.account_name}</span><span class="deals-amount">${money(deal.amount, deal.currency)}</span></span>
    <span class=${'deals-next' + (deal.next_step || ended ? '' : ' none')}>${ended ? deal.lost_reason : deal.next_step || t('deals.nonext')}</span>
    <span class="deals-foot">${owner && html`<${Avatar} name=${owner.name} seed=${owner.id} size="s" />`}
      <span class=${'deals-days' + (stalled ? ' stalled' : '')} title=${ended ? null : t('deals.long', { n: days })}>${stalled && icon('clock', 12)}${ended ? shortDate(deal.closed_at) : days ? t('deals.days', { n: days }) : t('deals.today')}</span>
      <span class="grow"></span>${known.alerts > 0 && html`<span class="deals-alert" title=${t('deals.alerts', { n: known.alerts })}>${icon('gauge', 12)}${known.alerts}</span>`}
      ${late && html`<span class="poor" title=${t('deals.overdue')}>${icon('calendar', 12)}${shortDate(deal.close_date)}</span>`}
      ${deal.channel && html`<span title=${t('deals.hasroom')}>${icon('hash', 12)}</span>`}
      ${!ended && chance != null && html`<span class="num" title=${t('deals.chance')}>${percent(chance, 0)}</span>`}<${Score} of=${health} /></span></li>`;
}
