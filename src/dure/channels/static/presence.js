// Who is here, what they say of themselves, who is writing: asked only for people on the screen, kept fresh by a topic
// of each of them. The newest few dozen are watched; whoever has long been out of sight is let go.
import { api, boot, html, listen, onScopeDispose, overhear, reactive, ref, state, t, watch } from '../web/kit.js';
import './people_words.js';
import { emoji } from './emoji.js';

const MOST = 40;              // topics of people; a socket may have 300 in all, and channels need most of them
const SILENT = 5_000, PAUSE = 3_000, STEP = 60_000, IDLE = 300_000;

const known = reactive(new Map());   // user → {name, presence, status_text, status_emoji, photo}
const watched = new Map();           // user → stop, the longest unseen first
let asked = new Set(), timer = 0;

function look(user) {
  const stop = watched.get(user);
  if (stop) { watched.delete(user); watched.set(user, stop); return; }
  watched.set(user, overhear(`presence:${user}`, what => {
    const it = known.get(user);
    if (what.presence && it) known.set(user, { ...it, presence: what.presence });
    if (what.profile) ask(user);
  }));
  if (watched.size > MOST) { const [first, end] = watched.entries().next().value; watched.delete(first); end(); }
  ask(user);
}
function ask(user) { asked.add(user); timer ||= setTimeout(answer, 60); }
async function answer() {
  const users = [...asked].slice(0, 100);
  asked = new Set([...asked].slice(100)); timer = asked.size ? setTimeout(answer, 60) : 0;
  try {
    const { people } = await api.get('/channels/profiles', { query: { users: users.join(',') }, quiet: true });
    for (const user of users) if (people[user]) known.set(user, people[user]);
  } catch { /* a dot stays grey; the next whisper or the next reconnection asks again */ }
}

export function presence(user) { look(user); return known.get(user)?.presence ?? 'away'; }
export function statusOf(user) {
  look(user);
  const it = known.get(user);
  return it && (it.status_text || it.status_emoji) ? { emoji: html`<span class="pp-status" title=${it.status_text}>${emoji(it.status_emoji.replaceAll(':', ''))}</span>`, text: it.status_text } : null;
}

// A dot beside a name: props user.
export const Dot = { props: ['user'], setup: p => () => html`<i class=${'pp-dot ' + presence(p.user)} role="img" aria-label=${t('pp.' + presence(p.user))} title=${t('pp.' + presence(p.user))}></i>` };

// -- writing
const told = new Map();
export function tellTyping(channel, thread) {
  const now = Date.now();
  if (now - (told.get(channel) ?? 0) < PAUSE) return;
  told.set(channel, now); beat();
  api.post(`/channels/${channel}/typing`, { thread_ts: thread ?? '' }, { quiet: true }).catch(() => {});   // a hint that is lost is no harm
}

// Who writes in a channel or a thread of it: props channel, thread.
export const Typing = {
  props: ['channel', 'thread'],
  setup(p) {
    const now = ref([]), timers = new Map();
    const gone = user => { clearTimeout(timers.get(user)); timers.delete(user); now.value = now.value.filter(one => one !== user); };
    const heard = what => {
      if (!what.typing || what.typing === boot.me.id || (what.thread || '') !== (p.thread ?? '')) return;
      gone(what.typing);
      look(what.typing);
      now.value = [...now.value, what.typing];
      timers.set(what.typing, setTimeout(() => gone(what.typing), SILENT));
    };
    let stop = () => {};
    watch(() => p.channel, channel => { stop(); [...timers.keys()].forEach(gone); stop = listen(`channel:${channel}`, Object.assign(event => { if (event.event === 'Message Posted') gone(event.properties.user); }, { whisper: heard })); }, { immediate: true });
    onScopeDispose(() => { stop(); [...timers.keys()].forEach(gone); });
    const name = user => known.get(user)?.name ?? '…';
    return () => html`<p class="pp-typing mut sm" aria-live="polite">${now.value.length > 2 ? t('pp.typing.n') : now.value.length === 2 ? t('pp.typing.2', { a: name(now.value[0]), b: name(now.value[1]) }) : now.value.length ? t('pp.typing.1', { a: name(now.value[0]) }) : ''}</p>`;
  },
};

// -- being here: while a page is in sight and used, once a minute
let used = Date.now(), saidAt = 0;
function beat() {
  const now = Date.now();
  if (document.hidden || now - used > IDLE || now - saidAt < STEP - 1_000 || state.live !== 'live') return;
  saidAt = now;
  api.post('/channels/presence', {}, { quiet: true }).catch(() => { saidAt = 0; });   // said again at the next sign of life
}
export function startPresence() {
  for (const sign of ['pointerdown', 'keydown', 'wheel', 'focus']) addEventListener(sign, () => { used = Date.now(); beat(); }, { passive: true, capture: true });
  document.addEventListener('visibilitychange', beat);
  setInterval(beat, STEP);
  watch(() => state.live, live => { if (live === 'live') { beat(); for (const user of watched.keys()) ask(user); } }, { immediate: true });
}
