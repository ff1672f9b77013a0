// What pickers offer: people, channels, stages, segments, metrics, campaigns. A list that cannot be had is empty.
import { api, inLang, reactive } from '../web/kit.js';

const LISTS = {
  user: async () => (await api.get('/users', { quiet: true })).users.filter(it => !it.deleted && !it.is_bot).map(it => ({ value: it.id, label: it.name, hint: it.title || it.email })),
  channel: async () => (await api.get('/slack/api/conversations.list', { quiet: true, query: { limit: 500, exclude_archived: true } })).channels.map(it => ({ value: it.name, also: it.id, label: '#' + it.name })),
  stage: async () => (await api.get('/deals/stages', { quiet: true })).stages.map(it => ({ value: it.key, label: inLang(it.name), hint: it.probability == null ? '' : it.probability + '%' })),
  segment: async () => (await api.get('/segments', { quiet: true })).segments.map(it => ({ value: it.id, label: inLang(it.name) })),
  metric: async () => (await api.get('/metrics', { quiet: true })).metrics.map(it => ({ value: it.id, label: inLang({ ko: it.name_ko, en: it.name_en }), hint: it.id })),
  campaign: async () => (await api.get('/campaigns', { quiet: true })).campaigns.map(it => ({ value: it.id, label: inLang(it.design.name) })),
  function: async () => Object.entries(FUNCTIONS).map(([value, title]) => ({ value, label: inLang(title) })),
  automation: async () => (await api.get('/automations', { quiet: true })).automations.map(it => ({ value: it.id, label: it.name })),
  duration: async () => ['10m', '30m', '1h', '4h', '1d', '2d', '3d', '7d', '14d', '30d'].map(value => ({ value, label: value })),
  zone: async () => Intl.supportedValuesOf('timeZone').map(value => ({ value, label: value })),
};
const FUNCTIONS = {
  product: { ko: '프로덕트', en: 'Product' }, marketing: { ko: '마케팅', en: 'Marketing' }, sales: { ko: '영업', en: 'Sales' }, ad_ops: { ko: '광고 운영', en: 'Ad operations' },
  social: { ko: '소셜', en: 'Social' }, care: { ko: '고객 응대', en: 'Care' }, people: { ko: '피플', en: 'People' }, press: { ko: '홍보', en: 'Press' }, executives: { ko: '경영진', en: 'Executives' },
};
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
