// Conditions on an event's properties and on traits: all must hold.
import { html, icon, t } from '../../web/kit.js';
import { propertyNames, propertyValues } from '../names.js';
import { Combobox, Several } from './combobox.js';
import { Choice, useWrong } from './fields.js';
import './words.js';

const OPS = ['=', '!=', 'in', 'not_in', 'contains', '>', '>=', '<', '<=', 'set', 'not_set'];
const MANY = ['in', 'not_in'], NONE = ['set', 'not_set'];

// A condition under another comparison: one value becomes a list of one, and back.
function turned(filter, op) {
  if (NONE.includes(op)) return { prop: filter.prop, op };
  const first = Array.isArray(filter.value) ? filter.value[0] : filter.value;
  return { prop: filter.prop, op, value: MANY.includes(op) ? (first === undefined || first === '' ? [] : [first].flat()) : first ?? '' };
}

export const Filters = {
  props: ['where', 'event', 'change', 'field'],
  setup(p) {
    const wrongAt = useWrong();
    const put = (i, filter) => p.change(p.where.map((one, k) => k === i ? filter : one));
    const row = (f, i) => {
      const wrong = wrongAt(`${p.field}[${i}]`), values = () => propertyValues(f.prop, /^(person|account)\./.test(f.prop) ? '' : p.event ?? '');
      return html`<div class=${'b-filter' + (wrong ? ' wrong' : '')} key=${i} role="group" aria-label=${t('b.filterof', { name: f.prop || t('b.prop') })}>
        <${Combobox} label=${t('b.prop')} value=${f.prop} list=${() => propertyNames(p.event ?? '')} change=${prop => put(i, { ...f, prop })} />
        <${Choice} bare=${true} label=${t('b.op')} value=${f.op ?? '='} options=${OPS.map(op => [op, t('op.' + op)])} change=${op => put(i, turned(f, op))} />
        ${MANY.includes(f.op) ? html`<${Several} label=${t('b.value')} values=${f.value} list=${values} change=${value => put(i, { ...f, value })} />`
          : !NONE.includes(f.op) && html`<${Combobox} label=${t('b.value')} value=${f.value} list=${values} change=${value => put(i, { ...f, value })} />`}
        <button type="button" class="btn ghost ico sm b-out" aria-label=${`${t('b.remove')}: ${f.prop || t('b.prop')}`} title=${t('b.remove')}
          @click=${() => p.change(p.where.filter((_, k) => k !== i))}>${icon('x', 12)}</button>
        ${wrong && html`<span class="wrong-text" role="alert">${wrong}</span>`}</div>`;
    };
    return () => p.where?.length ? html`<div class="b-filters">${p.where.map(row)}</div>` : null;
  },
};

export const newFilter = where => [...(where ?? []), { prop: '', op: '=', value: '' }];
