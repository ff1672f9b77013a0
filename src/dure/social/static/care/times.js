// Times to come back at, in the workspace's zone.
import { askForm, choose, dateTime, t, today, zone } from '../../web/kit.js';
import './words.js';

const HOUR = 3_600_000, MORNING = '09:00';

// A day and an hour of the workspace's zone as a moment.
export function moment(day, hour) {
  const guess = new Date(`${day}T${hour}:00Z`), parts = Object.fromEntries(new Intl.DateTimeFormat('en', { timeZone: zone(), year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(guess).map(one => [one.type, one.value]));
  const shown = Date.parse(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:00Z`);
  return new Date(guess.getTime() - (shown - guess.getTime()));
}
const later = (day, days) => new Date(Date.parse(day + 'T00:00:00Z') + days * 24 * HOUR).toISOString().slice(0, 10);

// → ISO text, or null
export async function askUntil() {
  const day = today(), weekday = new Date(day + 'T00:00:00Z').getUTCDay();
  const ways = [['care.in1h', new Date(Date.now() + HOUR)], ['care.in3h', new Date(Date.now() + 3 * HOUR)], ['care.tomorrow', moment(later(day, 1), MORNING)], ['care.monday', moment(later(day, (8 - weekday) % 7 || 7), MORNING)]];
  const picked = await choose(t('care.snoozetill'), [{ group: t('care.snooze'), items: [...ways.map(([name, at]) => ({ value: at.toISOString(), title: t(name), hint: dateTime(at), icon: 'moon' })), { value: '', title: t('care.other'), icon: 'calendar' }] }]);
  if (!picked) return null;
  if (picked.value) return picked.value;
  return askForm({ title: t('care.snoozetill'), fields: [{ name: 'day', label: t('care.day'), type: 'date', required: true }, { name: 'hour', label: t('care.hour'), type: 'time', required: true }],
    values: { day: later(day, 1), hour: MORNING }, submit: async values => moment(values.day, values.hour).toISOString(), submitLabel: t('care.snooze') });
}
