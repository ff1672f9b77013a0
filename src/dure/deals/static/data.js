// What every screen of deals knows: people, pipelines with their stages, the fields of a deal; and how fields are asked for.
import { api, load, computed, compare, inLang, boot } from '../web/kit.js';
import { fromMinor, toMinor, userOptions } from './create.js';

// Loaded once a screen; `stages` is a Map of every stage by its key, `fields` one of every field by its name.
export function useSales(object = 'deal') {
  const users = load(signal => api.get('/users', { signal })), lines = load(signal => api.get('/pipelines', { signal })), shape = load(signal => api.get('/record-fields/' + object, { signal }));
  return {
    lines, shape, users,
    people: computed(() => new Map((users.data?.users ?? []).map(u => [u.id, u]))),
    pipelines: computed(() => (lines.data?.pipelines ?? []).filter(p => p.active)),
    stages: computed(() => new Map((lines.data?.pipelines ?? []).flatMap(p => p.stages.map(s => [s.key, s])))),
    fields: computed(() => new Map((shape.data?.fields ?? []).map(f => [f.name, f]))),
  };
}

export const accountOptions = async signal => (await api.get('/accounts', { signal, query: { limit: 1000 } })).accounts.map(a => ({ value: a.id, label: a.name })).sort((a, b) => compare(a.label, b.label));

const TYPES = { long_text: 'textarea', number: 'number', money: 'number', percent: 'number', date: 'date', boolean: 'switch', email: 'email', url: 'url', multi_picklist: 'tokens', list: 'tokens' };
export const isMoney = field => field.type === 'money';
export const valueOf = (record, field) => field.custom ? record.custom?.[field.name] : record[field.name];

// A field of a record as a field of a form; money is asked for in major units.
export function asked(field, { people, currency, accounts, ...more } = {}) {
  const base = { name: field.name, label: field.label, ...more };
  if (field.reference === 'user') return { ...base, type: 'select', options: userOptions(people) };
  if (field.reference === 'account' && accounts) return { ...base, type: 'select', options: accounts };
  if (field.type === 'picklist') return { ...base, type: field.open ? 'text' : 'select', options: field.options };
  if (field.type === 'multi_picklist') return { ...base, type: 'tokens', options: field.options };
  return { ...base, type: TYPES[field.type] ?? 'text', unit: isMoney(field) ? currency : field.type === 'percent' ? '%' : undefined };
}
export const toForm = (record, field, currency) => { const v = valueOf(record, field); return isMoney(field) && v != null ? fromMinor(v, currency ?? record.currency) : v; };
export const fromForm = (value, field, currency) => isMoney(field) && value != null && value !== '' ? toMinor(value, currency) : value === '' && ['date', 'number', 'money', 'percent', 'datetime'].includes(field.type) ? null : value;
export const labelled = field => inLang(field.label);
export const mayConfigure = () => ['owner', 'admin'].includes(boot.me.role);
