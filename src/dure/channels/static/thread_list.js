// The threads one follows, shared by the sidebar's count and the page of threads.
import { api, boot, listen, overhear, shallowReactive } from '../web/kit.js';

export const followed = shallowReactive({ threads: null, people: {}, error: null });
export const threadsUnread = () => (followed.threads ?? []).reduce((n, one) => n + (one.unread > 0 ? 1 : 0), 0);

let running = null, again = false;
export async function refreshThreads() {
  if (running) { again = true; return running; }
  running = (async () => {
    try {
      const got = await api.get('/threads', { quiet: true });
      Object.assign(followed, { threads: got.threads, people: got.people, error: null });
    } catch (error) { followed.error = error; } finally { running = null; }
    if (again) { again = false; await refreshThreads(); }
  })();
  return running;
}

let timer = 0;
export const refreshThreadsSoon = () => { timer ||= setTimeout(() => { timer = 0; refreshThreads(); }, 500); };

export function startThreads() {
  refreshThreads();
  overhear(`user:${boot.me.id}`, what => { if (what.kind === 'thread_read' || what.kind === 'following') refreshThreadsSoon(); });
  listen(`user:${boot.me.id}`, event => { if (event.properties.thread_ts) refreshThreadsSoon(); }, refreshThreadsSoon);
}
