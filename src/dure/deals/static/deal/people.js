// Who works on a deal, and who of the customer takes part in it and as what.
import { html, api, askForm, Avatar, icon, Menu, t, toast, words } from '../../web/kit.js';
import { nameOfUser, userOptions } from '../create.js';
import '../words.js';

words({
  ko: { 'de.role.decision maker': '결정권자', 'de.role.champion': '지지자', 'de.role.evaluator': '평가자', 'de.role.user': '사용자', 'de.role.blocker': '반대자', 'de.contacts': '고객 담당자', 'de.addcontact': '담당자 추가', 'de.contact': '담당자', 'de.new': '새 담당자…', 'de.name': '이름', 'de.email': '이메일', 'de.title': '직함', 'de.primary': '주 담당자', 'de.setprimary': '주 담당자로', 'de.setrole': '역할 바꾸기', 'de.removefrom': '거래에서 빼기', 'de.nocontacts': '거래에 담당자가 없습니다', 'de.noaccount': '고객사를 먼저 정해 주세요', 'de.actions': '{name} 님에게 할 일' },
  en: { 'de.role.decision maker': 'Decision maker', 'de.role.champion': 'Champion', 'de.role.evaluator': 'Evaluator', 'de.role.user': 'User', 'de.role.blocker': 'Blocker', 'de.contacts': 'Contacts', 'de.addcontact': 'Add a contact', 'de.contact': 'Contact', 'de.new': 'New contact…', 'de.name': 'Name', 'de.email': 'E-mail', 'de.title': 'Title', 'de.primary': 'Primary', 'de.setprimary': 'Make primary', 'de.setrole': 'Change the role', 'de.removefrom': 'Remove from the deal', 'de.nocontacts': 'Nobody of the customer is named', 'de.noaccount': 'Choose an account first', 'de.actions': 'What to do with {name}' },
});

const ROLES = ['decision maker', 'champion', 'evaluator', 'user', 'blocker'], NEW = '(new)';
const roleText = role => ROLES.includes(role) ? t('de.role.' + role) : role;
const roleField = { name: 'role', label: () => t('deals.role') };
const roles = () => ROLES.map(r => ({ value: r, label: t('de.role.' + r) }));

export const Team = {
  props: ['deal', 'members', 'people', 'changed'],
  setup(p) {
    const set = async team => { try { await api.put(`/deals/${p.deal.id}/team`, { team: team.map(m => ({ user: m.user, role: m.role, access: m.access })) }); p.changed(); } catch (error) { toast.error(error); } };
    const add = () => askForm({
      title: t('deals.addmember'), submitLabel: t('deals.addmember'),
      fields: [{ name: 'user', label: t('deals.member'), type: 'select', required: true, options: userOptions(p.people).filter(o => !p.members.some(m => m.user === o.value)) }, { name: 'role', label: t('deals.role'), optional: true }],
      submit: v => api.put(`/deals/${p.deal.id}/team`, { team: [...p.members.map(m => ({ user: m.user, role: m.role, access: m.access })), { user: v.user, role: v.role ?? '' }] }),
    }).then(done => done && p.changed());
    return () => html`<section class="deals-block"><header><h3>${t('deals.team')}</h3><span class="grow"></span><button type="button" class="btn ghost ico sm" aria-label=${t('deals.addmember')} title=${t('deals.addmember')} @click=${add}>${icon('plus', 14)}</button></header>
      <ul class="deals-people">${[{ user: p.deal.owner, role: t('deals.owner'), fixed: true }, ...p.members.filter(m => m.user !== p.deal.owner)].map(m => { const name = nameOfUser(p.people, m.user); return html`<li key=${m.user}><${Avatar} name=${name} seed=${m.user} size="s" /><span class="cut">${name}</span><span class="mut sm grow">${m.role}</span>
        ${!m.fixed && html`<button type="button" class="btn ghost ico sm" aria-label=${t('deals.remove', { name })} title=${t('deals.remove', { name })} @click=${() => set(p.members.filter(x => x.user !== m.user))}>${icon('x', 12)}</button>`}</li>`; })}</ul></section>`;
  },
};

export const Contacts = {
  props: ['deal', 'roles', 'contacts', 'changed', 'open'],
  setup(p) {
    const plain = () => p.roles.map(r => ({ contact: r.contact, role: r.role, is_primary: r.is_primary }));
    const put = roles => api.put(`/deals/${p.deal.id}/contacts`, { roles });
    const set = async roles => { try { await put(roles); p.changed(); } catch (error) { toast.error(error); } };
    const add = () => askForm({
      title: t('de.addcontact'), submitLabel: t('de.addcontact'),
      fields: [
        { name: 'contact', label: t('de.contact'), type: 'select', required: true, options: [...p.contacts.filter(c => !p.roles.some(r => r.contact === c.id)).map(c => ({ value: c.id, label: [c.name, c.title].filter(Boolean).join(' · ') })), { value: NEW, label: t('de.new') }], initial: p.contacts.find(c => !p.roles.some(r => r.contact === c.id))?.id ?? NEW },
        { name: 'name', label: t('de.name'), required: true, when: v => v.contact === NEW }, { name: 'email', label: t('de.email'), type: 'email', optional: true, when: v => v.contact === NEW }, { name: 'title', label: t('de.title'), optional: true, when: v => v.contact === NEW },
        { ...roleField, label: t('deals.role'), type: 'select', optional: true, options: roles() },
      ],
      submit: async v => {
        const contact = v.contact === NEW ? (await api.post('/contacts', { account: p.deal.account_id ?? '', name: v.name, email: v.email ?? '', title: v.title ?? '' })).id : v.contact;
        return put([...plain(), { contact, role: v.role ?? '', is_primary: !p.roles.length }]);
      },
    }).then(done => done && p.changed());
    const items = role => [
      { label: t('de.setrole'), icon: 'edit', run: () => askForm({ title: t('de.setrole'), values: { role: role.role }, fields: [{ name: 'role', label: t('deals.role'), type: 'select', optional: true, options: roles() }], submit: v => put(plain().map(r => r.contact === role.contact ? { ...r, role: v.role ?? '' } : r)) }).then(done => done && p.changed()) },
      { label: t('de.setprimary'), icon: 'star', disabled: role.is_primary, run: () => set(plain().map(r => ({ ...r, is_primary: r.contact === role.contact }))) }, null,
      { label: t('de.removefrom'), icon: 'x', danger: true, run: () => set(plain().filter(r => r.contact !== role.contact)) },
    ];
    return () => html`<section class="deals-block"><header><h3>${t('de.contacts')}</h3><span class="grow"></span><button type="button" class="btn ghost ico sm" aria-label=${t('de.addcontact')} title=${t('de.addcontact')} @click=${add}>${icon('plus', 14)}</button></header>
      ${p.roles.length ? html`<ul class="deals-people">${p.roles.map(r => html`<li key=${r.id}><button type="button" class="link cut" @click=${() => p.open(r.contact)}>${r.name}</button>${r.is_primary && html`<span title=${t('de.primary')} class="deals-star">${icon('star', 12)}</span>`}<span class="mut sm grow cut">${[roleText(r.role), r.title].filter(Boolean).join(' · ')}</span><${Menu} label=${t('de.actions', { name: r.name })} icon="more" cls="btn ghost ico sm" items=${items(r)} /></li>`)}</ul>`
    : html`<p class="mut sm">${t('de.nocontacts')}</p>`}</section>`;
  },
};
