// One automation: its flow with what became of each step, its runs, its versions and what people did with it.
import { action, api, askForm, computed, duration, go, html, icon, load, Loaded, Menu, reloadOn, setQuery, t, Tabs, toast, useKeys, useTop, words } from '../web/kit.js';
import { Canvas } from './builder/canvas.js';
import { History } from './history.js';
import { Hook } from './hook.js';
import { Switch } from './list.js';
import { usePause } from './pause.js';
import { download } from './transfer.js';
import { openTrial } from './trial.js';
import { Acts, Versions } from './versions.js';
import { useKinds, whyStopped } from './words.js';

words({
  ko: { 'auto.countsover': '최근 실행 {n}건에서 센 것', 'auto.keysone': '자동화', 'auto.slow': '{m} (느린 것 {s})' },
  en: { 'auto.countsover': 'counted over the last {n} {n|run|runs}', 'auto.keysone': 'Automation', 'auto.slow': '{m} (slow ones {s})' },
});

export default {
  props: ['params', 'query'],
  setup(props) {
    const kinds = useKinds();
    const path = computed(() => '/automations/' + props.params.id), tab = computed(() => props.query.tab ?? 'runs');
    const one = load(signal => api.get(path.value, { signal }), { watch: () => path.value });
    const counted = load(signal => api.get(path.value + '/counts', { signal }), { watch: () => path.value });
    for (const it of [one, counted]) reloadOn(it, 'automation');
    const pause = usePause();

    const turn = action(async enabled => { one.set(await api.patch(path.value, { enabled })); toast(t(enabled ? 'auto.switchedon' : 'auto.switchedoff', { name: one.data.name })); }, { failed: toast.error });
    const byHand = () => askForm({
      title: t('auto.hand'), submitLabel: t('auto.hand'), fields: [{ name: 'subject', label: t('auto.handsubject'), hint: t('auto.handhint'), optional: true, autofocus: true }],
      submit: async values => { const made = await api.post(path.value + '/runs', { subject: values.subject ?? '' }); toast(t('auto.handdone'), { action: { label: t('auto.open'), run: () => go(`${path.value}/runs/${made.run}`) } }); },
    });
    const edit = () => go(path.value + '/edit'), test = () => openTrial({ automation: one.data, doc: one.data.definition });
    useKeys({ e: [edit, 'auto.edit'], t: [test, 'auto.test'], r: [byHand, 'auto.hand'] }, 'auto.keysone');

    useTop({
      title: () => html`<h1 class="row"><a class="mut" href="/automations">${t('auto.list')}</a><span class="mut">/</span><span class="cut">${one.data?.name}</span></h1>`,
      tools: () => one.data && html`<${Switch} it=${one.data} busy=${turn.busy} change=${turn.run} label=${true} />
        <button type="button" class="btn pri" @click=${edit}>${icon('edit')}${t('auto.edit')}</button><button type="button" class="btn" @click=${test}>${icon('eye')}${t('auto.test')}</button><button type="button" class="btn" @click=${byHand}>${icon('play')}${t('auto.hand')}</button>
        <${Menu} label=${t('auto.more')} icon="more" items=${[{ label: t('auto.versions'), icon: 'clock', run: () => setQuery({ tab: 'versions' }) }, { label: t('auto.export'), icon: 'download', run: () => download(props.params.id, one.data.name).catch(toast.error) }]} />`,
    });
    // By node: how many steps were taken, how many failed, how long they take, how many runs are there now.
    const counts = computed(() => {
      const found = {};
      for (const it of counted.data?.nodes ?? []) {
        const mine = found[it.node] ??= { steps: 0, dead: 0, unknown: 0, here: 0, took: '' };
        mine.steps += it.steps;
        if (it.status === 'dead') mine.dead += it.steps;
        if (it.status === 'unknown') mine.unknown += it.steps;
        if (it.status === 'done' && it.median >= 0.05 && !mine.took) mine.took = it.slow > it.median * 2 ? t('auto.slow', { m: spent(it.median), s: spent(it.slow) }) : spent(it.median);
      }
      for (const [node, n] of Object.entries(counted.data?.standing ?? {})) (found[node] ??= { steps: 0, dead: 0, unknown: 0, took: '' }).here = n;
      return found;
    });
    const pick = (node, what) => setQuery({ tab: undefined, node, status: what === 'failed' ? 'failed' : undefined });
    return () => html`<div class="view fill">${pause.line()}<${Loaded} of=${one} show=${it => html`<div class="auto-two">
      <section aria-label=${t('auto.flow')} data-scroll>${it.stopped_because && html`<p class="notice bad row">${icon('warn')}<span>${whyStopped(it, kinds)}</span></p>`}${it.definition.trigger.hook && html`<${Hook} key=${it.id} automation=${it} />`}<${Canvas} doc=${it.definition} counts=${counts.value} pick=${pick} />${counted.data?.runs > 0 && html`<p class="mut sm c">${t('auto.countsover', { n: counted.data.runs })}</p>`}</section>
      <section class="auto-runs" aria-label=${t('auto.runs')}><${Tabs} label=${it.name} value=${tab.value} change=${value => setQuery({ tab: value === 'runs' ? undefined : value })} items=${[{ value: 'runs', label: t('auto.runs') }, { value: 'versions', label: t('auto.versions'), count: it.version }, { value: 'acts', label: t('auto.acts') }]} />
        ${tab.value === 'runs' && html`<${History} key=${it.id} automation=${it} query=${props.query} />`}${tab.value === 'versions' && html`<${Versions} key=${it.id} automation=${it} done=${made => one.set(made)} />`}${tab.value === 'acts' && html`<${Acts} key=${it.id} automation=${it} />`}</section></div>`} /></div>`;
  },
};
const spent = seconds => seconds < 1 ? Math.round(seconds * 1000) + ' ms' : duration(seconds);
