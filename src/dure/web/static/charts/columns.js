// Standing bars over an axis: counts by interval, histograms, and stacks, whose negative parts hang below zero.
//   html`<${Columns} label="…" x=${['11/1', …]} parts=${[{name, values}]} format=${num} unfinished=${1} pick=${(i, k) => …} />`
import { ref } from '../../vendor/vue.js';
import { num, short } from '../format.js';
import { html } from '../html.js';
import { color, Framed, ticks, useWidth } from './frame.js';
import { wide } from './text.js';

export const Columns = {
  props: ['label', 'x', 'parts', 'height', 'format', 'axis', 'unfinished', 'pick', 'xTitle', 'yTitle', 'marks'],
  setup(p) {
    const show = v => v == null ? '–' : (p.format ?? (n => num(n, 1)))(v);
    const table = () => ({ columns: [p.xTitle ?? '', ...p.parts.map(s => s.name)], rows: p.x.map((x, i) => [x, ...p.parts.map(s => show(s.values[i]))]) });
    return () => html`<${Framed} label=${p.label} table=${table} picture=${() => html`<${Picture} ...${p} show=${show} />`} />`;
  },
};

const Picture = {
  props: ['label', 'x', 'parts', 'height', 'format', 'axis', 'unfinished', 'pick', 'xTitle', 'yTitle', 'marks', 'show'],
  setup(p) {
    const [el, width] = useWidth(), at = ref(null), part = ref(0);
    const ink = (s, k) => s.color ?? color(s.hue ?? k);
    return () => {
      const n = p.x.length, g = measured(p, width.value), { L, W, T, H, B, band, bar, X, Y } = g, i = at.value, tail = p.unfinished ?? 0;
      const every = Math.max(1, Math.ceil(n * g.label / Math.max(1, W)));
      const key = e => {
        const to = { ArrowRight: (i ?? -1) + 1, ArrowLeft: (i ?? n) - 1, Home: 0, End: n - 1 }[e.key], turn = { ArrowUp: 1, ArrowDown: -1 }[e.key];
        if (to !== undefined) { e.preventDefault(); at.value = Math.max(0, Math.min(n - 1, to)); }
        else if (turn && i !== null && p.parts.length > 1) { e.preventDefault(); part.value = (part.value + turn + p.parts.length) % p.parts.length; }
        else if (e.key === 'Escape' && i !== null) { e.stopPropagation(); at.value = null; }
        else if (e.key === 'Enter' && i !== null && p.pick) { e.preventDefault(); p.pick(i, part.value); }
      };
      const over = e => {
        const box = e.currentTarget.getBoundingClientRect(), y = e.clientY - box.top;
        at.value = Math.max(0, Math.min(n - 1, Math.floor((e.clientX - box.left - L) / band)));
        part.value = Math.max(0, g.stacks[at.value].findIndex(b => y >= Y(b.to) && y <= Y(b.from)));
      };
      return html`${p.parts.length > 1 && html`<div class="legend">${p.parts.map((s, k) => html`<span key=${k}><i
        style=${`background:${ink(s, k)}`}></i>${s.name}</span>`)}</div>`}
        <div class="svgc" ref=${el}><svg width=${width.value} height=${H} role="img" aria-label=${describe(p)} tabindex="0" class=${p.pick ? 'can' : ''}
          @keydown=${key} @mousemove=${over} @mouseleave=${() => { at.value = null; }} @blur=${() => { at.value = null; }}
            @click=${e => { over(e); p.pick?.(at.value, part.value); }}>
          ${i !== null && html`<rect class="band" x=${L + band * i} y=${T} width=${band} height=${H - T - B} />`}
          ${g.ticks.map(v => html`<line key=${'g' + v} class=${v === 0 && g.low < 0 ? 'zero' : 'grid'} x1=${L} x2=${L + W} y1=${Y(v)}
            y2=${Y(v)} /><text key=${'t' + v}
            class="ax" x=${L - 8} y=${Y(v) + 4} text-anchor="end">${g.axis(v)}</text>`)}
          ${g.stacks.map((stack, k) => stack.map((b, j) => b.to !== b.from && html`<rect key=${k + '.' + j} x=${X(k) - bar / 2} width=${bar}
            y=${Y(b.to)} height=${Math.max(1, Y(b.from) - Y(b.to))} rx="1.5"
            fill=${ink(p.parts[j], j)} fill-opacity=${k >= n - tail ? 0.4 : 1}
              ...${k >= n - tail ? { stroke: ink(p.parts[j], j), 'stroke-dasharray': '3 2' } : {}}
            class=${i === k && part.value === j && p.pick ? 'hot' : ''} />`))}
          ${(p.marks ?? []).map((m, k) => html`<line key=${'m' + k} class="cross" x1=${L + band * m.at} x2=${L + band * m.at} y1=${T} y2=${H - B} />
            <text key=${'ml' + k} class="ax" x=${L + band * m.at + 4} y=${T + 10 + 13 * k}>${m.label}</text>`)}
          ${p.x.map((x, k) => k % every === 0 && html`<text key=${'x' + k} class="ax" x=${X(k)} y=${H - B + 16} text-anchor="middle">${x}</text>`)}
          ${p.xTitle && html`<text class="ax" x=${L + W} y=${H - 3} text-anchor="end">${p.xTitle}</text>`}</svg>
          ${i !== null && tip(p, g, i, width.value, ink)}
          <span class="sr" role="status">${i !== null && `${p.x[i]}: ${p.parts.map(s => `${s.name} ${p.show(s.values[i])}`).join(', ')}`}</span></div>`;
    };
  },
};

function measured(p, width) {
  const n = Math.max(1, p.x.length);
  const stacks = p.x.map((_, i) => { let up = 0, down = 0; return p.parts.map(s => { const v = s.values[i] ?? 0; return v >= 0 ? { from: up, to: up += v } : { to: down, from: down += v }; }); });
  const high = Math.max(0, ...stacks.flat().map(b => b.to)) || 1, low = Math.min(0, ...stacks.flat().map(b => b.from));
  const marks = ticks(low, high * 1.04, (p.height ?? 240) > 250 ? 6 : 4), axis = p.axis ?? (high >= 10000 ? short : v => p.format ? p.format(v) : num(v, 2));
  const H = p.height ?? 240, L = 10 + 7 * Math.max(...marks.map(v => wide(axis(v)))), T = 10, B = p.xTitle ? 38 : 24, W = Math.max(40, width - L - 8);
  const top = Math.max(high, marks.at(-1)), bottom = Math.min(low, marks[0]), band = W / n, bar = Math.max(1, Math.min(46, band * 0.74));
  return { stacks, low, ticks: marks, axis, H, L, T, B, W, band, bar, label: 14 + 6.5 * Math.max(0, ...p.x.map(wide)),
    X: i => L + band * (i + 0.5), Y: v => T + (H - T - B) * (1 - (v - bottom) / (top - bottom || 1)) };
}

function tip(p, { X, T }, i, width, ink) {
  const left = X(i) > width / 2;
  return html`<div class="tip" style=${`left:${X(i) + (left ? -14 : 14)}px;top:${T}px;${left ? 'transform:translateX(-100%)' : ''}`}><b>${p.x[i]}</b>
    ${p.parts.map((s, k) => html`<div key=${k}><i style=${`background:${ink(s, k)}`}></i><span>${s.name}</span>
      <span class="num">${p.show(s.values[i])}</span></div>`)}</div>`;
}
const describe = p => `${p.label}: ${p.parts.map(s => `${s.name} ${p.show(s.values[0])} → ${p.show(s.values.at(-1))}`).join(', ')}`;
