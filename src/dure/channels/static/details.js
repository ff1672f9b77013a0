// What a conversation is: purpose, people, partners, how fast people from outside are answered.
import { action, ago, api, ask, Avatar, Badge, boot, date, dateTime, duration, html, icon, load, Loaded, t, toast, useKeys, useLive } from '../web/kit.js';
import { edit, invite, share } from './dialogs.js';
import { ChannelNotice } from './notifying.js';
import { Dot } from './presence.js';
import { refresh, title } from './rooms.js';

const KIND = { waiting: 'info', warned: 'warn', overdue: 'bad', answered: 'ok' };

export const Details = {
  props: ['room', 'people', 'close', 'changed'],
  setup(p) {
    const members = load(signal => api.get(`/channels/${p.room.id}/members`, { signal }), { watch: () => p.room.id, keep: false });
    const responses = load(signal => api.get(`/channels/${p.room.id}/responses`, { signal }), { watch: () => p.room.id, keep: false });
    useLive(() => `channel:${p.room.id}`, event => {
      if (/^(Member|Channel)/.test(event.event)) members.reload({ quiet: true });
      if (/^(Response|Message Posted)/.test(event.event)) responses.reload({ quiet: true });
    });
    useKeys({ Escape: [() => p.close(), 'dialog.close'] }, 'ch.keys');
    const change = async what => { if (await edit(p.room, what)) p.changed(); };
    const admin = ['owner', 'admin'].includes(boot.me.role), guest = boot.me.role === 'guest';
    const bring = async () => { const known = members.data?.members.map(m => m.id) ?? []; if (await invite(p.room, known)) { members.reload({ quiet: true }); p.changed(); } };
    const offer = async () => { if (await share(p.room)) p.changed(); };
    async function unshare(side) {
      if (!await ask({ title: t('ch.unshare'), body: t('ch.unshare.ask', { org: side.org_name }), action: t('ch.unshare'), danger: true })) return;
      try { await api.del(`/channels/${p.room.id}/shares/${side.workspace}`); p.changed(); members.reload({ quiet: true }); } catch (error) { toast.error(error); }
    }
    async function archive() {
      try {
        await api.patch(`/channels/${p.room.id}`, { archived: !p.room.archived }); p.changed(); refresh();
      } catch (error) { toast.error(error); }
    }
    async function leave() {
      if (!await ask({ title: t('ch.leave'), body: t('ch.leave.ask'), action: t('ch.leave'), danger: true })) return;
      try { await api.post(`/channels/${p.room.id}/leave`); await refresh(); p.changed(); } catch (error) { toast.error(error); }
    }
    const pencil = what => p.room.member && !p.room.archived && !guest && html`<button type="button" class="btn ghost ico sm" aria-label=${t('ch.edit')} @click=${() => change(what)}>${icon('edit', 14)}</button>`;
    const answered = list => list.filter(r => r.state === 'answered');
    const average = list => { const done = answered(list); return done.length ? duration(done.reduce((sum, r) => sum + r.seconds, 0) / done.length) : '–'; };
    return () => {
      const room = p.room, channel = room.kind === 'channel';
      return html`<aside class="ch-pane" aria-label=${t('ch.details')}><header><h2 class="cut">${title(room, p.people)}</h2><button type="button" class="btn ghost ico" aria-label=${t('ch.cancel')} @click=${p.close}>${icon('x')}</button></header>
        <div class="ch-scroll">
          ${channel && html`<dl class="facts ch-facts">
            <dt>${t('ch.name')}</dt><dd class="row"><span class="grow">${room.name}</span>${pencil('name')}</dd>
            <dt>${t('ch.topic')}</dt><dd class="row"><span class="grow">${room.topic || '–'}</span>${pencil('topic')}</dd>
            <dt>${t('ch.purpose')}</dt><dd class="row"><span class="grow">${room.purpose || '–'}</span>${pencil('purpose')}</dd>
            <dt>${t('ch.creator')}</dt><dd>${p.people[room.creator]?.name ?? '–'}, ${date(room.created_at)}</dd></dl>`}
          ${room.shared_with.map(side => html`<div class=${'notice ' + (side.state === 'invited' ? 'warn' : '')} key=${side.workspace}>${icon('globe')}<span class="grow">${side.state === 'invited' ? t('ch.share.waits', { org: side.org_name }) : t('ch.shared', { org: side.org_name })}</span>
            ${admin && room.home && html`<button type="button" class="btn sm" @click=${() => unshare(side)}>${t('ch.unshare')}</button>`}</div>`)}
          ${room.home && room.shared_with.some(side => side.state === 'connected') && html`<section><h3 class="row"><span class="grow">${t('ch.responses')}</span>${pencil('response_minutes')}</h3>
            <${Loaded} of=${responses} n=${2} show=${({ responses: list }) => html`<p class="mut sm">${t('ch.minutes')} <b>${room.response_minutes ?? 0}</b> · ${t('ch.answered')} <b>${average(list)}</b></p>
              ${list.length ? html`<ul class="ch-responses">${list.slice(0, 8).map(r => html`<li key=${r.id}><${Badge} kind=${KIND[r.state]} text=${t('ch.state.' + r.state)} /><span class="grow cut">${p.people[r.asked_by]?.name ?? ''}</span><span class="mut sm" title=${dateTime(r.asked_ts)}>${r.seconds !== null ? duration(r.seconds) : ago(r.asked_ts)}</span></li>`)}</ul>` : html`<p class="mut sm">${t('ch.responses.none')}</p>`}`} /></section>`}
          ${room.member && html`<${ChannelNotice} room=${room} />`}
          <section><h3 class="row"><span class="grow">${t('ch.members')}</span>${channel && room.member && !room.archived && !guest && html`<button type="button" class="btn sm" @click=${bring}>${icon('plus', 14)}${t('ch.invite')}</button>`}</h3>
            <${Loaded} of=${members} n=${4} show=${({ members: list }) => html`<ul class="ch-people">${list.map(one => html`<li key=${one.id}><${Avatar} name=${one.name} seed=${one.id} size="m" /><${Dot} user=${one.id} /><span class="grow cut">${one.name} <span class="mut sm">${one.title}</span></span>${one.org && html`<span class="tag ch-org">${icon('globe', 12)}${one.org}</span>`}${one.bot && html`<span class="tag ch-app">${t('ch.bot')}</span>`}${one.guest && html`<span class="tag">${t('ch.guest')}</span>`}</li>`)}</ul>`} /></section>
          ${channel && !guest && html`<div class="actions">${room.home && room.member && !room.archived && html`<button type="button" class="btn" @click=${offer}>${icon('globe')}${t('ch.share')}</button>`}
            ${room.member && html`<button type="button" class="btn" @click=${leave}>${icon('out')}${t('ch.leave')}</button>`}
            ${(room.member || admin) && html`<button type="button" class="btn" @click=${archive}>${t(room.archived ? 'ch.unarchive' : 'ch.archive')}</button>`}</div>`}
        </div></aside>`;
    };
  },
};
