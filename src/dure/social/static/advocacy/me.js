// What an employee wants: their name seen, reminders, their own accounts.
import { action, api, Dialog, html, load, Loaded, openDialog, ref, t, toast, watch } from '../../web/kit.js';
import './words.js';

const Me = {
  props: ['close'],
  setup(p) {
    const me = load(signal => api.get('/advocacy/me', { signal })), it = ref(null);
    watch(() => me.data, data => { if (data) it.value = { named: data.named, reminders: data.reminders, mastodon: data.mastodon, sources: data.sources }; });
    const set = (name, value) => { it.value = { ...it.value, [name]: value }; };
    const save = action(async () => { await api.put('/advocacy/me', it.value); toast(t('adv.saved')); p.close(true); }, { failed: toast.error });
    const tick = (name, label) => html`<label class="row"><input type="checkbox" checked=${it.value[name]} @change=${e => set(name, e.target.checked)} /><span>${label}</span></label>`;
    const own = one => html`<label class="row" key=${one.id}><input type="checkbox" checked=${it.value.sources.includes(one.id)} @change=${e => set('sources', e.target.checked ? [...it.value.sources, one.id] : it.value.sources.filter(id => id !== one.id))} /><span>${one.name}</span><span class="mut sm">${one.network}</span></label>`;
    const show = data => it.value && html`<form class="stack adv-me" @submit=${e => { e.preventDefault(); save.run(); }}>${tick('named', t('adv.me.named'))}${tick('reminders', t('adv.me.reminders'))}
      <label class="stack"><span class="sm">${t('adv.host')}</span><input class="input" placeholder=${t('adv.hosthint')} value=${it.value.mastodon} @input=${e => set('mastodon', e.target.value)} /></label>
      <fieldset class="stack"><legend class="sm">${t('adv.me.sources')}</legend>${data.accounts.length ? html`<p class="mut sm">${t('adv.me.sourceshint')}</p>${data.accounts.map(own)}` : html`<p class="mut sm">${t('adv.me.nosources')}</p>`}</fieldset>
      <div class="actions end"><button type="submit" class="btn pri" disabled=${save.busy}>${t('adv.save')}</button></div></form>`;
    return () => html`<${Dialog} title=${t('adv.me')} onClose=${() => p.close(null)}><${Loaded} of=${me} show=${show} skeleton="text" /><//>`;
  },
};

export const openMe = () => openDialog(Me, {});
