// Advocacy: what colleagues may share in their own name, their own shares, and for managers stories, report and rules.
import { api, boot, html, icon, load, reloadOn, setQuery, t, Tabs, useTop } from '../web/kit.js';
import './words.js';
import './advocacy/words.js';
import { Feed } from './advocacy/feed.js';
import { Mine } from './advocacy/mine.js';
import { Stories } from './advocacy/stories.js';
import { Report } from './advocacy/report.js';
import { Rules } from './advocacy/rules.js';
import { openMe } from './advocacy/me.js';

const VIEWS = { feed: Feed, mine: Mine, stories: Stories, report: Report, rules: Rules };

export default {
  props: ['params', 'query'],
  setup(p) {
    const at = () => VIEWS[p.query.tab] ? p.query.tab : 'feed';
    const feed = load(signal => api.get('/advocacy/feed', { signal }), { keep: true });
    const waiting = load(signal => api.get('/advocacy/stories', { signal, query: { state: 'in_review' } }), { keep: true });
    reloadOn(feed, 'social'); reloadOn(waiting, 'social');
    const fresh = () => feed.data?.stories.filter(one => !one.mine.some(share => share.shared_at)).length || null;
    const items = () => ['feed', 'mine', 'stories', 'report', ...(['owner', 'admin'].includes(boot.me?.role) ? ['rules'] : [])]
      .map(value => ({ value, label: t('adv.' + value), count: value === 'feed' ? fresh() : value === 'stories' ? waiting.data?.stories.length || null : null }));
    useTop({ tools: () => html`<${Tabs} label=${t('adv.keys')} items=${items()} value=${at()} change=${tab => setQuery({ tab: tab === 'feed' ? null : tab, story: null, network: null, state: null })} />
      <button type="button" class="btn sm" @click=${openMe}>${icon('cog', 14)}${t('adv.me')}</button>` });
    return () => html`<${VIEWS[at()]} key=${at()} query=${p.query} feed=${feed} />`;
  },
};
