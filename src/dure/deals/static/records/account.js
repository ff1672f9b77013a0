// A customer: what is known of them, who is there, the deals with them, what is to be done.
import { html, api, load, reloadOn, useTop, useKeys, ref, t, inLang, money, shortDate, icon, Avatar, Badge, Loaded, Panel, Table, go, toast, askForm, words } from '../../web/kit.js';
import { nameOfUser } from '../create.js';
import { useSales } from '../data.js';
import { Properties } from '../deal/properties.js';
import { Files, NoteBox, Tasks } from '../deal/work.js';
import { ContactPane } from './contact.js';
import '../words.js';

words({
  ko: { 'da.about': '고객사 정보', 'da.deals': '거래', 'da.people': '담당자', 'da.nodeals': '거래가 없습니다', 'da.nopeople': '담당자가 없습니다', 'da.add': '담당자 추가', 'da.name': '이름', 'da.titleof': '직함', 'da.email': '이메일', 'da.phone': '전화', 'da.open': '열린 거래 {sum}', 'da.won': '수주 {sum}', 'da.product': '제품에서 본 고객사', 'da.notes': '노트', 'da.nonotes': '노트가 없습니다', 'da.keyback': '보드로', 'da.saved': '저장했습니다' },
  en: { 'da.about': 'About the account', 'da.deals': 'Deals', 'da.people': 'Contacts', 'da.nodeals': 'No deals', 'da.nopeople': 'No contacts', 'da.add': 'Add a contact', 'da.name': 'Name', 'da.titleof': 'Title', 'da.email': 'E-mail', 'da.phone': 'Phone', 'da.open': '{sum} open', 'da.won': '{sum} won', 'da.product': 'The account in the product', 'da.notes': 'Notes', 'da.nonotes': 'No notes', 'da.keyback': 'To the board', 'da.saved': 'Saved' },
});

const NAMES = ['name', 'industry', 'type', 'owner', 'domain', 'website', 'phone', 'size', 'revenue', 'country', 'city', 'street', 'postcode', 'external', 'description'];

export default {
  props: ['params', 'query'],
  setup(props) {
    const id = () => props.params.id, sales = useSales('account'), contact = ref(props.query.contact ?? '');
    const found = load(signal => api.get('/accounts/' + id(), { signal }), { watch: id, keep: false }), notes = load(signal => api.get('/notes', { signal, query: { filters: JSON.stringify([{ prop: 'about', op: '=', value: id() }]), limit: 30 } }), { watch: id });
    reloadOn(found, 'deals'); reloadOn(notes, 'deals');
    const save = async values => { await api.patch('/accounts/' + id(), { version: found.data.version, ...values }); await found.reload({ quiet: true }); toast(t('da.saved')); };
    const add = () => askForm({ title: t('da.add'), submitLabel: t('da.add'), fields: [{ name: 'name', label: t('da.name'), required: true, autofocus: true }, { name: 'title', label: t('da.titleof'), optional: true }, { name: 'email', label: t('da.email'), type: 'email', optional: true }],
      submit: v => api.post(`/accounts/${id()}/contacts`, { name: v.name, title: v.title ?? '', email: v.email ?? '' }) }).then(made => { if (made) { found.reload({ quiet: true }); contact.value = made.id; } });
    useKeys({ Escape: [() => contact.value ? (contact.value = '') : go('/deals'), 'da.keyback'] }, 'da.about');
    useTop({ title: () => html`<a class="mut" href="/deals">${t('deals.board')}</a>${icon('right', 12)}<span class="cut">${found.data?.name ?? '…'}</span>` });
    const sums = deals => { const by = {}; for (const d of deals) by[d.currency] = (by[d.currency] ?? 0) + d.amount; return Object.entries(by).map(([c, v]) => money(v, c)).join(' + ') || money(0); };
    const stage = d => sales.stages.value.get(d.stage);
    const deals = () => [{ key: 'name', title: t('deals.name'), render: d => html`<a class="deals-tname" href=${'/deals/' + d.id}>${d.name}</a>` }, { key: 'stage', title: t('deals.stage'), render: d => html`<${Badge} kind=${{ won: 'ok', lost: 'bad' }[stage(d)?.outcome] ?? 'info'} icon=${{ won: 'check', lost: 'x' }[stage(d)?.outcome] ?? 'flag'} text=${stage(d) ? inLang(stage(d).name) : d.stage} />` },
      { key: 'amount', title: t('deals.amount'), num: true, cls: 'deals-short', render: d => money(d.amount, d.currency), value: d => d.amount }, { key: 'close_date', title: t('deals.close'), render: d => shortDate(d.close_date) }, { key: 'owner', title: t('deals.owner'), cls: 'deals-short', render: d => nameOfUser(sales.people.value, d.owner), value: d => nameOfUser(sales.people.value, d.owner) }];
    const people = () => [{ key: 'name', title: t('da.name'), render: c => html`<span class="row"><${Avatar} name=${c.name} seed=${c.id} size="s" /><span class="cut">${c.name}</span></span>` }, { key: 'title', title: t('da.titleof'), cls: 'mut' }, { key: 'email', title: t('da.email'), cls: 'mut' }, { key: 'phone', title: t('da.phone'), cls: 'mut' }];
    const show = a => html`<header class="deals-head"><div class="row"><${Avatar} name=${a.name} seed=${a.id} size="m" /><h2 class="grow">${a.name}</h2><a class="btn sm" href=${'/accounts/' + encodeURIComponent(a.external || a.id)}>${icon('people', 14)}${t('da.product')}</a></div>
        <div class="row wrap deals-sub"><span class="mut">${[a.industry, a.country, a.domain].filter(Boolean).join(' · ')}</span><b class="num">${t('da.open', { sum: sums(a.deals.filter(d => !d.closed_at)) })}</b><span class="mut num">${t('da.won', { sum: sums(a.deals.filter(d => stage(d)?.outcome === 'won')) })}</span></div></header>
      <div class="deals-cols" data-scroll><div class="deals-col"><section class="deals-block"><header><h3>${t('da.about')}</h3></header><${Properties} record=${a} fields=${sales.fields.value} names=${[...NAMES, ...[...sales.fields.value.values()].filter(f => f.custom).map(f => f.name)]} people=${sales.people.value} save=${save} /></section></div>
        <div class="deals-mid"><${Panel} title=${t('da.deals')} flush=${true}><${Table} label=${t('da.deals')} columns=${deals()} rows=${a.deals} open=${d => go('/deals/' + d.id)} page=${30} sort=${{ key: 'close_date', dir: 'asc' }} empty=${{ icon: 'board', title: t('da.nodeals') }} /><//>
          <${Panel} title=${t('da.people')} flush=${true} tools=${html`<button type="button" class="btn ghost sm" @click=${add}>${icon('plus', 14)}${t('da.add')}</button>`}><${Table} label=${t('da.people')} columns=${people()} rows=${a.contacts} open=${c => { contact.value = c.id; }} page=${30} empty=${{ icon: 'person', title: t('da.nopeople') }} /><//></div>
        <div class="deals-col"><${Tasks} about=${a.id} people=${sales.people.value} /><section class="deals-block"><header><h3>${t('da.notes')}</h3></header><${NoteBox} about=${a.id} changed=${() => notes.reload({ quiet: true })} />
          <${Loaded} of=${notes} skeleton="text" n=${2} show=${data => data.notes.length ? html`<ul class="da-notes">${data.notes.map(n => html`<li key=${n.id}><p class="dt-text">${n.text}</p><span class="mut sm">${nameOfUser(sales.people.value, n.author)} · ${shortDate(n.created_at)}</span></li>`)}</ul>` : html`<p class="mut sm">${t('da.nonotes')}</p>`} /></section><${Files} about=${a.id} /></div></div>`;
    return () => html`<div class=${'view fill deals-page' + (contact.value ? ' with-pane' : '')}><div class="view fill"><${Loaded} of=${found} show=${show} skeleton="rows" n=${8} /></div>${contact.value && html`<${ContactPane} key=${contact.value} id=${contact.value} people=${sales.people.value} close=${() => { contact.value = ''; }} changed=${() => found.reload({ quiet: true })} />`}</div>`;
  },
};
