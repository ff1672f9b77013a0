// One run: each step it took with what went in and came out, and how to set it going again.
import { action, Ago, api, ask, Badge, computed, dateTime, duration, html, icon, load, Loaded, reloadOn, t, toast, useTop } from '../web/kit.js';
import { nodeTitle } from './flow.js';
import { about, runBadge, stepBadge, took, useKinds, way } from './words.js';

export default {
  props: ['params', 'query'],
  setup(props) {
    const path = computed(() => '/automations/runs/' + props.params.run), kinds = useKinds();
    const run = load(signal => api.get(path.value, { signal }), { watch: () => path.value }), one = load(signal => api.get('/automations/' + props.params.id, { signal }), { watch: () => props.params.id });
    reloadOn(run, 'automation');
    const act = action(async (what, body) => { await api.post(`${path.value}/${what}`, body ?? {}); toast(t(what === 'decide' ? 'auto.decided' : 'auto.again')); await run.reload({ quiet: true }); setTimeout(() => run.reload({ quiet: true }), 900); }, { failed: toast.error });
    const stop = async () => { if (await ask({ title: t('auto.stopask'), body: t('auto.stopbody'), action: t('auto.stop'), danger: true })) { await api.post(path.value + '/stop', {}); run.reload({ quiet: true }); } };
    const named = step => { const node = one.data?.definition.nodes.find(it => it.id === step.node); return node ? nodeTitle(node, kinds) : kinds.step(step.kind); };

    useTop({
      title: () => html`<h1 class="row"><a class="mut" href="/automations">${t('auto.list')}</a><span class="mut">/</span><a class="cut" href=${'/automations/' + props.params.id}>${one.data?.name}</a><span class="mut">/</span><span class="cut">${(run.data && about(run.data)) || '–'}</span></h1>`,
      tools: () => { const it = run.data; return it && html`${it.status === 'failed' && html`<button type="button" class="btn pri" disabled=${act.busy} @click=${() => act.run('retry')}>${icon('refresh')}${t('auto.retry')}</button><button type="button" class="btn" disabled=${act.busy} @click=${() => act.run('skip')}>${icon('arrow')}${t('auto.skip')}</button>`}
        ${['running', 'waiting'].includes(it.status) && html`<button type="button" class="btn" @click=${stop}>${icon('pause')}${t('auto.stop')}</button>`}`; },
    });
    const row = step => { const state = stepBadge(step.status), ended = ['done', 'failed', 'stopped'].includes(run.data.status); return html`<li class="auto-node" key=${step.visit}><span class=${'auto-dot ' + state.kind}>${icon(state.icon ?? { ok: 'check', bad: 'x' }[state.kind] ?? 'bolt', 15)}</span><div class="auto-box">
      <div class="row wrap"><b>${named(step)}</b><${Badge} ...${state} />${step.outcome && step.outcome !== 'error' && html`<span class="tag">${way(step.outcome)}</span>`}${step.attempts > 1 && html`<span class="mut sm">${t('auto.attempts', { n: step.attempts })}</span>`}
        <span class="grow"></span><time class="mut sm" title=${dateTime(step.started_at)}>${dateTime(step.started_at)}</time>${took(step) >= 1 && html`<span class="mut sm">${duration(took(step))}</span>`}
        ${ended && html`<button type="button" class="btn sm" disabled=${act.busy} @click=${() => act.run('retry', { visit: step.visit })}>${icon('undo', 13)}${t('auto.retryhere')}</button>`}</div>
      ${step.due_at && ['waiting', 'failed', 'ready'].includes(step.status) && html`<span class="mut sm">${t('auto.due', { when: dateTime(step.due_at) })}</span>`}
      ${step.error && html`<p class="notice bad row">${icon('warn')}<span class="auto-value">${step.error}</span></p>`}
      ${step.kind === 'approve' && step.status === 'waiting' && html`<p class="notice warn row">${icon('person')}<span>${step.inputs?.question}</span><button type="button" class="btn pri sm" disabled=${act.busy} @click=${() => act.run('decide', { decision: 'yes' })}>${t('auto.yes')}</button><button type="button" class="btn sm" disabled=${act.busy} @click=${() => act.run('decide', { decision: 'no' })}>${t('auto.no')}</button></p>`}
      ${step.kind !== 'approve' && (step.inputs || step.outputs) && html`<div class="auto-pair"><${Json} title=${t('auto.inputs')} value=${step.inputs} /><${Json} title=${t('auto.outputs')} value=${step.outputs} /></div>`}</div></li>`; };
    return () => html`<div class="view"><${Loaded} of=${run} show=${it => html`<div class="auto-run">
      <div class="row wrap"><${Badge} ...${runBadge(it.status)} /><span class="mut">${t('auto.started')} <${Ago} at=${it.started_at} /></span><span class="mut">${t('auto.version')} ${it.version}</span><code class="mut sm cut">${it.key}</code></div>
      ${it.error && !it.steps.some(step => step.error === it.error) && html`<p class="notice bad row">${icon('warn')}${it.error}</p>`}
      ${it.steps.length ? html`<ol class="auto-flow">${it.steps.map(row)}</ol>` : html`<p class="mut">${t('auto.nosteps')}</p>`}
      ${it.event && html`<details><summary>${t('auto.trigger')}: <b>${kinds.event(it.event.event)}</b></summary><${Json} value=${it.event} /></details>`}</div>`} /></div>`;
  },
};

const Json = { props: ['title', 'value'], setup: p => () => p.value != null && html`<div>${p.title && html`<span class="mut sm">${p.title}</span>`}<pre class="auto-json">${JSON.stringify(p.value, null, 2)}</pre></div>` };
