// A link to a partner's channel, opened on one's own server: what is offered, by whom, and the answer.
import { action, api, boot, date, Empty, go, html, icon, load, Loaded, Panel, ref, t, toast, useTop } from '../web/kit.js';
import './connections_words.js';
import './partner_words.js';
import { refresh } from './rooms.js';

export default {
  props: ['params'],
  setup(p) {
    const found = load(() => api.post(`/partners/links/${encodeURIComponent(p.params.id)}/open`)), name = ref('');
    const answer = action(async yes => {
      const path = `/channels/offers/${found.data.channel}`;
      if (!yes) { await api.post(path + '/decline', {}); toast(t('inv.declined')); go('/channels/connections'); return; }
      const got = await api.post(path + '/accept', { name: name.value.trim() });
      await refresh();
      if (got?.channel) go(`/channels/${got.channel.id}`);
      else { toast(t('inv.waits')); found.reload({ quiet: true }); }
    }, { failed: toast.error });
    useTop({ title: () => t('inv.title') });
    const over = it => it.state === 'connected' ? html`<${Empty} icon="globe" title=${t('inv.connected')} action=${{ label: t('inv.open'), href: `/channels/${it.channel}` }} />`
      : html`<${Empty} icon="globe" title=${t(it.state === 'accepted' ? 'inv.accepted' : 'inv.over')} action=${{ label: t('inv.connections'), href: '/channels/connections' }} />`;
    const open = it => html`<${Panel} title=${'#' + it.name}><div class="stack">
      <p class="row wrap">${icon('globe')}<span>${t('inv.from', { name: it.inviter, org: it.org })}</span><span class="mut">${t('inv.until', { when: date(it.expires_at) })}</span></p>
      ${it.purpose && html`<p class="mut">${it.purpose}</p>`}
      ${it.limited && html`<div class="notice">${icon('people')}<span class="grow">${t('inv.limited')}</span></div>`}
      <label class="stack sm">${t('inv.name')}<input class="input" type="text" maxlength="80" placeholder=${it.name} value=${name.value} @input=${e => { name.value = e.target.value; }} /></label>
      <p class="mut sm">${t('cn.retention')}</p>
      <div class="actions"><button type="button" class="btn" disabled=${answer.busy} @click=${() => answer.run(false)}>${t('inv.no')}</button>
        <button type="button" class="btn pri" disabled=${answer.busy} @click=${() => answer.run(true)}>${icon('check')}${t('inv.accept')}</button></div></div><//>`;
    return () => html`<div class="page" style="max-width:640px"><${Loaded} of=${found} n=${2} show=${it => it.state === 'sent' ? open(it) : over(it)} /></div>`;
  },
};
