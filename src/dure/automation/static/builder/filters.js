// Conditions as rows: what is looked at, how, and with what it is compared.
import { Holes, html, icon, t, words } from '../../web/kit.js';
import { kinds } from '../kinds.js';
import { optionsOf } from '../options.js';

words({
  ko: { 'auto.op.=': '같다', 'auto.op.!=': '같지 않다', 'auto.op.in': '가운데 하나', 'auto.op.not_in': '가운데 없다', 'auto.op.contains': '들어 있다', 'auto.op.>': '보다 크다', 'auto.op.>=': '이상', 'auto.op.<': '보다 작다', 'auto.op.<=': '이하', 'auto.op.set': '값이 있다', 'auto.op.not_set': '값이 없다',
    'auto.addfilter': '조건 추가', 'auto.prop': '속성', 'auto.op': '비교', 'auto.value': '값', 'auto.dropfilter': '조건 빼기', 'auto.valuelist': '쉼표로 나눔' },
  en: { 'auto.op.=': 'is', 'auto.op.!=': 'is not', 'auto.op.in': 'is one of', 'auto.op.not_in': 'is none of', 'auto.op.contains': 'contains', 'auto.op.>': 'is more than', 'auto.op.>=': 'is at least', 'auto.op.<': 'is less than', 'auto.op.<=': 'is at most', 'auto.op.set': 'is known', 'auto.op.not_set': 'is not known',
    'auto.addfilter': 'Add a condition', 'auto.prop': 'Property', 'auto.op': 'Comparison', 'auto.value': 'Value', 'auto.dropfilter': 'Remove the condition', 'auto.valuelist': 'with commas between' },
});
const OPS = ['=', '!=', '>', '>=', '<', '<=', 'in', 'not_in', 'contains', 'set', 'not_set'];
const LISTS = new Set(['in', 'not_in']), ALONE = new Set(['set', 'not_set']);

// What conditions may look at: the event's own properties by their short names, then everything else by its path.
export function propsOf(event, scope) {
  const own = Object.entries(kinds.properties(event)).map(([name, hint]) => ({ value: name, label: name, hint }));
  return [...own, ...scope.filter(it => !it.path.startsWith('event.properties.')).map(it => ({ value: it.path, label: it.path, hint: it.hint }))];
}

// "12" is a number, "true" a switch; what is in quotes stays a text.
export function valueOf(text) {
  const clean = text.trim();
  if (/^-?\d+(\.\d+)?$/.test(clean)) return Number(clean);
  if (clean === 'true' || clean === 'false') return clean === 'true';
  return /^"(.*)"$/s.test(clean) ? clean.slice(1, -1) : text;
}
export const textOf = value => value == null ? '' : typeof value === 'string' && /^(-?\d+(\.\d+)?|true|false)$/.test(value.trim()) ? `"${value}"` : String(value);

export const Filters = {
  props: ['value', 'change', 'event', 'scope', 'errors', 'place'],
  setup(p) {
    const list = () => Array.isArray(p.value) ? p.value : [];
    const set = (i, it) => p.change(list().map((one, j) => j === i ? it : one));
    const withOp = (it, op) => {
      const { value, ...rest } = it;
      if (ALONE.has(op)) return { ...rest, op };
      return { ...rest, op, value: LISTS.has(op) ? Array.isArray(value) ? value : value == null || value === '' ? [] : [value] : Array.isArray(value) ? value[0] ?? '' : value ?? '' };
    };
    const shown = it => LISTS.has(it.op) ? (Array.isArray(it.value) ? it.value : [it.value]).map(textOf).join(', ') : textOf(it.value);
    const typed = (it, text) => ({ ...it, value: LISTS.has(it.op) ? text.split(',').map(one => one.trim()).filter(Boolean).map(valueOf) : valueOf(text) });
    return () => html`<div class="auto-filters">${list().map((it, i) => { const wrong = p.errors?.(`${p.place}[${i}]`); return html`<div class=${'auto-filter' + (wrong ? ' wrong' : '')} key=${i}>
      <${Holes} value=${it.prop ?? ''} change=${prop => set(i, { ...it, prop })} options=${propsOf(p.event, p.scope ?? [])} plain=${true} label=${t('auto.prop')} placeholder=${t('auto.prop')} invalid=${!!wrong} />
      <select class="input" aria-label=${t('auto.op')} value=${it.op ?? '='} @change=${e => set(i, withOp(it, e.target.value))}>${OPS.map(op => html`<option key=${op} value=${op} selected=${op === (it.op ?? '=')}>${t('auto.op.' + op)}</option>`)}</select>
      ${ALONE.has(it.op) ? html`<span></span>` : html`<${Typed} text=${shown(it)} take=${text => set(i, typed(it, text))} options=${/stage|^to$|^from$/.test(it.prop ?? '') ? optionsOf('stage') : undefined} placeholder=${LISTS.has(it.op) ? t('auto.valuelist') : t('auto.value')} />`}
      <button type="button" class="btn ghost ico sm" aria-label=${t('auto.dropfilter')} title=${t('auto.dropfilter')} @click=${() => p.change(list().filter((_, j) => j !== i))}>${icon('x', 14)}</button>
      ${wrong && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${wrong}</p>`}</div>`; })}
      <button type="button" class="btn sm ghost auto-add" @click=${() => p.change([...list(), { prop: '', op: '=', value: '' }])}>${icon('plus', 14)}${t('auto.addfilter')}</button></div>`;
  },
};

// Keeps what is typed as it is typed ("1," or "1."), while the value is what it means.
const Typed = {
  props: ['text', 'take', 'options', 'placeholder'],
  data: () => ({ own: null }),
  render() {
    return html`<${Holes} value=${this.own ?? this.text} change=${text => { this.own = text; this.take(text); }} options=${this.options} plain=${true} label=${t('auto.value')} placeholder=${this.placeholder} blur=${() => { this.own = null; }} />`;
  },
};
