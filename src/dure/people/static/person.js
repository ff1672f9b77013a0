// Everything about one person: what is known, why these ids are one, and one line of all they did.
import { Ago, api, Avatar, dateTime, Empty, html, load, Loaded, Panel, ref, t, useTop } from '../web/kit.js';
import { TraitHistory } from './history.js';
import { Ids } from './ids.js';
import { rights } from './erase.js';
import { Timeline } from './timeline.js';
import { called, shortId, shown } from './words.js';

const EVERY = 3000;

export default {
  props: ['params', 'query'],
  setup(props) {
    const path = () => '/people/' + encodeURIComponent(props.params.id);
    const version = ref(0), regrouped = ref(0);
    const person = load(signal => api.get(path(), { signal }), { watch: () => props.params.id, keep: false });
    const identity = load(signal => api.get(path() + '/identity', { signal }), { watch: () => props.params.id });
    const entered = load(signal => api.get(path() + '/timeline', { signal, query: { event: ['Segment Entered', 'Segment Left'], limit: 200 } }), { watch: () => props.params.id });
    // The account's name, where the account is known by more than its id.
    const account = load(async signal => person.data?.account ? api.get('/customer-accounts/' + encodeURIComponent(person.data.account), { signal, quiet: true }).catch(() => null) : null, { watch: () => person.data?.account });
    // Links change rarely: look again when the person's events say so.
    const changed = answer => {
      version.value++;
      if (answer?.ids) { identity.set(answer); regrouped.value++; } else identity.reload({ quiet: true });
      person.reload({ quiet: true }); entered.reload({ quiet: true });
    };

    useTop({ title: () => html`<h1 class="row">${person.data && html`<${Avatar} name=${called(person.data)} seed=${person.data.id} size="s" />`}<span>${person.data ? called(person.data) : ''}</span></h1>`, tools: () => person.data && rights(person.data) });

    const traits = data => html`<dl class="facts">
      ${data.account && html`<dt>${t('people.account')}</dt><dd><a href=${'/accounts/' + encodeURIComponent(data.account)}>${account.data?.traits.name ?? data.account}</a></dd>`}
      ${data.first_seen && html`<dt>${t('people.first')}</dt><dd>${dateTime(data.first_seen)}</dd>`}
      ${data.last_seen && html`<dt>${t('people.last')}</dt><dd><${Ago} at=${data.last_seen} /></dd>`}
      ${Object.entries(data.traits).sort(([a], [b]) => a < b ? -1 : 1).map(([name, value]) => html`<dt key=${name}>${name}</dt><dd class="people-value">${shown(value)}</dd>`)}
    </dl>${!Object.keys(data.traits).length && html`<p class="mut sm">${t('people.notraits')}</p>`}`;
    // What was said last of each segment: that they entered it, or that they left.
    const inNow = data => {
      const last = new Map();
      for (const event of data.events) if (!last.has(event.object)) last.set(event.object, event);
      const held = [...last.values()].filter(event => event.event === 'Segment Entered');
      return held.length ? html`<p class="row wrap">${held.map(event => html`<a key=${event.object} class="tag" href=${'/segments/' + event.object}>${event.properties.name}</a>`)}</p>` : html`<p class="mut sm">${t('people.insegments')}</p>`;
    };

    const nobody = () => html`<div class="view fill"><${Empty} icon="people" title=${t('people.unknown')} body=${t('people.unknownbody', { id: props.params.id })} action=${{ label: t('people.focusfind'), href: '/people' }} /></div>`;
    return () => person.error?.code === 'not_found' && !person.data ? nobody() : html`<div class="view people-person">
      <div class="people-side"><${Panel} title=${t('people.traits')}><${Loaded} of=${person} skeleton="text" n=${6} show=${traits} /><//>
      <${Ids} path=${path()} identity=${identity} user=${person.data ? shortId(person.data) : ''} changed=${changed} />
      <${Panel} title=${t('people.segments')}><${Loaded} of=${entered} skeleton="text" n=${1} show=${inNow} /><//>
      <${TraitHistory} path=${path()} version=${version.value} /></div>
      <${Timeline} path=${path()} every=${EVERY} anew=${regrouped.value} changed=${changed} />
    </div>`;
  },
};
