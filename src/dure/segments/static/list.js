// Every segment: how many are in it, how that changed and went, what uses it, and its rule in words.
import { Ago, api, Badge, computed, go, html, inLang, load, Menu, num, ref, reloadOn, signed, Spark, t, Table, useKeys, useTop } from '../web/kit.js';
import { withNames, campaignNames } from './builder/names.js';
import { useOf, usesOf } from './uses.js';
import './words.js';

// The change over the last day; null for one that was not computed a day ago.
export const changeOf = segment => segment.day_ago != null && segment.size != null ? segment.size - segment.day_ago : null;

// The rule in words; a list that stages or a score fill has none of its own, and no hand fills it.
export const ruleSaid = one => one.filled?.startsWith('stage:') ? t('seg.bystages') : one.filled?.startsWith('score:') ? t('seg.byscore') : withNames(inLang(one.words));

export default {
  props: ['params', 'query'],
  setup() {
    const found = load(signal => api.get('/segments', { signal })), campaigns = useOf(), text = ref('');
    reloadOn(found, 'segments');
    campaignNames();
    const make = () => go('/segments/new');
    useKeys({ n: [make, 'seg.new'] }, 'seg.people');
    useTop({ tools: () => html`<input class="input seg-find" type="search" aria-label=${t('seg.find')} placeholder=${t('seg.find')} value=${text.value} @input=${e => { text.value = e.target.value; }} />
      <${Menu} cls="btn sm pri" text=${t('seg.new')} label=${t('seg.new')} items=${[{ label: t('sb.byrule'), icon: 'filter', run: make }, { label: t('seg.byhand'), icon: 'people', run: () => go('/segments/new?by=hand') }]} />` });
    const rows = computed(() => {
      const wanted = text.value.trim().toLowerCase(), all = found.data?.segments;
      return wanted ? all?.filter(s => [inLang(s.name), ruleSaid(s), inLang(s.about)].some(one => one.toLowerCase().includes(wanted))) : all;
    });
    const columns = () => [
      { key: 'name', title: t('seg.name'), cls: 'short', value: s => inLang(s.name), render: s => html`<span class="row"><b class="cut">${inLang(s.name)}</b>${s.built_in && html`<span class="tag">${t('seg.builtin')}</span>`}${s.rule.kind === 'listed' && !s.filled && html`<span class="tag">${t('seg.list')}</span>`}</span>` },
      { key: 'size', title: t('seg.size'), num: true, value: s => s.size, render: s => s.size == null ? html`<${Badge} text=${t('seg.never')} />` : num(s.size) },
      { key: 'change', title: t('seg.change'), num: true, value: changeOf, render: s => { const by = changeOf(s); return by ? html`<span class="nowrap">${signed(by)}</span>` : html`<span class="mut">–</span>`; } },
      { key: 'trend', title: t('seg.trend'), sort: false, cls: 'roomy', render: s => s.sizes.length > 1 ? html`<${Spark} label=${inLang(s.name)} values=${s.sizes.map(one => one.size)} area=${true} />` : html`<span class="mut">–</span>` },
      { key: 'uses', title: t('seg.uses'), num: true, value: s => usesOf(s, found.data?.segments ?? [], campaigns.data).length, render: s => { const n = usesOf(s, found.data.segments, campaigns.data).length; return n ? num(n) : html`<span class="mut">–</span>`; } },
      { key: 'rule', title: t('seg.rule'), sort: false, cls: 'mut rest', render: s => html`<span class="cut" title=${ruleSaid(s)}>${ruleSaid(s)}</span>` },
      { key: 'computed_at', title: t('seg.computed'), cls: 'nowrap', sort: s => s.computed_at ?? '', render: s => s.computed_at ? html`<${Ago} at=${s.computed_at} />` : '–' },
    ];
    return () => html`<div class="view fill"><${Table} label=${t('seg.people')} columns=${columns()} rows=${rows.value} loading=${found.loading} error=${found.error} retry=${found.reload}
      empty=${text.value ? { icon: 'find', title: t('seg.nofind') } : { icon: 'segment', title: t('seg.none'), body: t('seg.nonebody'), action: { label: t('seg.new'), run: make } }} open=${s => go('/segments/' + s.id)} /></div>`;
  },
};
