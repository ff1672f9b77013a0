// Every campaign, what goes out when, and what all of them do together.
import { Ago, api, Badge, choose, dateTime, go, html, icon, inLang, load, num, percent, points, reloadOn, setQuery, t, Table, Tabs, toast, useKeys, useTop, words } from '../web/kit.js';
import { localSaid } from './canvas/entry.js';
import { toDoc } from './canvas/journey.js';
import { entrySaid } from './canvas/said.js';
import { Calendar } from './overview/calendar.js';
import { Effects } from './overview/effects.js';
import { askedFor, KIND, localOf, shownAs, total } from './words.js';

words({
  ko: { 'camp.li.none': '아직 캠페인이 없습니다', 'camp.li.nonebody': '준비된 것에서 시작해 글을 고치고, 미리 돌려 본 뒤 켜세요.', 'camp.li.view.list': '목록', 'camp.li.view.calendar': '달력', 'camp.li.view.effects': '효과', 'camp.li.active': '진행 중', 'camp.li.drafts': '초안', 'camp.li.ended': '끝남', 'camp.li.find': '이름 찾기', 'camp.li.allkinds': '모든 종류', 'camp.li.owner': '만든 사람', 'camp.li.next': '다음', 'camp.li.reached': '받음', 'camp.li.moving': '여정에', 'camp.li.returned': '돌아옴 / 대조군', 'camp.li.effect': '차이', 'camp.li.blank': '빈 캠페인', 'camp.li.ready': '준비된 것', 'camp.li.copy': '있던 것 복제', 'camp.li.nofit': '맞는 캠페인이 없습니다', 'camp.li.keys': '캠페인 목록', 'camp.li.views': '보기', 'camp.li.always': '이벤트마다' },
  en: { 'camp.li.none': 'No campaigns yet', 'camp.li.nonebody': 'Begin with a ready one, change its words, try it dry, then switch it on.', 'camp.li.view.list': 'List', 'camp.li.view.calendar': 'Calendar', 'camp.li.view.effects': 'Effect', 'camp.li.active': 'Under way', 'camp.li.drafts': 'Drafts', 'camp.li.ended': 'Ended', 'camp.li.find': 'Find by name', 'camp.li.allkinds': 'All kinds', 'camp.li.owner': 'Made by', 'camp.li.next': 'Next', 'camp.li.reached': 'Got it', 'camp.li.moving': 'On the way', 'camp.li.returned': 'Came back / control', 'camp.li.effect': 'Difference', 'camp.li.blank': 'Blank', 'camp.li.ready': 'Ready ones', 'camp.li.copy': 'Copy of one', 'camp.li.nofit': 'No campaign fits', 'camp.li.keys': 'Campaigns', 'camp.li.views': 'View', 'camp.li.always': 'on the event' },
});
const STATES = { active: ['live', 'paused'], drafts: ['draft', 'submitted', 'approved'], ended: ['finished', 'stopped'] }, KINDS = ['once', 'recurring', 'triggered', 'journey'];
const ICONS = { once: 'send', recurring: 'refresh', triggered: 'bolt', journey: 'thread' };

export default {
  props: ['params', 'query'],
  setup(props) {
    const view = () => props.query.view ?? 'list';
    const found = load(async signal => {
      const now = new Date(), [{ campaigns }, asked, slots, users] = await Promise.all([api.get('/campaigns', { signal }), askedFor(signal), api.get('/campaigns/calendar', { signal, quiet: true, query: { from: now.toISOString(), to: new Date(+now + 60 * 86400000).toISOString() } }).then(one => one.slots, () => []), api.get('/users', { signal, quiet: true }).then(one => one.users, () => [])]);
      const results = await Promise.all(campaigns.map(c => c.launched_at ? api.get(`/campaigns/${c.id}/result?retention=false`, { signal }).catch(() => null) : null)), names = Object.fromEntries(users.map(one => [one.id, one.name]));
      return campaigns.map((campaign, i) => ({ ...campaign, shown: shownAs(campaign, asked), result: results[i], next: slots.find(slot => slot.campaign === campaign.id && Date.parse(slot.at) >= +now) ?? null, owner: names[String(campaign.created_by ?? '').replace(/^user:/, '')] ?? '' }));
    });
    reloadOn(found, 'campaigns');
    async function make() {
      const [ready, had] = [await api.get('/campaigns/ready').then(one => one.designs, () => []), found.data ?? []];
      const it = await choose(t('camp.new'), [{ group: t('camp.li.blank'), items: KINDS.map(kind => ({ value: 'blank:' + kind, title: t('camp.' + kind), about: t(`camp.${kind}.about`), icon: ICONS[kind] })) }, { group: t('camp.li.ready'), items: ready.map(one => ({ value: 'ready:' + one.id, title: inLang(one.design.name), about: one.about ? inLang(one.about) : '', icon: 'star' })) }, ...(had.length ? [{ group: t('camp.li.copy'), items: had.map(one => ({ value: 'copy:' + one.id, title: inLang(one.design.name), hint: t('camp.' + one.design.kind), icon: 'copy' })) }] : [])]);
      if (!it) return;
      const [how, id] = it.value.split(/:(.*)/s);
      try {
        if (how === 'blank') go('/campaigns/new?kind=' + id);
        else go('/campaigns/' + (await (how === 'ready' ? api.post('/campaigns', { ready: id }) : api.post(`/campaigns/${id}/duplicate`))).id);
      } catch (error) { toast.error(error); }
    }
    useKeys({ c: [make, 'camp.new'], 1: [() => setQuery({ view: null }), 'camp.li.view.list'], 2: [() => setQuery({ view: 'calendar' }), 'camp.li.view.calendar'], 3: [() => setQuery({ view: 'effects' }), 'camp.li.view.effects'] }, 'camp.li.keys');
    useTop({ tools: () => html`<div class="seg" role="group" aria-label=${t('camp.li.views')}>${['list', 'calendar', 'effects'].map(one => html`<button type="button" key=${one} aria-pressed=${String(view() === one)} @click=${() => setQuery({ view: one === 'list' ? null : one, state: null })}>${t('camp.li.view.' + one)}</button>`)}</div><button type="button" class="btn sm pri" title="C" @click=${make}>${icon('plus', 14)}${t('camp.new')}</button>` });
    const tab = () => props.query.state ?? 'all', fits = c => (tab() === 'all' || STATES[tab()].includes(c.status)) && (!props.query.kind || c.design.kind === props.query.kind) && (!props.query.q || Object.values(c.design.name).some(name => name.toLowerCase().includes(props.query.q.toLowerCase())));
    const halves = c => c.result?.metrics[0].contrasts[0], rate = c => halves(c)?.treated.value, gap = c => halves(c)?.difference?.value, next = c => c.next ? (c.next.local ? localSaid(localOf(c.next.at)) : dateTime(c.next.at)) : c.status === 'live' && c.design.entry?.trigger ? t('camp.li.always') : '–';
    const columns = () => [
      { key: 'name', title: t('camp.name'), cls: 'rest', value: c => inLang(c.design.name), render: c => html`<span class="row camp-nowrap"><span class="mut" title=${t('camp.' + c.design.kind)}>${icon(ICONS[c.design.kind], 14)}</span><b class="cut">${inLang(c.design.name)}</b></span><span class="cut mut sm camp-under">${entrySaid(toDoc(c.design), localSaid)}</span>` },
      { key: 'status', title: t('camp.status'), value: c => c.shown, render: c => html`<${Badge} kind=${KIND[c.shown]} text=${t('camp.' + c.shown)} />` },
      { key: 'entered', title: t('camp.entered'), num: true, value: c => c.counts.entered, render: c => num(c.counts.entered) }, { key: 'moving', title: t('camp.li.moving'), num: true, cls: 'roomy', value: c => c.counts.moving ?? 0, render: c => num(c.counts.moving ?? 0) },
      { key: 'sent', title: t('camp.li.reached'), num: true, value: c => total(c.counts.states, 'sent'), render: c => html`<span class="nowrap">${num(total(c.counts.states, 'sent'))}${c.counts.entered > 0 && html` <span class="mut sm">${percent(Math.min(1, total(c.counts.states, 'sent') / c.counts.entered), 0)}</span>`}</span>` },
      { key: 'returned', title: t('camp.li.returned'), num: true, value: c => rate(c) ?? -1, render: c => rate(c) == null ? '–' : html`<span class="nowrap" title=${inLang(c.result.sentence)}>${percent(rate(c))} <span class="mut">/ ${percent(halves(c).control.value)}</span></span>` },
      { key: 'effect', title: t('camp.li.effect'), num: true, value: c => gap(c) ?? -9, render: c => gap(c) == null || ['nothing', 'unbalanced'].includes(c.result.verdict) ? html`<span class="mut" title=${inLang(c.result?.sentence ?? '')}>–</span>` : html`<b class=${'nowrap ' + ({ better: 'good', worse: 'poor', harmed: 'poor' }[c.result.verdict] ?? '')} title=${inLang(c.result.sentence)}>${points(gap(c))}</b>` },
      { key: 'next', title: t('camp.li.next'), cls: 'nowrap roomy', value: c => c.next?.at ?? '', render: next }, { key: 'owner', title: t('camp.li.owner'), cls: 'nowrap mut roomy', value: c => c.owner ?? '' }, { key: 'launched_at', title: t('camp.since'), cls: 'nowrap roomy', value: c => c.launched_at ?? '', render: c => html`<${Ago} at=${c.launched_at} />` },
    ];
    const count = name => found.data?.filter(c => STATES[name].includes(c.status)).length;
    const list = () => html`<div class="camp-bar row wrap"><${Tabs} label=${t('camp.status')} value=${tab()} change=${value => setQuery({ state: value === 'all' ? null : value })} items=${[{ value: 'all', label: t('camp.all'), count: found.data?.length }, ...['active', 'drafts', 'ended'].map(value => ({ value, label: t('camp.li.' + value), count: count(value) }))]} /><span class="grow"></span>
        <select class="input" aria-label=${t('camp.kind')} value=${props.query.kind ?? ''} @change=${e => setQuery({ kind: e.target.value || null })}><option value="">${t('camp.li.allkinds')}</option>${KINDS.map(kind => html`<option key=${kind} value=${kind} selected=${kind === props.query.kind}>${t('camp.' + kind)}</option>`)}</select>
        <input class="input" type="search" aria-label=${t('camp.li.find')} placeholder=${t('camp.li.find')} value=${props.query.q ?? ''} @input=${e => setQuery({ q: e.target.value || null })} /></div>
      <${Table} label=${t('camp.name')} columns=${columns()} rows=${found.data?.filter(fits)} loading=${found.loading} error=${found.error} retry=${found.reload} open=${c => go('/campaigns/' + c.id)}
        empty=${found.data?.length ? { icon: 'find', title: t('camp.li.nofit') } : { icon: 'mega', title: t('camp.li.none'), body: t('camp.li.nonebody'), action: { label: t('camp.new'), run: make } }} />`;
    return () => html`<div class="view fill">${view() === 'calendar' ? html`<${Calendar} query=${props.query} />` : view() === 'effects' ? html`<${Effects} query=${props.query} campaigns=${found.data} />` : list()}</div>`;
  },
};
