// A flow on a sheet: cards with lines between them, moved about and zoomed, worked on by hand and by keyboard.
//   html`<${Flow} nodes=… outcomes=${node => […]} ends=… height=… card=${node => vnode} title=${node => text} way=${(node, outcome) => text}
//     first=${{ height, draw: () => vnode, title }} selected=… select=${(id, {quiet}) => …} problems=${{ id: text }}
//     edit=${{ insert(place), move(id, place), shift(id, by), remove(id), duplicate(id), after(id), open(id) }} />`
// The start of the flow is the card with the id ''. Without `edit` it is only read.
import { computed, nextTick, onBeforeUnmount, onMounted, reactive, ref, watch } from '../../vendor/vue.js';
import { html } from '../html.js';
import { icon } from '../icons.js';
import { nameOf } from '../keys.js';
import { percent } from '../format.js';
import { t, words } from '../words.js';
import { beside, path, PAD, place, WIDTH } from './place.js';

words({
  ko: { 'flow.insert': '여기에 단계 넣기', 'flow.loose': '아무 데서도 가지 않는 단계', 'flow.ends': '끝', 'flow.to': '{name}(으로/로)', 'flow.in': '크게', 'flow.out': '작게', 'flow.fit': '전체 보기', 'flow.real': '실제 크기', 'flow.none': '아직 단계가 없습니다', 'flow.map': '흐름 전체의 작은 그림', 'flow.k': '흐름', 'flow.k.add': '다음에 단계 넣기', 'flow.k.move': '위아래로 옮기기', 'flow.k.remove': '지우기', 'flow.k.dup': '복제', 'flow.k.open': '칸으로 가기', 'flow.k.arrows': '단계 사이로 다니기', 'flow.k.zoom': '크게, 작게, 전체' },
  en: { 'flow.insert': 'Insert a step here', 'flow.loose': 'Steps that nothing leads to', 'flow.ends': 'End', 'flow.to': 'to {name}', 'flow.in': 'Zoom in', 'flow.out': 'Zoom out', 'flow.fit': 'Fit', 'flow.real': 'Actual size', 'flow.none': 'No steps yet', 'flow.map': 'Small picture of the whole flow', 'flow.k': 'Flow', 'flow.k.add': 'Insert a step after', 'flow.k.move': 'Move up or down', 'flow.k.remove': 'Remove', 'flow.k.dup': 'Duplicate', 'flow.k.open': 'To its fields', 'flow.k.arrows': 'Go from step to step', 'flow.k.zoom': 'Zoom in, out, fit' },
});
const LEAST = 0.35, MOST = 1.5;

// What a page tells `useKeys` about the keys that a flow answers to.
export const flowKeys = () => ({ a: [null, 'flow.k.add'], '[': [null, 'flow.k.move'], d: [null, 'flow.k.dup'], Delete: [null, 'flow.k.remove'], Enter: [null, 'flow.k.open'], ArrowDown: [null, 'flow.k.arrows'], '+': [null, 'flow.k.zoom'] });

export const Flow = {
  props: ['nodes', 'outcomes', 'ends', 'height', 'card', 'title', 'way', 'first', 'selected', 'select', 'problems', 'edit', 'label'],
  setup(p, { expose }) {
    const room = ref(), zoom = ref(1), seen = reactive({ left: 0, top: 0, width: 0, height: 0 }), dragged = ref(null), over = ref(''), pulled = ref(false);
    const drawn = computed(() => place(p.nodes, p.outcomes, { first: p.first.height, height: p.height, ends: p.ends }));
    const start = computed(() => ({ id: '', x: drawn.value.middle - WIDTH / 2 - 10, y: PAD, width: WIDTH + 20, height: p.first.height }));
    const cards = computed(() => [start.value, ...drawn.value.cards]);

    // -- looking -----------------------------------------------------------------------------------------------------
    const look = () => { const el = room.value; if (el) Object.assign(seen, { left: el.scrollLeft, top: el.scrollTop, width: el.clientWidth, height: el.clientHeight }); };
    const margin = () => Math.max(0, (seen.width - drawn.value.width * zoom.value) / 2);
    function scale(to, at) {
      const el = room.value, next = Math.min(MOST, Math.max(LEAST, to)), x = at?.[0] ?? el.clientWidth / 2, y = at?.[1] ?? el.clientHeight / 2;
      const px = (el.scrollLeft + x - margin()) / zoom.value, py = (el.scrollTop + y) / zoom.value;
      zoom.value = next;
      nextTick(() => { look(); el.scrollTo(px * next + margin() - x, py * next - y); });
    }
    // As large as the sheet can be without being lost at its sides; never larger than life.
    function fit(whole = true) {
      const el = room.value;
      if (!el) return;
      look();
      const across = el.clientWidth / drawn.value.width, down = el.clientHeight / drawn.value.height;
      zoom.value = Math.min(1, Math.max(whole ? LEAST : 0.65, whole ? Math.min(across, down) : across));
      nextTick(() => { look(); el.scrollTo(Math.max(0, drawn.value.middle * zoom.value + margin() - el.clientWidth / 2), 0); });
    }
    let watcher;
    onMounted(() => { watcher = new ResizeObserver(look); watcher.observe(room.value); fit(false); });
    onBeforeUnmount(() => watcher?.disconnect());
    function reveal(id) {
      const el = room.value, card = cards.value.find(it => it.id === id);
      if (!el || !card) return;
      const z = zoom.value, left = card.x * z + margin(), top = card.y * z, edge = 24;
      const x = left < el.scrollLeft + edge ? left - edge : left + card.width * z > el.scrollLeft + el.clientWidth - edge ? left + card.width * z + edge - el.clientWidth : el.scrollLeft;
      const y = top < el.scrollTop + edge ? top - edge : top + card.height * z > el.scrollTop + el.clientHeight - 56 ? top + card.height * z + 56 - el.clientHeight : el.scrollTop;
      el.scrollTo({ left: x, top: y });
    }
    const focus = id => nextTick(() => { room.value?.querySelector(`[data-node="${CSS.escape(id)}"]`)?.focus({ preventScroll: true }); reveal(id); });
    watch(() => p.selected, id => nextTick(() => reveal(id)));
    expose({ focus, fit });
    function wheel(e) { if (!e.ctrlKey && !e.metaKey) return; e.preventDefault(); const box = room.value.getBoundingClientRect(); scale(zoom.value * (e.deltaY < 0 ? 1.1 : 1 / 1.1), [e.clientX - box.left, e.clientY - box.top]); }
    // The sheet is pulled about by its empty places.
    function pull(e) {
      if (e.button !== 0 || e.target.closest('.flow-card,button')) return;
      const el = room.value, from = [e.clientX + el.scrollLeft, e.clientY + el.scrollTop];
      pulled.value = true; el.setPointerCapture(e.pointerId);
      el.onpointermove = move => el.scrollTo(from[0] - move.clientX, from[1] - move.clientY);
      el.onpointerup = el.onpointercancel = () => { pulled.value = false; el.onpointermove = el.onpointerup = el.onpointercancel = null; };
    }

    // -- by keyboard -------------------------------------------------------------------------------------------------
    function key(e, id) {
      if (e.target !== e.currentTarget || e.isComposing) return;
      const { edit } = p, name = nameOf(e), arrow = e.key.startsWith('Arrow') && !e.ctrlKey && !e.metaKey && !e.altKey;
      const by = e.shiftKey && arrow ? { ArrowUp: -1, ArrowDown: 1 }[e.key] : { '[': -1, ']': 1 }[name];
      const act = by ? edit && id !== '' && (() => { edit.shift(id, by); focus(id); })
        : arrow && !e.shiftKey ? () => { const to = beside(cards.value, id, e.key); if (to !== null) { p.select?.(to); focus(to); } }
        : { Enter: () => edit ? edit.open(id) : p.select?.(id), '+': () => scale(zoom.value * 1.15), '=': () => scale(zoom.value * 1.15), '-': () => scale(zoom.value / 1.15), 0: () => fit(),
          ...(edit && { a: () => edit.insert(id === '' ? { from: null, outcome: '' } : edit.after(id)) }), ...(edit && id !== '' && { Delete: () => edit.remove(id), Backspace: () => edit.remove(id), d: () => edit.duplicate(id) }) }[name];
      if (act) { e.preventDefault(); e.stopPropagation(); act(); }
    }

    // -- drawing -----------------------------------------------------------------------------------------------------
    const drop = (place, name) => p.edit && { onDragover: e => { if (dragged.value) { e.preventDefault(); over.value = name; } }, onDragleave: () => { if (over.value === name) over.value = ''; },
      onDrop: e => { e.preventDefault(); const id = dragged.value; dragged.value = null; over.value = ''; if (id) p.edit.move(id, place); } };
    const box = it => ({ left: it.x + 'px', top: it.y + 'px', width: it.width + 'px', height: it.height + 'px' });
    const card = (it, body, title) => { const wrong = p.problems?.[it.id]; return html`<div key=${'c' + it.id} class=${'flow-card' + (it.id === '' ? ' first' : '') + (it.loose ? ' loose' : '') + (p.selected === it.id ? ' on' : '') + (wrong ? ' wrong' : '') + (dragged.value === it.id ? ' gone' : '')} style=${box(it)}
      data-node=${it.id} data-row tabindex=${p.select ? 0 : null} role=${p.select ? 'button' : 'group'} aria-current=${p.selected === it.id ? 'true' : null} aria-label=${title + (wrong ? ` – ${wrong}` : '')} title=${wrong || null} draggable=${p.edit && it.id !== '' ? 'true' : null}
      @dragstart=${e => { dragged.value = it.id; e.dataTransfer.effectAllowed = 'move'; e.dataTransfer.setData('text/plain', it.id); }} @dragend=${() => { dragged.value = null; over.value = ''; }}
      @click=${() => p.select?.(it.id)} @focus=${() => p.select?.(it.id, { quiet: true })} @keydown=${e => key(e, it.id)}>${body}${wrong && html`<span class="flow-wrong">${icon('warn', 13)}</span>`}</div>`; };
    const titleOf = id => { const node = p.nodes.find(it => it.id === id); return node ? p.title(node) : id; };
    function map() {
      const it = drawn.value, z = zoom.value;
      if (it.width * z <= seen.width + 4 && it.height * z <= seen.height + 4) return null;
      const k = Math.min(150 / it.width, 110 / it.height), go = e => { const at = e.currentTarget.getBoundingClientRect(); room.value.scrollTo((e.clientX - at.left) / k * z + margin() - seen.width / 2, (e.clientY - at.top) / k * z - seen.height / 2); };
      return html`<svg class="flow-map" width=${it.width * k} height=${it.height * k} role="img" aria-label=${t('flow.map')} @pointerdown=${go}>${cards.value.map(c => html`<rect key=${c.id} class=${p.selected === c.id ? 'on' : p.problems?.[c.id] ? 'wrong' : ''} x=${c.x * k} y=${c.y * k} width=${c.width * k} height=${c.height * k} rx="2" />`)}
        <rect class="seen" x=${Math.max(0, seen.left - margin()) / z * k} y=${seen.top / z * k} width=${Math.min(it.width, seen.width / z) * k} height=${Math.min(it.height, seen.height / z) * k} rx="3" /></svg>`;
    }
    return () => {
      const it = drawn.value, z = zoom.value;
      return html`<div class=${'flow' + (p.edit ? ' edit' : '')}><div ref=${room} class=${'flow-room' + (pulled.value ? ' pulled' : '')} @scroll=${look} onWheel=${wheel} @pointerdown=${pull} data-scroll aria-label=${p.label} role="region">
        <div class="flow-size" style=${{ width: it.width * z + 'px', height: it.height * z + 'px' }}><div class="flow-sheet" style=${{ width: it.width + 'px', height: it.height + 'px', transform: `scale(${z})` }}>
          <svg class="flow-lines" width=${it.width} height=${it.height} aria-hidden="true">${it.lines.map((line, i) => html`<path key=${i} d=${path(line.points)} />`)}</svg>
          ${card(start.value, p.first.draw(), p.first.title)}
          ${it.cards.map(c => card(c, p.card(c.node), p.title(c.node)))}
          ${it.ways.map(w => html`<span key=${'w' + w.node.id + w.outcome} class=${'flow-way ' + (w.outcome === 'error' ? 'error' : '')} style=${{ left: w.x + 'px', top: w.y + 'px' }}>${p.way(w.node, w.outcome)}</span>`)}
          ${p.edit && it.lines.map(line => { const name = JSON.stringify(line.place); return html`<button key=${'+' + name} type="button" class=${'flow-plus' + (over.value === name ? ' over' : '') + (dragged.value ? ' drag' : '')} style=${{ left: line.at[0] + 'px', top: line.at[1] + 'px' }} tabindex="-1" data-place=${name} aria-label=${t('flow.insert')} title=${t('flow.insert')} ...${drop(line.place, name)} @click=${() => p.edit.insert(line.place)}>${icon('plus', 12)}</button>`; })}
          ${it.jumps.map(j => html`<button type="button" key=${'j' + j.key} class="flow-end jump" style=${{ left: j.x + 'px', top: j.y + 'px' }} @click=${() => { p.select?.(j.to); focus(j.to); }}>${icon('arrow', 11)}<span class="cut">${t('flow.to', { name: titleOf(j.to) })}</span></button>`)}
          ${it.stops.map(s => html`<span key=${'s' + s.key} class="flow-end" style=${{ left: s.x + 'px', top: s.y + 'px' }}>${icon('flag', 11)}${t(p.nodes.length ? 'flow.ends' : 'flow.none')}</span>`)}
          ${it.strayHead > 0 && html`<span class="flow-stray mut sm" style=${{ left: it.middle + 'px', top: it.strayHead + 'px' }}>${t('flow.loose')}</span>`}
        </div></div></div>
        <div class="flow-tools"><button type="button" class="btn ico sm" aria-label=${t('flow.out')} title=${`${t('flow.out')} (-)`} @click=${() => scale(z / 1.15)}>−</button><button type="button" class="btn sm num" title=${t('flow.real')} @click=${() => scale(1)}>${percent(z, 0)}</button><button type="button" class="btn ico sm" aria-label=${t('flow.in')} title=${`${t('flow.in')} (+)`} @click=${() => scale(z * 1.15)}>+</button><button type="button" class="btn sm" title="0" @click=${() => fit()}>${t('flow.fit')}</button></div>
        ${map()}</div>`;
    };
  },
};
