// What needs me today: unread rooms, customers who wait, deals of mine, line items in trouble, spikes, failed runs.
import {
  Ago, Badge, Empty, Loaded, Panel, Skeleton, Stat, api, boot, computed, date, duration, html, icon, inLang, isoDay, load, money, num, percent, reloadOn, short, t, useTop, words,
} from '../web/kit.js';

words({
  ko: {
    'home.title': '{name} 님, 안녕하세요', 'home.now': '지금 필요한 일', 'home.calm': '지금은 급한 일이 없습니다', 'home.calmbody': '새 일이 생기면 여기에 먼저 나타납니다.', 'home.open': '열기',
    'home.offered': '다른 조직이 채널에 초대했습니다', 'home.approve': '채널 공유에 승인이 필요합니다', 'home.second': '캠페인이 승인을 기다립니다', 'home.agreed': '캠페인이 승인되었습니다', 'home.sentback': '캠페인 승인이 거절되었습니다', 'home.reach': '대상 {n}명', 'home.rooms': '내 채널', 'home.norooms': '아직 들어와 있는 채널이 없습니다', 'home.waiting': '고객이 답을 기다립니다', 'home.overdue': '답변 기한이 지났습니다', 'home.atrisk': '목표에 못 미칠 라인 아이템', 'home.notlaunched': '송출이 시작되지 않았습니다', 'home.spike': '{topic} 언급 급증', 'home.failed': '자동화 실행 실패', 'home.question': '자동화가 결정을 기다립니다',
    'home.seen': '평소 {expected}명, 지금 {seen}명', 'home.forecast': '종료 예상 {share}', 'home.unread': '읽지 않은 채널', 'home.allread': '모두 읽었습니다', 'home.deals': '내가 맡은 거래', 'home.nodeals': '맡은 거래가 없습니다', 'home.closes': '{date} 마감', 'home.numbers': '오늘의 숫자', 'home.span': '지난 30일', 'home.nonumbers': '아직 지표가 없습니다', 'home.begin': '지표 만들기',
    'home.handed': '인계받은 세그먼트', 'home.nohanded': '최근 인계가 없습니다', 'home.people': '{n}명, 대조군 {control}명', 'home.runs': '오늘 자동화', 'home.ran': '{n}회 실행',
  },
  en: {
    'home.title': 'Hello, {name}', 'home.now': 'Needs you now', 'home.calm': 'Nothing is urgent right now', 'home.calmbody': 'What comes up shows here first.', 'home.open': 'Open',
    'home.offered': 'Another organisation invites you to a channel', 'home.approve': 'Sharing a channel needs approval', 'home.second': 'A campaign waits for a second pair of eyes', 'home.agreed': 'Your campaign was approved', 'home.sentback': 'Your campaign was sent back', 'home.reach': '{n} {n|person|people}', 'home.rooms': 'My channels', 'home.norooms': 'You are in no channel yet', 'home.waiting': 'A customer waits for an answer', 'home.overdue': 'An answer is overdue', 'home.atrisk': 'Line item will miss its goal', 'home.notlaunched': 'Line item has not launched', 'home.spike': '{topic} is spiking', 'home.failed': 'An automation run failed', 'home.question': 'An automation waits for a decision',
    'home.seen': '{expected} expected, {seen} seen', 'home.forecast': 'will end at {share}', 'home.unread': 'Unread channels', 'home.allread': 'All caught up', 'home.deals': 'Deals I own', 'home.nodeals': 'You own no open deal', 'home.closes': 'closes {date}', 'home.numbers': 'Numbers today', 'home.span': 'last 30 days', 'home.nonumbers': 'No metrics yet', 'home.begin': 'Make the first ones',
    'home.handed': 'Segments handed over', 'home.nohanded': 'Nothing was handed over lately', 'home.people': '{n} people, {control} held back', 'home.runs': 'Automations today', 'home.ran': '{n} {n|run|runs}',
  },
});

// The days that a board shows where nothing else is chosen: the same numbers here and there.
const span = () => ({ from: isoDay(Date.now() - 29 * 86_400_000), to: isoDay(Date.now()) });
// A metric over those days, as a question.
const explored = metric => '/explore?q=' + encodeURIComponent(JSON.stringify({ kind: 'metric', metric: metric.id, ...span() }));
const WORST = { overdue: 0, warned: 1, waiting: 2 };
// A slice that this person may not see is simply not part of their home.
const asked = path => signal => api.get(path, { signal }).catch(error => { if (error.status === 403 || error.status === 404) return {}; throw error; });

const guest = boot.me.role === 'guest';
const unless = path => guest ? async () => ({}) : asked(path);

export default {
  setup() {
    const shares = load(unless('/channels/connections')), approvals = load(unless('/channels/invites'));
    const rooms = load(asked('/channels')), auto = load(asked('/automations')), deals = load(asked('/deals')), items = load(asked('/line-items')), spikes = load(asked('/spikes?days=2')), talks = load(asked('/conversations?assignee=me&state=open&order=due&limit=8')), board = load(signal => asked('/boards/teams?' + new URLSearchParams(span()))(signal)), handed = load(asked('/handovers')), failed = load(asked('/automations/runs?status=failed&limit=5')), questions = load(asked('/automations/questions')), approving = load(unless('/approvals/mine'));
    for (const [loaded, topic] of [[deals, 'deals'], [items, 'pacing'], [spikes, 'social'], [talks, 'social'], [handed, 'segments'], [failed, 'automation'], [approving, 'campaigns']]) reloadOn(loaded, topic);

    const mine = computed(() => (deals.data?.deals ?? []).filter(deal => deal.owner === boot.me.id && !deal.stage.startsWith('Closed')).sort((a, b) => a.close_date.localeCompare(b.close_date)));
    const unread = computed(() => (rooms.data?.channels ?? []).filter(room => room.member && room.unread > 0).sort((a, b) => b.unread - a.unread));
    const may = computed(() => shares.data?.may_approve);
    const sharing = computed(() => [
      ...(shares.data?.pending ?? []).filter(one => one.state === 'sent' && !one.home).map(one => ['home.offered', one]),
      ...(may.value ? [...(shares.data.requests ?? []), ...(approvals.data?.invites ?? []).filter(one => !one.approved)].map(one => ['home.approve', one]) : []),
    ].map(([said, one]) => ({ key: 'o' + one.id, rank: 1, icon: 'globe', kind: 'info', title: t(said), about: `#${one.name} · ${one.other_org}`, at: one.at, href: '/channels/connections' })));
    // Campaigns that wait for my word, and what was said to those that I asked for.
    const campaigns = computed(() => [
      ...(approving.data?.waiting ?? []).map(one => ({ key: 'w' + one.id, rank: 1, icon: 'mega', kind: 'warn', title: t('home.second'), about: `${inLang(one.name)} · ${t('home.reach', { n: one.reach })}`, at: one.asked_at, href: `/campaigns/${one.campaign}?tab=check` })),
      ...(approving.data?.answered ?? []).map(one => ({ key: 'a' + one.id, rank: 1, icon: 'mega', kind: one.decision === 'approved' ? 'ok' : 'warn', title: t(one.decision === 'approved' ? 'home.agreed' : 'home.sentback'), about: [inLang(one.name), one.comment].filter(Boolean).join(' · '), at: one.decided_at, href: `/campaigns/${one.campaign}?tab=check` })),
    ]);
    const needs = computed(() => [
      ...sharing.value, ...campaigns.value,
      ...(rooms.data?.channels ?? []).filter(room => room.response).map(room => ({
        key: 'r' + room.id, rank: WORST[room.response.state] ?? 3, icon: 'clock', kind: room.response.state === 'waiting' ? 'info' : 'warn', title: t(room.response.state === 'overdue' ? 'home.overdue' : 'home.waiting'), about: '#' + room.name, at: room.response.due_at, href: '/channels/' + room.id,
      })),
      ...(talks.data?.conversations ?? []).filter(talk => talk.awaits).map(talk => {
        const late = talk.due_at && Date.parse(talk.due_at) < Date.now();
        return { key: 'c' + talk.id, rank: late ? 0 : 2, icon: 'inbox', kind: late ? 'warn' : 'info', title: t(late ? 'home.overdue' : 'home.waiting'), about: `${talk.author || talk.handle} · ${talk.subject || talk.last.text}`, href: '/inbox?c=' + talk.id, at: talk.last_in_at };
      }),
      ...(spikes.data?.spikes ?? []).filter(spike => !spike.ended_at).map(spike => ({
        key: 's' + spike.id, rank: 0, icon: 'trend', kind: 'bad', title: t('home.spike', { topic: inLang(spike.topic_title ?? { ko: spike.topic_ko, en: spike.topic_en }) || spike.topic }), about: t('home.seen', { expected: num(spike.expected, 1), seen: num(spike.seen) }), at: spike.since ?? spike.started_at, href: '/social?topic=' + spike.topic,
      })),
      ...(items.data?.line_items ?? []).filter(item => item.status === 'not_launched' || item.status === 'at_risk').map(item => ({
        key: 'l' + item.id, rank: item.status === 'not_launched' ? 1 : 2, icon: item.status === 'not_launched' ? 'flag' : 'gauge', kind: item.status === 'not_launched' ? 'bad' : 'warn', title: t(item.status === 'not_launched' ? 'home.notlaunched' : 'home.atrisk'), about: `${item.name} · ${item.account_name}` + (item.middle != null && item.status === 'at_risk' ? ' · ' + t('home.forecast', { share: percent(item.middle / item.goal, 0) }) : ''), href: '/pacing/' + item.id,
      })),
      ...(questions.data?.questions ?? []).map(question => ({ key: 'q' + question.run, rank: 1, icon: 'bolt', kind: 'warn', title: t('home.question'), about: question.name ?? '', href: `/automations/${question.automation}/runs/${question.run}` })),
      ...(failed.data?.runs ?? []).map(run => ({ key: 'f' + run.id, rank: 2, icon: 'bolt', kind: 'bad', title: t('home.failed'), about: auto.data?.automations?.find(one => one.id === run.automation)?.name ?? run.subject, at: run.ended_at, href: `/automations/${run.automation}/runs/${run.id}` })),
    ].sort((a, b) => a.rank - b.rank));
    const loading = computed(() => [rooms, items, spikes].some(it => it.data === null && !it.error));

    useTop({ title: () => html`<h1>${t('home.title', { name: boot.me.name })}</h1>` });

    const need = it => html`<a class="home-need" key=${it.key} href=${it.href} data-row tabindex="0"><${Badge} kind=${it.kind} icon=${it.icon} text=${it.title} /><span class="cut grow">${it.about}</span>${it.at && html`<span class="mut sm nowrap"><${Ago} at=${it.at} /></span>`}</a>`;
    const written = tile => {
      const value = tile.value;
      if (value == null) return '–';
      const unit = tile.metric.unit;
      return unit === 'percent' ? percent(value, 1) : unit === 'seconds' ? duration(value) : unit === 'money' ? money(value, boot.workspace.currency) : unit === 'number' && Math.abs(value) < 1 ? (Math.round(value * 100) / 100 || 0).toFixed(2) : value >= 100000 ? short(value) : num(value, Math.abs(value) < 10 ? 2 : 1);
    };
    // A guest has channels and nothing else.
    const mineOnly = () => html`<${Panel} title=${t('home.rooms')} wide=${true}><${Loaded} of=${rooms} empty=${data => !data.channels.some(room => room.member) && { icon: 'hash', title: t('home.norooms') }} show=${data => html`<div class="home-needs">${data.channels.filter(room => room.member && room.name).map(room => html`<a class="home-need" key=${room.id} href=${'/channels/' + room.id}>${icon(room.private ? 'lock' : 'hash')}<b class="cut">${room.name}</b><span class="mut cut grow">${room.topic || room.purpose}</span>${room.unread > 0 && html`<${Badge} kind="info" text=${num(room.unread)} />`}</a>`)}</div>`} /><//>`;
    return () => guest ? html`<div class="page home">${mineOnly()}</div>` : html`<div class="page home">
      <${Panel} title=${t('home.now')} note=${needs.value.length ? num(needs.value.length) : null} wide=${true}>
        ${loading.value && !needs.value.length ? html`<${Skeleton} n=${3} />` : needs.value.length ? html`<div class="home-needs">${needs.value.slice(0, 12).map(need)}</div>` : html`<${Empty} icon="check" title=${t('home.calm')} body=${t('home.calmbody')} />`}<//>
      <${Panel} title=${t('home.numbers')} note=${t('home.span')} wide=${true} tools=${html`<a class="btn sm" href="/analytics">${t('home.open')}</a>`}>
        <${Loaded} of=${board} skeleton="cards" empty=${data => !data.tiles?.length && { icon: 'chart', title: t('home.nonumbers'), action: { label: t('home.begin'), href: '/analytics' } }} show=${data => html`<div class="stats">${data.tiles.filter(tile => tile.metric).map(tile => html`<${Stat} key=${tile.metric.id} label=${inLang({ ko: tile.metric.name_ko, en: tile.metric.name_en })} value=${written(tile)} change=${tile.change} good=${tile.metric.direction} trend=${tile.line} href=${explored(tile.metric)} />`)}</div>`} /><//>
      <${Panel} title=${t('home.unread')}><${Loaded} of=${rooms} empty=${() => !unread.value.length && { icon: 'check', title: t('home.allread') }} show=${() => html`<div class="home-needs">${unread.value.slice(0, 10).map(room => html`<a class="home-need" key=${room.id} href=${'/channels/' + room.id}>${icon(room.private ? 'lock' : 'hash')}<span class="cut grow">${room.name}</span><span class="mut num">${num(room.unread)}</span></a>`)}</div>`} /><//>
      <${Panel} title=${t('home.deals')}><${Loaded} of=${deals} empty=${() => !mine.value.length && { icon: 'board', title: t('home.nodeals') }} show=${() => html`<div class="home-needs">${mine.value.slice(0, 10).map(deal => html`<a class="home-need" key=${deal.id} href=${'/deals/' + deal.id}><span class="cut grow">${deal.name}</span><span class="num nowrap">${money(deal.amount, deal.currency)}</span><span class="mut sm nowrap">${t('home.closes', { date: date(deal.close_date) })}</span></a>`)}</div>`} /><//>
      <${Panel} title=${t('home.handed')} wide=${true}><${Loaded} of=${handed} empty=${data => !data.handovers?.length && { icon: 'segment', title: t('home.nohanded') }} show=${data => html`<div class="home-needs">${data.handovers.slice(0, 5).map(one => html`<a class="home-need" key=${one.id} href=${'/segments/' + one.segment}>${icon('segment')}<span class="cut grow">${one.purpose}</span><span class="mut sm nowrap">${t('home.people', { n: num(one.size), control: num(one.control) })}</span></a>`)}</div>`} /><//>
    </div>`;
  },
};
