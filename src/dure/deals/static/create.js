// The dialog for a new deal.
import { api, askForm, boot, isoDay, compare, t, inLang } from '../web/kit.js';
import './words.js';

const NEW = '(new)';
const decimals = currency => new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
export const toMinor = (amount, currency) => Math.round(amount * 10 ** decimals(currency));
export const fromMinor = (minor, currency) => minor / 10 ** decimals(currency);
export const nameOfUser = (people, id) => people.get(id)?.name ?? (id ? id : t('deals.system'));
export const userOptions = people => [...people.values()].filter(u => !u.is_bot && !u.deleted && u.role !== 'guest').sort((a, b) => compare(a.name, b.name)).map(u => ({ value: u.id, label: u.name }));

// Resolves to the deal that was made, or null.
export async function newDeal(lanes, people) {
  const { accounts } = await api.get('/accounts', { query: { limit: 1000 } }), currency = boot.workspace.currency;
  let made = null;
  await askForm({
    title: t('deals.new'), submitLabel: t('deals.create'),
    fields: [
      { name: 'name', label: t('deals.name'), required: true, autofocus: true },
      { name: 'account', label: t('deals.account'), type: 'select', required: true, initial: accounts[0]?.id ?? NEW,
        options: [...accounts.map(a => ({ value: a.id, label: a.name })), { value: NEW, label: t('deals.newaccount') }] },
      { name: 'account_name', label: t('deals.accountname'), required: true, when: v => v.account === NEW },
      { name: 'amount', label: t('deals.amount'), type: 'number', required: true, min: 0, unit: currency },
      { name: 'close_date', label: t('deals.close'), type: 'date', required: true, initial: isoDay(Date.now() + 30 * 86400000) },
      { name: 'stage', label: t('deals.stage'), type: 'select', required: true, initial: lanes[0]?.key, options: lanes.filter(l => !l.outcome).map(l => ({ value: l.key, label: `${inLang(l.name)} · ${l.probability}%` })) },
      { name: 'owner', label: t('deals.owner'), type: 'select', required: true, initial: boot.me.id, options: userOptions(people) },
      { name: 'next_step', label: t('deals.next'), optional: true },
    ],
    submit: async v => {
      const account = v.account === NEW ? (await api.post('/accounts', { name: v.account_name })).id : v.account;
      made = await api.post('/deals', { name: v.name, account, amount: toMinor(v.amount, currency), close_date: v.close_date, stage: v.stage, owner: v.owner, next_step: v.next_step ?? '' });
      return made;
    },
  });
  return made;
}
