// The catalogue: every metric of every team in one dense table. Values come row by row, so that the list is there at once.
import { html, api, load, ref, shallowReactive, computed, watch, onScopeDispose, useTop, useKeys, setQuery, go, t, signed, icon, isoDay, Table, Spark, Badge, Menu, openDialog, action, toast, reloadOn, date, cancelled } from '../../web/kit.js';
import { Definition } from '../definition.js';
import { written } from '../written.js';
import { nameOf } from './said.js';
import { EditMetric } from './edit.js';
import '../words.js';
import './words.js';

export const TEAMS = ['product', 'marketing', 'sales', 'ad_ops', 'social', 'care', 'people', 'press', 'executives'];
const ATONCE = 3;
// Without the interval that is still running, which would look like a fall.
const lineOf = v => v?.line?.slice(0, v.complete) ?? [];

// The days that a board shows where nothing else is chosen.
const span = () => ({ from: isoDay(Date.now() - 29 * 86_400_000), to: isoDay(Date.now()) });

// Over thirty days; what needs longer to have a value at all is told over its own range, and says so.
async function valueOf(id, signal) {
  const path = `/metrics/${encodeURIComponent(id)}/value`, lately = await api.get(path, { signal, query: span() });
  if (lately.value != null) return lately;
  const own = await api.get(path, { signal });
  return own.value == null ? lately : { ...own, own: true };
}

// Asks the values of rows, a few at a time; {value, change, …} or {error} by id.
function useValues() {
  const values = shallowReactive({}), stop = new AbortController();
  let waiting = [], busy = 0;
  onScopeDispose(() => stop.abort());
  async function next() {
    const id = waiting.shift();
    if (id === undefined || busy >= ATONCE) { if (id !== undefined) waiting.unshift(id); return; }
    busy++;
    try { values[id] = await valueOf(id, stop.signal);
    } catch (error) { if (!cancelled(error)) values[id] = { error }; }
    busy--;
    if (!stop.signal.aborted) next();
  }
  const want = ids => { waiting = ids; for (let i = busy; i < ATONCE; i++) next(); };
  return [values, want];
}

export default {
  props: ['params', 'query'],
  setup(props) {
    const filters = () => ({ q: props.query.q, function: props.query.team });
    const list = load(signal => api.get('/metrics', { signal, query: filters() }), { watch: () => JSON.stringify(filters()) });
    const users = load(signal => api.get('/users', { signal, quiet: true }));
    const [values, want] = useValues(), find = ref();
    const people = computed(() => Object.fromEntries((users.data?.users ?? []).map(u => [u.id, u.name])));
    reloadOn(list, 'metrics');
    watch(() => list.data, d => { if (d) want(d.metrics.map(m => m.id).filter(id => !values[id])); });
    const begin = action(async () => { await api.post('/metrics/starters', {}); await list.reload(); }, { failed: toast.error });
    const formula = async () => { const made = await openDialog(EditMetric, { metric: null, users: users.data?.users ?? [] }); if (made) go('/metrics/catalogue/' + encodeURIComponent(made.id)); };
    useKeys({ '/': [() => find.value?.focus(), 'mc.keyfind'] }, 'mc.keys');
    let timer;
    const type = e => { clearTimeout(timer); const text = e.target.value.trim(); timer = setTimeout(() => setQuery({ q: text }), 180); };
    onScopeDispose(() => clearTimeout(timer));
    useTop({
      title: () => t('mc.title'),
      tools: () => html`<input ref=${find} class="input mc-find" type="search" aria-label=${t('mc.find')} placeholder=${t('mc.findshort')} value=${props.query.q ?? ''} @input=${type} />
        <select class="input mc-team" aria-label=${t('mc.team')} @change=${e => setQuery({ team: e.target.value })}><option value="">${t('mc.allteams')}</option>${TEAMS.map(f => html`<option key=${f} value=${f} selected=${f === props.query.team}>${t('mx.' + f)}</option>`)}</select>
        <${Menu} label=${t('mc.create')} icon="plus" text=${t('mc.create')} cls="btn sm" items=${[{ label: t('mc.newquestion'), icon: 'find', href: '/explore' }, { label: t('mc.newformula'), icon: 'chart', run: formula }]} />`,
    });
    const number = m => { const v = values[m.id];
      return !v ? html`<span class="skel line mc-wait" role="status" aria-label=${t('state.loading')}></span>` : v.error ? html`<span class="mut" title=${v.error.message}>–</span>` : html`${v.own && html`<span class="mut sm">${t('mc.ownrange')} </span>`}<b>${written(v.value, m)}</b>`; };
    const change = m => { const v = values[m.id];
      return v?.change == null ? html`<span class="mut">–</span>` : html`<span class=${'nowrap ' + (v.good == null ? 'mut' : v.good ? 'good' : 'poor')}>${icon(v.change >= 0 ? 'up' : 'down', 12)}${signed(v.change * 100, 1)}%</span>`; };
    const target = m => { const v = values[m.id];
      return m.target == null ? html`<span class="mut">–</span>` : html`<span class="nowrap num">${written(m.target, m)}</span> ${v?.target_met != null && html`<${Badge} kind=${v.target_met ? 'ok' : 'warn'} text=${t(v.target_met ? 'mx.met' : 'mx.notmet')} />`}`; };
    const columns = () => [
      { key: 'name', title: t('mx.name'), cls: 'short', value: nameOf, render: m => html`<span class="mc-name"><a class="cut" title=${nameOf(m)} href=${'/metrics/catalogue/' + encodeURIComponent(m.id)} tabindex="-1">${nameOf(m)}</a><${Definition} metric=${m} />${m.tags.map(tag => html`<span class="tag mut" key=${tag}>${tag}</span>`)}</span>` },
      { key: 'function', title: t('mc.team'), width: 112, value: m => m.function ? t('mx.' + m.function) : '', render: m => html`<span class="nowrap">${m.function ? t('mx.' + m.function) : '–'}</span>` },
      { key: 'value', title: t('mc.value30'), num: true, width: 150, sort: m => values[m.id]?.value, render: number },
      { key: 'change', title: t('mx.change'), num: true, width: 92, sort: m => values[m.id]?.change, render: change },
      { key: 'line', title: t('mx.line'), width: 112, sort: false, render: m => lineOf(values[m.id]).length > 1 ? html`<${Spark} values=${lineOf(values[m.id])} label=${nameOf(m)} />` : html`<span class="mut">–</span>` },
      { key: 'target', title: t('mx.target'), width: 168, sort: m => m.target, render: target },
      { key: 'verified', title: t('mc.mark'), width: 156, sort: m => m.verified_at ?? '', render: m => m.verified ? html`<span class="nowrap good" title=${t('mc.verifiedby', { who: people.value[m.verified_by] ?? '', when: date(m.verified_at) })}>${icon('check', 14)} ${people.value[m.verified_by] ?? date(m.verified_at, { weekday: false })}</span>` : html`<span class="mut">–</span>` },
      { key: 'used', title: t('mc.used'), num: true, width: 84, render: m => m.used ? t('mc.usedn', { n: m.used }) : html`<span class="mut">–</span>` },
    ];
    const filtered = () => props.query.q || props.query.team;
    const none = () => filtered() ? { icon: 'find', title: t('mc.nothing'), body: t('mc.nothingbody') }
      : { icon: 'book', title: t('mc.none'), body: t('mc.nonebody'), action: { label: t('mc.begin'), run: begin.run, icon: 'plus' }, second: { label: t('mc.newquestion'), href: '/explore' } };
    return () => html`<div class="view fill mc"><${Table} label=${t('mc.title')} columns=${columns()} rows=${list.data?.metrics} loading=${list.loading && !list.data} error=${list.error} retry=${list.reload}
      empty=${none()} open=${m => go('/metrics/catalogue/' + encodeURIComponent(m.id))} /></div>`;
  },
};
