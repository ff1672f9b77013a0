// The tracking plan: a list of events with what became of them; one opened shows schema, violations and history.
import { Ago, api, ask, askForm, Badge, html, icon, load, num, setQuery, Spark, t, Table, toast, useKeys } from '../web/kit.js';
import { actors, pretty } from './words.js';

const KINDS = { warn: 'info', block: 'bad', strip: 'warn' }, ICONS = { warn: 'info', block: 'x', strip: 'edit' };
const FIRST = { type: 'object', properties: { amount: { type: 'integer', minimum: 0 } }, required: ['amount'] };

export default {
  props: ['query', 'changed'],
  setup(props) {
    const called = actors(), plan = load(signal => api.get('/tracking-plan', { signal }));
    const event = () => plan.data?.events.find(one => one.event === props.query.event);
    const more = load(async signal => {
      if (!props.query.event) return null;
      const query = { event: props.query.event };
      const [versions, violations] = await Promise.all([api.get('/tracking-plan/versions', { signal, query }), api.get('/tracking-plan/violations', { signal, query })]);
      return { versions: versions.versions, violations: violations.violations };
    }, { watch: () => props.query.event });
    const reload = () => { plan.reload({ quiet: true }); more.reload({ quiet: true }); };
    const open = name => setQuery({ event: name === props.query.event ? null : name });

    async function edit(one) {
      await askForm({
        title: one?.event ?? t('plan.add'), submitLabel: t('plan.save'), wide: true,
        fields: [
          ...(one?.event ? [] : [{ name: 'event', label: t('plan.event'), required: true, autofocus: true }]),
          { name: 'action', label: t('plan.action'), type: 'choice', hint: t('plan.actionhint'), options: ['warn', 'block', 'strip'].map(value => ({ value, label: t('plan.' + value) })) },
          { name: 'schema', label: t('plan.schema'), type: 'textarea', rows: 14, required: true, hint: t('plan.schemahint'), check: text => { try { JSON.parse(text); return null; } catch (error) { return t('plan.notjson', { error: error.message }); } } },
          { name: 'description', label: t('plan.about'), optional: true },
        ],
        values: { action: one?.action ?? 'warn', schema: JSON.stringify(one?.schema ?? FIRST, null, 2), description: one?.description ?? '' },
        submit: async values => {
          const made = await api.put('/tracking-plan/event', { event: one?.event ?? values.event, action: values.action, schema: JSON.parse(values.schema), description: values.description ?? '' });
          toast(t('plan.saved', { name: made.event })); setQuery({ event: made.event }); reload();
        },
      });
    }
    async function restore(version) {
      await api.put('/tracking-plan/event', { event: version.event, action: version.action, schema: version.schema, description: version.description });
      toast(t('plan.saved', { name: version.event })); reload();
    }
    async function remove(one) {
      if (!await ask({ title: t('plan.askremove', { name: one.event }), body: t('plan.removebody'), action: t('plan.remove'), danger: true })) return;
      await api.del('/tracking-plan/event?event=' + encodeURIComponent(one.event));
      toast(t('plan.removed', { name: one.event })); setQuery({ event: null }); plan.reload({ quiet: true });
    }
    async function bring() {
      await askForm({
        title: t('plan.import'), submitLabel: t('plan.import'), wide: true,
        fields: [{ name: 'plan', label: t('plan.importtext'), type: 'textarea', rows: 14, required: true, autofocus: true, hint: t('plan.importhint'), check: text => { try { JSON.parse(text); return null; } catch (error) { return t('plan.notjson', { error: error.message }); } } }, { name: 'replace', label: t('plan.replace'), type: 'switch' }],
        submit: async values => {
          const given = JSON.parse(values.plan), events = Array.isArray(given) ? given : given.events ?? [];
          toast(t('plan.imported', await api.put('/tracking-plan', { events, replace: !!values.replace }))); reload();
        },
      });
    }
    useKeys({ n: [() => edit(), 'plan.add'], e: [() => event() && edit(event()), 'plan.edit'], Escape: [() => setQuery({ event: null }), 'sources.close'] }, 'sources.tabs');

    const total = one => one.violations.reduce((a, b) => a + b, 0);
    const columns = () => [
      { key: 'event', title: t('plan.event'), render: one => html`<b>${one.event}</b>` },
      { key: 'action', title: t('plan.action'), value: one => t('plan.' + one.action), render: one => html`<${Badge} kind=${KINDS[one.action]} icon=${ICONS[one.action]} text=${t('plan.' + one.action)} />` },
      { key: 'violations', title: t('plan.violations'), num: true, sort: total, render: one => html`<span class="row" style="justify-content:flex-end">${total(one) > 0 && html`<${Spark} values=${one.violations} area=${true} color="var(--warn)" label=${t('plan.violations')} />`}<span class=${'num' + (total(one) ? '' : ' mut')}>${num(total(one))}</span></span>` },
      ...(event() ? [] : [{ key: 'description', title: t('plan.about'), cls: 'mut', render: one => html`<span class="cut">${one.description}</span>` }, { key: 'version', title: t('plan.version'), num: true }]),
      { key: 'changed_at', title: t('plan.changed'), render: one => html`<${Ago} at=${one.changed_at} />` },
    ];
    const table = () => html`<${Table} label=${t('sources.plan')} columns=${columns()} rows=${plan.data?.events} rowKey="event" loading=${plan.loading} error=${plan.error} retry=${plan.reload} open=${one => open(one.event)} rowClass=${one => one.event === props.query.event ? 'ingest-open' : ''} empty=${{ icon: 'list', title: t('plan.none'), body: t('plan.nonebody'), action: { label: t('plan.add'), run: () => edit() }, second: { label: t('plan.import'), run: bring } }} />`;
    const side = one => html`<aside class="ingest-side" aria-label=${one.event}><header><h2 class="grow">${one.event}</h2><${Badge} kind=${KINDS[one.action]} icon=${ICONS[one.action]} text=${t('plan.' + one.action)} /><button type="button" class="btn ghost ico sm" aria-label=${t('sources.close')} @click=${() => open(one.event)}>${icon('x', 14)}</button></header>
      ${one.description && html`<p class="mut">${one.description}</p>`}
      <div class="actions"><button type="button" class="btn sm" @click=${() => edit(one)}>${icon('edit', 14)}${t('plan.edit')}</button><button type="button" class="btn sm" @click=${() => remove(one)}>${t('plan.remove')}</button></div>
      <div><h3>${t('plan.violations')}</h3>${more.data?.violations.length ? html`<ul class="ingest-list plan-violations">${more.data.violations.map(v => html`<li key=${v.what + v.source}><span>${v.message}</span><span class="mut sm">${t('plan.times', { n: v.count })} · ${v.source} · <${Ago} at=${v.last_at} /></span><details><summary class="sm mut">${t('sources.example')}</summary><pre class="mono sm ingest-code">${pretty(v.example)}</pre></details></li>`)}</ul>` : html`<p class="mut sm">${more.loading ? '…' : t('plan.nothing')}</p>`}</div>
      <div><h3>${t('plan.schema')}</h3><pre class="mono sm ingest-code">${JSON.stringify(one.schema, null, 2)}</pre></div>
      <div><h3>${t('plan.history')}</h3><ul class="ingest-list">${(more.data?.versions ?? []).map(v => html`<li key=${v.version}><span class="row"><span class="num">v${v.version}</span><span>${v.removed ? t('plan.gone') : t('plan.' + v.action)}</span><span class="grow"></span>${v.version !== one.version && !v.removed && html`<button type="button" class="btn sm ghost" @click=${() => restore(v)}>${t('plan.restore')}</button>`}</span><span class="mut sm"><${Ago} at=${v.changed_at} /> · ${called(v.changed_by)}</span></li>`)}</ul></div></aside>`;
    return () => html`<div class="view fill ingest">
      <div class="ingest-bar"><span class="grow"></span><a class="btn sm" href="/api/v1/tracking-plan" download="tracking-plan.json" target="_self">${icon('file', 14)}${t('plan.export')}</a><button type="button" class="btn sm" @click=${bring}>${t('plan.import')}</button><button type="button" class="btn pri sm" @click=${() => edit()}>${icon('plus', 14)}${t('plan.add')}</button></div>
      ${event() ? html`<div class="split ingest-split">${table()}${side(event())}</div>` : table()}</div>`;
  },
};
