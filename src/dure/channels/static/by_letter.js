// Where a letter leads: an invitation to share a channel, taken by an account of the address it was written to.
import { action, api, boot, date, go, html, icon, load, Panel, ref, Skeleton, t, toast, useTop } from '../web/kit.js';
import './words.js';
import './connections_words.js';
import { refresh } from './rooms.js';

export default {
  props: ['params', 'query'],
  setup(p) {
    const name = ref(null), path = () => `/channel-invitations/${encodeURIComponent(p.params.secret)}`;
    const found = load(async signal => (await api.get(path(), { signal, quiet: true })).invitation, { watch: () => p.params.secret, keep: false });
    const accept = action(async it => {
      const { channel: id } = await api.post(path());
      const { channel } = await api.post(`/channels/offers/${id}/accept`, { name: (name.value ?? it.name).trim() });
      if (!channel) { toast(t('cn.waits')); go('/channels/connections'); return; }
      await refresh(); toast(t('ch.accepted')); go(`/channels/${channel.id}`);
    }, { failed: toast.error });
    const decline = action(async () => {
      const { invite } = await api.post(path());
      await api.post(`/channels/invites/${invite}/decline`); toast(t('li.declined')); go('/channels/connections');
    }, { failed: toast.error });
    useTop({ title: () => t('li.title') });
    const facts = it => html`<dl class="facts"><dt>${t('cn.channel')}</dt><dd><b>#${it.name}</b></dd><dt>${t('cn.org')}</dt><dd>${it.org} · ${it.workspace}</dd>
      <dt>${t('li.for')}</dt><dd>${it.email}</dd><dt>${t('li.until')}</dt><dd>${date(it.expires_at)}</dd></dl>`;
    return () => {
      const it = found.data;
      if (found.error) return html`<div class="page"><${Panel} title=${t('li.none')} wide=${true}><p class="mut">${t('li.none.body')}</p><//></div>`;
      if (!it) return html`<div class="page"><${Panel} title=${t('li.title')} wide=${true}><${Skeleton} n=${4} /><//></div>`;
      const busy = accept.busy || decline.busy;
      return html`<div class="page li-page"><${Panel} title=${t('li.says', { org: it.org, who: it.inviter })} wide=${true}>${facts(it)}
        ${it.limited && html`<p class="mut sm">${t('li.limited')}</p>`}
        ${it.why ? html`<div class="notice warn" role="status">${icon('warn')}<span class="grow">${t('li.' + it.why, { email: it.email })} <span class="mut">${boot.me.email ?? ''}</span></span></div>`
          : html`<form class="li-form" @submit=${e => { e.preventDefault(); accept.run(it); }}><label class="field"><span>${t('li.name')}</span><input class="input" maxlength="80" required value=${name.value ?? it.name} @input=${e => { name.value = e.target.value; }} /></label>
            <div class="row"><button type="submit" class="btn pri" disabled=${busy}>${t('li.take')}</button><button type="button" class="btn" disabled=${busy} @click=${() => decline.run()}>${t('li.no')}</button></div></form>`}<//></div>`;
    };
  },
};
