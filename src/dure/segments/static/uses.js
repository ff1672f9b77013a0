// What a segment is used by: other segments whose rules name it, campaigns whose design does.
import { api, inLang, load } from '../web/kit.js';

export const useOf = () => load(signal => api.get('/campaigns', { signal, quiet: true }).then(found => found.campaigns, () => []));

const names = (value, ids) => typeof value === 'string' ? ids.includes(value)
  : Array.isArray(value) ? value.some(one => names(one, ids)) : !!value && typeof value === 'object' && Object.values(value).some(one => names(one, ids));

export function usesOf(segment, segments, campaigns) {
  const ids = [segment.id, segment.built_in].filter(Boolean);
  return [
    ...segments.filter(one => one.id !== segment.id && names(one.rule, ids)).map(one => ({ kind: 'segment', id: one.id, name: inLang(one.name), path: '/segments/' + one.id })),
    ...(campaigns ?? []).filter(one => names(one.design, ids)).map(one => ({ kind: 'campaign', id: one.id, name: inLang(one.design.name), state: one.state, path: '/campaigns/' + one.id })),
  ];
}
