// People and channels by name, for forms that keep their ids; two of one name are told apart.
import { api, boot } from '../web/kit.js';

const apart = (list, hint) => {
  const times = Map.groupBy(list, one => one.label);
  return list.map(one => times.get(one.label).length > 1 ? { ...one, label: `${one.label} · ${hint(one)}` } : one);
};
const hinted = one => one.hint || one.value;

// What the fields `people` and `channels` may hold: {people: [{value, label}], channels: …}. Who looks after the
// organisation can name people of every workspace, and people who left.
export async function nameable() {
  const [met, every, rooms, old] = await Promise.all([
    api.get('/users').then(got => got.users.filter(one => !one.is_bot).map(one => ({ value: one.id, label: one.name, hint: one.email }))).catch(() => []),
    boot.org_role ? api.get('/organisation/people').then(got => got.people.map(one => ({ value: one.id, label: one.name, hint: one.email }))).catch(() => []) : [],
    api.get('/channels').then(got => got.channels).catch(() => []), api.get('/channels', { query: { archived: true } }).then(got => got.channels).catch(() => []),
  ]);
  const unique = list => [...new Map(list.map(one => [one.value, one])).values()];
  return {
    people: apart(unique([...met, ...every]), hinted),
    channels: apart(unique([...rooms, ...old].filter(room => room.kind === 'channel').map(room => ({ value: room.id, label: room.name }))), hinted),
  };
}
