// A dialog to pick people from: search, arrow keys and Enter, or the mouse.
import { api, action, Avatar, Dialog, Empty, fits, html, icon, load, Loaded, ref, sentence, t } from '../web/kit.js';
import './words.js';

export const People = {
  props: ['title', 'action', 'except', 'submit', 'close', 'note', 'about'],   // note(one): what to know of somebody; about: of all
  setup(p) {
    const typed = ref(''), picked = ref([]);
    const people = load(signal => api.get('/channels/people', { signal }));
    const shown = all => all.filter(one => !one.bot && !p.except.includes(one.id) && fits(`${one.name} ${one.title} ${one.function}`, typed.value))
      .sort((a, b) => a.name.localeCompare(b.name, 'ko'));
    const toggle = id => { picked.value = picked.value.includes(id) ? picked.value.filter(x => x !== id) : [...picked.value, id]; };
    const send = action(async () => p.close(await p.submit(picked.value)));
    const key = e => {
      if (e.isComposing || e.key !== 'Enter' || !typed.value) return;
      e.preventDefault();
      const first = shown(people.data?.people ?? [])[0];
      if (first) { toggle(first.id); typed.value = ''; }
    };
    return () => html`<${Dialog} title=${p.title} onClose=${() => p.close(null)}><form @submit=${e => { e.preventDefault(); if (picked.value.length) send.run(); }}>
      ${p.about && html`<p class="mut sm">${p.about}</p>`}<div class="input ch-pickin">${icon('find')}<input autofocus value=${typed.value} @input=${e => { typed.value = e.target.value; }} @keydown=${key} aria-label=${p.title} autocomplete="off" /></div>
      <${Loaded} of=${people} n=${5} show=${({ people: all }) => { const list = shown(all); return list.length ? html`<ul class="ch-pick">${list.map(one => html`<li key=${one.id}><label>
        <input type="checkbox" checked=${picked.value.includes(one.id)} @change=${() => toggle(one.id)} /><${Avatar} name=${one.name} seed=${one.id} size="m" /><span class="grow cut">${one.name} <span class="mut sm">${one.title}</span></span>${p.note?.(one) && html`<span class="mut sm nowrap">${p.note(one)}</span>`}</label></li>`)}</ul>`
        : html`<${Empty} icon="people" title=${typed.value ? t('ch.nofind') : t('ch.everyone')} />`; }} />
      ${send.error && html`<p class="poor sm" role="alert">${sentence(send.error)}</p>`}
      <div class="actions end"><button type="button" class="btn" @click=${() => p.close(null)}>${t('ch.cancel')}</button><button type="submit" class="btn pri" disabled=${!picked.value.length || send.busy}>${p.action}${picked.value.length > 1 && html` <span class="num">${picked.value.length}</span>`}</button></div></form><//>`;
  },
};
