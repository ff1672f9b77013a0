// Connected sources: how each goes, what it can, when it is asked next.
import { html, api, go, inLang, load, num, reloadOn, t, useKeys, useTop, icon, Ago, Table } from '../web/kit.js';
import { Basis, broughtBy, Can, lastOf, lookAgain, mayConnect, Next, nextOf, SourceState, underWay, worst } from './sources_look.js';

export default {
  props: ['params', 'query'],
  setup() {
    const sources = load(signal => api.get('/social-sources', { signal }));
    reloadOn(sources, 'social');
    lookAgain(sources, () => sources.data?.sources.some(underWay));
    const kind = one => sources.data?.connectors.find(each => each.name === one.connector);
    const add = () => mayConnect() && go('/social/sources/connect');
    useKeys({ n: [add, 'src.add'] }, 'src.keys');
    useTop({ title: () => t('src.title'), tools: () => mayConnect() ? html`<button type="button" class="btn pri sm" @click=${add}>${icon('plus', 14)}${t('src.add')}</button>` : html`<span class="mut sm">${t('src.admin')}</span>` });
    const columns = () => [
      { key: 'name', title: t('src.name'), render: one => html`<a class="social-src-name" href=${'/social/sources/' + one.id}>${one.name}</a>` },
      { key: 'connector', title: t('src.kind'), cls: 'nowrap', value: one => inLang(kind(one)?.title ?? { ko: one.connector, en: one.connector }), render: one => html`<span class="row">${inLang(kind(one)?.title ?? { ko: one.connector, en: one.connector })}${kind(one)?.basis === 'terms_restricted' && html`<${Basis} of="terms_restricted" />`}</span>` },
      { key: 'state', title: t('src.state'), value: one => worst(one)?.failures ?? 0, render: one => html`<span title=${worst(one) ? inLang(worst(one).trouble.said ?? { ko: '', en: '' }) : null}><${SourceState} of=${one} /></span>` },
      { key: 'last', title: t('src.last'), value: one => lastOf(one, 'ok_at') ?? '', render: one => html`<${Ago} at=${lastOf(one, 'ok_at')} />` },
      { key: 'heard', title: t('src.heard'), value: one => lastOf(one, 'heard_at') ?? '', render: one => html`<${Ago} at=${lastOf(one, 'heard_at')} />` },
      { key: 'next', title: t('src.next'), value: one => nextOf(one) ?? '', render: one => html`<${Next} at=${nextOf(one)} />` },
      { key: 'brought', title: t('src.brought'), num: true, value: broughtBy, render: one => num(broughtBy(one)) },
      { key: 'can', title: t('src.can'), sort: false, render: one => html`<${Can} of=${kind(one)?.can ?? []} />` },
    ];
    const empty = () => ({ icon: 'globe', title: t('src.none'), body: t('src.nonebody'), action: mayConnect() ? { label: t('src.add'), run: add, icon: 'plus' } : undefined });
    return () => html`<div class="view fill"><${Table} label=${t('src.title')} columns=${columns()} rows=${sources.data?.sources} loading=${sources.loading} error=${sources.error} retry=${sources.reload}
      empty=${empty()} open=${one => go('/social/sources/' + one.id)} sort=${{ key: 'name', dir: 'asc' }} /></div>`;
  },
};
