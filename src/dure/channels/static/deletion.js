// Deleting with ten seconds to think better of it: the message is gone from this screen at once, from the channel when
// the time is over or the page is left.
import { api, reactive, t, toast } from '../web/kit.js';
import { pathOf } from './reactions.js';

const SECONDS = 10;
export const hidden = reactive(new Set());   // ts of messages on their way out
const waiting = new Map();                   // ts → {m, timer}

export function remove(m) {
  hidden.add(m.ts);
  waiting.set(m.ts, { m, timer: setTimeout(finish, SECONDS * 1000, m.ts) });
  toast.undo(t('ch.delete.done'), async () => {
    const it = waiting.get(m.ts);
    if (!it) throw new Error(t('ch.delete.late'));
    clearTimeout(it.timer);
    waiting.delete(m.ts);
    hidden.delete(m.ts);
  });
}

async function finish(ts) {
  const it = waiting.get(ts);
  waiting.delete(ts);
  try { await api.del(pathOf(it.m)); } catch (error) {
    if (error.status !== 404) { hidden.delete(ts); toast.error(error); }
  }
}

addEventListener('pagehide', () => {
  for (const { m, timer } of waiting.values()) {
    clearTimeout(timer);
    fetch('/api/v1' + pathOf(m), { method: 'DELETE', keepalive: true, headers: { 'x-dure-client': 'web' } });
  }
  waiting.clear();
});
