// One line item: its course with the expected band, what would help, its creatives, figures and history.
import { html, api, load, reloadOn, useTop, useKeys, computed, t, num, percent, money, shortDate, date, dateTime, icon, Loaded, Menu, Badge, Panel, Stat, Line, toast, href, go, state } from '../web/kit.js';
import { RunOn } from '../automation/on_record.js';
import { Course } from './chart.js';
import { Severity, Status, Ways, kindText, unitText, why } from './status.js';
import { acknowledge, reopen, snooze } from './said.js';
import { editLine } from './booking.js';
import { Creatives } from './creatives.js';
import { GettingOnAir } from './trafficking.js';
import { Makegoods } from './makegoods.js';
import { Figures, History } from './past.js';
import './book_words.js';
import './line_words.js';

export default {
  props: ['params', 'query'],
  setup(props) {
    const detail = load(signal => api.get('/line-items/' + props.params.id, { signal }), { watch: () => props.params.id });
    const users = load(signal => api.get('/users', { signal })), orders = load(signal => api.get('/orders', { signal }));
    reloadOn(detail, 'pacing');
    const people = computed(() => new Map((users.data?.users ?? []).map(u => [u.id, u.name])));
    const again = () => detail.reload({ quiet: true });
    const change = async body => { await api.patch('/line-items/' + detail.data.id, body); toast(t('pacing.saved')); again(); };
    const quietly = body => change(body).catch(toast.error);
    const edit = async () => { if (detail.data && await editLine(detail.data, orders.data?.orders ?? [])) again(); };
    const acts = item => [
      { label: t('pacing.edit'), icon: 'edit', run: edit },
      item.state === 'paused' ? { label: t('pacing.resume'), icon: 'play', run: () => quietly({ state: 'active' }) } : { label: t('pacing.pause'), icon: 'pause', run: () => quietly({ state: 'paused' }) },
      null, { label: t('pacing.cancel'), icon: 'x', danger: true, disabled: item.state === 'cancelled', run: () => quietly({ state: 'cancelled' }) },
    ];
    const open = computed(() => (detail.data?.alerts ?? []).filter(a => a.state !== 'resolved'));
    const act = async (what, ids) => { if (!ids.length) return; try { if (await what(ids)) again(); } catch (error) { toast.error(error); } };
    useKeys({ e: [edit, 'pacing.edit'], a: [() => act(acknowledge, open.value.map(a => a.id)), 'pacing.b.keyack'], s: [() => act(snooze, open.value.map(a => a.id)), 'pacing.b.keysnooze'], Escape: [() => go('/pacing'), 'pacing.keyback'] }, 'pacing.keys');
    useTop({ title: () => detail.data?.name ?? t('pacing.title'), tools: () => html`<${Ways} at="" />` });

    const alert = item => a => html`<div key=${a.id} class=${'notice ' + (a.severity === 'critical' ? 'bad' : a.severity === 'warning' ? 'warn' : '')}><span class="row wrap grow"><${Severity} of=${a.severity} /><b>${kindText(a.kind)}</b><span class="sm">${why(a, state.lang)}</span>
        ${a.money > 0 && html`<span class="sm num">${t('pacing.b.money')} ${money(a.money, item.currency)}</span>`}
        ${a.acknowledged_at && html`<${Badge} kind="ok" text=${t('pacing.ack.' + a.ack_reason)} />`}${a.ack_note && html`<span class="sm mut">“${a.ack_note}”</span>`}
        ${a.snoozed_until && html`<${Badge} icon="clock" text=${t('pacing.b.snoozedto', { at: dateTime(a.snoozed_until) })} />`}</span>
      <span class="row">${a.acknowledged_at || a.snoozed_until ? html`<button type="button" class="btn sm" @click=${() => act(reopen, [a.id])}>${t('pacing.b.reopen')}</button>`
        : html`<button type="button" class="btn sm" @click=${() => act(acknowledge, [a.id])}>${t('pacing.b.ack')}</button><button type="button" class="btn sm" @click=${() => act(snooze, [a.id])}>${t('pacing.b.snooze')}</button>`}</span></div>`;
    const fact = (name, value) => value != null && value !== '' && [html`<dt key=${name}>${t(name)}</dt>`, html`<dd key=${name + 'v'} class="num">${value}</dd>`];
    const facts = item => { const of = v => percent(v / item.goal, 1), curve = item.pacing === 'custom' ? ` (${item.custom_curve.join(' : ')})` : '';
      return html`<dl class="facts">
        ${fact('pacing.goal', `${num(item.goal)} ${unitText(item.goal_unit)}`)}
        ${item.middle != null && fact('pacing.forecast', `${num(item.middle)} (${of(item.low)}–${of(item.high)})`)}
        ${item.straight != null && item.ahead.length > 0 && fact('pacing.straight', of(item.straight))}
        ${item.needed_per_day != null && item.days_left > 0 && fact('pacing.needed', num(item.needed_per_day))}
        ${item.expected_per_day != null && fact('pacing.expected', num(item.expected_per_day))}
        ${item.running_per_day != null && fact('pacing.lastweek', num(item.running_per_day))}
        ${fact('pacing.how', t('pacing.how.' + item.pacing) + curve)}
        ${fact('pacing.priority', item.priority)}
        ${fact('pacing.cap', item.cap && num(item.cap))}${fact('pacing.capdaily', item.cap_daily && num(item.cap_daily))}
        ${fact('pacing.dayparts', item.dayparts.length ? t('pacing.dayparts.n', { n: item.dayparts.length }) : null)}
        ${fact('pacing.targeting', item.targeting)}
        ${fact('pacing.format', item.format)}
        ${fact('pacing.l.source', item.source)}
        ${fact('pacing.manager', people.value.get(item.manager))}</dl>`; };
    const links = item => html`${item.deal && html`<a class="btn sm" href=${href('deal', { id: item.deal })}>${icon('board', 14)}${t('pacing.l.deal')}</a>`}
      ${item.channel && html`<a class="btn sm" href=${href('channel', { id: item.channel })}>${icon('hash', 14)}${t('pacing.open')}</a>`}
      ${item.order && html`<a class="btn sm" href=${'/pacing/lines?show=all&order=' + item.order}>${icon('file', 14)}${(orders.data?.orders ?? []).find(o => o.id === item.order)?.name ?? t('pacing.order')}</a>`}
      ${item.original && html`<a class="btn sm" href=${'/pacing/' + item.original}>${icon('reply', 14)}${t('pacing.m.original')}</a>`}`;
    const remedies = item => item.remedies.length > 0 && html`<${Panel} title=${t('pacing.l.help')} note=${t('pacing.l.helpnote')} wide=${true}><ul class="pacing-remedies">${item.remedies.map(r => html`<li key=${r.kind + r.text_en}><b class="grow">${r['text_' + state.lang]}</b>
        <span class="num sm">${t('pacing.l.gain', { n: num(r.gain) })}</span><span class="num sm nowrap">${t('pacing.l.chance', { a: percent(r.chance_before, 0), b: percent(r.chance_after, 0) })}</span><span class="num sm mut">${r.cost ? money(r.cost, item.currency) : t('pacing.l.free')}</span>
        ${Object.keys(r.change).length > 0 && html`<button type="button" class="btn sm" @click=${() => quietly(r.change)}>${t('pacing.l.apply')}</button>`}</li>`)}</ul><//>`;
    const hours = item => item.today.some(h => h.delivered != null) && html`<${Panel} title=${t('pacing.l.today')} note=${unitText(item.goal_unit)}><${Line} label=${t('pacing.l.today')} x=${item.today.map(h => String(h.hour))} height=${170}
        series=${[{ name: t('pacing.got'), values: item.today.map(h => h.delivered) }, { name: t('pacing.ahead'), values: item.today.map(h => h.expected), dash: 2 }]} format=${num} /><//>`;
    const gaps = item => item.gaps.length > 0 && html`<${Panel} title=${t('pacing.l.gaps')}><table class="table"><thead><tr><th>${t('pacing.l.counter')}</th><th class="r">${t('pacing.l.first')}</th><th class="r">${t('pacing.l.third')}</th><th class="r">${t('pacing.l.gap')}</th></tr></thead><tbody>${item.gaps.map(g =>
      html`<tr key=${g.source}><td>${g.source} <span class="mut sm">${t('pacing.b.days', { n: g.days })}</span></td><td class="r num">${num(g.first)}</td><td class="r num">${num(g.third)}</td><td class=${'r num ' + (g.share > 0.1 ? 'poor' : '')}>${percent(g.share, 1)}</td></tr>`)}</tbody></table><//>`;

    const show = item => html`
      <div class="w pacing-head"><div class="row wrap"><${Status} of=${item.status} /><b>${item.account_name}</b><span class="mut num">${date(item.start_day)} – ${date(item.end_day)}</span>${item.as_of && html`<span class="mut sm">${t('pacing.asof', { date: shortDate(item.as_of) })}</span>`}
          <span class="grow"></span>${links(item)}<${RunOn} type="line_item" id=${item.id} /><${Menu} label=${t('pacing.more')} icon="more" items=${acts(item)} cls="btn sm ico" /></div>
        ${item.stale && html`<div class="notice warn" role="status">${icon('warn')}${t('pacing.b.stale', { source: item.source || 'API', date: item.as_of ? shortDate(item.as_of) : '–' })}</div>`}
        ${open.value.map(alert(item))}</div>
      <div class="w stats pacing-stats">
        <${Stat} label=${t('pacing.got')} value=${percent(item.delivered / item.goal, 1)} note=${`${num(item.delivered)} / ${num(item.goal)}`} />
        <${Stat} label=${t('pacing.forecast')} value=${item.middle == null ? '–' : percent(item.middle / item.goal, 0)} note=${item.middle == null ? '' : t('pacing.interval', { low: percent(item.low / item.goal, 0), high: percent(item.high / item.goal, 0) })} />
        <${Stat} label=${t('pacing.b.chance')} value=${item.miss == null ? '–' : percent(item.miss, 0)} note=${item.miss == null || item.middle == null ? '' : t('pacing.l.short', { n: num(Math.max(0, item.goal - item.middle)) })} />
        <${Stat} label=${t('pacing.budget')} value=${money(item.budget, item.currency)} note=${t('pacing.l.spent', { n: money(item.days.reduce((sum, d) => sum + d.spend, 0), item.currency) })} /></div>
      <${Panel} title=${t('pacing.chart')} wide=${true}><${Course} item=${item} />
        <div class="pacing-key"><span><i style="color:var(--c1)"></i>${t('pacing.got')}</span><span><i class="dash" style="color:var(--c1)"></i>${t('pacing.ahead')}</span><span><i class="dash" style="color:var(--field)"></i>${t('pacing.plan')}</span><span><u></u>${t('pacing.l.band')}</span></div><//>
      ${remedies(item)}
      <${Panel} title=${t('pacing.l.about')}>${facts(item)}<//>
      <div class="pacing-stack"><${GettingOnAir} item=${item} people=${people.value} changed=${again} /><${Creatives} item=${item} changed=${again} /><${Makegoods} item=${item} changed=${again} /></div>
      ${hours(item)}${gaps(item)}
      <${Figures} item=${item} />
      <${History} item=${item} people=${people.value} />`;
    return () => html`<div class="page pacing-line" data-scroll><${Loaded} of=${detail} show=${show} skeleton="chart" n=${2} /></div>`;
  },
};
