// The conversations of this person, shared by the sidebar, Ctrl-K and every view of channels; kept fresh by live events.
import { api, boot, computed, listen, overhear, reactive, t, watch } from '../web/kit.js';
import { followed, refreshThreadsSoon } from './thread_list.js';

export const rooms = reactive({ list: [], people: {}, loaded: false, error: null });
const stops = new Map();

export const find = id => rooms.list.find(room => room.id === id);
export const channelNames = computed(() => Object.fromEntries(rooms.list.map(room => [room.id, room.name])));

// What a conversation is called: a channel's name, or the people of a direct one.
export function label(room, people = rooms.people) {
  if (room.kind === 'channel') return room.name;
  const others = room.people.filter(id => id !== boot.me.id);
  return (others.length ? others : room.people).map(id => people[id]?.name ?? id).join(', ');
}
export const title = (room, people) => (room.kind === 'channel' && !room.private ? '#' : '') + label(room, people);
export const mark = room => room.kind !== 'channel' ? (room.people.length > 2 ? 'people' : 'person') : room.private ? 'lock' : 'hash';
export const partners = room => room.shared_with.filter(side => side.state === 'connected');

let running = null, again = false;
export async function refresh() {
  if (running) { again = true; return running; }
  running = (async () => {
    try {
      const got = await api.get('/channels', { query: { mine: true } });
      rooms.list = got.channels.map(room => ({ ...room, got: Date.now(), unread: room.id === looked && !held ? 0 : room.unread, mentions: room.id === looked ? 0 : room.mentions ?? 0 }));
      rooms.people = got.people;
      rooms.loaded = true; rooms.error = null;
    } catch (error) { rooms.error = error; } finally { running = null; }
    if (again) { again = false; refresh(); }
  })();
  return running;
}

let timer = 0;
export const refreshSoon = () => { timer ||= setTimeout(() => { timer = 0; refresh(); }, 300); };

// The conversation that is being read now: what comes in there is not unread.
let looked = null, held = false;
export function looking(id) { if (id !== looked) held = false; looked = id; if (id) seen(id); }
export function holding(on) { held = on; }   // what is read now was marked unread by hand
// `upTo`: read only as far as this, and unread from there on.
export function seen(id, upTo) {
  const room = find(id);
  if (!room) return;
  if (upTo) { room.last_read = upTo; refreshSoon(); } else Object.assign(room, { unread: 0, mentions: 0 });
}
export async function readAll(list) {
  await Promise.all(list.filter(room => room.unread).map(async room => {
    await api.post(`/channels/${room.id}/read`, { ts: room.last_ts });
    seen(room.id);
  }));
}

export function startRooms() {
  refresh();
  listen(`user:${boot.me.id}`, event => { if (event.event !== 'Message Posted') refreshSoon(); }, refreshSoon);
  overhear(`user:${boot.me.id}`, what => { if (what.kind === 'read') refreshSoon(); });   // on another screen of mine
  watch(() => rooms.list.map(room => room.id).join(), () => {
    const now = new Set(rooms.list.slice(0, 250).map(room => room.id));
    for (const [id, stop] of stops) if (!now.has(id)) { stop(); stops.delete(id); }
    for (const id of now) if (!stops.has(id)) stops.set(id, listen(`channel:${id}`, event => heard(id, event), refreshSoon));
  });
}

const COUNTED = new Set();   // ts that were counted already: an event may come twice
function heard(id, event) {
  const room = find(id);
  if (!room) return;
  if (event.event !== 'Message Posted') { if (event.event !== 'Reaction Added' && event.event !== 'Reaction Removed' && event.event !== 'Message Changed') refreshSoon(); return; }
  if (partners(room).length) refreshSoon();   // the response clock may have moved
  const { ts, thread_ts: thread, user } = event.properties;
  if (thread && (event.properties.mentions?.length || followed.threads?.some(one => one.root.ts === thread))) refreshThreadsSoon();
  if (user === boot.me.id && ts > room.last_ts) room.last_ts = ts;
  if (thread || user === boot.me.id || id === looked || COUNTED.has(id + ts) || ts <= room.last_read) return;
  COUNTED.add(id + ts);
  Object.assign(room, { unread: room.unread + 1, last_ts: ts > room.last_ts ? ts : room.last_ts });
  if (event.properties.mentions?.length) refreshSoon();   // whether I am named is the server's to say
}

// How long somebody from outside may still wait here: {text, kind}, or null.
export function waiting(room, now, duration) {
  const clock = room?.response;
  if (!clock) return null;
  if (clock.state === 'paused') return { kind: '', text: t('ch.state.paused') };
  const left = clock.left - (now - room.got) / 1000;
  if (left <= 0) return { kind: 'bad', text: t('ch.overdue', { over: duration(Math.max(60, Math.floor(-left / 60) * 60)) }) };
  const warn = left <= clock.minutes * 60 * 0.2;
  return { kind: warn ? 'warn' : 'info', text: t('ch.wait', { left: duration(Math.max(60, Math.ceil(left / 60) * 60)) }) };
}
