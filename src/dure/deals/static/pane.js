// A deal's details beside the board: fields to edit, team, contacts, history, its channel.
import { html, api, load, reloadOn, t, inLang, money, dateTime, shortDate, icon, Avatar, Loaded, Form, Badge, askForm, toast, href } from '../web/kit.js';
import { fromMinor, nameOfUser, toMinor, userOptions } from './create.js';
import './words.js';

export const Pane = {
  props: ['id', 'lanes', 'people', 'close', 'changed', 'move'],
  setup(p) {
    const detail = load(signal => api.get('/deals/' + p.id, { signal }));
    reloadOn(detail, 'deals');
    const stageOf = key => p.lanes.find(l => l.key === key);
    const after = deal => { p.changed(deal); detail.reload({ quiet: true }); };

    async function save(deal, v) {
      const now = await api.patch('/deals/' + deal.id, {
        version: deal.version, name: v.name, amount: toMinor(v.amount, deal.currency), close_date: v.close_date, owner: v.owner, next_step: v.next_step ?? '',
      });
      toast(t('deals.saved')); after(now);
    }
    const setTeam = async (deal, team) => after(await api.put(`/deals/${deal.id}/team`, { team }));
    const add = deal => askForm({
      title: t('deals.addmember'), submitLabel: t('deals.addmember'),
      fields: [{ name: 'user', label: t('deals.member'), type: 'select', required: true, options: userOptions(p.people).filter(o => !deal.team.some(m => m.user === o.value)) },
        { name: 'role', label: t('deals.role'), optional: true }],
      submit: v => setTeam(deal, [...deal.team, { user: v.user, role: v.role ?? '' }]),
    });

    const show = deal => html`
      <div class="row"><h2 class="grow">${deal.name}</h2><button type="button" class="btn ghost ico" aria-label=${t('deals.closepane')} title=${t('deals.closepane')} @click=${p.close}>${icon('x')}</button></div>
      <div class="row wrap"><span class="mut">${deal.account_name}</span><b class="num">${money(deal.amount, deal.currency)}</b>
        ${deal.channel ? html`<a class="btn sm" href=${href('channel', { id: deal.channel })}>${icon('hash', 14)}${t('deals.channel')}</a>` : stageOf(deal.stage)?.probability < 25 && !deal.closed_at && html`<span class="mut sm">${t('deals.nochannel')}</span>`}</div>
      <label class="field"><span class="mut sm">${t('deals.stage')}</span><select class="input" aria-label=${t('deals.stage')} @change=${async e => { await p.move(deal, e.target.value); detail.reload({ quiet: true }); }}>
        ${p.lanes.map(l => html`<option key=${l.key} value=${l.key} selected=${l.key === deal.stage}>${inLang(l.name)} · ${l.probability}%</option>`)}</select></label>
      ${deal.lost_reason && html`<div class="notice">${icon('info')}${t('deals.reason')}: ${deal.lost_reason}</div>`}
      <section><${Form} key=${deal.version} submit=${v => save(deal, v)} values=${{ name: deal.name, amount: fromMinor(deal.amount, deal.currency), close_date: deal.close_date, owner: deal.owner, next_step: deal.next_step }}
        fields=${[
    { name: 'next_step', label: t('deals.next'), optional: true },
    { name: 'amount', label: t('deals.amount'), type: 'number', required: true, min: 0, unit: deal.currency },
    { name: 'close_date', label: t('deals.close'), type: 'date', required: true },
    { name: 'owner', label: t('deals.owner'), type: 'select', required: true, options: userOptions(p.people) },
    { name: 'name', label: t('deals.name'), required: true },
  ]} /></section>
      <section><div class="row"><h3 class="grow">${t('deals.team')}</h3><button type="button" class="btn ghost sm" @click=${() => add(deal)}>${icon('plus', 14)}${t('deals.addmember')}</button></div>
        <ul class="deals-people">${[{ user: deal.owner, role: t('deals.owner'), fixed: true }, ...deal.team.filter(m => m.user !== deal.owner)].map(m => html`<li key=${m.user}>
          <${Avatar} name=${nameOfUser(p.people, m.user)} seed=${m.user} size="s" /><span>${nameOfUser(p.people, m.user)}</span><span class="mut sm grow">${m.role}</span>
          ${!m.fixed && html`<button type="button" class="btn ghost ico sm" aria-label=${t('deals.remove', { name: nameOfUser(p.people, m.user) })} @click=${() => setTeam(deal, deal.team.filter(x => x.user !== m.user))}>${icon('x', 12)}</button>`}</li>`)}</ul></section>
      ${deal.contacts.length > 0 && html`<section><h3>${t('deals.contacts')}</h3><ul class="deals-people">${deal.contacts.map(c => html`<li key=${c.id}>${icon('person', 14)}<span>${c.name}</span><span class="mut sm cut">${[c.title, c.email].filter(Boolean).join(' · ')}</span></li>`)}</ul></section>`}
      <section><h3>${t('deals.history')}</h3><ol class="deals-history">${deal.history.map((e, i) => {
    const before = deal.history[i + 1], stage = stageOf(e.stage), moved = !before || before.stage !== e.stage;
    return html`<li key=${e.number}><span>${moved ? html`<${Badge} kind=${stage?.outcome === 'won' ? 'ok' : stage?.outcome === 'lost' ? 'bad' : 'info'} text=${stage ? inLang(stage.name) : e.stage} icon=${stage?.outcome === 'lost' ? 'x' : stage?.outcome === 'won' ? 'check' : 'flag'} />` : ''}
            ${before && before.amount !== e.amount ? html`<span class="num sm">${money(before.amount, e.currency)} → ${money(e.amount, e.currency)}</span>` : ''}
            ${before && before.close_date !== e.close_date ? html`<span class="num sm"> ${shortDate(before.close_date)} → ${shortDate(e.close_date)}</span>` : ''}
            <span class="mut sm"> ${nameOfUser(p.people, e.actor)}</span></span><span class="mut sm nowrap">${dateTime(e.at)}</span></li>`;
  })}</ol></section>`;
    return () => html`<aside class="deals-pane" data-scroll aria-label=${detail.data?.name ?? t('deals.board')}><${Loaded} of=${detail} show=${show} skeleton="text" n=${8} /></aside>`;
  },
};
