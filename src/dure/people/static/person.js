// Everything about one person: what is known, why these ids are one, and one line of all they did.
import { Ago, api, Avatar, Badge, dateTime, html, load, Loaded, Panel, t, useTop } from '../web/kit.js';
import { rights } from './erase.js';
import { Timeline } from './timeline.js';
import { called } from './words.js';

const EVERY = 3000;

export default {
  props: ['params', 'query'],
  setup(props) {
    const path = () => '/people/' + encodeURIComponent(props.params.id);
    const person = load(signal => api.get(path(), { signal }), { watch: () => props.params.id });
    const identity = load(signal => api.get(path() + '/identity', { signal }), { watch: () => props.params.id });
    // Links change rarely: look again when the person's events say so.
    const changed = () => { person.reload({ quiet: true }); identity.reload({ quiet: true }); };

    useTop({ title: () => html`<h1 class="row">${person.data && html`<${Avatar} name=${called(person.data)} seed=${person.data.id} size="s" />`}<span>${person.data ? called(person.data) : ''}</span></h1>`, tools: () => person.data && rights(person.data) });

    const traits = data => html`<dl class="facts">
      ${data.account && html`<dt>${t('people.account')}</dt><dd>${data.account}</dd>`}
      ${data.first_seen && html`<dt>${t('people.first')}</dt><dd>${dateTime(data.first_seen)}</dd>`}
      ${data.last_seen && html`<dt>${t('people.last')}</dt><dd><${Ago} at=${data.last_seen} /></dd>`}
      ${Object.entries(data.traits).map(([name, value]) => html`<dt key=${name}>${name}</dt><dd class="people-value">${typeof value === 'object' ? JSON.stringify(value) : String(value)}</dd>`)}
    </dl>${!Object.keys(data.traits).length && html`<p class="mut sm">${t('people.notraits')}</p>`}`;

    const why = data => html`<ul class="people-ids">${data.ids.map(id => html`<li key=${id.distinct_id}>
      <div class="row wrap"><code class="mono">${id.distinct_id}</code><${Badge} kind=${id.user ? 'info' : undefined} text=${t(id.user ? 'people.user' : 'people.device')} /></div>
      <p class="mut sm">${id.user ? t('people.own') : id.decided_by ? t('people.joined', { user: id.decided_by.user_id, at: dateTime(id.decided_by.at), source: id.decided_by.source }) : t('people.alone')}</p>
      ${id.decided_by && html`<p class="mut sm">${t('people.message')} <code class="mono">${id.decided_by.message_id}</code></p>`}
      ${!id.user && id.overruled.map(claim => html`<p key=${claim.user_id} class="mut sm">${t('people.overruled', { user: claim.user_id })}</p>`)}
    </li>`)}</ul>`;

    return () => html`<div class="view people-person">
      <div class="people-side"><${Panel} title=${t('people.traits')}><${Loaded} of=${person} skeleton="text" n=${6} show=${traits} /><//>
      <${Panel} title=${t('people.why')}><${Loaded} of=${identity} skeleton="text" n=${4} show=${why} /><//></div>
      <${Timeline} path=${path()} every=${EVERY} changed=${changed} />
    </div>`;
  },
};
