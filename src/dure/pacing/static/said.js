// What people say to alerts: acknowledge with a reason, snooze until a day, take it back.
import { api, askForm, t, toast, isoDay } from '../web/kit.js';
import './alert_words.js';

const REASONS = ['makegood_agreed', 'creative_late', 'client_paused', 'being_fixed', 'expected', 'other'];
const told = n => toast(t('pacing.b.done', { n }));

export async function acknowledge(ids) {
  const done = await askForm({
    title: t('pacing.ack.title'), submitLabel: t('pacing.b.ack'), values: { reason: 'being_fixed' },
    fields: [
      { name: 'reason', label: t('pacing.ack.reason'), type: 'select', required: true, autofocus: true, options: REASONS.map(value => ({ value, label: t('pacing.ack.' + value) })), hint: t('pacing.ack.hint') },
      { name: 'note', label: t('pacing.ack.note'), type: 'textarea', optional: true, rows: 2 },
    ],
    submit: async v => { await api.post('/pacing/alerts/acknowledge', { alerts: ids, reason: v.reason, note: v.note ?? '' }); return true; },
  });
  if (done) told(ids.length);
  return done;
}

export async function snooze(ids) {
  const done = await askForm({
    title: t('pacing.snooze.title'), submitLabel: t('pacing.b.snooze'), values: { when: 'next_business_day' },
    fields: [
      { name: 'when', label: t('pacing.snooze.title'), type: 'choice', required: true, options: [{ value: 'next_business_day', label: t('pacing.b.nextday') }, { value: 'day', label: t('pacing.b.until') }] },
      { name: 'until', label: t('pacing.snooze.until'), type: 'date', initial: isoDay(Date.now() + 3 * 86400000), when: v => v.when === 'day' },
    ],
    submit: async v => { await api.post('/pacing/alerts/snooze', { alerts: ids, until: v.when === 'day' ? v.until : 'next_business_day' }); return true; },
  });
  if (done) told(ids.length);
  return done;
}

export async function reopen(ids) {
  await api.post('/pacing/alerts/reopen', { alerts: ids });
  told(ids.length);
  return true;
}

const RULES = ['enter', 'leave', 'needed', 'window', 'worse_points', 'repeat_hours', 'critical_days', 'launch_hours', 'gap', 'stale_days', 'creative_first', 'creative_last', 'quiet_from', 'quiet_to'];
const SHARES = new Set(['enter', 'leave', 'worse_points', 'gap']);

// The workspace's thresholds as a form; shares are asked for in percent.
export async function rules() {
  const now = await api.get('/pacing/rules');
  const shown = name => SHARES.has(name) ? Math.round(now[name] * 1000) / 10 : now[name];
  return askForm({
    title: t('pacing.r.title'), values: Object.fromEntries(RULES.map(name => [name, shown(name)])),
    fields: RULES.map(name => ({ name, label: t('pacing.r.' + name), type: 'number', required: true, min: 0, unit: SHARES.has(name) ? '%' : undefined, hint: name === 'quiet_to' ? t('pacing.r.quiethint') : undefined })),
    submit: async v => { await api.patch('/pacing/rules', Object.fromEntries(RULES.map(name => [name, SHARES.has(name) ? v[name] / 100 : v[name]]))); toast(t('pacing.saved')); return true; },
  });
}
