// Days of the workspace's zone as moments.
import { isoDay, shortDate, time, zone } from '../web/kit.js';

// The last second of a day: guessed in UTC, then moved by what the zone is off at that moment. Not later than now, for
// questions of the past; a day to come is `ahead`.
export function endOfDay(day, ahead = false) {
  const guess = Date.parse(day + 'T23:59:59Z');
  const there = new Intl.DateTimeFormat('sv-SE', { timeZone: zone(), dateStyle: 'short', timeStyle: 'medium' }).format(guess).replace(' ', 'T') + 'Z';
  const end = guess - (Date.parse(there) - guess);
  return new Date(ahead ? end : Math.min(end, Date.now() - 1000)).toISOString();
}

// Moments as the marks of a chart: by their day, and by the hour where a day has several.
export function moments(ats) {
  const days = new Set(ats.map(isoDay));
  if (days.size === ats.length) return ats.map(at => shortDate(at));
  return ats.map(at => days.size === 1 ? time(at) : `${shortDate(at)} ${time(at)}`);
}
