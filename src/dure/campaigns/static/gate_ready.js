// Lines above every screen: this is a playground; all sending is stopped.
import { api, boot, html, icon, listen, notices, route, shallowRef, t } from '../web/kit.js';
import './gate_words.js';

const stopped = shallowRef(null);

async function look() {
  try {
    stopped.value = (await api.get('/sending', { quiet: true })).stopped;
  } catch {
    stopped.value = null;   // who may not ask is not told
  }
}

if (boot.workspace?.playground_of) notices.set('playground', () => html`<div class="offline gate-play" role="status">${icon('flag')}<span>${t('gate.inplay')}</span></div>`);
if (boot.me) {
  look();
  listen('campaigns', what => { if (what.event === 'Sending Stopped' || what.event === 'Sending Resumed') look(); }, look);
}
notices.set('stopped', () => stopped.value && route.path !== '/sending' && html`<div class="offline" role="status">${icon('pause')}<span>${t('gate.stopped')}</span><a class="btn sm ghost" href="/sending">${t('gate.title')}</a></div>`);
