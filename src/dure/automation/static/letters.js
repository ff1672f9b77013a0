// What failed, over all automations: tried again, passed over, or looked at, one by one or many at once.
import { action, Ago, api, ask, Badge, computed, go, html, icon, load, reloadOn, ref, setQuery, shallowReactive, t, Table, toast, watch, words } from '../web/kit.js';
import { kinds } from './kinds.js';
import { about, stepBadge } from './words.js';

words({
  ko: { 'auto.letters': '실패한 실행', 'auto.retrymany': '다시 시도', 'auto.skipmany': '건너뛰고 계속', 'auto.retried': '{n}건을 다시 시작했습니다', 'auto.skippedn': '{n}건을 건너뛰었습니다', 'auto.refusedn': '{n}건은 하지 못했습니다: {why}', 'auto.onlyunknown': '결과 모름만', 'auto.allautos': '모든 자동화', 'auto.failedat': '멈춘 단계', 'auto.skipask': '{n}건의 실패한 단계를 건너뛸까요?', 'auto.skipbody': '그 단계는 하지 않은 채 다음으로 갑니다.', 'auto.when2': '실패한 때' },
  en: { 'auto.letters': 'Failed runs', 'auto.retrymany': 'Try again', 'auto.skipmany': 'Skip and go on', 'auto.retried': '{n} {n|is|are} under way again', 'auto.skippedn': '{n} {n|was|were} skipped', 'auto.refusedn': '{n} could not be: {why}', 'auto.onlyunknown': 'Unknown outcomes only', 'auto.allautos': 'All automations', 'auto.failedat': 'Stopped at', 'auto.skipask': 'Skip the failed step of {n} {n|run|runs}?', 'auto.skipbody': 'The step is left undone and the run goes on.', 'auto.when2': 'Failed' },
});

export const Letters = {
  props: ['query', 'automations', 'changed'],
  setup(p) {
    const asked = computed(() => ({ automation: p.query.of, only: p.query.only })), picked = ref(new Set()), more = shallowReactive({ rows: [], next: '', busy: false });
    const letters = load(signal => api.get('/automations/dead-letters', { signal, query: { ...asked.value, limit: 100 } }), { watch: () => JSON.stringify(asked.value) });
    reloadOn(letters, 'automation');
    watch(() => letters.data, it => { more.rows = it?.letters ?? []; more.next = it?.next ?? ''; picked.value = new Set([...picked.value].filter(id => more.rows.some(row => row.id === id))); });
    const further = action(async () => { const page = await api.get('/automations/dead-letters', { query: { ...asked.value, after: more.next, limit: 100 } }); more.rows = [...more.rows, ...page.letters]; more.next = page.next; }, { failed: toast.error });
    const act = action(async (what, ids) => {
      const { done, refused } = await api.post('/automations/dead-letters/' + what, { runs: ids });
      if (done.length) toast(t(what === 'retry' ? 'auto.retried' : 'auto.skippedn', { n: done.length }));
      if (refused.length) toast(t('auto.refusedn', { n: refused.length, why: refused[0].message }), { kind: 'bad', seconds: 10 });
      picked.value = new Set(); await letters.reload({ quiet: true }); p.changed?.();
    }, { failed: toast.error });
    const skip = async ids => { if (await ask({ title: t('auto.skipask', { n: ids.length }), body: t('auto.skipbody'), action: t('auto.skipmany') })) act.run('skip', ids); };
    const columns = () => [
      { key: 'status', title: t('auto.status'), width: 120, render: it => html`<${Badge} ...${stepBadge(it.status === 'unknown' ? 'unknown' : 'dead')} />` }, { key: 'name', title: t('auto.automation'), width: '15%', cls: 'auto-tight', render: it => html`<span class="cut">${it.name}</span>` }, { key: 'subject', title: t('auto.subject'), width: '15%', cls: 'auto-tight', render: it => html`<span class="cut">${it.about || about(it)}</span>` },
      { key: 'node', title: t('auto.failedat'), width: '16%', cls: 'auto-tight', render: it => html`<span class="row"><span class="cut">${kinds.step(it.kind ?? '')}</span><code class="mut sm">${it.node}</code></span>` }, { key: 'error', title: t('auto.error'), width: '34%', cls: 'poor auto-tight', render: it => html`<span class="cut" title=${it.error}>${it.error}</span>` },
      { key: 'attempts', title: t('auto.retries'), num: true, width: 80 }, { key: 'ended_at', title: t('auto.when2'), width: 110, render: it => html`<${Ago} at=${it.ended_at ?? it.started_at} />` },
    ];
    return () => html`<div class="auto-letters"><div class="row wrap auto-bar"><select class="input" aria-label=${t('auto.automation')} @change=${e => setQuery({ of: e.target.value || undefined })}><option value="">${t('auto.allautos')}</option>${(p.automations ?? []).map(it => html`<option key=${it.id} value=${it.id} selected=${it.id === p.query.of}>${it.name}</option>`)}</select>
        <button type="button" class="btn" aria-pressed=${String(p.query.only === 'unknown')} @click=${() => setQuery({ only: p.query.only ? undefined : 'unknown' })}>${icon('info', 14)}${t('auto.onlyunknown')}</button></div>
      <${Table} label=${t('auto.letters')} columns=${columns()} rows=${more.rows} loading=${letters.loading && !letters.data} error=${letters.error} retry=${letters.reload} open=${it => go(`/automations/${it.automation}/runs/${it.id}`)} selection=${picked.value} onSelect=${set => { picked.value = set; }}
        bulk=${ids => html`<button type="button" class="btn sm" disabled=${act.busy} @click=${() => act.run('retry', ids)}>${icon('refresh', 13)}${t('auto.retrymany')}</button><button type="button" class="btn sm" disabled=${act.busy} @click=${() => skip(ids)}>${icon('arrow', 13)}${t('auto.skipmany')}</button>`}
        hasMore=${!!more.next} more=${further.run} loadingMore=${further.busy} empty=${{ icon: 'check', title: t('auto.nofailed'), body: t('auto.nofailedbody') }} /></div>`;
  },
};
