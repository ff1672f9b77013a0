// One account: what is known of it, its people, and one line of what they did and what became of its deals.
import { Ago, api, Avatar, dateTime, go, html, load, Loaded, Panel, ref, reloadOn, t, Table, useTop } from '../web/kit.js';
import { TraitHistory } from './history.js';
import { Timeline } from './timeline.js';
import { called, shortId, shown } from './words.js';

const EVERY = 5000;

export default {
  props: ['params', 'query'],
  setup(props) {
    const path = () => '/customer-accounts/' + encodeURIComponent(props.params.id), version = ref(0);
    const account = load(signal => api.get(path(), { signal }), { watch: () => props.params.id });
    const people = load(signal => api.get(path() + '/people', { signal, query: { limit: 200 } }), { watch: () => props.params.id });
    const changed = () => { version.value++; account.reload({ quiet: true }); people.reload({ quiet: true }); };
    reloadOn(people, 'people');
    const name = () => String(account.data?.traits.name ?? account.data?.id ?? '');
    useTop({ title: () => html`<h1 class="row">${account.data && html`<${Avatar} name=${name()} seed=${account.data.id} size="s" />`}<span>${name()}</span></h1>` });
    const traits = data => html`<dl class="facts"><dt>${t('people.id')}</dt><dd><code class="mono">${data.id}</code></dd>
      <dt>${t('people.accounts.people')}</dt><dd class="num">${data.people}</dd><dt>${t('people.first')}</dt><dd>${dateTime(data.first_seen)}</dd><dt>${t('people.accounts.changed')}</dt><dd><${Ago} at=${data.changed_at} /></dd>
      ${Object.entries(data.traits).sort(([a], [b]) => a < b ? -1 : 1).map(([name, value]) => html`<dt key=${name}>${name}</dt><dd class="people-value">${shown(value)}</dd>`)}</dl>`;
    const columns = () => [
      { key: 'name', title: t('people.name'), value: called, render: p => html`<span class="row"><${Avatar} name=${called(p)} seed=${p.id} size="s" /><span class="cut">${called(p)}</span></span>` },
      { key: 'id', title: t('people.id'), value: shortId, cls: 'mut mono' },
    ];
    return () => html`<div class="view people-person">
      <div class="people-side"><${Panel} title=${t('people.traits')}><${Loaded} of=${account} skeleton="text" n=${5} show=${traits} /><//>
      <${Panel} title=${t('people.accounts.members')} flush=${true}><${Table} label=${t('people.accounts.members')} columns=${columns()} rows=${people.data?.people} loading=${people.loading} error=${people.error} retry=${people.reload}
        empty=${{ icon: 'people', title: t('people.accounts.nomembers') }} open=${p => go('/people/' + p.id)} page=${12} /><//>
      <${TraitHistory} path=${path()} version=${version.value} /></div>
      <${Timeline} path=${path()} every=${EVERY} changed=${changed} whose=${true} />
    </div>`;
  },
};
