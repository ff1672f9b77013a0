// Routing: those that wait for a person, what is asked about at random, the rules, and what the router is worth.
import { api, html, load, percent, reloadOn, setQuery, t, Tabs, useTop } from '../web/kit.js';
import './words.js';
import './routing/words.js';
import { Queue } from './routing/queue.js';
import { Rules } from './routing/rules.js';
import { Worth } from './routing/worth.js';

const TABS = ['queue', 'sample', 'rules', 'worth'], MOST = 100;

export default {
  props: ['params', 'query'],
  setup(p) {
    const setup = load(signal => api.get('/mention-routing', { signal }), { keep: true });
    const waiting = load(signal => api.get('/mention-routing/waiting', { signal, query: { limit: MOST } }), { keep: true });
    const sample = load(signal => api.get('/mention-routing/waiting', { signal, query: { sample: true, limit: MOST } }), { keep: true });
    reloadOn(waiting, 'social'); reloadOn(sample, 'social');
    const at = () => TABS.includes(p.query.tab) ? p.query.tab : 'queue';
    const counted = list => { const n = list.data?.waiting.length ?? 0; return n >= MOST ? MOST + '+' : n || null; };
    useTop({ tools: () => html`<${Tabs} label=${t('route.rules')} value=${at()} change=${tab => setQuery({ tab: tab === 'queue' ? null : tab })} items=${[
      { value: 'queue', label: t('route.queue'), count: counted(waiting) }, { value: 'sample', label: t('route.sample'), count: counted(sample) },
      { value: 'rules', label: t('route.rules') }, { value: 'worth', label: t('route.worth') }]} />` });
    return () => {
      if (at() === 'rules') return html`<${Rules} setup=${setup} />`;
      if (at() === 'worth') return html`<${Worth} setup=${setup} />`;
      const asking = at() === 'sample';
      return html`<${Queue} key=${at()} list=${asking ? sample : waiting} sample=${asking} functions=${setup.data?.functions ?? {}} share=${percent(setup.data?.audit ?? 0.05, 0)} />`;
    };
  },
};
