// What happens in the conversation on the screen, as it happens: new messages are asked for, changed ones asked again.
import { boot, nextTick, onScopeDispose, ref, useLive } from '../web/kit.js';
import { arrived } from './outbox.js';
import { partners } from './rooms.js';

const AGAIN = 2_000;   // after which what could not be asked is asked again

export function useHearing(id, { timeline, reading, room, pending }) {
  // Rows come and go while one scrolls; what is read aloud is only what was just said.
  const spoken = ref('');
  function say(found) {
    const m = found.findLast(x => x.user !== boot.me.id && !x.subtype);
    if (m) spoken.value = `${m.username || timeline.people[m.user]?.name || ''}: ${m.text.slice(0, 300)}`;
  }
  let retry = 0;
  async function catchUp() {
    try {
      const found = await timeline.catchUp();
      arrived(found);
      reading.count(found);
      say(found);
      if (found.length) nextTick(reading.look);
    } catch (error) {
      clearTimeout(retry);
      if (!(error.status >= 400 && error.status < 500)) retry = setTimeout(catchUp, AGAIN);
    }
  }
  function posted({ ts, thread_ts: thread, user, broadcast }) {
    if (timeline.later.value && !thread && user !== boot.me.id) reading.fresh.value += 1;
    if (thread && timeline.known(thread)) timeline.one(thread);
    // What this screen sent itself comes, or came, with its answer. A reply may stand in the channel too.
    const own = timeline.known(ts) || (user === boot.me.id && pending.value.length);
    if ((!thread || broadcast !== false) && !own) catchUp();
    if (partners(room.data ?? { shared_with: [] }).length) room.reload({ quiet: true });
  }
  function hear(event) {
    const { ts, thread_ts: thread } = event.properties;
    if (event.event === 'Message Posted') posted(event.properties);
    else if (event.event === 'Message Deleted') {
      if (thread && timeline.known(thread)) timeline.one(thread);
      timeline.gone(ts);
    } else if (ts) {
      if (timeline.known(ts)) timeline.one(ts);
    } else {
      room.reload({ quiet: true });
      catchUp();
    }
  }
  async function missed() {
    room.reload({ quiet: true });
    try {
      await timeline.mend();
      arrived(timeline.messages.value ?? []);
    } catch { catchUp(); }
  }
  useLive(`channel:${id}`, hear, { reset: missed });
  onScopeDispose(() => clearTimeout(retry));
  return { spoken };
}
