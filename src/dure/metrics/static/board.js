// The board: one number of each team with its target, its line and its change; each opens to its trend and its events.
import { html, api, load, computed, useTop, setQuery, t, inLang, signed, icon, Loaded, Empty, Spark, Badge, action, toast, reloadOn } from '../web/kit.js';
import { written } from './written.js';
import './words.js';

export default {
  props: ['params', 'query'],
  setup(props) {
    const boards = load(signal => api.get('/boards', { signal }));
    const chosen = computed(() => props.query.board ?? boards.data?.boards[0]?.id ?? '');
    const board = load(signal => chosen.value ? api.get('/boards/' + encodeURIComponent(chosen.value), { signal }) : null, { watch: () => chosen.value, keep: true });
    reloadOn(board, 'metrics');
    const begin = action(async () => { await api.post('/metrics/starters', {}); await boards.reload(); }, { failed: toast.error });
    useTop({
      title: () => t('mx.title'),
      tools: () => html`${boards.data?.boards.length > 1 && html`<select class="input sm" aria-label=${t('mx.title')} @change=${e => setQuery({ board: e.target.value })}>${boards.data.boards.map(b => html`<option key=${b.id} value=${b.id} selected=${b.id === chosen.value}>${inLang({ ko: b.name_ko, en: b.name_en })}</option>`)}</select>`}
        <a class="btn sm" href="/explore">${icon('find', 14)}${t('mx.explore')}</a>`,
    });
    const change = tile => tile.change == null ? html`<span class="mut sm">${t('mx.before', { v: written(tile.previous, tile.metric) })}</span>`
      : html`<span class=${'num sm ' + (tile.good == null ? 'mut' : tile.good ? 'good' : 'poor')}>${icon(tile.change >= 0 ? 'up' : 'down', 12)}${signed(tile.change * 100, 1)}%</span><span class="mut sm">${t('mx.before', { v: written(tile.previous, tile.metric) })}</span>`;
    const target = tile => tile.metric.target == null ? html`<span class="mut sm">${t('mx.notarget')}</span>`
      : html`<${Badge} kind=${tile.target_met ? 'ok' : tile.target_met === false ? 'warn' : ''} text=${tile.target_met == null ? t('mx.nodata') : t(tile.target_met ? 'mx.met' : 'mx.notmet')} /><span class="mut sm num">${t('mx.goal', { v: written(tile.metric.target, tile.metric) })}</span>`;
    const card = (tile, i) => tile.error || !tile.metric ? html`<section class="panel" key=${i}><div class="notice warn">${icon('info')}${tile.error ?? ''}</div></section>`
      : html`<a class="panel mx-tile" key=${tile.metric.id} href=${'/explore?metric=' + encodeURIComponent(tile.metric.id)} title=${t('mx.open')}>
        <header><span class="tag">${tile.metric.function ? t('mx.' + tile.metric.function) : '–'}</span><h2 class="cut">${inLang({ ko: tile.metric.name_ko, en: tile.metric.name_en })}</h2><span class="grow"></span>${tile.metric.verified && html`<${Badge} kind="ok" text=${t('mx.verified')} />`}</header>
        <div class="mx-figure"><span class="mx-value num">${written(tile.value, tile.metric)}</span>${tile.line?.length > 1 && html`<${Spark} values=${tile.line} label=${inLang({ ko: tile.metric.name_ko, en: tile.metric.name_en })} width=${150} height=${40} area=${true} />`}</div>
        <div class="row wrap">${change(tile)}<span class="grow"></span>${target(tile)}</div>
        <p class="mut sm mx-about">${inLang({ ko: tile.metric.about_ko, en: tile.metric.about_en })}</p></a>`;
    const none = () => html`<${Empty} icon="chart" title=${t('mx.noboard')} body=${t('mx.noboardbody')} action=${{ label: t('mx.startboard'), run: begin.run, icon: 'plus' }} second=${{ label: t('mx.explore'), href: '/explore' }} />`;
    return () => html`<div class="view"><${Loaded} of=${boards} skeleton="cards" n=${6} show=${d => d.boards.length ? html`<${Loaded} of=${board} skeleton="cards" n=${6} show=${b => b && html`<div class="page three">${b.tiles.map(card)}</div>`} />` : none()} /></div>`;
  },
};
