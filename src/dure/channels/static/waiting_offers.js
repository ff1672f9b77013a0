// How many invitations to share wait for this person: offers, what they may approve, what they may let be sent. The
// number stands at Connections.
import { api, boot, listenSoon, reactive } from '../web/kit.js';

export const waiting = reactive({ n: 0 });
const EVERY = 60_000, decides = ['owner', 'admin'].includes(boot.me?.role);

export async function countOffers() {
  try {
    const offers = (await api.get('/channels/offers', { quiet: true })).offers.length;
    if (!decides) { waiting.n = offers; return; }
    const [{ invites }, { requests }] = await Promise.all([api.get('/channels/invites', { quiet: true }), api.get('/channels/connections', { quiet: true })]);
    waiting.n = offers + requests.length + invites.filter(one => !one.approved).length;
  } catch { /* only a number; the page itself says what is wrong */ }
}

export function startOffers() {
  if (boot.me.role === 'guest') return;
  countOffers();
  listenSoon('sharing:all', countOffers);
  // A whisper that came while there was no connection is not said again.
  setInterval(() => { if (!document.hidden) countOffers(); }, EVERY);
  addEventListener('focus', countOffers);
}
