// Both halves side by side: what decides with its sentence, then retention by day and what must not suffer, each with the interval that holds however often one looks.
import { Badge, html, inLang, num, Panel, percent, points, t, words } from '../../web/kit.js';
import '../words.js';

words({
  ko: {
    'camp.over': '받은 사람과 대조군', 'camp.always': '언제 보아도 성립하는 {c} 구간', 'camp.pending': '{n}명은 아직 기간이 끝나지 않아 세지 않았습니다', 'camp.rt.title': '날짜별 유지', 'camp.rt.day': '날', 'camp.rt.any': '들어온 뒤 그날 무엇이든 한 사람의 비율', 'camp.rt.event': '들어온 뒤 그날 ‘{e}’ 한 사람의 비율', 'camp.rt.treated': '받은 사람', 'camp.rt.diff': '차이', 'camp.rt.interval': '구간', 'camp.rt.waiting': '{n}명 기다림', 'camp.rt.guards': '나빠지면 안 되는 것', 'camp.rt.guardnote': '대조군보다 허용한 것 이상 나빠지지 않았는지', 'camp.rt.measure': '지표', 'camp.rt.borne': '허용 {m}', 'camp.rt.sizes': '나뉜 크기 {sizes} · 정한 비율과 {fits} (p {p})', 'camp.rt.fit': '맞습니다', 'camp.rt.misfit': '맞지 않습니다',
    'camp.v.better': '효과 있음', 'camp.v.careful': '효과 있음 · 지킬 지표는 아직', 'camp.v.worse': '더 나쁨', 'camp.v.harmed': '해로움', 'camp.v.leaning': '기울어 있음', 'camp.v.nothing': '아직 모름', 'camp.v.waiting': '아직 모름', 'camp.v.unbalanced': '배정이 어긋남', 'camp.v.safe': '지켜짐', 'camp.v.unclear': '아직 모름',
  },
  en: {
    'camp.over': 'Who got it, and the control', 'camp.always': '{c} interval, holds however often one looks', 'camp.pending': '{n} entered too lately to count', 'camp.rt.title': 'Retention by day', 'camp.rt.day': 'Day', 'camp.rt.any': 'share who did anything on that day after they came in', 'camp.rt.event': 'share who did “{e}” on that day after they came in', 'camp.rt.treated': 'Treated', 'camp.rt.diff': 'Difference', 'camp.rt.interval': 'Interval', 'camp.rt.waiting': '{n} still waiting', 'camp.rt.guards': 'What must not suffer', 'camp.rt.guardnote': 'whether it got worse than control by more than is borne', 'camp.rt.measure': 'Metric', 'camp.rt.borne': 'borne {m}', 'camp.rt.sizes': 'Sizes {sizes} · {fits} the share that was set (p {p})', 'camp.rt.fit': 'fit', 'camp.rt.misfit': 'do not fit',
    'camp.v.better': 'Works', 'camp.v.careful': 'Works, guardrail still open', 'camp.v.worse': 'Worse', 'camp.v.harmed': 'Harms', 'camp.v.leaning': 'Leaning', 'camp.v.nothing': 'Not known yet', 'camp.v.waiting': 'Not known yet', 'camp.v.unbalanced': 'Unbalanced', 'camp.v.safe': 'Safe', 'camp.v.unclear': 'Not known yet',
  },
});

export const TONE = { better: 'ok', safe: 'ok', careful: 'warn', leaning: 'warn', worse: 'bad', harmed: 'bad', unbalanced: 'bad' };
const NOTICE = { bad: ' bad', warn: ' warn' }, COLOUR = { ok: 'var(--ok)', bad: 'var(--bad)' };
const rate = kind => ['conversion', 'retention'].includes(kind);
const shown = (kind, v) => v == null ? '–' : rate(kind) ? percent(v) : num(v, 2), moved = (kind, v) => rate(kind) ? points(v) : (v > 0 ? '+' : '') + num(v, 2);
const span = (kind, d) => `${moved(kind, d.low)} – ${moved(kind, d.high)}`;

// The intervals of several differences on one scale, so that their widths can be compared.
const reachOf = metrics => Math.max(0.001, ...metrics.flatMap(({ contrasts: [c] }) => c.difference ? [Math.abs(c.difference.low), Math.abs(c.difference.high), c.guard?.margin ?? 0] : [])) * 1.1;

const Drawn = {
  props: ['metric', 'reach', 'large'],
  setup: p => () => {
    const [c] = p.metric.contrasts, d = c.difference, { kind } = p.metric;
    if (!d) return null;
    const width = p.large ? 420 : 200, height = p.large ? 78 : 22, y = p.large ? 29 : 11, X = v => width / 2 + v / p.reach * (width / 2 - 8), colour = COLOUR[TONE[c.finding]] ?? 'var(--c1)';
    const end = c.guard && -c.guard.margin * (p.metric.good === 'down' ? -1 : 1);
    return html`<svg class=${'camp-interval' + (p.large ? '' : ' small')} viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${`${t('camp.rt.diff')} ${moved(kind, d.value)}, ${span(kind, d)}`}>
      <line x1=${width / 2} x2=${width / 2} y1="2" y2=${p.large ? height - 18 : height - 2} stroke="var(--fg-2)" stroke-dasharray="3 3" />
      <rect x=${X(d.low)} y=${y - (p.large ? 7 : 4)} width=${Math.max(2, X(d.high) - X(d.low))} height=${p.large ? 14 : 8} rx="2" fill=${colour} fill-opacity="0.5" /><circle cx=${X(d.value)} cy=${y} r=${p.large ? 5 : 4} fill=${colour} stroke="var(--bg)" stroke-width="2" />
      ${end && html`<line x1=${X(end)} x2=${X(end)} y1="2" y2=${height - 2} stroke="var(--bad)" stroke-width="2" />`}
      ${p.large && html`<text x=${Math.max(30, X(d.low))} y="14" text-anchor="middle" class="camp-tick">${moved(kind, d.low)}</text><text x=${Math.min(width - 30, X(d.high))} y="14" text-anchor="middle" class="camp-tick">${moved(kind, d.high)}</text><text x=${width / 2} y=${height - 4} text-anchor="middle" class="camp-tick">0</text>`}</svg>`;
  },
};

const Deciding = {
  props: ['of'],
  setup: p => () => {
    const { of } = p, [metric] = of.metrics, [c] = metric.contrasts, top = Math.max(c.treated.value ?? 0, c.control.value ?? 0, 0.01), tone = TONE[of.verdict];
    const half = name => html`<tr key=${name}><th scope="row">${t(name === 'treated' ? 'camp.rt.treated' : 'camp.holdout')}</th><td class="camp-share"><span class=${'camp-fill ' + name} style=${{ width: `${(c[name].value ?? 0) / top * 100}%` }}></span></td><td class="num r"><b>${shown(metric.kind, c[name].value)}</b></td><td class="num r mut">${t('camp.n', { n: num(c[name].people) })}</td></tr>`;
    return html`<${Panel} title=${t('camp.over')} note=${inLang(metric.name)} wide=${true}>
      <p class=${'notice camp-verdict' + (NOTICE[tone] ?? '')}><${Badge} kind=${tone ?? ''} text=${t('camp.v.' + of.verdict)} /><span>${inLang(of.sentence)}</span></p>
      <div class="camp-halves"><table class="camp-table"><tbody>${half('treated')}${half('control')}</tbody></table>
      ${c.difference && html`<figure><figcaption class="mut sm">${t('camp.rt.diff')} <b class="num">${moved(metric.kind, c.difference.value)}</b> · ${t('camp.always', { c: percent(0.95, 0) })}</figcaption><${Drawn} metric=${metric} reach=${reachOf([metric])} large=${true} /></figure>`}</div>
      ${metric.pending > 0 && html`<p class="mut sm">${t('camp.pending', { n: num(metric.pending) })}</p>`}
      ${of.balance != null && html`<p class="mut sm num">${t('camp.rt.sizes', { sizes: of.arms.map(arm => num(arm.people)).reverse().join(' : '), fits: t(of.verdict === 'unbalanced' ? 'camp.rt.misfit' : 'camp.rt.fit'), p: of.balance < 0.001 ? '< 0.001' : of.balance.toFixed(2) })}</p>`}<//>`;
  },
};

const Readings = {
  props: ['metrics', 'days', 'title', 'note', 'head'],
  setup: p => () => {
    const shared = p.metrics.every(one => rate(one.kind)) ? reachOf(p.metrics) : null;
    const row = metric => { const [c] = metric.contrasts, { kind } = metric, half = reading => html`<td class="num r"><b>${shown(kind, reading.value)}</b> <span class="mut sm">${num(reading.people)}</span></td>`;
      return html`<tr key=${metric.number}><th scope="row">${p.days ? 'D+' + p.days[metric.number] : inLang(metric.name)}</th>${half(c.treated)}${half(c.control)}<td class="num r"><b>${c.difference ? moved(kind, c.difference.value) : '–'}</b></td><td class="num r mut nowrap">${c.difference ? span(kind, c.difference) : '–'}</td>
        <td class="camp-drawn">${html`<${Drawn} metric=${metric} reach=${shared ?? reachOf([metric])} />`}</td><td class="nowrap"><${Badge} kind=${TONE[c.finding] ?? ''} text=${t('camp.v.' + c.finding)} />${metric.pending > 0 && html` <span class="mut sm num">${t('camp.rt.waiting', { n: num(metric.pending) })}</span>`}${c.guard && html` <span class="mut sm num">${t('camp.rt.borne', { m: moved(kind, c.guard.margin).replace('+', '') })}</span>`}</td></tr>`; };
    return html`<${Panel} title=${p.title} note=${p.note} wide=${true}><div class="camp-scroll"><table class="camp-table camp-readings"><thead><tr><th scope="col">${p.head}</th><th scope="col" class="r">${t('camp.rt.treated')}</th><th scope="col" class="r">${t('camp.holdout')}</th><th scope="col" class="r">${t('camp.rt.diff')}</th><th scope="col" class="r">${t('camp.rt.interval')}</th><th></th><th></th></tr></thead><tbody>${p.metrics.map(row)}</tbody></table></div><//>`;
  },
};

export const Halves = {
  props: ['of'],
  setup: p => () => {
    const { metrics, returning, days: dayOf } = p.of, days = metrics.filter(one => one.number in dayOf).sort((a, b) => dayOf[a.number] - dayOf[b.number]), guards = metrics.filter(one => one.role === 'guardrail');
    return html`<${Deciding} of=${p.of} />
      ${days.length > 0 && html`<${Readings} metrics=${days} days=${dayOf} title=${t('camp.rt.title')} note=${returning === '*' ? t('camp.rt.any') : t('camp.rt.event', { e: returning })} head=${t('camp.rt.day')} />`}
      ${guards.length > 0 && html`<${Readings} metrics=${guards} title=${t('camp.rt.guards')} note=${t('camp.rt.guardnote')} head=${t('camp.rt.measure')} />`}`;
  },
};
