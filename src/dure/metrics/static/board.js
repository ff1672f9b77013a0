// A board: its bar, and tiles that load one by one, open down to people, and are rearranged by hand or by keyboard.
import { html, action, api, ask, askForm, computed, go, icon, inLang, listen, load, Loaded, Empty, Menu, onScopeDispose, ref, setQuery, t, toast, useKeys, useTop, watch } from '../web/kit.js';
import { openAlerts } from './alert.js';
import { asQuery, Bar, barOf, daysOf } from './bar.js';
import { deliver, mayShare, queryOf, removeView, saveView, shareBoard } from './board_ways.js';
import { Tile } from './board_tile.js';
import { annotate, keepMarks, openNotes } from './marks.js';
import { askTile } from './tile_form.js';
import './words.js';
import './board_words.js';

const nameOf = b => b ? inLang({ ko: b.name_ko, en: b.name_en }) : '';
const plain = ({ metric, question, text, ...rest }) => ({ ...rest, ...(metric ? { metric } : question ? { question } : { text }) });

export default {
  props: ['params', 'query'],
  setup(props) {
    const boards = load(signal => api.get('/boards', { signal }));
    const board = computed(() => boards.data?.boards.find(b => b.id === props.query.board) ?? (props.query.board ? undefined : boards.data?.boards[0]));
    const bar = computed(() => barOf(props.query)), path = () => '/boards/' + encodeURIComponent(board.value.id);
    const views = load(signal => board.value ? api.get(path() + '/views', { signal }) : { views: [] }, { watch: () => board.value?.id });
    const alerts = load(signal => api.get('/metric-alerts', { signal }));
    const catalogue = load(async signal => Object.fromEntries((await api.get('/metrics', { signal })).metrics.map(m => [m.id, m])));
    const notes = load(async signal => { if (!board.value) return []; const { annotations } = await api.get('/annotations', { signal, query: { ...daysOf(bar.value), board: board.value.id } }); keepMarks(annotations); return annotations; }, { watch: () => JSON.stringify([board.value?.id, daysOf(bar.value)]) });
    onScopeDispose(() => keepMarks([]));
    // Only what changes boards, alerts and notes: an event of the log is no reason to ask every tile anew.
    onScopeDispose(listen('metrics', e => { if (/^Board (Created|Changed|Removed)/.test(e.event)) boards.reload({ quiet: true }); if (/^Board View/.test(e.event)) views.reload({ quiet: true }); if (/^(Alert|Metric (Crossed|Unusual))/.test(e.event)) alerts.reload({ quiet: true }); if (/^Annotation/.test(e.event)) notes.reload({ quiet: true }); }, () => boards.reload({ quiet: true })));

    const begin = action(async () => { await api.post('/metrics/starters', {}); await boards.reload(); }, { failed: toast.error });
    const say = ref('');
    const put = async (tiles, more = {}) => {
      const { id, name_ko, name_en } = board.value, changed = { id, name_ko, name_en, ...more, tiles };
      boards.set({ boards: boards.data.boards.map(b => b.id === id ? changed : b) });
      try { await api.put('/boards/' + encodeURIComponent(id), { name_ko: changed.name_ko, name_en: changed.name_en, tiles: tiles.map(plain) }); } catch (error) { toast.error(error); boards.reload({ quiet: true }); throw error; }
    };
    const tiles = () => board.value?.tiles ?? [];
    const add = async () => { const tile = await askTile(); if (tile) await put([...tiles(), tile]); };
    const edit = async n => { const tile = await askTile(tiles()[n]); if (tile) await put(tiles().map((one, i) => i === n ? tile : one)); };
    const take = async n => { const before = tiles(); await put(before.filter((_, i) => i !== n)); toast.undo(t('bd.taken'), () => put(before)); };
    const resize = (n, size) => put(tiles().map((one, i) => i === n ? { ...one, size } : one));
    const grid = ref();
    const focus = n => requestAnimationFrame(() => grid.value?.children[n]?.focus());
    const move = async (from, to) => {
      if (to < 0 || to >= tiles().length || from === to) return;
      const list = [...tiles()], [one] = list.splice(from, 1);
      list.splice(to, 0, one);
      focus(to);
      say.value = t('bd.moved', { n: to + 1 });
      await put(list);
    };

    const dragging = ref(null), over = ref(null);
    const drop = (e, n) => { e.preventDefault(); const from = dragging.value; dragging.value = over.value = null; if (from !== null) move(from, n); };
    const here = () => { const n = [...grid.value?.children ?? []].indexOf(document.activeElement?.closest?.('.mx-tile')); return n < 0 ? null : n; };
    const at = (fn) => () => { const n = here(); if (n !== null) fn(n); };
    const note = () => annotate({ board: board.value?.id }).then(saved => { if (saved) notes.reload({ quiet: true }); });
    useKeys({ '[': [at(n => move(n, n - 1)), 'bd.sooner'], ']': [at(n => move(n, n + 1)), 'bd.later'], e: [at(edit), 'bd.edit'], '+': [at(n => resize(n, Math.min(3, tiles()[n].size + 1))), 'bd.wider'], '-': [at(n => resize(n, Math.max(1, tiles()[n].size - 1))), 'bd.narrower'], n: [note, 'bd.note'], a: [add, 'bd.add'] }, 'bd.board');

    const showAlerts = (metric, alert) => metric && openAlerts({ metric, alert, changed: () => alerts.reload({ quiet: true }) });
    // A link from a message leads to its alert.
    watch(() => [props.query.alert, alerts.data], async ([id, found]) => {
      const one = id && found?.alerts.find(a => a.id === id);
      if (one) { setQuery({ alert: null }); showAlerts(await api.get('/metrics/' + encodeURIComponent(one.metric)), id); }
    }, { immediate: true });

    const create = async () => { const made = await askForm({ title: t('bd.new'), submitLabel: t('bd.new'), fields: [{ name: 'name_ko', label: t('bd.title_ko'), required: true, autofocus: true }, { name: 'name_en', label: t('bd.title_en'), required: true }], submit: v => api.post('/boards', { ...v, tiles: [] }) });
      if (made) { await boards.reload(); setQuery({ board: made.id }); } };
    const rename = () => askForm({ title: t('bd.rename'), values: board.value, fields: [{ name: 'name_ko', label: t('bd.title_ko'), required: true, autofocus: true }, { name: 'name_en', label: t('bd.title_en'), required: true }], submit: v => put(tiles(), v) });
    const remove = async () => { if (!await ask({ title: t('bd.remove'), body: t('bd.removeask'), action: t('bd.remove'), danger: true })) return;
      try { await api.del(path()); toast(t('bd.removed')); setQuery({ board: null }); await boards.reload(); } catch (error) { toast.error(error); } };

    const current = computed(() => views.data?.views.find(v => { const q = queryOf(v), mine = asQuery(bar.value); return Object.keys(q).every(k => String(q[k] ?? '') === String(mine[k] ?? '')); }));
    const viewItems = () => [...(views.data?.views ?? []).map(v => ({ label: v.name, hint: t(v.shared ? 'bd.everybody' : 'bd.mine'), checked: current.value?.id === v.id, run: () => setQuery(queryOf(v), { replace: false }) })), ...(views.data?.views.length ? [null] : []),
      { label: t('bd.saveview'), icon: 'plus', run: async () => { if (await saveView(board.value.id, bar.value)) views.reload({ quiet: true }); } }, ...(current.value ? [{ label: t('bd.removeview'), icon: 'trash', run: () => removeView(board.value.id, current.value, () => views.reload({ quiet: true })) }] : [])];
    const more = () => [{ label: t('bd.add'), icon: 'plus', run: add, hint: 'A' }, { label: t('bd.note'), icon: 'flag', run: note, hint: 'N' }, { label: t('bd.notes'), icon: 'list', run: () => openNotes({ board: board.value.id, reload: () => notes.reload({ quiet: true }) }) }, null,
      ...(mayShare() ? [{ label: t('bd.share'), icon: 'link', run: () => shareBoard({ board: board.value, bar: bar.value }) }] : []), { label: t('bd.deliver'), icon: 'send', run: () => deliver(board.value.id, nameOf(board.value), bar.value).catch(toast.error) }, null,
      { label: t('bd.new'), icon: 'board', run: create }, { label: t('bd.rename'), icon: 'edit', run: rename }, { label: t('bd.remove'), icon: 'trash', danger: true, run: remove }];
    useTop({
      title: () => boards.data?.boards.length > 1 ? html`<select class="input sm bd-choose" aria-label=${t('bd.boards')} @change=${e => setQuery({ board: e.target.value }, { replace: false })}>${!board.value && html`<option value="" selected=${true}>–</option>`}${boards.data.boards.map(b => html`<option key=${b.id} value=${b.id} selected=${b.id === board.value?.id}>${nameOf(b)}</option>`)}</select>` : nameOf(board.value) || t('mx.title'),
      tools: () => html`${board.value && html`<${Menu} text=${current.value?.name ?? t('bd.views')} icon="eye" cls="btn sm" items=${viewItems()} /><${Menu} label=${t('bd.board')} icon="more" cls="btn sm ico" items=${more()} />`}
        <a class="btn sm" href="/explore">${icon('find', 14)}${t('mx.explore')}</a>`,
    });

    const items = n => shown => [
      ...(shown?.question ? [{ label: t('bd.explore'), icon: 'find', run: () => go(shown.metric ? '/explore?metric=' + encodeURIComponent(shown.metric.id) : '/explore?q=' + encodeURIComponent(JSON.stringify(shown.question))) }] : []),
      ...(shown?.metric ? [{ label: t('al.alerts'), icon: 'bell', run: () => showAlerts(shown.metric) }] : []), ...(shown?.question ? [null] : []),
      { label: t('bd.edit'), icon: 'edit', hint: 'E', run: () => edit(n) }, { label: t('bd.wider'), icon: 'plus', hint: '+', disabled: tiles()[n]?.size === 3, run: () => resize(n, tiles()[n].size + 1) }, { label: t('bd.narrower'), icon: 'down', hint: '-', disabled: tiles()[n]?.size === 1, run: () => resize(n, tiles()[n].size - 1) },
      { label: t('bd.sooner'), icon: 'back', hint: '[', disabled: n === 0, run: () => move(n, n - 1) }, { label: t('bd.later'), icon: 'arrow', hint: ']', disabled: n === tiles().length - 1, run: () => move(n, n + 1) }, null, { label: t('bd.take'), icon: 'trash', run: () => take(n) }];
    // A tile keeps its answer when it changes its place: its key is what it asks, and which of the same it is.
    const keyOf = (tile, n) => { const text = JSON.stringify([board.value.id, tile.metric, tile.question, tile.text]); return text + tiles().slice(0, n).filter(one => JSON.stringify([board.value.id, one.metric, one.question, one.text]) === text).length; };
    const place = (tile, n) => html`<section key=${keyOf(tile, n)} class=${`panel mx-tile bd-w${tile.size}` + (over.value === n && dragging.value !== n ? ' bd-over' : '') + (dragging.value === n ? ' bd-drag' : '')} tabindex="0" data-row
      @dragover=${e => { if (dragging.value !== null) { e.preventDefault(); over.value = n; } }} @drop=${e => drop(e, n)}><${Tile} board=${board.value.id} tile=${tile} known=${catalogue.data?.[tile.metric]} n=${n} bar=${bar.value} alerts=${alerts.data?.alerts.filter(a => a.metric === tile.metric)} items=${items(n)} dragged=${v => { dragging.value = v; }} onAlerts=${showAlerts} /></section>`;
    const none = () => html`<${Empty} icon="chart" title=${t('mx.noboard')} body=${t('mx.noboardbody')} action=${{ label: t('mx.startboard'), run: begin.run, icon: 'plus' }} second=${{ label: t('mx.explore'), href: '/explore' }} />`;
    const unknown = () => html`<${Empty} icon="board" title=${t('bd.unknown')} body=${t('bd.unknownbody')} action=${{ label: t('bd.first'), href: '/analytics' }} />`;
    const full = () => html`<${Bar} bar=${bar.value} />${tiles().length ? html`<div class="bd-grid" ref=${grid} data-scroll>${tiles().map(place)}</div>` : html`<${Empty} icon="board" title=${t('bd.emptytitle')} body=${t('bd.emptybody')} action=${{ label: t('bd.add'), run: add, icon: 'plus' }} />`}<span class="sr" role="status">${say.value}</span>`;
    return () => html`<div class="view fill bd"><${Loaded} of=${boards} skeleton="cards" n=${6} show=${d => !d.boards.length ? none() : board.value ? full() : unknown()} /></div>`;
  },
};
