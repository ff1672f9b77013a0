// A line item's details: why it stands as it does, the course so far and ahead, its alerts.
import { html, api, load, reloadOn, t, num, percent, money, shortDate, date, dateTime, icon, Loaded, Menu, Badge, askForm, toast, href } from '../web/kit.js';
import { Course } from './chart.js';
import { Status } from './status.js';

export const Pane = {
  props: ['id', 'people', 'close', 'changed'],
  setup(p) {
    const detail = load(signal => api.get('/line-items/' + p.id, { signal }));
    reloadOn(detail, 'pacing');
    const change = async (item, body) => { await api.patch('/line-items/' + item.id, body); toast(t('pacing.saved')); p.changed(); detail.reload({ quiet: true }); };
    const quietly = (item, body) => change(item, body).catch(toast.error);
    const edit = item => askForm({
      title: t('pacing.edit'), values: { name: item.name, goal: item.goal, end_day: item.end_day, channel: item.channel },
      fields: [
        { name: 'name', label: t('pacing.name'), required: true, autofocus: true }, { name: 'goal', label: t('pacing.goal'), type: 'number', required: true, min: 1 },
        { name: 'end_day', label: t('pacing.end'), type: 'date', required: true }, { name: 'channel', label: t('pacing.channelid'), hint: t('pacing.channelhint'), optional: true },
      ],
      submit: async v => { await change(item, { ...v, channel: v.channel ?? '' }); return true; },
    });
    const acts = item => [
      { label: t('pacing.edit'), icon: 'edit', run: () => edit(item) },
      item.state === 'paused' ? { label: t('pacing.resume'), icon: 'play', run: () => quietly(item, { state: 'active' }) } : { label: t('pacing.pause'), icon: 'pause', run: () => quietly(item, { state: 'paused' }) },
      null, { label: t('pacing.cancel'), icon: 'x', danger: true, disabled: item.state === 'cancelled', run: () => quietly(item, { state: 'cancelled' }) },
    ];
    const why = item => item.reason ? 'pacing.why.' + item.reason : ['not_launched', 'over'].includes(item.status) ? 'pacing.why.' + item.status : null;
    const fact = (name, value) => value != null && value !== '' && [html`<dt key=${name}>${t(name)}</dt>`, html`<dd key=${name + 'v'} class="num">${value}</dd>`];

    const show = item => {
      const of = v => percent(v / item.goal, 1), short = item.middle == null ? 0 : Math.max(0, item.goal - item.middle);
      return html`<div class="row"><h2 class="grow">${item.name}</h2><${Menu} label=${t('pacing.more')} icon="more" items=${acts(item)} cls="btn ghost ico" />
          <button type="button" class="btn ghost ico" aria-label=${t('pacing.close')} title=${t('pacing.close')} @click=${p.close}>${icon('x')}</button></div>
        <div class="row wrap"><${Status} of=${item.status} /><span class="mut sm">${item.account_name}</span>${item.as_of && html`<span class="mut sm">${t('pacing.asof', { date: shortDate(item.as_of) })}</span>`}
          ${item.channel && html`<a class="btn sm" href=${href('channel', { id: item.channel })}>${icon('hash', 14)}${t('pacing.open')}</a>`}</div>
        ${why(item) && html`<div class=${'notice ' + (item.status === 'over' ? '' : 'warn')}>${icon('info')}${t(why(item))}</div>`}
        <${Course} item=${item} />
        <div class="pacing-key"><span><i style="color:var(--c1)"></i>${t('pacing.got')}</span><span><i class="dash" style="color:var(--c1)"></i>${t('pacing.ahead')}</span><span><i class="dash" style="color:var(--field)"></i>${t('pacing.plan')}</span></div>
        <section><dl class="facts">
          ${fact('pacing.goal', num(item.goal))}
          ${fact('pacing.got', `${num(item.delivered)} (${of(item.delivered)})`)}
          ${item.middle != null && fact('pacing.forecast', `${num(item.middle)} (${of(item.low)}–${of(item.high)})`)}
          ${item.straight != null && item.ahead.length > 0 && fact('pacing.straight', of(item.straight))}
          ${item.needed_per_day != null && item.days_left > 0 && fact('pacing.needed', num(item.needed_per_day))}
          ${item.expected_per_day != null && fact('pacing.expected', num(item.expected_per_day))}
          ${item.running_per_day != null && fact('pacing.lastweek', num(item.running_per_day))}
          ${fact('pacing.flight', `${date(item.start_day)} – ${date(item.end_day)}`)}
          ${fact('pacing.budget', money(item.budget, item.currency))}
          ${short > 0 && item.status === 'at_risk' && fact('pacing.stake', money(Math.round(item.budget * short / item.goal), item.currency))}
          ${fact('pacing.format', item.format)}
          ${fact('pacing.manager', p.people.get(item.manager)?.name)}</dl></section>
        <section><h3>${t('pacing.alerts')}</h3>${item.alerts.length ? html`<ul class="pacing-alerts">${item.alerts.map(a => html`<li key=${a.id}><span class="row wrap"><${Status} of=${a.kind} />
          <${Badge} kind=${a.state === 'open' ? 'warn' : ''} icon=${a.state === 'open' ? 'bell' : 'check'} text=${a.state === 'open' ? t('pacing.openalert') : `${t('pacing.closed.' + a.closed_because)} · ${dateTime(a.closed_at)}`} /></span>
          <span class="mut sm">${t('pacing.raised', { at: dateTime(a.raised_at) })} · ${t('pacing.notices', { n: a.notices })}${a.facts.forecast_percent != null && ` · ${t('pacing.said', { p: num(a.facts.forecast_percent, 1), n: num(a.facts.shortfall) })}`}</span></li>`)}</ul>` : html`<p class="mut sm">${t('pacing.noalerts')}</p>`}</section>`;
    };
    return () => html`<aside class="pacing-pane" data-scroll aria-label=${detail.data?.name ?? t('pacing.title')}><${Loaded} of=${detail} show=${show} skeleton="chart" n=${1} /></aside>`;
  },
};
