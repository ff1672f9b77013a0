// Whom and what one may choose in an app's selects: everybody and every room one may see, fetched once it is wanted.
import { api, computed, reactive, toast } from '../web/kit.js';
import { label, rooms as mine } from './rooms.js';

const got = reactive({ people: [], rooms: [], names: {} });
let asked = 0;
const KEPT = 60_000;

let running = null;
function want() {
  if (Date.now() - asked < KEPT) return running;
  asked = Date.now();
  running = fill();
  return running;
}

async function fill() {
  try {
    const [people, all] = await Promise.all([api.get('/channels/people', { quiet: true }), api.get('/channels', { quiet: true })]);
    const names = { ...all.people, ...Object.fromEntries(people.people.map(one => [one.id, one])) };
    got.people = people.people.filter(one => !one.deleted).map(one => ({ value: one.id, label: one.name, note: one.title || one.org }));
    got.rooms = all.channels.map(room => ({
      value: room.id, label: (room.kind === 'channel' && !room.private ? '#' : '') + label(room, names), note: room.topic || room.purpose,
      kind: room.kind === 'channel' ? (room.private ? 'private' : 'public') : room.kind, external: room.shared_with.length > 0,
    }));
    got.names = Object.fromEntries([...got.people, ...got.rooms].map(one => [one.value, one.label]));
  } catch (error) { asked = 0; toast.error(error); }
}

const people = computed(() => got.people), rooms = computed(() => got.rooms);
export const directory = {
  want: () => { queueMicrotask(want); },
  ready: () => Promise.resolve(want()),
  get people() { return people.value; },
  get rooms() { return rooms.value; },
  // id → {name}, as texts need it where no message brings its people along.
  named: (people = {}) => { queueMicrotask(want); return { ...Object.fromEntries(got.people.map(one => [one.value, { name: one.label }])), ...mine.people, ...people }; },
  name: id => got.names[id] ?? mine.people[id]?.name ?? id,
};
