// All automations, the recipes to choose from, and what failed.
import { action, api, Badge, computed, fits, go, html, icon, load, Menu, ref, reloadOn, setQuery, t, Table, Tabs, toast, useKeys, useTop, words } from '../web/kit.js';
import { Question } from './asking.js';
import { Letters } from './letters.js';
import { usePause } from './pause.js';
import { Recipes } from './recipes.js';
import { download, openImport } from './transfer.js';
import { trigger, useKinds, whyStopped } from './words.js';

words({
  ko: { 'auto.findone': '자동화 찾기', 'auto.keyslist': '자동화', 'auto.questions': '결정을 기다리는 것', 'auto.chain': '하는 일', },
  en: { 'auto.findone': 'Find an automation', 'auto.keyslist': 'Automations', 'auto.questions': 'Waiting for a decision', 'auto.chain': 'What it does', },
});

export default {
  props: ['params', 'query'],
  setup(props) {
    const tab = computed(() => props.query.tab ?? 'list'), kinds = useKinds(), typed = ref('');
    const all = load(signal => api.get('/automations', { signal })), failed = load(signal => api.get('/automations/dead-letters', { signal, query: { limit: 100 } })), questions = load(signal => api.get('/automations/questions', { signal }));
    for (const it of [all, failed, questions]) reloadOn(it, 'automation');
    const pause = usePause();

    const turn = action(async (it, enabled) => {
      const now = await api.patch('/automations/' + it.id, { enabled });
      toast(t(enabled ? 'auto.switchedon' : 'auto.switchedoff', { name: now.name }));
      await all.reload({ quiet: true });
    }, { failed: toast.error });
    const bring = async () => { if (await openImport()) all.reload({ quiet: true }); };
    const build = () => go('/automations/new');
    useKeys({ c: [build, 'auto.new'], '/': [() => document.querySelector('.auto-bar input')?.focus(), 'auto.findone'] }, 'auto.keyslist');

    useTop({
      title: () => html`<h1>${t('auto.list')}</h1>`,
      tools: () => html`<${Tabs} label=${t('auto.list')} value=${tab.value} change=${value => setQuery({ tab: value === 'list' ? undefined : value, group: undefined, of: undefined, only: undefined, on: undefined })} items=${[
        { value: 'list', label: t('auto.list'), count: all.data?.automations.length }, { value: 'recipes', label: t('auto.recipes') },
        { value: 'failed', label: t('auto.failed'), count: failed.data?.letters.length ? failed.data.letters.length + (failed.data.next ? '+' : '') : null }]} /><button type="button" class="btn pri" @click=${build}>${icon('plus')}${t('auto.new')}</button>
        <${Menu} label=${t('auto.more')} icon="more" items=${[{ label: t('auto.import'), icon: 'up', run: bring }, { label: t('auto.exportall'), icon: 'download', run: () => download().catch(toast.error) }, null,
          pause.paused ? { label: t('auto.resumeall'), icon: 'play', run: pause.resume.run } : { label: t('auto.pauseall'), icon: 'pause', danger: true, run: pause.pause }]} />`,
    });

    const shown = computed(() => (all.data?.automations ?? []).filter(it => !typed.value.trim() || Math.max(fits(it.name, typed.value), fits(trigger(it.definition, kinds), typed.value), ...it.definition.nodes.map(node => fits(kinds.step(node.kind), typed.value))) > 0));
    const columns = () => [
      { key: 'enabled', title: '', sort: it => it.enabled ? 0 : 1, width: 52, render: it => html`<${Switch} it=${it} busy=${turn.busy} change=${enabled => turn.run(it, enabled)} />` },
      { key: 'name', title: t('auto.name'), cls: 'auto-tight', width: '24%', render: it => html`<span class="row"><a class="cut" href=${'/automations/' + it.id}>${it.name}</a>${it.recipe && html`<span class="mut" title=${t('auto.recipe')}>${icon('book', 13)}</span>`}${it.stopped_because && html`<span title=${whyStopped(it, kinds)}><${Badge} kind="bad" text=${t('auto.stopped')} /></span>`}</span>` },
      { key: 'when', title: t('auto.when'), sort: false, cls: 'mut auto-tight', width: '20%', render: it => html`<span class="cut">${trigger(it.definition, kinds)}</span>` },
      { key: 'steps', title: t('auto.chain'), sort: false, cls: 'mut auto-tight', width: '34%', render: it => html`<span class="cut">${it.definition.nodes.map(node => kinds.step(node.kind)).join(' → ')}</span>` },
      { key: 'runs_today', title: t('auto.today'), num: true, width: 100 }, { key: 'under_way', title: t('auto.underway'), num: true, width: 100 },
      { key: 'failures', title: t('auto.failures'), num: true, width: 100, render: it => it.failures ? html`<b class="poor">${it.failures}</b>` : html`<span class="mut">0</span>` },
      { key: 'version', title: t('auto.version'), num: true, width: 80, cls: 'mut' },
    ];
    return () => html`<div class="view">${pause.line()}
      ${questions.data?.questions.length > 0 && html`<section class="auto-questions" aria-label=${t('auto.questions')}>${questions.data.questions.map(it => html`<div class="notice warn row" key=${it.run}>${icon('person')}<b class="cut">${it.name}</b><span class="cut grow">${it.question}</span><${Question} it=${it} done=${() => questions.reload({ quiet: true })} /><a class="btn sm" href=${`/automations/${it.automation}/runs/${it.run}`}>${t('auto.open')}</a></div>`)}</section>`}
      ${tab.value === 'list' && html`${all.data?.automations.length > 5 && html`<div class="row auto-bar"><input class="input" type="search" aria-label=${t('auto.findone')} placeholder=${t('auto.findone')} value=${typed.value} @input=${e => { typed.value = e.target.value; }} /></div>`}<${Table} label=${t('auto.list')} columns=${columns()} rows=${shown.value} loading=${all.loading && !all.data} error=${all.error} retry=${all.reload} open=${it => go('/automations/' + it.id)}
        empty=${{ icon: 'bolt', title: t('auto.none'), body: t('auto.nonebody'), action: { label: t('auto.seerecipes'), run: () => setQuery({ tab: 'recipes' }) }, second: { label: t('auto.new'), run: build } }} />`}
      ${tab.value === 'recipes' && html`<${Recipes} query=${props.query} changed=${() => all.reload({ quiet: true })} />`}
      ${tab.value === 'failed' && html`<${Letters} query=${props.query} automations=${all.data?.automations} changed=${() => failed.reload({ quiet: true })} />`}
    </div>`;
  },
};

// On or off, without opening the row.
export const Switch = {
  props: ['it', 'busy', 'change', 'label'],
  setup: p => () => html`<label class="switch" @click=${event => event.stopPropagation()}><input type="checkbox" role="switch" aria-label=${t('auto.switch', { name: p.it.name })} checked=${p.it.enabled} disabled=${p.busy}
    @change=${event => p.change(event.target.checked)} /><span class="track"></span>${p.label && html`<span>${t(p.it.enabled ? 'auto.on' : 'auto.off')}</span>`}</label>`,
};
