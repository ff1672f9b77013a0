// A flow picture. nodes: [name or {id, name, level, hue, value}], links: [{source, target, value}]; links that close a circle are left
// out. What comes into a node and does not go on is drawn as a stub that ends (`ends` names it; no name, no stubs).
// pick(link) opens a flow. With the keyboard: arrows walk from node to flow to node, Enter opens.
import { ref } from '../../vendor/vue.js';
import { num, percent } from '../format.js';
import { html } from '../html.js';
import { color, Framed, useWidth } from './frame.js';
import { layout } from './sankey_layout.js';
import { clip } from './text.js';

export const Sankey = {
  props: ['label', 'nodes', 'links', 'height', 'pick', 'ends'],
  setup(p) {
    const nameOf = id => { const n = p.nodes.find(x => (x.id ?? x) === id); return n?.name ?? n?.id ?? String(n ?? id); };
    const table = () => ({ columns: ['', '→', ''], rows: p.links.map(l => [nameOf(l.source), nameOf(l.target), l.value]) });
    return () => html`<${Framed} label=${p.label} table=${table} picture=${() => html`<${Picture} ...${p} nameOf=${nameOf} />`} />`;
  },
};

const Picture = {
  props: ['label', 'nodes', 'links', 'height', 'pick', 'ends', 'nameOf'],
  setup(p) {
    const [el, width] = useWidth(), hot = ref(null);   // {node: id} or {link: index}
    return () => {
      const H = p.height ?? 290, room = Math.min(170, width.value * 0.25), g = layout(p.nodes, p.links, width.value - room, H - 12);
      const at = new Map(g.nodes.map((n, i) => [n.id, i])), ink = n => color(n.hue ?? at.get(n.id)), it = hot.value;
      const link = it?.link !== undefined ? g.links[it.link] : null, node = it?.node !== undefined ? g.nodes[at.get(it.node)] : null;
      const strength = (l, i) => link ? (it.link === i ? 0.75 : 0.1) : node ? (l.source === node.id || l.target === node.id ? 0.5 : 0.08) : 0.3;
      const gap = g.deep ? (width.value - room - 10) / g.deep - 26 : room;
      const leave = () => { hot.value = null; };
      return html`<div class="svgc" ref=${el}><svg width=${width.value} height=${H} role="group" aria-label=${p.label} tabindex="0" class=${p.pick ? 'can' : ''}
        @keydown=${e => walk(e, hot, g, at, p.pick)} @blur=${leave} @mouseleave=${leave}><g transform="translate(0 6)">
        ${g.links.map((l, i) => { const m = (l.x0 + l.x1) / 2; return html`<path key=${l.source + '→' + l.target} class="flow" fill="none"
          stroke=${ink(g.nodes[at.get(l.source)])} stroke-width=${l.width}
          stroke-opacity=${strength(l, i)} d=${`M${l.x0} ${l.y0}C${m} ${l.y0} ${m} ${l.y1} ${l.x1} ${l.y1}`}
          @mouseenter=${() => { hot.value = { link: i }; }} @click=${() => p.pick?.(l)} />`; })}
        ${p.ends && g.nodes.filter(n => n.rest > 0 && n.level < g.deep).map(n => html`<path key=${'e' + n.id} class="flow-end" d=${stub(n)} />`)}
        ${g.nodes.map(n => html`<g key=${n.id} @mouseenter=${() => { hot.value = { node: n.id }; }}>
          <rect x=${n.x} y=${n.y} width="10" height=${Math.max(2, n.height)} rx="2" fill=${ink(n)} class=${node === n ? 'hot' : ''} /><text
            class="lbl" x=${n.x + 15} y=${n.y + Math.max(2, n.height) / 2 + 4}>${clip(p.nameOf(n.id), (n.level < g.deep ? gap : room) - 8 - 7 * num(n.value).length)} <tspan class="ax">
            ${num(n.value)}</tspan></text></g>`)}</g></svg>
        ${(link || node) && tip(p, g, link, node, at, width.value)}
        <span class="sr" role="status">${link ? `${p.nameOf(link.source)} → ${p.nameOf(link.target)}: ${num(link.value)}` : node && `${p.nameOf(node.id)}: ${num(node.value)}`}
          </span></div>`;
    };
  },
};

function tip(p, g, link, node, at, width) {
  const x = link ? (link.x0 + link.x1) / 2 : node.x + 10, y = link ? (link.y0 + link.y1) / 2 : node.y, left = x > width / 2;
  const row = (name, value, share) => html`<div><span>${name}</span><span class="num">${num(value)}${share != null && ` · ${percent(share)}`}</span></div>`;
  return html`<div class="tip" style=${`left:${x + (left ? -16 : 16)}px;top:${Math.max(0, y)}px;${left ? 'transform:translateX(-100%)' : ''}`}>${link
    ? html`<b>${p.nameOf(link.source)} → ${p.nameOf(link.target)}</b>${row('', link.value, link.value / g.nodes[at.get(link.source)].value)}`
    : html`<b>${p.nameOf(node.id)} · ${num(node.value)}</b>${node.out.map(l => row('→ ' + p.nameOf(l.target), l.value, l.value / node.value))}
      ${p.ends && node.rest > 0 && node.level < g.deep && row(p.ends, node.rest, node.rest / node.value)}`}</div>`;
}

const largest = links => [...links].sort((a, b) => b.value - a.value)[0];
function walk(e, hot, g, at, pick) {
  const it = hot.value, to = (node, link) => { e.preventDefault(); hot.value = link ? { link: g.links.indexOf(link) } : node ? { node: node.id } : it; };
  const by = { ArrowDown: 1, ArrowUp: -1 }[e.key], side = { ArrowRight: 'out', ArrowLeft: 'in' }[e.key];
  if (e.key === 'Escape' && it) { e.stopPropagation(); hot.value = null; return; }
  if (!it) { if (by || side) to(g.nodes[0]); return; }
  if (it.node !== undefined) {
    const node = g.nodes[at.get(it.node)], beside = g.nodes.filter(n => n.level === node.level).sort((a, b) => a.y - b.y);
    if (by) to(beside[Math.max(0, Math.min(beside.length - 1, beside.indexOf(node) + by))]);
    else if (side) to(node, largest(node[side]));
    return;
  }
  const link = g.links[it.link], beside = g.nodes[at.get(link.source)].out;
  if (by) to(null, beside[Math.max(0, Math.min(beside.length - 1, beside.indexOf(link) + by))]);
  else if (side) to(g.nodes[at.get(side === 'out' ? link.target : link.source)]);
  else if (e.key === 'Enter' && pick) { e.preventDefault(); pick(link); }
}

// From the lower end of a node, where its flows onward leave off, a short way out and down.
function stub(n) {
  const from = n.y + n.height * n.gone, to = n.y + Math.max(n.height, 2), x = n.x + 10;
  return `M${x} ${from}C${x + 12} ${from} ${x + 16} ${to} ${x + 16} ${to + 8}L${x + 8} ${to + 8}C${x + 8} ${to + 4} ${x + 6} ${to} ${x} ${to}Z`;
}
