// Days as places in a conversation.
import { askForm, isoDay, t, today, zone } from '../web/kit.js';

// The ts at which a calendar day begins in the workspace's zone.
export function startOf(day) {
  const noon = new Date(day + 'T12:00:00Z');
  const name = new Intl.DateTimeFormat('en-US', { timeZone: zone(), timeZoneName: 'longOffset' }).formatToParts(noon).find(part => part.type === 'timeZoneName').value;
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60 : 60);
  return `${Date.parse(day + 'T00:00:00Z') / 1000 - offset}.000000`;
}

export const daysAgo = n => isoDay(Date.now() - n * 86_400_000);

// Where to jump to: [{label, run}] for a menu. jump(ts) goes there, newest() to the end.
export const jumps = (jump, newest) => [
  { label: t('ch.jump.newest'), icon: 'down', run: newest },
  { label: t('ch.jump.yesterday'), icon: 'calendar', run: () => jump(startOf(daysAgo(1))) },
  { label: t('ch.jump.week'), icon: 'calendar', run: () => jump(startOf(daysAgo(7))) },
  { label: t('ch.jump.month'), icon: 'calendar', run: () => jump(startOf(daysAgo(30))) },
  { label: t('ch.jump.first'), icon: 'up', run: () => jump('1.000000') },
  null,
  { label: t('ch.jump.date'), icon: 'calendar', run: async () => {
    const picked = await askForm({ title: t('ch.jump.date'), fields: [{ name: 'day', label: t('ch.jump.day'), type: 'date', required: true, initial: today() }], values: { day: today() }, submitLabel: t('ch.jump.go'), submit: values => values });
    if (picked?.day) jump(startOf(picked.day));
  } },
];
