// Cumulative delivery beside the plan with its band, the forecast with its own, and where alerts began. Days are the
// workspace's.
import { html, ref, num, short, shortDate, isoDay, t } from '../web/kit.js';
import { Framed, ticks, useWidth } from '../web/charts/frame.js';
import { kindText } from './status.js';

const DAY = 86400000, at = day => Date.parse(day + 'T00:00:00Z'), iso = ms => new Date(ms).toISOString().slice(0, 10);

// One point a day of the flight: {day, got, plan, low, middle, high}; what is not known is null.
export function course(item) {
  const first = at(item.start_day), count = Math.round((at(item.end_day) - first) / DAY) + 1;
  const seen = new Map(item.days.map(d => [d.day, d[item.goal_unit]])), ahead = new Map(item.ahead.map(d => [d.day, d])), plan = new Map((item.plan ?? []).map(d => [d.day, d]));
  const until = item.as_of ?? '', begun = new Map(item.alerts.filter(a => a.raised_at).map(a => [isoDay(a.raised_at), a.kind]));
  let sum = 0;
  return Array.from({ length: Math.max(count, 1) }, (_, i) => {
    const day = iso(first + i * DAY), next = ahead.get(day), known = day <= until;
    if (known) sum += seen.get(day) ?? 0;
    const joint = day === until && item.ahead.length ? sum : null;
    const should = plan.get(day);
    return { day, got: known ? sum : null, plan: should?.planned ?? null, planLow: should?.low ?? null, planHigh: should?.high ?? null, alert: begun.get(day) ?? null, low: next?.low ?? joint, middle: next?.middle ?? joint, high: next?.high ?? joint };
  });
}

export const Course = {
  props: ['item'],
  setup(p) {
    const table = () => ({ columns: ['', t('pacing.got'), t('pacing.plan'), t('pacing.low'), t('pacing.ahead'), t('pacing.high')],
      rows: course(p.item).map(d => [shortDate(d.day), ...[d.got, d.plan, d.low, d.middle, d.high].map(v => v == null ? '–' : num(v))]) });
    return () => html`<${Framed} label=${t('pacing.chart')} table=${table} picture=${() => html`<${Picture} item=${p.item} />`} />`;
  },
};

const Picture = {
  props: ['item'],
  setup(p) {
    const [el, width] = useWidth(), over = ref(null);
    return () => {
      const days = course(p.item), n = days.length, H = 260, L = 46, R = 12, T = 12, B = 22, W = Math.max(60, width.value - L - R);
      const top = Math.max(p.item.goal, ...days.map(d => Math.max(d.got ?? 0, d.high ?? 0, d.planHigh ?? 0))) * 1.06;
      const X = i => L + (n > 1 ? W * i / (n - 1) : W / 2), Y = v => T + (H - T - B) * (1 - v / top);
      const line = key => { let d = '', pen = false; days.forEach((one, i) => { if (one[key] == null) { pen = false; return; } d += `${pen ? 'L' : 'M'}${X(i).toFixed(1)} ${Y(one[key]).toFixed(1)}`; pen = true; }); return d; };
      const area = (low, high) => { const known = days.map((one, i) => [one, i]).filter(([one]) => one[low] != null);
        return known.length > 1 ? 'M' + [...known.map(([one, i]) => `${X(i).toFixed(1)} ${Y(one[high]).toFixed(1)}`), ...known.toReversed().map(([one, i]) => `${X(i).toFixed(1)} ${Y(one[low]).toFixed(1)}`)].join('L') + 'Z' : ''; };
      const band = area('low', 'high'), planned = area('planLow', 'planHigh');
      const every = Math.max(1, Math.ceil(n / Math.max(2, Math.floor(W / 58)))), i = over.value, here = i === null ? null : days[i];
      const near = e => { const box = e.currentTarget.getBoundingClientRect(); return Math.max(0, Math.min(n - 1, Math.round((e.clientX - box.left - L) / W * (n - 1)))); };
      const key = e => { const to = { ArrowRight: (i ?? -1) + 1, ArrowLeft: (i ?? n) - 1, Home: 0, End: n - 1 }[e.key];
        if (to !== undefined) { e.preventDefault(); over.value = Math.max(0, Math.min(n - 1, to)); } else if (e.key === 'Escape' && i !== null) { e.stopPropagation(); over.value = null; } };
      const said = d => [[t('pacing.got'), d.got], [t('pacing.plan'), d.plan], ...(d.got == null ? [[t('pacing.ahead'), d.middle], [t('pacing.low'), d.low], [t('pacing.high'), d.high]] : [])].filter(([, v]) => v != null);
      const marks = days.map((d, k) => [d.alert, k]).filter(([kind]) => kind);
      return html`<div class="svgc" ref=${el}><svg width=${width.value} height=${H} role="img" aria-label=${t('pacing.chart')} tabindex="0" @mousemove=${e => { over.value = near(e); }} @mouseleave=${() => { over.value = null; }} @blur=${() => { over.value = null; }} @keydown=${key}>
        ${ticks(0, top).map(v => html`<line key=${'g' + v} class="grid" x1=${L} x2=${L + W} y1=${Y(v)} y2=${Y(v)} /><text key=${'t' + v} class="ax" x=${L - 6} y=${Y(v) + 4} text-anchor="end">${short(v)}</text>`)}
        ${days.map((d, k) => k % every === 0 && html`<text key=${'x' + k} class="ax" x=${X(k)} y=${H - 5} text-anchor=${k === 0 ? 'start' : k === n - 1 ? 'end' : 'middle'}>${shortDate(d.day)}</text>`)}
        <line class="cross" x1=${L} x2=${L + W} y1=${Y(p.item.goal)} y2=${Y(p.item.goal)} /><text class="ax" x=${L + 4} y=${Y(p.item.goal) - 4}>${t('pacing.goal')} ${short(p.item.goal)}</text>
        ${planned && html`<path d=${planned} fill="var(--field)" fill-opacity=".18" />`}
        ${marks.map(([kind, k]) => html`<g key=${'m' + k} class="pacing-mark"><title>${kindText(kind)}</title><line x1=${X(k)} x2=${X(k)} y1=${T + 8} y2=${H - B} /><path d=${`M${X(k) - 5} ${T}h10l-5 8z`} /></g>`)}
        ${band && html`<path d=${band} fill="var(--c1)" fill-opacity=".16" />`}
        <path d=${line('plan')} fill="none" stroke="var(--field)" stroke-width="1.5" stroke-dasharray="2 3" />
        <path d=${line('middle')} fill="none" stroke="var(--c1)" stroke-width="2" stroke-dasharray="6 3" />
        <path d=${line('got')} fill="none" stroke="var(--c1)" stroke-width="2.4" stroke-linejoin="round" />
        ${here && html`<line class="cross" x1=${X(i)} x2=${X(i)} y1=${T} y2=${H - B} />`}
        ${here && [['got', 'var(--c1)'], ['middle', 'var(--c1)'], ['plan', 'var(--field)']].map(([k, c]) => here[k] != null && html`<circle key=${k} r="3.5" cx=${X(i)} cy=${Y(here[k])} fill=${c} stroke="var(--bg)" stroke-width="1.5" />`)}</svg>
        ${here && html`<div class="tip" style=${`left:${X(i) > width.value / 2 ? X(i) - 12 : X(i) + 12}px;top:${T}px;${X(i) > width.value / 2 ? 'transform:translateX(-100%)' : ''}`}><b>${shortDate(here.day)}</b>${here.alert && html`<div><span>${t('pacing.alerts')}</span><span>${kindText(here.alert)}</span></div>`}${said(here).map(([name, v]) => html`<div key=${name}><span>${name}</span><span class="num">${num(v)}</span></div>`)}</div>`}
        <span class="sr" role="status">${here && `${shortDate(here.day)}: ${said(here).map(([name, v]) => `${name} ${num(v)}`).join(', ')}`}</span></div>`;
    };
  },
};
