// Days and times of the workspace's zone.
import { isoDay, zone } from '../../web/kit.js';

// The moment at which clocks in the zone show this day and time; twice corrected, for days when the clock changes.
export function moment(day, clock) {
  const wanted = Date.parse(`${day}T${clock}:00Z`);
  let guess = wanted;
  for (let turn = 0; turn < 2; turn++) {
    const there = new Intl.DateTimeFormat('sv-SE', { timeZone: zone(), dateStyle: 'short', timeStyle: 'medium' }).format(guess).replace(' ', 'T') + 'Z';
    guess += wanted - Date.parse(there);
  }
  return new Date(guess);
}
export const clockOf = at => new Intl.DateTimeFormat('en-GB', { timeZone: zone(), hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));
export const plus = (day, days) => new Date(Date.parse(day + 'T00:00:00Z') + days * 864e5).toISOString().slice(0, 10);
export const weekday = day => (new Date(day + 'T00:00:00Z').getUTCDay() + 6) % 7;   // Monday is 0
export const monday = day => plus(day, -weekday(day));
export const dayOf = at => isoDay(at);

// The days that a view shows, whole weeks from Monday on.
export function daysOf(view, day) {
  if (view === 'week') return Array.from({ length: 7 }, (_, i) => plus(monday(day), i));
  const first = monday(day.slice(0, 8) + '01'), last = plus(plus(day.slice(0, 8) + '01', 31).slice(0, 8) + '01', -1);
  const days = [];
  for (let at = first; at <= last || days.length % 7; at = plus(at, 1)) days.push(at);
  return days;
}
export const step = (view, day, by) => view === 'week' ? plus(day, 7 * by) : by > 0 ? plus(day.slice(0, 8) + '01', 31).slice(0, 8) + '01' : plus(day.slice(0, 8) + '01', -1).slice(0, 8) + '01';

// What the workspace's zone is called, in the language given.
export const zoneName = lang => new Intl.DateTimeFormat(lang, { timeZone: zone(), timeZoneName: 'long' }).formatToParts().find(part => part.type === 'timeZoneName').value;
