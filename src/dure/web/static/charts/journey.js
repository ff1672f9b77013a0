// A journey: stages from left to right as columns of people (active, waiting, dropped), the flows between them with their
// width by people, and the hand-overs where one team's stages end and the next team's begin.
//   html`<${Journey} label="…" stages=${[{id, name, about, team, people, active, waiting, dropped, entered, wait, note}]}
//     flows=${[{from, to, people, median_seconds}]} handovers=${[{from, to, rate}]} pick=${(cell, title) => …} />`
import { ref } from '../../vendor/vue.js';
import { duration, num, percent, short } from '../format.js';
import { html } from '../html.js';
import { t, words } from '../words.js';
import { color, Framed, useWidth } from './frame.js';

words({
  ko: {
    'journey.active': '활동', 'journey.waiting': '대기', 'journey.dropped': '이탈', 'journey.people': '{n}명', 'journey.new': '새로 옴', 'journey.noteam': '담당 없음',
    'journey.flow': '{from} → {to}: {n}명', 'journey.took': '보통 {time} 만에', 'journey.rate': '그 단계에 있던 사람의 {rate}', 'journey.handover': '{from}에서 {to}(으로/로) 넘김',
    'journey.wait': '머문 시간 {time}', 'journey.hint': '단계, 흐름, 이탈을 고르면 그 사람들이 열립니다.', 'journey.stage': '단계', 'journey.came': '기간에 {n}명 들어옴',
  },
  en: {
    'journey.active': 'active', 'journey.waiting': 'waiting', 'journey.dropped': 'dropped', 'journey.people': '{n} {n|person|people}', 'journey.new': 'New', 'journey.noteam': 'No team',
    'journey.flow': '{from} → {to}: {n} {n|person|people}', 'journey.took': 'usually within {time}', 'journey.rate': '{rate} of those who were in the stage', 'journey.handover': 'handed over from {from} to {to}',
    'journey.wait': 'there for {time}', 'journey.hint': 'Choose a stage, a flow or a drop to open its people.', 'journey.stage': 'Stage', 'journey.came': '{n} entered',
  },
});

const STATES = ['active', 'waiting', 'dropped'], HEIGHT = 292, FLOOR = 214, TALL = 146, LEAST = 124;

export const Journey = {
  props: ['label', 'stages', 'flows', 'handovers', 'pick'],
  setup(p) {
    const table = () => ({ columns: [t('journey.stage'), '', ...STATES.map(s => t('journey.' + s))],
      rows: p.stages.map(s => [s.name, s.people, ...STATES.map(state => s[state])]) });
    return () => html`<${Framed} label=${p.label} table=${table} picture=${() => html`<${Picture} ...${p} />`} />`;
  },
};

const Picture = {
  props: ['label', 'stages', 'flows', 'handovers', 'pick'],
  setup(p) {
    const [el, width] = useWidth(), hot = ref(null), said = ref('');
    const stageOf = id => p.stages.find(s => s.id === id);
    const title = flow => t('journey.flow', { from: flow.from ? stageOf(flow.from).name : t('journey.new'), to: stageOf(flow.to).name, n: flow.people });
    const told = flow => [title(flow), flow.median_seconds != null && t('journey.took', { time: duration(flow.median_seconds) }), over(flow) && handed(over(flow))].filter(Boolean).join(' · ');
    const over = flow => p.handovers.find(h => h.from === flow.from && h.to === flow.to);
    const handed = h => `${t('journey.handover', { from: stageOf(h.from).team.name, to: stageOf(h.to).team.name })} (${t('journey.rate', { rate: percent(h.rate) })})`;
    // What can be opened by a click can be opened by Enter, and says what it is under the pointer and when focused.
    const opens = (key, cell, name, text) => {
      const look = () => { hot.value = key; said.value = text; }, leave = () => { hot.value = null; said.value = ''; };
      const go = () => p.pick?.(cell, name);
      return { onMouseenter: look, onMouseleave: leave, onFocus: look, onBlur: leave, onClick: go, onKeydown: e => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); go(); } } };
    };
    const asButton = (...args) => ({ ...opens(...args), role: 'button', tabindex: 0, 'aria-label': args[3] });

    return () => {
      const n = p.stages.length, W = Math.max(width.value, n * LEAST), column = W / n, bar = Math.min(48, column * 0.3);
      const X = i => column * (i + 0.5), place = new Map(p.stages.map((s, i) => [s.id, i]));
      const high = Math.max(1, ...p.stages.map(s => s.people), ...p.flows.filter(f => f.from).map(f => f.people)), scale = TALL / high;
      const size = people => Math.max(1.5, people * scale), top = s => FLOOR - Math.max(2, s.people * scale);
      const flows = p.flows.map(f => ({ ...f, key: `${f.from}>${f.to}`, a: f.from ? place.get(f.from) : -1, b: place.get(f.to) }));
      const lit = flow => hot.value === null || hot.value === flow.key || hot.value === flow.from || hot.value === flow.to;
      const button = flow => asButton(flow.key, { stage: flow.from, to: flow.to }, title(flow), told(flow));

      const next = flow => { const h = size(flow.people), from = X(flow.a) + bar / 2, to = X(flow.b) - bar / 2, label = Math.max(14, FLOOR - h - 20);
        return html`<g key=${flow.key} class=${'jmap-flow' + (lit(flow) ? '' : ' dim')} ...${button(flow)}><rect class="jmap-reach" x=${from} y=${Math.min(FLOOR - h, FLOOR - 16)} width=${to - from} height=${Math.max(h, 16)} />
          <path class="jmap-band" d=${`M${from} ${FLOOR}H${to - 7}L${to} ${FLOOR - h / 2}L${to - 7} ${FLOOR - h}H${from}Z`} />
          <text class="lbl num" x=${(from + to) / 2} y=${label} text-anchor="middle">${num(flow.people)}</text>
          <text class="ax" x=${(from + to) / 2} y=${label + 14} text-anchor="middle">${flow.median_seconds == null ? '' : duration(flow.median_seconds)}</text></g>`; };
      const arc = flow => { const back = flow.b < flow.a, w = Math.min(24, size(flow.people)), from = X(flow.a) + (back ? -bar / 4 : bar / 4), to = X(flow.b) + (back ? bar / 4 : -bar / 4);
        const y0 = back ? FLOOR + 4 : top(p.stages[flow.a]) - 3, y1 = back ? FLOOR + 4 : top(p.stages[flow.b]) - 3, peak = back ? FLOOR + 34 + 14 * Math.min(3, flow.a - flow.b) : Math.min(y0, y1) - 26 - 16 * Math.min(4, flow.b - flow.a);
        const loud = back && flow.people > high * 0.04;
        return html`<g key=${flow.key} class=${'jmap-flow' + (lit(flow) ? '' : ' dim')} ...${button(flow)}><path class=${'jmap-arc' + (back ? ' back' : '')} stroke-width=${w} d=${`M${from} ${y0}C${from} ${peak} ${to} ${peak} ${to} ${y1}`} />
          <path class="jmap-reach line" d=${`M${from} ${y0}C${from} ${peak} ${to} ${peak} ${to} ${y1}`} />
          ${loud && html`<text class="lbl num" x=${(from + to) / 2} y=${FLOOR + 4 + (peak - FLOOR) * 0.75 + w / 2 + 15} text-anchor="middle">← ${num(flow.people)}${flow.median_seconds == null ? '' : ' · ' + duration(flow.median_seconds)}</text>`}</g>`; };
      const arrival = flow => { const y = top(p.stages[flow.b]) - 6, w = Math.min(bar, size(flow.people));
        return html`<g key=${flow.key} class=${'jmap-flow' + (lit(flow) ? '' : ' dim')} ...${button(flow)}><path class="jmap-band new" d=${`M${X(flow.b) - w / 2} ${y - 26}H${X(flow.b) + w / 2}V${y - 6}L${X(flow.b)} ${y}L${X(flow.b) - w / 2} ${y - 6}Z`} />
          <rect class="jmap-reach" x=${X(flow.b) - bar / 2} y=${y - 44} width=${bar} height="44" /><text class="ax" x=${X(flow.b)} y=${y - 31} text-anchor="middle">+${short(flow.people)}</text></g>`; };
      const column_ = (s, i) => { let y = FLOOR; return html`<g key=${s.id} class=${hot.value === null || hot.value === s.id || flows.some(f => f.key === hot.value && (f.from === s.id || f.to === s.id)) ? '' : 'dim'}>
        ${STATES.map(state => { const h = s[state] ? Math.max(1.5, s[state] * scale) : 0; y -= h;
          return h > 0 && html`<rect key=${state} class=${'jmap-bar ' + state} x=${X(i) - bar / 2} y=${y} width=${bar} height=${h} style=${`--team:${s.team.color ?? color(0)}`} ...${opens(s.id, { stage: s.id, standing: state }, `${s.name} · ${t('journey.' + state)}`, `${s.name}, ${t('journey.' + state)}: ${t('journey.people', { n: s[state] })}`)} />`; })}</g>`; };
      const edge = (s, i) => { const before = p.stages[i - 1]; if (!i || before.team.key === s.team.key) return null;
        const flow = flows.find(f => f.a === i - 1 && f.b === i), h = flow && over(flow), x = column * i;
        return html`<g key=${'e' + s.id}><line class="jmap-edge" x1=${x} x2=${x} y1="0" y2=${HEIGHT - (h ? 24 : 0)} />
          ${h && html`<g class="jmap-hand" ...${asButton(flow.key, { stage: flow.from, to: flow.to }, title(flow), told(flow))}><rect x=${x - 56} y=${HEIGHT - 23} width="112" height="22" rx="11" /><text class="num" x=${x} y=${HEIGHT - 8} text-anchor="middle">⇄ ${percent(h.rate, 0)} · ${shortly(flow.median_seconds)}</text></g>`}</g>`; };
      const bands = p.stages.reduce((list, s) => { const last = list.at(-1); if (last && last.team.key === s.team.key) last.span++; else list.push({ team: s.team, span: 1, id: s.id }); return list; }, []);
      const grid = `grid-template-columns:repeat(${n},minmax(${LEAST}px,1fr))`;
      const open = (s, state) => opens(s.id, state ? { stage: s.id, standing: state } : { stage: s.id }, state ? `${s.name} · ${t('journey.' + state)}` : s.name, `${s.name}: ${s.about}`);
      return html`<div class="jmap"><div class="jmap-scroll" tabindex="-1"><div class="jmap-room" style=${`min-width:${n * LEAST}px`}>
        <div class="jmap-teams" style=${grid}>${bands.map(b => html`<div key=${b.id} class="jmap-team" style=${`grid-column:span ${b.span};--team:${b.team.color ?? 'var(--line-2)'}`}>${b.team.name || t('journey.noteam')}</div>`)}</div>
        <div class="jmap-heads" style=${grid}>${p.stages.map((s, i) => html`<button type="button" key=${s.id} class=${'jmap-head' + (hot.value === s.id ? ' hot' : '')} ...${open(s)}><span class="row jmap-name"><span class="step-no num">${i + 1}</span><b class="cut">${s.name}</b></span>
          <span class="jmap-count num">${num(s.people)}</span><span class="mut sm num">${t('journey.came', { n: s.entered })}</span><span class="mut sm num jmap-note cut" title=${s.note ?? ''}>${s.note ?? ''}</span></button>`)}</div>
        <div class="svgc" ref=${el}><svg width=${W} height=${HEIGHT} role="group" aria-label=${p.label}>
          <defs><pattern id="jmap-gone" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="var(--bg-3)" /><line x1="0" x2="0" y1="0" y2="6" stroke="var(--field)" stroke-width="2.4" /></pattern></defs>
          ${p.stages.map(edge)}<line class="grid" x1="0" x2=${W} y1=${FLOOR + 0.5} y2=${FLOOR + 0.5} />
          ${flows.filter(f => f.a >= 0 && f.b !== f.a + 1).map(arc)}${flows.filter(f => f.a >= 0 && f.b === f.a + 1).map(next)}${p.stages.map(column_)}${flows.filter(f => f.a < 0 && f.people > high * 0.005).map(arrival)}</svg></div>
        <div class="jmap-feet" style=${grid}>${p.stages.map(s => html`<div key=${s.id} class="jmap-foot">${STATES.map(state => html`<button type="button" key=${state} class="jmap-state num" disabled=${!s[state]} ...${open(s, state)}><i class=${state} style=${`--team:${s.team.color ?? color(0)}`}></i><span>${t('journey.' + state)}</span><b>${num(s[state])}</b></button>`)}
          <span class="mut sm num jmap-wait">${s.wait == null ? '' : t('journey.wait', { time: shortly(s.wait) })}</span></div>`)}</div></div></div>
        <p class="jmap-said mut" role="status">${said.value || t('journey.hint')}</p></div>`;
    };
  },
};

// The largest unit is enough where there is little room: 6일, 12m.
const shortly = seconds => seconds == null ? '–' : duration(seconds).split(' ')[0];
