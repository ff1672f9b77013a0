// The forms that book: a line item, an order.
import { api, askForm, boot, isoDay, t, toast, today } from '../web/kit.js';
import './book_words.js';

const DAY = 86400000;
const UNITS = ['impressions', 'clicks', 'views', 'listens', 'spend'], PACINGS = ['even', 'frontloaded', 'custom', 'asap'];
const listed = text => (text ?? '').split(/[\s,]+/).filter(Boolean).map(Number);

export const lineFields = (orders, made) => [
  { name: 'name', label: t('pacing.name'), required: true, autofocus: true },
  ...(made ? [] : [{ name: 'account_name', label: t('pacing.account'), optional: true }]),
  { name: 'order', label: t('pacing.order'), type: 'select', optional: true, options: [{ value: '', label: '–' }, ...orders.map(o => ({ value: o.id, label: o.name }))] },
  { name: 'goal', label: t('pacing.goal'), type: 'number', required: true, min: 1 },
  ...(made ? [] : [{ name: 'goal_unit', label: t('pacing.goalunit'), type: 'select', required: true, initial: 'impressions', options: UNITS.map(value => ({ value, label: t('pacing.unit.' + value) })) }]),
  { name: 'start_day', label: t('pacing.start'), type: 'date', required: true, initial: today() },
  { name: 'end_day', label: t('pacing.end'), type: 'date', required: true, initial: isoDay(Date.now() + 27 * DAY) },
  { name: 'budget', label: t('pacing.budget'), type: 'number', required: true, min: 0, initial: 0, unit: boot.workspace.currency },
  { name: 'pacing', label: t('pacing.how'), type: 'select', required: true, initial: 'even', options: PACINGS.map(value => ({ value, label: t('pacing.how.' + value) })) },
  { name: 'curve', label: t('pacing.curve'), hint: t('pacing.curvehint'), optional: true, when: v => v.pacing === 'custom' },
  { name: 'priority', label: t('pacing.priority'), type: 'number', required: true, min: 1, max: 16, initial: 8, hint: t('pacing.priorityhint') },
  { name: 'cap', label: t('pacing.cap'), type: 'number', optional: true, min: 1 },
  { name: 'cap_daily', label: t('pacing.capdaily'), type: 'number', optional: true, min: 1 },
  { name: 'targeting', label: t('pacing.targeting'), optional: true },
  { name: 'creatives_wanted', label: t('pacing.wanted'), type: 'number', required: true, min: 0, max: 100, initial: 1 },
  { name: 'channel', label: t('pacing.channelid'), hint: t('pacing.channelhint'), optional: true },
];
const body = v => {
  const { curve, ...rest } = v;
  return { ...rest, account_name: undefined, order: v.order ?? '', channel: v.channel ?? '', targeting: v.targeting ?? '', cap: v.cap || null, cap_daily: v.cap_daily || null, ...(v.pacing === 'custom' ? { custom_curve: listed(curve) } : {}) };
};

export async function bookLine({ order = '', orders = [] }) {
  let made = null;
  await askForm({
    title: t('pacing.new'), submitLabel: t('pacing.create'), values: order ? { order } : {}, fields: lineFields(orders, null),
    submit: async v => { made = await api.post('/line-items', { ...body(v), account_name: v.account_name ?? '' }); return made; },
  });
  if (made) toast(t('pacing.made'));
  return made;
}

export async function editLine(item, orders) {
  const values = Object.fromEntries(['name', 'order', 'goal', 'start_day', 'end_day', 'budget', 'pacing', 'priority', 'cap', 'cap_daily', 'targeting', 'creatives_wanted', 'channel'].map(name => [name, item[name]]));
  return askForm({ title: t('pacing.edit'), values: { ...values, curve: item.custom_curve.join(', ') }, fields: lineFields(orders, item),
    submit: async v => { await api.patch('/line-items/' + item.id, body(v)); toast(t('pacing.saved')); return true; } });
}

export async function bookOrder(order) {
  let made = null;
  await askForm({
    title: t(order ? 'pacing.editorder' : 'pacing.neworder'), submitLabel: t(order ? 'pacing.save' : 'pacing.create'), values: order ?? {},
    fields: [
      { name: 'name', label: t('pacing.name'), required: true, autofocus: true }, { name: 'account_name', label: t('pacing.account'), optional: true }, { name: 'advertiser', label: t('pacing.advertiser'), optional: true },
      { name: 'budget', label: t('pacing.budget'), type: 'number', required: true, min: 0, initial: 0, unit: order?.currency ?? boot.workspace.currency }, { name: 'deal', label: t('pacing.dealid'), optional: true },
      { name: 'channel', label: t('pacing.channelid'), hint: t('pacing.channelhint'), optional: true },
    ],
    submit: async v => {
      const given = Object.fromEntries(['name', 'account_name', 'advertiser', 'budget', 'deal', 'channel'].map(name => [name, v[name] ?? '']));
      made = order ? await api.patch('/orders/' + order.id, given) : await api.post('/orders', given);
      return made;
    },
  });
  if (made) toast(t('pacing.saved'));
  return made;
}
