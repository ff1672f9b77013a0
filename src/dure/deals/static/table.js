// Deals as a table: filters and order asked of the server, columns and views one keeps, cells changed in place, many at once.
import { html, action, api, askForm, boot, load, reloadOn, useTop, useKeys, ref, computed, t, inLang, money, icon, Menu, Table, toast, setQuery, go, words, watch } from '../web/kit.js';
import { newDeal, userOptions } from './create.js';
import { labelled, useSales } from './data.js';
import { Score } from './deal/health.js';
import { Editable } from './deal/properties.js';
import { useFilters } from './filters.js';
import { Ways } from './ways.js';
import './words.js';

words({
  ko: { 'tb.title': '거래 표', 'tb.views': '보기', 'tb.open': '열린 거래', 'tb.all': '모든 거래', 'tb.mine': '내 거래', 'tb.won': '수주', 'tb.save': '보기로 저장', 'tb.update': '이 보기에 덮어쓰기', 'tb.delete': '보기 지우기', 'tb.viewname': '보기 이름', 'tb.shared': '모두에게 보이기', 'tb.saved': '보기를 저장했습니다', 'tb.gone': '보기를 지웠습니다: {name}', 'tb.columns': '열', 'tb.sum': '{n}건 · {sum}', 'tb.owner': '담당자 바꾸기', 'tb.stage': '단계 바꾸기', 'tb.close': '마감일 바꾸기', 'tb.changed': '{n}건을 바꿨습니다', 'tb.some': '{n}건을 바꾸고 {m}건은 못 바꿨습니다: {why}', 'tb.health': '상태', 'tb.chance': '수주 확률', 'tb.apply': '바꾸기', 'tb.none': '거래가 없습니다', 'tb.pick': '{n}건의 {what}', 'tb.show': '보이는 열', 'tb.lost': '실주' },
  en: { 'tb.title': 'Deals', 'tb.views': 'Views', 'tb.open': 'Open deals', 'tb.all': 'All deals', 'tb.mine': 'My deals', 'tb.won': 'Won', 'tb.save': 'Save as a view', 'tb.update': 'Overwrite this view', 'tb.delete': 'Delete the view', 'tb.viewname': 'Name of the view', 'tb.shared': 'Everybody sees it', 'tb.saved': 'The view is saved', 'tb.gone': 'Deleted: {name}', 'tb.columns': 'Columns', 'tb.sum': '{n} {n|deal|deals} · {sum}', 'tb.owner': 'Change owner', 'tb.stage': 'Change stage', 'tb.close': 'Change close date', 'tb.changed': '{n} {n|deal|deals} changed', 'tb.some': '{n} changed, {m} not: {why}', 'tb.health': 'Health', 'tb.chance': 'Chance', 'tb.apply': 'Change', 'tb.none': 'No deals', 'tb.pick': '{what} of {n} {n|deal|deals}', 'tb.show': 'Columns shown', 'tb.lost': 'Lost' },
});

const PAGE = 100, COLUMNS = ['name', 'account_name', 'stage', 'amount', 'close_date', 'owner', 'next_step', 'health'];
const READY = {
  open: [{ prop: 'closed_at', op: 'not_set' }], mine: [{ prop: 'closed_at', op: 'not_set' }, { prop: 'owner', op: '=', value: 'me' }],
  won: [{ prop: 'forecast', op: '=', value: 'Closed' }], all: [],
};

export default {
  props: ['params', 'query'],
  setup(props) {
    const sales = useSales(), { people, stages, fields } = sales, filter = useFilters(props.query, sales);
    const view = ref(props.query.view ?? 'open'), search = ref(props.query.q ?? ''), sort = ref(props.query.sort ?? 'close_date'), columns = ref(props.query.columns?.split(',') ?? COLUMNS), picked = ref(new Set());
    const views = load(signal => api.get('/record-views', { signal, query: { object: 'deal' } }));
    const kept = computed(() => views.data?.views.find(v => v.id === view.value));
    const asked = computed(() => [...(kept.value?.filters ?? READY[view.value] ?? []), ...filter.filters()]);
    const found = load(signal => api.get('/deals/list', { signal, query: { filters: JSON.stringify(asked.value), search: search.value || undefined, sort: sort.value, limit: PAGE, totals: true } }), { watch: () => [JSON.stringify(asked.value), search.value, sort.value].join('\n') });
    const health = load(signal => api.get('/deals/health', { signal, quiet: true })), told = load(signal => api.get('/deals/forecast/chances', { signal, quiet: true }));
    const healths = computed(() => new Map((health.data?.health ?? []).map(h => [h.deal, h]))), chances = computed(() => new Map((told.data?.chances ?? []).map(c => [c.deal, c.chance])));
    reloadOn(found, 'deals'); reloadOn(health, 'deals');
    watch(() => kept.value?.id, () => { if (kept.value) { if (kept.value.columns.length) columns.value = [...kept.value.columns, 'health']; if (kept.value.sort) sort.value = kept.value.sort; } });
    const more = action(async () => { const next = await api.get('/deals/list', { query: { filters: JSON.stringify(asked.value), search: search.value || undefined, sort: sort.value, limit: PAGE, after: found.data.next } }); found.set({ ...found.data, deals: [...found.data.deals, ...next.deals], next: next.next }); }, { failed: toast.error });
    const choose = id => { view.value = id; picked.value = new Set(); setQuery({ view: id === 'open' ? null : id }); if (!views.data?.views.some(v => v.id === id)) columns.value = COLUMNS; };
    const put = deal => found.set({ ...found.data, deals: found.data.deals.map(d => d.id === deal.id ? deal : d) });
    const save = async (values, deal) => put(await api.patch('/deals/' + deal.id, { version: deal.version, ...values }));

    // Health and chance are no fields of a deal: a view has them always.
    const own = () => columns.value.filter(n => fields.value.has(n));
    // What is kept are the view's own filters and those of the moment.
    const keep = () => askForm({ title: t('tb.save'), submitLabel: t('tb.save'), fields: [{ name: 'name', label: t('tb.viewname'), required: true, autofocus: true }, { name: 'shared', label: t('tb.shared'), type: 'switch' }],
      submit: v => api.post('/record-views', { object: 'deal', name: v.name, shared: !!v.shared, filters: asked.value, columns: own(), sort: sort.value }) }).then(made => { if (made) { views.reload({ quiet: true }).then?.(() => {}); filter.clear(); choose(made.id); toast(t('tb.saved')); } });
    const overwrite = async () => { try { await api.patch('/record-views/' + kept.value.id, { filters: asked.value, columns: own(), sort: sort.value }); filter.clear(); await views.reload({ quiet: true }); toast(t('tb.saved')); } catch (error) { toast.error(error); } };
    const drop = async () => { const one = kept.value; try { await api.del('/record-views/' + one.id); choose('open'); views.reload({ quiet: true });
      toast.undo(t('tb.gone', { name: one.name }), async () => { const made = await api.post('/record-views', { object: 'deal', name: one.name, shared: one.shared, filters: one.filters, columns: one.columns, sort: one.sort }); await views.reload({ quiet: true }); choose(made.id); }); } catch (error) { toast.error(error); } };
    const offered = computed(() => [...[...fields.value.values()].filter(f => !['slug', 'version', 'entries', 'team', 'lines'].includes(f.name)).map(f => ({ name: f.name, label: labelled(f) })), { name: 'health', label: t('tb.health') }, { name: 'chance', label: t('tb.chance') }]);
    const pick = () => askForm({ title: t('tb.columns'), submitLabel: t('tb.apply'), values: Object.fromEntries(offered.value.map(o => [o.name, columns.value.includes(o.name)])), fields: offered.value.map(o => ({ name: o.name, label: o.label, type: 'switch' })), submit: v => v })
      .then(v => { if (!v) return; const wanted = offered.value.map(o => o.name).filter(n => v[n]); columns.value = [...columns.value.filter(n => wanted.includes(n)), ...wanted.filter(n => !columns.value.includes(n))]; setQuery({ columns: columns.value.join(',') }); });

    // Each deal is changed on its own, with the version one saw; what refuses is said, and all of it can be undone.
    async function bulk(keys, name, value) {
      const before = found.data.deals.filter(d => keys.includes(d.id)), done = [], failed = [];
      for (const deal of before) { try { done.push([deal, await api.patch('/deals/' + deal.id, { version: deal.version, [name]: value })]); } catch (error) { failed.push(error); } }
      for (const [, now] of done) put(now);
      picked.value = new Set();
      const back = async () => { for (const [was, now] of done) put(await api.patch('/deals/' + was.id, { version: now.version, [name]: was[name] })); };
      if (failed.length) toast(t('tb.some', { n: done.length, m: failed.length, why: failed[0].message }), { kind: 'warn', action: done.length ? { label: t('dw.reopen'), run: back } : undefined });
      else toast.undo(t('tb.changed', { n: done.length }), back);
    }
    const many = (keys, name, what, field) => askForm({ title: t('tb.pick', { n: keys.length, what: labelled(fields.value.get(name)) }), submitLabel: t('tb.apply'), fields: [{ name, label: labelled(fields.value.get(name)), required: true, ...field }], submit: v => v }).then(v => v && bulk(keys, name, v[name]));
    const stageOptions = () => sales.pipelines.value.flatMap(p => p.stages.filter(s => s.active).map(s => ({ value: s.key, label: (sales.pipelines.value.length > 1 ? inLang(p.name) + ' · ' : '') + inLang(s.name) })));
    const tools = keys => html`<button type="button" class="btn sm" @click=${() => many(keys, 'owner', 'tb.owner', { type: 'select', options: userOptions(people.value) })}>${t('tb.owner')}</button>
      <button type="button" class="btn sm" @click=${() => many(keys, 'stage', 'tb.stage', { type: 'select', options: stageOptions() })}>${t('tb.stage')}</button>
      <button type="button" class="btn sm" @click=${() => many(keys, 'close_date', 'tb.close', { type: 'date' })}>${t('tb.close')}</button>`;

    const column = name => {
      if (name === 'health') return { key: name, title: t('tb.health'), sort: false, render: d => html`<${Score} of=${healths.value.get(d.id)} />` };
      if (name === 'chance') return { key: name, title: t('tb.chance'), sort: false, num: true, render: d => chances.value.get(d.id) == null ? '–' : Math.round(chances.value.get(d.id) * 100) + '%' };
      const field = fields.value.get(name);
      if (!field) return null;
      const base = { key: name, title: labelled(field), num: ['money', 'number', 'percent'].includes(field.type), sort: ['multi_picklist', 'list'].includes(field.type) ? false : undefined };
      if (name === 'name') return { ...base, render: d => html`<a href=${'/deals/' + d.id} class="deals-tname">${d.name}</a>` };
      if (name === 'account_name') return { ...base, render: d => d.account ? html`<a class="mut" href=${'/deals/accounts/' + d.account}>${d.account_name}</a>` : '–' };
      return { ...base, cls: 'deals-tcell', render: d => html`<${Editable} record=${d} field=${field} people=${people.value} stages=${stages.value} save=${save} locked=${name === 'amount' && d.lines > 0} />` };
    };
    const order = () => ({ key: sort.value.replace(/^-/, ''), dir: sort.value.startsWith('-') ? 'desc' : 'asc' });
    const open = () => [['open', 'tb.open'], ['mine', 'tb.mine'], ['won', 'tb.won'], ['all', 'tb.all']].map(([value, label]) => ({ value, label: t(label) }));
    const together = data => Object.entries(data.amounts ?? {}).map(([c, v]) => money(v, c)).join(' + ') || money(0);
    const find = () => document.querySelector('.deals-filter')?.focus();
    const create = () => newDeal([...stages.value.values()].filter(s => s.active), people.value).then(made => { if (made) { found.reload({ quiet: true }); toast(t('deals.created')); } });
    useKeys({ '/': [find, 'deals.keyfind'], n: [create, 'deals.keynew'] }, 'tb.title');
    useTop({
      title: () => t('tb.title'),
      tools: () => html`<${Ways} at="table" /><button type="button" class="btn pri sm" @click=${create}>${icon('plus', 14)}${t('deals.new')}</button>`,
    });
    // What is shown stands beside the table: the top bar has no room for it in a narrow window.
    const shown = () => html`<div class="row deals-tools"><select class="input sm" aria-label=${t('tb.views')} @change=${e => choose(e.target.value)}>${open().map(o => html`<option key=${o.value} value=${o.value} selected=${view.value === o.value}>${o.label}</option>`)}${(views.data?.views ?? []).map(v => html`<option key=${v.id} value=${v.id} selected=${view.value === v.id}>${v.name}</option>`)}</select>
        <${Menu} label=${t('tb.views')} icon="more" cls="btn ghost ico sm" items=${[{ label: t('tb.save'), icon: 'plus', run: keep }, ...(kept.value && (kept.value.owner === boot.me.id || kept.value.shared) ? [{ label: t('tb.update'), icon: 'edit', run: overwrite }, null, { label: t('tb.delete'), icon: 'trash', danger: true, run: drop }] : [])]} />
        <input class="input sm deals-filter" type="search" placeholder=${t('deals.filter')} aria-label=${t('deals.filter')} value=${search.value} @change=${e => { search.value = e.target.value.trim(); setQuery({ q: search.value || null }); }} @keydown=${e => { if (e.key === 'Escape') e.target.blur(); }} />
        ${filter.button({ health: false })}<button type="button" class="btn sm" @click=${pick}>${icon('table', 14)}${t('tb.columns')}</button>
        ${found.data && html`<span class="deals-total mut sm num" role="status">${t('tb.sum', { n: found.data.count ?? found.data.deals.length, sum: together(found.data) })}</span>`}</div>`;
    return () => html`<div class="view fill">${shown()}${filter.chips()}
      <${Table} label=${t('tb.title')} columns=${fields.value.size ? columns.value.map(column).filter(Boolean) : []} rows=${found.data?.deals} loading=${found.loading && !found.data || !fields.value.size} error=${found.error} retry=${found.reload} sort=${order()} onSort=${o => { sort.value = (o.dir === 'desc' ? '-' : '') + o.key; setQuery({ sort: sort.value }); }}
        selection=${picked.value} onSelect=${s => { picked.value = s; }} bulk=${tools} open=${d => go('/deals/' + d.id)} page=${5000} more=${() => more.run()} hasMore=${!!found.data?.next} loadingMore=${more.busy} empty=${{ icon: 'table', title: t('tb.none'), action: { label: t('deals.clear'), run: () => { search.value = ''; filter.clear(); choose('all'); } } }} /></div>`;
  },
};
