// Who changed what: every version with its author, time and note, the difference between any two, and the way back.
import { action, Ago, api, askForm, Badge, dateTime, html, icon, load, Loaded, reactive, reloadOn, t, toast, watch, words } from '../web/kit.js';
import { nodeTitle } from './builder/canvas.js';
import { Differences } from './diff.js';
import { person } from './options.js';

words({
  ko: { 'auto.versions': '버전', 'auto.live': '지금', 'auto.back': '이 버전으로 되돌리기', 'auto.backbody': '버전 {n}의 내용이 새 버전으로 나옵니다. 그 사이 버전은 목록에 남습니다.', 'auto.backdone': '버전 {from}의 내용을 버전 {n}(으로/로) 냈습니다', 'auto.steps_n': '단계 {n}개', 'auto.undern': '실행 {n}건이 이 버전에 있음', 'auto.from': '앞', 'auto.to': '뒤', 'auto.nonote': '메모 없음', 'auto.changes': '바뀐 것', 'auto.acts': '기록', 'auto.noacts': '아직 기록이 없습니다', 'auto.moveit': '실행 옮기기', 'auto.moveruns': '실행 {n}건을 버전 {to}(으로/로) 옮기기', 'auto.movewhere': '새 버전에 없는 단계가 있습니다. 거기 있던 실행은 어디로 갈까요?', 'auto.movedn': '실행 {n}건을 버전 {to}(으로/로) 옮겼습니다',
    'auto.act.Automation Created': '만듦', 'auto.act.Automation Changed': '버전 {n}(을/를) 냄', 'auto.act.Automation Enabled': '켬', 'auto.act.Automation Disabled': '끔', 'auto.act.Automation Stopped': '스스로를 되먹여 멈춤', 'auto.act.Form Answered': '양식에 답함', 'auto.act.Outcome Settled': '{node}의 결과를 알림: {answer}', 'auto.act.Run Stopped': '{node}에서 실행을 중지', 'auto.act.Runs Moved': '실행을 버전 {from}에서 {to}(으로/로) 옮김', 'auto.act.Webhook Address Renewed': '웹훅 주소를 새로 만듦', 'auto.act.Step Retried': '{node}(을/를) 다시 시도', 'auto.act.Step Skipped': '{node}(을/를) 건너뜀', 'auto.act.Approval Decided': '{node}에 답함: {decision}' },
  en: { 'auto.versions': 'Versions', 'auto.live': 'live', 'auto.back': 'Go back to this version', 'auto.backbody': 'The text of version {n} is published as a new version. The versions between stay in the list.', 'auto.backdone': 'The text of version {from} is version {n} now', 'auto.steps_n': '{n} {n|step|steps}', 'auto.undern': '{n} {n|run stands|runs stand} on it', 'auto.from': 'Before', 'auto.to': 'After', 'auto.nonote': 'no note', 'auto.changes': 'Changes', 'auto.acts': 'Activity', 'auto.noacts': 'Nothing was done yet', 'auto.moveit': 'Move its runs', 'auto.moveruns': 'Move {n} {n|run|runs} to version {to}', 'auto.movewhere': 'The new version does not have these steps. Where do the runs on them go?', 'auto.movedn': '{n} {n|run was|runs were} moved to version {to}',
    'auto.act.Automation Created': 'made it', 'auto.act.Automation Changed': 'published version {n}', 'auto.act.Automation Enabled': 'switched it on', 'auto.act.Automation Disabled': 'switched it off', 'auto.act.Automation Stopped': 'it was stopped', 'auto.act.Form Answered': 'answered a form', 'auto.act.Outcome Settled': 'said what came of {node}: {answer}', 'auto.act.Run Stopped': 'stopped a run at {node}', 'auto.act.Runs Moved': 'moved runs from version {from} to {to}', 'auto.act.Webhook Address Renewed': 'made a new webhook address', 'auto.act.Step Retried': 'retried {node}', 'auto.act.Step Skipped': 'skipped {node}', 'auto.act.Approval Decided': 'answered {node}: {decision}' },
});

export const Versions = {
  props: ['automation', 'done'],
  setup(p) {
    const path = '/automations/' + p.automation.id, all = load(signal => api.get(path + '/versions', { signal })), pair = reactive({ before: null, after: null });
    reloadOn(all, 'automation');
    watch(() => all.data, it => { if (it && pair.after === null) { pair.after = it.versions[0]?.version; pair.before = it.versions[1]?.version ?? pair.after; } }, { immediate: true });
    const changes = load(signal => pair.before && pair.after && pair.before !== pair.after ? api.get(path + '/diff', { signal, query: { before: pair.before, after: pair.after } }) : Promise.resolve({ changes: [] }), { watch: () => [pair.before, pair.after] });
    const back = one => askForm({
      title: t('auto.back'), body: t('auto.backbody', { n: one.version }), submitLabel: t('auto.back'), fields: [{ name: 'note', label: t('auto.note'), optional: true, autofocus: true }],
      submit: async values => { const made = await api.post(path + '/rollback', { version: one.version, note: values.note }); toast(t('auto.backdone', { from: one.version, n: made.version })); p.done?.(made); Object.assign(pair, { before: one.version, after: made.version }); await all.reload({ quiet: true }); },
    });
    // Runs stay on their version unless they are moved on purpose; where a step is no more, somebody says where they go.
    const mover = action(async (one, mapping = {}) => {
      const live = all.data.versions.find(it => it.live).version;
      try {
        const moved = await api.post(path + '/move-runs', { from: one.version, to: live, mapping });
        toast(t('auto.movedn', { n: moved.moved, to: live })); await all.reload({ quiet: true });
      } catch (error) {
        if (!error.data?.nodes) throw error;
        const doc = (await api.get(`${path}/versions/${live}`)).definition, options = doc.nodes.map(node => ({ value: node.id, label: { ko: `${nodeTitle(node)} (${node.id})`, en: `${nodeTitle(node)} (${node.id})` } }));
        await askForm({ title: t('auto.moveruns', { n: one.under_way, to: live }), body: t('auto.movewhere'), submitLabel: t('auto.moveit'), fields: Object.entries(error.data.nodes).map(([node, n]) => ({ name: node, label: `${node} (${n})`, type: 'select', required: true, options })), submit: async values => { await mover.run(one, values); } });
      }
    }, { failed: toast.error });
    const see = i => { const list = all.data.versions; pair.after = list[i].version; pair.before = list[i + 1]?.version ?? list[i].version; };
    const key = (e, i) => { const by = { ArrowDown: 1, ArrowUp: -1 }[e.key]; if (by && all.data.versions[i + by]) { e.preventDefault(); see(i + by); e.currentTarget.parentElement.children[i + by].focus(); } };
    const choice = name => html`<label class="row sm"><span class="mut">${t('auto.' + (name === 'before' ? 'from' : 'to'))}</span><select class="input" @change=${e => { pair[name] = +e.target.value; }}>${all.data.versions.map(one => html`<option key=${one.version} value=${one.version} selected=${one.version === pair[name]}>v${one.version}</option>`)}</select></label>`;
    return () => html`<${Loaded} of=${all} show=${({ versions }) => html`<div class="auto-versions"><ol class="auto-version-list" aria-label=${t('auto.versions')}>${versions.map((one, i) => html`<li key=${one.version} data-row tabindex=${one.version === pair.after ? 0 : -1} class=${one.version === pair.after ? 'on' : ''} @click=${() => see(i)} @keydown=${e => key(e, i)}>
        <div class="row"><b>v${one.version}</b>${one.live && html`<${Badge} kind="ok" text=${t('auto.live')} />`}<span class="cut">${person(one.published_by)}</span><span class="grow"></span><${Ago} at=${one.published_at} /></div>
        <div class="row sm"><span class=${one.note ? '' : 'mut'}>${one.note || t('auto.nonote')}</span></div><div class="row sm mut"><span>${t('auto.steps_n', { n: one.nodes })}</span>${one.under_way > 0 && html`<span>· ${t('auto.undern', { n: one.under_way })}</span>`}<span class="grow"></span>${!one.live && one.under_way > 0 && html`<button type="button" class="btn sm" disabled=${mover.busy} @click=${e => { e.stopPropagation(); mover.run(one); }}>${icon('arrow', 13)}${t('auto.moveit')}</button>`}${!one.live && html`<button type="button" class="btn sm" @click=${e => { e.stopPropagation(); back(one); }}>${icon('undo', 13)}${t('auto.back')}</button>`}</div></li>`)}</ol>
      <section class="auto-compare"><div class="row wrap"><h3>${t('auto.changes')}</h3><span class="grow"></span>${choice('before')}${choice('after')}</div><${Loaded} of=${changes} skeleton="text" show=${it => html`<${Differences} changes=${it.changes} />`} /></section></div>`} />`;
  },
};

// What people did with it, newest first.
export const Acts = {
  props: ['automation'],
  setup(p) {
    const acts = load(signal => api.get(`/automations/${p.automation.id}/acts`, { signal }));
    reloadOn(acts, 'automation');
    const said = one => t('auto.act.' + one.event, { n: one.properties.version ?? '', node: one.properties.node ?? '', decision: one.properties.decision ?? '', answer: one.properties.answer ?? '', from: one.properties.from ?? '', to: one.properties.to ?? '' });
    return () => html`<${Loaded} of=${acts} empty=${it => !it.acts.length && { icon: 'list', title: t('auto.noacts') }} show=${it => html`<ol class="auto-acts-list">${it.acts.map((one, i) => html`<li key=${i} class="row"><b>${person(one.actor) || '–'}</b><span class="cut">${said(one)}${one.properties.note && html` <span class="mut">“${one.properties.note}”</span>`}</span><span class="grow"></span>
      ${one.properties.run && html`<a class="mut sm" href=${`/automations/${p.automation.id}/runs/${one.properties.run}`}>${t('auto.open')}</a>`}<time class="mut sm" title=${dateTime(one.time)}><${Ago} at=${one.time} /></time></li>`)}</ol>`} />`;
  },
};
