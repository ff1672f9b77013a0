// An idea on the board: its title, how often it was asked for and where, what the askers' deals sum to, votes.
import { html, icon, money, num, t } from '../../web/kit.js';
import { SOURCES } from './words.js';

// Sums by currency as one text, – where there are none.
export const worth = value => Object.entries(value ?? {}).map(([currency, amount]) => money(amount, currency)).join(' + ') || '–';

export const Card = {
  props: ['idea', 'on', 'open', 'vote', 'mark'],
  setup(p) {
    const key = e => { if ((e.key === 'Enter' || e.key === ' ') && e.target === e.currentTarget) { e.preventDefault(); p.open(p.idea); } };
    return () => {
      const one = p.idea;
      return html`<li class=${'idea-card' + (p.on ? ' on' : '')} data-row data-idea=${one.id} tabindex="0" aria-current=${p.on ? 'true' : null} @click=${() => p.open(one)} @keydown=${key} @focus=${() => p.mark()}>
        <button type="button" class=${'idea-vote' + (one.mine ? ' on' : '')} aria-pressed=${String(one.mine)} aria-label=${t('idea.vote')} @click=${e => { e.stopPropagation(); p.vote(one); }}>${icon('up', 14)}<span class="num">${num(one.votes)}</span></button>
        <div class="idea-main"><b>${one.title}</b><span class="mut sm row wrap">${SOURCES.filter(source => one.demand[source]).map(source => html`<span key=${source} class="nowrap">${t('idea.from.' + source)} <span class="num">${num(one.demand[source])}</span></span>`)}
          ${Object.keys(one.value).length > 0 && html`<span class="nowrap idea-worth">${worth(one.value)}</span>`}</span></div></li>`;
    };
  },
};
