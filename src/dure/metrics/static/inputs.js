// Inputs of the question builder: a name typed with help, and a labelled choice.
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

export const Choice = {
  props: ['label', 'value', 'options', 'change'],   // options [[value, text]]
  setup: p => () => html`<label class="mx-choice"><span class="mut sm">${p.label}</span><select class="input" value=${p.value} @change=${e => p.change(e.target.value)}>
    ${p.options.map(([value, text]) => html`<option key=${value} value=${value} selected=${value === p.value}>${text}</option>`)}</select></label>`,
};
