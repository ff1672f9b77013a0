// A deal's details beside the board: what one changes most, how it does and why; the rest is on its own page.
import { html, api, load, reloadOn, t, inLang, money, icon, Avatar, Loaded, Form, toast, href } from '../web/kit.js';
import { fromMinor, nameOfUser, toMinor, userOptions } from './create.js';
import { Chance, Health } from './deal/health.js';
import { Tasks } from './deal/work.js';
import { moveWithWords } from './moving.js';
import './words.js';

export const Pane = {
  props: ['id', 'sales', 'lanes', 'close', 'changed', 'reload'],
  setup(p) {
    const detail = load(signal => api.get('/deals/' + p.id, { signal })), health = load(signal => api.get('/deals/health', { signal, query: { deal: p.id }, quiet: true })), told = load(signal => api.get('/deals/forecast/chances', { signal, query: { deal: p.id }, quiet: true }));
    reloadOn(detail, 'deals'); reloadOn(health, 'deals');
    // What the board holds is the deal alone; an account and lines of the detail are not its.
    const after = deal => { p.changed(deal); detail.reload({ quiet: true }); };
    const move = (deal, key) => moveWithWords(deal, p.sales.stages.get(key), p.sales, after, () => { detail.reload({ quiet: true }); p.reload(); }).then(moved => { if (!moved) detail.reload({ quiet: true }); });
    async function save(deal, v) {
      const now = await api.patch('/deals/' + deal.id, {
        version: deal.version, name: v.name, close_date: v.close_date, owner: v.owner, next_step: v.next_step ?? '', ...(deal.lines?.length ? {} : { amount: toMinor(v.amount, deal.currency) }),
      });
      toast(t('deals.saved')); after(now);
    }
    const show = deal => html`
      <div class="row"><h2 class="grow">${deal.name}</h2><a class="btn ghost ico" href=${'/deals/' + deal.id} aria-label=${t('deals.whole')} title=${t('deals.whole')}>${icon('out')}</a><button type="button" class="btn ghost ico" aria-label=${t('deals.closepane')} title=${t('deals.closepane')} @click=${p.close}>${icon('x')}</button></div>
      <div class="row wrap">${deal.account_id ? html`<a href=${'/deals/accounts/' + deal.account_id}>${deal.account_name}</a>` : html`<span class="mut">${t('deals.noaccount')}</span>`}<b class="num">${money(deal.amount, deal.currency)}</b>
        ${deal.channel ? html`<a class="btn sm" href=${href('channel', { id: deal.channel })}>${icon('hash', 14)}${t('deals.channel')}</a>` : ''}</div>
      <label class="field"><span class="mut sm">${t('deals.stage')}</span><select class="input" aria-label=${t('deals.stage')} @change=${e => move(deal, e.target.value)}>
        ${p.lanes.map(l => html`<option key=${l.key} value=${l.key} selected=${l.key === deal.stage}>${inLang(l.name)} · ${l.probability}%</option>`)}</select></label>
      ${deal.lost_reason && html`<div class="notice">${icon('info')}${t('deals.reason')}: ${deal.lost_reason}</div>`}
      ${!deal.closed_at && html`<section><h3>${t('dh.title')}</h3><${Health} health=${health.data?.health[0]} /></section>`}
      ${!deal.closed_at && told.data?.chances.length > 0 && html`<section><h3>${t('dh.chance')}</h3><${Chance} chance=${told.data.chances[0]} probability=${deal.probability} /></section>`}
      <section><${Form} key=${deal.version} submit=${v => save(deal, v)} values=${{ name: deal.name, amount: fromMinor(deal.amount, deal.currency), close_date: deal.close_date, owner: deal.owner, next_step: deal.next_step }}
        fields=${[
    { name: 'next_step', label: t('deals.next'), optional: true },
    ...(deal.lines?.length ? [] : [{ name: 'amount', label: t('deals.amount'), type: 'number', required: true, min: 0, unit: deal.currency }]),
    { name: 'close_date', label: t('deals.close'), type: 'date', required: true },
    { name: 'owner', label: t('deals.owner'), type: 'select', required: true, options: userOptions(p.sales.people) },
    { name: 'name', label: t('deals.name'), required: true },
  ]} /></section>
      <section><${Tasks} about=${deal.id} people=${p.sales.people} owner=${deal.owner} /></section>
      <section><h3>${t('deals.team')}</h3><ul class="deals-people">${[{ user: deal.owner, role: t('deals.owner') }, ...deal.members.filter(m => m.user !== deal.owner)].map(m => html`<li key=${m.user}><${Avatar} name=${nameOfUser(p.sales.people, m.user)} seed=${m.user} size="s" /><span>${nameOfUser(p.sales.people, m.user)}</span><span class="mut sm grow">${m.role}</span></li>`)}</ul></section>
      <section><a class="btn" href=${'/deals/' + deal.id}>${icon('clock', 14)}${t('deals.history')}</a></section>`;
    return () => html`<aside class="deals-pane" data-scroll aria-label=${detail.data?.name ?? t('deals.board')}><${Loaded} of=${detail} show=${show} skeleton="text" n=${8} /></aside>`;
  },
};
