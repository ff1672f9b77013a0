// Orders: what customers ordered, with what their line items come to.
import { html, api, load, reloadOn, useTop, useKeys, ref, computed, t, num, money, icon, Table, setQuery, go } from '../web/kit.js';
import { RANK, Status, Ways } from './status.js';
import { bookOrder } from './booking.js';

export default {
  props: ['params', 'query'],
  setup(props) {
    const orders = load(signal => api.get('/orders', { signal })), items = load(signal => api.get('/line-items', { signal })), alerts = load(signal => api.get('/pacing/alerts', { signal }));
    [orders, items, alerts].forEach(one => reloadOn(one, 'pacing'));
    const text = ref(props.query.q ?? '');
    const rows = computed(() => {
      const mine = new Map(), risk = new Map();
      for (const item of items.data?.line_items ?? []) if (item.order) mine.set(item.order, [...(mine.get(item.order) ?? []), item]);
      for (const alert of alerts.data?.alerts ?? []) if (alert.item?.order) risk.set(alert.item.order, (risk.get(alert.item.order) ?? 0) + alert.money);
      const wanted = text.value.trim().toLowerCase();
      return (orders.data?.orders ?? []).filter(o => !wanted || `${o.name} ${o.account_name} ${o.advertiser}`.toLowerCase().includes(wanted)).map(o => {
        const lines = mine.get(o.id) ?? [], worst = lines.map(i => i.status).sort((a, b) => RANK[a] - RANK[b])[0];
        return { ...o, lines: lines.length, booked: lines.reduce((sum, i) => sum + i.budget, 0), risk: risk.get(o.id) ?? 0, worst };
      });
    });
    const create = async () => { if (await bookOrder(null)) orders.reload({ quiet: true }); };
    const edit = async order => { if (await bookOrder(order)) orders.reload({ quiet: true }); };
    useKeys({ '/': [() => document.querySelector('.pacing-find')?.focus(), 'pacing.keyfind'], n: [create, 'pacing.neworder'] }, 'pacing.keys');
    useTop({
      title: () => t('pacing.title'),
      tools: () => html`<${Ways} at="orders" /><input class="input sm pacing-find" type="search" placeholder=${t('pacing.o.find')} aria-label=${t('pacing.o.find')} value=${text.value}
          @input=${e => { text.value = e.target.value; setQuery({ q: text.value || null }); }} /><button type="button" class="btn pri sm" @click=${create}>${icon('plus', 14)}${t('pacing.neworder')}</button>`,
    });
    const columns = () => [
      { key: 'worst', title: t('pacing.o.worst'), width: 118, sort: o => RANK[o.worst] ?? 99, render: o => o.worst ? html`<${Status} of=${o.worst} />` : html`<span class="mut">–</span>` },
      { key: 'name', title: t('pacing.o.name'), render: o => html`<div class="pacing-name"><b title=${o.name}>${o.name}</b><span class="mut sm">${[o.account_name, o.advertiser].filter(Boolean).join(' · ')}</span></div>` },
      { key: 'lines', title: t('pacing.o.lines'), num: true, width: 96, render: o => num(o.lines) },
      { key: 'budget', title: t('pacing.budget'), num: true, width: 140, cls: 'nowrap', render: o => money(o.budget, o.currency) },
      { key: 'booked', title: t('pacing.o.booked'), num: true, width: 140, cls: 'nowrap', render: o => money(o.booked, o.currency) },
      { key: 'risk', title: t('pacing.o.risk'), num: true, width: 130, cls: 'nowrap', render: o => o.risk ? html`<b class="poor">${money(o.risk, o.currency)}</b>` : html`<span class="mut">–</span>` },
      { key: 'act', title: '', width: 40, sort: false, render: o => html`<button type="button" class="btn ghost ico sm" aria-label=${t('pacing.o.edit')} title=${t('pacing.o.edit')} @click=${() => edit(o)}>${icon('edit', 14)}</button>` },
    ];
    const empty = () => orders.data?.orders.length ? { icon: 'find', title: t('pacing.nomatch'), action: { label: t('pacing.clear'), run: () => { text.value = ''; } } }
      : { icon: 'file', title: t('pacing.o.none'), body: t('pacing.o.nonebody'), action: { label: t('pacing.neworder'), run: create, icon: 'plus' } };
    return () => html`<div class="view fill pacing"><${Table} label=${t('pacing.way.orders')} columns=${columns()} rows=${orders.data ? rows.value : null} loading=${orders.loading} error=${orders.error} retry=${orders.reload} empty=${empty()}
      open=${o => go('/pacing/lines?show=all&order=' + o.id)} /></div>`;
  },
};
