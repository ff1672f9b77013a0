// Every campaign: whether it is on, who entered, what was sent and held back, who returned.
import { Ago, api, Badge, go, html, icon, inLang, load, num, percent, reloadOn, t, Table, toast, useTop } from '../web/kit.js';
import { KIND } from './words.js';

export default {
  props: ['params', 'query'],
  setup() {
    const found = load(async signal => {
      const { campaigns } = await api.get('/campaigns', { signal });
      const results = await Promise.all(campaigns.map(c => c.launched_at ? api.get(`/campaigns/${c.id}/result`, { signal }).catch(() => null) : null));
      return campaigns.map((campaign, i) => ({ ...campaign, result: results[i] }));
    });
    reloadOn(found, 'campaigns');
    const make = async () => { try { go('/campaigns/' + (await api.post('/campaigns', { ready: 'tried-and-left' })).id + '?tab=message'); } catch (error) { toast.error(error); } };
    useTop({ tools: () => html`<button class="btn sm pri" @click=${make}>${icon('plus', 14)} ${t('camp.new')}</button>` });
    const state = (c, ...names) => names.reduce((sum, name) => sum + (c.counts.states[name] ?? 0), 0);
    const rate = c => c.result?.treated.rate;
    const columns = () => [
      { key: 'name', title: t('camp.name'), value: c => inLang(c.design.name), render: c => html`<b class="cut">${inLang(c.design.name)}</b>` },
      { key: 'status', title: t('camp.status'), value: c => c.status, render: c => html`<${Badge} kind=${KIND[c.status]} text=${t('camp.' + c.status)} />` },
      { key: 'entered', title: t('camp.entered'), num: true, value: c => c.counts.entered, render: c => num(c.counts.entered) },
      { key: 'sent', title: t('camp.sent'), num: true, value: c => state(c, 'sent'), render: c => num(state(c, 'sent')) },
      { key: 'held', title: t('camp.held'), num: true, value: c => state(c, 'held'), render: c => num(state(c, 'held')) },
      { key: 'failed', title: t('camp.failed'), num: true, value: c => state(c, 'failed', 'unknown'), render: c => num(state(c, 'failed', 'unknown')) },
      { key: 'returned', title: t('camp.returned'), num: true, value: c => rate(c) ?? -1, render: c => rate(c) == null ? '–' : html`<span title=${inLang(c.result.sentence)}>${percent(rate(c))} <span class="mut">/ ${percent(c.result.control.rate)}</span></span>` },
      { key: 'launched_at', title: t('camp.since'), value: c => c.launched_at ?? '', render: c => html`<${Ago} at=${c.launched_at} />` },
    ];
    return () => html`<div class="view fill"><${Table} label=${t('camp.name')} columns=${columns()} rows=${found.data} loading=${found.loading} error=${found.error} retry=${found.reload}
      empty=${{ icon: 'mega', title: t('camp.none'), body: t('camp.nonebody'), action: { label: t('camp.new'), run: make } }} open=${c => go('/campaigns/' + c.id)} /></div>`;
  },
};
