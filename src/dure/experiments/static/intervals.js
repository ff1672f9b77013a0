// A metric's arms against control: each difference with its interval around zero, all on one scale.
import { html, t } from '../web/kit.js';
import { armName, lifted, moved } from './words.js';

const WIDTH = 460, ROW = 34, SIDE = 10;
const TONES = { better: 'var(--ok)', safe: 'var(--ok)', worse: 'var(--bad)', harmed: 'var(--bad)' };

export const Intervals = {
  props: ['metric', 'design'],
  setup: p => () => {
    const seen = p.metric.contrasts.filter(c => c.difference);
    if (!seen.length) return html`<p class="mut sm">${t('exp.noestbody')}</p>`;
    const ends = seen.flatMap(c => [c.difference.low, c.difference.high, c.guard ? -c.guard.margin * (p.metric.good === 'down' ? -1 : 1) : 0]);
    const low = Math.min(0, ...ends), high = Math.max(0, ...ends), pad = (high - low || 1) * 0.08;
    const X = v => SIDE + (v - low + pad) / (high - low + 2 * pad) * (WIDTH - 2 * SIDE), height = seen.length * ROW + 22;
    const said = c => `${armName(p.design, c.arm)} ${moved(p.metric.kind, c.difference.value)} (${moved(p.metric.kind, c.difference.low)} – ${moved(p.metric.kind, c.difference.high)})`;
    const row = (c, i) => {
      const y = i * ROW + 18, d = c.difference, tone = TONES[c.finding] ?? 'var(--c1)';
      return html`<g key=${c.arm}>${c.once && html`<rect x=${X(c.once.low)} y=${y - 7} width=${Math.max(2, X(c.once.high) - X(c.once.low))} height="14" rx="2" fill=${tone} fill-opacity="0.3"><title>${t('exp.once')}</title></rect>`}
        <rect x=${X(d.low)} y=${y - 3} width=${Math.max(2, X(d.high) - X(d.low))} height="6" rx="2" fill=${tone} fill-opacity="0.65" /><circle cx=${X(d.value)} cy=${y} r="5" fill=${tone} stroke="var(--bg)" stroke-width="2" />
        ${c.guard && html`<line x1=${X(-c.guard.margin * (p.metric.good === 'down' ? -1 : 1))} x2=${X(-c.guard.margin * (p.metric.good === 'down' ? -1 : 1))} y1=${y - 12} y2=${y + 12} stroke="var(--bad)" stroke-width="2"><title>${t('exp.guardmargin')}</title></line>`}</g>`;
    };
    const tick = v => html`<text x=${Math.min(WIDTH - 24, Math.max(24, X(v)))} y=${height - 3} text-anchor="middle" class="exp-tick">${moved(p.metric.kind, v)}</text>`;
    return html`<svg class="exp-intervals" viewBox=${`0 0 ${WIDTH} ${height}`} role="img" aria-label=${seen.map(said).join('; ')}>
      <line x1=${X(0)} x2=${X(0)} y1="2" y2=${height - 16} stroke="var(--fg-2)" stroke-dasharray="3 3" />${seen.map(row)}
      ${tick(Math.min(...seen.map(c => c.difference.low)))}${Math.abs(X(0) - X(Math.min(...seen.map(c => c.difference.low)))) > 60 && Math.abs(X(0) - X(Math.max(...seen.map(c => c.difference.high)))) > 60 && html`<text x=${X(0)} y=${height - 3} text-anchor="middle" class="exp-tick">0</text>`}${tick(Math.max(...seen.map(c => c.difference.high)))}</svg>`;
  },
};

export const relative = c => c.relative ? `${lifted(c.relative.value)} (${lifted(c.relative.low)} – ${lifted(c.relative.high)})` : '–';
