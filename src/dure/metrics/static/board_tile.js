// One tile: it loads for itself, and every number on it opens to the people and events behind it.
import { html, api, load, t, inLang, signed, icon, isoDay, shortDate, Badge, Failed, Line, Menu, Skeleton } from '../web/kit.js';
import { Answer } from './answer.js';
import { behind } from './behind.js';
import { written } from './written.js';
import { marksOn } from './marks.js';
import { asQuery } from './bar.js';
import './words.js';
import './board_words.js';

const both = (o, name) => inLang({ ko: o[name + '_ko'] || o[name + '_en'], en: o[name + '_en'] || o[name + '_ko'] });

// The cell that a metric's own number stands for; null where it is made of many cells.
function cellOf(shown) {
  const { kind } = shown.question, reading = shown.metric.reading ?? {};
  if (kind === 'trend') return { series: reading.series ?? 0, ...(reading.at === 'last' && shown.line?.length ? { interval: shown.line.length - 1 } : {}) };
  if (kind === 'funnel') return { step: reading.step ?? shown.question.steps.length - 1 };
  return null;
}

const label = (at, interval) => interval === 'hour' ? at.slice(5, 16).replace('T', ' ') : interval === 'month' ? at.slice(0, 7) : shortDate(at);

// What is written beside a line: short numbers are the line's own business, durations and money are not plain numbers.
export const axisOf = metric => ['seconds', 'money'].includes(metric?.unit) ? v => written(v, metric) : undefined;

// Whether the last interval is still running: it would look like a fall.
const growing = (intervals, question) => { const now = isoDay(Date.now()), last = intervals.at(-1)?.slice(0, 10); return last && now >= last && now <= question.to.slice(0, 10) && (question.interval !== 'day' || now === last) ? 1 : 0; };

// Text with headings (#) and lists (-); everything is text, nothing is markup.
export const Written = ({ text }) => html`<div class="bd-text">${text.split('\n').map((line, i) => line.startsWith('#') ? html`<h3 key=${i}>${line.replace(/^#+\s*/, '')}</h3>` : line.startsWith('- ') ? html`<p key=${i} class="bd-item">${line.slice(2)}</p>` : html`<p key=${i}>${line || '\u00a0'}</p>`)}</div>`;
Written.props = ['text'];

// What a tile shows of its answer. `open(cell, title)` opens people, null where that is not allowed.
export const Shown = {
  props: ['shown', 'open', 'marks'],
  setup(p) {
    const change = s => s.change == null ? html`<span class="mut sm num">${s.previous === undefined ? '' : t('mx.before', { v: written(s.previous, s.metric) })}</span>`
      : html`<span class=${'num sm ' + (s.good == null ? 'mut' : s.good ? 'good' : 'poor')}>${icon(s.change >= 0 ? 'up' : 'down', 12)}${signed(s.change * 100, 1)}%</span><span class="mut sm num">${t('mx.before', { v: written(s.previous, s.metric) })}</span>`;
    const target = m => m.target == null ? null : html`<span class="mut sm num">${t('mx.goal', { v: written(m.target, m) })}</span>`;
    const number = s => { const cell = cellOf(s), name = both(s.metric, 'name'), text = written(s.value, s.metric);
      return html`<div class="bd-figure">${p.open && cell ? html`<button type="button" class="bd-value num" title=${t('bd.people')} @click=${() => p.open(s.question, cell, name)}>${text}</button>` : html`<span class="bd-value num">${text}</span>`}</div>
        <div class="row wrap bd-under">${change(s)}<span class="grow"></span>${s.target_met != null && html`<${Badge} kind=${s.target_met ? 'ok' : 'warn'} text=${t(s.target_met ? 'mx.met' : 'mx.notmet')} />`}${target(s.metric)}</div>
        ${s.line?.length > 1 && curve(s, name)}`; };
    const curve = (s, name) => { const timed = s.question.kind === 'trend', at = s.intervals.slice(0, s.line.length).map(x => label(x, s.question.interval));
      const x = timed ? at : s.line.map(() => '');
      return html`<${Line} label=${name} height=${116} x=${x} series=${[{ name: '', values: s.line, area: true }]} format=${v => written(v, s.metric)} axis=${axisOf(s.metric)} unfinished=${timed && s.line.length === s.intervals.length ? growing(s.intervals, s.question) : 0} marks=${timed && p.marks ? marksOn({ intervals: s.intervals.slice(0, s.line.length), question: s.question }) : []} pick=${timed && p.open && (i => p.open(s.question, { series: s.metric.reading?.series ?? 0, interval: i }, `${name} · ${x[i]}`))} />`; };
    // A trend in a tile is its lines alone: the table, with all figures, is the chart's own turn of the hand.
    const trend = s => { const a = s.answer, x = a.intervals.map(at => label(at, a.question.interval)), series = [...a.series, ...(a.previous?.series ?? []).map(one => ({ ...one, before: true }))];
      const called = one => `${'value' in one ? one.value ?? t('mx.novalue') : s.metric ? '' : one.label}${one.before ? ' ' + t('mx.previous') : ''}`.trim();
      const open = i => { const one = a.series[0], grouped = 'value' in one; p.open(a.question, { series: s.metric?.reading?.series ?? 0, interval: i, ...(grouped ? { grouped, value: one.value } : {}) }, `${called(one) || (s.metric ? both(s.metric, 'name') : one.label)} · ${x[i]}`); };
      if (!a.series.length) return html`<p class="mut sm">${t('mx.nothing')}</p>`;
      return html`<${Line} label=${t('mx.trend')} height=${s.tile.size === 3 ? 240 : 190} x=${x} series=${series.map((one, i) => ({ name: called(one), values: one.values.slice(0, x.length), dash: one.before ? 1 : 0, area: i === 0 && series.length === 1 }))} format=${v => written(v, s.metric)} axis=${axisOf(s.metric)} unfinished=${growing(a.intervals, a.question)} marks=${p.marks ? marksOn(a) : []} pick=${p.open && open} />`; };
    const answered = s => html`${s.metric && html`<div class="bd-figure"><span class="bd-value num small">${written(s.value, s.metric)}</span>${target(s.metric)}</div>`}
      ${s.answer.question.kind === 'trend' && s.tile.look !== 'table' ? trend(s) : html`<${Answer} answer=${s.answer} metric=${s.metric} look=${s.tile.look === 'table' ? 'table' : 'chart'} />`}`;
    return () => { const s = p.shown; return s.text != null ? html`<${Written} text=${s.text} />` : s.answer ? answered(s) : number(s); };
  },
};

export const Tile = {
  props: ['board', 'tile', 'known', 'n', 'bar', 'alerts', 'items', 'dragged', 'onAlerts'],
  setup(p) {
    const it = load(signal => p.tile.text != null ? { tile: p.tile, text: p.tile.text } : api.get(`/boards/${encodeURIComponent(p.board)}/tiles/${p.n}`, { signal, query: asQuery(p.bar) }), { watch: () => JSON.stringify([p.board, p.tile, p.tile.text ? '' : p.bar]), keep: true });
    const metric = () => it.data?.metric ?? p.known;   // the catalogue knows its name before the answer comes, or when none does
    const title = () => both(p.tile, 'title') || (metric() ? both(metric(), 'name') : p.tile.metric ?? '');
    const state = () => p.alerts?.some(a => a.enabled && a.state === 'alarming') ? 'alarming' : p.alerts?.length ? 'quiet' : '';
    const skeleton = html`<${Skeleton} kind="chart" n=${1} />`;
    return () => html`<header draggable="true" @dragstart=${e => { e.dataTransfer.effectAllowed = 'move'; e.dataTransfer.setData('text/plain', String(p.n)); p.dragged(p.n); }} @dragend=${() => p.dragged(null)} title=${t('bd.drag')}>
        <h2 class="cut">${title()}</h2>${metric()?.verified && html`<span class="bd-mark" title=${t('mx.verified')}>${icon('check', 14)}<span class="sr">${t('mx.verified')}</span></span>`}
        <span class="grow"></span>${metric()?.function && html`<span class="tag">${t('mx.' + metric().function)}</span>`}
        ${state() && html`<button type="button" class=${'btn ghost ico sm' + (state() === 'alarming' ? ' bd-alarm' : '')} aria-label=${`${t('al.alerts')}: ${t('al.' + state())}`} title=${`${t('al.alerts')}: ${t('al.' + state())}`} @click=${() => p.onAlerts(metric())}>${icon('bell', 14)}</button>`}
        <${Menu} label=${t('bd.tilemenu')} icon="more" cls="btn ghost ico sm" items=${p.items(it.data)} /></header>
      <div class="bd-body" aria-busy=${it.loading ? 'true' : null}>${it.data ? html`${it.error && html`<${Failed} small=${true} error=${it.error} retry=${it.reload} />`}<${Shown} shown=${it.data} open=${behind} marks=${true} />`
        : it.error ? html`<${Failed} small=${true} title=${t('bd.tilefailed')} error=${it.error} retry=${it.reload} />` : skeleton}</div>`;
  },
};
