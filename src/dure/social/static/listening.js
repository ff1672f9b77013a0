// The listening board: a query is tried at the top; saved ones, shares of voice, spikes and the effect lie below.
import { api, html, load, ref, reloadOn, setQuery, t, Tabs, useKeys, useTop, watch } from '../web/kit.js';
import './listening_words.js';
import { Try } from './listening_try.js';
import { Queries } from './listening_queries.js';
import { Share } from './listening_share.js';
import { Spikes } from './listening_spikes.js';
import { Effect } from './listening_effect.js';

const TABS = { queries: Queries, share: Share, spikes: Spikes, effect: Effect }, SPANS = [7, 30, 90, 365];

export default {
  props: ['params', 'query'],
  setup(p) {
    const days = () => SPANS.includes(Number(p.query.days)) ? Number(p.query.days) : 30, tab = () => TABS[p.query.tab] ? p.query.tab : 'queries';
    const saved = load(signal => api.get('/listening/queries', { signal })), board = load(signal => api.get('/listening/board', { signal, query: { days: days() } }), { watch: () => p.query.days, keep: true });
    const spikes = load(signal => api.get('/spikes', { signal }));
    reloadOn(saved, 'social'); reloadOn(spikes, 'social');
    const chosen = () => saved.data?.queries.find(one => one.id === p.query.query);
    const trying = ref(null);
    const changed = () => { saved.reload({ quiet: true }); board.reload({ quiet: true }); };
    // While labels are put on the past, the table says how far they are.
    watch(() => saved.data, data => { if (data?.leaving.length || data?.queries.some(one => ['clear', 'apply'].includes(one.history))) setTimeout(() => saved.reload({ quiet: true }), 2000); });
    useKeys({ '/': [() => trying.value?.focus(), () => t('hear.keytry')], 'shift+s': [() => trying.value?.save(), () => t('hear.keysave')] }, 'hear.keys');
    useTop({ tools: () => html`<span class="seg" role="group" aria-label=${t('hear.period')}>${SPANS.map(n => html`<button type="button" key=${n} aria-pressed=${String(days() === n)} @click=${() => setQuery({ days: n === 30 ? null : n })}>${t('hear.days', { n })}</button>`)}</span>` });
    const on = () => spikes.data?.spikes.filter(one => one.state === 'on').length || null;
    const tabs = () => Object.keys(TABS).map(value => ({ value, label: t('hear.' + value), count: value === 'queries' ? saved.data?.queries.length : value === 'spikes' ? on() : null }));
    return () => html`<div class="view hear"><${Try} ref=${trying} saved=${saved.data?.queries} chosen=${chosen()} days=${days()} changed=${changed} />
      <${Tabs} label=${t('hear.tabs')} items=${tabs()} value=${tab()} change=${value => setQuery({ tab: value === 'queries' ? null : value })} />
      <${TABS[tab()]} saved=${saved} board=${board} spikes=${spikes} days=${days()} chosen=${chosen()} changed=${changed} /></div>`;
  },
};
