// What the organisation asks of stories and shares; and whose own account a source is.
import { action, api, boot, html, load, Loaded, Panel, reactive, state, t, toast, watch } from '../../web/kit.js';
import { networkName } from '../words.js';

export const Rules = {
  props: ['query', 'feed'],
  setup() {
    const rules = load(signal => api.get('/advocacy/rules', { signal })), users = load(signal => api.get('/users', { signal })), accounts = load(signal => api.get('/advocacy/accounts', { signal }));
    const it = reactive({}), wrong = reactive({});
    const currency = () => it.currency || boot.workspace?.currency || 'KRW', minor = () => 10 ** new Intl.NumberFormat('en', { style: 'currency', currency: currency() }).resolvedOptions().maximumFractionDigits;
    watch(() => rules.data, data => { if (data) Object.assign(it, structuredClone(data), { price: data.price == null ? '' : String(data.price / 10 ** new Intl.NumberFormat('en', { style: 'currency', currency: data.currency || boot.workspace?.currency || 'KRW' }).resolvedOptions().maximumFractionDigits) }); });
    const people = () => (users.data?.users ?? []).filter(one => !one.deleted && !one.is_bot && !one.app && one.role !== 'guest');
    const save = action(async () => {
      for (const name of Object.keys(wrong)) delete wrong[name];
      const price = String(it.price).trim() ? Math.round(Number(it.price) * minor()) : null;
      try { rules.set(await api.put('/advocacy/rules', { ...it, price, currency: price ? currency() : '', a_week: Number(it.a_week) })); toast(t('adv.saved')); } catch (error) { if (error.status === 409) rules.reload({ quiet: true }); if (error.field && error.status === 422) wrong[error.field] = error.message; else throw error; }
    }, { failed: toast.error });
    const give = action(async (one, employee) => { await api.put('/advocacy/accounts/' + one.id, { employee }); toast(t('adv.saved')); accounts.reload({ quiet: true }); }, { failed: toast.error });
    const tick = (name, label, hint) => html`<label class="row adv-tick"><input type="checkbox" checked=${it[name]} @change=${e => { it[name] = e.target.checked; }} /><span>${label}${hint && html`<br /><span class="mut sm">${hint}</span>`}</span></label>`;
    const said = name => wrong[name] && html`<span class="wrong-text" role="alert">${wrong[name]}</span>`;
    const line = language => html`<label class="stack adv-field"><span class="sm">${t('adv.r.' + language)}</span><input class="input" maxlength="80" value=${it.disclosure[language]} @input=${e => { it.disclosure[language] = e.target.value; }} />${said('disclosure.' + language)}</label>`;
    const form = () => it.disclosure && html`<form class="stack adv-rules" @submit=${e => { e.preventDefault(); save.run(); }}>
      ${tick('approval', t('adv.r.approval'))}${it.approval && html`${tick('own', t('adv.r.own'))}<fieldset class="stack"><legend class="sm">${t('adv.r.approvers')}</legend><p class="mut sm">${t('adv.r.approvershint')}</p><div class="adv-chips">${people().map(one => html`<label key=${one.id} class=${'adv-chip' + (it.approvers.includes(one.id) ? ' on' : '')}><input type="checkbox" checked=${it.approvers.includes(one.id)} @change=${e => { it.approvers = e.target.checked ? [...it.approvers, one.id] : it.approvers.filter(id => id !== one.id); }} />${one.name}</label>`)}</div></fieldset>`}
      ${tick('disclosed', t('adv.r.disclosed'))}${it.disclosed && html`<div class="adv-days">${line('ko')}${line('en')}</div><p class="mut sm">${t('adv.r.linehint', { company: '{company}' })}</p>`}
      <label class="stack adv-field"><span class="sm">${t('adv.r.week')}</span><span class="row"><input class="input num adv-small" type="number" min="0" max="7" value=${it.a_week} @input=${e => { it.a_week = e.target.value; }} /><span class="mut sm">${t('adv.r.weekunit')}</span></span>${said('a_week')}</label>
      ${tick('leaderboard', t('adv.r.board'), t('adv.r.boardhint'))}
      <label class="stack adv-field"><span class="sm">${t('adv.r.price')}</span><span class="row"><input class="input num adv-small" inputmode="decimal" value=${it.price} @input=${e => { it.price = e.target.value; }} /><span class="mut sm">${currency()}</span></span><span class="mut sm">${t('adv.r.pricehint')}</span>${said('price')}</label>
      <div class="actions"><button type="submit" class="btn pri" disabled=${save.busy}>${t('adv.save')}</button></div></form>`;
    const owned = data => html`<p class="mut sm">${t('adv.r.accountsnote')}</p>${data.accounts.length ? html`<ul class="adv-accounts">${data.accounts.map(one => html`<li key=${one.id} class="row"><b class="cut">${one.name}</b><span class="tag">${networkName(one.network, state.lang)}</span><span class="grow"></span><select class="input" aria-label=${one.name} disabled=${give.busy} value=${one.employee} @change=${e => give.run(one, e.target.value)}><option value="" selected=${!one.employee}>${t('adv.r.brands')}</option>${people().map(user => html`<option key=${user.id} value=${user.id} selected=${user.id === one.employee}>${user.name}</option>`)}</select></li>`)}</ul>` : html`<p class="mut">${t('adv.r.noaccounts')}</p>`}`;
    return () => html`<div class="view pad"><div class="stack adv-narrow"><${Panel} title=${t('adv.rules')} note=${t('adv.r.note')}><${Loaded} of=${rules} show=${form} skeleton="text" /><//><${Panel} title=${t('adv.r.accounts')}><${Loaded} of=${accounts} show=${owned} skeleton="text" /><//></div></div>`;
  },
};
