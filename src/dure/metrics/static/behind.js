// What is behind a number: the people and the events that one cell counted.
import { html, api, load, ref, t, num, dateTime, Dialog, Tabs, Table, Loaded, openDialog } from '../web/kit.js';
import './words.js';

let way = (question, cell, title) => openDialog(Behind, { question, cell, title });
export const behind = (question, cell, title) => way(question, cell, title);
// Elsewhere than in the application (the page of a link) a number opens otherwise, or not at all.
export const openBy = other => { way = other; };

const said = properties => Object.entries(properties).slice(0, 8).map(([k, v]) => `${k}=${typeof v === 'object' ? JSON.stringify(v) : v}`).join(' · ');

const Behind = {
  props: ['question', 'cell', 'title', 'close'],
  setup(p) {
    const found = load(signal => api.post('/query/events', { question: p.question, cell: p.cell }, { signal }));
    const tab = ref(null);
    const events = rows => html`<${Table} label=${t('mx.behind')} rows=${rows} rowKey="message_id" empty=${{ icon: 'info', title: t('mx.nobody') }} columns=${[
      { key: 'time', title: t('mx.when'), width: 150, render: e => html`<span class="num nowrap">${dateTime(e.time)}</span>` },
      { key: 'event', title: t('mx.what'), width: 150 },
      { key: 'distinct_id', title: t('mx.who'), width: 150, value: e => e.distinct_id || e.object || e.account, render: e => e.person_id && e.distinct_id ? html`<a href=${'/people/' + e.person_id}>${e.distinct_id}</a>` : html`<span>${e.object || e.account || '–'}</span>` },
      { key: 'properties', title: t('mx.details'), sort: false, render: e => html`<span class="mut sm mx-said" title=${JSON.stringify(e.properties)}>${said(e.properties)}</span>` },
    ]} />`;
    const people = rows => html`<${Table} label=${t('mx.behind')} rows=${rows} rowKey=${one => one.person_id ?? one.account ?? one.object} empty=${{ icon: 'info', title: t('mx.nobody') }} columns=${[
      { key: 'ids', title: t('mx.who'), value: one => one.distinct_ids.join(', '), render: one => one.person_id ? html`<a href=${'/people/' + one.person_id}>${one.distinct_ids.join(', ') || one.person_id}</a>` : html`<span>${one.account ?? one.object}</span>` },
      ...(rows.some(one => one.times) ? [{ key: 'times', title: t('mx.when'), value: one => one.times[0], render: one => html`<span class="num mut sm">${one.times.map(at => dateTime(at)).join(' → ')}</span>` }] : []),
    ]} />`;
    const show = d => {
      const both = d.people.length > 0, now = tab.value ?? (both ? 'people' : 'events'), count = both ? d.people.length : d.total;
      return html`<div class="stack mx-behind">${both && html`<${Tabs} label=${t('mx.behind')} value=${now} change=${v => { tab.value = v; }} items=${[{ value: 'people', label: t('mx.behindpeople', { n: d.total }) }, { value: 'events', label: t('mx.behindevents', { n: d.events.length }) }]} />`}
        ${!both && html`<p class="mut sm num">${t('mx.behindevents', { n: d.total })}</p>`}
        ${now === 'people' ? people(d.people) : events(d.events)}${count < d.total || d.total > d.events.length && !both ? html`<p class="mut sm">${t('mx.onlysome', { n: num(both ? d.people.length : d.events.length) })}</p>` : null}</div>`;
    };
    return () => html`<${Dialog} title=${p.title || t('mx.behind')} wide=${true} onClose=${() => p.close()}><${Loaded} of=${found} show=${show} skeleton="rows" n=${6} /><//>`;
  },
};
