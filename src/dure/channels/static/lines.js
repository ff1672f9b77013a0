// A list of messages in the order of their timestamps, and how it is told: days, groups, comings and goings, what is new.
import { boot, isoDay } from '../web/kit.js';

const GROUP = 300;   // seconds within which one author's messages stand together

// The fresh ones take the place of those with the same ts; both lists are in order.
export function upsert(list, fresh) {
  if (!fresh.length) return list;
  if (!list.length || fresh[0].ts > list.at(-1).ts) return [...list, ...fresh];
  const by = new Map(list.map(m => [m.ts, m]));
  for (const m of fresh) by.set(m.ts, m);
  return [...by.values()].sort((a, b) => a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0);
}

// The calendar day of a ts. Asking Intl is slow: each quarter of an hour is asked once.
const days = new Map();
export function dayOf(ts) {
  const quarter = Math.floor(Number(ts) / 900);
  let day = days.get(quarter);
  if (!day) { if (days.size > 5_000) days.clear(); days.set(quarter, day = isoDay(ts)); }
  return day;
}

// Rows to draw: {kind: 'day'|'unread'|'notes'|'message', key, …}. A loose one may stand elsewhere once more is loaded.
export function rowsOf(messages, readUpTo) {
  const rows = [];
  let day = '', before = null, marked = false;
  for (const m of messages) {
    const today = dayOf(m.ts);
    if (today !== day) {
      rows.push({ kind: 'day', key: 'd' + today, at: m.ts, loose: true });
      day = today; before = null;
    }
    if (!marked && isNew(m, readUpTo)) {
      rows.push({ kind: 'unread', key: 'unread', at: m.ts, loose: true });
      marked = true; before = null;
    }
    if (m.subtype.startsWith('channel_')) {
      note(rows, m);
      before = null;
      continue;
    }
    rows.push({ kind: 'message', key: m.ts, at: m.ts, m, compact: follows(m, before) });
    before = m;
  }
  return rows;
}

export const isNew = (m, readUpTo) => !!readUpTo && m.ts > readUpTo && m.user !== boot.me.id && !m.subtype && !m.ephemeral;

function follows(m, before) {
  return !!before && before.user === m.user && before.username === m.username && !m.deleted && !m.ephemeral === !before.ephemeral
    && !m.broadcast && m.subtype !== 'me_message' && before.subtype !== 'me_message' && Number(m.ts) - Number(before.ts) < GROUP;
}

// Lines about the channel that follow each other are one row; people who come one after the other are one line of it.
function note(rows, m) {
  let row = rows.at(-1);
  if (row?.kind !== 'notes') rows.push(row = { kind: 'notes', key: 'n' + m.ts, at: m.ts, lines: [] });
  const last = row.lines.at(-1);
  if (last && m.subtype === 'channel_join' && last.m.subtype === 'channel_join') last.count += 1;
  else row.lines.push({ m, count: 1 });
}
