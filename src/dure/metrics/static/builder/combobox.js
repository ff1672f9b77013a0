// A name chosen by typing. The list helps; what is not in it may be used as typed unless `strict`.
//   html`<${Combobox} label="…" value=${v} list=${() => eventNames()} change=${v => …} first=${[{value: '*', label: '…'}]} />`
// `list()` gives {items: [{value, label, hint, n}], loading, error} and is only called once the field is opened.
import { computed, html, nextTick, onUnmounted, ref, short, t, watch } from '../../web/kit.js';
import { fits } from '../../web/palette.js';
import './words.js';

const MOST = 120;
let serial = 0;

export const Combobox = {
  props: ['value', 'label', 'placeholder', 'list', 'first', 'change', 'strict', 'show', 'read', 'wrong', 'clears', 'mono'],
  setup(p) {
    const id = `cb${++serial}`, el = ref(), box = ref(), open = ref(false), typed = ref(null), at = ref(-1), place = ref('');
    const source = () => open.value || p.strict && p.value ? p.list() : null;
    const labelOf = it => it.label ?? p.show?.(it.value) ?? it.value;
    const written = () => {
      if (p.value === undefined || p.value === null || p.value === '') return '';
      const known = [...(p.first ?? []), ...(p.strict ? source()?.items ?? [] : [])].find(it => it.value === p.value);
      return known ? labelOf(known) : p.show?.(p.value) ?? p.value;
    };
    const shown = computed(() => {
      if (!open.value) return [];
      const items = [...(p.first ?? []), ...(source()?.items ?? [])], text = typed.value ?? '';
      if (!text.trim()) return items.slice(0, MOST);
      return items.map((it, i) => ({ it, i, fit: Math.max(fits(labelOf(it), text), labelOf(it) === it.value ? 0 : fits(it.value, text)) }))
        .filter(found => found.fit > 0).sort((a, b) => b.fit - a.fit || a.i - b.i).slice(0, MOST).map(found => found.it);
    });
    // What was typed is offered as it is, unless the list has it.
    const asIs = computed(() => {
      const text = typed.value?.trim();
      return text && !p.strict && !shown.value.some(it => it.value === text || labelOf(it) === text) ? text : null;
    });
    const last = () => shown.value.length - (asIs.value ? 0 : 1);

    function put() {
      const r = el.value?.getBoundingClientRect();
      if (!r) return;
      const width = Math.min(Math.max(r.width, 260), innerWidth - 16), below = innerHeight - r.bottom, up = below < 260 && r.top > below;
      const left = Math.max(8, Math.min(r.left, innerWidth - width - 8)), high = Math.min(320, (up ? r.top : below) - 12);
      place.value = `left:${left}px;width:${width}px;max-height:${high}px;${up ? `bottom:${innerHeight - r.top + 3}px` : `top:${r.bottom + 3}px`}`;
    }
    function show() {
      if (open.value) return;
      open.value = true;
      at.value = -1;
      put();
      addEventListener('scroll', put, true);
      addEventListener('resize', put);
      nextTick(() => { const i = shown.value.findIndex(it => it.value === p.value); if (i >= 0) move(i); });
    }
    function hide() {
      open.value = false;
      typed.value = null;
      at.value = -1;
      removeEventListener('scroll', put, true);
      removeEventListener('resize', put);
    }
    onUnmounted(hide);
    watch(() => p.value, () => { typed.value = null; });

    function move(i) {
      at.value = i;
      nextTick(() => box.value?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }));
    }
    function give(value) {
      hide();
      if (value !== p.value) p.change(value);
    }
    const pick = i => give(i < shown.value.length ? shown.value[i].value : read(asIs.value));
    const read = text => p.read?.(text) ?? text;
    // What was typed and not chosen counts when the field is left: it is what the reader sees there.
    function leave() {
      const text = typed.value;
      if (text === null) return hide();
      if (!text.trim()) return give(p.clears === false ? p.value : '');
      const exact = shown.value.find(it => labelOf(it) === text.trim() || it.value === text.trim());
      if (exact) return give(exact.value);
      return p.strict ? hide() : give(read(text.trim()));
    }
    function key(e) {
      if (e.isComposing || e.keyCode === 229) return;
      const to = { ArrowDown: at.value + 1, ArrowUp: at.value < 0 ? last() : at.value - 1, PageDown: at.value + 8, PageUp: at.value - 8 }[e.key];
      if (to !== undefined && !e.altKey) {
        e.preventDefault();
        if (open.value) move(Math.max(0, Math.min(last(), to))); else show();
      } else if (e.key === 'Enter') {
        if (e.ctrlKey || e.metaKey) return;
        e.preventDefault();
        if (open.value && at.value >= 0) pick(at.value);
        else if (open.value && typed.value?.trim() && shown.value.length && (p.strict || fits(labelOf(shown.value[0]), typed.value) >= 2)) pick(0);
        else leave();
      } else if (e.key === 'Escape' && open.value) {
        e.preventDefault();
        e.stopPropagation();
        hide();
        el.value.value = written();
      }
    }
    const option = (it, i) => html`<li id=${id + i} key=${it.value} role="option" aria-selected=${String(i === at.value)}
      class=${it.value === p.value ? 'now' : ''} @mousedown=${e => e.preventDefault()} @click=${() => pick(i)}>
      <span class="cb-name">${labelOf(it)}</span>${it.hint && html`<span class="mut sm">${it.hint}</span>`}
      ${it.n != null && html`<span class="mut sm num cb-n">${short(it.n)}</span>`}</li>`;
    const list = () => {
      const names = source();
      return html`<ul ref=${box} class="cb-list" id=${id} role="listbox" aria-label=${p.label} style=${place.value}>${shown.value.map(option)}
        ${asIs.value && html`<li id=${id + shown.value.length} role="option" aria-selected=${String(at.value === shown.value.length)} class="cb-asis"
          @mousedown=${e => e.preventDefault()} @click=${() => give(read(asIs.value))}>${t('b.asis', { text: asIs.value })}</li>`}
        ${!shown.value.length && !asIs.value && html`<li class="cb-none mut" role="presentation">
          ${names?.loading ? t('b.loading') : names?.error ? t('b.failed') : t('b.nofit')}</li>`}</ul>`;
    };
    return () => html`<span class="cb"><input ref=${el} class=${'input' + (p.mono ? ' mono' : '')} type="text" role="combobox"
      autocomplete="off" spellcheck="false"
      aria-label=${p.label} aria-expanded=${String(open.value)} aria-controls=${open.value ? id : null} aria-autocomplete="list"
        aria-invalid=${p.wrong ? 'true' : null}
      aria-activedescendant=${open.value && at.value >= 0 ? id + at.value : null} placeholder=${p.placeholder ?? p.label} title=${written()}
      value=${typed.value ?? written()} @click=${show} @focus=${e => e.target.select()} @blur=${leave} @keydown=${key}
      @input=${e => { typed.value = e.target.value; show(); at.value = -1; }} />${open.value && list()}</span>`;
  },
};

// Several names: those chosen as tags, and a field for the next.
export const Several = {
  props: ['values', 'label', 'placeholder', 'list', 'change', 'wrong'],
  setup: p => () => html`<div class="b-several">${(p.values ?? []).map(v => html`<span class="tag" key=${v}>${v}<button type="button"
    aria-label=${`${t('b.remove')}: ${v}`}
    @click=${() => p.change(p.values.filter(x => x !== v))}>×</button></span>`)}
    <${Combobox} label=${p.label} placeholder=${p.placeholder ?? t('b.values')} value="" list=${p.list} wrong=${p.wrong}
      change=${v => { if (v && !(p.values ?? []).includes(v)) p.change([...(p.values ?? []), v]); }} /></div>`,
};
