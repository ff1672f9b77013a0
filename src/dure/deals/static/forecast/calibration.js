// What a model said and what came: groups of deals by their chance, with the range that chance alone allows.
import { html, num, percent, ref, t } from '../../web/kit.js';
import { Framed, useWidth } from '../../web/charts/frame.js';
import './words.js';

export const Calibration = {
  props: ['bins'],
  setup(p) {
    const table = () => ({ columns: [t('fc.expected'), t('fc.won'), t('fc.interval'), t('fc.total')],
      rows: p.bins.map(b => [percent(b.expected, 0), percent(b.won, 0), `${percent(b.low, 0)} – ${percent(b.high, 0)}`, num(b.count)]) });
    return () => html`<${Framed} label=${t('fc.calibration')} table=${table} picture=${() => html`<${Picture} bins=${p.bins} />`} />`;
  },
};

const STEPS = [0, 0.25, 0.5, 0.75, 1];

const Picture = {
  props: ['bins'],
  setup(p) {
    const [el, width] = useWidth(), over = ref(null);
    return () => {
      const L = 44, R = 14, T = 10, B = 38, H = 268, W = Math.min(width.value, 460) - L - R, X = v => L + W * v, Y = v => T + (H - T - B) * (1 - v);
      const here = over.value === null ? null : p.bins[over.value];
      const key = e => { const n = p.bins.length, to = { ArrowRight: (over.value ?? -1) + 1, ArrowLeft: (over.value ?? n) - 1, Home: 0, End: n - 1 }[e.key];
        if (to !== undefined) { e.preventDefault(); over.value = Math.max(0, Math.min(n - 1, to)); } else if (e.key === 'Escape') over.value = null; };
      return html`<div class="svgc" ref=${el}><svg width=${L + W + R} height=${H} role="img" aria-label=${t('fc.calibration')} tabindex="0" @keydown=${key} @blur=${() => { over.value = null; }} @mouseleave=${() => { over.value = null; }}>
        ${STEPS.map(v => html`<line key=${'y' + v} class="grid" x1=${L} x2=${L + W} y1=${Y(v)} y2=${Y(v)} /><text key=${'yt' + v} class="ax" x=${L - 7} y=${Y(v) + 4} text-anchor="end">${percent(v, 0)}</text>
          <text key=${'xt' + v} class="ax" x=${X(v)} y=${H - B + 16} text-anchor=${v === 0 ? 'start' : v === 1 ? 'end' : 'middle'}>${percent(v, 0)}</text>`)}
        <text class="ax" x=${L + W / 2} y=${H - 5} text-anchor="middle">${t('fc.expected')}</text>
        <line class="cross" x1=${X(0)} y1=${Y(0)} x2=${X(1)} y2=${Y(1)} /><text class="ax" x=${X(0.97)} y=${Y(0.9)} text-anchor="end">${t('fc.perfect')}</text>
        ${p.bins.map((b, i) => html`<g key=${i} @mouseenter=${() => { over.value = i; }}>
          <line x1=${X(b.expected)} x2=${X(b.expected)} y1=${Y(b.low)} y2=${Y(b.high)} stroke="var(--c1)" stroke-width="2" stroke-opacity=".4" />
          <circle cx=${X(b.expected)} cy=${Y(b.won)} r=${i === over.value ? 6 : 4.5} fill="var(--c1)" stroke="var(--bg)" stroke-width="1.5" />
          <rect x=${X(b.expected) - 8} y=${T} width="16" height=${H - T - B} fill="transparent" /></g>`)}</svg>
        ${here && html`<div class="tip" style=${`left:${X(here.expected) > W / 2 ? X(here.expected) - 10 : X(here.expected) + 10}px;top:${T + 4}px;${X(here.expected) > W / 2 ? 'transform:translateX(-100%)' : ''}`}>
          ${[[t('fc.expected'), percent(here.expected, 0)], [t('fc.won'), percent(here.won, 0)], [t('fc.interval'), `${percent(here.low, 0)} – ${percent(here.high, 0)}`], [t('fc.total'), t('fc.binof', { n: here.count })]].map(([name, v]) => html`<div key=${name}><span>${name}</span><span class="num">${v}</span></div>`)}</div>`}
        <span class="sr" role="status">${here && `${t('fc.expected')} ${percent(here.expected, 0)}, ${t('fc.won')} ${percent(here.won, 0)}, ${t('fc.binof', { n: here.count })}`}</span></div>`;
    };
  },
};
