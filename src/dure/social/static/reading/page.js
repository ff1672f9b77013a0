// The reader: how well mentions are read, what people taught it, and the names it listens for.
import { html, setQuery, t, Tabs, useTop } from '../../web/kit.js';
import './words.js';
import { Card } from './card.js';
import { Judge } from './judge.js';
import { Names } from './names.js';

const TABS = { card: Card, judge: Judge, names: Names };

export default {
  props: ['params', 'query'],
  setup(p) {
    useTop({ tools: () => html`<a class="btn ghost sm" href="/social">${t('reading.back')}</a>` });
    const at = () => TABS[p.query.tab] ? p.query.tab : 'card';
    return () => html`<div class="view pad reading"><${Tabs} label=${t('reading.title')} value=${at()} change=${tab => setQuery({ tab: tab === 'card' ? null : tab })}
      items=${Object.keys(TABS).map(value => ({ value, label: t('reading.tab.' + value) }))} /><${TABS[at()]} key=${at()} /></div>`;
  },
};
