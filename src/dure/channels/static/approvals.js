// Invitations to share that somebody has accepted and that wait for an approval.
import { action, api, boot, html, icon, load, t, toast } from '../web/kit.js';
import { countOffers } from './waiting_offers.js';
import { refresh } from './rooms.js';
import './people_words.js';

// `again`: what, when it changes, asks anew; `changed()`: after an answer. Draws nothing where nothing waits. Administrators approve; everybody sees what is waited for.
export const Approvals = {
  props: ['again', 'changed'],
  setup(p) {
    const may = ['owner', 'admin'].includes(boot.me.role), invites = load(async signal => boot.me.role === 'guest' ? [] : (await api.get('/channels/invites', { signal })).invites, { watch: () => p.again });
    const answer = action(async (it, how) => { await api.post(`/channels/invites/${it.id}/${how}`); await invites.reload({ quiet: true }); p.changed?.(); countOffers(); refresh(); if (how === 'approve') toast(t('sh.approved')); }, { failed: toast.error });
    return () => (invites.data ?? []).length > 0 && html`<section class="ch-offers" aria-label=${t('sh.title')}>${invites.data.map(it => html`<div class="notice" key=${it.id}>${icon('globe')}<span class="grow"><b>#${it.name}</b> ${t(it.approved ? 'sh.theirs' : 'sh.ours', { org: it.other_org })}</span>
      ${may && html`<button type="button" class="btn sm" disabled=${answer.busy} @click=${() => answer.run(it, 'decline')}>${t('sh.decline')}</button>`}${may && !it.approved && html`<button type="button" class="btn sm pri" disabled=${answer.busy} @click=${() => answer.run(it, 'approve')}>${t('sh.approve')}</button>`}</div>`)}</section>`;
  },
};
