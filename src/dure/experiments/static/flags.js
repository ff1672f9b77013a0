// Every feature flag: whether it is on, what it gives and to whom.
import { Ago, api, askForm, Badge, go, html, icon, inLang, load, percent, reloadOn, t, Table, useTop } from '../web/kit.js';
import './words.js';

export default {
  props: ['params', 'query'],
  setup() {
    const found = load(async signal => (await api.get('/flags', { signal })).flags);
    reloadOn(found, 'experiments');
    const make = async () => {
      const experiments = (await api.get('/experiments')).experiments.filter(e => e.state !== 'decided');
      const made = await askForm({
        title: t('flag.new'), submitLabel: t('flag.new'),
        fields: [{ name: 'key', label: t('flag.key'), hint: t('flag.keyhint'), required: true, autofocus: true }, { name: 'experiment', label: t('flag.experiment'), hint: t('flag.experimenthint'), type: 'select', placeholder: t('flag.noexperiment'), options: experiments.map(e => ({ value: e.id, label: inLang(e.design.name) })) }],
        submit: v => api.post('/flags', { key: v.key, design: v.experiment ? { experiment: v.experiment } : { active: false } }),
      });
      if (made) go('/feature-flags/' + made.key);
    };
    useTop({ tools: () => html`<button class="btn sm pri" @click=${make}>${icon('plus', 14)} ${t('flag.new')}</button>` });
    const values = f => f.design.experiment ? t('flag.experiment') : f.design.variants.length ? f.design.variants.map(v => `${v.name} ${percent(v.share, 0)}`).join(' · ') : t('flag.bool');
    const whom = f => f.design.experiment ? '' : f.design.conditions.length === 1 && !f.design.conditions[0].where.length && !f.design.conditions[0].segment
      ? f.design.conditions[0].rollout >= 1 ? t('flag.everyone') : percent(f.design.conditions[0].rollout, 0) : t('flag.conds', { n: f.design.conditions.length });
    const columns = () => [
      { key: 'key', title: t('flag.key'), value: f => f.key, render: f => html`<span class="row"><code><b>${f.key}</b></code><span class="cut mut">${inLang(f.design.name ?? {})}</span></span>` },
      { key: 'active', title: t('exp.state'), value: f => String(f.design.active), render: f => html`<${Badge} kind=${f.design.active ? 'ok' : ''} text=${t(f.design.active ? 'flag.on' : 'flag.off')} />` },
      { key: 'values', title: t('flag.kind'), value: values, cls: 'mut' }, { key: 'whom', title: t('flag.who'), value: whom, cls: 'mut' },
      { key: 'version', title: t('flag.version'), num: true, value: f => f.version }, { key: 'changed_at', title: t('flag.changed'), value: f => f.changed_at, render: f => html`<${Ago} at=${f.changed_at} />` },
    ];
    return () => html`<div class="view fill"><${Table} label=${t('flag.key')} columns=${columns()} rows=${found.data} rowKey="key" loading=${found.loading} error=${found.error} retry=${found.reload}
      empty=${{ icon: 'flag', title: t('flag.none'), body: t('flag.nonebody'), action: { label: t('flag.new'), run: make } }} open=${f => go('/feature-flags/' + f.key)} /></div>`;
  },
};
