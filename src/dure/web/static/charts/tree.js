// A tree of figures, its root at the left: cards joined by edges that say how an input goes into its parent.
//   html`<${Tree} label="…" root="a" nodes=${[{id, title, tag, value, change, good, share, note, ghost}]} edges=${[{from, to, text, kind, title}]}
//     at=${id} select=${id => …} open=${id => …} />`
// `share` is a card's contribution from -1 to 1, drawn as a bar to the left or right of its middle; `ghost` cards are
// parts without a number of their own. Edges of kind 'loose' are dashed. Arrows move, Enter opens.
import { computed, nextTick, ref } from '../../vendor/vue.js';
import { signed } from '../format.js';
import { html } from '../html.js';
import { icon } from '../icons.js';
import { useWidth } from './frame.js';

const HIGH = 94, GHOST = 52, GAP = 10;
// A column's card and the room after it: as wide as the place allows, within what can be read.
const CARD = [180, 216], ROOM = [84, 104];

export const Tree = {
  props: ['label', 'root', 'nodes', 'edges', 'at', 'select', 'open'],
  setup(p) {
    const el = ref(), [box, width] = useWidth(), plan = computed(() => layout(p.root, p.nodes, p.edges, width.value));
    const here = () => plan.value.places.has(p.at) ? p.at : p.root;
    function focus(id) { if (!id) return; p.select?.(id); nextTick(() => el.value?.querySelector(`[data-node="${CSS.escape(id)}"]`)?.focus()); }
    function key(e, id) {
      if (e.target !== e.currentTarget || e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
      const { places, column } = plan.value, mine = places.get(id), level = column(mine.level), i = level.indexOf(id);
      const to = { ArrowRight: mine.below[0], ArrowLeft: mine.above, ArrowDown: level[i + 1], j: level[i + 1], ArrowUp: level[i - 1], k: level[i - 1], Home: p.root, End: level.at(-1) };
      if (e.key in to) { e.preventDefault(); e.stopPropagation(); focus(to[e.key]); } else if (e.key === 'Enter' && p.open) { e.preventDefault(); p.open(id); }
    }
    const bar = share => { const size = Math.min(1, Math.abs(share)) * 50;
      return html`<span class="tree-bar" aria-hidden="true"><i class=${share < 0 ? 'down' : 'up'} style=${`width:${size}%;${share < 0 ? 'right' : 'left'}:50%`}></i></span>`; };
    const card = n => { const place = plan.value.places.get(n.id);
      return html`<div key=${n.id} role="treeitem" data-node=${n.id} class=${'tree-card' + (n.ghost ? ' ghost' : '') + (n.id === p.at ? ' on' : '') + (n.id === p.root ? ' root' : '')} tabindex=${n.id === here() ? 0 : -1}
        aria-level=${place.level + 1} aria-selected=${String(n.id === p.at)} aria-label=${[n.title, n.value, n.said].filter(Boolean).join(', ')} style=${`left:${place.x}px;top:${place.y}px;width:${plan.value.card}px;height:${place.high}px`}
        @keydown=${e => key(e, n.id)} @click=${e => { if (!e.target.closest('a,button')) p.select?.(n.id); }} @dblclick=${() => p.open?.(n.id)} @focus=${() => p.select?.(n.id)}>
        ${n.tag && html`<span class="tree-tag">${n.tag}</span>`}<span class="tree-title" title=${n.title}>${n.title}</span>
        ${n.value !== undefined && html`<div class="tree-row"><b class="num">${n.value}</b>${n.change != null && html`<span class=${'num sm ' + (n.good == null ? 'mut' : n.good ? 'good' : 'poor')}>${icon(n.change >= 0 ? 'up' : 'down', 12)}${signed(n.change * 100)}%</span>`}</div>`}
        ${n.note && html`<div class="tree-note sm">${n.share != null && bar(n.share)}<span class="num">${n.note}</span></div>`}</div>`; };
    const edge = (e, i) => { const a = plan.value.places.get(e.to), b = plan.value.places.get(e.from); if (!a || !b) return null;
      const x0 = a.x + plan.value.card, y0 = a.y + a.high / 2, x1 = b.x, y1 = b.y + b.high / 2, aside = b.level <= a.level, m = (x0 + x1) / 2;
      // An influence on a card that is not to its left goes around the right side.
      const d = aside ? `M${x0} ${y0 + 10}C${x0 + 50} ${y0 + 10} ${b.x + plan.value.card + 50} ${y1} ${b.x + plan.value.card} ${y1}` : `M${x0} ${y0}C${m} ${y0} ${m} ${y1} ${x1} ${y1}`;
      return html`<g key=${i} class=${'tree-edge ' + (e.kind ?? '')}><path d=${d} />${!aside && e.text && e.text.length > 2 ? null : e.text && html`<text x=${aside ? x0 + 40 : m} y=${(y0 + y1) / 2 + 4}>${e.text}</text>`}</g>`; };
    // Longer words of an edge stand on the line's end, before the card they belong to.
    const word = (e, i) => { const b = plan.value.places.get(e.from), a = plan.value.places.get(e.to); if (!a || !b || b.level <= a.level) return null;
      return html`<div key=${i} class=${'tree-word sm num ' + (e.tone ?? '')} title=${e.title} style=${`left:${b.x - plan.value.room + 4}px;top:${b.y + b.high / 2 - 25}px;width:${plan.value.room - 8}px`}>${e.text}</div>`; };
    return () => html`<div class="tree-box" data-scroll><div ref=${box}></div><div ref=${el} class="tree" role="tree" aria-label=${p.label} style=${`width:${plan.value.width}px;height:${plan.value.height}px`}>
      <svg class="tree-lines" width=${plan.value.width} height=${plan.value.height} aria-hidden="true">${p.edges.map(edge)}</svg>
      ${p.edges.map((e, i) => (e.text ?? '').length > 2 ? word(e, i) : null)}${p.nodes.filter(n => plan.value.places.has(n.id)).map(card)}</div></div>`;
  },
};

// Places by id: a column for each step from the root, a parent in the middle of what goes into it.
export function layout(root, nodes, edges, room = 0) {
  const known = new Map(nodes.map(n => [n.id, n])), above = new Map(), below = new Map(nodes.map(n => [n.id, []]));
  // A card stands under its firm parent; one that has none under the first that it is joined to.
  for (const firm of [true, false]) for (const e of edges) if ((e.kind !== 'loose') === firm && !above.has(e.from) && e.from !== root && known.has(e.from) && known.has(e.to)) { above.set(e.from, e.to); below.get(e.to).push(e.from); }
  const places = new Map(), order = [];
  let y = 0;
  function stand(id, level) {
    const high = known.get(id).ghost ? GHOST : HIGH, kids = below.get(id).filter(kid => !places.has(kid)), place = { level, high, x: 0, y: 0, above: above.get(id), below: kids };
    places.set(id, place); order.push(id);
    const first = y;
    for (const kid of kids) stand(kid, level + 1);
    if (!kids.length) { place.y = y; y += high + GAP; return; }
    const a = places.get(kids[0]), b = places.get(kids.at(-1));
    place.y = Math.max(first, (a.y + a.high / 2 + b.y + b.high / 2) / 2 - high / 2);
    y = Math.max(y, place.y + high + GAP);
  }
  if (known.has(root)) stand(root, 0);
  const column = level => order.filter(id => places.get(id).level === level).sort((a, b) => places.get(a).y - places.get(b).y);
  const deep = Math.max(0, ...order.map(id => places.get(id).level));
  const between = (low, high, share) => Math.round(Math.min(high, Math.max(low, low + (high - low) * share)));
  const least = (deep + 1) * (CARD[0] + ROOM[0]) - ROOM[0], most = (deep + 1) * (CARD[1] + ROOM[1]) - ROOM[1], share = (room - least) / (most - least);
  const card = between(...CARD, share), gap = between(...ROOM, share);
  for (const place of places.values()) place.x = place.level * (card + gap);
  return { places, column, card, room: gap, width: (deep + 1) * (card + gap) - gap, height: Math.max(HIGH, y) };
}
