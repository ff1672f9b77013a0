// The rules a segment had, newest first.
import { Ago, api, html, inLang, load, t, Table } from '../../web/kit.js';
import { withNames } from '../builder/names.js';

export const Rules = {
  props: ['segment'],
  setup(p) {
    const found = load(signal => api.get(`/segments/${p.segment.id}/rules`, { signal }));
    const people = load(signal => api.get('/users', { signal, quiet: true }).then(all => all.users, () => []));
    const by = id => people.data?.find(one => one.id === id)?.name ?? id;
    const columns = () => [
      { key: 'at', title: t('seg.from'), sort: false, cls: 'nowrap', render: r => html`<${Ago} at=${r.at} />` },
      { key: 'words', title: t('seg.rule'), sort: false, render: r => withNames(inLang(r.words)) },
      { key: 'by', title: t('seg.by'), sort: false, cls: 'mut nowrap', value: r => by(r.by) },
    ];
    return () => html`<${Table} label=${t('seg.rules')} columns=${columns()} rows=${found.data?.rules} rowKey="at" loading=${found.loading} error=${found.error} retry=${found.reload} empty=${{ icon: 'clock', title: t('seg.norules') }} />`;
  },
};
