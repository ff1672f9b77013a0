// A deal's own page: its stage, its fields, the people, the work, how it does, and one line of everything that happened.
import { html, api, load, reloadOn, useTop, useKeys, ref, computed, t, inLang, money, icon, Badge, Failed, Skeleton, Menu, date, go, href, toast, useLive, words } from '../../web/kit.js';
import { RunOn } from '../../automation/on_record.js';
import { accountOptions, useSales } from '../data.js';
import { moveWithWords } from '../moving.js';
import { ContactPane } from '../records/contact.js';
import { Delivery, Products } from './goods.js';
import { Chance, Health, Score } from './health.js';
import { Contacts, Team } from './people.js';
import { Properties } from './properties.js';
import { Timeline } from './timeline.js';
import { Files, NoteBox, Tasks } from './work.js';
import '../words.js';

words({
  ko: { 'dd.stagebar': '단계', 'dd.props': '내용', 'dd.channel': '채널', 'dd.open': '열기', 'dd.peek': '엿보기', 'dd.more': '더 보기', 'dd.delete': '거래 치우기', 'dd.deleted': '거래를 치웠습니다: {name}', 'dd.copy': '링크 복사', 'dd.copied': '복사했습니다', 'dd.keys': '거래', 'dd.keyback': '보드로', 'dd.keyedit': '다음 할 일 바꾸기', 'dd.keynote': '노트 쓰기', 'dd.keytask': '할 일 추가', 'dd.closed': '{date}에 끝났습니다', 'dd.reopen': '다시 열기', 'dd.toboard': '보드', 'dd.noaccount': '고객사 없음' },
  en: { 'dd.stagebar': 'Stage', 'dd.props': 'Details', 'dd.channel': 'Channel', 'dd.open': 'Open', 'dd.peek': 'Peek', 'dd.more': 'More', 'dd.delete': 'Put the deal away', 'dd.deleted': 'Put away: {name}', 'dd.copy': 'Copy the link', 'dd.copied': 'Copied', 'dd.keys': 'Deal', 'dd.keyback': 'To the board', 'dd.keyedit': 'Change the next step', 'dd.keynote': 'Write a note', 'dd.keytask': 'Add a task', 'dd.closed': 'Closed {date}', 'dd.reopen': 'Reopen', 'dd.toboard': 'Board', 'dd.noaccount': 'No account' },
});

const FIRST = ['amount', 'close_date', 'owner', 'next_step', 'account', 'type', 'lead_source', 'own_probability', 'description'];

export default {
  props: ['params', 'query'],
  setup(props) {
    const id = () => props.params.id, sales = useSales(), { people, stages, fields } = sales, anew = ref(0), contact = ref(''), peek = ref(0);
    const detail = load(signal => api.get('/deals/' + id(), { signal }), { watch: id, keep: false });
    const health = load(signal => api.get('/deals/health', { signal, query: { deal: id() }, quiet: true }), { watch: id }), told = load(signal => api.get('/deals/forecast/chances', { signal, query: { deal: id() }, quiet: true }), { watch: id });
    const accounts = load(signal => accountOptions(signal));
    useLive(() => `deal:${id()}`, () => detail.reload({ quiet: true }), { reset: () => detail.reload({ quiet: true }) });
    reloadOn(health, 'deals');
    const deal = computed(() => detail.data), changed = () => { detail.reload({ quiet: true }); health.reload({ quiet: true }); anew.value++; };
    const line = computed(() => sales.pipelines.value.find(p => p.key === deal.value?.pipeline)), steps = computed(() => (line.value?.stages ?? []).filter(s => s.active || s.key === deal.value?.stage));
    const custom = computed(() => [...fields.value.values()].filter(f => f.custom).map(f => f.name));

    async function save(values) {
      // The answer's version counts at once, or a second field that is saved before the page is read again meets the first.
      try { const now = await api.patch('/deals/' + id(), { version: deal.value.version, ...values }); detail.set({ ...detail.data, ...now }); changed(); }
      catch (error) { if (error.status === 409 && error.field === 'version') detail.reload({ quiet: true }); throw error; }
    }
    const move = stage => deal.value.stage !== stage.key && moveWithWords(deal.value, stage, { stages: stages.value, fields: fields.value, people: people.value }, changed, changed);
    const step = by => { const at = steps.value.findIndex(s => s.key === deal.value?.stage), to = steps.value[at + by]; if (to) move(to); };
    const remove = async () => { const { name } = deal.value, gone = id(); try { await api.del('/deals/' + gone); toast.undo(t('dd.deleted', { name }), async () => { await api.post(`/deals/${gone}/restore`); go('/deals/' + gone); }); go('/deals'); } catch (error) { toast.error(error); } };
    const focus = css => document.querySelector(css)?.focus(), press = css => document.querySelector(css)?.click();
    useKeys({
      ']': [() => step(1), 'deals.keynext'], '[': [() => step(-1), 'deals.keyback'], e: [() => press('[data-field=next_step]'), 'dd.keyedit'], c: [() => focus('.deals-note textarea'), 'dd.keynote'], a: [() => press('[data-tasks] header button:last-child'), 'dd.keytask'],
      Escape: [() => contact.value ? (contact.value = '') : go('/deals'), 'dd.keyback'],
    }, 'dd.keys');
    useTop({ title: () => html`<a class="mut" href="/deals">${t('dd.toboard')}</a>${icon('right', 12)}<span class="cut">${deal.value?.name ?? '…'}</span>` });

    const bar = () => html`<ol class="deals-stagebar" role="group" aria-label=${t('dd.stagebar')}>${steps.value.filter(s => s.outcome !== 'lost' || deal.value.stage === s.key).map(s => { const at = steps.value.findIndex(x => x.key === deal.value.stage), i = steps.value.indexOf(s);
      return html`<li key=${s.key} class=${(s.key === deal.value.stage ? 'on ' : i < at && !steps.value[at].outcome.includes('lost') ? 'past ' : '') + s.outcome}><button type="button" aria-current=${s.key === deal.value.stage ? 'step' : null} title=${`${inLang(s.name)} · ${s.probability}%`} @click=${() => move(s)}>${inLang(s.name)}</button></li>`; })}
      ${!deal.value.closed_at && steps.value.filter(s => s.outcome === 'lost').map(s => html`<li key=${s.key} class="end lost"><button type="button" @click=${() => move(s)}>${icon('x', 12)}${inLang(s.name)}</button></li>`)}</ol>`;
    const head = d => html`<header class="deals-head"><div class="row"><h2 class="grow">${d.name}</h2>
        ${d.channel ? html`<span class="row"><a class="btn sm" href=${href('channel', { id: d.channel })}>${icon('hash', 14)}${t('dd.channel')}</a><button type="button" class="btn ghost sm" @click=${() => { peek.value++; }}>${icon('eye', 14)}${t('dd.peek')}</button></span>` : ''}
        <${RunOn} type="deal" id=${d.id} /><${Menu} label=${t('dd.more')} icon="more" cls="btn ghost ico" items=${[{ label: t('dd.copy'), icon: 'link', run: () => navigator.clipboard?.writeText(location.href).then(() => toast(t('dd.copied'))) }, null, { label: t('dd.delete'), icon: 'trash', danger: true, run: remove }]} /></div>
      <div class="row wrap deals-sub">${d.account_id ? html`<a href=${'/deals/accounts/' + d.account_id}>${icon('building', 14)}${d.account_name}</a>` : html`<span class="mut">${t('dd.noaccount')}</span>`}<b class="num deals-big">${money(d.amount, d.currency)}</b>
        <span class="mut num">${d.probability}%</span>${d.closed_at ? html`<${Badge} kind=${stages.value.get(d.stage)?.outcome === 'won' ? 'ok' : 'bad'} icon=${stages.value.get(d.stage)?.outcome === 'won' ? 'check' : 'x'} text=${t('dd.closed', { date: date(d.closed_at) })} />` : html`<${Score} of=${health.data?.health[0]} long=${true} />`}${d.lost_reason && html`<span class="mut">${t('deals.reason')}: ${d.lost_reason}</span>`}</div>${bar()}</header>`;
    const whole = d => html`${head(d)}<div class="deals-cols" data-scroll>
      <div class="deals-col"><section class="deals-block"><header><h3>${t('dd.props')}</h3></header><${Properties} record=${{ ...d, account: d.account_id, lines: d.lines?.length }} fields=${fields.value} names=${['name', ...FIRST, ...custom.value]} people=${people.value} accounts=${accounts.data ?? []} save=${save} locked=${d.lines?.length ? ['amount'] : []} /></section>
        <${Team} deal=${d} members=${d.members} people=${people.value} changed=${changed} /><${Contacts} deal=${d} roles=${d.roles} contacts=${d.contacts} changed=${changed} open=${c => { contact.value = c; }} /></div>
      <div class="deals-mid"><${NoteBox} about=${d.id} changed=${changed} /><${Timeline} deal=${d.id} stages=${stages.value} people=${people.value} fields=${fields.value} anew=${anew.value} peek=${peek.value} /></div>
      <div class="deals-col"><section class="deals-block"><header><h3>${t('dh.title')}</h3></header><${Health} health=${health.data?.health[0]} closed=${!!d.closed_at} /></section>
        ${!d.closed_at && told.data?.chances.length > 0 && html`<section class="deals-block"><header><h3>${t('dh.chance')}</h3><span class="grow"></span><a class="sm" href="/deals/forecast">${t('deals.way.forecast')}</a></header><${Chance} chance=${told.data.chances[0]} probability=${d.probability} closed=${!!d.closed_at} /></section>`}
        <${Tasks} about=${d.id} people=${people.value} owner=${d.owner} changed=${changed} /><${Products} deal=${d} lines=${d.lines ?? []} changed=${changed} /><${Delivery} deal=${d} /><${Files} about=${d.id} changed=${changed} /></div></div>`;
    const inside = () => detail.error && !detail.data ? html`<${Failed} error=${detail.error} retry=${detail.reload} />` : !detail.data || !sales.lines.data || !sales.shape.data ? html`<div class="page" aria-busy="true"><${Skeleton} kind="text" n=${6} /><${Skeleton} kind="rows" n=${8} /></div>` : whole(detail.data);
    return () => html`<div class=${'view fill deals-page' + (contact.value ? ' with-pane' : '')}><div class="view fill">${inside()}</div>${contact.value && html`<${ContactPane} key=${contact.value} id=${contact.value} people=${people.value} close=${() => { contact.value = ''; }} changed=${changed} />`}</div>`;
  },
};
