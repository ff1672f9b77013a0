// The JSON doors: api.get('/deals') asks /api/v1/deals. Errors are ApiError; a 401 leads to the sign-in page.
import { onScopeDispose, shallowReactive, getCurrentScope, watch } from '../vendor/vue.js';

export class ApiError extends Error {
  constructor({ code, message, field, data, status = 0 }) {
    super(message);
    Object.assign(this, { name: 'ApiError', code, field, data, status });
  }
}

// options: {method, body, query, signal, quiet (no redirect on 401), seconds (default 60)}
export async function api(path, { method, body, query, signal, quiet, seconds = 60, headers } = {}) {
  const url = address(path, query), form = body instanceof FormData || body instanceof Blob;
  const limit = AbortSignal.timeout(seconds * 1000);
  let answer, text;
  try {
    answer = await fetch(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { accept: 'application/json', 'x-dure-client': 'web', ...(body !== undefined && !form && { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : form ? body : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    text = await answer.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(limit.aborted ? { code: 'timeout', message: 'timeout' } : { code: 'offline', message: 'offline' });
  }
  let data = null;
  try { data = text ? JSON.parse(text) : null;
    } catch { if (answer.ok) throw new ApiError({ code: 'malformed_answer', message: 'not JSON', status: answer.status }); }
  if (answer.ok) return data;
  if (answer.status === 401 && !quiet && !location.pathname.startsWith('/sign-in')) {
    location.assign('/sign-in?next=' + encodeURIComponent(location.pathname + location.search));
  }
  throw new ApiError({ code: 'http', message: answer.statusText, ...data?.error, status: answer.status });
}
api.get = (path, options) => api(path, { ...options, method: 'GET' });
api.post = (path, body = {}, options) => api(path, { ...options, method: 'POST', body });
api.put = (path, body = {}, options) => api(path, { ...options, method: 'PUT', body });
api.patch = (path, body = {}, options) => api(path, { ...options, method: 'PATCH', body });
api.del = (path, options) => api(path, { ...options, method: 'DELETE' });

export const cancelled = error => error?.name === 'AbortError';

function address(path, query) {
  const root = /^\/(api|slack|services|mcp)\b/.test(path) || path.startsWith('http') ? path : '/api/v1' + path;
  const pairs = Object.entries(query ?? {}).flatMap(([k, v]) => v === undefined || v === null || v === '' ? [] : [].concat(v).map(x => [k, x]));
  return pairs.length ? root + (root.includes('?') ? '&' : '?') + new URLSearchParams(pairs) : root;
}

// load(signal => api.get(…)) → reactive {data, error, loading, reload(), set(data)}. Aborted when its view goes.
// With {watch: () => [props.id]} it loads again when that changes; old data stays until the new has come,
// unless {keep: false}.
export function load(fn, { watch: source, keep = true, now = true } = {}) {
  let running;
  const it = shallowReactive({ data: null, error: null, loading: now, reload, set(data) { it.data = data; } });
  async function reload({ quiet = false } = {}) {
    running?.abort();
    const mine = running = new AbortController();
    if (!quiet) it.loading = true;
    try {
      const data = await fn(mine.signal);
      if (running === mine) Object.assign(it, { data, error: null });
    } catch (error) {
      if (running === mine && !cancelled(error)) it.error = error;
    } finally {
      if (running === mine) it.loading = false;
    }
  }
  if (now) reload();
  if (source) watch(source, () => { if (!keep) it.data = null; reload(); });
  if (getCurrentScope()) onScopeDispose(() => { const last = running; running = null; last?.abort(); });
  return it;
}

// action(async arg => …) → reactive {run(arg), busy, error}; a second run while busy is ignored; run gives undefined on error.
export function action(fn, { failed } = {}) {
  const it = shallowReactive({
    busy: false, error: null,
    async run(...args) {
      if (it.busy) return undefined;
      Object.assign(it, { busy: true, error: null });
      try { return await fn(...args); } catch (error) { it.error = error; failed?.(error); return undefined;
        } finally { it.busy = false; }
    },
  });
  return it;
}
