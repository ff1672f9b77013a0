// The pacing table: every line item with its flight, what it delivered, where it will end, and its status.
import { html, api, load, reloadOn, useTop, useKeys, ref, computed, t, num, short, percent, shortDate, today, icon, Table, Tabs, Spark, setQuery, go } from '../web/kit.js';
import { ATTENTION, ENDED, RANK, Status, Ways, kindText, unitText } from './status.js';
import { bookLine } from './booking.js';

const DAY = 86400000, SCALE = 1.5;   // the range bar ends at one and a half times the goal
const elapsed = item => { const all = Date.parse(item.end_day) - Date.parse(item.start_day) + DAY; return Math.max(0, Math.min(1, (Date.parse(today()) - Date.parse(item.start_day)) / all)); };
const GROUPS = {
  all: () => true,
  attention: item => ATTENTION.has(item.status),
  running: item => item.start_day <= today() && item.end_day >= today() && !ENDED.has(item.status),
  soon: item => item.status === 'upcoming',
  done: item => item.end_day < today() || ENDED.has(item.status),
};

export default {
  props: ['params', 'query'],
  setup(props) {
    const items = load(signal => api.get('/line-items', { signal, query: props.query.order ? { order: props.query.order } : {} }), { watch: () => props.query.order });
    const orders = load(signal => api.get('/orders', { signal }));
    reloadOn(items, 'pacing');
    const text = ref(props.query.q ?? ''), group = ref(GROUPS[props.query.show] ? props.query.show : 'running');
    const named = computed(() => new Map((orders.data?.orders ?? []).map(o => [o.id, o.name])));
    const found = computed(() => { const wanted = text.value.trim().toLowerCase();
      return (items.data?.line_items ?? []).filter(i => !wanted || `${i.name} ${i.account_name}`.toLowerCase().includes(wanted)); });
    const rows = computed(() => found.value.filter(GROUPS[group.value]));
    const show = name => { group.value = name; setQuery({ show: name === 'running' ? null : name }); };
    const open = item => go('/pacing/' + item.id);
    const clear = () => { text.value = ''; show('all'); setQuery({ q: null, show: 'all', order: null }); };

    const create = async () => { const made = await bookLine({ order: props.query.order ?? '', orders: orders.data?.orders ?? [] }); if (made) open(made); };
    useKeys({ '/': [() => document.querySelector('.pacing-find')?.focus(), 'pacing.keyfind'], n: [create, 'pacing.keynew'] }, 'pacing.keys');
    useTop({
      title: () => named.value.get(props.query.order) ?? t('pacing.title'),
      tools: () => html`<${Ways} at=${props.query.order ? '' : 'line-items'} /><input class="input sm pacing-find" type="search" placeholder=${t('pacing.find')} aria-label=${t('pacing.find')} value=${text.value}
          @input=${e => { text.value = e.target.value; setQuery({ q: text.value || null }); }} @keydown=${e => { if (e.key === 'Escape') e.target.blur(); }} />
        <button type="button" class="btn pri sm" @click=${create}>${icon('plus', 14)}${t('pacing.new')}</button>`,
    });

    const flight = item => { const gone = elapsed(item), before = item.start_day > today(), after = item.end_day < today();
      return html`<span class="sm mut nowrap num">${shortDate(item.start_day)}–${shortDate(item.end_day)} · ${before ? t('pacing.startsin', { date: shortDate(item.start_day) }) : after ? t('pacing.over_') : t('pacing.left', { n: item.days_left })}</span>
        <span class="pacing-bar" role="img" aria-label=${t('pacing.elapsed', { p: percent(gone, 0) })} title=${t('pacing.elapsed', { p: percent(gone, 0) })}><i style=${`width:${gone * 100}%`}></i></span>`; };
    const forecast = item => { if (item.middle == null) return html`<span class="mut">–</span>`;
      const at = v => Math.min(100, v / item.goal / SCALE * 100), said = t('pacing.interval', { low: percent(item.low / item.goal, 0), high: percent(item.high / item.goal, 0) });
      return html`<b class="num">${percent(item.middle / item.goal, 0)}</b> <span class="mut sm num nowrap">${num(item.low / item.goal * 100)}–${percent(item.high / item.goal, 0)}</span>
        <span class="pacing-range" role="img" aria-label=${said} title=${said}><i style=${`left:${at(item.low)}%;width:${Math.max(1.5, at(item.high) - at(item.low))}%`}></i><b style=${`left:${at(item.middle)}%`}></b><u style=${`left:${100 / SCALE}%`}></u></span>`; };
    const columns = () => [
      { key: 'status', title: t('pacing.status'), width: 118, sort: i => RANK[i.status], render: i => html`<${Status} of=${i.status} />${i.open_alerts.filter(k => k !== i.status).length > 0 && html`<span class="mut sm pacing-also">${i.open_alerts.filter(k => k !== i.status).map(kindText).join(', ')}</span>`}` },
      { key: 'name', title: t('pacing.item'), render: i => html`<div class="pacing-name"><b title=${i.name}>${i.name}</b><span class="mut sm">${[i.account_name, named.value.get(i.order)].filter(Boolean).join(' · ')}</span></div>` },
      { key: 'end_day', title: t('pacing.flight'), width: 168, render: flight },
      { key: 'goal', title: t('pacing.goal'), num: true, width: 96, cls: 'nowrap', render: i => html`${short(i.goal)} <span class="mut sm">${unitText(i.goal_unit)}</span>` },
      { key: 'delivered', title: t('pacing.got'), num: true, width: 104, cls: 'nowrap', sort: i => i.delivered / i.goal, render: i => html`<b>${percent(i.delivered / i.goal, 0)}</b> <span class="mut sm">${short(i.delivered)}</span>` },
      { key: 'recent', title: t('pacing.recent'), width: 108, sort: false, render: i => i.recent.length > 1 ? html`<${Spark} values=${i.recent} label=${`${i.name} ${t('pacing.recent')}`} area=${true} />` : html`<span class="mut">–</span>` },
      { key: 'forecast', title: t('pacing.forecast'), width: 150, sort: i => i.middle == null ? null : i.middle / i.goal, render: forecast },
    ];
    const tabs = () => Object.keys(GROUPS).map(value => ({ value, label: t('pacing.' + value), count: found.value.filter(GROUPS[value]).length }));
    const empty = () => items.data?.line_items.length ? { icon: 'find', title: t('pacing.nomatch'), action: { label: t('pacing.clear'), run: clear } }
      : { icon: 'gauge', title: t('pacing.none'), body: t('pacing.nonebody'), action: { label: t('pacing.new'), run: create, icon: 'plus' } };
    return () => html`<div class="view fill pacing"><div class="pacing-top"><${Tabs} items=${tabs()} value=${group.value} change=${show} label=${t('pacing.status')} /></div>
      <${Table} label=${t('pacing.way.lines')} columns=${columns()} rows=${items.data ? rows.value : null} loading=${items.loading} error=${items.error} retry=${items.reload} empty=${empty()}
        sort=${{ key: 'status', dir: 'asc' }} open=${open} /></div>`;
  },
};
