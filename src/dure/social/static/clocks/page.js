// Response times: the care report, whether customers were satisfied, and what is promised to whom.
import { html, setQuery, t, Tabs, useTop } from '../../web/kit.js';
import './words.js';
import { Policies } from './policies.js';
import { Report } from './report.js';
import { Surveys } from './surveys.js';

const TABS = { report: Report, surveys: Surveys, policies: Policies };

export default {
  props: ['params', 'query'],
  setup(p) {
    const at = () => p.query.tab in TABS ? p.query.tab : 'report';
    useTop({ tools: () => html`<${Tabs} label=${t('clock.heading')} value=${at()} change=${tab => setQuery({ tab: tab === 'report' ? null : tab })} items=${Object.keys(TABS).map(value => ({ value, label: t('clock.' + value) }))} />` });
    return () => html`<div class="view pad"><${TABS[at()]} key=${at()} query=${p.query} /></div>`;
  },
};
