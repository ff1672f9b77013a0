// Filters over deals: asked for in one dialog, kept in the address, shown as chips; for the board they are held here.
import { html, askForm, boot, icon, inLang, money, reactive, setQuery, shortDate, t, words } from '../web/kit.js';
import { accountOptions, valueOf } from './data.js';
import { nameOfUser, toMinor, userOptions } from './create.js';

words({
  ko: { 'df.filter': '조건', 'df.title': '거래 거르기', 'df.apply': '적용', 'df.owner': '담당자', 'df.account': '고객사', 'df.least': '금액, 이상', 'df.most': '금액, 이하', 'df.from': '마감일, 부터', 'df.to': '마감일, 까지', 'df.health': '상태', 'df.any': '모두', 'df.good': '좋음', 'df.fair': '보통', 'df.poor': '나쁨', 'df.field': '항목', 'df.value': '값', 'df.drop': '{name} 조건 지우기', 'df.clear': '모두 지우기', 'df.atleast': '{v} 이상', 'df.atmost': '{v} 이하', 'df.since': '{v}부터', 'df.until': '{v}까지' },
  en: { 'df.filter': 'Filter', 'df.title': 'Filter deals', 'df.apply': 'Apply', 'df.owner': 'Owner', 'df.account': 'Account', 'df.least': 'Amount, at least', 'df.most': 'Amount, at most', 'df.from': 'Close date, from', 'df.to': 'Close date, to', 'df.health': 'Health', 'df.any': 'Any', 'df.good': 'Good', 'df.fair': 'Fair', 'df.poor': 'Poor', 'df.field': 'Field', 'df.value': 'Value', 'df.drop': 'Drop {name}', 'df.clear': 'Clear all', 'df.atleast': 'at least {v}', 'df.atmost': 'at most {v}', 'df.since': 'from {v}', 'df.until': 'to {v}' },
});

const NAMES = ['owner', 'account', 'least', 'most', 'from', 'to', 'health'];

// `sales` as useSales gives it. `holds(deal, health)` is for screens that have the deals; `filters()` for asking the server.
export function useFilters(query, sales) {
  const held = reactive({ ...Object.fromEntries(NAMES.map(n => [n, query[n] ?? ''])), custom: Object.fromEntries(Object.entries(query).filter(([n]) => n.endsWith('__c'))) }), names = reactive({});
  const amount = v => v === '' ? null : toMinor(Number(v), boot.workspace.currency);
  const own = () => [...sales.fields.value.values()].filter(f => f.custom && !['long_text', 'list'].includes(f.type));
  const set = changes => { for (const [n, v] of Object.entries(changes)) n.endsWith('__c') ? (v === '' ? delete held.custom[n] : held.custom[n] = String(v)) : held[n] = v; setQuery(changes); };
  const clear = () => set(Object.fromEntries([...NAMES, ...Object.keys(held.custom)].map(n => [n, ''])));
  const some = () => NAMES.some(n => held[n]) || Object.keys(held.custom).length > 0;

  function holds(deal, health) {
    if (held.owner && deal.owner !== held.owner) return false;
    if (held.account && deal.account !== held.account) return false;
    if (held.least !== '' && deal.amount < amount(held.least)) return false;
    if (held.most !== '' && deal.amount > amount(held.most)) return false;
    if (held.from && deal.close_date < held.from) return false;
    if (held.to && deal.close_date > held.to) return false;
    if (held.health && health?.band !== held.health) return false;
    return Object.entries(held.custom).every(([n, v]) => String(deal.custom?.[n] ?? '').toLowerCase().includes(v.toLowerCase()));
  }
  const filters = () => [
    held.owner && { prop: 'owner', op: '=', value: held.owner }, held.account && { prop: 'account', op: '=', value: held.account },
    held.least !== '' && { prop: 'amount', op: '>=', value: amount(held.least) }, held.most !== '' && { prop: 'amount', op: '<=', value: amount(held.most) },
    held.from && { prop: 'close_date', op: '>=', value: held.from }, held.to && { prop: 'close_date', op: '<=', value: held.to },
    ...Object.entries(held.custom).map(([prop, value]) => { const f = sales.fields.value.get(prop); return ['number', 'money', 'percent'].includes(f?.type) ? { prop, op: '=', value: Number(value) } : f?.type === 'boolean' ? { prop, op: '=', value: value === 'true' } : ['date', 'picklist'].includes(f?.type) ? { prop, op: '=', value } : { prop, op: 'contains', value }; }),
  ].filter(Boolean);

  async function ask({ health = true } = {}) {
    const accounts = await accountOptions();
    for (const a of accounts) names[a.value] = a.label;
    const found = await askForm({
      title: t('df.title'), submitLabel: t('df.apply'), values: { ...held, ...held.custom, least: held.least === '' ? null : Number(held.least), most: held.most === '' ? null : Number(held.most) },
      fields: [
        { name: 'owner', label: t('df.owner'), type: 'select', optional: true, options: userOptions(sales.people.value), placeholder: t('df.any') },
        { name: 'account', label: t('df.account'), type: 'select', optional: true, options: accounts, placeholder: t('df.any') },
        { name: 'least', label: t('df.least'), type: 'number', min: 0, optional: true, unit: boot.workspace.currency }, { name: 'most', label: t('df.most'), type: 'number', min: 0, optional: true, unit: boot.workspace.currency },
        { name: 'from', label: t('df.from'), type: 'date', optional: true }, { name: 'to', label: t('df.to'), type: 'date', optional: true },
        ...(health ? [{ name: 'health', label: t('df.health'), type: 'choice', options: [{ value: '', label: t('df.any') }, ...['good', 'fair', 'poor'].map(v => ({ value: v, label: t('df.' + v) }))] }] : []),
        ...own().map(f => ({ name: f.name, label: f.label, type: f.type === 'date' ? 'date' : f.options.length ? 'select' : 'text', options: f.options.length ? f.options : undefined, optional: true, placeholder: f.options.length ? t('df.any') : undefined })),
      ],
      submit: v => v,
    });
    if (found) set(Object.fromEntries([...NAMES, ...own().map(f => f.name)].map(n => [n, found[n] ?? ''])));
  }

  const said = name => {
    const v = held[name] ?? held.custom[name], cash = () => money(amount(v));
    if (name === 'owner') return nameOfUser(sales.people.value, v);
    if (name === 'account') return names[v] ?? t('df.account');
    if (name === 'least') return t('df.atleast', { v: cash() });
    if (name === 'most') return t('df.atmost', { v: cash() });
    if (name === 'from') return t('df.since', { v: shortDate(v) });
    if (name === 'to') return t('df.until', { v: shortDate(v) });
    if (name === 'health') return `${t('df.health')}: ${t('df.' + v)}`;
    const field = sales.fields.value.get(name);
    return `${field ? inLang(field.label) : name}: ${held.custom[name]}`;
  };
  const chips = () => {
    const active = [...NAMES.filter(n => held[n]), ...Object.keys(held.custom)];
    return active.length > 0 && html`<div class="deals-chips" role="group" aria-label=${t('df.filter')}>${active.map(n => html`<span class="tag" key=${n}>${said(n)}<button type="button" aria-label=${t('df.drop', { name: said(n) })} @click=${() => set({ [n]: '' })}>${icon('x', 12)}</button></span>`)}
      ${active.length > 1 && html`<button type="button" class="btn ghost sm" @click=${clear}>${t('df.clear')}</button>`}</div>`;
  };
  if (held.account) accountOptions().then(found => { for (const a of found) names[a.value] = a.label; }, () => {});
  const button = more => html`<button type="button" class=${'btn sm' + (some() ? ' on' : '')} @click=${() => ask(more)}>${icon('filter', 14)}${t('df.filter')}</button>`;
  return { holds, filters, some, clear, chips, button, set, held, valueOf };
}
