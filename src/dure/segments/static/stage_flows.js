// The picture of a stage map: everybody then on the left, everybody now on the right, and who moved between.
import { html, num, ref, t } from '../web/kit.js';
import { INK, STAGES } from './stages_words.js';

const W = 960, SPACE = 330, GAP = 10, BAR = 14, LEFT = 190, RIGHT = W - 190, LEAST = 3;

// Each stage's bar at one side: {stage: {y, h, people}}; heights are shares of everybody, small ones still to be seen.
function column(sizes, scale) {
  const bars = {};
  let y = 18;
  for (const stage of ['', ...STAGES]) {
    const people = sizes[stage] ?? 0;
    if (!people) continue;
    const h = Math.max(LEAST, people * scale);
    bars[stage] = { y, h, people, used: 0 };
    y += h + GAP;
  }
  return bars;
}

export function laidOut(flows) {
  const before = {}, after = {};
  for (const f of flows) { before[f.before] = (before[f.before] ?? 0) + f.people; after[f.after] = (after[f.after] ?? 0) + f.people; }
  const total = flows.reduce((sum, f) => sum + f.people, 0);
  const scale = total ? SPACE / total : 0;
  const left = column(before, scale), right = column(after, scale);
  const order = ['', ...STAGES];
  const bands = [...flows].sort((a, b) => order.indexOf(a.before) - order.indexOf(b.before) || order.indexOf(a.after) - order.indexOf(b.after)).map(f => {
    const a = left[f.before], b = right[f.after], ha = f.people / a.people * a.h, hb = f.people / b.people * b.h;
    const band = { ...f, y1: a.y + a.used, h1: ha, y2: b.y + b.used, h2: hb };
    a.used += ha; b.used += hb;
    return band;
  });
  // As high as the longer column, and room for names that had to move down.
  const high = bars => Math.max(...Object.values(bars).map(b => b.y + b.h), 18 + 15 * Object.keys(bars).length);
  return { left, right, bands, height: total ? Math.max(high(left), high(right)) + 10 : 60 };
}

const shape = b => {
  const x1 = LEFT + BAR, x2 = RIGHT - BAR, m = (x1 + x2) / 2;
  return `M${x1} ${b.y1}C${m} ${b.y1} ${m} ${b.y2} ${x2} ${b.y2}L${x2} ${b.y2 + b.h2}C${m} ${b.y2 + b.h2} ${m} ${b.y1 + b.h1} ${x1} ${b.y1 + b.h1}Z`;
};

export const StageFlows = {
  props: ['flows', 'begin', 'end', 'pick', 'pickStage'],
  setup(p) {
    const at = ref(null);
    const name = b => t('stg.flow', { a: t('stg.' + b.before), b: t('stg.' + b.after), n: b.people });
    const press = (e, act) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); act(); } };
    const label = (bars, side) => {
      // Names never lie on each other: each at least 15 below the one before.
      let low = 0;
      return Object.entries(bars).map(([stage, b]) => {
        const y = Math.max(low + 15, b.y + b.h / 2 + 4); low = y;
        const left = side === 'left', x = left ? LEFT - 8 : RIGHT + 8;
        return html`<text key=${side + stage} class="stg-name" x=${x} y=${y} text-anchor=${left ? 'end' : 'start'}>${t('stg.' + stage)} <tspan class="stg-num">${num(b.people)}</tspan></text>`;
      });
    };
    return () => {
      const { left, right, bands, height } = laidOut(p.flows);
      const shown = at.value;
      return html`<figure class="stg-map"><svg viewBox=${`0 0 ${W} ${height}`} role="group" aria-label=${t('stg.map')}>
        <text class="stg-when" x=${LEFT} y="10" text-anchor="start">${p.begin}</text><text class="stg-when" x=${RIGHT} y="10" text-anchor="end">${p.end}</text>
        ${bands.map(b => html`<path key=${b.before + '>' + b.after} d=${shape(b)} class=${'stg-band' + (b.before === b.after ? ' same' : '') + (shown === b.before + '>' + b.after ? ' on' : '')} fill=${INK[b.after]} tabindex="0" role="button"
          aria-label=${name(b)} @click=${() => p.pick(b)} @keydown=${e => press(e, () => p.pick(b))} @mouseenter=${() => { at.value = b.before + '>' + b.after; }} @mouseleave=${() => { at.value = null; }}
          @focus=${() => { at.value = b.before + '>' + b.after; }} @blur=${() => { at.value = null; }}><title>${name(b)}</title></path>`)}
        ${Object.entries(left).map(([stage, b]) => html`<rect key=${'l' + stage} x=${LEFT} y=${b.y} width=${BAR} height=${b.h} rx="2" fill=${INK[stage]} />`)}
        ${Object.entries(right).map(([stage, b]) => html`<rect key=${'r' + stage} class="stg-bar" x=${RIGHT - BAR} y=${b.y} width=${BAR} height=${b.h} rx="2" fill=${INK[stage]} @click=${() => p.pickStage(stage)} />`)}
        ${label(left, 'left')}${label(right, 'right')}</svg>
        <figcaption class="mut sm" role="status">${shown ? name(bands.find(b => b.before + '>' + b.after === shown) ?? bands[0]) : ' '}</figcaption></figure>`;
    };
  },
};
