// What Ctrl-K finds of channels: conversations and people, by how well their names fit and how much they are used.
import { api, boot, go } from '../web/kit.js';
import { everybody } from './directory.js';
import { score } from './matching.js';
import { label, mark, partners, refresh, rooms } from './rooms.js';
import { bonus, weight } from './uses.js';

const hint = room => partners(room).map(side => side.org_name).join(', ') || room.topic || room.purpose;
const entry = (room, people, fit) => ({ title: label(room, people), hint: hint(room), icon: mark(room), path: `/channels/${room.id}`, fit, strong: room.unread > 0 });

// Before anything is typed: what is unread, then where one goes most.
function recents() {
  return rooms.list.filter(room => `/channels/${room.id}` !== location.pathname)
    .map(room => ({ room, how: (room.mentions ? 100 : 0) + (room.unread ? 10 : 0) + weight(room.id) })).filter(x => x.how > 0)
    .sort((a, b) => b.how - a.how).slice(0, 6).map(x => entry(x.room, rooms.people, 2));
}

async function openWith(id) {
  const { channel } = await api.post('/channels/direct', { users: [id] });
  await refresh();
  go(`/channels/${channel.id}`);
}

export async function find(typed, signal) {
  if (!typed) return recents();
  const [got, all] = await Promise.all([api.get('/channels', { signal, quiet: true }), everybody(signal)]);
  const people = { ...rooms.people, ...got.people };
  const names = room => [label(room, people), ...(room.kind === 'channel' ? [] : room.people.map(id => people[id]?.name ?? ''))];
  const found = got.channels.map(room => ({ room, fit: Math.max(...names(room).map(name => score(name, typed)), score(room.purpose ?? '', typed) * 0.5) }))
    .filter(x => x.fit >= 0.9).map(x => entry(x.room, people, x.fit + bonus(x.room.id) + (x.room.member ? 0.2 : 0)));
  // Somebody with whom one talks already is found as that conversation.
  const talked = new Set(got.channels.filter(room => room.kind === 'im').flatMap(room => room.people));
  const humans = boot.me.role === 'guest' ? [] : Object.values(all).filter(one => !one.deleted && !one.apart && !talked.has(one.id) && one.id !== boot.me.id)
    .map(one => ({ title: one.name, hint: one.title, icon: one.bot ? 'bot' : 'person', fit: Math.max(score(one.name, typed), score(one.title ?? '', typed) * 0.7), run: () => openWith(one.id) })).filter(x => x.fit >= 1);
  return [...found, ...humans].sort((a, b) => b.fit - a.fit).slice(0, 6);
}
