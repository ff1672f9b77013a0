// The runs of one automation: found by state, text, step, version and day; page by page, fresh as they happen.
import { action, Ago, api, computed, dateTime, duration, go, html, icon, load, reloadOn, setQuery, shallowReactive, t, Table, toast, watch, words, Badge } from '../web/kit.js';
import { about, runBadge, went } from './words.js';

words({
  ko: { 'auto.findrun': '대상, 오류, 키로 찾기', 'auto.sinceday': '이 날부터', 'auto.steps2': '단계', 'auto.atnode': '{node}에서', 'auto.clearnode': '단계 조건 빼기', 'auto.nofit': '맞는 실행이 없습니다', 'auto.nofitbody': '조건을 빼 보세요.', 'auto.noend': '진행 중' },
  en: { 'auto.findrun': 'Find by subject, error or key', 'auto.sinceday': 'Since', 'auto.steps2': 'Steps', 'auto.atnode': 'at {node}', 'auto.clearnode': 'Any step', 'auto.nofit': 'No run fits', 'auto.nofitbody': 'Try with fewer filters.', 'auto.noend': 'under way' },
});
const STATES = ['', 'running', 'waiting', 'done', 'failed', 'stopped'], RARE = ['queued', 'dropped'];

export const History = {
  props: ['automation', 'query'],
  setup(p) {
    const path = `/automations/${p.automation.id}/runs`;
    const asked = computed(() => ({ status: p.query.status, q: p.query.q, node: p.query.node, since: p.query.since && new Date(p.query.since + 'T00:00:00').toISOString(), limit: 100 }));
    const runs = load(signal => api.get(path, { signal, query: asked.value }), { watch: () => JSON.stringify(asked.value) }), more = shallowReactive({ rows: [], next: '' });
    reloadOn(runs, 'automation');
    watch(() => runs.data, it => { more.rows = it?.runs ?? []; more.next = it?.next ?? ''; });
    const further = action(async () => { const page = await api.get(path, { query: { ...asked.value, after: more.next } }); more.rows = [...more.rows, ...page.runs]; more.next = page.next; }, { failed: toast.error });
    let timer = 0;
    const type = text => { clearTimeout(timer); timer = setTimeout(() => setQuery({ q: text || undefined }), 250); };
    const columns = () => [
      { key: 'status', title: t('auto.status'), width: 112, render: it => html`<${Badge} ...${runBadge(it.status)} />` }, { key: 'subject', title: t('auto.subject'), width: '32%', cls: 'auto-tight', render: it => html`<span class="cut" title=${it.subject}>${about(it) || '–'}</span>` },
      { key: 'error', title: t('auto.error'), sort: false, width: '34%', cls: 'auto-tight', render: it => it.error ? html`<span class="poor cut" title=${went(it.error)}>${went(it.error)}</span>` : ['waiting', 'running'].includes(it.status) ? html`<span class="row sm mut"><code class="cut">${it.node}</code>${it.due_at && dateTime(it.due_at)}</span>` : null },
      { key: 'steps', title: t('auto.steps2'), num: true, width: 64 }, { key: 'version', title: t('auto.version'), num: true, width: 72, cls: 'mut' }, { key: 'seconds', title: t('auto.took'), num: true, width: 100, cls: 'nowrap', sort: it => it.seconds ?? -1, render: it => it.seconds == null ? html`<span class="mut" title=${t('auto.noend')}>–</span>` : it.seconds < 1 ? '< 1 s' : duration(it.seconds) },
      { key: 'started_at', title: t('auto.started'), width: 100, render: it => html`<${Ago} at=${it.started_at} />` },
    ];
    const filtered = () => p.query.status || p.query.q || p.query.node || p.query.since;
    return () => html`<div class="row wrap auto-bar"><div class="seg">${[...STATES, ...RARE.filter(one => runs.data?.by_status[one])].map(status => html`<button type="button" key=${status} aria-pressed=${String((p.query.status ?? '') === status)} @click=${() => setQuery({ status: status || undefined })}>${status ? runBadge(status).text : t('auto.all')}</button>`)}</div>
        <input class="input" type="search" aria-label=${t('auto.findrun')} placeholder=${t('auto.findrun')} value=${p.query.q ?? ''} @input=${e => type(e.target.value)} /><label class="row sm mut">${t('auto.sinceday')}<input class="input" type="date" aria-label=${t('auto.sinceday')} value=${p.query.since ?? ''} @change=${e => setQuery({ since: e.target.value || undefined })} /></label>
        ${p.query.node && html`<button type="button" class="btn sm on" @click=${() => setQuery({ node: undefined })} title=${t('auto.clearnode')}>${t('auto.atnode', { node: p.query.node })}${icon('x', 12)}</button>`}</div>
      <${Table} label=${t('auto.runs')} columns=${columns()} rows=${more.rows} loading=${runs.loading && !runs.data} error=${runs.error} retry=${runs.reload} open=${run => go(`/automations/${p.automation.id}/runs/${run.id}`)} hasMore=${!!more.next} more=${further.run} loadingMore=${further.busy}
        empty=${filtered() ? { icon: 'find', title: t('auto.nofit'), body: t('auto.nofitbody') } : { icon: 'bolt', title: t('auto.norun'), body: t('auto.norunbody') }} />`;
  },
};
