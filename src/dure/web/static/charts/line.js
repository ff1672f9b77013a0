// Lines over time with their names at their ends and a crosshair.
//   html`<${Line} label="…" x=${['11/1', …]} series=${[{name, values, …}]} format=${num} marks=${[{at, label}]} />`
// A series: `short` is its name at the line's end, `hue` shares another's colour, `dash` is its kind of dash, `thin` stands back (what a moving average is made of),
// `whole` is over even where the others are not. A null value is a gap. `unfinished`: how many points at the end are still
// growing (drawn dotted). pick(i, k) is told the place and the nearest series.
import { ref } from '../../vendor/vue.js';
import { num, short } from '../format.js';
import { html } from '../html.js';
import { color, DASHES, Framed, ticks, useWidth } from './frame.js';
import { clip, wide } from './text.js';

export const Line = {
  props: ['label', 'x', 'series', 'height', 'format', 'axis', 'marks', 'unfinished', 'area', 'pick', 'least'],
  setup(p) {
    const at = ref(null);
    const show = v => v == null ? '–' : (p.format ?? (n => num(n, 1)))(v);
    const table = () => ({ columns: ['', ...p.series.map(s => s.name)], rows: p.x.map((x, i) => [x, ...p.series.map(s => show(s.values[i]))]) });
    return () => html`<${Framed} label=${p.label} table=${table} picture=${() => html`<${Picture} ...${p} at=${at.value} move=${i => { at.value = i;
      }} show=${show} />`} />`;
  },
};

const ink = (s, k) => s.color ?? color(s.hue ?? k);
// After six lines hues come again, with other dashes.
const dashOf = (s, k) => DASHES[s.dash ?? ((k % DASHES.length) + Math.floor(k / DASHES.length)) % DASHES.length];

const Picture = {
  props: ['label', 'x', 'series', 'height', 'axis', 'marks', 'unfinished', 'area', 'pick', 'at', 'move', 'show', 'format', 'least'],
  setup(p) {
    const [el, width] = useWidth();
    return () => {
      const n = p.x.length, g = measured(p, width.value), { X, Y, L, W, T, H, B } = g, tail = p.unfinished ?? 0, i = p.at;
      const every = Math.max(1, Math.ceil(n * g.label / Math.max(1, W)));
      const key = e => {
        const to = { ArrowRight: (i ?? -1) + 1, ArrowLeft: (i ?? n) - 1, Home: 0, End: n - 1 }[e.key];
        if (to !== undefined) { e.preventDefault(); p.move(Math.max(0, Math.min(n - 1, to))); }
        else if (e.key === 'Escape' && i !== null) { e.stopPropagation(); p.move(null); }
        else if (e.key === 'Enter' && i !== null && p.pick) { e.preventDefault(); p.pick(i, 0); }
      };
      const place = e => { const box = e.currentTarget.getBoundingClientRect(); return [e.clientX - box.left, e.clientY - box.top]; };
      const nearest = e => Math.max(0, Math.min(n - 1, Math.round((place(e)[0] - L) / W * (n - 1))));
      const click = e => {
        const at = nearest(e), y = place(e)[1];
        const near = p.series.map((s, k) => ({ k, far: s.values[at] == null ? Infinity : Math.abs(Y(s.values[at]) - y) })).sort((a, b) => a.far - b.far)[0];
        p.pick?.(at, near?.k ?? 0);
      };
      return html`<div class="svgc" ref=${el}><svg width=${width.value} height=${H} role="img" aria-label=${describe(p)}
        tabindex="0" class=${p.pick ? 'can' : ''} @keydown=${key} @mousemove=${e => p.move(nearest(e))}
        @mouseleave=${() => p.move(null)} @blur=${() => p.move(null)} @click=${click}>
        ${g.marks.map(v => html`<line key=${'g' + v} class="grid" x1=${L} x2=${L + W} y1=${Y(v)} y2=${Y(v)} /><text key=${'t' + v}
          class="ax" x=${L - 8} y=${Y(v) + 4} text-anchor="end">${g.axis(v)}</text>`)}
        ${p.x.map((x, k) => k % every === 0 && html`<text key=${'x' + k}
          class="ax" x=${X(k)} y=${H - 6} text-anchor=${n > 1 && (k === 0 || k === n - 1) ? (k ? 'end' : 'start') : 'middle'}>${x}</text>`)}
        ${(p.marks ?? []).map((m, k, all) => mark(m, k, (all[k + 1] ? X(all[k + 1].at) : width.value) - X(m.at) - 10, g))}
        ${i !== null && html`<line class="cross" x1=${X(i)} x2=${X(i)} y1=${T} y2=${H - B} />`}
        ${p.series.map((s, k) => drawn(s, k, p, g, n, s.whole ? 0 : tail))}
        ${i !== null && p.series.map((s, k) => s.values[i] != null && html`<circle
          key=${'c' + k} r="4" cx=${X(i)} cy=${Y(s.values[i])} fill=${ink(s, k)} stroke="var(--bg)" stroke-width="1.5" />`)}
        ${g.ends.map(e => html`<text key=${'e' + e.k} class="lbl" x=${(e.last < n - 1 - tail ? X(e.last) : L + W) + 8} y=${e.y + 4}
          style=${`fill:${ink(e.s, e.k)}`}>${clip(e.s.short ?? e.s.name, g.names)}</text>`)}</svg>
        ${i !== null && tip(p, g, i, width.value)}
        <span class="sr" role="status">
          ${i !== null && `${p.x[i]}: ${p.series.map(s => `${s.name} ${p.show(s.values[i])}`).join(', ')}`}</span></div>`;
    };
  },
};

// Where everything stands.
function measured(p, width) {
  const n = p.x.length, all = p.series.flatMap(s => s.values).filter(v => v != null);
  const high = Math.max(...all, p.least ?? 0, 0) || 1, low = Math.min(0, ...all);
  const names = Math.min(170, width * 0.28, 12 + 7.5 * Math.max(0, ...p.series.filter(s => !s.thin).map(s => wide(s.short ?? s.name))));
  const marks = ticks(low, high * 1.04, (p.height ?? 240) > 250 ? 6 : 4), axis = p.axis ?? (high >= 10000 ? short : v => p.format ? p.format(v) : num(v, 2));
  const H = p.height ?? 240, L = 10 + 7 * Math.max(...marks.map(v => wide(axis(v)))), T = 10, B = 24, W = Math.max(40, width - L - names - 10);
  const top = Math.max(high, marks.at(-1)), label = 18 + 6.5 * Math.max(...p.x.map(wide));
  const X = i => L + (n > 1 ? W * i / (n - 1) : W / 2), Y = v => T + (H - T - B) * (1 - (v - low) / (top - low || 1));
  // A name stands where its line was last whole: what still grows pulls all lines down together.
  const ends = p.series.map((s, k) => {
    const last = s.values.findLastIndex(v => v != null), whole = s.whole ? last : Math.min(last, n - 1 - (p.unfinished ?? 0));
    return { s, k, last, y: last < 0 ? H : Y(s.values[whole] ?? s.values[last]) };
  })
    .filter(e => e.last >= 0 && !e.s.thin).sort((a, b) => a.y - b.y);
  for (const last of new Set(ends.map(e => e.last))) spread(ends.filter(e => e.last === last), T, H - B);
  return { X, Y, L, T, B, H, W, low, marks, axis, names, label, ends };
}

// Names at one place are pushed apart, and back up from the lower edge.
function spread(ends, top, bottom) {
  const gap = Math.min(16, (bottom - top) / Math.max(1, ends.length - 1));
  ends.forEach((e, j) => { if (j) e.y = Math.max(e.y, ends[j - 1].y + gap); });
  let floor = bottom;
  for (let j = ends.length - 1; j >= 0 && ends[j].y > floor; j--) { ends[j].y = floor; floor -= gap; }
}

function drawn(s, k, p, { X, Y, low }, n, tail) {
  const c = ink(s, k), cut = n - 1 - tail, stroke = { stroke: c, 'stroke-width': s.thin ? 1.2 : 2, 'stroke-opacity': s.thin ? 0.55 : 1, fill: 'none' };
  const alone = s.values.map((v, i) => v != null && s.values[i - 1] == null && s.values[i + 1] == null ? i : null).filter(i => i !== null);
  return html`${(s.area ?? p.area) && html`<path fill=${c} fill-opacity=".12" d=${area(s.values, X, Y, Y(Math.max(0, low)))} />`}
    <path ...${stroke} stroke-linejoin="round" stroke-dasharray=${dashOf(s, k)} d=${path(s.values, X, Y, 0, cut)} />
    ${tail > 0 && html`<path ...${stroke} stroke-dasharray="1 4" stroke-linecap="round" d=${path(s.values, X, Y, cut, n - 1)} />`}
    ${alone.map(i => html`<circle key=${'d' + i} r="3.5" cx=${X(i)} cy=${Y(s.values[i])} fill=${c} />`)}`;
}

// A note at a place, said in full where there is room before the next.
function mark(m, k, room, { X, T, H, B }) {
  const x = X(m.at);
  return html`<g key=${'m' + k} class="mark"><title>${m.label}</title><line class="cross" x1=${x} x2=${x} y1=${T} y2=${H - B} />
    <path d=${`M${x - 4} ${T - 8}h8l-4 7z`} />${H > 150 && room > 6.8 * wide(m.label) && html`<text class="ax" x=${x + 6} y=${T}>
    ${m.label}</text>`}</g>`;
}

const MOST = 12;
function tip(p, { X, T }, i, width) {
  const left = X(i) > width / 2, rows = p.series.map((s, k) => ({ s, k })).filter(({ s }) => s.values[i] != null);
  const shown = rows.length > MOST ? rows.sort((a, b) => b.s.values[i] - a.s.values[i]).slice(0, MOST) : rows;
  return html`<div class="tip" style=${`left:${X(i) + (left ? -12 : 12)}px;top:${T}px;${left ? 'transform:translateX(-100%)' : ''}`}>
    <b>${p.x[i]}</b>${shown.map(({ s, k }) => html`<div key=${k}><i style=${`background:${ink(s, k)}`}></i><span>${s.name}</span>
      <span class="num">${p.show(s.values[i])}</span>
        </div>`)}${rows.length > shown.length && html`<div class="mut">+${rows.length - shown.length}</div>`}
    ${(p.marks ?? []).filter(m => m.at === i).map((m, k) => html`<div key=${'m' + k}><span class="mut">${m.label}</span></div>`)}</div>`;
}

function path(values, X, Y, from, to) {
  let d = '', pen = false;
  for (let i = Math.max(0, from); i <= to; i++) {
    if (values[i] == null) { pen = false; continue; }
    d += `${pen ? 'L' : 'M'}${X(i).toFixed(1)} ${Y(values[i]).toFixed(1)}`;
    pen = true;
  }
  return d;
}
function area(values, X, Y, floor) {
  let d = '', start = -1;
  for (let i = 0; i <= values.length; i++) {
    if (i < values.length && values[i] != null) { if (start < 0) start = i; continue; }
    if (start >= 0) {
      d += path(values, X, Y, start, i - 1) + `L${X(i - 1).toFixed(1)} ${floor}L${X(start).toFixed(1)} ${floor}Z`;
      start = -1;
    }
  }
  return d;
}
const describe = p => `${p.label}: ${p.series.map(s => {
  const v = s.values.filter(x => x != null);
  return v.length ? `${s.name} ${p.show(v[0])} → ${p.show(v.at(-1))}` : s.name;
}).join(', ')}`;
