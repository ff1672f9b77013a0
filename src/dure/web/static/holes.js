// A text with {{ holes }}: what may stand in a hole is offered while one types, and so are ready values (channels, people).
//   html`<${Holes} value=… change=… scope=${[{path, hint}]} options=${[{value, label, hint}]} rows=${1} error=… label=… />`
import { nextTick, ref } from '../vendor/vue.js';
import { html } from './html.js';
import { icon } from './icons.js';
import { t, words } from './words.js';

words({
  ko: { 'holes.n': '{n}개 제안', 'holes.put': '값 넣기' },
  en: { 'holes.n': '{n} {n|suggestion|suggestions}', 'holes.put': 'Insert a value' },
});
const MOST = 60;
let serial = 0;

export const Holes = {
  props: ['id', 'value', 'change', 'scope', 'options', 'rows', 'error', 'label', 'placeholder', 'mono', 'invalid', 'describedby', 'blur', 'plain'],
  setup(p) {
    const el = ref(), list = ref(), open = ref(false), at = ref(0), found = ref([]), mine = `h${++serial}`;
    const text = () => p.value == null ? '' : typeof p.value === 'string' ? p.value : JSON.stringify(p.value);
    // The hole under the cursor: where it begins and what of it is typed.
    function hole() {
      const before = el.value.value.slice(0, el.value.selectionStart), from = before.lastIndexOf('{{');
      if (from < 0 || before.indexOf('}}', from) >= 0) return null;
      const inside = before.slice(from + 2);
      return inside.includes('|') ? null : { from, typed: inside.trim() };
    }
    function look(force = false) {
      const here = p.plain ? null : hole(), typed = (here ? here.typed : text()).toLowerCase();
      const from = here ? (p.scope ?? []).map(it => ({ ...it, value: it.path, label: it.path, hole: true })) : p.options ?? [];
      const parts = typed.split(/[.\s]+/).filter(Boolean), said = it => [it.value, it.label, it.hint].join(' ').toLowerCase();
      const fits = from.filter(it => parts.every(part => said(it).includes(part)));
      found.value = (here || force || (p.options && typed)) ? fits.slice(0, MOST) : [];
      if (!here && found.value.length === 1 && found.value[0].value === text()) found.value = [];
      open.value = found.value.length > 0; at.value = 0;
    }
    function take(it) {
      const field = el.value, here = it.hole ? hole() : null;
      let next = it.value, cursor = next.length;
      if (here) {
        const rest = field.value.slice(field.selectionStart).replace(/^[\w.$ ]*\}\}/, '');
        const head = field.value.slice(0, here.from) + `{{ ${it.value} }}`;
        next = head + rest; cursor = head.length;
      }
      open.value = false; p.change(next);
      nextTick(() => { field.focus(); field.setSelectionRange(cursor, cursor); });
    }
    function begin() {
      const field = el.value, cut = field.selectionStart ?? field.value.length;
      p.change(field.value.slice(0, cut) + '{{ ' + field.value.slice(field.selectionEnd ?? cut));
      nextTick(() => { field.focus(); field.setSelectionRange(cut + 3, cut + 3); look(); });
    }
    function key(e) {
      if (e.isComposing) return;
      if ((e.ctrlKey || e.metaKey) && e.code === 'Space') { e.preventDefault(); hole() || p.options ? look(true) : begin(); return; }
      if (!open.value) { if (e.key === 'ArrowDown' && !p.rows && p.options) { e.preventDefault(); look(true); } return; }
      const n = found.value.length;
      if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
        e.preventDefault(); at.value = (at.value + (e.key === 'ArrowDown' ? 1 : n - 1)) % n;
        nextTick(() => list.value?.children[at.value]?.scrollIntoView({ block: 'nearest' }));
      } else if (e.key === 'Enter' || e.key === 'Tab') { e.preventDefault(); e.stopPropagation(); take(found.value[at.value]); }
      else if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); open.value = false; }
    }
    return () => {
      const rows = p.rows ?? 1, shared = {
        id: p.id, class: 'input' + (p.mono ? ' mono' : ''), placeholder: p.placeholder, autocomplete: 'off', spellcheck: false, 'aria-label': p.label,
        'aria-invalid': p.invalid ? 'true' : null, 'aria-describedby': p.describedby, role: 'combobox', 'aria-expanded': String(open.value), 'aria-controls': mine,
        'aria-activedescendant': open.value ? `${mine}-${at.value}` : null, value: text(), onKeydown: key, onBlur: e => { open.value = false; p.blur?.(e); },
        onInput: e => { p.change(e.target.value); nextTick(() => look()); }, onClick: () => p.options && !text() && look(true),
      };
      return html`<div class="holes">${rows > 1 ? html`<textarea ref=${el} rows=${rows} ...${shared}></textarea>` : html`<input ref=${el} type="text" ...${shared} />`}
        ${!p.plain && p.scope && html`<button type="button" class="btn ghost ico sm holes-in" tabindex="-1" title=${`${t('holes.put')} (Ctrl+Space)`} aria-label=${t('holes.put')}
          @mousedown=${e => { e.preventDefault(); begin(); }}>${icon('code', 13)}</button>`}
        ${open.value && html`<ul ref=${list} class="holes-offer" role="listbox" id=${mine} aria-label=${t('holes.n', { n: found.value.length })}>${found.value.map((it, i) => html`<li key=${it.value} role="option" id=${`${mine}-${i}`}
          aria-selected=${String(i === at.value)} @mousedown=${e => { e.preventDefault(); take(it); }}>${it.hole ? html`<code>${it.label}</code>` : html`<span>${it.label}</span>`}${it.hint && html`<span class="mut sm cut">${it.hint}</span>`}</li>`)}</ul>`}</div>`;
    };
  },
};

// Several values of one kind, shown by their names.
export const Picks = {
  props: ['id', 'value', 'change', 'scope', 'options', 'label', 'invalid', 'describedby'],
  setup(p) {
    const typed = ref(''), list = () => Array.isArray(p.value) ? p.value : [];
    const named = value => p.options?.find(it => it.value === value || it.also === value)?.label ?? String(value);
    const add = value => { const text = value.trim(); typed.value = ''; if (text && !list().includes(text)) p.change([...list(), text]); };
    const change = value => { typed.value = value; if (p.options?.some(it => it.value === value) || /^\{\{.*\}\}$/.test(value)) add(value); };
    const key = e => { if (e.isComposing) return;
      if (e.key === 'Enter' && typed.value.trim()) { e.preventDefault(); add(typed.value); }
      if (e.key === 'Backspace' && !typed.value && list().length) p.change(list().slice(0, -1)); };
    return () => html`<div class="picks" @keydown=${key}>${list().map((value, i) => html`<span class="tag" key=${i}>${named(value)}<button type="button" aria-label=${t('form.remove', { name: named(value) })} @click=${() => p.change(list().filter((_, j) => j !== i))}>${icon('x', 12)}</button></span>`)}
      <${Holes} id=${p.id} value=${typed.value} change=${change} scope=${p.scope} options=${p.options?.filter(it => !list().includes(it.value))} label=${p.label} placeholder=${t('form.token')} invalid=${p.invalid} describedby=${p.describedby} blur=${() => add(typed.value)} /></div>`;
  },
};
