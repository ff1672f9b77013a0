// What stands in a search: its filters taken out and put in as text, so that a link and the keyboard have them too.
import { isoDay, today } from '../web/kit.js';

const KINDS = {
  from: ['from', '보낸사람', '작성자'], in: ['in', '채널'], has: ['has', '포함'], is: ['is', '종류'],
  date: ['before', 'after', 'on', 'during', '이전', '이후', '날짜', '기간'],
};
const pattern = kind => new RegExp(`(?<=^|\\s)(${KINDS[kind].join('|')}):("[^"]*"|<[^<>]*>|[^\\s"]+)(?=\\s|$)`, 'giu');

// The filters of a kind that stand in a query, as written: [{name, value}].
export const filters = (query, kind) => [...query.matchAll(pattern(kind))].map(found => ({ name: found[1].toLowerCase(), value: found[2].replace(/^"|"$/g, '') }));

// The query with these filters of a kind in place of those that stand there; none takes them out.
export function withFilters(query, kind, ...terms) {
  const rest = query.replace(pattern(kind), ' ').replace(/\s+/g, ' ').trim();
  return [rest, ...terms].filter(Boolean).join(' ');
}

export const term = (name, value) => `${name}:${/\s/.test(value) ? `"${value}"` : value}`;

export const daysAgo = n => { const day = new Date(today() + 'T12:00:00Z'); day.setUTCDate(day.getUTCDate() - n); return isoDay(day); };

// What is being typed without a syllable that has only begun: 한ㅂ asks for 한.
export const settled = query => query.replace(/[\u1100-\u11ff\u3131-\u318e]+$/u, '').trim();
