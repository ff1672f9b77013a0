// What is behind a line item: its figures by day, and what happened to it.
import { html, t, num, percent, money, date, dateTime, Panel, Table } from '../web/kit.js';
import { kindText } from './status.js';

const UNITS = ['impressions', 'clicks', 'views', 'listens'];

export const Figures = {
  props: ['item'],
  setup: p => () => {
    const days = p.item.days.toReversed().map(d => ({ ...d, id: d.day })), used = UNITS.filter(unit => unit === 'impressions' || p.item.days.some(d => d[unit] > 0));
    const columns = [
      { key: 'day', title: t('pacing.f.day'), render: d => date(d.day) },
      ...used.map(unit => ({ key: unit, title: t('pacing.f.' + unit), num: true, render: d => num(d[unit]) })),
      { key: 'share', title: '%', num: true, sort: d => d[p.item.goal_unit], render: d => percent(d[p.item.goal_unit] / p.item.goal, 1) },
      { key: 'spend', title: t('pacing.f.spend'), num: true, render: d => money(d.spend, p.item.currency) },
    ];
    return html`<${Panel} title=${t('pacing.f.title')} flush=${true}><div class="pacing-figures"><${Table} label=${t('pacing.f.title')} columns=${columns} rows=${days} empty=${{ icon: 'table', title: t('pacing.f.none') }} page=${14} /></div><//>`;
  },
};

export const History = {
  props: ['item', 'people'],
  setup: p => () => {
    const i = p.item, line = [];
    const note = (at, text, more) => { if (at) line.push({ at, text, more }); };
    note(i.created_at, t('pacing.h.created'));
    note(i.trafficked_at, t('pacing.h.trafficked'), p.people.get((i.trafficked_by ?? '').replace(/^user:/, '')));
    note(i.approved_at, t('pacing.h.approved'), p.people.get((i.approved_by ?? '').replace(/^user:/, '')));
    note(i.launched_at, t('pacing.h.launched')); note(i.halfway_at, t('pacing.h.halfway')); note(i.paused_at, t('pacing.h.paused')); note(i.delivered_at, t('pacing.h.delivered')); note(i.ended_at, t('pacing.h.ended'));
    for (const a of i.alerts) {
      const kind = kindText(a.kind);
      note(a.raised_at, t('pacing.h.raised', { kind }), t('pacing.notices', { n: a.notices }) + (a.facts.forecast_percent != null && a.kind === 'at_risk' ? ' · ' + t('pacing.said', { p: num(a.facts.forecast_percent, 1), n: num(a.facts.shortfall) }) : ''));
      note(a.acknowledged_at, t('pacing.h.acked', { kind, why: t('pacing.ack.' + (a.ack_reason || 'other')) }), a.ack_note);
      note(a.closed_at, t('pacing.h.resolved', { kind, why: t('pacing.closed.' + a.closed_because) }));
    }
    line.sort((a, b) => b.at.localeCompare(a.at));
    return html`<${Panel} title=${t('pacing.h.title')}>${line.length ? html`<ol class="pacing-history">${line.map((one, k) => html`<li key=${k}><time class="mut sm num">${dateTime(one.at)}</time><span>${one.text}${one.more && html`<span class="mut sm"> · ${one.more}</span>`}</span></li>`)}</ol>` : html`<p class="mut sm">${t('pacing.h.none')}</p>`}<//>`;
  },
};
