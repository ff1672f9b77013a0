// Words of the screens in Korean and English. Each slice adds its own under its own prefix.
//   words({ ko: { 'deals.won': '{n}건 수주' }, en: { 'deals.won': '{n} {n|deal|deals} won' } });  t('deals.won', { n: 3 })
// `{name}(을/를)` picks the Korean particle by the sound before it, the one after a consonant first: `(과/와)`, not `(와/과)`; `{n|one|many}` picks the English plural.
import { state } from './state.js';

const book = { ko: {}, en: {} };
const grouped = {};

export function words(more) {
  for (const lang of ['ko', 'en']) Object.assign(book[lang], more[lang]);
}

export function t(key, params) {
  const text = book[state.lang][key] ?? book.en[key] ?? key;
  return params ? fillIn(text, params) : text;
}

// One of {ko, en}, as in a page's title; a plain string stays itself.
export const inLang = value => typeof value === 'object' && value ? value[state.lang] ?? value.en ?? value.ko ?? '' : value ?? '';

export function particle(word, afterConsonant, afterVowel) {
  const code = String(word).trimEnd().at(-1)?.charCodeAt(0) ?? 0;
  let last = null;   // final consonant: 0 none, 8 ㄹ
  if (code >= 0xac00 && code <= 0xd7a3) last = (code - 0xac00) % 28;
  else if (code >= 48 && code <= 57) last = [21, 8, 0, 16, 0, 0, 1, 8, 8, 0][code - 48];
  else if (/[a-z]/i.test(String.fromCharCode(code))) last = /[lr]/i.test(String.fromCharCode(code)) ? 8 : /[mn]/i.test(String.fromCharCode(code)) ? 4 : 0;
  if (last === null) return `${afterConsonant}(${afterVowel})`;
  if (afterConsonant === '으로' && last === 8) return afterVowel;
  return last ? afterConsonant : afterVowel;
}

function fillIn(text, params) {
  return text
    .replace(/\{(\w+)\|([^|}]*)\|([^}]*)\}/g, (_, name, one, many) => Number(params[name]) === 1 ? one : many)
    .replace(/\{(\w+)\}(?:([’”]?)\(([^/()]+)\/([^()]+)\))?/g, (_, name, quote, a, b) => {
      const raw = params[name] ?? '';
      const shown = typeof raw === 'number' ? (grouped[state.lang] ??= new Intl.NumberFormat(state.lang)).format(raw) : String(raw);
      return a ? shown + quote + particle(shown, a, b) : shown;
    });
}
