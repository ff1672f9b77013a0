// What is offered while one types: after / at a beginning saved replies, after @ colleagues.
import { fits, html, t } from '../../web/kit.js';
import './words.js';

// The word at the caret that asks for something → {sign, word, from} or null.
export function askedAt(text, caret) {
  const match = /(?:^|\s)([/@])([^\s/@]*)$/.exec(text.slice(0, caret));
  return match ? { sign: match[1], word: match[2], from: caret - match[2].length - 1 } : null;
}

// The best few items for a word: [{title, hint, about, value}].
export const fitting = (items, word) => items.map(one => [Math.max(fits(one.title, word), fits(one.hint ?? '', word)), one]).filter(([fit]) => !word || fit > 0).sort((a, b) => b[0] - a[0]).slice(0, 7).map(([, one]) => one);

// props: items, at (index), pick(item), none (text), make() where one can be made
export const Suggest = {
  props: ['items', 'at', 'pick', 'none', 'make'],
  setup: p => () => html`<ul class="care-suggest" role="listbox">${p.items.length ? p.items.map((one, i) => html`<li key=${one.value} role="option" aria-selected=${String(i === p.at)} class=${i === p.at ? 'on' : ''} @mousedown=${e => { e.preventDefault(); p.pick(one); }}>
    ${one.hint && html`<b class="nowrap">${one.hint}</b>`}<span class="cut">${one.title}</span>${one.about && html`<span class="mut sm cut grow">${one.about}</span>`}</li>`) : html`<li class="mut">${p.none ?? t('care.nosaved')}${p.make && html`<button type="button" class="btn sm" @mousedown=${e => { e.preventDefault(); p.make(); }}>${t('care.newsaved')}</button>`}</li>`}</ul>`,
};
