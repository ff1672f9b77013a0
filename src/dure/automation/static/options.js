// What pickers offer: people, channels, stages, segments, metrics, campaigns. A list that cannot be had is empty.
import { api, inLang, reactive } from '../web/kit.js';

const LISTS = {
  user: async () => (await api.get('/users', { quiet: true })).users.filter(it => !it.deleted && !it.is_bot).map(it => ({ value: it.id, label: it.name, hint: it.title || it.email })),
  channel: async () => (await api.get('/slack/api/conversations.list', { quiet: true, query: { limit: 500, exclude_archived: true } })).channels.map(it => ({ value: it.name, also: it.id, label: '#' + it.name })),
  stage: async () => (await api.get('/deals/stages', { quiet: true })).stages.map(it => ({ value: it.key, label: inLang(it.name), hint: it.probability == null ? '' : it.probability + '%' })),
  segment: async () => (await api.get('/segments', { quiet: true })).segments.map(it => ({ value: it.id, label: inLang(it.name) })),
  metric: async () => (await api.get('/metrics', { quiet: true })).metrics.map(it => ({ value: it.id, label: inLang({ ko: it.name_ko, en: it.name_en }), hint: it.id })),
  campaign: async () => (await api.get('/campaigns', { quiet: true })).campaigns.map(it => ({ value: it.id, label: inLang(it.design.name) })),
  function: async () => FUNCTIONS.map(value => ({ value, label: value })),
  automation: async () => (await api.get('/automations', { quiet: true })).automations.map(it => ({ value: it.id, label: it.name })),
  duration: async () => ['10m', '30m', '1h', '4h', '1d', '2d', '3d', '7d', '14d', '30d'].map(value => ({ value, label: value })),
  zone: async () => Intl.supportedValuesOf('timeZone').map(value => ({ value, label: value })),
};
const FUNCTIONS = ['product', 'marketing', 'sales', 'ad_ops', 'social', 'care'];
const kept = reactive({}), asked = new Set();

export function optionsOf(kind) {
  if (!LISTS[kind]) return [];
  if (!asked.has(kind)) {
    asked.add(kind);
    LISTS[kind]().then(list => { kept[kind] = list; }, () => { kept[kind] = []; });
  }
  return kept[kind] ?? [];
}

// What an id means to a person; the id itself where it is not known.
export const named = (kind, value) => optionsOf(kind).find(it => it.value === value || it.also === value)?.label ?? value;
export const person = id => id ? named('user', id) : '';
