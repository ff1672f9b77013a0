// A field in which one chooses from a list: one or several, by typing, arrows and Enter, or the mouse.
import { fits, html, icon, nextTick, onScopeDispose, ref, shallowRef, t, watch } from '../web/kit.js';

let serial = 0;

// props: label, placeholder, options [{value, label, note, group}], multi, value (or values), choose(value), most,
// search(text) → options (asked instead of filtering), disabled, invalid, busy
export const Picker = {
  props: ['label', 'placeholder', 'options', 'multi', 'value', 'choose', 'most', 'search', 'minimum', 'disabled', 'invalid', 'shown', 'described'],
  setup(p) {
    const id = `pick${++serial}`, open = ref(false), typed = ref(''), at = ref(0), place = ref(''), root = ref(), field = ref(), list = ref();
    const found = shallowRef(null), failed = ref(''), asking = ref(false);
    const values = () => p.multi ? p.value ?? [] : p.value == null ? [] : [p.value];
    const same = (a, b) => (a?.value ?? a) === (b?.value ?? b);
    const chosen = option => values().some(one => same(one, option.value));
    const name = value => p.shown?.(value) ?? (p.options ?? []).find(one => same(one.value, value))?.label ?? value?.text?.text ?? String(value?.value ?? value);
    const full = () => p.multi && p.most && values().length >= p.most;
    const shown = () => p.search ? found.value ?? [] : (p.options ?? []).filter(one => !typed.value || fits(`${one.label} ${one.note ?? ''}`, typed.value));
    let timer = 0, turn = 0;
    async function look() {
      if (!p.search) return;
      const mine = ++turn;
      if (typed.value.length < (p.minimum ?? 0)) { found.value = null; return; }
      asking.value = true; failed.value = '';
      try { const got = await p.search(typed.value); if (mine === turn) found.value = got; } catch (error) { if (mine === turn) { found.value = []; failed.value = error.told ?? error.message; } } finally { if (mine === turn) asking.value = false; }
    }
    watch(typed, () => { at.value = 0; clearTimeout(timer); timer = setTimeout(look, 220); });
    onScopeDispose(() => { clearTimeout(timer); document.removeEventListener('pointerdown', outside, true); });
    function settle() {
      const b = root.value.getBoundingClientRect(), height = Math.min(list.value?.offsetHeight ?? 260, 300);
      const below = b.bottom + height + 8 < innerHeight || b.top < height;
      place.value = `left:${Math.max(8, Math.min(b.left, innerWidth - Math.max(b.width, 240) - 8))}px;${below ? `top:${b.bottom + 4}px` : `bottom:${innerHeight - b.top + 4}px`};min-width:${Math.max(b.width, 240)}px`;
    }
    async function show() {
      if (p.disabled || open.value) return;
      open.value = true; at.value = Math.max(0, shown().findIndex(chosen));
      document.addEventListener('pointerdown', outside, true);
      look();
      await nextTick(); settle(); field.value?.focus();
    }
    function hide(back = true) {
      if (!open.value) return;
      open.value = false; typed.value = '';
      document.removeEventListener('pointerdown', outside, true);
      if (back) nextTick(() => root.value?.querySelector('.bk-pick-open')?.focus());
    }
    const outside = event => { if (!root.value?.contains(event.target) && !list.value?.contains(event.target)) hide(false); };
    function take(option) {
      if (!option) return;
      if (!p.multi) { p.choose(option.value); hide(); return; }
      if (chosen(option)) p.choose(values().filter(one => !same(one, option.value)));
      else if (!full()) p.choose([...values(), option.value]);
    }
    function key(event) {
      if (event.isComposing) return;
      const all = shown(), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) { event.preventDefault(); at.value = (at.value + step + all.length) % Math.max(1, all.length); nextTick(() => list.value?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })); }
      else if (event.key === 'Enter') { event.preventDefault(); take(all[at.value]); }
      else if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); hide(); }
      else if (event.key === 'Tab') hide(false);
      else if (event.key === 'Backspace' && !typed.value && p.multi && values().length) p.choose(values().slice(0, -1));
    }
    const tags = () => values().map(one => html`<span class="tag" key=${one?.value ?? one}>${name(one)}<button type="button" aria-label=${t('form.remove', { name: name(one) })} disabled=${p.disabled} @click=${event => { event.stopPropagation(); p.choose(values().filter(x => !same(x, one))); }}>${icon('x', 12)}</button></span>`);
    const note = text => html`<li class="bk-pick-note mut sm" role="presentation">${text}</li>`;
    const entries = () => {
      const all = shown(), out = [];
      all.forEach((option, i) => {
        if (option.group && option.group !== all[i - 1]?.group) out.push(html`<li key=${'g' + i} class="bk-pick-group mut sm" role="presentation">${option.group}</li>`);
        out.push(html`<li key=${i} id=${`${id}-${i}`} role="option" class="bk-pick-option" aria-selected=${String(i === at.value)} aria-checked=${p.multi ? String(chosen(option)) : null} aria-disabled=${p.multi && full() && !chosen(option) ? 'true' : null}
          @mousemove=${() => { at.value = i; }} @mousedown=${event => { event.preventDefault(); take(option); }}>
          <span class="bk-pick-mark">${chosen(option) && icon('check', 14)}</span><span class="grow"><span>${option.label}</span>${option.note && html`<span class="mut sm bk-pick-about">${option.note}</span>`}</span></li>`);
      });
      if (asking.value) out.push(note(t('ch.pick.asking')));
      else if (failed.value) out.push(html`<li class="bk-pick-note poor sm" role="alert">${failed.value}</li>`);
      else if (!all.length) out.push(note(p.search && found.value === null ? t('ch.pick.type', { n: p.minimum ?? 1 }) : t('ch.pick.none')));
      return out;
    };
    return () => html`<span class=${'bk-pick' + (p.invalid ? ' wrong' : '')} ref=${root}>
      ${p.multi && html`<span class="bk-pick-tags">${tags()}</span>`}
      <button type="button" class="input bk-pick-open" disabled=${p.disabled} aria-haspopup="listbox" aria-expanded=${String(open.value)} aria-label=${p.label} aria-describedby=${p.described} aria-invalid=${p.invalid ? 'true' : null} @click=${() => open.value ? hide() : show()} @keydown=${event => { if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); show(); } }}>
        <span class=${'cut grow' + (values().length && !p.multi ? '' : ' mut')}>${!p.multi && values().length ? name(p.value) : p.placeholder || t('form.choose')}</span>
        ${!p.multi && values().length && p.most !== 0 ? html`<span class="bk-pick-clear" role="presentation" title=${t('ch.pick.clear')} @click=${event => { event.stopPropagation(); p.choose(null); }}>${icon('x', 12)}</span>` : null}${icon('down', 14)}</button>
      ${open.value && html`<span class="bk-pick-list" ref=${list} style=${place.value}><input ref=${field} class="input" type="text" role="combobox" aria-expanded="true" aria-controls=${id} aria-activedescendant=${`${id}-${at.value}`} aria-label=${t('ch.pick.filter')} placeholder=${t('ch.pick.filter')} value=${typed.value} @input=${event => { typed.value = event.target.value; }} @keydown=${key} />
        <ul id=${id} role="listbox" aria-label=${p.label} aria-multiselectable=${p.multi ? 'true' : null}>${entries()}</ul></span>`}</span>`;
  },
};
