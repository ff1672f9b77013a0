// Connections: which organisations share what with us, under which rights, and what waits for an answer.
import { action, api, Badge, boot, date, go, html, icon, load, Loaded, Menu, num, onScopeDispose, reloadOn, t, toast, useTop } from '../web/kit.js';
import './connections_words.js';
import { Approvals } from './approvals.js';
import { acceptOffer } from './dialogs.js';
import { countOffers } from './waiting_offers.js';
import { offer } from './offer_by_link.js';
import { refresh } from './rooms.js';
import { askTransfer, disconnect, disconnectAll, endTransfer, setRights, takeTransfer } from './sharing_acts.js';

export default {
  setup() {
    const found = load(signal => api.get('/channels/connections', { signal })), mine = boot.workspace.id;
    reloadOn(found, 'sharing:all');
    // A whisper that came while there was no connection is not said again.
    const timer = setInterval(() => { if (!document.hidden) found.reload({ quiet: true }); }, 60_000);
    onScopeDispose(() => clearInterval(timer));
    const again = () => { countOffers(); refresh(); return found.reload({ quiet: true }); };
    const servers = load(signal => api.get('/partners/reachable', { signal }));
    const offering = async () => { if (await offer(servers.data.partners)) again(); };
    const after = async done => { if (await done) again(); };
    const answer = action(async (path, done) => {
      await api.post(path, {});
      toast(t(done));
      await again();
    }, { failed: toast.error });
    const accept = action(async it => {
      const got = await acceptOffer(it.channel, it.name, it.other_org);
      if (!got) return;
      toast(t(got.channel ? 'ch.accepted' : 'cn.waits'));
      await again();
      if (got.channel) go(`/channels/${got.channel.id}`);
    }, { failed: toast.error });
    const button = (label, run, kind = '') => html`<button type="button" class=${'btn sm ' + kind} disabled=${answer.busy} @click=${run}>${label}</button>`;
    useTop({ title: () => t('cn.title'), tools: () => found.data && html`<span class="mut sm">${t('cn.orgs.n', { n: found.data.organisations.length })}</span>
      ${servers.data?.partners.length > 0 && html`<button type="button" class="btn pri" @click=${offering}>${icon('plus')}${t('fed.offer')}</button>`}` });

    const section = (title, rows) => rows.length > 0 && html`<section class="cn-part" aria-label=${title}><h2>${title}<span class="mut num">${num(rows.length)}</span></h2>${rows}</section>`;
    const waits = (it, words, buttons) => html`<div class="cn-wait" key=${it.id} data-row>${icon('globe')}<span class="grow cut"><b>#${it.name}</b> ${words}${it.email && html` <span class="mut">${it.email}</span>`}</span>
      ${it.limited && html`<${Badge} text=${t('cn.limited')} />`}<span class="mut sm nowrap">${t('cn.until', { when: date(it.expires_at) })}</span>${buttons}</div>`;
    const inbox = it => waits(it, t('cn.from', { org: it.other_org }), html`${button(t('ch.decline'), () => answer.run(`/channels/invites/${it.id}/decline`, 'cn.denied'))}
      ${button(t('ch.accept'), () => accept.run(it), 'pri')}`);
    const sent = it => waits(it, t('cn.to', { org: it.other_org }), button(t('cn.back'), () => answer.run(`/channels/invites/${it.id}/decline`, 'cn.backed')));
    const asked = (it, may) => waits(it, t('cn.by', { name: it.by, org: it.other_org }), may ? html`${button(t('cn.deny'), () => answer.run(`/channels/requests/${it.id}/deny`, 'cn.denied'))}
      ${button(t('cn.allow'), () => answer.run(`/channels/requests/${it.id}/allow`, 'cn.allowed'), 'pri')}` : html`<${Badge} kind="info" text=${t('cn.asked')} />`);

    const acts = (one, org) => [
      ...(one.home ? [{ label: t(one.limited ? 'cn.to.full' : 'cn.to.limited'), icon: 'people', run: () => after(setRights(one.id, one.workspace, !one.limited)) }] : []),
      ...(one.home && one.transfer_to ? [{ label: t('cn.transfer.stop'), icon: 'x', run: () => after(endTransfer(one.id)) }] : []),
      ...(one.home && !one.limited && !one.transfer_to ? [{ label: t('cn.transfer'), icon: 'out', run: () => after(askTransfer(one.id, one.workspace, org.name)) }] : []),
      ...(one.transfer_to === mine && !one.home ? [{ label: t('cn.transfer.take'), icon: 'check', run: () => after(takeTransfer(one.id)) }, { label: t('cn.transfer.no'), icon: 'x', run: () => after(endTransfer(one.id)) }] : []),
      ...(one.home || one.their_home ? [{ label: t('cn.cut'), icon: 'x', danger: true, run: () => after(disconnect(one.id, one, org.name, mine)) }] : []),
    ];
    const line = (one, org, may) => html`<tr key=${one.id || one.since} data-row>
      <td><span class="row">${icon(one.private ? 'lock' : 'hash')}${one.name ? html`<a class="cut" href=${`/channels/${one.id}`}>${one.name}</a>` : html`<span class="mut">${t('cn.hidden')}</span>`}${one.archived && html`<span class="tag">${t('ch.archive')}</span>`}</span></td>
      <td><${Badge} kind=${one.limited ? 'warn' : 'ok'} text=${t(one.limited ? 'cn.limited' : 'cn.full')} /></td>
      <td>${one.home ? t('cn.host.us') : one.their_home ? org.name : '–'}${one.transfer_to && html` <span class="tag">${t(one.home ? 'cn.transfer.asked' : 'cn.transfer', { org: org.name })}</span>`}</td>
      <td class="nowrap">${t('cn.people', { n: one.people, own: one.own })}</td><td class="nowrap mut">${one.since ? date(one.since) : '–'}</td>
      <td class="end">${may && one.id && html`<${Menu} label=${`${one.name || t('cn.hidden')}: ${t('ch.more')}`} cls="btn ghost ico sm" items=${acts(one, org)}>${icon('more', 15)}<//>`}</td></tr>`;
    const organisation = (org, may) => html`<section class="cn-org" key=${org.org} aria-label=${org.name}><header><span class="tag ch-org">${icon('globe', 12)}${org.name}</span>
      <span class="mut sm grow">${t('ch.count', { n: org.channels.length })}</span>${may && button(t('cn.cut.all'), () => after(disconnectAll(org.org, org.name, org.channels.length)))}</header>
      <table class="cn-table"><thead><tr>${['channel', 'rights', 'host', 'who', 'since'].map(name => html`<th scope="col" key=${name}>${t('cn.' + name)}</th>`)}<th></th></tr></thead>
        <tbody>${org.channels.map(one => line(one, org, may))}</tbody></table></section>`;

    return () => html`<div class="view pad cn"><${Approvals} again=${found.data} changed=${again} /><${Loaded} of=${found} n=${6}
      empty=${got => !got.organisations.length && !got.pending.length && !got.requests.length && { icon: 'globe', title: t('cn.none'), body: t('cn.none.body') }}
      show=${got => html`${section(t('cn.requests'), got.requests.map(it => asked(it, got.may_approve)))}
        ${section(t('cn.inbox'), got.pending.filter(it => !it.home && it.state === 'sent').map(inbox))}${section(t('cn.sent'), got.pending.filter(it => it.home && it.state === 'sent').map(sent))}
        ${got.organisations.map(org => organisation(org, got.may_approve))}${got.organisations.length > 0 && html`<p class="mut sm">${t('cn.retention')}</p>`}`} /></div>`;
  },
};
