// The catalogue: what can be recommended, when, and what staff keeps out.
import { action, api, Badge, date, html, icon, inLang, load, Menu, num, Panel, ref, setQuery, t, Table, time, toast, today, isoDay } from '../web/kit.js';
import './recommend_words.js';

const ONLY = ['', 'live', 'ended', 'blocked'], TYPES = ['', 'broadcast', 'creator', 'product'];

export const Catalogue = {
  props: ['query', 'blocked', 'changed'],
  setup(props) {
    const text = ref(props.query.q ?? ''), limit = ref(100);
    let timer;
    const found = load(signal => api.get('/items', { signal, query: { q: props.query.q, only: props.query.only, kind: props.query.kind, limit: limit.value } }), { watch: () => [props.query.q, props.query.only, props.query.kind, limit.value], keep: true });
    const type = value => { text.value = value; clearTimeout(timer); timer = setTimeout(() => { limit.value = 100; setQuery({ q: value || undefined }); }, 250); };
    const said = blocked => toast(t(blocked ? 'reco.isblocked' : 'reco.isopen'));
    const item = action(async (one, blocked) => { await api.put(`/items/${encodeURIComponent(one.id)}/blocked`, { blocked }); said(blocked); found.reload({ quiet: true }); }, { failed: toast.error });
    const creator = action(async (id, blocked) => { await api.put(`/recommendations/creators/${encodeURIComponent(id)}/blocked`, { blocked }); said(blocked); props.changed(); }, { failed: toast.error });
    const moment = at => isoDay(at) === today() ? time(at) : `${date(at)} ${time(at)}`;
    const times = one => [one.live_from && t('reco.since', { at: moment(one.live_from) }), one.live_to && t('reco.until', { at: moment(one.live_to) })].filter(Boolean).join(' · ');
    const state = one => one.blocked || one.creator in props.blocked || one.id in props.blocked ? html`<${Badge} kind="bad" text=${t('reco.blocked')} />` : one.live_to && new Date(one.live_to) <= new Date() ? html`<${Badge} text=${t('reco.ended')} />`
      : one.live_from && new Date(one.live_from) <= new Date() && one.kind === 'broadcast' ? html`<${Badge} kind="ok" text=${t('reco.live')} />` : null;
    const acts = one => [
      { label: t(one.blocked ? 'reco.unblock' : 'reco.block'), icon: 'lock', run: () => item.run(one, !one.blocked) },
      ...(one.creator && !(one.creator in props.blocked) ? [{ label: t('reco.blockcreator'), icon: 'person', danger: true, run: () => creator.run(one.creator, true) }] : []),
    ];
    const columns = () => [
      { key: 'title', title: t('reco.title'), value: i => inLang(i.title), render: i => html`<span class="cut" title=${i.id}><b>${inLang(i.title)}</b> <span class="mut sm mono">${i.id}</span></span>` },
      { key: 'kind', title: t('reco.type'), value: i => t('reco.' + i.kind) }, { key: 'creator', title: t('reco.creator'), value: i => i.creator, cls: 'mut' }, { key: 'genre', title: t('reco.genre'), value: i => i.genre, cls: 'mut' },
      { key: 'times', title: t('reco.times'), value: i => i.live_from ?? '', cls: 'mut', render: i => times(i) }, { key: 'state', title: t('reco.state'), sort: false, render: state },
      { key: 'acts', title: '', sort: false, width: 44, render: i => html`<${Menu} label=${inLang(i.title)} icon="more" cls="btn ghost ico sm" items=${acts(i)} />` },
    ];
    const choice = (name, values, label) => html`<span class="seg" role="group">${values.map(value => html`<button type="button" key=${value} class=${(props.query[name] ?? '') === value ? 'on' : ''} aria-pressed=${(props.query[name] ?? '') === value} @click=${() => setQuery({ [name]: value || undefined })}>${label(value)}</button>`)}</span>`;
    return () => html`<div class="page"><section class="panel w reco-filter"><div class="row wrap"><input class="input grow" type="search" aria-label=${t('reco.find')} placeholder=${t('reco.find')} value=${text.value} @input=${e => type(e.target.value)} />
        ${choice('only', ONLY, value => t('reco.' + (value || 'all')))}${choice('kind', TYPES, value => t('reco.' + (value || 'all')))}</div></section>
      ${Object.keys(props.blocked).length > 0 && html`<${Panel} title=${t('reco.blockedcreators')} wide=${true}><div class="row wrap">${Object.keys(props.blocked).map(id => html`<span class="tag" key=${id}>${id} <button type="button" class="btn ghost ico sm" aria-label=${t('reco.unblock') + ' ' + id} @click=${() => creator.run(id, false)}>${icon('x', 12)}</button></span>`)}</div><//>`}
      <${Panel} title=${t('reco.catalogue')} note=${found.data ? t('reco.count', { n: found.data.count }) : ''} wide=${true} flush=${true}><${Table} label=${t('reco.catalogue')} columns=${columns()} rows=${found.data?.items} loading=${found.loading} error=${found.error} retry=${found.reload}
        more=${() => { limit.value = Math.min(500, limit.value + 100); }} hasMore=${(found.data?.count ?? 0) > limit.value && limit.value < 500} loadingMore=${found.loading}
        empty=${props.query.q || props.query.only || props.query.kind ? { icon: 'find', title: t('reco.nofit') } : { icon: 'heart', title: t('reco.noitems'), body: t('reco.noitemsbody') }} /><//></div>`;
  },
};
