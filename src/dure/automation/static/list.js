// All automations, the recipes to choose from, and what failed.
import { action, Ago, api, askForm, Badge, computed, go, html, icon, inLang, load, Loaded, reloadOn, setQuery, t, Table, Tabs, toast, useTop } from '../web/kit.js';
import { about, trigger, useKinds } from './words.js';

export default {
  props: ['params', 'query'],
  setup(props) {
    const tab = computed(() => props.query.tab ?? 'list'), kinds = useKinds();
    const all = load(signal => api.get('/automations', { signal })), recipes = load(signal => api.get('/automations/recipes', { signal }));
    const failed = load(signal => api.get('/automations/runs', { signal, query: { status: 'failed', limit: 200 } })), questions = load(signal => api.get('/automations/questions', { signal }));
    for (const it of [all, recipes, failed, questions]) reloadOn(it, 'automation');
    const nameOf = id => all.data?.automations.find(it => it.id === id)?.name ?? '';

    const turn = action(async (it, enabled) => {
      const now = await api.patch('/automations/' + it.id, { enabled });
      toast(t(enabled ? 'auto.switchedon' : 'auto.switchedoff', { name: now.name }));
      await Promise.all([all.reload({ quiet: true }), recipes.reload({ quiet: true })]);
    }, { failed: toast.error });
    const make = action(async recipe => {
      const made = await api.post('/automations', { recipe: recipe.id, enabled: true });
      toast(t('auto.switchedon', { name: made.name }), { action: { label: t('auto.open'), run: () => go('/automations/' + made.id) } });
      await Promise.all([all.reload({ quiet: true }), recipes.reload({ quiet: true })]);
    }, { failed: toast.error });
    const create = () => askForm({
      title: t('auto.new'), submitLabel: t('auto.new'), fields: [
        { name: 'name', label: t('auto.name'), required: true, autofocus: true },
        { name: 'definition', label: t('auto.definition'), type: 'textarea', rows: 14, required: true, initial: EXAMPLE, check: text => { try { JSON.parse(text); } catch { return t('auto.json'); } } },
      ],
      submit: async values => { const made = await api.post('/automations', { name: values.name, definition: JSON.parse(values.definition), enabled: false }); toast(t('auto.made', { name: made.name })); go('/automations/' + made.id); },
    });

    useTop({
      title: () => html`<h1>${t('auto.list')}</h1>`,
      tools: () => html`<${Tabs} label=${t('auto.list')} value=${tab.value} change=${value => setQuery({ tab: value === 'list' ? undefined : value })} items=${[
        { value: 'list', label: t('auto.list'), count: all.data?.automations.length }, { value: 'recipes', label: t('auto.recipes'), count: recipes.data?.recipes.length },
        { value: 'failed', label: t('auto.failed'), count: failed.data?.runs.length || null }]} /><button type="button" class="btn" @click=${create}>${icon('plus')}${t('auto.new')}</button>`,
    });

    const columns = () => [
      { key: 'enabled', title: '', sort: it => it.enabled ? 0 : 1, width: 52, render: it => html`<${Switch} it=${it} busy=${turn.busy} change=${enabled => turn.run(it, enabled)} />` },
      { key: 'name', title: t('auto.name'), render: it => html`<span class="row"><a class="cut" href=${'/automations/' + it.id}>${it.name}</a>${it.stopped_because && html`<${Badge} kind="bad" text=${t('auto.stopped')} />`}</span>` },
      { key: 'when', title: t('auto.when'), sort: false, cls: 'mut', value: it => trigger(it.definition, kinds) },
      { key: 'steps', title: '', sort: false, cls: 'mut', value: it => it.definition.nodes.map(node => kinds.step(node.kind)).join(' → ') },
      { key: 'runs_today', title: t('auto.today'), num: true, width: 90 }, { key: 'under_way', title: t('auto.underway'), num: true, width: 90 },
      { key: 'failures', title: t('auto.failures'), num: true, width: 90, render: it => it.failures ? html`<b class="poor">${it.failures}</b>` : html`<span class="mut">0</span>` },
      { key: 'version', title: t('auto.version'), num: true, width: 70, cls: 'mut' },
    ];
    const failedColumns = () => [
      { key: 'automation', title: t('auto.automation'), value: it => nameOf(it.automation) }, { key: 'subject', title: t('auto.subject'), value: about },
      { key: 'node', title: '', cls: 'mono mut' }, { key: 'error', title: t('auto.error'), cls: 'poor' },
      { key: 'started_at', title: t('auto.started'), width: 110, render: it => html`<${Ago} at=${it.started_at} />` },
    ];
    return () => html`<div class="view">
      ${questions.data?.questions.map(it => html`<div class="notice warn row" key=${it.run} style="margin:12px 16px 0">${icon('person')}<b>${it.name}</b><span class="cut">${it.question}</span><a class="btn sm" href=${`/automations/${it.automation}/runs/${it.run}`}>${t('auto.open')}</a></div>`)}
      ${tab.value === 'list' && html`<${Table} label=${t('auto.list')} columns=${columns()} rows=${all.data?.automations} loading=${all.loading} error=${all.error} retry=${all.reload} open=${it => go('/automations/' + it.id)}
        empty=${{ icon: 'bolt', title: t('auto.none'), body: t('auto.nonebody'), action: { label: t('auto.seerecipes'), run: () => setQuery({ tab: 'recipes' }) } }} />`}
      ${tab.value === 'recipes' && html`<${Loaded} of=${recipes} skeleton="cards" empty=${data => !data.recipes.length && { icon: 'book', title: t('auto.norecipes') }} show=${data => html`<div class="auto-recipes">${data.recipes.map(it => html`<article class="auto-recipe" key=${it.id}>
        <div class="row"><h2 class="grow">${inLang(it.title)}</h2>${it.enabled && html`<${Badge} kind="ok" text=${t('auto.on')} />`}</div>
        <div class="stack"><p class="mut">${inLang(it.about)}</p><div class="auto-kinds">${icon('bolt', 13)}${trigger(it.definition, kinds)}${it.definition.nodes.map((node, i) => html`<span class="row" key=${i}>${icon('arrow', 12)}${kinds.step(node.kind)}</span>`)}</div></div>
        <div class="actions">${it.enabled ? html`<a class="btn" href=${'/automations/' + it.automation}>${t('auto.open')}</a>` : html`<button type="button" class="btn pri" disabled=${make.busy} @click=${() => make.run(it)}>${icon('play')}${t('auto.turnon')}</button>`}</div></article>`)}</div>`} />`}
      ${tab.value === 'failed' && html`<${Table} label=${t('auto.failed')} columns=${failedColumns()} rows=${failed.data?.runs} loading=${failed.loading} error=${failed.error} retry=${failed.reload} open=${it => go(`/automations/${it.automation}/runs/${it.id}`)}
        empty=${{ icon: 'check', title: t('auto.nofailed'), body: t('auto.nofailedbody') }} />`}
    </div>`;
  },
};

// On or off, without opening the row.
export const Switch = {
  props: ['it', 'busy', 'change', 'label'],
  setup: p => () => html`<label class="switch" @click=${event => event.stopPropagation()}><input type="checkbox" role="switch" aria-label=${t('auto.switch', { name: p.it.name })} checked=${p.it.enabled} disabled=${p.busy}
    @change=${event => p.change(event.target.checked)} /><span class="track"></span>${p.label && html`<span>${t(p.it.enabled ? 'auto.on' : 'auto.off')}</span>`}</label>`,
};

const EXAMPLE = JSON.stringify({
  trigger: { event: 'Deal Won', where: [{ prop: 'amount', op: '>=', value: 10000000 }] },
  nodes: [{ id: 'post', kind: 'channels.post', with: { channel: 'general', text: '🎉 {{ event.properties.name }} {{ event.properties.amount | money }}' } }],
}, null, 2);
