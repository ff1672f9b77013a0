// A question being answered. It is asked a moment after it stopped changing; the one before is stopped, on the server too.
// What takes more than a second tells how far it is, and can be stopped by hand.
import { api, cancelled, onScopeDispose, shallowReactive, watch } from '../web/kit.js';

const PAUSE = 350, SLOW = 1000, LOOK = 500;

// asked() is the question or null. → reactive {answer, error, running, slow, progress, stopped, cancel(), again()}
export function useAnswer(asked) {
  const it = shallowReactive({ answer: null, error: null, running: false, slow: false, progress: null, stopped: false, cancel, again: ask });
  let mine = null, timers = [];

  function quit() {
    timers.forEach(clearTimeout);
    timers = [];
    mine?.abort();
    mine = null;
    Object.assign(it, { running: false, slow: false, progress: null });
  }
  function cancel() {
    if (!it.running) return;
    quit();
    it.stopped = true;
  }
  async function ask() {
    quit();
    const question = asked();
    Object.assign(it, { error: null, stopped: false });
    if (!question) { it.answer = null; return; }
    const turn = mine = new AbortController(), id = newId();
    it.running = true;
    timers.push(setTimeout(() => { it.slow = true; follow(id, turn); }, SLOW));
    try {
      const answer = await api.post('/query', question, { signal: turn.signal, headers: { 'x-query-id': id }, seconds: 180 });
      if (turn === mine) { it.answer = answer; quit(); }
    } catch (error) {
      if (turn !== mine || cancelled(error)) return;
      quit();
      if (error.code === 'cancelled') it.stopped = true; else it.error = error;
    }
  }
  // How far it is, as long as the server tells it.
  async function follow(id, turn) {
    try {
      const seen = await api.get('/query/progress/' + id, { signal: turn.signal, quiet: true });
      if (turn !== mine) return;
      it.progress = seen;
      timers.push(setTimeout(follow, LOOK, id, turn));
    } catch (error) {
      if (turn === mine && !cancelled(error)) it.progress = null;
    }
  }

  let first = true, pause;
  watch(() => JSON.stringify(asked()), () => {
    clearTimeout(pause);
    if (first) { first = false; ask(); } else pause = setTimeout(ask, PAUSE);
  }, { immediate: true });
  const online = () => { if (it.error?.code === 'offline') ask(); };
  addEventListener('online', online);
  onScopeDispose(() => { clearTimeout(pause); removeEventListener('online', online); quit(); });
  return it;
}

// crypto.randomUUID is only there over TLS.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = bytes[6] & 0x0f | 0x40;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  const hex = [...bytes].map(b => b.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
