// Every demand test: its question, whom it asked, what came of it.
import { Ago, api, Badge, go, html, icon, inLang, load, num, reloadOn, t, Table, useKeys, useTop } from '../web/kit.js';
import { KIND, stateOf } from './demand_words.js';

export default {
  props: ['params', 'query'],
  setup() {
    const found = load(async signal => (await api.get('/demand-tests', { signal })).tests);
    reloadOn(found, 'campaigns');
    const make = () => go('/demand-tests/new');
    useKeys({ n: [make, 'demand.new'] }, 'demand.question');
    useTop({ tools: () => html`<button class="btn sm pri" title="N" @click=${make}>${icon('plus', 14)} ${t('demand.new')}</button>` });
    const columns = () => [
      { key: 'question', title: t('demand.question'), value: d => inLang(d.question), render: d => html`<b class="cut">${inLang(d.question)}</b>` },
      { key: 'status', title: t('demand.status'), value: d => stateOf(d), render: d => html`<${Badge} kind=${KIND[stateOf(d)]} text=${t('demand.' + stateOf(d))} />` },
      { key: 'people', title: t('demand.people'), num: true, value: d => d.counts.entered, render: d => num(d.counts.entered) },
      { key: 'sent', title: t('demand.sent'), num: true, value: d => d.counts.states.sent ?? 0, render: d => num(d.counts.states.sent ?? 0) },
      { key: 'channel', title: t('demand.channel'), value: d => t('demand.' + d.channel), cls: 'mut' },
      { key: 'launched_at', title: t('demand.since'), value: d => d.launched_at ?? '', render: d => d.launched_at ? html`<${Ago} at=${d.launched_at} />` : '–' },
    ];
    return () => html`<div class="view fill"><${Table} label=${t('demand.question')} columns=${columns()} rows=${found.data} loading=${found.loading} error=${found.error} retry=${found.reload}
      empty=${{ icon: 'target', title: t('demand.none'), body: t('demand.nonebody'), action: { label: t('demand.new'), run: make } }} open=${d => go('/demand-tests/' + d.id)} /></div>`;
  },
};
