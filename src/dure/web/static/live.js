// Live changes: one socket for the page, topics with handlers. After a break it asks for everything since the last id
// it saw; when that is too old, views are told to load anew.
import { onScopeDispose, watch } from '../vendor/vue.js';
import { state } from './state.js';

const handlers = new Map();   // topic → Set of {event, reset}
let socket = null, cursor = null, wait = 400, timer = 0, heard = 0, asked = '', told = false;

// Hears a topic; fn(event, topic). reset() is called when changes may have been missed. Returns a function that stops it.
export function listen(topic, fn, reset) {
  const entry = { event: fn, reset };
  if (!handlers.has(topic)) handlers.set(topic, new Set());
  handlers.get(topic).add(entry);
  subscribe();
  return () => {
    const set = handlers.get(topic);
    set?.delete(entry);
    if (set && !set.size) handlers.delete(topic);
    subscribe();
  };
}

// What is whispered to a topic and kept nowhere; fn(what, topic).
export function overhear(topic, fn) { return listen(topic, Object.assign(() => {}, { whisper: fn })); }

// In a view: useLive('deals', event => …, {reset}); the topic may be a function of reactive state, or null for none.
export function useLive(topic, fn, { reset } = {}) {
  let stop = null;
  const source = typeof topic === 'function' ? topic : () => topic;
  watch(source, name => { stop?.(); stop = name ? listen(name, fn, reset) : null; }, { immediate: true });
  onScopeDispose(() => stop?.());
}

// Calls fn after events of a topic and what is whispered to it, at most about twice a second. Returns what stops it.
export function listenSoon(topic, fn) {
  let timer = 0;
  const soon = () => { timer ||= setTimeout(() => { timer = 0; fn(); }, 400); };
  const stop = listen(topic, Object.assign(soon, { whisper: soon }), soon);
  return () => { clearTimeout(timer); stop(); };
}

// Keeps a `load()` fresh: reloads it quietly after events of a topic.
export function reloadOn(it, topic) {
  let stop = null;
  const source = typeof topic === 'function' ? topic : () => topic;
  watch(source, name => { stop?.(); stop = name ? listenSoon(name, () => it.reload({ quiet: true })) : null; }, { immediate: true });
  onScopeDispose(() => stop?.());
}

export function startLive() {
  connect();
  addEventListener('online', () => { if (state.live !== 'live') hurry(); });
  document.addEventListener('visibilitychange', () => { if (!document.hidden && state.live !== 'live') hurry(); });
  setInterval(() => { if (socket?.readyState === 1 && Date.now() - heard > 70_000) socket.close(); }, 10_000);
}

export const liveCursor = () => cursor;
export function breakForTest() { socket?.close(); }

function hurry() { clearTimeout(timer); if (!socket || socket.readyState > 1) connect(); }

function connect() {
  socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/live`);
  const mine = socket;
  heard = Date.now();
  mine.onopen = () => { wait = 400; asked = ''; subscribe(); };
  mine.onmessage = message => { heard = Date.now(); take(JSON.parse(message.data)); };
  mine.onclose = event => {
    if (socket !== mine) return;
    if (event.code === 4401) { state.live = 'off';
      location.assign('/sign-in?next=' + encodeURIComponent(location.pathname + location.search)); return; }
    state.live = 'waiting';
    timer = setTimeout(connect, wait * (0.6 + Math.random() * 0.8));
    wait = Math.min(wait * 2, 20_000);
  };
}

// Views come and go in one tick; the list of topics is sent once after it.
function subscribe() {
  if (told) return;
  told = true;
  queueMicrotask(() => {
    told = false;
    const sub = [...handlers.keys()].sort(), text = JSON.stringify(sub);
    if (socket?.readyState !== 1 || text === asked) return;
    asked = text;
    socket.send(JSON.stringify(cursor === null ? { sub } : { sub, after: cursor }));
  });
}

function take(message) {
  if (message.denied) return;
  if (message.whisper) { for (const entry of handlers.get(message.topic) ?? []) entry.event.whisper?.(message.whisper, message.topic); return; }
  if (message.reset) {
    cursor = message.id;
    for (const set of handlers.values()) for (const entry of set) entry.reset?.();
    return;
  }
  if (message.topic) for (const topic of message.topics ?? [message.topic]) for (const entry of handlers.get(topic) ?? []) call(entry, message.e, topic);
  if (message.hello) state.live = 'live';
  cursor = Math.max(cursor ?? 0, message.id);
}

function call(entry, event, topic) {
  try { entry.event(event, topic); } catch (error) { reportError(error); }
}
