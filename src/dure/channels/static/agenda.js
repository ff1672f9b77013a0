// Adding to the agenda on a channel's page, and beginning a new week with it.
import { action, api, ask, html, icon, ref, sentence, state, t, toast } from '../web/kit.js';
import './charter_words.js';

export const AGENDA = /^#{1,6}\s+.*(안건|agenda)/im;

// props: room, people {id: {name}}, begun (whether the page has an agenda), changed()
export const AgendaBar = {
  props: ['room', 'people', 'begun', 'changed'],
  setup(p) {
    const blank = () => ({ text: '', owner: '', due: '' }), draft = ref(blank()), open = ref(false);
    const set = change => { draft.value = { ...draft.value, ...change }; };
    const add = action(async () => {
      await api.post(`/channels/${p.room.id}/agenda`, { text: draft.value.text, owner: draft.value.owner, due: draft.value.due || null, lang: state.lang });
      draft.value = blank(); p.changed();
    });
    async function carry() {
      if (!await ask({ title: t('ag.carry'), body: t('ag.carry.ask'), action: t('ag.carry') })) return;
      try { await api.post(`/channels/${p.room.id}/agenda/carry`, { lang: state.lang }); p.changed(); toast(t('ag.carried')); } catch (error) { toast.error(error); }
    }
    return () => html`<div class="ag">${open.value ? html`<form class="ag-form" @submit=${e => { e.preventDefault(); if (draft.value.text.trim()) add.run(); }}>
        <input class="input" autofocus maxlength="500" value=${draft.value.text} placeholder=${t('ag.text')} aria-label=${t('ag.text')} @input=${e => set({ text: e.target.value })} />
        <div class="row"><select class="input" aria-label=${t('ag.owner')} @change=${e => set({ owner: e.target.value })}><option value="" selected=${!draft.value.owner}>${t('ag.nobody')}</option>${Object.values(p.people).filter(one => !one.bot).map(one => html`<option key=${one.id} value=${one.id} selected=${one.id === draft.value.owner}>${one.name}</option>`)}</select>
          <input class="input" type="date" value=${draft.value.due} aria-label=${t('ag.due')} title=${t('ag.due')} @input=${e => set({ due: e.target.value })} />
          <button type="submit" class="btn sm pri" disabled=${add.busy || !draft.value.text.trim()}>${t('ag.go')}</button><button type="button" class="btn ghost ico sm" aria-label=${t('ct.cancel')} @click=${() => { open.value = false; }}>${icon('x', 14)}</button></div>
        ${add.error && html`<p class="poor sm" role="alert">${sentence(add.error)}</p>`}</form>`
      : html`<div class="row"><button type="button" class="btn sm" @click=${() => { open.value = true; }}>${icon('plus', 14)}${t('ag.add')}</button>${p.begun && html`<button type="button" class="btn ghost sm" @click=${carry}>${icon('calendar', 14)}${t('ag.carry')}</button>`}</div>`}</div>`;
  },
};
