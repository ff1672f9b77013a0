// Where events come from, the key each sends with, and what was refused and why.
import { Ago, api, ask, askForm, Badge, date, html, icon, inLang, load, Panel, ref, t, Table, Tabs, toast, useTop, words } from '../web/kit.js';

words({
  ko: {
    'sources.sources': '소스', 'sources.rejects': '거부된 이벤트', 'sources.name': '이름', 'sources.key': '쓰기 키', 'sources.made': '만든 때', 'sources.state': '상태', 'sources.on': '받는 중', 'sources.off': '폐기됨', 'sources.copy': '복사', 'sources.copied': '복사했습니다',
    'sources.add': '소스 만들기', 'sources.added': '{name} 소스를 만들었습니다', 'sources.hint': '웹, 앱, 서버처럼 이벤트가 오는 곳마다 하나씩 만드세요.', 'sources.revoke': '폐기', 'sources.ask': '{name} 소스를 폐기할까요?', 'sources.askbody': '이 키로 보내는 이벤트는 늦어도 10초 안에 401로 거절됩니다. 이미 받은 이벤트는 남습니다.',
    'sources.none': '아직 소스가 없습니다', 'sources.nonebody': '소스를 만들면 쓰기 키가 나옵니다. Segment 라이브러리의 host를 이 서버로 바꾸면 바로 들어옵니다.',
    'sources.fine': '최근 7일 동안 거부된 이벤트가 없습니다', 'sources.finebody': '형식이 틀렸거나 누구의 것인지 알 수 없는 이벤트는 이유와 함께 여기에 남습니다.',
    'sources.source': '소스', 'sources.reason': '이유', 'sources.count': '건수', 'sources.day': '날짜', 'sources.last': '마지막', 'sources.example': '최근 예', 'sources.how': '보내는 방법', 'sources.see': '보기',
  },
  en: {
    'sources.sources': 'Sources', 'sources.rejects': 'Refused events', 'sources.name': 'Name', 'sources.key': 'Write key', 'sources.made': 'Made', 'sources.state': 'State', 'sources.on': 'Taking events', 'sources.off': 'Revoked', 'sources.copy': 'Copy', 'sources.copied': 'Copied',
    'sources.add': 'Make a source', 'sources.added': 'The source {name} was made', 'sources.hint': 'One for each place that events come from: site, app, server.', 'sources.revoke': 'Revoke', 'sources.ask': 'Revoke the source {name}?', 'sources.askbody': 'Events sent with its key are answered with 401 within ten seconds. Events that came stay.',
    'sources.none': 'No sources yet', 'sources.nonebody': 'A source has a write key. Point the host of any Segment library here and events come in.',
    'sources.fine': 'Nothing was refused in the last seven days', 'sources.finebody': 'Events that are malformed or belong to nobody are kept here with the reason.',
    'sources.source': 'Source', 'sources.reason': 'Reason', 'sources.count': 'Count', 'sources.day': 'Day', 'sources.last': 'Last', 'sources.example': 'Newest example', 'sources.how': 'How to send', 'sources.see': 'Show',
  },
});

const REASONS = {
  malformed: { ko: '프로토콜 형식이 아닙니다', en: 'Not what the protocol asks for' }, too_large: { ko: '이벤트가 너무 큽니다', en: 'The event is too large' }, too_deep: { ko: '속성이 너무 깊게 겹쳐 있습니다', en: 'Properties are nested too deeply' },
  unknown_type: { ko: '모르는 호출 종류입니다', en: 'An unknown type of call' }, no_name: { ko: '이벤트 이름이 없습니다', en: 'The event has no name' }, name_too_long: { ko: '이벤트 이름이 255자를 넘습니다', en: 'The name has more than 255 characters' },
  no_identity: { ko: '누구인지, 어느 기기인지 없습니다', en: 'Neither who nor which device' }, junk_id: { ko: '여럿이 함께 쓰게 될 자리표시 ID입니다', en: 'A placeholder that many would share' }, id_too_long: { ko: 'ID가 너무 길거나 제어 문자가 있습니다', en: 'An id is too long or has control characters' },
  time_unreadable: { ko: '시간을 읽을 수 없습니다', en: 'The time is not readable' }, time_too_early: { ko: '1990년보다 앞선 시간입니다', en: 'The time is before 1990' }, time_in_future: { ko: '한 시간보다 더 미래의 시간입니다', en: 'The time is over an hour ahead' },
};

export default {
  setup() {
    const tab = ref('sources'), open = ref(null);
    const sources = load(signal => api.get('/sources', { signal })), rejects = load(signal => api.get('/rejects', { signal }));

    async function add() {
      await askForm({
        title: t('sources.add'), submitLabel: t('sources.add'), fields: [{ name: 'name', label: t('sources.name'), hint: t('sources.hint'), required: true, autofocus: true }],
        submit: async values => { const made = await api.post('/sources', values); toast(t('sources.added', { name: made.name })); sources.reload({ quiet: true }); },
      });
    }
    async function revoke(source) {
      if (!await ask({ title: t('sources.ask', { name: source.name }), body: t('sources.askbody'), action: t('sources.revoke'), danger: true })) return;
      await api.del('/sources/' + source.id);
      sources.reload({ quiet: true });
    }
    const copy = async text => { await navigator.clipboard?.writeText(text); toast(t('sources.copied')); };

    useTop({
      tools: () => html`<${Tabs} label=${t('sources.sources')} value=${tab.value} change=${value => { tab.value = value; }} items=${[{ value: 'sources', label: t('sources.sources'), count: sources.data?.sources.length || null }, { value: 'rejects', label: t('sources.rejects'), count: rejects.data?.total || null }]} />
        ${tab.value === 'sources' && html`<button type="button" class="btn pri" @click=${add}>${icon('plus')}${t('sources.add')}</button>`}`,
    });
    const columns = () => [
      { key: 'name', title: t('sources.name') },
      { key: 'write_key', title: t('sources.key'), sort: false, render: s => html`<span class="row"><code class="mono cut">${s.write_key}</code>${!s.revoked && html`<button type="button" class="btn sm ghost" @click=${() => copy(s.write_key)}>${icon('copy')}${t('sources.copy')}</button>`}</span>` },
      { key: 'created_at', title: t('sources.made'), value: s => s.created_at, render: s => date(s.created_at) },
      { key: 'revoked', title: t('sources.state'), render: s => html`<${Badge} kind=${s.revoked ? undefined : 'ok'} text=${t(s.revoked ? 'sources.off' : 'sources.on')} />` },
      { key: 'acts', title: '', sort: false, width: 90, render: s => !s.revoked && html`<button type="button" class="btn sm" @click=${() => revoke(s)}>${t('sources.revoke')}</button>` },
    ];
    const saidOf = r => inLang(REASONS[r.reason] ?? { ko: r.sentence, en: r.sentence }) + (r.message && r.message !== r.sentence ? ` (${r.message})` : '');
    const keyOf = r => `${r.source} ${r.reason} ${r.day}`;
    const rejectColumns = () => [
      { key: 'reason', title: t('sources.reason'), value: r => inLang(REASONS[r.reason] ?? { ko: r.sentence, en: r.sentence }) },
      { key: 'source', title: t('sources.source') }, { key: 'day', title: t('sources.day'), render: r => date(r.day) }, { key: 'count', title: t('sources.count'), num: true },
      { key: 'last_at', title: t('sources.last'), render: r => html`<${Ago} at=${r.last_at} />` },
      { key: 'example', title: t('sources.example'), sort: false, render: r => html`<code class="mono cut mut">${r.example.slice(0, 90)}</code>` },
    ];
    const how = () => `import segment.analytics as analytics\nanalytics.write_key = '${sources.data?.sources.find(s => !s.revoked)?.write_key ?? 'KEY'}'\nanalytics.host = '${location.origin}'\nanalytics.track('user-1', 'Signed Up', {'plan': 'free'})`;
    return () => html`<div class="view sources">
      ${tab.value === 'sources' && html`<${Table} label=${t('sources.sources')} columns=${columns()} rows=${sources.data?.sources} loading=${sources.loading} error=${sources.error} retry=${sources.reload} empty=${{ icon: 'send', title: t('sources.none'), body: t('sources.nonebody'), action: { label: t('sources.add'), run: add } }} />
        ${sources.data?.sources.length > 0 && html`<div class="page"><${Panel} title=${t('sources.how')} wide=${true}><pre class="mono sm sources-how">${how()}</pre><//></div>`}`}
      ${tab.value === 'rejects' && html`<${Table} label=${t('sources.rejects')} columns=${rejectColumns()} rows=${rejects.data?.rejects} rowKey=${keyOf} loading=${rejects.loading} error=${rejects.error} retry=${rejects.reload} open=${r => { open.value = open.value && keyOf(open.value) === keyOf(r) ? null : r; }} empty=${{ icon: 'check', title: t('sources.fine'), body: t('sources.finebody') }} />
        ${open.value && html`<div class="page"><${Panel} title=${t('sources.example')} wide=${true}><p>${saidOf(open.value)}</p><pre class="mono sm sources-how">${open.value.example}</pre><//></div>`}`}
    </div>`;
  },
};
