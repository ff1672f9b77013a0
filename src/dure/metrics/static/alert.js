// Alerts on metrics: the list with where each stands, the form with a try on the past, and what one has judged.
//   openAlerts({ metric })   metric as the catalogue has it; `alert` opens that one's record at once
import { action, api, ago, date, dateTime, Dialog, duration, Empty, Form, html, icon, inLang, Line, load, Loaded, openDialog, percent, reactive, ref, shortDate, t, Table, toast, Badge } from '../web/kit.js';
import { channels } from './board_ways.js';
import { axisOf } from './board_tile.js';
import { written } from './written.js';
import './words.js';
import './board_words.js';

export const openAlerts = props => openDialog(Alerts, props);

const nameOf = m => inLang({ ko: m.name_ko, en: m.name_en });
const RATES = { hour: [0.005, 0.01, 0.02], day: [0.02, 0.05] };

function says(alert, metric) {
  const what = alert.kind === 'unusual' ? `${t('al.unusual')} (${percent(alert.rate, 1)})` : `${t('al.' + alert.kind)} ${written(alert.threshold, metric)}`;
  return [what, t('al.' + alert.every), alert.intervals > 1 && t('al.row', { n: alert.intervals }), alert.channel && '#' + alert.channel].filter(Boolean).join(' · ');
}

const stand = a => !a.enabled ? html`<${Badge} text=${t('al.off')} />` : a.because ? html`<${Badge} kind="warn" text=${t('al.failed')} />` : html`<${Badge} kind=${{ alarming: 'bad', too_little_history: 'warn' }[a.state] ?? 'ok'} text=${t('al.' + a.state)} />`;

const Alerts = {
  props: ['metric', 'alert', 'changed', 'close'],
  setup(p) {
    const place = reactive({ at: 'list', alert: null });
    const list = load(async signal => { const found = await api.get('/metric-alerts', { signal, query: { metric: p.metric.id } });
      if (p.alert && place.at === 'list' && !place.seen) { const one = found.alerts.find(a => a.id === p.alert); place.seen = true; if (one) Object.assign(place, { at: 'record', alert: one }); }
      return found; });
    const to = (at, alert = null) => { Object.assign(place, { at, alert }); if (at === 'record') list.reload({ quiet: true }); };
    const reload = () => { list.reload({ quiet: true }); p.changed?.(); };
    const remove = action(async a => { await api.del('/metric-alerts/' + a.id); reload(); to('list'); toast.undo(t('al.removed'), async () => { await api.post('/metric-alerts', raw(a)); reload(); }); }, { failed: toast.error });
    const line = a => html`<li key=${a.id}><button type="button" class="bd-alert" @click=${() => to('record', a)}><span class="grow"><b>${a.name || says(a, p.metric)}</b>${a.name && html`<span class="mut sm"> ${says(a, p.metric)}</span>`}
      ${a.because && html`<span class="mut sm">${a.because}</span>`}</span>${a.fired_at && html`<span class="mut sm num">${t('al.lasttime', { when: ago(a.fired_at) })}</span>`}${stand(a)}</button>
      <button type="button" class="btn ghost ico sm" aria-label=${t('al.edit')} title=${t('al.edit')} @click=${() => to('form', a)}>${icon('edit', 14)}</button><button type="button" class="btn ghost ico sm" aria-label=${t('al.remove')} title=${t('al.remove')} @click=${() => remove.run(a)}>${icon('trash', 14)}</button></li>`;
    const shown = d => !['trend', 'formula'].includes(p.metric.question?.kind) && !d.alerts.length ? html`<${Empty} icon="bell" title=${t('al.none')} body=${t('al.onlytrend')} />` : d.alerts.length ? html`<ul class="bd-alerts">${d.alerts.map(line)}</ul><div class="actions end"><button type="button" class="btn pri" @click=${() => to('form')}>${icon('plus')}${t('al.new')}</button></div>`
      : html`<${Empty} icon="bell" title=${t('al.none')} body=${t('al.nonebody')} action=${{ label: t('al.new'), icon: 'plus', run: () => to('form') }} />`;
    const back = () => html`<button type="button" class="btn sm ghost" @click=${() => to('list')}>${icon('back', 14)}${t('al.back2')}</button>`;
    return () => html`<${Dialog} title=${t('al.on', { name: nameOf(p.metric) })} wide=${true} onClose=${() => p.close()}><div class="stack">
      ${place.at === 'list' ? html`<${Loaded} of=${list} show=${shown} n=${3} />` : html`<div>${back()}</div>`}
      ${place.at === 'form' && html`<${AlertForm} key=${place.alert?.id ?? 'new'} metric=${p.metric} alert=${place.alert} done=${() => { reload(); to('list'); }} />`}
      ${place.at === 'record' && html`<${Record} metric=${p.metric} alert=${list.data?.alerts.find(a => a.id === place.alert.id) ?? place.alert} edit=${() => to('form', place.alert)} />`}</div><//>`;
  },
};

// An alert as it is sent: only what its kind has.
function raw(a) {
  const seconds = a.rest ?? a.rest_seconds, rest = seconds ? `${seconds}s` : '';
  const shared = { metric: a.metric, kind: a.kind, every: a.every, name: a.name ?? '', intervals: a.intervals ?? 1, rest, channel: a.channel ?? '', enabled: a.enabled, where: a.where ?? a.filters ?? [] };
  return a.kind === 'unusual' ? { ...shared, rate: a.rate } : { ...shared, threshold: a.threshold, ...(a.back_at == null || a.back_at === '' ? {} : { back_at: a.back_at }) };
}

const AlertForm = {
  props: ['metric', 'alert', 'done'],
  setup(p) {
    const a = p.alert, share = p.metric.unit === 'percent', scale = share ? 100 : 1;
    const rooms = load(() => channels()), tried = ref(null), now = reactive({ every: a?.every ?? 'day', kind: a?.kind ?? 'unusual' });
    const values = { kind: now.kind, every: now.every, threshold: a?.threshold == null ? null : a.threshold * scale, back_at: a?.back_at == null ? null : a.back_at * scale, intervals: a?.intervals ?? 1, rest: a?.rest_seconds ?? 0, rate: a?.kind === 'unusual' ? a.rate : now.every === 'hour' ? 0.01 : 0.02, channel: a?.channel ?? '', name: a?.name ?? '', enabled: a?.enabled ?? true };
    const latest = { ...values };
    const asked = v => raw({ ...v, metric: p.metric.id, where: a?.filters ?? [], threshold: v.threshold == null ? null : v.threshold / scale, back_at: v.back_at == null ? null : v.back_at / scale, intervals: v.intervals ?? 1 });
        const fields = () => [
      { name: 'kind', label: t('al.kind'), type: 'choice', options: ['unusual', 'above', 'below'].map(value => ({ value, label: t('al.' + value) })) },
      { name: 'every', label: t('al.every'), type: 'choice', options: (now.kind === 'unusual' ? ['hour', 'day'] : ['hour', 'day', 'week']).map(value => ({ value, label: t('al.' + value) })), change: (v, all) => { if (v === 'hour' && all.rate > 0.02) all.rate = 0.01; if (v === 'day' && all.rate < 0.02) all.rate = 0.02; } },
      { name: 'rate', label: t('al.rate'), type: 'select', required: true, hint: t('al.ratehint'), when: v => v.kind === 'unusual', options: [...new Set([...RATES[now.every] ?? RATES.day, ...(a?.kind === 'unusual' && a.every === now.every ? [a.rate] : [])])].map(value => ({ value, label: percent(value, 1) })) },
      { name: 'threshold', label: t('al.threshold'), type: 'number', required: true, unit: share ? '%' : '', when: v => v.kind !== 'unusual' },
      { name: 'back_at', label: t('al.back'), type: 'number', optional: true, hint: t('al.backhint'), unit: share ? '%' : '', when: v => v.kind !== 'unusual' },
      { name: 'intervals', label: t('al.intervals'), type: 'number', min: 1, max: 100 },
      { name: 'rest', label: t('al.rest'), type: 'select', required: true, options: [...new Set([0, 3600, 21600, 86400, 259200, 604800, values.rest])].map(value => ({ value, label: value ? duration(value) : t('al.restnone') })) },
      rooms.data?.length ? { name: 'channel', label: t('al.channel'), type: 'select', optional: true, hint: t('al.channelhint'), placeholder: '–', options: rooms.data.map(value => ({ value, label: '#' + value })) } : { name: 'channel', label: t('al.channel'), optional: true, hint: t('al.channelhint') },
      { name: 'name', label: t('al.name'), optional: true }, { name: 'enabled', label: t('al.enabled'), type: 'switch' },
    ];
    const change = v => { Object.assign(latest, v); now.every = v.kind === 'unusual' && v.every === 'week' ? (v.every = 'day') : v.every; now.kind = v.kind; };
    const attempt = action(async () => { tried.value = await api.post('/metric-alerts/rehearsal?last=60', asked(latest)); }, { failed: toast.error });
    const save = async v => {
      const body = asked({ ...v, channel: v.channel ?? '' });
      await (a ? api.put('/metric-alerts/' + a.id, body) : api.post('/metric-alerts', body));
      if (body.channel) await turnOn(body.kind === 'unusual' ? 'metric-unusual' : 'metric-crossed');
      toast(t('al.saved')); p.done();
    };
    return () => html`<div class="bd-alertform"><${Form} fields=${fields()} values=${values} change=${change} submit=${save} submitLabel=${t('al.save')} /><section class="stack"><button type="button" class="btn" aria-busy=${attempt.busy ? 'true' : null} @click=${attempt.run}>${icon('clock')}${t('al.try')}</button>
      ${tried.value && html`<p role="status" class="num">${tried.value.readings.at(-1)?.verdict === 'too_little_history' ? t('al.little') : t('al.tried', { n: tried.value.readings.length, m: tried.value.met, k: tried.value.fired })}</p><${Readings} readings=${tried.value.readings} metric=${p.metric} every=${latest.every} threshold=${latest.kind === 'unusual' ? null : latest.threshold / scale} />`}</section></div>`;
  },
};

// Posting is an automation's work: the recipe is switched on once, for all alerts with a channel.
async function turnOn(recipe) {
  const { recipes } = await api.get('/automations/recipes');
  if (!recipes.find(one => one.id === recipe)?.enabled) await api.post('/automations', { recipe });
}

const Record = {
  props: ['metric', 'alert', 'edit'],
  setup(p) {
    const found = load(async signal => (await api.get(`/metric-alerts/${p.alert.id}/readings`, { signal })).readings.reverse());
    const show = rows => rows.length ? html`<${Readings} readings=${rows} metric=${p.metric} every=${p.alert.every} threshold=${p.alert.threshold} /><${Table} label=${t('al.readings')} rows=${[...rows].reverse().slice(0, 30)} rowKey="at" columns=${[
      { key: 'at', title: t('al.when'), render: r => html`<span class="num nowrap">${p.alert.every === 'hour' ? dateTime(r.at) : date(r.at)}</span>` }, { key: 'value', title: t('al.value'), num: true, render: r => written(r.value, p.metric) },
      ...(p.alert.kind === 'unusual' ? [{ key: 'low', title: t('al.usual'), num: true, render: r => r.low == null ? '–' : `${about(r.low, p.metric)} – ${about(r.high, p.metric)}` }] : []),
      { key: 'verdict', title: t('al.verdict'), render: r => html`<span>${t('al.' + r.verdict)}${r.fired && html` <${Badge} kind="bad" text=${t('al.fired')} />`}</span>` }]} />`
      : html`<${Empty} icon="clock" title=${t('al.noreadings')} />`;
    return () => html`<div class="stack"><div class="row"><b class="grow">${p.alert.name || says(p.alert, p.metric)}</b>${stand(p.alert)}<button type="button" class="btn sm" @click=${p.edit}>${icon('edit', 14)}${t('al.edit')}</button></div>
      ${p.alert.because && html`<div class="notice warn">${icon('warn')}${p.alert.because}</div>`}<${Loaded} of=${found} show=${show} skeleton="chart" n=${1} /></div>`;
  },
};

// A band of counts is no more exact than a count.
const about = (v, metric) => written(metric.unit === 'count' && v != null ? Math.round(v) : v, metric);

// The values, with the band or the threshold they were held against; where it told is marked.
const Readings = ({ readings, metric, every, threshold }) => {
  const x = readings.map(r => every === 'hour' ? `${shortDate(r.at)} ${dateTime(r.at).slice(-5)}` : shortDate(r.at)), value = { name: t('al.value'), values: readings.map(r => r.value) };
  const band = threshold != null ? [{ name: t('al.threshold'), values: readings.map(() => threshold), dash: 1 }] : [['al.low', 'low'], ['al.high', 'high']].map(([key, name]) => ({ name: t(key), values: readings.map(r => r[name]), dash: 1, color: 'var(--fg-2)' }));
  return html`<${Line} label=${nameOf(metric)} height=${220} x=${x} series=${[value, ...band]} format=${v => about(v, metric)} axis=${axisOf(metric)} marks=${readings.flatMap((r, at) => r.fired ? [{ at, label: t('al.fired') }] : [])} />`;
};
Readings.props = ['readings', 'metric', 'every', 'threshold'];
