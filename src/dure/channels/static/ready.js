// Channels' part of the frame: the sidebar's list and what Ctrl-K finds.
import { acts, api, boot, fits, go, html, icon, offer, sidebar, t } from '../web/kit.js';
import './words.js';
import './search_words.js';
import { createChannel } from './dialogs.js';
import { startModals } from './modal.js';
import { label, mark, partners, rooms, startRooms } from './rooms.js';

startRooms();
startModals();

const item = room => ({
  path: `/channels/${room.id}`, label: label(room), icon: mark(room), count: room.unread, strong: room.unread > 0,
  mark: room.response && room.response.state !== 'waiting'
    ? html`<span class=${'ch-dot ' + (room.response.state === 'overdue' ? 'bad' : 'warn')} title=${t('ch.state.' + room.response.state)}></span>`
    : partners(room).length ? html`<span class="ch-ext" title=${t('ch.shared', { org: partners(room).map(side => side.org_name).join(', ') })}>${icon('globe', 13)}</span>` : null,
});
const sorted = list => [...list].sort((a, b) => label(a).localeCompare(label(b), 'ko'));

sidebar('channels', {
  items: () => [
    ...sorted(rooms.list.filter(room => room.kind === 'channel')).map(item),
    ...rooms.list.filter(room => room.kind !== 'channel').sort((a, b) => b.last_ts.localeCompare(a.last_ts)).slice(0, 12).map(item),
  ],
  ...(boot.me.role === 'guest' ? {} : { action: { label: { ko: '새 채널', en: 'New channel' }, icon: 'plus', run: () => createChannel() } }),
});

offer('channels', async (typed, signal) => {
  const got = await api.get('/channels', { signal, quiet: true });
  const people = boot.me.role === 'guest' ? [] : (await api.get('/channels/people', { signal, quiet: true })).people;
  const found = got.channels.map(room => ({ title: label(room, { ...rooms.people, ...got.people }), hint: room.purpose, icon: mark(room), path: `/channels/${room.id}`, fit: fits(label(room, got.people), typed) + (room.member ? 0.2 : 0) }))
    .filter(x => x.fit >= 1);
  const humans = people.filter(person => person.id !== boot.me.id && !person.bot).map(person => ({ title: person.name, hint: person.title, icon: 'person', fit: fits(person.name, typed), run: async () => { const { channel } = await api.post('/channels/direct', { users: [person.id] }); go(`/channels/${channel.id}`); } })).filter(x => x.fit >= 1);
  return [...found.sort((a, b) => b.fit - a.fit).slice(0, 4), ...humans.sort((a, b) => b.fit - a.fit).slice(0, 2)];
}, { ko: '채널과 사람', en: 'Channels and people' });

offer('search', async typed => [{ title: t('se.go', { q: typed }), icon: 'find', path: `/search?q=${encodeURIComponent(typed)}` }], { ko: '검색', en: 'Search' });

if (boot.me.role !== 'guest') acts([{ title: { ko: '새 채널', en: 'New channel' }, icon: 'plus', run: () => createChannel() }]);
