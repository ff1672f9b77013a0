// Line items in Ctrl-K, by a list that is fetched at most once a minute.
import { api, fits, offer } from '../web/kit.js';
import { statusText } from './status.js';

let kept = null, keptAt = 0;
const items = async signal => {
  if (!kept || Date.now() - keptAt > 60_000) { kept = (await api.get('/line-items', { signal, quiet: true })).line_items; keptAt = Date.now(); }
  return kept;
};

offer('pacing', async (text, signal) => (await items(signal)).map(i => [fits(i.name, text), i]).filter(([rank]) => rank > 0).sort(([a], [b]) => b - a).slice(0, 6)
  .map(([, i]) => ({ title: i.name, hint: `${i.account_name} · ${statusText(i.status)}`, icon: 'gauge', path: '/pacing/' + i.id })), { ko: '라인아이템', en: 'Line items' });
