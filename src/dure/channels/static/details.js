// What a conversation is: purpose, people, partners, notifications, how fast people from outside are answered.
import { ago, api, ask, Badge, boot, date, dateTime, duration, html, icon, load, Loaded, Menu, ref, t, Tabs, toast, useKeys, useLive } from '../web/kit.js';
import './answers_words.js';
import { edit, share } from './dialogs.js';
import { KeptFor } from './kept_for.js';
import { Members } from './members.js';
import { copyText } from './message_tools.js';
import { mounts } from './mounts.js';
import { openPrefs } from './prefs.js';
import { refresh, title } from './rooms.js';
import { star, starred } from './sections.js';
import { askTransfer, disconnect, endTransfer, setRights, takeTransfer } from './sharing_acts.js';

const KIND = { waiting: 'info', warned: 'warn', overdue: 'bad', answered: 'ok', paused: '' };

export const Details = {
  props: ['room', 'people', 'close', 'changed'],
  setup(p) {
    const tab = ref('about');
    const responses = load(signal => api.get(`/channels/${p.room.id}/responses`, { signal }), { watch: () => p.room.id, keep: false });
    useLive(() => `channel:${p.room.id}`, event => { if (/^(Response|Message Posted)/.test(event.event)) responses.reload({ quiet: true }); });
    useKeys({ Escape: [() => p.close(), 'dialog.close'] }, 'ch.keys');

    const admin = ['owner', 'admin'].includes(boot.me.role), guest = boot.me.role === 'guest';
    const change = async what => { if (await edit(p.room, what)) p.changed(); };
    const rules = async () => { if (await openPrefs(`/channels/${p.room.id}`, p.room.name)) p.changed(); };
    const offer = async () => { if (await share(p.room)) p.changed(); };
    const acted = async done => { if (await done) { p.changed(); refresh(); } };
    const unshare = side => acted(disconnect(p.room.id, { home: p.room.home, limited: p.room.home ? side.limited : p.room.limited, workspace: side.workspace }, side.org_name, boot.workspace.id));
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

    const pencil = what => p.room.member && !p.room.archived && p.room.manages && html`<button type="button" class="btn ghost ico sm"
      aria-label=${`${t('ch.edit')}: ${t('ch.' + (what === 'response_minutes' ? 'minutes' : what))}`} @click=${() => change(what)}>
        ${icon('edit', 14)}</button>`;
    const name = id => p.people[id]?.name ?? id;
    const noticed = r => r.seen_by ? t('ch.seen', { name: name(r.seen_by) }) : r.read_by.length > 1 ? t('ch.read.n', { name: name(r.read_by[0]), n: r.read_by.length - 1 }) : r.read_by.length ? t('ch.read.by', { name: name(r.read_by[0]) }) : t('ch.unseen');
    async function give(clock, turn) {
      try {
        await api.put(`/channel-responses/${clock.id}/turn`, { turn });
        if (turn === 'customer') toast(t('ch.turn.done'));
        responses.reload({ quiet: true }); p.changed();
      } catch (error) { toast.error(error); }
    }
    const whose = r => p.room.member && !guest && r.state !== 'overdue' && html`<button type="button" class="btn ghost sm" title=${t('ch.turn.hint')}
      @click=${() => give(r, r.state === 'paused' ? 'us' : 'customer')}>${t(r.state === 'paused' ? 'ch.turn.us' : 'ch.turn.customer')}</button>`;
    const wait = r => html`<li key=${r.id} class=${r.state === 'answered' ? '' : 'ch-wait'}><${Badge} kind=${KIND[r.state]} text=${t('ch.state.' + r.state)} />
      <span class="grow cut"><span>${name(r.asked_by)}</span> <span class="mut sm">${t('ch.kind.' + r.kind)}</span>
        ${r.state !== 'answered' && html`<br /><span class="mut sm">${noticed(r)}${r.escalated_to.length ? ` · ${t('ch.escalated', { name: r.escalated_to.map(name).join(', ') })}` : ''}</span>`}</span>
      ${r.state !== 'answered' && whose(r)}<span class=${'sm num ' + (r.within === false ? 'bad' : 'mut')} title=${dateTime(r.asked_ts)}>${r.seconds !== null ? duration(r.open_seconds ?? r.seconds) : ago(r.asked_ts)}</span></li>`;
    const average = list => { const done = list.filter(r => r.state === 'answered'); return done.length ? duration(done.reduce((sum, r) => sum + (r.open_seconds ?? r.seconds), 0) / done.length) : '–'; };
    const facts = room => html`<dl class="facts ch-facts">
      <dt>${t('ch.name')}</dt><dd class="row"><span class="grow">${room.name}</span>${pencil('name')}</dd>
      <dt>${t('ch.topic')}</dt><dd class="row"><span class="grow">${room.topic || '–'}</span>${pencil('topic')}</dd>
      <dt>${t('ch.purpose')}</dt><dd class="row"><span class="grow">${room.purpose || '–'}</span>${pencil('purpose')}</dd>
      <dt>${t('ch.creator')}</dt><dd>${p.people[room.creator]?.name ?? '–'}, ${date(room.created_at)}</dd></dl>`;
    const sides = room => html`${room.shared_with.map(side => html`<div class=${'notice ' + (side.state === 'invited' ? 'warn' : '')}
      key=${side.workspace}>${icon('globe')}<span class="grow">
        ${side.state === 'invited' ? t('ch.share.waits', { org: side.org_name }) : t(side.elsewhere ? 'ch.shared.far' : 'ch.shared', { org: side.org_name })}
        ${side.home && html` <span class="tag">${t('cn.host')}</span>`}${side.limited && html` <span class="tag">${t('cn.limited')}</span>`}</span>
      ${admin && (room.home || side.home) && html`<${Menu} label=${`${side.org_name}: ${t('ch.more')}`} cls="btn ghost ico sm" items=${sideActs(room, side)}>
        ${icon('more', 15)}<//>`}</div>`)}${handed(room)}`;
    const sideActs = (room, side) => [
      ...(room.home ? [{ label: t(side.limited ? 'cn.to.full' : 'cn.to.limited'), icon: 'people', run: () => acted(setRights(room.id, side.workspace, !side.limited)) }] : []),
      ...(room.home && side.state === 'connected' && !side.limited && !room.transfer_to ? [{ label: t('cn.transfer'), icon: 'out', run: () => acted(askTransfer(room.id, side.workspace, side.org_name)) }] : []),
      { label: t('cn.cut'), icon: 'x', danger: true, run: () => unshare(side) },
    ];
    const handed = room => {
      if (!room.transfer_to) return null;
      const other = room.shared_with.find(side => room.home ? side.workspace === room.transfer_to : side.home);
      return html`<div class="notice warn">${icon('out')}<span class="grow">${t(room.home ? 'cn.transfer.asked' : 'cn.transfer.offer', { org: other?.org_name ?? '' })}</span>
        ${admin && html`<button type="button" class="btn sm" @click=${() => acted(endTransfer(room.id))}>${t(room.home ? 'cn.transfer.stop' : 'cn.transfer.no')}</button>`}
        ${admin && !room.home && html`<button type="button" class="btn sm pri" @click=${() => acted(takeTransfer(room.id))}>${t('cn.transfer.take')}</button>`}</div>`;
    };
    const answers = ({ responses: list }) => html`<p class="mut sm">${t('ch.minutes')} <b>${p.room.response_minutes ?? 0}
      </b> · ${t('ch.answered')} <b>${average(list)}</b></p><p class="mut sm row"><span class="grow">${t('ch.response_team')} <b>${p.room.response_team ? t('answers.t.' + p.room.response_team) : t('ch.response_team.all')}</b></span>${pencil('response_team')}</p>
      ${list.length ? html`<ul class="ch-responses">
        ${list.slice(0, 8).map(wait)}</ul>` : html`<p class="mut sm">
              ${t('ch.responses.none')}</p>`}`;
    const about = room => html`<div class="actions">
      <button type="button" class="btn sm" aria-pressed=${String(starred(room.id))} @click=${() => star(room.id)}>${icon('star', 14)}
        ${t(starred(room.id) ? 'ch.unstar' : 'ch.star')}</button>
        <button type="button" class="btn sm" @click=${() => copyText(`${location.origin}/channels/${room.id}`, t('ch.copied'))}>
          ${icon('link', 14)}${t('ch.copy')}</button></div>
      ${room.kind === 'channel' && facts(room)}${room.reach && html`<div class="notice">${icon('globe')}<span class="grow"><b>${t('ch.reach.' + room.reach)}</b>
        ${room.reach === 'several' && html`<span class="mut sm">${t('ch.reach.in', { names: room.workspaces.map(one => one.name).join(', ') })}</span>`}
        ${room.standing && html`<span class="tag">${t('ch.standing.' + room.standing)}</span>`}</span></div>`}${mounts.CustomerLink && room.kind === 'channel' && !guest && html`<${mounts.CustomerLink} room=${room} />`}${sides(room)}<${KeptFor} room=${room} />
      ${room.home && !guest && (room.response_minutes || room.shared_with.some(side => side.state === 'connected')) && html`<section><h3 class="row"><span class="grow">
        ${t('ch.responses')}</span>${pencil('response_minutes')}</h3><${Loaded} of=${responses} n=${2} show=${answers} /></section>`}
      ${room.kind === 'channel' && !guest && html`<div class="actions ch-last-acts">
        ${room.home && room.member && !room.archived && !room.reach && html`<button type="button" class="btn" @click=${offer}>${icon('globe')}
          ${t('ch.share')}</button>`}
        ${admin && !room.archived && room.edits_rules && html`<button type="button" class="btn" @click=${rules}>${icon('edit')}
          ${t('ch.prefs')}</button>`}
        ${room.member && room.standing !== 'mandatory' && html`<button type="button" class="btn" @click=${leave}>${icon('out')}${t('ch.leave')}</button>`}
        ${(room.member || admin) && html`<button type="button" class="btn" @click=${() => archive(!room.archived)}>${icon('lock')}
          ${t(room.archived ? 'ch.unarchive' : 'ch.archive')}</button>`}</div>`}`;

    return () => {
      const room = p.room;
      const tabs = [{ value: 'about', label: t('ch.about') }, { value: 'members', label: t('ch.members'), count: room.members }, ...(mounts.ChannelNotice && room.member ? [{ value: 'notices', label: t('ch.notices') }] : [])];
      return html`<aside class="ch-pane" aria-label=${t('ch.details')}><header><h2 class="cut">${title(room, p.people)}</h2>
        <button type="button" class="btn ghost ico" aria-label=${t('ch.cancel')} title="Esc" @click=${p.close}>${icon('x')}</button></header>
        <${Tabs} items=${tabs} value=${tab.value} change=${value => { tab.value = value; }} label=${t('ch.details')} />
        <div class="ch-scroll">${tab.value === 'notices' ? html`<${mounts.ChannelNotice}
          room=${room} />` : tab.value === 'members' ? html`${mounts.Needed && room.kind === 'channel' && !guest && html`<${mounts.Needed} room=${room} changed=${p.changed} />`}<${Members} room=${room} changed=${p.changed} />` : about(room)}
          ${tab.value === 'about' && html`<${Members} room=${room} changed=${p.changed} most=${8}
            all=${() => { tab.value = 'members'; }} />`}</div></aside>`;
    };
  },
};
