// Finding somebody: without a text, who was here last.
import { action, Ago, api, Avatar, go, html, load, ref, setQuery, t, Table, toast, useKeys, useTop, watch } from '../web/kit.js';
import { called } from './words.js';

const PAGE = 100;

export default {
  props: ['params', 'query'],
  setup(props) {
    const text = ref(props.query.q ?? ''), field = ref(), further = ref([]), hasMore = ref(false);
    const ask = (signal, offset) => api.get('/people', { signal, query: { q: props.query.q, limit: PAGE, offset } });
    const found = load(signal => ask(signal, 0), { watch: () => props.query.q, keep: true });
    watch(() => found.data, data => { further.value = []; hasMore.value = !!data?.more; });
    const more = action(async () => {
      const answer = await ask(undefined, found.data.people.length + further.value.length), here = new Set(found.data.people.map(p => p.id));
      further.value = [...further.value, ...answer.people.filter(p => !here.has(p.id))]; hasMore.value = answer.more;
    }, { failed: toast.error });
    let timer;
    watch(text, value => { clearTimeout(timer); timer = setTimeout(() => setQuery({ q: value.trim() || null }), 180); });

    useKeys({ '/': [() => field.value?.focus(), 'people.focusfind'] }, 'people.keys');
    useTop({
      tools: () => html`<input ref=${field} type="search" class="input sm people-find" aria-label=${t('people.find')} placeholder=${t('people.find')} value=${text.value} onInput=${e => { text.value = e.target.value; }} />`,
    });
    const columns = () => [
      { key: 'name', title: t('people.name'), value: called, render: p => html`<span class="row"><${Avatar} name=${called(p)} seed=${p.id} size="s" /><span class="cut">${called(p)}</span></span>` },
      ...(props.query.q ? [{ key: 'matched', title: t('people.matched'), sort: false, render: p => html`<span class="row">${(p.matched ?? []).map(m => html`<span key=${m.by + m.value} class="tag" title=${m.value}>${m.by === 'id' ? t('people.id') : m.by} ${m.by === 'name' || m.by === 'email' ? '' : m.value}</span>`)}</span>` }] : []),
      { key: 'email', title: t('people.email'), value: p => p.traits.email, cls: 'mut' },
      { key: 'plan', title: t('people.plan'), value: p => p.traits.plan },
      { key: 'country', title: t('people.country'), value: p => p.traits.country },
      { key: 'account', title: t('people.account'), cls: 'mut', render: p => p.account ? html`<a href=${'/accounts/' + encodeURIComponent(p.account)}>${p.account}</a>` : '' },
      { key: 'ids', title: t('people.ids'), num: true, value: p => p.distinct_ids.length },
      { key: 'last_seen', title: t('people.last'), sort: p => p.last_seen ?? '', render: p => p.last_seen ? html`<${Ago} at=${p.last_seen} />` : '–' },
    ];
    const empty = () => props.query.q
      ? { icon: 'people', title: t('people.none'), body: t('people.nonebody') }
      : { icon: 'people', title: t('people.nobody'), body: t('people.nobodybody'), action: { label: t('people.sources'), href: '/sources' } };
    return () => html`<div class="view fill">
      <p class="people-note mut sm">${!found.error && found.data?.known != null ? `${t('people.known', { n: found.data.known })} · ${t('people.recent')}` : t('people.nonebody')}</p>
      <${Table} label=${t('people.name')} columns=${columns()} rows=${found.error ? null : found.data && [...found.data.people, ...further.value]} loading=${found.loading} error=${found.error} retry=${found.reload} empty=${empty()}
        hasMore=${hasMore.value && !found.error} more=${() => more.run()} loadingMore=${more.busy} open=${p => go('/people/' + p.id)} />
    </div>`;
  },
};
