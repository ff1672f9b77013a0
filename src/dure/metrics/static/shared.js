// The page behind a link, for people without an account: one board's numbers and nothing else.
import { createApp } from '../vendor/vue.js';
import { api, boot, date, Dialog, Empty, Failed, html, icon, inLang, load, Loaded, openDialog, reactive, setLang, setTheme, Skeleton, state, t, Table } from '../web/kit.js';
import { Dialogs } from '../web/dialog.js';
import { Toasts } from '../web/toast.js';
import { daysOf } from './bar.js';
import { behind, openBy } from './behind.js';
import { Shown } from './board_tile.js';
import './words.js';
import './board_words.js';

const door = '/shared/' + encodeURIComponent(location.pathname.split('/').at(-1));
const both = (o, name) => inLang({ ko: o[name + '_ko'] || o[name + '_en'], en: o[name + '_en'] || o[name + '_ko'] });

// Who is behind a number, where the link was made for that.
const People = {
  props: ['number', 'cell', 'range', 'title', 'close'],
  setup(p) {
    const found = load(signal => api.post(`${door}/tiles/${p.number}/behind`, p.cell, { signal, quiet: true, query: p.range }));
    const show = d => html`<${Table} label=${t('mx.behind')} empty=${{ icon: 'info', title: t('mx.nobody') }} rows=${d.people.length ? d.people.map((one, id) => ({ id, who: one.distinct_ids?.join(', ') || one.account || one.object })) : d.events.map((e, id) => ({ id, who: e.distinct_id || e.object || e.account, what: e.event, at: date(e.time) }))} columns=${[{ key: 'who', title: t('mx.who') }, ...(d.people.length ? [] : [{ key: 'what', title: t('mx.what') }, { key: 'at', title: t('mx.when') }])]} />`;
    return () => html`<${Dialog} title=${p.title} wide=${true} onClose=${() => p.close()}><${Loaded} of=${found} show=${show} n=${5} /><//>`;
  },
};

// Which tile asked a question: a number knows its question only.
const asked = new Map();

const Tile = {
  props: ['place', 'number', 'range', 'people'],
  setup(p) {
    const { hidden } = p.place;
    const it = load(async signal => { if (hidden) return null; const found = await api.get(`${door}/tiles/${p.number}`, { signal, quiet: true, query: p.range }); if (found.question) asked.set(JSON.stringify(found.question), { number: p.number, range: p.range }); return found; }, { watch: () => JSON.stringify(p.range) });
    const title = () => both(p.place, 'title') || (it.data?.metric ? both(it.data.metric, 'name') : '');
    return () => html`<header><h2 class="cut">${title()}</h2></header><div class="bd-body" aria-busy=${it.loading ? 'true' : null}>${hidden ? html`<p class="mut sm">${t('bd.hidden')}</p>` : it.data ? html`<${Shown} shown=${it.data} open=${p.people ? behind : null} />` : it.error ? html`<${Failed} small=${true} title=${t('bd.tilefailed')} error=${it.error} retry=${it.reload} />` : html`<${Skeleton} kind="chart" n=${1} />`}</div>`;
  },
};

const Page = {
  setup() {
    const board = load(signal => api.get(door, { signal, quiet: true })), range = reactive({});
    const dated = (name, value) => { Object.assign(range, { ...daysOf(board.data.from ? { from: range.from ?? board.data.from, to: range.to ?? board.data.to } : range), [name]: value }); };
    const days = b => { const now = daysOf({ from: range.from ?? b.from, to: range.to ?? b.to }); return b.any_range ? ['from', 'to'].map(name => html`<label key=${name} class="row bd-day"><span class="mut sm">${t('bd.' + name)}</span><input class="input" type="date" value=${now[name]} @change=${e => e.target.value && dated(name, e.target.value)} /></label>`) : html`<span class="mut num">${date(now.from)} – ${date(now.to)}</span>`; };
    const shown = b => { document.title = both(b, 'name'); openBy((question, cell, title) => { const from = asked.get(JSON.stringify(question)); if (b.people && from) openDialog(People, { ...from, cell, title }); });
      return html`<div class="bd-bar">${days(b)}<span class="grow"></span>${b.expires_at && html`<span class="mut sm">${t('bd.upto', { when: date(b.expires_at) })}</span>`}</div>
      <div class="bd-grid">${b.tiles.map((place, n) => html`<section key=${n} class=${`panel mx-tile bd-w${place.size}`}><${Tile} place=${place} number=${n} range=${{ ...range }} people=${b.people} /></section>`)}</div>`; };
    const gone = () => html`<${Empty} icon="link" title=${t('bd.gone')} body=${t('bd.gonebody')} />`;
    return () => html`<main class=${'bd-shared' + (board.data?.people ? '' : ' bd-closed')} id="main"><header class="bd-sharedtop"><div class="brand"><i></i><span>${boot.workspace?.name ?? boot.product}</span></div><h1 class="cut">${board.data ? both(board.data, 'name') : ''}</h1><span class="grow"></span>
      <button type="button" class="btn ghost" @click=${() => setLang(state.lang === 'ko' ? 'en' : 'ko')}>${icon('globe')}${state.lang === 'ko' ? 'English' : '한국어'}</button><button type="button" class="btn ghost ico" aria-label="☀/☾" @click=${() => setTheme(state.dark ? 'light' : 'dark')}>${icon(state.dark ? 'sun' : 'moon')}</button></header>
      ${board.error?.status === 404 ? gone() : html`<${Loaded} of=${board} show=${shown} skeleton="cards" n=${6} />`}</main><${Dialogs} /><${Toasts} />`;
  },
};

document.title = boot.product;
createApp(Page).mount('#app');
