// The messages of one conversation that this screen holds: a stretch of it, in order, that grows at either end.
import { api, cancelled, ref, shallowReactive, shallowRef } from '../web/kit.js';
import { upsert } from './lines.js';

const PAGE = 100;
const KEEP = 1_000;   // messages held; beyond it the far end is let go

// Everybody whose name is needed to show messages.
const namedIn = messages => messages.flatMap(m => [m.user, ...m.reply_users, ...m.reactions.flatMap(r => r.users), ...[...JSON.stringify([m.text, m.blocks, m.attachments]).matchAll(/<@([UW][A-Z0-9]+)/g)].map(x => x[1])]);

export function useTimeline(base, people = shallowReactive({})) {
  const messages = shallowRef(null), earlier = ref(false), later = ref(false), failed = ref(null), busy = ref('');
  // Up to where nothing is missing: what this screen sent itself may stand beyond others' messages it does not have yet.
  let whole = '';
  let resting = 0;   // until when a page that could not be had is not asked for again
  let stretch = 0;   // answers to an older question than the last `open` are thrown away

  const meet = got => { Object.assign(people, got.people); };
  // Asks without names where everybody is known here already, which is quicker; with them where somebody is not.
  async function brisk(path, query) {
    const got = await api.get(path, { query: { ...query, names: false } });
    return namedIn(got.messages).every(id => people[id]) ? got : api.get(path, { query });
  }
  const known = ts => messages.value?.some(m => m.ts === ts) ?? false;
  const newest = () => messages.value?.at(-1)?.ts ?? '';
  function take(got) {
    meet(got);
    messages.value = upsert(messages.value ?? [], got.messages);
  }

  // The newest page, or the one around a ts.
  async function open(around = null) {
    const mine = ++stretch;
    failed.value = null;
    try {
      const got = await api.get(`${base}/messages`, { query: around ? { around, limit: PAGE / 2 } : { limit: PAGE } });
      if (mine !== stretch) return false;
      meet(got);
      messages.value = got.messages; earlier.value = got.earlier; later.value = got.later;
      whole = newest();
      return true;
    } catch (error) {
      if (mine === stretch && !cancelled(error)) failed.value = error;
      return false;
    }
  }

  // The next page at an end; the other end is let go where this makes too many.
  async function more(end) {
    if (busy.value || Date.now() < resting || !messages.value?.length || !(end === 'earlier' ? earlier : later).value) return;
    const mine = stretch;
    busy.value = end;
    try {
      const query = end === 'earlier' ? { before: messages.value[0].ts } : { after: whole };
      const got = await api.get(`${base}/messages`, { query: { ...query, limit: PAGE } });
      if (mine !== stretch) return;
      meet(got);
      let all = upsert(messages.value, got.messages);
      if (end === 'earlier') {
        earlier.value = got.earlier;
        if (all.length > KEEP) { all = all.slice(0, KEEP); later.value = true; whole = all.at(-1).ts; }
      } else {
        later.value = got.later;
        whole = all.at(-1).ts;
        if (all.length > KEEP) { all = all.slice(-KEEP); earlier.value = true; }
      }
      messages.value = all;
    } catch (error) { resting = Date.now() + 3_000; if (!cancelled(error) && error.status) throw error; } finally { busy.value = ''; }
  }

  // What was posted since. One question at a time; what happens meanwhile is asked for after it.
  let catching = false, again = false;
  async function catchUp() {
    if (!messages.value || later.value) return [];
    if (catching) { again = true; return []; }
    catching = true;
    const mine = stretch, found = [];
    try {
      do {
        again = false;
        const after = whole;
        const got = after ? await brisk(`${base}/messages`, { after, limit: 200 }) : await api.get(`${base}/messages`, { query: { limit: PAGE } });
        if (mine !== stretch) return found;
        if (got.messages.length) {
          found.push(...got.messages.filter(m => !known(m.ts)));
          take(got);
          whole = got.messages.at(-1).ts;
        }
        if (got.later && after) again = true;
      } while (again);
    } finally { catching = false; }
    return found;
  }

  // After a break: what was changed and deleted meanwhile too, as far back as one question reaches.
  async function mend() {
    if (!messages.value) return;
    const mine = stretch, last = newest();
    const got = await api.get(`${base}/messages`, { query: later.value ? { around: last, limit: 100 } : { limit: 200 } });
    if (mine !== stretch || !got.messages.length) return;
    meet(got);
    const start = got.messages[0].ts, end = got.messages.at(-1).ts;
    const apart = !later.value && start > last;
    const kept = apart ? [] : messages.value.filter(m => m.ts < start || m.ts > end);
    if (apart) earlier.value = got.earlier;
    messages.value = upsert(kept, got.messages);
    if (!later.value) whole = end;
  }

  // One message as it is now.
  async function one(ts) {
    try { take(await brisk(`${base}/messages/${ts}`)); } catch (error) { if (error.status === 404) gone(ts); }
  }
  function gone(ts) {
    const it = messages.value?.find(m => m.ts === ts);
    if (!it) return;
    const emptied = { ...it, deleted: true, text: '', blocks: null, attachments: null, reactions: [] };
    messages.value = it.reply_count ? upsert(messages.value, [emptied]) : messages.value.filter(m => m.ts !== ts);
  }
  return { messages, people, earlier, later, failed, busy, open, more, catchUp, mend, one, gone, known, newest, take };
}
