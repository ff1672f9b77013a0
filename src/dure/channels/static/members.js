// Who is in a conversation: found by name, brought in, sent out.
import { api, ask, Avatar, boot, go, html, icon, load, Loaded, Menu, ref, t, toast, useLive } from '../web/kit.js';
import { invite } from './dialogs.js';
import { score } from './matching.js';
import { mounts } from './mounts.js';
import { refresh } from './rooms.js';

// props: room, changed(), most: how many are shown at first, all(): shows the rest
export const Members = {
  props: ['room', 'changed', 'most', 'all'],
  setup(p) {
    const typed = ref('');
    const members = load(signal => api.get(`/channels/${p.room.id}/members`, { signal }), { watch: () => p.room.id, keep: false });
    useLive(() => `channel:${p.room.id}`, event => { if (/^(Member|Channel)/.test(event.event)) members.reload({ quiet: true }); });

    const guest = boot.me.role === 'guest', open = () => p.room.kind === 'channel' && p.room.member && !p.room.archived && !guest && !p.room.limited;
    const again = () => { members.reload({ quiet: true }); p.changed(); };
    const bring = async () => { if (await invite(p.room, members.data?.members.map(m => m.id) ?? [])) again(); };
    async function sendOut(one) {
      if (!await ask({ title: t('ch.remove'), body: t('ch.remove.ask', { name: one.name }), action: t('ch.remove'), danger: true })) return;
      try { await api.del(`/channels/${p.room.id}/members/${one.id}`); again(); } catch (error) { toast.error(error); }
    }
    async function writeTo(one) {
      try { const { channel } = await api.post('/channels/direct', { users: [one.id] }); await refresh(); go(`/channels/${channel.id}`); } catch (error) { toast.error(error); }
    }
    const acts = one => [
      ...(one.org ? [] : [{ label: t('ch.message.to', { name: one.name }), icon: 'edit', run: () => writeTo(one) }]),
      ...(open() && (!one.org || p.room.home) ? [{ label: t('ch.remove'), icon: 'out', danger: true, run: () => sendOut(one) }] : []),
    ];
    const row = one => {
      const items = one.id === boot.me.id ? [] : acts(one);
      return html`<li key=${one.id}><${Avatar} name=${one.name} seed=${one.id} size="m" />${mounts.Dot && html`<${mounts.Dot} user=${one.id} />`}
        <span class="grow cut">${one.name}${one.id === boot.me.id && html` <span class="mut sm">(${t('ch.me')})</span>`} <span
          class="mut sm">${one.title}</span></span>
        ${one.id === p.room.creator && html`<span class="tag">${t('ch.maker')}</span>`}
          ${one.org && html`<span class="tag ch-org">${icon('globe', 12)}${one.org}</span>`}
        ${one.bot && html`<span class="tag ch-app">${t('ch.bot')}</span>`}
          ${one.guest && !one.org && html`<span class="tag">${t('ch.guest')}</span>`}
        ${items.length > 0 && html`<${Menu} label=${t('ch.more.of', { name: one.name })} icon="more" cls="btn ghost ico sm"
          items=${items} />`}</li>`;
    };
    const show = ({ members: all }) => {
      const found = all.map(one => ({ one, fit: score(`${one.name} ${one.title}`, typed.value) })).filter(x => x.fit > 0).sort((a, b) => typed.value ? b.fit - a.fit : 0).map(x => x.one);
      const some = p.most ? found.slice(0, p.most) : found;
      return html`<ul class="ch-people">${some.map(row)}</ul>${!found.length && html`<p class="mut sm">${t('ch.nofind')}</p>`}
        ${found.length > some.length && html`<button type="button" class="link sm" @click=${p.all}>
          ${t('ch.members.all', { n: found.length })}</button>`}`;
    };
    return () => html`<section><h3 class="row"><span class="grow">${t('ch.members')}</span>
      ${open() && html`<button type="button" class="btn sm" @click=${bring}>${icon('plus', 14)}${t('ch.invite')}</button>`}</h3>
      ${!p.most && html`<input class="input ch-find-member" type="search" value=${typed.value} placeholder=${t('ch.members.find')}
        aria-label=${t('ch.members.find')} @input=${event => { typed.value = event.target.value; }} />`}
      <${Loaded} of=${members} n=${4} show=${show} /></section>`;
  },
};
