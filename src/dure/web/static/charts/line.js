// Lines over time with their names at their ends and a crosshair.
//   html`<${Line} label="…" x=${['11/1', …]} series=${[{name, values, dash, color, area}]} format=${num} marks=${[{at, label}]} />`
// A null value is a gap. `unfinished`: how many points at the end are still growing (drawn dotted).
import { ref } from '../../vendor/vue.js';
import { num, short } from '../format.js';
import { html } from '../html.js';
import { color, DASHES, Framed, ticks, useWidth } from './frame.js';

export const Line = {
  props: ['label', 'x', 'series', 'height', 'format', 'axis', 'marks', 'unfinished', 'area', 'pick'],
  setup(p) {
    const at = ref(null);
    const show = v => v == null ? '–' : (p.format ?? (n => num(n, 1)))(v);
    const table = () => ({ columns: ['', ...p.series.map(s => s.name)], rows: p.x.map((x, i) => [x, ...p.series.map(s => show(s.values[i]))]) });
    return () => html`<${Framed} label=${p.label} table=${table} picture=${() => html`<${Picture} ...${p} at=${at.value} move=${i => { at.value = i;
      }} show=${show} />`} />`;
  },
};

const Picture = {
  props: ['label', 'x', 'series', 'height', 'axis', 'marks', 'unfinished', 'area', 'pick', 'at', 'move', 'show', 'format'],
  setup(p) {
    const [el, width] = useWidth();
    return () => {
      const n = p.x.length, all = p.series.flatMap(s => s.values).filter(v => v != null);
      const high = Math.max(...all, 0) || 1, low = Math.min(0, ...all), names = Math.min(170, width.value * 0.28, 12 + 7.5 * Math.max(...p.series.map(s => wide(s.name))));
      const marks = ticks(low, high * 1.04), axis = p.axis ?? (high >= 10000 ? short : v => p.format ? p.format(v) : num(v, 2));
      const H = p.height ?? 240, L = 10 + 7 * Math.max(...marks.map(v => wide(axis(v)))), R = names + 10, T = 10, B = 24, W = Math.max(40, width.value - L - R), top = Math.max(high, marks.at(-1));
      const X = i => L + (n > 1 ? W * i / (n - 1) : W / 2), Y = v => T + (H - T - B) * (1 - (v - low) / (top - low || 1));
      const every = Math.max(1, Math.ceil(n / Math.max(2, Math.floor(W / 62)))), tail = p.unfinished ?? 0, i = p.at;
      const ends = p.series.map((s, k) => { const last = s.values.findLastIndex(v => v != null);
        return { k, s, last, y: last < 0 ? H : Y(s.values[last]) }; }).filter(e => e.last >= 0).sort((a, b) => a.y - b.y);
      ends.forEach((e, j) => { if (j) e.y = Math.max(e.y, ends[j - 1].y + 16); });
      const over = ends.length ? Math.max(0, ends.at(-1).y - (H - B)) : 0;
      const key = e => { const to = { ArrowRight: (i ?? -1) + 1, ArrowLeft: (i ?? n) - 1, Home: 0, End: n - 1 }[e.key];
        if (to !== undefined) { e.preventDefault(); p.move(Math.max(0, Math.min(n - 1, to)));
        } else if (e.key === 'Escape') p.move(null); else if (e.key === 'Enter' && i !== null) p.pick?.(i); };
      const nearest = e => { const box = e.currentTarget.getBoundingClientRect();
        return Math.max(0, Math.min(n - 1, Math.round((e.clientX - box.left - L) / W * (n - 1)))); };
      return html`<div class="svgc" ref=${el}><svg width=${width.value} height=${H} role="img" aria-label=${describe(p)}
        tabindex="0" class=${p.pick ? 'can' : ''} @keydown=${key} @mousemove=${e => p.move(nearest(e))}
        @mouseleave=${() => p.move(null)} @blur=${() => p.move(null)} @click=${e => p.pick?.(nearest(e))}>
        ${marks.map(v => html`<line key=${'g' + v} class="grid" x1=${L} x2=${L + W} y1=${Y(v)} y2=${Y(v)} /><text key=${'t' + v}
          class="ax" x=${L - 8} y=${Y(v) + 4} text-anchor="end">${axis(v)}</text>`)}
        ${p.x.map((x, k) => k % every === 0 && html`<text key=${'x' + k}
          class="ax" x=${X(k)} y=${H - 6} text-anchor=${k === 0 && n > 1 ? 'start' : 'middle'}>${x}</text>`)}
        ${(p.marks ?? []).map((m, k, all) => { const x = X(m.at), room = (all[k + 1] ? X(all[k + 1].at) : width.value) - x - 10;
          return html`<g key=${'m' + k} class="mark"><title>${m.label}</title><line class="cross" x1=${x} x2=${x} y1=${T} y2=${H - B} />
          <path d=${`M${x - 4} ${T - 8}h8l-4 7z`} />${H > 150 && room > 6.8 * wide(m.label) && html`<text class="ax" x=${x + 6} y=${T}>
          ${m.label}</text>`}</g>`; })}
        ${i !== null && html`<line class="cross" x1=${X(i)} x2=${X(i)} y1=${T} y2=${H - B} />`}
        ${p.series.map((s, k) => { const c = s.color ?? color(k), cut = n - 1 - tail;
          return html`${(s.area ?? p.area) && html`<path fill=${c} fill-opacity=".12" d=${area(s.values, X, Y, Y(Math.max(0, low)))} />`}
          <path fill="none" stroke=${c} stroke-width="2" stroke-linejoin="round" stroke-dasharray=${DASHES[s.dash ?? (k % DASHES.length)]} d=${path(s.values, X, Y, 0, cut)} />
          ${tail > 0 && html`<path fill="none" stroke=${c} stroke-width="2" stroke-dasharray="1 4" stroke-linecap="round" d=${path(s.values, X, Y, cut, n - 1)} />`}`;
            })}
        ${n === 1 && p.series.map((s, k) => s.values[0] != null && html`<circle
          key=${'d' + k} r="4" cx=${X(0)} cy=${Y(s.values[0])} fill=${s.color ?? color(k)} />`)}
        ${i !== null && p.series.map((s, k) => s.values[i] != null && html`<circle
          key=${'c' + k} r="4" cx=${X(i)} cy=${Y(s.values[i])} fill=${s.color ?? color(k)} stroke="var(--bg)" stroke-width="1.5" />`)}
        ${ends.map(e => html`<text key=${'e' + e.k}
          class="lbl" x=${(e.last < n - 1 - tail ? X(e.last) : L + W) + 8} y=${e.y - over + 4}
          style=${`fill:${e.s.color ?? color(e.k)}`}>${clip(e.s.name, names)}</text>`)}</svg>
        ${i !== null && html`<div class="tip"
          style=${`left:${X(i) > width.value / 2 ? X(i) - 12 : X(i) + 12}px;top:${T}px;${X(i) > width.value / 2 ? 'transform:translateX(-100%)' : ''}`}>
          <b>${p.x[i]}</b>${p.series.map((s, k) => html`<div key=${k}><i style=${`background:${s.color ?? color(k)}`}></i><span>
          ${s.name}</span><span class="num">${p.show(s.values[i])}</span></div>`)}${(p.marks ?? []).filter(m => m.at === i).map((m, k) => html`<div
          key=${'t' + k}><span class="mut">${m.label}</span></div>`)}</div>`}
        <span class="sr" role="status">
          ${i !== null && `${p.x[i]}: ${p.series.map(s => `${s.name} ${p.show(s.values[i])}`).join(', ')}`}</span></div>`;
    };
  },
};

export const wide = text => [...String(text)].reduce((w, c) => w + (c.charCodeAt(0) > 0x1100 ? 1.65 : 1), 0);
export function clip(text, px) {
  let w = 0, out = '';
  for (const c of String(text)) { w += c.charCodeAt(0) > 0x1100 ? 12 : 7; if (w > px) return out.slice(0, -1) + '…'; out += c; }
  return out;
}
function path(values, X, Y, from, to) {
  let d = '', pen = false;
  for (let i = Math.max(0, from); i <= to; i++) { if (values[i] == null) { pen = false; continue;
    } d += `${pen ? 'L' : 'M'}${X(i).toFixed(1)} ${Y(values[i]).toFixed(1)}`; pen = true; }
  return d;
}
function area(values, X, Y, floor) {
  let d = '', start = -1;
  for (let i = 0; i <= values.length; i++) {
    if (i < values.length && values[i] != null) { if (start < 0) start = i; continue; }
    if (start >= 0) { d += path(values, X, Y, start, i - 1) + `L${X(i - 1).toFixed(1)} ${floor}L${X(start).toFixed(1)} ${floor}Z`;
      start = -1; }
  }
  return d;
}
const describe = p => `${p.label}: ${p.series.map(s => { const v = s.values.filter(x => x != null);
  return v.length ? `${s.name} ${p.show(v[0])} → ${p.show(v.at(-1))}` : s.name; }).join(', ')}`;
