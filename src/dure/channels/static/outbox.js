// What was sent and is not there yet. It is kept on this device until the server has it, so that neither a lost
// connection nor a reload loses it; each item has a client_msg_id, so that sending it again makes no second message.
import { api, boot, computed, reactive, remember, state, watch } from '../web/kit.js';

const STORE = `outbox:${boot.me?.id}`;
const WAIT = 4_000;   // before a message that could not be sent is tried again, where no other sign of life comes first

export const outbox = reactive({ items: (remember(STORE) ?? []).map(it => ({ ...it, state: 'waiting' })) });
const keep = () => remember(STORE, outbox.items.map(({ state: _, why: __, ...it }) => it));
const here = new Map();   // client_msg_id → what is to be done with the message once it is made
const going = new Set();
let timer = 0;

export const pendingIn = (channel, thread = null) => computed(() => outbox.items.filter(it => it.channel === channel && it.thread_ts === thread));

// message: {channel, thread_ts, text, broadcast, files, names (of the files)}; done(answer) is called while this page lives.
export function send(message, done) {
  const item = { thread_ts: null, broadcast: false, ...message, client_msg_id: crypto.randomUUID(), at: Date.now() / 1000, state: 'sending' };
  if (done) here.set(item.client_msg_id, done);
  outbox.items.push(item);
  keep();
  flush(item.channel);
  return item;
}

export function again(item) {
  const it = outbox.items.find(x => x.client_msg_id === item.client_msg_id);
  // Who sends it again after a rule's warning has read it.
  if (it) { if (it.why?.data?.guard?.action === 'warn') it.heeded = true; it.state = 'waiting'; flush(it.channel); }
}

export function drop(id) {
  const i = outbox.items.findIndex(x => x.client_msg_id === id);
  if (i >= 0) { outbox.items.splice(i, 1); keep(); }
  here.delete(id);
}

// Messages that have arrived by another way are no longer waited for.
export function arrived(messages) {
  for (const m of messages) if (m.client_msg_id && outbox.items.some(it => it.client_msg_id === m.client_msg_id && !going.has(it.channel))) drop(m.client_msg_id);
}

// One after the other in each channel, so that they arrive in the order in which they were written.
async function flush(channel) {
  if (going.has(channel)) return;
  going.add(channel);
  try {
    for (;;) {
      const it = outbox.items.find(x => x.channel === channel && x.state !== 'failed');
      if (!it) return;
      it.state = 'sending';
      try {
        const got = await api.post(`/channels/${channel}/messages`, bodyOf(it), { seconds: 20, query: { names: false } });
        const done = here.get(it.client_msg_id);
        drop(it.client_msg_id);
        done?.(got);
      } catch (error) {
        if (error.status === 0 || error.status >= 500 || error.status === 429) {
          for (const x of outbox.items) if (x.channel === channel && x.state === 'sending') x.state = 'waiting';
          timer ||= setTimeout(() => { timer = 0; flushAll(); }, WAIT);
          return;
        }
        // What is kept back has arrived, and waits at the server.
        if (error.data?.guard?.action === 'keep') { drop(it.client_msg_id); dispatchEvent(new Event('dure:kept')); continue; }
        Object.assign(it, { state: 'failed', why: error });
      }
    }
  } finally { going.delete(channel); }
}

function bodyOf(it) {
  const body = { text: it.text, client_msg_id: it.client_msg_id };
  if (it.thread_ts) body.thread_ts = it.thread_ts;
  if (it.broadcast) body.broadcast = true;
  if (it.files?.length) body.files = it.files;
  if (it.heeded) body.heeded = true;
  return body;
}

export function flushAll() {
  for (const channel of new Set(outbox.items.map(it => it.channel))) flush(channel);
}

export function startOutbox() {
  flushAll();
  watch(() => state.live === 'live' && state.network, alive => { if (alive) flushAll(); });
}
