// A name typed with the browser's own list of suggestions, where few are needed; the builder has a combobox.
import { html, t, icon } from '../web/kit.js';
import './words.js';

// One list of names for the whole page; inputs point at it by id.
export const Names = {
  props: ['id', 'names'],
  setup: p => () => html`<datalist id=${p.id}>${(p.names ?? []).map(n => html`<option key=${n.name} value=${n.name}>${n.count != null ? n.count.toLocaleString() : ''}</option>`)}</datalist>`,
};

export const NameInput = {
  props: ['value', 'list', 'label', 'placeholder', 'change', 'letter', 'remove'],
  setup: p => () => html`<div class="row mx-name">${p.letter && html`<span class="mx-letter num" aria-hidden="true">${p.letter}</span>`}<input class="input grow" type="text" list=${p.list} aria-label=${p.label}
    placeholder=${p.placeholder} value=${p.value} autocomplete="off" @change=${e => p.change(e.target.value.trim())} @keydown=${e => { if (e.key === 'Enter') p.change(e.target.value.trim()); }} />
    ${p.remove && html`<button type="button" class="btn ghost ico sm" aria-label=${t('mx.remove')} title=${t('mx.remove')} @click=${p.remove}>${icon('x', 14)}</button>`}</div>`,
};
