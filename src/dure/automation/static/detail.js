// One automation: its flow to be read, its runs, and a dry run.
import { action, Ago, api, askForm, Badge, computed, duration, go, html, icon, load, Loaded, Menu, openDialog, reloadOn, setQuery, t, Table, toast, useTop } from '../web/kit.js';
import { DryRun } from './dry.js';
import { Flow } from './flow.js';
import { Switch } from './list.js';
import { about, runBadge, took, useKinds } from './words.js';

const STATES = ['', 'running', 'waiting', 'done', 'failed'];

export default {
  props: ['params', 'query'],
  setup(props) {
    const path = computed(() => '/automations/' + props.params.id), kinds = useKinds();
    const one = load(signal => api.get(path.value, { signal }), { watch: () => path.value });
    const runs = load(signal => api.get(path.value + '/runs', { signal, query: { status: props.query.status, limit: 100 } }), { watch: () => [path.value, props.query.status] });
    reloadOn(one, 'automation'); reloadOn(runs, 'automation');

    const turn = action(async enabled => { one.set(await api.patch(path.value, { enabled })); toast(t(enabled ? 'auto.switchedon' : 'auto.switchedoff', { name: one.data.name })); }, { failed: toast.error });
    const byHand = () => askForm({
      title: t('auto.hand'), submitLabel: t('auto.hand'), fields: [{ name: 'subject', label: t('auto.handsubject'), hint: t('auto.handhint'), optional: true, autofocus: true }],
      submit: async values => { const made = await api.post(path.value + '/runs', { subject: values.subject ?? '' }); toast(t('auto.handdone'), { action: { label: t('auto.open'), run: () => go(`${path.value}/runs/${made.run}`) } }); runs.reload({ quiet: true }); },
    });
    const rename = () => askForm({
      title: t('auto.rename'), submitLabel: t('auto.rename'), fields: [{ name: 'name', label: t('auto.name'), required: true, autofocus: true, initial: one.data.name }],
      submit: async values => { one.set(await api.patch(path.value, { name: values.name })); },
    });
    const edit = () => askForm({
      title: t('auto.definition'), submitLabel: t('auto.save'), fields: [{ name: 'definition', label: t('auto.definition'), type: 'textarea', rows: 22, required: true, hint: t('auto.definitionhint'), initial: JSON.stringify(one.data.definition, null, 2), check: text => { try { JSON.parse(text); } catch { return t('auto.json'); } } }],
      submit: async values => { one.set(await api.patch(path.value, { definition: JSON.parse(values.definition) })); toast(t('auto.saved', { n: one.data.version })); },
    });

    useTop({
      title: () => html`<h1 class="row"><a class="mut" href="/automations">${t('auto.list')}</a><span class="mut">/</span><span class="cut">${one.data?.name}</span></h1>`,
      tools: () => one.data && html`<${Switch} it=${one.data} busy=${turn.busy} change=${turn.run} label=${true} />
        <button type="button" class="btn" @click=${() => openDialog(DryRun, { automation: one.data, kinds })}>${icon('eye')}${t('auto.dry')}</button><button type="button" class="btn" @click=${byHand}>${icon('play')}${t('auto.hand')}</button>
        <${Menu} label=${t('auto.more')} icon="more" items=${[{ label: t('auto.rename'), icon: 'edit', run: rename }, { label: t('auto.definition'), icon: 'file', run: edit }]} />`,
    });
    const columns = () => [
      { key: 'status', title: t('auto.status'), width: 110, render: it => html`<${Badge} ...${runBadge(it.status)} />` }, { key: 'subject', title: t('auto.subject'), value: about },
      { key: 'error', title: '', sort: false, render: it => it.error ? html`<span class="poor cut">${it.error}</span>` : it.status === 'waiting' || it.status === 'running' ? html`<code class="mut">${it.node}</code>` : null },
      { key: 'version', title: t('auto.version'), num: true, width: 60, cls: 'mut' }, { key: 'took', title: t('auto.took'), num: true, width: 90, value: it => took(it) == null ? null : took(it) < 1 ? '< 1 s' : duration(took(it)) },
      { key: 'started_at', title: t('auto.started'), width: 110, render: it => html`<${Ago} at=${it.started_at} />` },
    ];
    return () => html`<div class="view fill"><${Loaded} of=${one} show=${it => html`<div class="auto-two">
      <section aria-label=${t('auto.flow')}>${it.stopped_because && html`<p class="notice bad row">${icon('warn')}${it.stopped_because}</p>`}<${Flow} definition=${it.definition} kinds=${kinds} /></section>
      <section class="auto-runs" aria-label=${t('auto.runs')}><div class="row" style="padding:10px 16px"><h2>${t('auto.runs')}</h2><span class="grow"></span><div class="seg">${STATES.map(status => html`<button type="button" key=${status} aria-pressed=${String((props.query.status ?? '') === status)}
        @click=${() => setQuery({ status: status || undefined })}>${status ? runBadge(status).text : t('auto.all')}</button>`)}</div></div>
        <${Table} label=${t('auto.runs')} columns=${columns()} rows=${runs.data?.runs} loading=${runs.loading} error=${runs.error} retry=${runs.reload} open=${run => go(`${path.value}/runs/${run.id}`)} empty=${{ icon: 'bolt', title: t('auto.norun'), body: t('auto.norunbody') }} /></section></div>`} /></div>`;
  },
};
