// What a conversation is: purpose, people, partners, notifications, how fast people from outside are answered.
import { ago, api, ask, Badge, boot, date, dateTime, duration, html, icon, load, Loaded, ref, t, Tabs, toast, useKeys, useLive } from '../web/kit.js';
import { edit, share } from './dialogs.js';
import { Members } from './members.js';
import { copyText } from './message_tools.js';
import { mounts } from './mounts.js';
import { refresh, title } from './rooms.js';
import { star, starred } from './sections.js';

const KIND = { waiting: 'info', warned: 'warn', overdue: 'bad', answered: 'ok' };

export const Details = {
  props: ['room', 'people', 'close', 'changed'],
  setup(p) {
    const tab = ref('about');
    const responses = load(signal => api.get(`/channels/${p.room.id}/responses`, { signal }), { watch: () => p.room.id, keep: false });
    useLive(() => `channel:${p.room.id}`, event => { if (/^(Response|Message Posted)/.test(event.event)) responses.reload({ quiet: true }); });
    useKeys({ Escape: [() => p.close(), 'dialog.close'] }, 'ch.keys');

    const admin = ['owner', 'admin'].includes(boot.me.role), guest = boot.me.role === 'guest';
    const change = async what => { if (await edit(p.room, what)) p.changed(); };
    const offer = async () => { if (await share(p.room)) p.changed(); };
    async function unshare(side) {
      if (!await ask({ title: t('ch.unshare'), body: t('ch.unshare.ask', { org: side.org_name }), action: t('ch.unshare'), danger: true })) return;
      try { await api.del(`/channels/${p.room.id}/shares/${side.workspace}`); p.changed(); } catch (error) { toast.error(error); }
    }
    async function archive(archived) {
      try {
        await api.patch(`/channels/${p.room.id}`, { archived });
        p.changed(); refresh();
        if (archived) toast.undo(t('ch.archive.done'), () => archive(false));
      } catch (error) { toast.error(error); }
    }
    async function leave() {
      if (!await ask({ title: t('ch.leave'), body: t('ch.leave.ask'), action: t('ch.leave'), danger: true })) return;
      try { await api.post(`/channels/${p.room.id}/leave`); await refresh(); p.changed(); } catch (error) { toast.error(error); }
    }

    const pencil = what => p.room.member && !p.room.archived && !guest && html`<button type="button" class="btn ghost ico sm"
      aria-label=${`${t('ch.edit')}: ${t('ch.' + (what === 'response_minutes' ? 'minutes' : what))}`} @click=${() => change(what)}>
        ${icon('edit', 14)}</button>`;
    const average = list => { const done = list.filter(r => r.state === 'answered'); return done.length ? duration(done.reduce((sum, r) => sum + r.seconds, 0) / done.length) : '–'; };
    const facts = room => html`<dl class="facts ch-facts">
      <dt>${t('ch.name')}</dt><dd class="row"><span class="grow">${room.name}</span>${pencil('name')}</dd>
      <dt>${t('ch.topic')}</dt><dd class="row"><span class="grow">${room.topic || '–'}</span>${pencil('topic')}</dd>
      <dt>${t('ch.purpose')}</dt><dd class="row"><span class="grow">${room.purpose || '–'}</span>${pencil('purpose')}</dd>
      <dt>${t('ch.creator')}</dt><dd>${p.people[room.creator]?.name ?? '–'}, ${date(room.created_at)}</dd></dl>`;
    const sides = room => room.shared_with.map(side => html`<div class=${'notice ' + (side.state === 'invited' ? 'warn' : '')}
      key=${side.workspace}>${icon('globe')}<span class="grow">
        ${side.state === 'invited' ? t('ch.share.waits', { org: side.org_name }) : t(side.elsewhere ? 'ch.shared.far' : 'ch.shared', { org: side.org_name })}</span>
      ${admin && room.home && html`<button type="button" class="btn sm" @click=${() => unshare(side)}>${t('ch.unshare')}</button>`}</div>`);
    const answers = ({ responses: list }) => html`<p class="mut sm">${t('ch.minutes')} <b>${p.room.response_minutes ?? 0}
      </b> · ${t('ch.answered')} <b>${average(list)}</b></p>
      ${list.length ? html`<ul class="ch-responses">
        ${list.slice(0, 8).map(r => html`<li key=${r.id}><${Badge} kind=${KIND[r.state]} text=${t('ch.state.' + r.state)} />
          <span class="grow cut">${p.people[r.asked_by]?.name ?? ''}</span><span class="mut sm" title=${dateTime(r.asked_ts)}>
            ${r.seconds !== null ? duration(r.seconds) : ago(r.asked_ts)}</span></li>`)}</ul>` : html`<p class="mut sm">
              ${t('ch.responses.none')}</p>`}`;
    const about = room => html`<div class="actions">
      <button type="button" class="btn sm" aria-pressed=${String(starred(room.id))} @click=${() => star(room.id)}>${icon('star', 14)}
        ${t(starred(room.id) ? 'ch.unstar' : 'ch.star')}</button>
        <button type="button" class="btn sm" @click=${() => copyText(`${location.origin}/channels/${room.id}`, t('ch.copied'))}>
          ${icon('link', 14)}${t('ch.copy')}</button></div>
      ${room.kind === 'channel' && facts(room)}${sides(room)}
      ${room.home && room.shared_with.some(side => side.state === 'connected') && html`<section><h3 class="row"><span class="grow">
        ${t('ch.responses')}</span>${pencil('response_minutes')}</h3><${Loaded} of=${responses} n=${2} show=${answers} /></section>`}
      ${room.kind === 'channel' && !guest && html`<div class="actions ch-last-acts">
        ${room.home && room.member && !room.archived && html`<button type="button" class="btn" @click=${offer}>${icon('globe')}
          ${t('ch.share')}</button>`}
        ${room.member && html`<button type="button" class="btn" @click=${leave}>${icon('out')}${t('ch.leave')}</button>`}
        ${(room.member || admin) && html`<button type="button" class="btn" @click=${() => archive(!room.archived)}>${icon('lock')}
          ${t(room.archived ? 'ch.unarchive' : 'ch.archive')}</button>`}</div>`}`;

    return () => {
      const room = p.room;
      const tabs = [{ value: 'about', label: t('ch.about') }, { value: 'members', label: t('ch.members'), count: room.members }, ...(mounts.ChannelNotice && room.member ? [{ value: 'notices', label: t('ch.notices') }] : [])];
      return html`<aside class="ch-pane" aria-label=${t('ch.details')}><header><h2 class="cut">${title(room, p.people)}</h2>
        <button type="button" class="btn ghost ico" aria-label=${t('ch.cancel')} title="Esc" @click=${p.close}>${icon('x')}</button></header>
        <${Tabs} items=${tabs} value=${tab.value} change=${value => { tab.value = value; }} label=${t('ch.details')} />
        <div class="ch-scroll">${tab.value === 'notices' ? html`<${mounts.ChannelNotice}
          room=${room} />` : tab.value === 'members' ? html`<${Members} room=${room} changed=${p.changed} />` : about(room)}
          ${tab.value === 'about' && html`<${Members} room=${room} changed=${p.changed} most=${8}
            all=${() => { tab.value = 'members'; }} />`}</div></aside>`;
    };
  },
};
