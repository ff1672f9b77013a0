// Every channel one may see, and those that other organisations offer.
import { action, ago, api, Badge, boot, fits, go, html, icon, load, num, ref, reloadOn, t, Table, toast, useTop } from '../web/kit.js';
import './words.js';
import './words_view.js';
import './connections_words.js';
import { Approvals } from './approvals.js';
import { acceptOffer, createChannel, writeTo } from './dialogs.js';
import { countOffers } from './waiting_offers.js';
import { label, mark, refresh } from './rooms.js';

export default {
  props: ['params', 'query'],
  setup() {
    const guest = boot.me.role === 'guest', typed = ref(''), archived = ref(false);
    const channels = load(async signal => (await api.get('/channels', { signal, query: archived.value ? { archived: true } : {} })).channels.filter(room => room.kind === 'channel'), { watch: () => archived.value });
    const offers = load(async signal => guest ? [] : (await api.get('/channels/offers', { signal })).offers);
    reloadOn(channels, `user:${boot.me.id}`);
    const accept = action(async offer => {
      const got = await acceptOffer(offer.channel, offer.name, offer.from_org);
      if (!got) return;
      const { channel } = got;
      if (!channel) { toast(t('cn.waits')); countOffers(); await offers.reload({ quiet: true }); return; }
      await refresh(); toast(t('ch.accepted')); go(`/channels/${channel.id}`);
    }, { failed: toast.error });
    const decline = action(async offer => { await api.post(`/channels/offers/${offer.channel}/decline`); countOffers(); await offers.reload({ quiet: true }); }, { failed: toast.error });
    useTop({
      title: () => t('ch.all'),
      tools: () => html`<input class="input ch-filter" type="search" value=${typed.value} placeholder=${t('ch.filter')} aria-label=${t('ch.filter')} @input=${e => { typed.value = e.target.value; }} />
        <label class="switch sm"><input type="checkbox" role="switch" checked=${archived.value} @change=${e => { archived.value = e.target.checked; }} /><span class="track"></span><span>${t('ch.archived.too')}</span></label>
        ${!guest && html`<button type="button" class="btn sm" @click=${writeTo}>${icon('edit', 14)}${t('ch.direct')}</button><button type="button" class="btn sm pri" @click=${() => createChannel()}>${icon('plus', 14)}${t('ch.new')}</button>`}`,
    });
    const columns = () => [
      { key: 'name', title: t('ch.name'), value: room => room.name, render: room => html`<span class="row">${icon(mark(room))}<b class="cut">${label(room)}</b>${room.archived && html`<span class="tag">${t('ch.archive')}</span>`}${(room.was_shared_with ?? []).map(name => html`<span class="tag" key=${name}>${icon('globe', 12)}${name}</span>`)}${room.shared_with.map(side => html`<span class="tag ch-org" key=${side.workspace}>${icon('globe', 12)}${side.org_name}</span>`)}${room.response && html`<${Badge} kind=${room.response.state === 'overdue' ? 'bad' : room.response.state === 'warned' ? 'warn' : 'info'} text=${t('ch.state.' + room.response.state)} />`}</span>` },
      { key: 'purpose', title: t('ch.purpose'), value: room => room.topic || room.purpose, render: room => html`<span class="mut cut">${room.topic || room.purpose}</span>` },
      { key: 'members', title: t('ch.members'), num: true, width: 80, render: room => num(room.members) },
      { key: 'last_ts', title: t('ch.active'), width: 130, value: room => room.last_ts, render: room => room.last_ts > '1' ? ago(room.last_ts) : '–' },
      { key: 'member', title: '', width: 90, sort: false, render: room => room.member ? html`<${Badge} kind="ok" text=${t('ch.in')} />` : null },
    ];
    const shown = () => (channels.data ?? []).filter(room => fits(`${room.name} ${room.purpose} ${room.topic}`, typed.value)).sort((a, b) => a.name.localeCompare(b.name, 'ko'));
    return () => html`<div class="view fill"><${Approvals} changed=${() => channels.reload({ quiet: true })} />
      ${(offers.data ?? []).length > 0 && html`<section class="ch-offers" aria-label=${t('ch.offers')}>${offers.data.map(offer => html`<div class="notice" key=${offer.channel}>${icon('globe')}<span class="grow"><b>#${offer.name}</b> ${t('ch.offer.from', { org: offer.from_org })} <span class="mut">${offer.purpose}</span></span>
        <button type="button" class="btn sm" disabled=${decline.busy} @click=${() => decline.run(offer)}>${t('ch.decline')}</button><button type="button" class="btn sm pri" disabled=${accept.busy} @click=${() => accept.run(offer)}>${t('ch.accept')}</button></div>`)}</section>`}
      <${Table} label=${t('ch.all')} columns=${columns()} rows=${channels.data && shown()} loading=${channels.loading} error=${channels.error} retry=${channels.reload} open=${room => go(`/channels/${room.id}`)}
        empty=${typed.value ? { icon: 'find', title: t('ch.nofind') } : { icon: 'hash', title: t('ch.none'), body: t('ch.none.body'), ...(guest ? {} : { action: { label: t('ch.new'), run: createChannel } }) }} /></div>`;
  },
};
