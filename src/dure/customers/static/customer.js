// One customer: channels by topic, what waits, deals, deliveries, files, people on both sides, mentions, and one line of it all.
import { ago, api, Avatar, Badge, boot, date, duration, Failed, html, icon, inLang, load, Loaded, money, num, Panel, percent, reloadOn, shortDate, Skeleton, Stat, t, useTop, watch } from '../web/kit.js';
import { amounts, KIND, since } from './list.js';
import { Relation } from './relation.js';
import { sentence } from './moments.js';
import './words.js';

const RISK = { at_risk: 'warn', not_launched: 'bad', missed: 'bad', healthy: 'ok', delivered: 'ok', over: 'info' };
const ICON = { stage: 'flag', change: 'edit', note: 'file', task: 'check', meeting: 'calendar', file: 'paper-clip', shared: 'paper-clip', message: 'chat', product: 'play', delivery: 'gauge', alert: 'warn', social: 'mega' };
const SHOWN = 12;
const to = one => `/channels/${one.channel}?ts=${one.asked ?? one.ts}${one.thread ? `&thread=${one.thread}` : ''}`;

export default {
  props: ['params', 'query'],
  setup(p) {
    const found = load(signal => api.get(`/customers/${encodeURIComponent(p.params.id)}`, { signal }), { watch: () => p.params.id, keep: false });
    const line = load(async signal => (await api.get(`/customers/${encodeURIComponent(p.params.id)}/timeline`, { signal, quiet: true })).entries, { watch: () => p.params.id, keep: false });
    for (const topic of ['deals', 'pacing', `user:${boot.me.id}`]) reloadOn(found, topic);
    watch(() => found.data, () => line.reload({ quiet: true }));
    useTop({
      title: () => found.data ? html`<span class="row"><a class="btn ghost ico sm" href="/customers" aria-label=${t('cu.back')} title=${t('cu.back')}>${icon('back', 14)}</a><span class="cut">${found.data.row.name}</span>${found.data.row.industry && html`<span class="tag">${found.data.row.industry}</span>`}</span>` : t('cu.title'),
      tools: () => found.data && html`<span class="mut sm cut">${[found.data.row.owner_name && `${t('cu.owner')} ${found.data.row.owner_name}`, found.data.domain, found.data.country].filter(Boolean).join(' · ')}</span>
        <a class="btn sm" href=${`/deals/accounts/${found.data.row.account}`}>${icon('file', 14)}${t('cu.open.account')}</a>`,
    });

    const none = text => html`<p class="mut sm cu-none">${text}</p>`;
    const some = (list, draw, empty) => list === null ? none(t('cu.noright')) : !list.length ? none(empty) : html`<div class="cu-list">${list.slice(0, SHOWN).map(draw)}${list.length > SHOWN && none(t('cu.more', { n: list.length - SHOWN }))}</div>`;
    const stats = ({ row, rooms }) => {
      const answered = rooms.reduce((sum, one) => sum + one.answered, 0), within = rooms.reduce((sum, one) => sum + one.within, 0);
      const median = answered ? rooms.reduce((sum, one) => sum + (one.median ?? 0) * one.answered, 0) / answered : null;
      return html`<div class="stats cu-stats">
        <${Stat} label=${t('cu.waits.title')} value=${num(row.questions)} note=${row.overdue ? t('cu.n.late', { n: row.overdue }) : row.oldest ? t('cu.waits', { for: since(row.oldest) }) : ''} />
        <${Stat} label=${t('cu.median')} value=${median === null ? '–' : duration(median)} note=${answered ? t('cu.within', { n: answered, within }) : ''} />
        <${Stat} label=${t('cu.health')} value=${row.score === null ? '–' : num(row.score)} note=${row.band ? t('cu.b.' + row.band) : ''} />
        <${Stat} label=${t('cu.amount')} value=${amounts(row.amounts)} note=${row.deals ? `${t('cu.deals')} ${num(row.deals)}` : ''} />
        <${Stat} label=${t('cu.touch')} value=${row.touched ? ago(row.touched) : '–'} /></div>`;
    };
    const room = one => html`<a key=${one.channel} class="cu-row" href=${'/channels/' + one.channel} data-row tabindex="0"><span class="tag cu-topic">${t('cu.topic.' + one.topic)}</span>${icon(one.private ? 'lock' : 'hash', 14)}
      <span class=${'grow cut' + (one.unread ? ' strong' : '')}>${one.name}</span>
      ${one.archived && html`<span class="tag">${t('cu.archived')}</span>`}${one.outside && html`<span class="tag" title=${t('cu.outside')}>${icon('globe', 12)}</span>`}
      ${one.outside && !one.charter && html`<span class="tag warn">${t('cu.nocharter')}</span>`}
      ${one.questions > 0 && html`<${Badge} kind=${one.overdue ? 'bad' : 'warn'} icon="clock" text=${num(one.questions)} title=${one.overdue ? t('cu.n.late', { n: one.overdue }) : t('cu.questions')} />`}${one.unread > 0 && html`<span class="badge info num" title=${t('cu.unread')}>${num(one.unread)}</span>`}
      <span class="mut sm nowrap">${one.touched ? ago(one.touched) : '–'}</span></a>`;
    const promised = one => one.late ? t('cu.late') : one.state === 'paused' ? t('cu.paused.title') : one.due_at ? t('cu.due', { when: date(one.due_at) }) : '';
    const question = one => html`<a key=${one.channel + one.asked} class="cu-row cu-two" href=${to(one)} data-row tabindex="0" title=${t('cu.jump')}><span class="grow"><span class="row"><b class="cut">${one.by_name}</b><span class="mut sm cut">#${one.channel_name}</span></span>
      <span class="cu-text">${one.text}</span></span><${Badge} kind=${one.late ? 'bad' : one.state === 'warned' ? 'warn' : 'info'} icon=${one.state === 'paused' ? 'pause' : 'clock'} text=${one.state === 'paused' ? t('cu.paused') : since(one.asked)} title=${promised(one)} /></a>`;
    const deal = one => html`<a key=${one.deal} class=${'cu-row cu-two' + (one.closed_at ? ' mut' : '')} href=${'/deals/' + one.deal} data-row tabindex="0"><span class="grow"><span class="row"><b class="cut grow">${one.name}</b><span class="num nowrap">${money(one.amount, one.currency)}</span></span>
      <span class="row mut sm"><span class="cut">${inLang({ ko: one.stage_ko, en: one.stage_en })} ${percent(one.probability / 100, 0)} · ${one.owner_name} · ${one.closed_at ? t('cu.closed') : t('cu.closes', { date: shortDate(one.close_date) })}</span></span>
      ${one.reasons.length > 0 && html`<span class="mut sm cut">${one.reasons.map(name => t('cu.r.' + name)).join(' · ')}</span>`}</span>
      ${one.score !== null && html`<span class=${'badge ' + KIND[one.band]} title=${t('cu.b.' + one.band)}>${icon('heart', 12)}<span class="num">${one.score}</span></span>`}</a>`;
    const delivery = one => html`<a key=${one.line_item} class="cu-row" href=${'/pacing/' + one.line_item} data-row tabindex="0"><${Badge} kind=${RISK[one.status] ?? 'info'} text=${t('cu.st.' + one.status)} />
      <span class="grow cut">${one.name}</span><span class="mut sm num nowrap">${percent(one.goal ? one.delivered / one.goal : 0, 0)} · ${t('cu.ends', { date: shortDate(one.end_day) })}</span></a>`;
    const file = one => html`<a key=${one.file + one.ts} class="cu-row" href=${to(one)} data-row tabindex="0">${icon('paper-clip', 14)}<span class="grow cut">${one.title}</span>
      ${one.outside && html`<span class="tag">${icon('globe', 12)}</span>`}<span class="mut sm cut">${one.by_name}</span><span class="mut sm nowrap">${shortDate(one.ts)}</span></a>`;
    const person = one => html`<div key=${one.user || one.email || one.name} class="cu-row"><${Avatar} name=${one.name} seed=${one.user || one.name} /><span class="grow cut">${one.name} <span class="mut sm">${one.title || (one.function && t('cu.fn.' + one.function))}</span></span>
      <span class="mut sm nowrap">${!one.user ? t('cu.contact') : one.last ? ago(one.last) : t('cu.never')}</span></div>`;
    const mention = one => html`<div key=${one.id} class="cu-row cu-two"><span class="grow"><span class="row"><b class="cut">${one.author}</b><span class="mut sm">${one.network} · ${shortDate(one.posted_at)}</span></span><span class="cu-text">${one.text}</span></span>
      ${one.sentiment !== 0 && html`<${Badge} kind=${one.sentiment < 0 ? 'bad' : 'ok'} text=${one.sentiment < 0 ? '−' : '+'} />`}</div>`;
    const moment = one => html`<li key=${one.kind + one.id}><a class="cu-row" href=${one.path}>${icon(ICON[one.kind] ?? 'info', 14)}<span class="grow cut">${sentence(one, stages())}</span><span class="mut sm cut cu-about">${one.about}</span><span class="mut sm nowrap" title=${date(one.at)}>${ago(one.at)}</span></a></li>`;
    const stages = () => Object.fromEntries((found.data?.deals ?? []).map(one => [one.stage, { ko: one.stage_ko, en: one.stage_en }]));
    const n = list => list?.length ? num(list.length) : null;

    return () => {
      if (found.error && !found.data) return html`<div class="view pad"><${Failed} error=${found.error} retry=${found.reload} /></div>`;
      const it = found.data;
      if (!it) return html`<div class="page"><${Panel} title=${t('cu.summary')} wide=${true}><${Skeleton} kind="cards" n=${5} /><//><${Panel} title=${t('cu.rooms')}><${Skeleton} n=${5} /><//><${Panel} title=${t('cu.questions')}><${Skeleton} n=${4} /><//></div>`;
      return html`<div class="page cu">
        <div class="w">${stats(it)}</div>
        <${Panel} title=${t('cu.relationship')} wide=${true}><${Relation} of=${it.relation} /><//>
        <${Panel} title=${t('cu.rooms')} note=${n(it.rooms)}>${it.rooms.length ? some(it.rooms, room, '') : html`${none(t('cu.rooms.none'))}${none(t('cu.rooms.none.body'))}`}<//>
        <${Panel} title=${t('cu.waits.title')} note=${n(it.questions)}>${some(it.questions, question, t('cu.questions.none'))}<//>
        <${Panel} title=${t('cu.deal')} note=${n(it.deals)}>${some(it.deals, deal, t('cu.deals.none'))}<//>
        <${Panel} title=${t('cu.delivery')} note=${n(it.deliveries)}>${some(it.deliveries, delivery, t('cu.delivery.none'))}<//>
        <${Panel} title=${t('cu.theirs')} note=${n(it.theirs)}>${some(it.theirs, person, t('cu.people.none'))}<//>
        <${Panel} title=${t('cu.ours')} note=${n(it.ours)}>${some(it.ours, person, t('cu.people.none'))}<//>
        <${Panel} title=${t('cu.files')} note=${n(it.files)}>${some(it.files, file, t('cu.files.none'))}<//>
        <${Panel} title=${t('cu.mentions')} note=${n(it.mentions)}>${some(it.mentions, mention, t('cu.mentions.none'))}<//>
        <${Panel} title=${t('cu.timeline')} wide=${true}><${Loaded} of=${line} n=${6} show=${entries => entries.length ? html`<ul class="cu-line">${entries.map(moment)}</ul>` : none(t('cu.timeline.none'))} /><//></div>`;
    };
  },
};
