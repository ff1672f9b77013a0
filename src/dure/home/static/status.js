// How the server is: what is late and what that means, its databases, followers, feed, disk.
import { api, Badge, duration, html, icon, load, num, onUnmounted, Panel, percent, Stat, Loaded, t, Table, words } from '../web/kit.js';

words({
  ko: {
    'status.fine': '모두 정상입니다', 'status.finebody': '이벤트를 받고 있고, 답은 방금까지의 것입니다.', 'status.safe': '이벤트는 받아서 안전하게 보관했습니다', 'status.behind': '질문의 답은 {for} 전까지의 것입니다. 로그가 따라잡으면 빠진 것 없이 채워집니다.', 'status.logdown': '이벤트 로그가 답하지 않습니다. 이벤트는 계속 받아 보관하며, 로그가 돌아오면 빠짐없이 한 번씩 옮겨집니다. 그동안 분석 화면은 답하지 못합니다.', 'status.statedown': 'PostgreSQL이 답하지 않아 이벤트를 받지 못하고 있습니다. 보내는 쪽은 503을 받고 다시 보냅니다.', 'status.latejobs': '늦은 작업: {names}',
    'status.databases': '데이터베이스', 'status.state': '상태 저장소와 피드', 'status.log': '이벤트 로그', 'status.ok': '정상', 'status.bad': '응답 없음', 'status.followers': '뒤따르는 작업', 'status.name': '작업', 'status.means': '늦으면', 'status.batches': '남은 묶음', 'status.seconds': '지연', 'status.late': '늦음', 'status.current': '최신',
    'status.feed': '피드', 'status.events': '이벤트', 'status.bytes': '디스크', 'status.oldest': '가장 오래된 묶음', 'status.waiting': '저장 중인 이벤트', 'status.disk': '남은 디스크', 'status.of': '전체 {total} 중 {share}', 'status.answers': '답의 지연', 'status.now': '없음', 'status.feednote': '묶음 {n}개', 'status.version': '버전', 'status.sockets': '열린 화면',
    'status.f.log': '분석과 지표의 답이 옛것입니다', 'status.f.people': '사람 연결과 특성이 늦게 보입니다', 'status.f.other': '자동화가 늦게 시작됩니다', 'status.updated': '5초마다 새로 읽습니다',
  },
  en: {
    'status.fine': 'Everything is fine', 'status.finebody': 'Events are taken, and answers are up to date.', 'status.safe': 'Events are accepted and safe', 'status.behind': 'Answers are {for} behind. Once the log has caught up, nothing is missing.', 'status.logdown': 'The event log does not answer. Events are still accepted and kept, and go into it exactly once when it is back. Until then, analytics cannot answer.', 'status.statedown': 'PostgreSQL does not answer, so events cannot be taken. Senders get a 503 and send again.', 'status.latejobs': 'Late: {names}',
    'status.databases': 'Databases', 'status.state': 'State and feed', 'status.log': 'Event log', 'status.ok': 'Answers', 'status.bad': 'No answer', 'status.followers': 'Followers', 'status.name': 'Follower', 'status.means': 'When late', 'status.batches': 'Batches to read', 'status.seconds': 'Behind', 'status.late': 'Late', 'status.current': 'Up to date',
    'status.feed': 'Feed', 'status.events': 'Events', 'status.bytes': 'Disk', 'status.oldest': 'Oldest batch', 'status.waiting': 'Events being stored', 'status.disk': 'Free disk', 'status.of': '{share} of {total}', 'status.answers': 'Answers behind', 'status.now': 'Not at all', 'status.feednote': '{n} {n|batch|batches}', 'status.version': 'Version', 'status.sockets': 'Open screens',
    'status.f.log': 'answers and metrics are old', 'status.f.people': 'links between ids and traits show late', 'status.f.other': 'automations start late', 'status.updated': 'Read anew every 5 seconds',
  },
});

export const bytes = n => { const units = ['B', 'KB', 'MB', 'GB', 'TB']; let i = 0; while (n >= 1000 && i < 4) { n /= 1000; i++; } return `${num(n, n < 10 && i ? 1 : 0)} ${units[i]}`; };
const meaning = name => t('status.f.' + (name === 'log' || name === 'people' ? name : 'other'));

export default {
  setup() {
    const status = load(signal => api.get('/status', { signal, quiet: true }));
    const timer = setInterval(() => { if (!document.hidden) status.reload({ quiet: true }); }, 5000);
    onUnmounted(() => clearInterval(timer));

    const verdict = s => {
      if (!s.parts.state.ok) return html`<div class="notice bad w" role="alert">${icon('warn')}<span>${t('status.statedown')}</span></div>`;
      if (!s.parts.log.ok) return html`<div class="notice warn w" role="alert">${icon('warn')}<span><b>${t('status.safe')}.</b> ${t('status.logdown')}</span></div>`;
      const late = s.followers.filter(one => one.late);
      if (late.length) return html`<div class="notice warn w" role="alert">${icon('clock')}<span><b>${t('status.safe')}.</b> ${late.some(one => one.name === 'log') ? t('status.behind', { for: duration(s.answers_behind_seconds) }) : t('status.latejobs', { names: late.map(one => one.name).join(', ') })}</span></div>`;
      return html`<div class="notice w">${icon('check')}<span><b>${t('status.fine')}.</b> ${t('status.finebody')}</span></div>`;
    };
    const part = (name, p) => html`<dt>${t('status.' + name)}</dt><dd><span class="row"><${Badge} kind=${p.ok ? 'ok' : 'bad'} text=${t(p.ok ? 'status.ok' : 'status.bad')} />${(name === 'state' || !p.ok) && html`<span class="mut sm status-detail">${p.detail}</span>`}</span></dd>`;
    const columns = () => [
      { key: 'name', title: t('status.name'), render: one => html`<code class="mono">${one.name}</code>` },
      { key: 'late', title: '', sort: false, render: one => html`<${Badge} kind=${one.late ? 'warn' : 'ok'} text=${t(one.late ? 'status.late' : 'status.current')} />` },
      { key: 'batches', title: t('status.batches'), num: true }, { key: 'seconds', title: t('status.seconds'), num: true, render: one => one.seconds < 1 ? '–' : duration(one.seconds) },
      { key: 'means', title: t('status.means'), sort: false, cls: 'mut', value: one => meaning(one.name) },
    ];
    const show = s => html`<div class="page status">${verdict(s)}
      <div class="stats w"><${Stat} label=${t('status.answers')} value=${s.answers_behind_seconds < 1 ? t('status.now') : duration(s.answers_behind_seconds)} />
        <${Stat} label=${t('status.feed')} value=${s.feed ? bytes(s.feed.bytes) : '–'} note=${s.feed && t('status.feednote', { n: s.feed.batches })} />
        <${Stat} label=${t('status.waiting')} value=${num(s.waiting)} />
        <${Stat} label=${t('status.disk')} value=${bytes(s.disk.free)} note=${t('status.of', { total: bytes(s.disk.total), share: percent(s.disk.free / s.disk.total, 0) })} /></div>
      <${Panel} title=${t('status.databases')}><dl class="facts">${part('state', s.parts.state)}${part('log', s.parts.log)}</dl><//>
      <${Panel} title=${t('status.feed')}><dl class="facts"><dt>${t('status.events')}</dt><dd class="num">${s.feed ? num(s.feed.events) : '–'}</dd><dt>${t('status.bytes')}</dt><dd class="num">${s.feed ? bytes(s.feed.bytes) : '–'}</dd><dt>${t('status.oldest')}</dt><dd class="num">${s.feed?.batches ? duration(s.feed.oldest_seconds) : '–'}</dd><dt>${t('status.version')}</dt><dd>${s.version}</dd><dt>${t('status.sockets')}</dt><dd class="num">${num(s.sockets)}</dd></dl><//>
      <${Panel} title=${t('status.followers')} note=${t('status.updated')} wide=${true} flush=${true}><${Table} label=${t('status.followers')} columns=${columns()} rows=${s.followers} rowKey="name" /><//></div>`;
    return () => html`<div class="view"><${Loaded} of=${status} show=${show} skeleton="cards" n=${4} /></div>`;
  },
};
