// Finding somebody: without a text, who was here last.
import { Ago, api, Avatar, go, html, load, ref, setQuery, t, Table, useTop, watch } from '../web/kit.js';
import { called } from './words.js';

export default {
  props: ['params', 'query'],
  setup(props) {
    const text = ref(props.query.q ?? '');
    const found = load(signal => api.get('/people', { signal, query: { q: props.query.q, limit: 100 } }), { watch: () => props.query.q, keep: true });
    let timer;
    watch(text, value => { clearTimeout(timer); timer = setTimeout(() => setQuery({ q: value.trim() || null }), 180); });

    useTop({
      tools: () => html`<input type="search" class="input sm people-find" aria-label=${t('people.find')} placeholder=${t('people.find')} value=${text.value} onInput=${e => { text.value = e.target.value; }} />`,
    });
    const columns = () => [
      { key: 'name', title: t('people.name'), value: called, render: p => html`<span class="row"><${Avatar} name=${called(p)} seed=${p.id} size="s" /><span class="cut">${called(p)}</span></span>` },
      { key: 'email', title: t('people.email'), value: p => p.traits.email, cls: 'mut' },
      { key: 'plan', title: t('people.plan'), value: p => p.traits.plan },
      { key: 'country', title: t('people.country'), value: p => p.traits.country },
      { key: 'account', title: t('people.account'), cls: 'mut' },
      { key: 'ids', title: t('people.ids'), num: true, value: p => p.distinct_ids.length },
      { key: 'last_seen', title: t('people.last'), sort: p => p.last_seen ?? '', render: p => p.last_seen ? html`<${Ago} at=${p.last_seen} />` : '–' },
    ];
    const empty = () => props.query.q
      ? { icon: 'people', title: t('people.none'), body: t('people.nonebody') }
      : { icon: 'people', title: t('people.nobody'), body: t('people.nobodybody'), action: { label: t('people.sources'), href: '/sources' } };
    return () => html`<div class="view fill">
      <p class="people-note mut sm">${found.data ? `${t('people.known', { n: found.data.known })}${props.query.q ? '' : ' · ' + t('people.recent')}` : ' '}</p>
      <${Table} label=${t('people.name')} columns=${columns()} rows=${found.data?.people} loading=${found.loading} error=${found.error} retry=${found.reload} empty=${empty()} open=${p => go('/people/' + p.id)} />
    </div>`;
  },
};
