// Deals and accounts in Ctrl-K, by a list that is fetched at most once a minute.
import { api, fits, inLang, money, offer } from '../web/kit.js';

let kept = null, keptAt = 0;
const board = async signal => {
  if (!kept || Date.now() - keptAt > 60_000) { kept = await api.get('/deals', { signal, quiet: true }); keptAt = Date.now(); }
  return kept;
};

offer('deals', async (text, signal) => {
  const { deals, lanes } = await board(signal), names = new Map(lanes.map(l => [l.key, l.name]));
  return deals.map(d => [Math.max(fits(d.name, text), fits(d.account_name, text)), d]).filter(([rank]) => rank > 0).sort(([a], [b]) => b - a).slice(0, 6)
    .map(([, d]) => ({ title: d.name, hint: `${inLang(names.get(d.stage))} · ${money(d.amount, d.currency)}`, icon: 'board', path: '/deals?deal=' + d.id }));
}, { ko: '거래', en: 'Deals' });
