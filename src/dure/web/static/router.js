// Addresses: which page is open, its params and query, and moving between them without loading the document anew.
import { nextTick, onScopeDispose, reactive } from '../vendor/vue.js';
import { boot } from './state.js';

const table = (boot.pages ?? []).map(page => ({ page, pattern: pattern(page.path) }));
export const route = reactive({ path: '', params: {}, query: {}, page: null });
const places = new Map();   // history key → how far the view was scrolled
let key = 0;

export function pattern(path) {
  const names = [];
  const source = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, (_, name) => { names.push(name); return '([^/]+)';
    });
  return { names, expression: new RegExp(`^${source}/?$`) };
}

export function match(path) {
  for (const { page, pattern: { names, expression } } of table) {
    const found = expression.exec(path);
    if (found) return { page, params: Object.fromEntries(names.map((name, i) => [name, safely(found[i + 1])])) };
  }
  return { page: null, params: {} };
}
const safely = text => { try { return decodeURIComponent(text); } catch { return text; } };

// While a view has something that would be lost, leaving is asked about: useGuard(() => dirty, async () => may leave).
let guard = null;
export function useGuard(holds, may) {
  const mine = guard = { holds, may }, unload = event => { if (holds()) event.preventDefault(); };
  addEventListener('beforeunload', unload);
  onScopeDispose(() => { if (guard === mine) guard = null; removeEventListener('beforeunload', unload); });
}
const held = path => guard?.holds() && path !== location.pathname ? guard : null;

export function go(to, { replace = false } = {}) {
  const url = new URL(to, location.href);
  if (url.origin !== location.origin) { location.assign(url); return; }
  if (url.href === location.href) return;
  const asked = held(url.pathname);
  if (asked) { asked.may().then(yes => { if (yes) { if (guard === asked) guard = null; go(to, { replace }); } }); return; }
  keepPlace();
  history[replace ? 'replaceState' : 'pushState']({ key: replace ? key : ++key }, '', url);
  read();
  nextTick(() => { scroller()?.scrollTo(0, 0); document.getElementById('main')?.focus({ preventScroll: true }); });
}

// Changes part of the query and keeps the rest; null or '' removes. Filters belong here, so that a link carries them.
export function setQuery(changes, { replace = true } = {}) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) value === null || value === undefined || value === '' ? query.delete(name) : query.set(name, value);
  const text = query.toString();
  history[replace ? 'replaceState' : 'pushState']({ key: replace ? key : ++key }, '', location.pathname + (text ? '?' + text : ''));
  read();
}

// The address of a page by its name: href('channel', {id}).
export function href(name, params = {}) {
  const page = boot.pages?.find(p => p.name === name);
  return page ? page.path.replace(/\{(\w+)\}/g, (_, n) => encodeURIComponent(params[n] ?? '')) : '/';
}

function read() {
  const { page, params } = match(location.pathname);
  const query = Object.fromEntries(new URLSearchParams(location.search));
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  route.path = location.pathname;
  if (!same(route.params, params)) route.params = params;
  if (!same(route.query, query)) route.query = query;
  route.page = page;
}

const scroller = () => document.querySelector('[data-scroll]') ?? document.querySelector('.view');
function keepPlace() { const at = scroller()?.scrollTop; if (at) places.set(key, at); else places.delete(key); }

export function start() {
  history.replaceState({ key }, '');
  addEventListener('popstate', event => {
    if (guard?.holds() && location.pathname !== route.path) {
      const asked = guard, back = (event.state?.key ?? 0) < key ? 1 : -1;
      guard = null;
      addEventListener('popstate', once => { once.stopImmediatePropagation(); guard = asked;
        asked.may().then(yes => { if (yes) { guard = null; history.go(-back); } }); }, { once: true, capture: true });
      history.go(back);
      return;
    }
    keepPlace();
    key = event.state?.key ?? 0;
    read();
    // The view's data may take a moment: try for a short while until it is tall enough.
    const want = places.get(key) ?? 0; let tries = 20;
    const settle = () => { const el = scroller(); if (el) el.scrollTop = want;
      if (want && tries-- > 0 && Math.abs((el?.scrollTop ?? 0) - want) > 2) requestAnimationFrame(settle); };
    nextTick(settle);
  });
  document.addEventListener('click', event => {
    const a = event.target.closest?.('a[href]');
    if (!a || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(a.href, location.href);
    if (a.target || a.hasAttribute('download') || url.origin !== location.origin || /^\/(api|s|slack|sign-in|services)(\/|$)/.test(url.pathname)) return;
    if (url.hash && url.pathname === location.pathname) return;
    event.preventDefault();
    go(a.href);
  });
  read();
}
