// Which events: a name and its conditions. `tools` are more buttons of the row; the slot stands below it.
import { html, icon, t } from '../../web/kit.js';
import { eventNames } from '../names.js';
import { Combobox } from './combobox.js';
import { Filters, newFilter } from './filters.js';
import { useWrong } from './fields.js';
import './words.js';

export const Selector = {
  props: ['value', 'change', 'field', 'letter', 'remove', 'any', 'label', 'placeholder', 'tools'],
  setup(p, { slots }) {
    const wrongAt = useWrong();
    const set = part => p.change({ ...p.value, ...part });
    return () => {
      const s = p.value ?? { event: '' }, wrong = wrongAt(p.field + '.event') ?? wrongAt(p.field, true) ?? wrongAt(p.field + '.where', true) ?? wrongAt(p.field + '.optional');
      const name = p.label ?? t('b.event');
      return html`<div class=${'b-selector' + (wrong ? ' wrong' : '')} role="group" aria-label=${p.letter ? `${name} ${p.letter}` : name}>
        <div class="b-line">${p.letter && html`<span class="mx-letter num" aria-hidden="true">${p.letter}</span>`}
          <${Combobox} label=${name} placeholder=${p.placeholder ?? t('b.event')} value=${s.event} list=${eventNames} wrong=${wrong}
            first=${p.any ? [{ value: '*', label: t('b.anyevent') }] : []} show=${v => v === '*' ? t('b.anyevent') : v} change=${event => set({ event })} />
          <button type="button" class="btn ghost ico sm" aria-label=${t('b.filter')} title=${t('b.filter')}
            @click=${() => set({ where: newFilter(s.where) })}>${icon('filter', 14)}</button>
          ${p.tools}${p.remove && html`<button type="button" class="btn ghost ico sm" aria-label=${`${t('b.remove')}: ${s.event || name}`}
            title=${t('b.remove')} @click=${p.remove}>${icon('x', 14)}</button>`}</div>
        <div class="b-under"><${Filters} where=${s.where} event=${s.event} field=${p.field + '.where'} change=${where => set({ where })} />
          ${slots.default?.()}${wrong && html`<span class="wrong-text" role="alert">${icon('warn', 12)}${wrong}</span>`}</div></div>`;
    };
  },
};
