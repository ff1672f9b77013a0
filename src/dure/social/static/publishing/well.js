// The hours of the week at which posts did well, where enough were measured to say so.
import { api, html, icon, load, num, ref, state, t, today } from '../../web/kit.js';
import { moment, plus, weekday } from './zoned.js';

export const Well = {
  props: ['pick'],
  setup(p) {
    const times = load(signal => api.get('/publishing/times', { signal, quiet: true })), shown = ref(false);
    const dayName = at => new Intl.DateTimeFormat(state.lang, { weekday: 'short', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + at)));
    // The next such hour that has not passed.
    const next = slot => {
      const ahead = (slot.weekday - weekday(today()) + 7) % 7, at = moment(plus(today(), ahead), `${String(slot.hour).padStart(2, '0')}:00`);
      return at > new Date() ? at : moment(plus(today(), ahead + 7), `${String(slot.hour).padStart(2, '0')}:00`);
    };
    const inside = data => !data.enough ? html`<p class="mut sm">${t('pub.wellnot', { have: data.have, need: data.need })}</p>`
      : !data.slots.length ? html`<p class="mut sm">${t('pub.wellnone')}</p>`
      : html`<ul>${data.slots.map(slot => html`<li key=${slot.weekday + '-' + slot.hour}><button type="button" class="btn sm" title=${t('pub.wellhint', { n: slot.posts, least: num(slot.least, 1) })} @click=${() => p.pick(next(slot))}>${t('pub.wellslot', { day: dayName(slot.weekday), from: slot.hour, to: slot.hour + 3 })} <b class="num">${t('pub.welltimes', { n: num(slot.times, 1) })}</b></button></li>`)}</ul>`;
    return () => html`<div class="pub-well"><button type="button" class="btn sm" aria-expanded=${String(shown.value)} @click=${() => { shown.value = !shown.value; }}>${icon('trend', 14)}${t('pub.well')}</button>
      ${shown.value && html`<div class="pub-pop" role="dialog" aria-label=${t('pub.well')}>${times.data ? inside(times.data) : html`<p class="mut sm">${t('pub.loading')}</p>`}</div>`}</div>`;
  },
};
