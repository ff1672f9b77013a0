// Somebody at a customer, beside the page: what is known of them and the deals they take part in.
import { html, api, load, reloadOn, Avatar, icon, Loaded, t, toast, words } from '../../web/kit.js';
import { useSales } from '../data.js';
import { Properties } from '../deal/properties.js';
import { NoteBox, Tasks } from '../deal/work.js';

words({
  ko: { 'dc.contact': '고객 담당자', 'dc.close': '닫기', 'dc.person': '제품에서 보기' },
  en: { 'dc.contact': 'Contact', 'dc.close': 'Close', 'dc.person': 'In the product' },
});

const NAMES = ['name', 'title', 'email', 'phone', 'mobile', 'department', 'lead_source', 'owner', 'description'];

export const ContactPane = {
  props: ['id', 'people', 'close', 'changed'],
  setup(p) {
    const sales = useSales('contact'), found = load(signal => api.get('/contacts/' + p.id, { signal }));
    reloadOn(found, 'deals');
    const save = async values => { await api.patch('/contacts/' + p.id, { version: found.data.version, ...values }); await found.reload({ quiet: true }); p.changed?.(); };
    const show = c => html`<div class="row"><${Avatar} name=${c.name} seed=${c.id} size="m" /><div class="grow"><h2>${c.name}</h2><span class="mut sm">${[c.title, c.email].filter(Boolean).join(' · ')}</span></div><button type="button" class="btn ghost ico" aria-label=${t('dc.close')} title=${t('dc.close')} @click=${p.close}>${icon('x')}</button></div>
      ${c.email && html`<a class="btn sm" href=${'/people?q=' + encodeURIComponent(c.email)}>${icon('person', 14)}${t('dc.person')}</a>`}
      <section><${Properties} record=${c} fields=${sales.fields.value} names=${[...NAMES, ...[...sales.fields.value.values()].filter(f => f.custom).map(f => f.name)]} people=${p.people} save=${values => save(values).catch(error => { toast.error(error); })} /></section>
      <section><${NoteBox} about=${c.id} changed=${() => {}} /></section><section><${Tasks} about=${c.id} people=${p.people} /></section>`;
    return () => html`<aside class="deals-pane" data-scroll aria-label=${found.data?.name ?? t('dc.contact')}><${Loaded} of=${found} show=${show} skeleton="text" n=${8} /></aside>`;
  },
};
