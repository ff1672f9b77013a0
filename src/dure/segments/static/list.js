// Every segment: how many are in it, how that went, and its rule in words.
import { Ago, api, Badge, go, html, icon, inLang, load, num, openDialog, reloadOn, Spark, t, Table, useTop } from '../web/kit.js';
import { Builder } from './builder.js';
import './words.js';

export default {
  props: ['params', 'query'],
  setup() {
    const found = load(signal => api.get('/segments', { signal }));
    reloadOn(found, 'segments');
    const make = async () => { const made = await openDialog(Builder); if (made) go('/segments/' + made.id); };
    useTop({ tools: () => html`<button class="btn sm pri" @click=${make}>${icon('plus', 14)} ${t('seg.new')}</button>` });
    const columns = () => [
      { key: 'name', title: t('seg.name'), value: s => inLang(s.name), render: s => html`<span class="row"><b class="cut">${inLang(s.name)}</b>${s.built_in && html`<span class="tag">${t('seg.builtin')}</span>`}</span>` },
      { key: 'size', title: t('seg.size'), num: true, value: s => s.size, render: s => s.size == null ? html`<${Badge} text=${t('seg.never')} />` : num(s.size) },
      { key: 'trend', title: t('seg.trend'), sort: false, render: s => s.sizes.length > 1 ? html`<${Spark} label=${inLang(s.name)} values=${s.sizes.map(one => one.size)} area=${true} />` : html`<span class="mut">–</span>` },
      { key: 'rule', title: t('seg.rule'), sort: false, cls: 'mut', render: s => html`<span class="cut" title=${inLang(s.words)}>${inLang(s.words)}</span>` },
      { key: 'computed_at', title: t('seg.computed'), sort: s => s.computed_at ?? '', render: s => s.computed_at ? html`<${Ago} at=${s.computed_at} />` : '–' },
    ];
    return () => html`<div class="view fill"><${Table} label=${t('seg.people')} columns=${columns()} rows=${found.data?.segments} loading=${found.loading} error=${found.error} retry=${found.reload}
      empty=${{ icon: 'segment', title: t('seg.none'), body: t('seg.nonebody'), action: { label: t('seg.new'), run: make } }} open=${s => go('/segments/' + s.id)} /></div>`;
  },
};
