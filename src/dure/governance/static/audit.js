// The audit trail: who did what, from where, and whether all of it still stands as it was written.
import { action, api, Badge, computed, dateTime, Dialog, html, icon, load, openDialog, reactive, route, setQuery, Table, t, toast, watch, words } from '../web/kit.js';

words({
  ko: {
    'audit.title': '감사 기록', 'audit.when': '시각', 'audit.who': '누가', 'audit.what': '한 일', 'audit.about': '대상', 'audit.where': '워크스페이스', 'audit.from': '주소', 'audit.empty': '맞는 기록이 없습니다', 'audit.emptybody': '거르는 조건을 바꿔 보세요.',
    'audit.action': '한 일', 'audit.any': '모든 일', 'audit.actor': '누가 (이름)', 'audit.entity': '대상 (이름이나 ID)', 'audit.oldest': '부터', 'audit.latest': '까지', 'audit.clear': '조건 지우기',
    'audit.verify': '검증', 'audit.verifying': '검증하는 중', 'audit.export': '내보내기', 'audit.holds': '기록 {n}건이 모두 그대로입니다', 'audit.newest': '가장 새 기록의 해시', 'audit.keep': '이 번호와 해시를 이 서버 밖에 적어 두면, 나중에 전체가 다시 쓰였는지도 알 수 있습니다.',
    'audit.missing': '{n}번 기록이 없습니다', 'audit.changed': '{n}번 기록이 바뀌었습니다', 'audit.cut': '{n}번 기록부터 끝이 잘려 있습니다', 'audit.other': '{n}번까지의 해시가 적어 둔 것과 다릅니다', 'audit.broken': '이 뒤의 기록은 믿을 수 없습니다. 서버 관리자에게 알리고 백업과 비교하세요.',
    'audit.number': '번호', 'audit.hash': '해시', 'audit.agent': '프로그램', 'audit.session': '로그인', 'audit.token': '토큰', 'audit.app': '앱', 'audit.run': '자동화 실행', 'audit.event': '이벤트', 'audit.details': '내용', 'audit.nodetails': '더 적힌 것이 없습니다.', 'audit.only': '이 사람만', 'audit.onlyabout': '이 대상만', 'audit.close': '닫기', 'audit.server': '서버',
  },
  en: {
    'audit.title': 'Audit', 'audit.when': 'When', 'audit.who': 'Who', 'audit.what': 'What', 'audit.about': 'About', 'audit.where': 'Workspace', 'audit.from': 'From', 'audit.empty': 'No entry fits', 'audit.emptybody': 'Try other filters.',
    'audit.action': 'Action', 'audit.any': 'Every action', 'audit.actor': 'Who (name)', 'audit.entity': 'About (name or id)', 'audit.oldest': 'From', 'audit.latest': 'To', 'audit.clear': 'Clear filters',
    'audit.verify': 'Verify', 'audit.verifying': 'Verifying', 'audit.export': 'Export', 'audit.holds': 'All {n} entries stand as they were written', 'audit.newest': 'Hash of the newest entry', 'audit.keep': 'Note this number and hash outside this server: with them it shows later even if the whole trail were written anew.',
    'audit.missing': 'Entry {n} is missing', 'audit.changed': 'Entry {n} was changed', 'audit.cut': 'The end is cut off, from entry {n} on', 'audit.other': 'Up to entry {n} the hash is not the one that was noted', 'audit.broken': 'What comes after it cannot be trusted. Tell who runs the server, and compare with a backup.',
    'audit.number': 'Number', 'audit.hash': 'Hash', 'audit.agent': 'Program', 'audit.session': 'Sign-in', 'audit.token': 'Token', 'audit.app': 'App', 'audit.run': 'Automation run', 'audit.event': 'Event', 'audit.details': 'Details', 'audit.nodetails': 'Nothing more was noted.', 'audit.only': 'Only this person', 'audit.onlyabout': 'Only about this', 'audit.close': 'Close', 'audit.server': 'the server',
  },
});

const FILTERS = ['action', 'actor', 'entity', 'from', 'to'];
const seconds = day => Math.floor(new Date(day + 'T00:00:00').getTime() / 1000);
const text = value => typeof value === 'string' ? value : JSON.stringify(value);

// One entry whole, with ways to look for more like it.
const Detail = {
  props: ['entry', 'names', 'close'],
  setup: p => () => {
    const { entry, close } = p, came = entry.context ?? {}, name = id => p.names[id]?.name ?? id, more = Object.entries(entry.details);
    const only = (key, value) => { close(); setQuery({ [key]: value }); };
    const row = (label, shown) => shown ? html`<div class="row" key=${label} style="align-items:baseline"><dt class="mut sm" style="width:112px;flex:none">${t(label)}</dt><dd class="grow" style="overflow-wrap:anywhere;min-width:0">${shown}</dd></div>` : null;
    return html`<${Dialog} title=${entry.action} @close=${close}><div class="stack"><dl class="stack" style="gap:6px">
      ${row('audit.when', html`<span class="num">${dateTime(entry.time)}</span>`)}${row('audit.who', html`${entry.actor ? name(entry.actor) : t('audit.server')} <code class="mono mut sm">${entry.actor}</code>`)}
      ${row('audit.about', html`${name(entry.entity.id)} <span class="mut">${entry.entity.type}</span> <code class="mono mut sm">${entry.entity.id}</code>`)}${row('audit.where', name(entry.workspace))}${row('audit.event', entry.event)}
      ${row('audit.from', came.ip)}${row('audit.agent', came.ua)}${row('audit.session', came.session)}${row('audit.token', came.token)}${row('audit.app', came.app && name(came.app))}${row('audit.run', entry.run)}</dl>
      <h3>${t('audit.details')}</h3>${more.length ? html`<table class="table small"><tbody>${more.map(([key, value]) => html`<tr key=${key}><td class="mut" style="width:132px">${key}</td><td style="overflow-wrap:anywhere;white-space:normal">${text(value)}</td></tr>`)}</tbody></table>` : html`<p class="mut">${t('audit.nodetails')}</p>`}
      <dl class="stack" style="gap:6px">${row('audit.number', html`<span class="num">${entry.number}</span>`)}${row('audit.hash', html`<code class="mono sm">${entry.digest}</code>`)}</dl>
      <div class="actions end">${entry.actor && html`<button type="button" class="btn" @click=${() => only('actor', entry.actor)}>${t('audit.only')}</button>`}<button type="button" class="btn" @click=${() => only('entity', entry.entity.id)}>${t('audit.onlyabout')}</button><button type="button" class="btn pri" @click=${close}>${t('audit.close')}</button></div></div><//>`;
  },
};

export const AuditTools = {
  setup() {
    const verify = action(async () => { openDialog(Verdict, { verdict: await api.get('/audit/verify') }); }, { failed: toast.error });
    return () => html`<a class="btn" href="/api/v1/audit/export" download>${icon('download')}${t('audit.export')}</a>
      <button type="button" class="btn pri" disabled=${verify.busy} @click=${() => verify.run()}>${icon('check')}${t(verify.busy ? 'audit.verifying' : 'audit.verify')}</button>`;
  },
};

const Verdict = {
  props: ['verdict', 'close'],
  setup: p => () => {
    const { ok, entries, digest, broken_at, problem } = p.verdict;
    return html`<${Dialog} title=${t('audit.verify')} @close=${p.close}><div class="stack" role="status"><p class="row">${ok ? html`<${Badge} kind="ok" icon="check" text=${t('audit.holds', { n: entries })} />` : html`<${Badge} kind="bad" icon="x" text=${t('audit.' + problem, { n: broken_at })} />`}</p>
      ${ok ? html`<p class="mut sm">${t('audit.newest')}</p><code class="mono" style="overflow-wrap:anywhere;user-select:all">${entries} ${digest}</code><p class="mut">${t('audit.keep')}</p>` : html`<p>${t('audit.broken')}</p>`}
      <div class="actions end"><button type="button" class="btn pri" @click=${p.close}>${t('audit.close')}</button></div></div><//>`;
  },
};

export const Audit = {
  setup() {
    const asked = computed(() => Object.fromEntries(FILTERS.map(name => [name, route.query[name] ?? ''])));
    const query = cursor => {
      const { action: what, actor, entity, from, to } = asked.value, made = new URLSearchParams({ limit: 200 });
      for (const [name, value] of Object.entries({ action: what, actor, entity, oldest: from && seconds(from), latest: to && seconds(to) + 86399, cursor })) if (value) made.set(name, value);
      return '/audit?' + made;
    };
    const more = reactive({ rows: [], names: {}, cursor: '', busy: false }), actions = load(signal => api.get('/audit/actions', { signal }));
    const page = load(signal => api.get(query(''), { signal }));
    watch(() => page.data, data => { more.rows = []; more.names = {}; more.cursor = data?.cursor ?? ''; });
    watch(asked, (now, before) => { if (JSON.stringify(now) !== JSON.stringify(before)) page.reload(); });
    const names = computed(() => ({ ...page.data?.names, ...more.names })), rows = computed(() => page.data ? [...page.data.entries, ...more.rows] : undefined);
    async function next() {
      more.busy = true;
      try { const got = await api.get(query(more.cursor)); more.rows.push(...got.entries); Object.assign(more.names, got.names); more.cursor = got.cursor; } catch (failure) { toast.error(failure); }
      more.busy = false;
    }
    const name = id => names.value[id]?.name ?? id;
    const columns = () => [
      { key: 'time', title: t('audit.when'), width: 160, sort: false, cls: 'num nowrap', render: e => dateTime(e.time) },
      { key: 'actor', title: t('audit.who'), sort: false, cls: 'nowrap', render: e => html`<span class="cut">${e.actor ? name(e.actor) : t('audit.server')}</span>` },
      { key: 'action', title: t('audit.what'), sort: false, cls: 'mono nowrap', render: e => html`<span class="cut">${e.action}</span>` },
      { key: 'entity', title: t('audit.about'), sort: false, cls: 'rest', render: e => html`<span class="row"><span class="mut nowrap">${e.entity.type}</span><span class="cut">${e.details.channel_name || (names.value[e.entity.id]?.name ?? e.details.name ?? e.entity.id)}</span></span>` },
      { key: 'workspace', title: t('audit.where'), sort: false, cls: 'mut nowrap', render: e => name(e.workspace) },
      { key: 'from', title: t('audit.from'), width: 132, sort: false, cls: 'mut num nowrap', render: e => e.context?.ip ?? '' },
    ];
    // Names are typed and ids are asked for; what is no name is taken for an id.
    const known = load(async signal => (await api.get('/organisation/people', { signal, quiet: true })).people.map(one => ({ id: one.id, name: one.name })));
    const idOf = typed => { const all = (known.data ?? []).filter(one => one.name === typed); return all.length === 1 ? all[0].id : typed; };
    const called = value => known.data?.find(one => one.id === value)?.name ?? value;
    const set = (key, value) => setQuery({ [key]: key === 'actor' || key === 'entity' ? idOf(value.trim()) : value.trim() });
    const field = (key, type, width) => html`<input class="input sm" type=${type} style=${`width:${width}px`} list=${type === 'search' ? 'audit-people' : null} aria-label=${t('audit.' + ({ from: 'oldest', to: 'latest' }[key] ?? key))} placeholder=${type === 'search' ? t('audit.' + key) : null} value=${called(asked.value[key])} @change=${e => set(key, e.target.value)} />`;
    const bar = () => html`<div class="row wrap" role="search" aria-label=${t('audit.title')} style="padding:8px 16px;gap:8px;border-bottom:1px solid var(--line)"><datalist id="audit-people">${(known.data ?? []).map(one => html`<option key=${one.id} value=${one.name}></option>`)}</datalist>
      <select class="input sm" style="width:240px" aria-label=${t('audit.action')} @change=${e => set('action', e.target.value)}><option value="" selected=${!asked.value.action}>${t('audit.any')}</option>${(actions.data?.actions ?? [asked.value.action].filter(Boolean)).map(one => html`<option key=${one} value=${one} selected=${one === asked.value.action}>${one}</option>`)}</select>
      ${field('actor', 'search', 150)}${field('entity', 'search', 170)}<label class="row sm mut">${t('audit.oldest')}${field('from', 'date', 140)}</label><label class="row sm mut">${t('audit.latest')}${field('to', 'date', 140)}</label>
      ${FILTERS.some(key => asked.value[key]) && html`<button type="button" class="btn ghost sm" @click=${() => setQuery(Object.fromEntries(FILTERS.map(key => [key, ''])))}>${icon('x', 14)}${t('audit.clear')}</button>`}</div>`;
    const look = entry => openDialog(Detail, { entry, names: names.value });
    return () => html`${bar()}<${Table} label=${t('audit.title')} columns=${columns()} rows=${rows.value} rowKey="number" loading=${page.loading} error=${page.error} retry=${page.reload} open=${look} hasMore=${Boolean(more.cursor)} more=${next} loadingMore=${more.busy} page=${1e9} empty=${{ icon: 'clock', title: t('audit.empty'), body: t('audit.emptybody') }} />`;
  },
};
