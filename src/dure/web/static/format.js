// Numbers, money, dates and durations as Korean and English readers write them. Formatters are slow to make: kept.
import { ref } from '../vendor/vue.js';
import { boot, state } from './state.js';

const made = new Map();
function intl(kind, options) {
  const key = kind.name + state.lang + JSON.stringify(options);
  if (!made.has(key)) made.set(key, new kind(state.lang === 'ko' ? 'ko-KR' : 'en-US', options));
  return made.get(key);
}
const DASH = '–';
const missing = v => v === null || v === undefined || v === '' || Number.isNaN(v);
export const zone = () => boot.workspace?.timezone ?? 'Asia/Seoul';

export const num = (v, digits = 0) => missing(v) ? DASH : intl(Intl.NumberFormat, { maximumFractionDigits: digits }).format(v);
export const short = v => missing(v) ? DASH : intl(Intl.NumberFormat, { notation: 'compact', maximumFractionDigits: 1, useGrouping: true }).format(v);
export const signed = (v, digits = 1) => missing(v) ? DASH : intl(Intl.NumberFormat, { maximumFractionDigits: digits, signDisplay: 'exceptZero' }).format(v);
// A share of one: 0.314 → 31.4%.
export const percent = (v, digits = 1) => missing(v) ? DASH
  : intl(Intl.NumberFormat, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(v);
export const points = (v, digits = 1) => missing(v) ? DASH : signed(v * 100, digits) + (state.lang === 'ko' ? '%p' : ' pts');
// Korean counters stand right at the number (3명); English ones are the caller's words.
export const count = (v, counter) => missing(v) ? DASH : num(v) + counter;

const decimals = currency => intl(Intl.NumberFormat, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;

// `minor` is integer minor units (won for KRW, cents for USD). Large sums are rounded: 1억 2,345만원, ₩123M.
export function money(minor, currency = boot.workspace?.currency ?? 'KRW') {
  if (missing(minor)) return DASH;
  if (currency === 'KRW' && state.lang === 'ko') return won(Number(minor));
  const value = Number(minor) / 10 ** decimals(currency);
  if (Math.abs(value) < 1e6) return exact(minor, currency);
  return intl(Intl.NumberFormat, { style: 'currency', currency, notation: 'compact', maximumSignificantDigits: 3, currencyDisplay: 'narrowSymbol' }).format(value);
}
// The whole amount, nothing rounded: 123,456,789원, $1,234.50.
export function exact(minor, currency = boot.workspace?.currency ?? 'KRW') {
  if (missing(minor)) return DASH;
  if (currency === 'KRW' && state.lang === 'ko') return num(Number(minor)) + '원';
  return intl(Intl.NumberFormat, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(Number(minor) / 10 ** decimals(currency));
}
function won(v) {
  const sign = v < 0 ? '-' : '', size = Math.abs(v);
  if (size < 1e6) return sign + num(size) + '원';
  const man = Math.round(size / 1e4), jo = Math.floor(man / 1e8), eok = Math.floor(man % 1e8 / 1e4), rest = man % 1e4;
  if (jo) return sign + `${num(jo)}조` + (eok ? ` ${num(eok)}억원` : '원');
  if (eok) return sign + `${num(eok)}억` + (rest ? ` ${num(rest)}만원` : '원');
  return sign + num(rest) + '만원';
}

// Takes ISO text, a Date, milliseconds, seconds, or Slack's "1700000000.000100". A bare date is a calendar day.
export function when(v) {
  if (v instanceof Date) return v;
  if (typeof v === 'string' && /^\d{9,10}(\.\d+)?$/.test(v)) v = Number(v);
  if (typeof v === 'number') return new Date(v < 1e11 ? v * 1000 : v);
  return new Date(/^\d{4}-\d\d-\d\d$/.test(v) ? v + 'T12:00:00Z' : v);
}
const bare = v => typeof v === 'string' && /^\d{4}-\d\d-\d\d$/.test(v);
const zoned = v => bare(v) ? 'UTC' : zone();
const dayKey = (v, timeZone) => intl(Intl.DateTimeFormat, { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', calendar: 'iso8601', numberingSystem: 'latn' })
  .formatToParts(when(v)).reduce((o, p) => ({ ...o, [p.type]: p.value }), {});
export const isoDay = v => { const p = dayKey(v, zoned(v)); return `${p.year}-${p.month}-${p.day}`; };
export const today = () => isoDay(Date.now());

export function date(v, { year, weekday = true } = {}) {
  if (missing(v)) return DASH;
  const withYear = year ?? isoDay(v).slice(0, 4) !== today().slice(0, 4);
  const options = { timeZone: zoned(v), month: state.lang === 'ko' ? 'long' : 'short', day: 'numeric' };
  if (withYear) options.year = 'numeric';
  const weekdayShort = { timeZone: zoned(v), weekday: 'short' };
  if (weekday && state.lang === 'ko') return `${intl(Intl.DateTimeFormat, options).format(when(v))} (${intl(Intl.DateTimeFormat, weekdayShort).format(when(v))})`;
  return intl(Intl.DateTimeFormat, weekday ? { ...options, weekday: 'short' } : options).format(when(v));
}
// 11/15: for axes and narrow columns.
export const shortDate = v => missing(v) ? DASH : intl(Intl.DateTimeFormat, { timeZone: zoned(v), month: 'numeric', day: 'numeric' }).format(when(v)).replace(/\.\s?/g, '/').replace(/\/$/, '');
export const time = v => missing(v) ? DASH : intl(Intl.DateTimeFormat, { timeZone: zone(), hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(when(v));
export const dateTime = v => missing(v) ? DASH : `${date(v, { weekday: false })} ${time(v)}`;

// Passes every 30 seconds, so that "3 minutes ago" grows by itself wherever it is shown.
export const minute = ref(Date.now());
setInterval(() => { minute.value = Date.now(); }, 30_000);
export function ago(v, now = minute.value) {
  if (missing(v)) return DASH;
  const seconds = (when(v) - now) / 1000, size = Math.abs(seconds);
  const relative = (n, unit) => intl(Intl.RelativeTimeFormat, { numeric: 'auto', style: state.lang === 'ko' ? 'long' : 'short' }).format(Math.trunc(n), unit);
  if (size < 60) return state.lang === 'ko' ? '방금' : 'just now';
  if (size < 3600) return relative(seconds / 60 || 1, 'minute');
  if (size < 86400) return relative(seconds / 3600, 'hour');
  if (size < 7 * 86400) return relative(seconds / 86400, 'day');
  return date(v, { weekday: false });
}

// Seconds → the two largest units: 1분 30초, 2h 5m.
export function duration(seconds) {
  if (missing(seconds)) return DASH;
  const units = state.lang === 'ko' ? ['일', '시간', '분', '초'] : ['d', 'h', 'm', 's'];
  let left = Math.round(Math.abs(seconds));
  const parts = [86400, 3600, 60, 1].map(size => { const n = Math.floor(left / size); left -= n * size; return n; });
  const first = parts.findIndex(Boolean);
  if (first < 0) return '0' + units[3];
  return (seconds < 0 ? '-' : '') + parts.map((n, i) => n && i >= first && i < first + 2 ? num(n) + units[i] : '').filter(Boolean).join(' ');
}

export const compare = (a, b) => intl(Intl.Collator, { numeric: true, sensitivity: 'base' }).compare(a, b);
export const listed = names => intl(Intl.ListFormat, { style: 'long', type: 'conjunction' }).format(names);
