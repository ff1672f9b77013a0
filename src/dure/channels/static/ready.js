// Channels' part of the frame: the sidebar, what Ctrl-K finds, what goes on whatever page is open, and its keys.
import { acts, boot, draws, keys, offer, sidebar, t } from '../web/kit.js';
import './mounted.js';
import './refusal_words.js';
import './search_words.js';
import './words.js';
import './words_view.js';
import { createChannel, writeTo } from './dialogs.js';
import { drafts, startDrafts } from './drafts.js';
import { mounts } from './mounts.js';
import { told } from './notifying.js';
import { startOffers, waiting } from './waiting_offers.js';
import { startOutbox } from './outbox.js';
import { rooms, startRooms } from './rooms.js';
import { startSections } from './sections.js';
import { newSection, Sections, step } from './sidebar.js';
import { find } from './switcher.js';
import { startThreads, threadsUnread } from './thread_list.js';
import { startWhispers } from './whispers.js';

for (const start of [startRooms, startOffers, startOutbox, startDrafts, startSections, startThreads, startWhispers, mounts.startPresence, mounts.startNotices,
  mounts.startModals, mounts.startShortcuts]) start?.();

const guest = boot.me.role === 'guest';
const written = () => Object.values(drafts).filter(draft => draft.text.trim()).length;

sidebar('channels', {
  body: Sections,
  counts: () => ({ threads: threadsUnread(), drafts: written(), activity: told.total, connections: waiting.n }),
  ...(guest ? {} : { action: { label: { ko: '새 채널', en: 'New channel' }, icon: 'plus', run: () => createChannel() } }),
});

offer('channels', find, { ko: '채널과 사람', en: 'Channels and people' }, { recent: true });
offer('search', async typed => [{ title: t('se.go', { q: typed }), icon: 'find', path: `/search?q=${encodeURIComponent(typed)}` }], { ko: '검색', en: 'Search' });
acts([
  ...(guest ? [] : [{ title: { ko: '새 채널', en: 'New channel' }, icon: 'plus', run: () => createChannel() }, { title: { ko: '새 메시지', en: 'New message' }, icon: 'edit', run: writeTo }]),
  { title: { ko: '사이드바에 새 섹션', en: 'New sidebar section' }, icon: 'list', run: () => newSection() },
]);

// With Alt, arrows go through the sidebar even while one writes.
keys({ 'alt+ArrowUp': [null, 'ch.key.previous'], 'alt+ArrowDown': [null, 'ch.key.next'], 'shift+alt+ArrowDown': [null, 'ch.key.unread'], 'shift+Escape': [null, 'ch.key.read.all'] }, 'ch.keys.side');
addEventListener('keydown', event => {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!by || !event.altKey || event.ctrlKey || event.metaKey || event.isComposing || document.querySelector('dialog[open]') || !rooms.list.length) return;
  event.preventDefault();
  step(by, event.shiftKey);
}, true);

// Other slices' screens show messages as they will look here.
draws('blocks', () => import('./blocks_drawn.js'));
