// Whose channel it is: the customer and the topic, for one's own side only.
import { api, ask, askForm, boot, html, icon, load, Loaded, t, toast, useLive } from '../web/kit.js';
import './charter_words.js';

// props: room
export const CustomerLink = {
  props: ['room'],
  setup(p) {
    const path = () => `/channels/${p.room.id}/customer`;
    const found = load(signal => api.get(path(), { signal, quiet: true }), { watch: () => p.room.id, keep: false });
    useLive(() => `channel:${p.room.id}`, event => { if (event.event.startsWith('Customer Channel')) found.reload({ quiet: true }); });
    const may = () => (p.room.member || ['owner', 'admin'].includes(boot.me.role)) && !p.room.archived;
    async function link() {
      const { customers } = await api.get('/customers').catch(error => { toast.error(error); return { customers: null }; });
      if (!customers) return;
      const now = found.data?.customer;
      const done = await askForm({
        title: t('ct.customer.link'), body: t('ct.customer.hint'), submitLabel: t('ct.save'),
        fields: [
          { name: 'account', label: t('ct.customer.which'), type: 'select', required: true, options: customers.map(one => ({ value: one.account, label: one.name })) },
          { name: 'topic', label: t('ct.customer.topic'), type: 'select', required: true, options: found.data.topics.map(value => ({ value, label: t('cu.topic.' + value) })) },
        ],
        values: { account: now?.account ?? '', topic: now?.topic ?? 'general' },
        submit: values => api.put(path(), { account: values.account, topic: values.topic }),
      });
      if (done) found.set({ ...found.data, ...done });
    }
    async function unlink() {
      if (!await ask({ title: t('ct.customer.unlink'), action: t('ct.customer.unlink'), danger: true })) return;
      try { await api.del(path()); await found.reload({ quiet: true }); } catch (error) { toast.error(error); }
    }
    const show = ({ customer }) => customer
      ? html`<p class="row"><span class="tag">${t('cu.topic.' + customer.topic)}</span><a class="grow cut" href=${'/customers/' + customer.account} title=${t('ct.customer.page')}>${customer.name || customer.account}</a>
        ${may() && html`<button type="button" class="btn ghost ico sm" aria-label=${t('ct.customer.change')} title=${t('ct.customer.change')} @click=${link}>${icon('edit', 14)}</button><button type="button" class="btn ghost ico sm" aria-label=${t('ct.customer.unlink')} title=${t('ct.customer.unlink')} @click=${unlink}>${icon('x', 14)}</button>`}</p>`
      : html`<p class="row"><span class="mut sm grow">${t('ct.customer.none')}</span>${may() && html`<button type="button" class="btn sm" @click=${link}>${icon('link', 14)}${t('ct.customer.link')}</button>`}</p>`;
    return () => html`<section><h3>${t('ct.customer')}</h3><${Loaded} of=${found} n=${1} show=${show} /></section>`;
  },
};
