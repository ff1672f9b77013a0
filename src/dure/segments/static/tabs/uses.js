// What is made of this segment: changing it changes them.
import { api, Badge, go, html, load, t, Table } from '../../web/kit.js';
import { useOf, usesOf } from '../uses.js';

export const Uses = {
  props: ['segment'],
  setup(p) {
    const segments = load(signal => api.get('/segments', { signal })), campaigns = useOf();
    const columns = () => [
      { key: 'name', title: t('seg.name'), value: one => one.name, render: one => html`<a href=${one.path}>${one.name}</a>` },
      { key: 'kind', title: t('seg.kind'), value: one => one.kind, render: one => html`<span class="row">${t('seg.k.' + one.kind)}${one.state && html`<${Badge} text=${one.state} />`}</span>` },
    ];
    return () => html`<${Table} label=${t('seg.uses')} columns=${columns()} rows=${segments.data && usesOf(p.segment, segments.data.segments, campaigns.data)} loading=${segments.loading} error=${segments.error} retry=${segments.reload}
      empty=${{ icon: 'link', title: t('seg.nouses'), body: t('seg.nousesbody') }} open=${one => go(one.path)} />`;
  },
};
