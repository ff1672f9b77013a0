// What is behind a number: the people and the events that one cell counted.
import { html, api, icon, inLang, load, ref, t, toast, num, dateTime, watch, Dialog, Tabs, Table, Loaded, openDialog } from '../web/kit.js';
import { canBeSegment, saveAsSegment } from './save_segment.js';
import './words.js';

export const behind = (question, cell, title) => openDialog(Behind, { question, cell, title });

const said = properties => Object.entries(properties).slice(0, 8).map(([k, v]) => `${k}=${typeof v === 'object' ? JSON.stringify(v) : v}`).join(' · ');

const Behind = {
  props: ['question', 'cell', 'title', 'close'],
  setup(p) {
    const found = load(signal => api.post('/query/events', { question: p.question, cell: p.cell }, { signal }));
    const tab = ref(null), listed = ref([]), next = ref(null), loadingMore = ref(false), saved = ref(null);
    watch(() => found.data, d => { listed.value = d?.people ?? []; next.value = d?.next ?? null; });
    const more = async () => {
      if (!next.value || loadingMore.value) return;
      loadingMore.value = true;
      try { const d = await api.post('/query/events', { question: p.question, cell: { ...p.cell, after: next.value } }); listed.value = [...listed.value, ...d.people]; next.value = d.next; }
      catch (error) { toast.error(error); } finally { loadingMore.value = false; }
    };
    const save = async () => { saved.value = await saveAsSegment(p.question, p.cell, p.title) ?? saved.value; };
    const keep = () => canBeSegment(p.question) && html`<div class="row mx-keep">${saved.value && html`<a class="link" href=${'/segments/' + saved.value.id} @click=${() => p.close()}>${inLang(saved.value.name)}</a>`}<button type="button" class="btn sm" @click=${save}>${icon('segment', 14)}${t('mx.segsave')}</button></div>`;
    const events = rows => html`<${Table} label=${t('mx.behind')} rows=${rows} rowKey="message_id" empty=${{ icon: 'info', title: t('mx.nobody') }} columns=${[
      { key: 'time', title: t('mx.when'), width: 150, render: e => html`<span class="num nowrap">${dateTime(e.time)}</span>` },
      { key: 'event', title: t('mx.what'), width: 150 },
      { key: 'distinct_id', title: t('mx.who'), width: 150, value: e => e.distinct_id || e.object || e.account, render: e => e.person_id && e.distinct_id ? html`<a href=${'/people/' + e.person_id}>${e.distinct_id}</a>` : html`<span>${e.object || e.account || '–'}</span>` },
      { key: 'properties', title: t('mx.details'), sort: false, render: e => html`<span class="mut sm mx-said" title=${JSON.stringify(e.properties)}>${said(e.properties)}</span>` },
    ]} />`;
    const people = rows => html`<${Table} label=${t('mx.behind')} rows=${rows} rowKey=${one => one.person_id ?? one.account ?? one.object} empty=${{ icon: 'info', title: t('mx.nobody') }} columns=${[
      { key: 'ids', title: t('mx.who'), value: one => one.distinct_ids.join(', '), render: one => one.person_id ? html`<a href=${'/people/' + one.person_id}>${one.distinct_ids.join(', ') || one.person_id}</a>` : html`<span>${one.account ?? one.object}</span>` },
      ...(rows.some(one => one.times) ? [{ key: 'times', title: t('mx.when'), value: one => one.times[0], render: one => html`<span class="num mut sm">${one.times.map(at => dateTime(at)).join(' → ')}</span>` }] : []),
    ]} more=${more} hasMore=${!!next.value} loadingMore=${loadingMore.value} />`;
    const show = d => {
      const both = d.people.length > 0, now = tab.value ?? (both ? 'people' : 'events'), left = both ? listed.value.length < d.total : d.events.length < d.total;
      return html`<div class="stack mx-behind">${d.total > 0 && keep()}${both && html`<${Tabs} label=${t('mx.behind')} value=${now} change=${v => { tab.value = v; }} items=${[{ value: 'people', label: t('mx.behindpeople', { n: d.total }) }, { value: 'events', label: t('mx.behindevents', { n: d.events.length }) }]} />`}
        ${!both && html`<p class="mut sm num">${t('mx.behindevents', { n: d.total })}</p>`}
        ${now === 'people' ? people(listed.value) : events(d.events)}${left && html`<p class="mut sm">${both ? t('mx.shown', { n: num(listed.value.length), all: num(d.total) }) : t('mx.onlysome', { n: num(d.events.length) })}</p>`}</div>`;
    };
    return () => html`<${Dialog} title=${p.title || t('mx.behind')} wide=${true} onClose=${() => p.close()}><${Loaded} of=${found} show=${show} skeleton="rows" n=${6} /><//>`;
  },
};
