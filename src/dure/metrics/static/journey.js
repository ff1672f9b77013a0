// The journey map: how many people are in each stage now, how they flow, where they wait and drop, and where one team
// hands over to the next. Every number opens to its people.
import { html, api, load, ref, computed, watch, minute, useTop, useKeys, setQuery, t, num, percent, duration, shortDate, isoDay, icon, color, Loaded, Empty, Table, Panel, Line, Journey, Menu, action, toast, reloadOn, openDialog } from '../web/kit.js';
import { behind } from './behind.js';
import { written } from './written.js';
import { inWords, nameOf } from './journey_rule.js';
import { Editor, blankMap } from './journey_editor.js';
import './words.js';
import './journey_words.js';

const DAY = 86400000, RANGES = [30, 90, 180], INTERVALS = ['day', 'week', 'month'];

export default {
  props: ['params', 'query'],
  setup(props) {
    const maps = load(signal => api.get('/journeys', { signal }));
    const map = computed(() => maps.data?.journeys.find(j => j.id === props.query.map) ?? maps.data?.journeys[0] ?? null);
    const days = computed(() => RANGES.includes(+props.query.days) ? +props.query.days : 90), interval = computed(() => INTERVALS.includes(props.query.interval) ? props.query.interval : 'week');
    const look = ref('chart'), tick = ref(0);
    const question = computed(() => map.value && { kind: 'journey', journey: map.value.id, interval: interval.value, from: isoDay(Date.now() - (days.value - 1) * DAY), to: isoDay(Date.now()) });
    const answer = load(signal => question.value ? api.post('/query', question.value, { signal }) : null, { watch: () => [JSON.stringify(question.value), map.value?.version] });
    reloadOn(maps, 'metrics');
    // What people do arrives all the time and is told to nobody one by one: asked anew every two minutes while looked at.
    watch(minute, () => { if (++tick.value % 4 === 0 && !document.hidden) answer.reload({ quiet: true }); });

    const begin = action(async () => { await api.post('/metrics/starters', {}); await maps.reload(); }, { failed: toast.error });
    const edit = async chosen => {
      const saved = await openDialog(Editor, { map: chosen ?? blankMap() });
      if (!saved) return;
      await maps.reload();
      setQuery({ map: saved.removed ? null : saved.id });
    };
    useKeys({ e: [() => map.value && edit(map.value), () => t('jn.keysedit')], '[ ]': [null, () => t('jn.keysmove')] }, 'jn.title');

    const intervals = () => choice(t('mx.interval'), interval.value, INTERVALS.map(v => [v, t('mx.' + v)]), v => setQuery({ interval: v }));
    const choice = (label, value, options, change) => html`<select class="input sm jn-choice" aria-label=${label} @change=${e => change(e.target.value)}>${options.map(([v, text]) => html`<option key=${v} value=${v} selected=${String(v) === String(value)}>${text}</option>`)}</select>`;
    useTop({
      title: () => map.value ? nameOf(map.value) : t('jn.title'),
      tools: () => map.value && html`${choice(t('mx.range'), days.value, RANGES.map(n => [n, t('jn.last', { n })]), v => setQuery({ days: v }))}
        <div class="seg jn-look" role="group" aria-label=${t('mx.look')}>${['chart', 'table'].map(v => html`<button type="button" key=${v} aria-pressed=${String(look.value === v)} @click=${() => { look.value = v; }}>${t('mx.' + v)}</button>`)}</div>
        <button type="button" class="btn sm jn-edit" aria-label=${t('jn.edit')} @click=${() => edit(map.value)}>${icon('edit', 14)}<span>${t('jn.edit')}</span></button><${Menu} label=${t('jn.more')} icon="more" items=${[{ label: t('jn.create'), icon: 'plus', run: () => edit(null) }, ...maps.data.journeys.filter(j => j.id !== map.value.id).map(j => ({ label: nameOf(j), icon: 'flag', run: () => setQuery({ map: j.id }) }))]} />`,
    });

    const none = () => html`<${Empty} icon="flag" title=${t('jn.none')} body=${t('jn.nonebody')} action=${{ label: t('jn.begin'), run: begin.run, icon: 'plus' }} second=${{ label: t('jn.create'), run: () => edit(null) }} />`;
    const show = a => a && (a.people ? html`<div class=${'stack jn' + (answer.loading ? ' jn-busy' : '')} aria-busy=${answer.loading ? 'true' : null}>${drawn(a, map.value, look.value, intervals())}</div>` : html`<${Empty} icon="people" title=${t('jn.nobody')} body=${t('jn.nobodybody')} action=${{ label: t('jn.edit'), run: () => edit(map.value), icon: 'edit' }} />`);
    return () => html`<div class="view pad" data-scroll><${Loaded} of=${maps} skeleton="chart" n=${1} show=${d => d.journeys.length ? html`<${Loaded} of=${answer} skeleton="chart" n=${1} show=${show} />` : none()} /></div>`;
  },
};

function drawn(a, map, look, tools) {
  const rules = new Map((map?.stages ?? []).map(s => [s.id, s])), teams = [...new Set(a.stages.map(s => s.function).filter(Boolean))];
  const team = key => ({ key, name: key ? t('mx.' + key) : '', color: key ? color(teams.indexOf(key)) : 'var(--fg-2)' });
  const name = id => id === null ? t('jn.new') : nameOf(a.stages.find(s => s.id === id));
  const pick = (cell, title) => behind(a.question, cell, title);
  const stages = a.stages.map(s => ({ ...s, name: nameOf(s), team: team(s.function), wait: s.median_wait_seconds, about: rules.has(s.id) ? inWords(rules.get(s.id)) : '', note: s.metric ? `${nameOf(s.metric)} ${written(s.metric.value, s.metric)}` : null }));
  const opens = (cell, title, text) => html`<button type="button" class="link num" @click=${() => pick(cell, title)}>${text}</button>`;
  const hands = html`<${Panel} title=${t('jn.handovers')} note=${t('jn.handnote')} flush=${true}><${Table} label=${t('jn.handovers')} rows=${a.handovers} rowKey=${h => h.from + '>' + h.to} sort=${{ key: 'people', dir: 'desc' }} open=${h => pick({ stage: h.from, to: h.to }, `${name(h.from)} → ${name(h.to)}`)} empty=${{ icon: 'arrow', title: t('jn.nohand') }} columns=${[
    { key: 'teams', title: t('jn.team'), value: h => h.from_function, render: h => html`<span class="tag">${t('mx.' + h.from_function)}</span> → <span class="tag">${t('mx.' + h.to_function)}</span>` },
    { key: 'from', title: t('jn.from'), value: h => name(h.from) }, { key: 'to', title: t('jn.to'), value: h => name(h.to) },
    { key: 'people', title: t('jn.people'), num: true, render: h => opens({ stage: h.from, to: h.to }, `${name(h.from)} → ${name(h.to)}`, num(h.people)) }, { key: 'rate', title: t('jn.rate'), num: true, render: h => percent(h.rate) },
    { key: 'median_seconds', title: t('jn.took'), num: true, render: h => duration(h.median_seconds) }]} /><//>`;
  const defs = html`<details class="mx-defs"><summary>${t('mx.defs')}<span class="mut sm num"> · ${t('mx.cost', { rows: num(a.meta.rows_read), ms: num(a.meta.elapsed_ms) })}</span></summary><ul>${stages.map(s => html`<li key=${s.id}><b>${s.name}</b> ${s.about}</li>`)}${a.meta.definitions.slice(0, -stages.length).map((d, i) => html`<li key=${i}>${d}</li>`)}</ul></details>`;
  const warned = a.meta.warnings.length > 0 && html`<div class="notice warn" role="status">${icon('info')}<div><b>${t('mx.warn')}</b> ${a.meta.warnings.join(' ')}</div></div>`;
  const x = a.series.intervals.map(at => a.question.interval === 'month' ? at.slice(0, 7) : shortDate(at));
  if (look === 'table') return html`${warned}${asTables(a, stages, name, opens, x, tools)}${hands}${defs}`;
  const now = isoDay(Date.now()), growing = a.question.to.slice(0, 10) >= now ? 1 : 0;
  return html`${warned}<${Panel} title=${t('jn.total', { n: a.people })} note=${`${shortDate(a.question.from.slice(0, 10))} – ${shortDate(a.question.to.slice(0, 10))}`}><${Journey} label=${t('jn.map')} stages=${stages} flows=${a.flows} handovers=${a.handovers} pick=${pick} /><//>
    <${Panel} title=${t('jn.over')} tools=${tools}><${Line} label=${t('jn.over')} x=${x} series=${stages.map(s => ({ name: s.name, values: a.series.stages[s.id], color: s.team.color, dash: stages.indexOf(s) % 6 }))} format=${v => num(v)} height=${250} unfinished=${growing} /><//>${hands}${defs}`;
}

// The same figures in rows; each opens as in the picture.
function asTables(a, stages, name, opens, x, tools) {
  const cell = (s, standing, label) => opens({ stage: s.id, standing }, `${s.name} · ${label}`, num(s[standing]));
  const columns = [{ key: 'name', title: t('jn.stage'), sort: s => stages.indexOf(s), render: s => html`<span title=${s.about}>${s.name}</span>` }, { key: 'team', title: t('jn.team'), value: s => s.team.name, render: s => s.team.name && html`<span class="tag">${s.team.name}</span>` },
    { key: 'people', title: t('jn.people'), num: true, render: s => opens({ stage: s.id }, s.name, num(s.people)) }, ...['active', 'waiting', 'dropped', 'entered', 'left'].map(key => ({ key, title: t('jn.' + key), num: true, render: s => cell(s, key, t('jn.' + key)) })),
    { key: 'median_wait_seconds', title: t('jn.wait'), num: true, render: s => duration(s.median_wait_seconds) }, { key: 'p90_wait_seconds', title: t('jn.wait90'), num: true, render: s => duration(s.p90_wait_seconds) }, { key: 'note', title: t('jn.metric'), render: s => s.note ?? '–' }];
  const flow = f => `${name(f.from)} → ${name(f.to)}`;
  const line = [{ key: 'name', title: t('jn.stage') }, ...x.map((at, i) => ({ key: 'x' + i, title: at, num: true, sort: s => a.series.stages[s.id][i], render: s => a.series.stages[s.id][i] === null ? '–' : opens({ stage: s.id, interval: i }, `${s.name} · ${at}`, num(a.series.stages[s.id][i])) }))];
  return html`<${Panel} title=${t('jn.total', { n: a.people })} flush=${true}><${Table} label=${t('jn.map')} rows=${stages} columns=${columns} /><//>
    <${Panel} title=${t('jn.flows')} flush=${true}><${Table} label=${t('jn.flows')} rows=${a.flows} rowKey=${f => f.from + '>' + f.to} sort=${{ key: 'people', dir: 'desc' }} columns=${[{ key: 'from', title: t('jn.from'), value: f => name(f.from) }, { key: 'to', title: t('jn.to'), value: f => name(f.to) },
      { key: 'people', title: t('jn.people'), num: true, render: f => opens({ stage: f.from, to: f.to }, flow(f), num(f.people)) }, { key: 'median_seconds', title: t('jn.took'), num: true, render: f => duration(f.median_seconds) }]} /><//>
    <${Panel} title=${t('jn.over')} flush=${true} tools=${tools}><div class="jn-wide"><${Table} label=${t('jn.over')} rows=${stages} columns=${line} /></div><//>`;
}
