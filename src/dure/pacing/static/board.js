// The board: what stands open, the worst first, with what it may cost and what would help.
import { html, api, load, reloadOn, useTop, useKeys, ref, computed, t, percent, money, dateTime, icon, Table, Tabs, Badge, Ago, toast, setQuery, go, href, state } from '../web/kit.js';
import { KINDS, SEVERE, Severity, Ways, kindText, why } from './status.js';
import { acknowledge, reopen, rules, snooze } from './said.js';

const SHOW = {
  open: a => !a.acknowledged_at && !a.snoozed_until,
  acked: a => !!a.acknowledged_at,
  snoozed: a => !!a.snoozed_until && !a.acknowledged_at,
  all: () => true,
};

export default {
  props: ['params', 'query'],
  setup(props) {
    if (props.query.item) go('/pacing/' + props.query.item, { replace: true });
    const alerts = load(signal => api.get('/pacing/alerts', { signal })), users = load(signal => api.get('/users', { signal })), orders = load(signal => api.get('/orders', { signal }));
    reloadOn(alerts, 'pacing');
    const text = ref(props.query.q ?? ''), picked = ref(new Set());
    const people = computed(() => new Map((users.data?.users ?? []).map(u => [u.id, u.name])));
    const named = computed(() => new Map((orders.data?.orders ?? []).map(o => [o.id, o.name])));
    const all = computed(() => (alerts.data?.alerts ?? []).map(a => ({ ...a, name: a.item?.name ?? (a.source || t('pacing.b.source')) })));
    const fits = a => {
      const q = props.query, wanted = text.value.trim().toLowerCase();
      return (!wanted || `${a.name} ${a.item?.account_name ?? ''}`.toLowerCase().includes(wanted)) && (!q.kind || a.kind === q.kind)
        && (!q.manager || a.item?.manager === q.manager) && (!q.account || a.item?.account_name === q.account) && (!q.order || a.item?.order === q.order);
    };
    const found = computed(() => all.value.filter(fits));
    const show = computed(() => SHOW[props.query.show] ? props.query.show : 'open');
    const rows = computed(() => found.value.filter(SHOW[show.value]));
    const stale = computed(() => all.value.filter(a => a.kind === 'data_stale'));
    const filter = (name, value) => { picked.value = new Set(); setQuery({ [name]: value || null }); };
    const clear = () => { text.value = ''; setQuery({ q: null, kind: null, manager: null, account: null, order: null, show: 'all' }); };

    const atHand = () => { if (picked.value.size) return [...picked.value]; const key = document.activeElement?.closest?.('tr[data-key]')?.dataset.key; return key ? [key] : []; };
    const act = async (what, ids) => {
      if (!ids.length) { toast(t('pacing.b.pick')); return; }
      try { if (await what(ids)) { picked.value = new Set(); alerts.reload({ quiet: true }); } } catch (error) { toast.error(error); }
    };
    useKeys({ '/': [() => document.querySelector('.pacing-find')?.focus(), 'pacing.keyfind'], a: [() => act(acknowledge, atHand()), 'pacing.b.keyack'], s: [() => act(snooze, atHand()), 'pacing.b.keysnooze'] }, 'pacing.keys');
    useTop({
      title: () => t('pacing.title'),
      tools: () => html`<${Ways} at="pacing" /><input class="input sm pacing-find" type="search" placeholder=${t('pacing.b.find')} aria-label=${t('pacing.b.find')} value=${text.value}
          @input=${e => { text.value = e.target.value; setQuery({ q: text.value || null }); }} @keydown=${e => { if (e.key === 'Escape') e.target.blur(); }} />
        <button type="button" class="btn sm" @click=${() => rules().catch(toast.error)}>${icon('cog', 14)}${t('pacing.b.rules')}</button>`,
    });

    const said = a => a.acknowledged_at ? html`<${Badge} kind="ok" text=${t('pacing.ack.' + a.ack_reason)} />`
      : a.snoozed_until ? html`<${Badge} icon="clock" text=${t('pacing.b.snoozedto', { at: dateTime(a.snoozed_until) })} />`
        : a.state === 'clearing' ? html`<${Badge} icon="refresh" text=${t('pacing.b.clearing')} />` : a.flaps >= 2 && html`<${Badge} icon="refresh" text=${t('pacing.b.flapping')} />`;
    const help = a => { const best = a.facts?.remedies?.[0]; return best ? best['text_' + state.lang] : t('pacing.fix.' + a.kind); };
    const columns = () => [
      { key: 'severity', title: t('pacing.b.severity'), width: 92, sort: a => SEVERE[a.severity], render: a => html`<${Severity} of=${a.severity} />` },
      { key: 'name', title: t('pacing.item'), render: a => html`<div class="pacing-name"><b title=${a.name}>${a.name}</b><span class="mut sm">${a.item ? a.item.account_name || named.value.get(a.item.order) : t('pacing.b.source')}</span></div>` },
      { key: 'kind', title: t('pacing.b.problem'), width: '27%', sort: a => KINDS.indexOf(a.kind), render: a => html`<div class="pacing-why"><span class="row wrap"><b>${kindText(a.kind)}</b>${said(a)}</span><span class="mut sm">${why(a, state.lang)}</span></div>` },
      { key: 'probability', title: t('pacing.b.chance'), num: true, width: 84, render: a => a.kind === 'at_risk' ? percent(a.probability, 0) : html`<span class="mut">–</span>` },
      { key: 'money', title: t('pacing.b.money'), num: true, width: 116, cls: 'nowrap', render: a => a.money ? money(a.money, a.item?.currency) : html`<span class="mut">–</span>` },
      { key: 'help', title: t('pacing.b.fix'), sort: false, width: 190, render: a => html`<span class="sm pacing-help">${help(a)}</span>` },
      { key: 'left', title: t('pacing.b.left'), num: true, width: 64, cls: 'nowrap', sort: a => a.outlook?.days_left ?? null, render: a => a.outlook ? t('pacing.b.days', { n: a.outlook.days_left }) : '–' },
      { key: 'manager', title: t('pacing.b.manager'), width: 92, cls: 'nowrap', sort: a => people.value.get(a.item?.manager) ?? '', render: a => people.value.get(a.item?.manager) ?? html`<span class="mut">–</span>` },
      { key: 'raised_at', title: t('pacing.b.since'), width: 82, cls: 'nowrap', render: a => html`<${Ago} at=${a.raised_at} />` },
    ];
    const choice = (name, any, values) => values.length > 0 && html`<select class="input sm" aria-label=${t(any)} value=${props.query[name] ?? ''} @change=${e => filter(name, e.target.value)}>
      <option value="" selected=${!props.query[name]}>${t(any)}</option>${values.map(([value, label]) => html`<option key=${value} value=${value} selected=${props.query[name] === value}>${label}</option>`)}</select>`;
    const distinct = of => [...new Set(all.value.map(of).filter(Boolean))];
    const filters = () => html`<div class="row wrap pacing-filters">
      ${choice('kind', 'pacing.b.anykind', KINDS.filter(kind => all.value.some(a => a.kind === kind)).map(kind => [kind, kindText(kind)]))}
      ${choice('manager', 'pacing.b.anymanager', distinct(a => a.item?.manager).map(id => [id, people.value.get(id) ?? id]))}
      ${choice('account', 'pacing.b.anyaccount', distinct(a => a.item?.account_name).sort().map(name => [name, name]))}
      ${choice('order', 'pacing.b.anyorder', distinct(a => a.item?.order).map(id => [id, named.value.get(id) ?? id]))}</div>`;
    const tabs = () => Object.keys(SHOW).map(value => ({ value, label: t('pacing.b.' + value), count: found.value.filter(SHOW[value]).length }));
    const empty = () => alerts.data?.alerts.length ? { icon: 'find', title: t('pacing.b.nomatch'), action: { label: t('pacing.clear'), run: clear } }
      : { icon: 'check', title: t('pacing.b.none'), body: t('pacing.b.nonebody'), action: { label: t('pacing.b.lines'), href: href('line-items') } };
    const bulk = keys => html`<button type="button" class="btn sm" @click=${() => act(acknowledge, keys)}>${icon('check', 14)}${t('pacing.b.ack')}</button>
      <button type="button" class="btn sm" @click=${() => act(snooze, keys)}>${icon('clock', 14)}${t('pacing.b.snooze')}</button>
      <button type="button" class="btn sm" @click=${() => act(reopen, keys)}>${icon('refresh', 14)}${t('pacing.b.reopen')}</button>`;
    return () => html`<div class="view fill pacing pacing-board"><div class="pacing-top">
        ${stale.value.map(a => html`<div key=${a.id} class="notice warn" role="status">${icon('warn')}${t('pacing.b.stale', { source: a.source || 'API', date: a.facts.data_through || '–' })}</div>`)}
        <div class="row wrap"><${Tabs} items=${tabs()} value=${show.value} change=${value => filter('show', value === 'open' ? null : value)} label=${t('pacing.status')} /><span class="grow"></span>${filters()}</div></div>
      <${Table} label=${t('pacing.way.board')} columns=${columns()} rows=${alerts.data ? rows.value : null} loading=${alerts.loading} error=${alerts.error} retry=${alerts.reload} empty=${empty()}
        selection=${picked.value} onSelect=${set => { picked.value = set; }} bulk=${bulk} open=${a => a.item && go('/pacing/' + a.item.id)} /></div>`;
  },
};
