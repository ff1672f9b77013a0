// First and last days of the workspace's calendar, as moments.
import { isoDay, zone } from '../../web/kit.js';

function midnight(day) {
  const guess = Date.parse(day + 'T00:00:00Z');
  const there = new Intl.DateTimeFormat('sv-SE', { timeZone: zone(), dateStyle: 'short', timeStyle: 'medium' }).format(guess);
  return guess - (Date.parse(there.replace(' ', 'T') + 'Z') - guess);
}

export const startOf = day => day ? new Date(midnight(day)).toISOString() : null;
const next = day => new Date(Date.parse(day + 'T00:00:00Z') + 86400000).toISOString().slice(0, 10);
// A story ends as its last day does.
export const endOf = day => day ? new Date(midnight(next(day))).toISOString() : null;
export const firstDay = at => at ? isoDay(at) : '';
export const lastDay = at => at ? isoDay(Date.parse(at) - 1) : '';
