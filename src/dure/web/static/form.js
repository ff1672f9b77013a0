// Forms from a list of fields, or single fields by hand. An ApiError that names a field is shown under that field.
//   html`<${Form} fields=${[{name, label, type, required, options, hint, …}]} values=${{…}} submit=${async values => …} />`
// Types: text email password url search number select choice date time switch textarea tokens.
import { nextTick, reactive, ref, toRaw } from '../vendor/vue.js';
import { html } from './html.js';
import { state } from './state.js';
import { icon } from './icons.js';
import { sentence } from './states.js';
import { inLang, t, words } from './words.js';

words({
  ko: { 'form.save': '저장', 'form.cancel': '취소', 'form.required': '입력해 주세요.', 'form.number': '숫자를 입력해 주세요.',
    'form.email': '이메일 주소가 아닙니다.', 'form.min': '{n} 이상이어야 합니다.', 'form.max': '{n} 이하여야 합니다.',
    'form.choose': '선택…', 'form.token': '입력하고 Enter', 'form.remove': '{name} 빼기', 'form.optional': '선택 사항', 'form.unknown': '‘{name}’(을/를) 찾지 못했습니다. 목록에서 골라 주세요.' },
  en: { 'form.save': 'Save', 'form.cancel': 'Cancel', 'form.required': 'Please fill this in.',
    'form.number': 'Please enter a number.', 'form.email': 'This is not an e-mail address.', 'form.min': 'Must be at least {n}.',
    'form.max': 'Must be at most {n}.',
    'form.choose': 'Choose…', 'form.token': 'Type, then Enter', 'form.remove': 'Remove {name}', 'form.optional': 'optional',
    'form.unknown': '“{name}” was not found. Please pick from the list.' },
});

let serial = 0;
const plain = new Set(['text', 'email', 'password', 'url', 'search', 'date', 'time']);

// One labelled field. `change(value)` is called at every change; `error` is a sentence.
export const Field = {
  props: ['name', 'label', 'type', 'value', 'change', 'error', 'hint', 'required', 'optional', 'options', 'placeholder', 'min', 'max', 'step', 'rows', 'disabled', 'autofocus', 'autocomplete', 'unit', 'pattern', 'only'],
  setup(p) {
    const id = `f${++serial}`;
    return () => {
      const type = p.type ?? 'text';
      const shared = {
        id, name: p.name, disabled: p.disabled, placeholder: p.placeholder, autofocus: p.autofocus, autocomplete: p.autocomplete ?? 'off', required: p.required,
        'aria-invalid': p.error ? 'true' : null, 'aria-describedby': [p.hint && id + 'h', p.error && id + 'e'].filter(Boolean).join(' ') || null,
      };
      const label = html`<label for=${id}>${p.label}${p.optional && html` <span class="mut sm">
        ${t('form.optional')}</span>`}</label>`;
      return html`<div class=${'field is-' + type + (p.error ? ' wrong' : '')}>${p.label && type !== 'switch' && label}
        ${input(type, p, shared, id)}${p.hint && html`<p class="hint" id=${id + 'h'}>${p.hint}</p>`}
        ${p.error && html`<p class="wrong-text" id=${id + 'e'} role="alert">${icon('warn', 14)}${p.error}</p>`}</div>`;
    };
  },
};

function input(type, p, shared, id) {
  const set = value => p.change?.(value);
  if (plain.has(type)) return html`<input class="input" type=${type} ...${shared} value=${p.value ?? ''} min=${p.min} max=${p.max}
    list=${p.options ? id + 'l' : null} @input=${e => set(e.target.value)} />${p.options && offered(id, p.options)}`;
  if (type === 'number') {
    return html`<span class="with-unit"><input
      class="input num" type="text" inputmode="decimal" ...${shared} value=${p.value ?? ''}
      @input=${e => set(numeric(e.target.value))} />${p.unit && html`<span class="mut">${p.unit}</span>`}</span>`;
  }
  if (type === 'textarea') return html`<textarea class="input" rows=${p.rows ?? 4} ...${shared} value=${p.value ?? ''}
    @input=${e => set(e.target.value)}></textarea>`;
  if (type === 'select') {
    const at = (p.options ?? []).findIndex(o => valueOf(o) === p.value);
    return html`<select class="input" ...${shared} value=${String(at)}
      @change=${e => set(e.target.value === '-1' ? null : valueOf(p.options[+e.target.value]))}>
      ${(at < 0 || !p.required) && html`<option value="-1">
        ${p.placeholder ?? t('form.choose')}</option>`}${(p.options ?? []).map((o, i) => html`<option
        key=${i} value=${String(i)} selected=${i === at}>${labelOf(o)}</option>`)}</select>`;
  }
  if (type === 'choice') {
    return html`<div class="seg" role="radiogroup" id=${id} aria-label=${p.label}>${(p.options ?? []).map((o, i) => html`<label
      key=${i} class=${valueOf(o) === p.value ? 'on' : ''}>
      <input type="radio" name=${p.name + id} class="sr" checked=${valueOf(o) === p.value} disabled=${p.disabled}
        @change=${() => set(valueOf(o))} />${labelOf(o)}</label>`)}</div>`;
  }
  if (type === 'switch') {
    return html`<label class="switch"><input type="checkbox" role="switch" ...${shared} checked=${!!p.value}
      @change=${e => set(e.target.checked)} /><span class="track"></span><span>${p.label}</span></label>`;
  }
  if (type === 'tokens') return html`<${Tokens} ...${shared} value=${p.value} options=${p.options} only=${p.only} change=${set} />`;
  throw new TypeError(`no such field type: ${type}`);
}

// What may be typed is offered, not forced.
const offered = (id, options) => html`<datalist id=${id + 'l'}>${options.map(o => html`<option key=${valueOf(o)} value=${valueOf(o)}>
  ${labelOf(o)}</option>`)}</datalist>`;
const valueOf = o => typeof o === 'object' && o ? o.value : o;
const labelOf = o => typeof o === 'object' && o ? inLang(o.label) : String(o);
// '12,000' → 12000; '' → null; what is no number stays text, so that the check can say so.
function numeric(text) { const clean = text.replace(/[,\s]/g, '');
  return clean === '' ? null : Number.isFinite(Number(clean)) && !clean.endsWith('.') ? Number(clean) : text; }

// Options with labels are shown and typed by these and kept by their values. With `only`, a field's check refuses others.
const Tokens = {
  props: ['id', 'name', 'value', 'options', 'change', 'placeholder', 'disabled', 'only'],
  setup(p) {
    const text = ref('');
    const meant = typed => {
      const low = typed.toLowerCase(), all = p.options ?? [];
      const exact = all.filter(o => labelOf(o).toLowerCase() === low || valueOf(o) === typed);
      const found = exact.length || !p.only ? exact : all.filter(o => labelOf(o).toLowerCase().includes(low));
      return found.length === 1 ? valueOf(found[0]) : typed;
    };
    const called = value => { const o = (p.options ?? []).find(one => valueOf(one) === value); return o ? labelOf(o) : value; };
    const add = raw => { const value = raw.trim() && meant(raw.trim());
      if (value && !(p.value ?? []).includes(value)) p.change([...(p.value ?? []), value]); text.value = ''; };
    const key = e => {
      if (e.isComposing) return;
      if ((e.key === 'Enter' && !e.ctrlKey && !e.metaKey && text.value.trim()) || (e.key === ',' && text.value.trim())) { e.preventDefault();
        add(text.value); }
      if (e.key === 'Backspace' && !text.value && p.value?.length) p.change(p.value.slice(0, -1));
    };
    return () => html`<div class="tokens input">${(p.value ?? []).map(v => html`<span class=${'tag' + (p.only && strange(p.options, v) ? ' wrong' : '')} key=${v}>${called(v)}
      <button type="button" aria-label=${t('form.remove', { name: called(v) })} @click=${() => p.change(p.value.filter(x => x !== v))}>
      ${icon('x', 12)}</button></span>`)}
      <input id=${p.id} name=${p.name} value=${text.value} disabled=${p.disabled} list=${p.options ? p.id + 'l' : null}
        placeholder=${p.value?.length ? '' : p.placeholder ?? t('form.token')}
        autocomplete="off" @input=${e => { text.value = e.target.value; }} @keydown=${key} @blur=${() => add(text.value)} />
      ${p.options && named(p.id, (p.options ?? []).filter(o => !(p.value ?? []).includes(valueOf(o))))}</div>`;
  },
};
const named = (id, options) => html`<datalist id=${id + 'l'}>${options.map(o => html`<option key=${valueOf(o)} value=${labelOf(o)}></option>`)}</datalist>`;
// Neither among the options nor an id of the kind that programs use.
const strange = (options, value) => !(options ?? []).some(o => valueOf(o) === value) && !/^[A-Z][A-Z0-9]{8,}$/.test(value);

// Props: fields, values, submit(values), submitLabel, cancel(), change(values, name). A field's `when(values)` hides it;
// `ready(values)` says whether it may be sent yet.
export const Form = {
  props: ['fields', 'values', 'submit', 'submitLabel', 'cancel', 'change', 'danger', 'ready'],
  setup(p, { slots }) {
    const values = reactive({ ...p.values }), errors = reactive({}), busy = ref(false), whole = ref(''), el = ref();
    const shown = () => p.fields.filter(f => !f.when || f.when(values));
    for (const f of p.fields) if (values[f.name] === undefined) values[f.name] = f.initial ?? (f.type === 'tokens' ? [] : f.type === 'switch' ? false : f.type === 'number' || f.type === 'select' ? null : '');
    const focusFirst = () => nextTick(() => el.value?.querySelector('[aria-invalid=true]')?.focus());

    async function send() {
      if (busy.value) return;
      whole.value = '';
      for (const f of p.fields) delete errors[f.name];
      for (const f of shown()) { const wrong = check(f, values[f.name]); if (wrong) errors[f.name] = wrong; }
      if (Object.keys(errors).length) { focusFirst(); return; }
      busy.value = true;
      const from = el.value?.contains(document.activeElement) ? document.activeElement : null;
      try {
        await p.submit(Object.fromEntries(shown().map(f => [f.name, toRaw(values[f.name])])));
      } catch (error) {
        const name = shown().find(f => error.field && (f.name === error.field || error.field.split('.').includes(f.name)))?.name;
        if (name) { errors[name] = state.lang === 'en' ? error.data?.en ?? error.message : sentence(error); focusFirst(); } else whole.value = sentence(error);
      } finally { busy.value = false; nextTick(() => { if (from?.isConnected && document.activeElement === document.body) from.focus({ preventScroll: true }); }); }
    }
    // Enter in a field that offers something means what is offered; it sends nothing.
    const key = e => {
      if (e.key !== 'Enter' || e.isComposing) return;
      if (e.ctrlKey || e.metaKey) { e.preventDefault(); send(); } else if (e.target.list) e.preventDefault();
    };
    return () => html`<form class="form" ref=${el} novalidate @submit=${e => { e.preventDefault(); send(); }} @keydown=${key}>
      ${whole.value && html`<div class="notice bad" role="alert">${icon('warn')}${whole.value}</div>`}
      ${shown().map(f => html`<${Field}
        key=${f.name} ...${f} disabled=${busy.value || f.disabled} value=${values[f.name]} error=${errors[f.name]} change=${v => { values[f.name] = v;
        delete errors[f.name]; f.change?.(v, values); p.change?.(values, f.name); }} />`)}
      ${slots.default?.()}
      <div class="actions end">${p.cancel && html`<button type="button" class="btn" @click=${p.cancel}>
        ${t('form.cancel')}</button>`}
      <button type="submit" class=${'btn ' + (p.danger ? 'danger' : 'pri')}
        aria-busy=${busy.value ? 'true' : null} disabled=${busy.value || (p.ready && !p.ready(values))}>${p.submitLabel ?? t('form.save')}</button></div></form>`;
  },
};

function check(f, value) {
  const blank = value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length);
  if (blank) return f.required ? t('form.required') : '';
  if (f.type === 'number') {
    if (typeof value !== 'number') return t('form.number');
    if (f.min !== undefined && value < f.min) return t('form.min', { n: f.min });
    if (f.max !== undefined && value > f.max) return t('form.max', { n: f.max });
  }
  const odd = f.only && Array.isArray(value) && value.find(one => strange(f.options, one));
  if (odd) return t('form.unknown', { name: odd });
  if (f.type === 'email' && !/^\S+@\S+$/.test(value)) return t('form.email');
  return f.check?.(value) ?? '';
}
