// What is behind a number: the people and the events that one cell counted.
import { action, api, dateTime, Dialog, html, icon, inLang, load, Loaded, num, openDialog, ref, t, Table, Tabs, toast } from '../web/kit.js';
import { canBeSegment, saveAsSegment } from './save_segment.js';
import './words.js';

let way = (question, cell, title) => openDialog(Behind, { question, cell, title });
export const behind = (question, cell, title) => way(question, cell, title);
// Elsewhere than in the application (the page of a link) a number opens otherwise, or not at all.
export const openBy = other => { way = other; };

const MOST_SAID = 8;
const written = value => typeof value === 'object' ? JSON.stringify(value) : value;
const said = properties => Object.entries(properties).slice(0, MOST_SAID).map(([name, value]) => `${name}=${written(value)}`).join(' · ');

const Behind = {
  props: ['question', 'cell', 'title', 'close'],
  setup(p) {
    const ask = (more, options) => api.post('/query/events', { question: p.question, cell: { ...p.cell, ...more } }, { ...options, seconds: 180 });
    const found = load(signal => ask({}, { signal }));
    const tab = ref(null);
    // People come by pages; their events are those of the pages seen so far.
    const more = action(async () => {
      const next = await ask({ after: found.data.next });
      found.set({ ...next, people: [...found.data.people, ...next.people], events: [...found.data.events, ...next.events] });
    }, { failed: toast.error });
    const saved = ref(null);
    const save = async () => { saved.value = await saveAsSegment(p.question, p.cell, p.title) ?? saved.value; };
    const keep = () => canBeSegment(p.question) && html`<div class="row mx-keep">
      ${saved.value && html`<a class="link" href=${'/segments/' + saved.value.id} @click=${() => p.close()}>${inLang(saved.value.name)}</a>`}
      <button type="button" class="btn sm" @click=${save}>${icon('segment', 14)}${t('mx.segsave')}</button></div>`;

    const show = d => {
      const both = d.people.length > 0, now = tab.value ?? (both ? 'people' : 'events'), here = both ? d.people.length : d.events.length;
      return html`<div class="stack mx-behind">${d.total > 0 && keep()}${both
        ? html`<${Tabs} label=${t('mx.behind')} value=${now} change=${v => { tab.value = v; }} items=${[
          { value: 'people', label: t('mx.behindpeople', { n: d.total }) }, { value: 'events', label: t('mx.behindevents', { n: d.events.length }) }]} />`
        : html`<p class="mut sm num">${t('mx.behindevents', { n: d.total })}</p>`}
        ${now === 'people' ? people(d.people, d.next ? { more: more.run, hasMore: true, loadingMore: more.busy } : {}) : events(d.events)}
        ${here < d.total && html`<p class="mut sm">${t(both ? 'mx.onlypeople' : 'mx.onlysome', { n: num(here) })}</p>`}</div>`;
    };
    return () => html`<${Dialog} title=${p.title || t('mx.behind')} wide=${true} onClose=${() => p.close()}><${Loaded} of=${found}
      show=${show} skeleton="rows" n=${6} /><//>`;
  },
};

const who = (id, name) => html`<a href=${'/people/' + id}>${name}</a>`;

const people = (rows, paged) => html`<${Table} label=${t('mx.behind')} rows=${rows}
  rowKey=${one => one.person_id ?? one.account ?? one.object} empty=${{ icon: 'info', title: t('mx.nobody') }} page=${1000} ...${paged}
  columns=${[
  { key: 'ids', title: t('mx.who'), value: one => one.distinct_ids.join(', '), render: one => one.person_id ? who(one.person_id, one.distinct_ids.join(', ') || one.person_id)
    : html`<span>${one.account ?? one.object}</span>` },
  ...(rows.some(one => one.times) ? [{ key: 'times', title: t('mx.when'), value: one => one.times[0], render: one => html`<span class="num mut sm">${one.times.map(at => at ? dateTime(at) : '–').join(' → ')}
    </span>` }] : []),
]} />`;

const events = rows => html`<${Table} label=${t('mx.behind')} rows=${rows} rowKey="message_id" empty=${{ icon: 'info', title: t('mx.nobody') }} columns=${[
  { key: 'time', title: t('mx.when'), width: 150, render: e => html`<span class="num nowrap">${dateTime(e.time)}</span>` },
  { key: 'event', title: t('mx.what'), width: 150 },
  { key: 'distinct_id', title: t('mx.who'), width: 150, value: e => e.distinct_id || e.object || e.account,
    render: e => e.person_id && e.distinct_id ? who(e.person_id, e.distinct_id) : html`<span>${e.object || e.account || '–'}</span>` },
  { key: 'properties', title: t('mx.details'), sort: false, render: e => html`<span class="mut sm mx-said"
    title=${JSON.stringify(e.properties)}>${said(e.properties)}</span>` },
]} />`;
