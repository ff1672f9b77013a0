// What an automation would have done with the events of the past.
import { action, api, Badge, dateTime, Dialog, Field, html, icon, onMounted, ref, shallowRef, t, toast } from '../web/kit.js';
import { about, stepBadge, way } from './words.js';

export const DryRun = {
  props: ['automation', 'kinds', 'close'],
  setup(p) {
    const past = ref(100), result = shallowRef(null), byEvent = !!p.automation.definition.trigger.event;
    const run = action(async () => { result.value = await api.post(`/automations/${p.automation.id}/dry-run`, byEvent ? { past: Number(past.value) || 1 } : {}, { seconds: 60 }); }, { failed: toast.error });
    onMounted(run.run);
    return () => html`<${Dialog} title=${t('auto.dry')} wide=${true} @close=${p.close}><div class="stack"><p class="mut">${byEvent ? t('auto.drybody') : t('auto.dryone')}</p>
      ${byEvent && html`<div class="row"><${Field} field=${{ name: 'past', label: t('auto.drypast'), type: 'number', min: 1, max: 500 }} value=${past.value} change=${value => { past.value = value; }} />
        <button type="button" class="btn" style="align-self:end" disabled=${run.busy} @click=${run.run}>${icon('refresh')}${t('auto.drygo')}</button></div>`}
      ${run.busy && !result.value && html`<p class="mut" aria-busy="true">…</p>`}${result.value && told(result.value, p.kinds, byEvent)}</div><//>`;
  },
};

function told(it, kinds, byEvent) {
  return html`<div class="auto-dry">${byEvent && html`<p class="notice row">${icon('info')}<b>${it.started ? t('auto.dryresult', { n: it.looked_at, met: it.met, started: it.started }) : t('auto.drynone')}</b></p>`}
    ${it.runs.slice(0, 20).map((run, i) => html`<details key=${i} open=${i === 0}><summary><b>${about(run) || '–'}</b> ${run.error && html`<span class="poor">${run.error}</span>`}</summary>
      <ol class="auto-flow" style="margin-top:8px">${run.steps.map((step, j) => html`<li class="auto-node" key=${j}><span class=${'auto-dot ' + stepBadge(step.status).kind}>${j + 1}</span><div class="auto-box"><div class="row"><b>${kinds.step(step.kind)}</b>${step.outcome && html`<span class="tag">${way(step.outcome)}</span>`}
        ${step.status === 'dead' && html`<${Badge} ...${stepBadge(step.status)} />`}<span class="grow"></span><span class="mut sm">${dateTime(step.at)}</span></div>${step.error && html`<span class="poor">${step.error}</span>`}${step.inputs && html`<pre class="auto-json">${JSON.stringify(step.inputs, null, 2)}</pre>`}</div></li>`)}</ol></details>`)}
    ${!it.started && it.refused.length > 0 && html`<div><b>${t('auto.drywhy')}</b><ul>${it.refused.slice(0, 5).map((why, i) => html`<li key=${i}><code>${why}</code></li>`)}</ul></div>`}</div>`;
}
