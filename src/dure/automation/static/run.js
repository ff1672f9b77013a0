// One run: each step it took with what went in and came out, how long and how often, and how to set it going again.
import { action, Ago, api, ask, askForm, Badge, computed, dateTime, duration, html, icon, load, Loaded, reloadOn, t, toast, useKeys, useTop, words } from '../web/kit.js';
import { Question } from './asking.js';
import { nodeTitle } from './builder/canvas.js';
import { kinds, useKinds } from './kinds.js';
import { person } from './options.js';
import { usePause } from './pause.js';
import { Given } from './trial.js';
import { about, runBadge, stepBadge, way, went } from './words.js';

words({
  ko: { 'auto.outcomeask': '이 호출이 닿았는지 알 수 없습니다. 확인하고 알려 주세요.', 'auto.itwasdone': '됐음', 'auto.doagain': '다시 하기', 'auto.leaveit': '안 한 채 계속', 'auto.wasdonebody': '이 단계가 된 것으로 적고 다음으로 갑니다. 뒤 단계가 쓸 값이 있으면 적으세요.', 'auto.wasdoneout': '답한 값 (JSON)', 'auto.asjson': 'JSON으로', 'auto.decidedby': '{name}: {decision}', 'auto.keysrun': '실행', 'auto.tookrun': '{d} 걸림', 'auto.stepsn': '단계 {n}개', 'auto.onversion': '버전 {n}', 'auto.key2': '키', 'auto.waitsuntil': '{when}까지 기다림' },
  en: { 'auto.outcomeask': 'Nobody knows whether this call was made. Look, and say.', 'auto.itwasdone': 'It was done', 'auto.doagain': 'Do it again', 'auto.leaveit': 'Leave it and go on', 'auto.wasdonebody': 'The step is written down as done and the run goes on. Give its answer if later steps need it.', 'auto.wasdoneout': 'Its answer (JSON)', 'auto.asjson': 'As JSON', 'auto.decidedby': '{name}: {decision}', 'auto.keysrun': 'Run', 'auto.tookrun': 'took {d}', 'auto.stepsn': '{n} {n|step|steps}', 'auto.onversion': 'version {n}', 'auto.key2': 'Key', 'auto.waitsuntil': 'waits until {when}' },
});

export default {
  props: ['params', 'query'],
  setup(props) {
    useKinds();
    const path = computed(() => '/automations/runs/' + props.params.run);
    const run = load(signal => api.get(path.value, { signal }), { watch: () => path.value }), one = load(signal => api.get('/automations/' + props.params.id, { signal }), { watch: () => props.params.id });
    // Its own version's text: the live one may have other steps.
    const text = load(async signal => run.data ? (await api.get(`/automations/${props.params.id}/versions/${run.data.version}`, { signal, quiet: true })).definition : null, { watch: () => run.data?.version });
    reloadOn(run, 'automation');
    const pause = usePause();
    const act = action(async (what, body) => { await api.post(`${path.value}/${what}`, body ?? {}); toast(t('auto.again')); await run.reload({ quiet: true }); setTimeout(() => run.reload({ quiet: true }), 900); }, { failed: toast.error });
    const stop = async () => { if (await ask({ title: t('auto.stopask'), body: t('auto.stopbody'), action: t('auto.stop'), danger: true })) { await api.post(path.value + '/stop', {}); run.reload({ quiet: true }); } };
    const answered = async () => { await run.reload({ quiet: true }); setTimeout(() => run.reload({ quiet: true }), 900); };
    const wasDone = () => askForm({
      title: t('auto.itwasdone'), body: t('auto.wasdonebody'), submitLabel: t('auto.itwasdone'), fields: [{ name: 'outputs', label: t('auto.wasdoneout'), type: 'textarea', rows: 4, optional: true, autofocus: true, check: value => { try { const it = JSON.parse(value); return it && typeof it === 'object' && !Array.isArray(it) ? '' : t('auto.json'); } catch { return t('auto.json'); } } }],
      submit: async values => { await act.run('outcome', { answer: 'done', outputs: values.outputs ? JSON.parse(values.outputs) : {} }); },
    });
    const named = step => { const node = (text.data ?? one.data?.definition)?.nodes.find(it => it.id === step.node); return node ? nodeTitle(node) : kinds.step(step.kind); };
    useKeys({ r: [() => run.data?.status === 'failed' && act.run('retry'), 'auto.retry'], s: [() => run.data?.status === 'failed' && act.run('skip'), 'auto.skip'] }, 'auto.keysrun');

    useTop({
      title: () => html`<h1 class="row"><a class="mut" href="/automations">${t('auto.list')}</a><span class="mut">/</span><a class="cut" href=${'/automations/' + props.params.id}>${one.data?.name}</a><span class="mut">/</span><span class="cut">${(run.data && about(run.data)) || '–'}</span></h1>`,
      tools: () => { const it = run.data; return it && html`${it.status === 'failed' && html`<button type="button" class="btn pri" disabled=${act.busy} @click=${() => act.run('retry')}>${icon('refresh')}${t('auto.retry')}</button><button type="button" class="btn" disabled=${act.busy} @click=${() => act.run('skip')}>${icon('arrow')}${t('auto.skip')}</button>`}
        ${['running', 'waiting', 'queued'].includes(it.status) && html`<button type="button" class="btn" @click=${stop}>${icon('pause')}${t('auto.stop')}</button>`}`; },
    });
    const row = step => { const state = stepBadge(step.status), ended = ['done', 'failed', 'stopped'].includes(run.data.status), decision = run.data.decisions?.find(it => it.visit === step.visit), last = step.visit === run.data.steps.at(-1).visit; return html`<li class="auto-node" key=${step.visit} data-row tabindex="0"><span class=${'auto-dot ' + state.kind}>${icon(state.icon ?? { ok: 'check', bad: 'x' }[state.kind] ?? 'bolt', 15)}</span><div class="auto-box">
      <div class="row wrap"><b>${named(step)}</b><${Badge} ...${state} />${step.outcome && step.outcome !== 'error' && html`<span class="tag">${way(step.outcome)}</span>`}${step.attempts > 1 && html`<span class="mut sm">${t('auto.attempts', { n: step.attempts })}</span>`}<code class="mut sm">${step.node}</code>
        <span class="grow"></span><time class="mut sm" title=${dateTime(step.started_at)}>${dateTime(step.started_at)}</time>${step.seconds >= 0.001 && html`<span class="mut sm num">${spent(step.seconds)}</span>`}
        ${ended && html`<button type="button" class="btn sm" disabled=${act.busy} @click=${() => act.run('retry', { visit: step.visit })}>${icon('undo', 13)}${t('auto.retryhere')}</button>`}</div>
      ${step.due_at && ['waiting', 'failed', 'ready'].includes(step.status) && html`<span class="mut sm">${t('auto.waitsuntil', { when: dateTime(step.due_at) })}</span>`}
      ${step.error && html`<p class="notice bad row">${icon('warn')}<span class="auto-value">${step.error}</span></p>`}
      ${step.status === 'unknown' && last && run.data.status === 'failed' && html`<div class="notice warn row wrap">${icon('info')}<span>${t('auto.outcomeask')}</span><span class="grow"></span><button type="button" class="btn sm" disabled=${act.busy} @click=${wasDone}>${t('auto.itwasdone')}</button><button type="button" class="btn sm" disabled=${act.busy} @click=${() => act.run('outcome', { answer: 'again' })}>${t('auto.doagain')}</button><button type="button" class="btn sm" disabled=${act.busy} @click=${() => act.run('outcome', { answer: 'leave' })}>${t('auto.leaveit')}</button></div>`}
      ${decision && !decision.decision && step.status === 'waiting' && html`<div class="notice warn row">${icon('person')}<span class="grow">${decision.question}</span><${Question} it=${{ ...decision, run: props.params.run }} done=${answered} /></div>`}
      ${decision?.decision && html`<p class="row sm">${icon('person', 13)}<b>${t('auto.decidedby', { name: person(decision.decided_by) || '–', decision: way(decision.decision) })}</b>${decision.note && html`<span>“${decision.note}”</span>`}${decision.voted?.length > 0 && html`<span class="mut">${t('auto.votes', { n: decision.voted.length, of: decision.needed })}</span>`}<${Ago} at=${decision.decided_at} /></p>`}
      ${step.kind !== 'approve' && (step.inputs || step.outputs) && html`<div class="auto-pair"><${Side} title=${t('auto.inputs')} value=${step.inputs} /><${Side} title=${t('auto.outputs')} value=${step.outputs} /></div>`}</div></li>`; };
    return () => html`<div class="view">${pause.line()}<${Loaded} of=${run} show=${it => html`<div class="auto-run">
      <div class="row wrap"><${Badge} ...${runBadge(it.status)} /><span class="mut">${t('auto.started')} <${Ago} at=${it.started_at} /></span>${it.seconds != null && html`<span class="mut num">${t('auto.tookrun', { d: spent(it.seconds) })}</span>`}<span class="mut">${t('auto.stepsn', { n: it.steps.length })}</span><a class="mut" href=${`/automations/${props.params.id}?tab=versions`}>${t('auto.onversion', { n: it.version })}</a><span class="mut sm row auto-key"><span>${t('auto.key2')}</span><code class="cut" title=${it.key}>${it.key}</code></span></div>
      ${it.error && !it.steps.some(step => step.error === it.error) && html`<p class="notice bad row">${icon('warn')}${went(it.error)}</p>`}
      ${it.event && html`<details class="auto-started"><summary>${icon('bolt', 14)}${t('auto.trigger')}: <b>${kinds.event(it.event.event)}</b></summary><${Raw} value=${it.event} /></details>`}
      ${it.steps.length ? html`<ol class="auto-flow">${it.steps.map(row)}</ol>` : html`<p class="mut">${t('auto.nosteps')}</p>`}</div>`} /></div>`;
  },
};
const spent = seconds => seconds < 1 ? Math.round(seconds * 1000) + ' ms' : duration(seconds);

const Raw = { props: ['value'], setup: p => () => html`<pre class="auto-json">${JSON.stringify(p.value, null, 2)}</pre>` };

// What went in or came out: names with values, or the JSON itself.
const Side = {
  props: ['title', 'value'],
  data: () => ({ raw: false }),
  render() {
    if (this.value == null || (typeof this.value === 'object' && !Object.keys(this.value).length)) return html`<div><span class="mut sm">${this.title}</span><span class="mut">–</span></div>`;
    return html`<div class="auto-sideof"><span class="row"><span class="mut sm">${this.title}</span><span class="grow"></span><button type="button" class="link sm" aria-pressed=${String(this.raw)} @click=${() => { this.raw = !this.raw; }}>${t('auto.asjson')}</button></span>${this.raw ? html`<${Raw} value=${this.value} />` : html`<${Given} value=${this.value} />`}</div>`;
  },
};
