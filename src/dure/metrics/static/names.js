// What there is to name: events with their volumes, properties, values, segments, metrics. A list is asked for when it
// is first needed and kept for a minute.
import { api, shallowReactive, inLang } from '../web/kit.js';

const KEPT = 60_000;
const known = new Map();

function listed(path, query, read) {
  const key = path + JSON.stringify(query ?? {}), old = known.get(key);
  if (old && Date.now() - old.at < KEPT) return old.list;
  const list = old?.list ?? shallowReactive({ items: [], loading: true, error: null });
  known.set(key, { list, at: Date.now() });
  api.get(path, { query }).then(found => Object.assign(list, { items: read(found), error: null }), error => {
    known.delete(key);
    list.error = error;
  }).finally(() => { list.loading = false; });
  return list;
}

export const eventNames = () => listed('/events/names', null, d => d.events.map(e => ({ value: e.name, n: e.count })));
export const propertyNames = event => listed('/events/properties', { event: event === '*' ? '' : event },
  d => d.properties.map(p => ({ value: p.name, n: p.count })));
export const propertyValues = (prop, event) => listed('/events/values', { prop, event: event === '*' ? '' : event },
  d => d.values.map(v => ({ value: v.value, n: v.count })));
export const segmentNames = () => listed('/segments', null, d => d.segments.map(s => ({ value: s.id, label: inLang(s.name), n: s.sizes.at(-1)?.size })));
export const metricNames = () => listed('/metrics', null,
  d => d.metrics.map(m => ({ value: m.id, label: inLang({ ko: m.name_ko, en: m.name_en }), hint: m.verified ? '✓' : '' })));

const zones = Intl.supportedValuesOf('timeZone').map(value => ({ value }));
export const zoneNames = () => ({ items: [{ value: 'UTC' }, ...zones], loading: false, error: null });
