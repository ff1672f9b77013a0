// Events in: where they come from, what was refused, what they should look like, which names wait, what is kept of them.
import { api, html, load, setQuery, t, Tabs, useKeys, useTop } from '../web/kit.js';
import Names from './names.js';
import Plan from './plan.js';
import Privacy from './privacy.js';
import Rejects from './rejects.js';
import Sources from './source_list.js';
import './words.js';

const TABS = { sources: Sources, rejects: Rejects, plan: Plan, names: Names, privacy: Privacy };

export default {
  props: ['params', 'query'],
  setup(props) {
    const rejects = load(signal => api.get('/rejects', { signal })), names = load(signal => api.get('/event-names', { signal, query: { state: 'waiting' } }));
    const now = () => TABS[props.query.tab] ? props.query.tab : 'sources';
    const open = tab => setQuery({ tab: tab === 'sources' ? null : tab, source: null, reason: null, days: null, event: null }, { replace: false });
    const counts = () => ({ rejects: rejects.data?.total || null, names: names.data?.names.length || null });
    useKeys(Object.fromEntries(Object.keys(TABS).map((tab, i) => [String(i + 1), [() => open(tab), 'sources.' + tab]])), 'sources.tabs');
    useTop({ tools: () => html`<${Tabs} label=${t('sources.tabs')} value=${now()} change=${open} items=${Object.keys(TABS).map(tab => ({ value: tab, label: t('sources.' + tab), count: counts()[tab] }))} />` });
    return () => html`<${TABS[now()]} key=${now()} query=${props.query} changed=${() => { names.reload({ quiet: true }); rejects.reload({ quiet: true }); }} />`;
  },
};
