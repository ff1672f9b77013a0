// The flow as it runs: from the top down, ways side by side. To be read, or worked on: with `edit` steps can be chosen, moved,
// taken out, and others put between.
import { html, icon, inLang, onMounted, onUpdated, ref, t, words } from '../../web/kit.js';
import { iconOf, kinds } from '../kinds.js';
import { named } from '../options.js';
import { filter, lasting, once, trigger, way } from '../words.js';
import { formOf } from './fields.js';
import { layout } from '../../web/flow/layout.js';

words({
  ko: { 'auto.insert': '여기에 단계 넣기', 'auto.loose': '아무 데서도 가지 않는 단계', 'auto.ends': '끝', 'auto.goesto': '{node}(으로/로)', 'auto.failing': '실패하면', 'auto.foreach': '항목마다', 'auto.nofirst': '아직 단계가 없습니다', 'auto.here': '지금 {n}건', 'auto.passed': '{n}회', 'auto.deadn': '실패 {n}', 'auto.unknownn': '모름 {n}', },
  en: { 'auto.insert': 'Insert a step here', 'auto.loose': 'Steps that nothing leads to', 'auto.ends': 'End', 'auto.goesto': 'to {node}', 'auto.failing': 'If it fails', 'auto.foreach': 'For each item', 'auto.nofirst': 'No steps yet', 'auto.here': '{n} here now', 'auto.passed': '{n}×', 'auto.deadn': '{n} failed', 'auto.unknownn': '{n} unknown', },
});

export const nodeTitle = node => node.title ? (typeof node.title === 'string' ? node.title : inLang(node.title)) : kinds.step(node.kind);

// props: doc, selected, select(id), edit: {insert(place), move(id, place), menu…} or nothing, problems: {id: text}, counts: {id: {...}}, pick(id, status)
export const Canvas = {
  props: ['doc', 'selected', 'select', 'edit', 'problems', 'counts', 'pick'],
  setup(p) {
    const dragged = ref(null), over = ref(''), el = ref();
    // A wide flow is drawn smaller, as far as it stays readable; what still does not fit opens with its middle in sight.
    function fit() {
      const view = el.value?.parentElement;
      if (!view) return;
      el.value.style.zoom = 1;
      el.value.style.zoom = Math.max(p.edit ? 0.8 : 0.6, Math.min(p.edit ? 1 : 0.9, (view.clientWidth - 32) / el.value.scrollWidth));
    }
    onMounted(() => { fit(); const view = el.value?.parentElement; if (view) view.scrollLeft = (view.scrollWidth - view.clientWidth) / 2; });
    onUpdated(fit);
    const titleOf = id => { const node = p.doc.nodes.find(it => it.id === id); return node ? nodeTitle(node) : id; };
    const drop = (place, key) => ({
      onDragover: e => { if (dragged.value) { e.preventDefault(); over.value = key; } }, onDragleave: () => { if (over.value === key) over.value = ''; },
      onDrop: e => { e.preventDefault(); const id = dragged.value; dragged.value = null; over.value = ''; if (id) p.edit.move(id, place); },
    });
    const gap = (place, key) => p.edit ? html`<div key=${'+' + key} class=${'auto-gap' + (over.value === key ? ' over' : '') + (dragged.value ? ' drag' : '')} ...${drop(place, key)}>
      <button type="button" class="auto-plus" tabindex="-1" aria-label=${t('auto.insert')} title=${t('auto.insert')} @click=${() => p.edit.insert(place)}>${icon('plus', 13)}</button></div>` : html`<div key=${'+' + key} class="auto-gap"></div>`;

    function sequence(items, first, expected) {
      const out = [first];
      items.forEach((item, i) => {
        if (item.jump) { out.push(html`<div class="auto-jump" key=${'j' + item.jump + i}>${icon('undo', 13)}<span>${t('auto.goesto', { node: titleOf(item.jump) })}</span></div>`); return; }
        out.push(card(item));
        for (const side of item.sides) out.push(html`<div class=${'auto-side ' + side.outcome} key=${item.node.id + side.outcome}><span class="auto-way">${icon(side.outcome === 'error' ? 'warn' : 'copy', 12)}${t(side.outcome === 'error' ? 'auto.failing' : 'auto.foreach')}</span>
          <div class="auto-lane">${sequence(side.items, gap({ from: item.node.id, outcome: side.outcome }, item.node.id + side.outcome), null)}${onward(side, items[i + 1]?.node?.id)}</div></div>`);
        if (item.lanes) {
          const next = item.merge ?? (i === items.length - 1 ? expected : null);
          out.push(html`<div class="auto-lanes" key=${item.node.id + 'l'}>${item.lanes.map(lane => html`<div class="auto-lane" key=${lane.outcome}><span class="auto-way">${way(lane.outcome)}${item.node.kind === 'split' && html` <b>${share(item.node, lane.outcome)}</b>`}</span>
            ${sequence(lane.items, gap({ from: item.node.id, outcome: lane.outcome }, item.node.id + lane.outcome), next)}${onward(lane, next)}</div>`)}</div>`);
          if (item.merge) out.push(gap({ before: item.merge, inside: [item.node.id, ...inside(item)] }, item.node.id + 'm'));
        } else if (item.node.kind !== 'end') out.push(gap({ from: item.node.id, outcome: '' }, item.node.id));
      });
      return out;
    }
    // Where a way goes when it does not simply run on into what is drawn below it.
    const onward = (lane, expected) => lane.to ? lane.to !== expected && html`<div class="auto-jump">${icon('arrow', 13)}<span>${t('auto.goesto', { node: titleOf(lane.to) })}</span></div>`
      : !endsItself(lane.items) && html`<div class="auto-jump mut">${icon('flag', 12)}${t('auto.ends')}</div>`;

    function card({ node }) {
      const wrong = p.problems?.[node.id], unknown = !kinds.known(node.kind), count = p.counts?.[node.id], chosen = p.selected === node.id;
      return html`<div key=${node.id} class=${'auto-card' + (chosen ? ' on' : '') + (wrong || unknown ? ' wrong' : '') + (dragged.value === node.id ? ' gone' : '')} data-row data-node=${node.id} tabindex=${p.select ? 0 : -1} aria-current=${chosen ? 'true' : null} aria-label=${nodeTitle(node)}
        draggable=${p.edit ? 'true' : null} @dragstart=${e => { dragged.value = node.id; e.dataTransfer.effectAllowed = 'move'; e.dataTransfer.setData('text/plain', node.id); }} @dragend=${() => { dragged.value = null; over.value = ''; }}
        @click=${() => p.select?.(node.id)} @keydown=${e => p.edit?.key(e, node.id)} @focus=${() => p.edit && p.select?.(node.id, { quiet: true })}>
        <div class="row"><span class="auto-dot">${icon(iconOf(node.kind), 14)}</span><b class="cut">${nodeTitle(node)}</b>${kinds.outside(node.kind) && html`<span class="mut" title=${t('auto.outside')}>${icon('globe', 12)}</span>`}<span class="grow"></span>
          ${wrong && html`<span class="poor" title=${wrong}>${icon('warn', 14)}</span>`}<code class="mut sm">${node.id}</code></div>
        ${summary(node)}${count && counts(node.id, count)}</div>`;
    }
    const counts = (id, it) => html`<div class="row wrap auto-counts">${it.here > 0 && html`<button type="button" class="tag" @click=${e => { e.stopPropagation(); p.pick?.(id, 'here'); }}>${icon('clock', 11)}${t('auto.here', { n: it.here })}</button>`}
      <span class="mut sm">${t('auto.passed', { n: it.steps })}</span>${it.dead > 0 && html`<button type="button" class="tag poor" @click=${e => { e.stopPropagation(); p.pick?.(id, 'failed'); }}>${icon('warn', 11)}${t('auto.deadn', { n: it.dead })}</button>`}
      ${it.unknown > 0 && html`<button type="button" class="tag poor" @click=${e => { e.stopPropagation(); p.pick?.(id, 'failed'); }}>${t('auto.unknownn', { n: it.unknown })}</button>`}${it.took && html`<span class="mut sm">${it.took}</span>`}</div>`;

    return () => {
      const { doc } = p, { items, loose } = layout(doc.nodes, kinds.outcomes), start = doc.trigger ?? {}, filters = [...(start.kind ? [] : start.where ?? []), ...(doc.conditions ?? [])];
      return html`<div class="auto-canvas" ref=${el}>
        <div class=${'auto-card auto-first' + (p.selected === '' ? ' on' : '') + (p.problems?.[''] ? ' wrong' : '')} data-row tabindex=${p.select ? 0 : -1} aria-current=${p.selected === '' ? 'true' : null} @click=${() => p.select?.('')} @keydown=${e => p.edit?.key(e, '')} @focus=${() => p.edit && p.select?.('', { quiet: true })}>
          <div class="row"><span class="auto-dot">${icon(start.event || start.kind ? 'bolt' : start.every || start.at || start.monthday ? 'calendar' : 'play', 14)}</span><b class="cut">${trigger(doc, kinds)}</b><span class="grow"></span>${p.problems?.[''] && html`<span class="poor" title=${p.problems['']}>${icon('warn', 14)}</span>`}</div>
          ${settings(start)}${filters.length > 0 && html`<div class="row wrap">${filters.map((it, i) => html`<code class="tag" key=${i}>${filter(it)}</code>`)}</div>`}
          <span class="mut sm">${[(start.event || start.kind || start.hook) && `${t('auto.once')}: ${once(doc)}`, doc.lane === 'bulk' && t('auto.bulk'), start.at && start.zone].filter(Boolean).join(' · ')}</span></div>
        ${sequence(items, gap({ from: null, outcome: '' }, 'start'), null)}
        ${!items.length && html`<p class="mut c">${t('auto.nofirst')}</p>`}
        ${loose.length > 0 && html`<section class="auto-loose"><h3 class="mut sm">${t('auto.loose')}</h3>${loose.map(node => card({ node }))}</section>`}</div>`;
    };
  },
};

const inside = item => [...item.lanes, ...item.sides].flatMap(lane => lane.items.flatMap(it => it.node ? [it.node.id, ...(it.lanes ? inside(it) : [])] : []));
const endsItself = items => { const last = items.at(-1); return !!last && (!!last.jump || last.node?.kind === 'end' || !!last.lanes); };
function share(node, part) {
  const parts = node.with?.parts ?? {}, all = Object.values(parts).reduce((a, b) => a + Number(b), 0);
  return all ? Math.round(parts[part] / all * 100) + '%' : '';
}

// A trigger's own settings, in few words.
const settings = start => Object.keys(start.with ?? {}).length > 0 && html`<div class="row wrap">${Object.entries(start.with).map(([name, value]) => html`<code class="tag" key=${name}>${name} ${short(value)}</code>`)}</div>`;

// What a node was given, in one or two lines.
function summary(node) {
  const given = { ...node.with };
  if (node.kind === 'wait') return html`<p class="auto-said">${given.for ? lasting(given.for) : [given.until, given.at, given.days?.join(' ')].filter(Boolean).join(' · ')}</p>`;
  if (node.kind === 'split' || node.kind === 'end') return null;
  if (node.kind === 'branch') return html`<p class="auto-said row wrap">${(given.where ?? []).map((it, i) => html`<code class="tag" key=${i}>${filter(it)}</code>`)}</p>`;
  if (node.kind === 'wait_event') return html`<p class="auto-said">${kinds.event(given.event ?? '')}${given.timeout && ` · ${lasting(given.timeout)}`}</p>`;
  const order = kinds.inputs(node.kind), names = Object.keys(given).filter(name => !['blocks', 'do', 'fields', 'headers'].includes(name) && given[name] !== '' && given[name] != null && typeof given[name] !== 'boolean' && !(Array.isArray(given[name]) && !given[name].length)).sort((a, b) => order.indexOf(a) - order.indexOf(b)).slice(0, 3);
  return names.length > 0 && html`<p class="auto-said">${names.map(name => html`<span key=${name} class="cut">${holes(short(shownAs(node.kind, name, given[name])))}</span>`)}</p>`;
}
function shownAs(kind, name, value) {
  const field = kinds.fields(kind).find(it => it.name === name), options = field && formOf(field).options;
  if (!options || options === 'event' || options === 'duration') return value;
  return Array.isArray(value) ? value.map(one => named(options, one)).join(', ') : named(options, value);
}
function short(value) {
  const text = typeof value === 'string' ? value : value?.ko && value?.en ? inLang(value) : JSON.stringify(value);
  return text.length > 120 ? text.slice(0, 120) + '…' : text;
}
// Text with its {{ holes }} marked.
export function holes(text) {
  return String(text).split(/(\{\{.*?\}\})/s).map((part, i) => i % 2 ? html`<code class="auto-hole" key=${i}>${part.slice(2, -2).trim()}</code>` : part);
}
