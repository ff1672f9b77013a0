// A list of messages in the order of their timestamps, and how it is told: days, groups, comings and goings, what is new.
import { boot, isoDay } from '../web/kit.js';

export function upsert(list, fresh) {
  const by = new Map(list.map(m => [m.ts, m]));
  for (const m of fresh) by.set(m.ts, m);
  return [...by.values()].sort((a, b) => a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0);
}

// Rows to draw: {kind: 'day'|'unread'|'note'|'message', key, …}. A group is one author within five minutes.
export function rowsOf(messages, readUpTo) {
  const rows = [];
  let day = '', before = null, marked = false;
  for (const m of messages) {
    const today = isoDay(m.ts);
    if (today !== day) { rows.push({ kind: 'day', key: 'd' + today, at: m.ts }); day = today; before = null; }
    if (!marked && readUpTo && m.ts > readUpTo && m.user !== boot.me.id && !m.subtype) { rows.push({ kind: 'unread', key: 'unread' }); marked = true; before = null; }
    if (m.subtype.startsWith('channel_')) {
      const last = rows.at(-1);
      if (last?.kind === 'note' && m.subtype === 'channel_join' && last.m.subtype === 'channel_join') last.count += 1;
      else rows.push({ kind: 'note', key: m.ts, m, count: 1 });
      before = null;
      continue;
    }
    const compact = !!before && before.user === m.user && before.username === m.username && Number(m.ts) - Number(before.ts) < 300 && !m.deleted;
    rows.push({ kind: 'message', key: m.ts, m, compact });
    before = m;
  }
  return rows;
}
