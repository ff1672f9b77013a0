// Finding an account: the companies, households and teams that people belong to.
import { Ago, api, Avatar, action, go, html, load, ref, setQuery, t, Table, toast, useKeys, useTop, watch } from '../web/kit.js';
import { shown } from './words.js';

const PAGE = 100;

export default {
  props: ['params', 'query'],
  setup(props) {
    const text = ref(props.query.q ?? ''), field = ref(), further = ref([]), hasMore = ref(false);
    const ask = (signal, offset) => api.get('/customer-accounts', { signal, query: { q: props.query.q, limit: PAGE, offset } });
    const found = load(signal => ask(signal, 0), { watch: () => props.query.q, keep: true });
    watch(() => found.data, data => { further.value = []; hasMore.value = !!data?.more; });
    const more = action(async () => {
      const answer = await ask(undefined, found.data.accounts.length + further.value.length);
      further.value = [...further.value, ...answer.accounts]; hasMore.value = answer.more;
    }, { failed: toast.error });
    let timer;
    watch(text, value => { clearTimeout(timer); timer = setTimeout(() => setQuery({ q: value.trim() || null }), 180); });
    useKeys({ '/': [() => field.value?.focus(), 'people.focusfind'] }, 'people.keys');
    useTop({
      tools: () => html`<input ref=${field} type="search" class="input sm people-find" aria-label=${t('people.accounts.find')} placeholder=${t('people.accounts.find')} value=${text.value} onInput=${e => { text.value = e.target.value; }} />`,
    });
    const columns = () => [
      { key: 'name', title: t('people.name'), value: a => a.traits.name ?? a.id, render: a => html`<span class="row"><${Avatar} name=${String(a.traits.name ?? a.id)} seed=${a.id} size="s" /><span class="cut">${a.traits.name ?? a.id}</span></span>` },
      { key: 'id', title: t('people.id'), cls: 'mut mono' },
      { key: 'traits', title: t('people.accounts.traits'), sort: false, cls: 'mut', value: a => Object.entries(a.traits).filter(([name]) => name !== 'name').slice(0, 4).map(([name, value]) => `${name} ${shown(value)}`).join(' · ') },
      { key: 'people', title: t('people.accounts.people'), num: true },
      { key: 'first_seen', title: t('people.first'), value: a => a.first_seen, render: a => html`<${Ago} at=${a.first_seen} />` },
      { key: 'changed_at', title: t('people.accounts.changed'), value: a => a.changed_at, render: a => html`<${Ago} at=${a.changed_at} />` },
    ];
    const empty = () => props.query.q
      ? { icon: 'building', title: t('people.accounts.none'), body: t('people.accounts.nonebody') }
      : { icon: 'building', title: t('people.accounts.nobody'), body: t('people.accounts.nobodybody'), action: { label: t('people.sources'), href: '/sources' } };
    return () => html`<div class="view fill"><${Table} label=${t('people.account')} columns=${columns()} rows=${found.error ? null : found.data && [...found.data.accounts, ...further.value]} loading=${found.loading} error=${found.error} retry=${found.reload} empty=${empty()}
      hasMore=${hasMore.value && !found.error} more=${() => more.run()} loadingMore=${more.busy} open=${a => go('/accounts/' + encodeURIComponent(a.id))} /></div>`;
  },
};
