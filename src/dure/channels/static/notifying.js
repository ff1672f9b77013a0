// What reaches me: how much is unread, a channel's own settings, a reminder about a message.
import { api, askForm, boot, date, Field, go, html, load, Loaded, overhear, reactive, route, t, time, toast, watch } from '../web/kit.js';
import './people_words.js';

export const told = reactive({ unread: {}, total: 0, muted: [] });
export const isMuted = channel => told.muted.includes(channel);

let running = false, again = false;
export async function count() {
  if (running) { again = true; return; }
  running = true;
  try {
    const got = await api.get('/channels/notices', { query: { limit: 1 }, quiet: true });
    told.unread = got.unread; told.muted = got.muted;
    told.total = Object.values(got.unread).reduce((sum, n) => sum + n, 0);
  } catch { /* the next notice counts again */ } finally { running = false; }
  if (again) { again = false; count(); }
}
export async function seen(channel, thread) {
  try { await api.post('/channels/notices/seen', { channel, thread_ts: thread ?? '' }, { quiet: true }); } catch (error) { if (error.status) throw error; }
  await count();
}

// A channel or a thread that is open has been looked at.
const open = () => { const m = /^\/channels\/([CDG][A-Z0-9]+)$/.exec(route.path); return m && !document.hidden ? { channel: m[1], thread: route.query.thread ?? '' } : null; };
let timer = 0;
function look() {
  const it = open();
  if (!it || !told.unread[it.channel]) return;
  clearTimeout(timer);
  timer = setTimeout(() => seen(it.channel, it.thread).catch(() => {}), 1_500);   // long enough that it was read, not passed by
}

export function startNotices() {
  count();
  overhear(`user:${boot.me.id}`, what => { if (what.notice) count(); });
  watch(() => [route.path, route.query.thread, told.total], look);
  document.addEventListener('visibilitychange', look);
  navigator.serviceWorker?.addEventListener('message', event => { if (typeof event.data?.open === 'string' && event.data.open.startsWith('/')) go(event.data.open); });
}

const levels = () => ['all', 'mentions', 'nothing'].map(value => ({ value, label: t('pn.' + value) }));

// What I want to be told of one channel: props room.
export const ChannelNotice = {
  props: ['room'],
  setup(p) {
    const path = () => `/channels/${p.room.id}/notices`;
    const wishes = load(signal => api.get(path(), { signal }), { watch: () => p.room.id, keep: false });
    async function change(given) {
      const before = wishes.data;
      wishes.set({ ...before, ...given });
      try { wishes.set(await api.patch(path(), given)); count(); } catch (error) { wishes.set(before); toast.error(error); }
    }
    return () => html`<section class="pn-channel" aria-label=${t('pn.title')}><h3>${t('pn.title')}</h3><${Loaded} of=${wishes} n=${3} show=${it => html`<div class="stack">
      <${Field} name="level" type="select" required=${true} label=${t('pn.channel')} value=${it.level} options=${[{ value: null, label: t('pn.default') }, ...levels()]} change=${level => change({ level })} disabled=${it.muted} />
      <${Field} name="muted" type="switch" label=${t('pn.muted')} hint=${t('pn.muted.hint')} value=${it.muted} change=${muted => change({ muted })} />
      <${Field} name="everybody" type="switch" label=${t('pn.everybody')} value=${it.everybody} change=${everybody => change({ everybody })} disabled=${it.muted} />
      <a class="sm" href="/settings/notifications">${t('pn.more')}</a></div>`} /></section>`;
  },
};

// Asks when, and reminds me of a message.
export async function remind(message) {
  const thread = message.thread_ts ? `&thread=${message.thread_ts}` : '', link = `${location.origin}/channels/${message.channel}?ts=${message.ts}${thread}`;
  const text = (message.text || '').replace(/<!?[@#!][^>]*>/g, '').trim().slice(0, 200);
  const made = await askForm({
    title: t('pn.remind'), submitLabel: t('pn.remind'),
    fields: [{ name: 'time', label: t('pn.remind.when'), required: true, hint: t('pn.remind.hint'), autofocus: true }],
    submit: ({ time: when }) => api.post('/channels/reminders', { text: `${text} ${link}`.trim(), time: when }),
  });
  if (made?.reminder) toast(t('pn.remind.done', { when: `${date(made.reminder.due_at)} ${time(made.reminder.due_at)}` }));
}
