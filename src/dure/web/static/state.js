// What the whole page shares: boot data, language, theme, whether the page is online.
import { reactive } from '../vendor/vue.js';

export const boot = Object.freeze(JSON.parse(document.getElementById('boot').textContent));

const systemDark = matchMedia('(prefers-color-scheme: dark)');

export const state = reactive({
  lang: boot.lang ?? 'ko',
  theme: boot.theme ?? 'auto',
  dark: false,               // what is shown, after 'auto' has been resolved
  network: navigator.onLine, // the browser's own word
  live: 'connecting',        // 'connecting' | 'live' | 'waiting' | 'off'
});

function settle() { state.dark = state.theme === 'dark' || (state.theme === 'auto' && systemDark.matches); }
settle();
systemDark.addEventListener('change', settle);
addEventListener('online', () => { state.network = true; });
addEventListener('offline', () => { state.network = false; });

// Preferences live in a cookie, so that the server's first HTML already has them.
export function setPref(name, value) {
  state[name] = value;
  document.cookie = `${name}=${encodeURIComponent(value)};path=/;max-age=31536000;samesite=lax`;
  if (name === 'lang') document.documentElement.lang = value;
  if (name === 'theme') { document.documentElement.dataset.theme = value; settle(); }
}

export const setLang = lang => setPref('lang', lang);
export const setTheme = theme => setPref('theme', theme);

// Small things a person set on this device (a folded section, a column choice): JSON under one name.
export function remember(name, value) {
  try {
    if (value === undefined) return JSON.parse(localStorage.getItem('dure:' + name));
    localStorage.setItem('dure:' + name, JSON.stringify(value));
  } catch { /* private windows may refuse storage */ }
  return value ?? null;
}
