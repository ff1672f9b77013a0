// A small flow picture. nodes: [name or {id, name}], links: [{source, target, value}]; links that close a circle are left out.
import { ref } from '../../vendor/vue.js';
import { num } from '../format.js';
import { html } from '../html.js';
import { color, Framed, useWidth } from './frame.js';
import { clip } from './line.js';

export const Sankey = {
  props: ['label', 'nodes', 'links', 'height', 'pick'],
  setup(p) {
    const nameOf = id => { const n = p.nodes.find(x => (x.id ?? x) === id); return n?.name ?? n?.id ?? String(n ?? id); };
    const table = () => ({ columns: ['', '→', ''], rows: p.links.map(l => [nameOf(l.source), nameOf(l.target), l.value]) });
    return () => html`<${Framed} label=${p.label} table=${table} picture=${() => html`<${Picture} ...${p} nameOf=${nameOf} />`} />`;
  },
};

const Picture = {
  props: ['label', 'nodes', 'links', 'height', 'pick', 'nameOf'],
  setup(p) {
    const [el, width] = useWidth(), hot = ref(null);
    return () => {
      const H = p.height ?? 290, room = Math.min(150, width.value * 0.25), g = layout(p.nodes.map(n => n.id ?? n), p.links, width.value - room, H - 12);
      const lit = l => hot.value === null || l.source === hot.value || l.target === hot.value, index = new Map(g.nodes.map((n, i) => [n.id, i]));
      return html`<div class="svgc" ref=${el}><svg width=${width.value} height=${H} role="group" aria-label=${p.label}>
        <g transform="translate(0 6)">
        ${g.links.map((l, i) => { const m = (l.x0 + l.x1) / 2; return html`<path
          key=${i} fill="none" stroke=${color(index.get(l.source))} stroke-width=${l.width} stroke-opacity=${lit(l) ? 0.32 : 0.07} d=${`M${l.x0} ${l.y0}C${m} ${l.y0} ${m} ${l.y1} ${l.x1} ${l.y1}`}>
          <title>${p.nameOf(l.source)} → ${p.nameOf(l.target)}: ${num(l.value)}</title></path>`; })}
        ${g.nodes.map((n, i) => html`<g key=${n.id} tabindex="0" role="img" aria-label=${`${p.nameOf(n.id)} ${num(n.value)}`}
          @mouseenter=${() => { hot.value = n.id; }} @mouseleave=${() => { hot.value = null; }} @focus=${() => { hot.value = n.id;
          }} @blur=${() => { hot.value = null; }} @click=${() => p.pick?.(n.id)}>
          <rect x=${n.x} y=${n.y} width="10" height=${Math.max(2, n.height)} rx="2" fill=${color(i)} /><text
            class="lbl" x=${n.x + 15} y=${n.y + n.height / 2 + 4}>${clip(p.nameOf(n.id), room - 40)} <tspan class="ax">
            ${num(n.value)}</tspan></text></g>`)}</g></svg></div>`;
    };
  },
};

export function layout(ids, given, W, H, gap = 14) {
  const nodes = new Map(ids.map(id => [id, { id, in: [], out: [], level: 0 }]));
  const links = [];
  for (const l of given) if (nodes.has(l.source) && nodes.has(l.target) && !reaches(nodes, l.target, l.source)) { const link = { ...l };
    links.push(link); nodes.get(l.source).out.push(link); nodes.get(l.target).in.push(link); }
  const all = [...nodes.values()].filter(n => n.in.length + n.out.length);
  if (!all.length) return { nodes: [], links: [] };
  for (let again = true; again;) { again = false; for (const l of links) { const a = nodes.get(l.source), b = nodes.get(l.target);
    if (b.level < a.level + 1) { b.level = a.level + 1; again = true; } } }
  const sum = ls => ls.reduce((s, l) => s + l.value, 0), deep = Math.max(...all.map(n => n.level));
  for (const n of all) { n.value = Math.max(sum(n.in), sum(n.out)); if (!n.out.length) n.level = deep; }
  const columns = Array.from({ length: deep + 1 }, (_, k) => all.filter(n => n.level === k)).filter(c => c.length);
  const scale = Math.min(...columns.map(c => (H - gap * (c.length - 1)) / sum(c)));
  const stand = c => { let y = (H - sum(c) * scale - gap * (c.length - 1)) / 2; for (const n of c) { n.y = y;
    n.height = n.value * scale; y += n.height + gap; } };
  columns.forEach(stand);
  const middle = n => n.y + n.height / 2, pull = (n, ls, end) => ls.length ? ls.reduce((s, l) => s + middle(nodes.get(l[end])) * l.value, 0) / sum(ls) : middle(n);
  for (let round = 0; round < 6;
    round++) for (const c of round % 2 ? [...columns].reverse() : columns) { for (const n of c) n.wish = round % 2 ? pull(n, n.out, 'target') : pull(n, n.in, 'source');
    c.sort((a, b) => a.wish - b.wish); stand(c); }
  for (const n of all) {
    n.x = deep ? (W - 10) * n.level / deep : 0;
    let y = n.y; n.out.sort((a, b) => nodes.get(a.target).y - nodes.get(b.target).y);
      for (const l of n.out) { l.y0 = y + l.value * scale / 2; y += l.value * scale; }
    y = n.y; n.in.sort((a, b) => nodes.get(a.source).y - nodes.get(b.source).y);
      for (const l of n.in) { l.y1 = y + l.value * scale / 2; y += l.value * scale; }
  }
  for (const l of links) Object.assign(l, { width: Math.max(1, l.value * scale), x0: nodes.get(l.source).x + 10, x1: nodes.get(l.target).x });
  return { nodes: all, links };
}

function reaches(nodes, from, to, seen = new Set()) {
  if (from === to) return true;
  seen.add(from);
  return nodes.get(from).out.some(l => !seen.has(l.target) && reaches(nodes, l.target, to, seen));
}
