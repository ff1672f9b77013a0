// The North Star tree: what the number is made of, and how much each input had to do with its change between two periods.
import { html, api, load, ref, computed, watch, useTop, useKeys, setQuery, go, t, inLang, icon, isoDay, percent, Loaded, Empty, Menu, Table, Tree, Badge, action, ask, askForm, toast, reloadOn, cancelled } from '../../web/kit.js';
import { catalogue, Definition } from '../definition.js';
import { written } from '../written.js';
import { nameOf } from '../catalogue/said.js';
import { cards, changed, influenceText, influenceTitle, sketch } from './cards.js';
import { useDraft } from './draft.js';
import '../words.js';
import '../catalogue/words.js';
import './words.js';

const DAY = 86400000, DATES = ['from', 'to', 'compare_from', 'compare_to'];
const titled = tree => inLang({ ko: tree.name_ko, en: tree.name_en });

export default {
  props: ['params', 'query'],
  setup(props) {
    const list = load(signal => api.get('/trees', { signal })), all = load(() => catalogue());
    const chosen = computed(() => props.params.id ?? list.data?.trees[0]?.id ?? '');
    const dates = () => Object.fromEntries(DATES.map(name => [name, props.query[name]]));
    // The figures first; the correlations read months of days and come after.
    const tree = load(async signal => {
      if (!chosen.value) return null;
      const ask = influences => api.get('/trees/' + encodeURIComponent(chosen.value), { signal, query: { ...dates(), influences } });
      const figures = await ask(false);
      if (figures.edges.some(e => e.kind === 'influence')) ask(true).then(whole => { if (!signal.aborted) tree.set(whole); }, error => { if (!cancelled(error)) toast.error(error); });
      return figures;
    }, { watch: () => chosen.value + JSON.stringify(dates()) });
    const at = ref(null), look = computed(() => props.query.look === 'table' ? 'table' : 'tree'), draft = useDraft(() => all.data ?? {});
    reloadOn(tree, 'metrics');
    watch(chosen, () => { at.value = null; draft.cancel(); });
    const picked = () => at.value ?? tree.data?.root;
    const begin = action(async () => { await api.post('/metrics/starters', {}); await list.reload(); }, { failed: toast.error });
    const open = id => { const n = tree.data.nodes.find(one => one.id === id); if (n) go('/metrics/catalogue/' + encodeURIComponent(n.metric.id)); };

    const edit = () => { if (tree.data && !draft.open.value) draft.begin(tree.data); };
    const add = async () => { const id = await draft.add(picked()); if (id) at.value = id; };
    const drop = () => { at.value = draft.remove(picked()); };
    const keep = async () => { if (await draft.save()) await tree.reload(); };
    const when = fn => () => { if (draft.open.value) fn(); };
    useKeys({ e: [edit, 'mt.edit'], a: [when(add), 'mt.add'], o: [when(() => draft.operation(picked())), 'mt.operation'], Delete: [when(drop), 'mt.remove'], 'mod+s': [when(keep), 'mt.done'], Escape: [when(() => draft.cancel()), 'mt.cancel'], t: [() => setQuery({ look: look.value === 'table' ? null : 'table' }), 'mt.tablelook'], ArrowRight: [null, 'mt.keymove'] }, 'mt.keys');
    const make = async () => {
      const options = Object.values(all.data ?? {}).map(m => ({ value: m.id, label: nameOf(m) }));
      const made = await askForm({ title: t('mt.new'), submitLabel: t('mt.new'), fields: [{ name: 'name_ko', label: t('mx.nameko'), required: true, autofocus: true }, { name: 'name_en', label: t('mx.nameen'), required: true }, { name: 'root', label: t('mt.root'), type: 'select', required: true, options }],
        submit: v => api.post('/trees', { ...v, nodes: [{ id: v.root, metric: v.root }], edges: [] }) });
      if (made) { toast(t('mt.made')); await list.reload(); go('/metrics/trees/' + encodeURIComponent(made.id)); }
    };
    const remove = async () => {
      if (!await ask({ title: t('mt.delete'), body: t('mt.deleteask', { name: titled(tree.data) }), action: t('mt.delete'), danger: true })) return;
      try { await api.del('/trees/' + encodeURIComponent(chosen.value)); toast(t('mt.deleted')); go('/metrics/trees'); list.reload(); } catch (error) { toast.error(error); }
    };
    useTop({
      title: () => tree.data && list.data?.trees.length < 2 ? titled(tree.data) : t('mt.title'),
      tools: () => draft.open.value ? html`<button type="button" class="btn sm" @click=${add}>${icon('plus', 14)}${t('mt.add')}</button><button type="button" class="btn sm" @click=${() => draft.operation(picked())}>${t('mt.operation')}</button><button type="button" class="btn sm" @click=${drop}>${icon('trash', 14)}${t('mt.remove')}</button>
          <button type="button" class="btn sm" @click=${() => draft.cancel()}>${t('mt.cancel')}</button><button type="button" class="btn pri sm" disabled=${draft.busy} @click=${keep}>${t('mt.done')}</button>`
        : html`${list.data?.trees.length > 1 && html`<select class="input mc-team" aria-label=${t('mt.tree')} @change=${e => go('/metrics/trees/' + encodeURIComponent(e.target.value) + location.search)}>${list.data.trees.map(one => html`<option key=${one.id} value=${one.id} selected=${one.id === chosen.value}>${titled(one)}</option>`)}</select>`}
          <div class="seg" role="group" aria-label=${t('mt.look')}>${['tree', 'table'].map(v => html`<button type="button" key=${v} aria-pressed=${String(look.value === v)} @click=${() => setQuery({ look: v === 'table' ? v : null })}>${t(v === 'tree' ? 'mt.picture' : 'mt.table')}</button>`)}</div>
          ${tree.data && html`<button type="button" class="btn sm" @click=${edit}>${icon('edit', 14)}${t('mt.edit')}</button>`}
          <${Menu} label=${t('mt.new')} icon="more" cls="btn ghost ico sm" items=${[{ label: t('mt.new'), icon: 'plus', run: make }, ...(tree.data ? [null, { label: t('mt.delete'), icon: 'trash', danger: true, run: remove }] : [])]} />`,
    });

    const day = back => isoDay(Date.now() - back * DAY);
    const preset = value => setQuery(value === 'weeks' ? { from: day(28), to: day(1), compare_from: day(56), compare_to: day(29) } : value === 'custom' ? { from: tree.data.from, to: tree.data.to, compare_from: tree.data.compare_from, compare_to: tree.data.compare_to } : Object.fromEntries(DATES.map(name => [name, null])));
    const picks = d => { const own = Boolean(props.query.from || props.query.compare_from), four = props.query.from === day(28) && props.query.to === day(1), value = !own ? 'week' : four ? 'weeks' : 'custom';
      const input = (name, label) => html`<input class="input" type="date" aria-label=${label} value=${d[name]} @change=${e => e.target.value && setQuery({ from: d.from, to: d.to, compare_from: d.compare_from, compare_to: d.compare_to, [name]: e.target.value })} />`;
      return html`<div class="mt-bar"><select class="input" aria-label=${t('mt.period')} value=${value} @change=${e => preset(e.target.value)}>${[['week', 'mt.week'], ['weeks', 'mt.fourweeks'], ['custom', 'mt.custom']].map(([v, word]) => html`<option key=${v} value=${v} selected=${v === value}>${t(word)}</option>`)}</select>
        <span class="mut sm">${t('mt.period')}</span>${input('from', t('mt.period') + ' · ' + t('mx.from'))}<span class="mut">–</span>${input('to', t('mt.period') + ' · ' + t('mx.to'))}
        <span class="mut sm">${t('mt.against')}</span>${input('compare_from', t('mt.against') + ' · ' + t('mx.from'))}<span class="mut">–</span>${input('compare_to', t('mt.against') + ' · ' + t('mx.to'))}</div>`; };

    const detail = d => { const n = d.nodes.find(one => one.id === picked()); if (!n) return null;
      const root = d.nodes.find(one => one.id === d.root), up = d.edges.find(e => e.from === n.id && e.kind === 'arithmetic'), parent = up && d.nodes.find(one => one.id === up.to), loose = d.edges.filter(e => e.kind === 'influence' && (e.from === n.id || e.to === n.id));
      return html`<aside class="mt-detail" aria-live="polite"><b>${nameOf(n.metric)}</b><${Definition} id=${n.metric.id} name=${nameOf(n.metric)} />${n.metric.verified && html`<${Badge} kind="ok" text=${t('mx.verified')} />`}
        <span class="num">${written(n.before, n.metric)} ${icon('arrow', 12)} <b>${written(n.value, n.metric)}</b> <span class="mut">${changed(n.change, n.metric)}</span></span>
        ${parent && n.contribution != null && html`<span class="sm mut num">${t('mt.contributes', { name: nameOf(parent.metric), v: changed(n.contribution, parent.metric), change: changed(parent.change, parent.metric) })}</span>`}
        ${n.id !== d.root && !up && html`<span class="sm mut">${t('mt.noway')}</span>`}${n.error && html`<span class="wrong-text">${n.error}</span>`}
        ${loose.map(e => html`<span class="sm mut" key=${e.from + e.to}>${nameOf(d.nodes.find(one => one.id === e.from).metric)} ~ ${nameOf(d.nodes.find(one => one.id === e.to).metric)}: ${influenceTitle(e.influence)}</span>`)}
        <a class="sm" href=${'/metrics/catalogue/' + encodeURIComponent(n.metric.id)}>${t('mt.open')}</a></aside>`; };

    const table = d => { const root = d.nodes.find(n => n.id === d.root), up = n => d.nodes.find(one => one.id === d.edges.find(e => e.from === n.id && e.kind === 'arithmetic')?.to), loose = n => d.edges.filter(e => e.from === n.id && e.kind === 'influence');
      return html`<${Table} label=${titled(d)} rows=${d.nodes} open=${n => open(n.id)} columns=${[
        { key: 'name', title: t('mt.metric'), value: n => nameOf(n.metric), render: n => html`<span class="mc-name">${nameOf(n.metric)}<${Definition} id=${n.metric.id} name=${nameOf(n.metric)} /></span>` },
        { key: 'team', title: t('mt.team'), width: 110, value: n => n.metric.function ? t('mx.' + n.metric.function) : '' },
        { key: 'before', title: t('mt.before'), num: true, render: n => written(n.before, n.metric) }, { key: 'value', title: t('mt.value'), num: true, render: n => html`<b>${written(n.value, n.metric)}</b>` },
        { key: 'change', title: t('mt.change'), num: true, render: n => html`<span class=${n.good == null ? 'mut' : n.good ? 'good' : 'poor'}>${changed(n.change, n.metric)}</span>` },
        { key: 'contribution', title: t('mt.contribution'), num: true, render: n => up(n) ? changed(n.contribution, up(n).metric) : '–' },
        { key: 'to_root', title: t('mt.toroot', { name: nameOf(root.metric) }), num: true, render: n => n.id === d.root || n.to_root == null ? '–' : `${changed(n.to_root, root.metric)} (${percent(n.root_share, 0)})` },
        { key: 'remainder', title: t('mt.remainder'), num: true, render: n => n.remainder ? changed(n.remainder, n.metric) : '–' },
        { key: 'influence', title: t('mt.influence'), sort: false, render: n => loose(n).map(e => html`<span key=${e.to} class="nowrap sm" title=${influenceTitle(e.influence)}>${nameOf(d.nodes.find(one => one.id === e.to).metric)}: ${influenceText(e.influence).replaceAll('\n', ' · ')}</span>`) },
      ]} />`; };

    const drawn = (d, of) => html`<${Tree} label=${titled(d)} root=${d.root} ...${of} at=${picked()} select=${id => { at.value = id; }} open=${draft.open.value ? null : open} />`;
    const show = d => d && html`${draft.open.value ? html`<div class="notice mt-editing" role="status">${icon('edit')}${t('mt.editing')}</div>${drawn(draft.tree, sketch(draft.tree, all.data ?? {}))}`
      : html`${picks(d)}${d.nodes.every(n => n.value == null) && html`<div class="notice warn" role="status">${icon('info')}${t('mt.needsweek')}</div>`}${look.value === 'table' ? table(d) : html`${drawn(d, cards(d))}${detail(d)}`}
        <details class="mx-defs mt-defs"><summary>${t('mt.defs')}</summary><ul>${d.definitions.map((text, i) => html`<li key=${i}>${text}</li>`)}</ul></details>`}`;
    const none = () => html`<${Empty} icon="star" title=${t('mt.none')} body=${t('mt.nonebody')} action=${{ label: t('mt.begin'), run: begin.run, icon: 'plus' }} second=${{ label: t('mt.new'), run: make }} />`;
    return () => html`<div class="view fill mt"><${Loaded} of=${list} skeleton="cards" n=${6} show=${d => d.trees.length ? html`<${Loaded} of=${tree} skeleton="cards" n=${8} show=${show} />` : none()} /></div>`;
  },
};
