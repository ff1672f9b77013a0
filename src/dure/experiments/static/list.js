// Every experiment: how far it has come and what its newest look said.
import { Ago, api, Badge, go, html, icon, inLang, load, reloadOn, t, Table, useKeys, useTop } from '../web/kit.js';
import { metricName, TONE } from './words.js';

const DAY = 86400000;
export const daysOf = (e, at = new Date().toISOString()) => e.started_at ? Math.floor((Date.parse(e.stopped_at ?? at) - Date.parse(e.started_at)) / DAY) + 1 : null;

export default {
  props: ['params', 'query'],
  setup() {
    const found = load(async signal => (await api.get('/experiments', { signal })).experiments);
    reloadOn(found, 'experiments');
    const make = () => go('/experiments/new');
    useKeys({ n: [make, 'exp.new'] }, 'exp.name');
    useTop({ tools: () => html`<button class="btn sm pri" title="N" @click=${make}>${icon('plus', 14)} ${t('exp.new')}</button>` });
    const goal = e => e.design.metrics.find(m => m.role === 'goal');
    const columns = () => [
      { key: 'name', title: t('exp.name'), cls: 'short', value: e => inLang(e.design.name), render: e => html`<b class="cut">${inLang(e.design.name)}</b>` },
      { key: 'state', title: t('exp.state'), value: e => e.state, render: e => html`<${Badge} kind=${TONE[e.state]} text=${t('exp.s.' + e.state)} />` },
      { key: 'days', title: t('exp.days'), num: true, value: e => daysOf(e) ?? 0, render: e => daysOf(e) ? t('exp.daysn', { n: daysOf(e) }) : '–' },
      { key: 'verdict', title: t('exp.verdict'), value: e => e.verdict, render: e => e.decision ? html`<span class="row"><${Badge} kind="info" text=${e.decision.arm} /><span class="cut mut">${e.decision.why}</span></span>` : e.verdict ? html`<${Badge} kind=${TONE[e.verdict]} text=${t('exp.v.' + e.verdict)} />` : html`<span class="mut">–</span>` },
      { key: 'goal', title: t('exp.goal'), value: e => goal(e) ? metricName(goal(e)) : '', cls: 'mut rest', render: e => html`<span class="cut">${goal(e) ? metricName(goal(e)) : ''}</span>` },
      { key: 'created_at', title: t('exp.made'), value: e => e.created_at, render: e => html`<${Ago} at=${e.created_at} />` },
    ];
    return () => html`<div class="view fill"><${Table} label=${t('exp.name')} columns=${columns()} rows=${found.data} loading=${found.loading} error=${found.error} retry=${found.reload}
      empty=${{ icon: 'trend', title: t('exp.none'), body: t('exp.nonebody'), action: { label: t('exp.new'), run: make } }} open=${e => go('/experiments/' + e.id)} /></div>`;
  },
};
