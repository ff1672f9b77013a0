// A filter of the search: a button that opens a list to choose from, with a field to narrow it where it is long.
import { fits, html, icon, nextTick, onUnmounted, ref, t } from '../web/kit.js';

// props: label, icon, value (what is chosen, as shown), items () => [{key, label, hint, icon, run}], clear(), find (placeholder), empty
export const Chip = {
  props: ['label', 'icon', 'value', 'items', 'clear', 'find', 'cls'],
  setup(p, { slots }) {
    const open = ref(false), typed = ref(''), at = ref(0), box = ref(), button = ref(), all = ref([]);
    const shown = () => {
      const list = all.value.map(it => ({ ...it, fit: fits(`${it.label} ${it.hint ?? ''}`, typed.value) })).filter(it => it.fit);
      return (typed.value ? list.sort((a, b) => b.fit - a.fit) : list).slice(0, 50);
    };
    async function show() {
      open.value = true; typed.value = ''; at.value = 0;
      document.addEventListener('pointerdown', outside, true);
      all.value = [];
      nextTick(() => box.value?.querySelector('input, [role=option]')?.focus());
      all.value = await p.items();
      nextTick(() => { if (!p.find) box.value?.querySelector('[role=option]')?.focus(); });
    }
    function hide(refocus = true) { open.value = false; document.removeEventListener('pointerdown', outside, true); if (refocus) button.value?.focus(); }
    const outside = e => { if (!box.value?.contains(e.target) && !button.value?.contains(e.target)) hide(false); };
    onUnmounted(() => document.removeEventListener('pointerdown', outside, true));
    function choose(it) { if (!it) return; hide(); it.run(); }
    function key(e) {
      if (e.isComposing) return;
      const n = shown().length, date = e.target.type === 'date';
      if (e.key === 'ArrowDown' && n && !date) at.value = (at.value + 1) % n;
      else if (e.key === 'ArrowUp' && n && !date) at.value = (at.value + n - 1) % n;
      else if (e.key === 'Enter' && !date) choose(shown()[at.value]);
      else if (e.key === 'Escape') hide();
      else return;
      e.preventDefault(); e.stopPropagation();
      nextTick(() => box.value?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }));
    }
    return () => html`<span class="se-chip"><button ref=${button} type="button" class=${'btn sm' + (p.value ? ' on' : '')} aria-haspopup="listbox" aria-expanded=${String(open.value)}
        @click=${() => open.value ? hide() : show()} @keydown=${e => { if (e.key === 'ArrowDown' && !open.value) { e.preventDefault(); show(); } }}>${icon(p.icon, 14)}<span class="cut">${p.value || p.label}</span>${!p.value && icon('down', 12)}</button>
      ${p.value && html`<button type="button" class="btn ghost ico sm" aria-label=${t('se.clear', { what: p.label })} title=${t('se.clear', { what: p.label })} @click=${() => p.clear()}>${icon('x', 12)}</button>`}
      ${open.value && html`<div ref=${box} class="se-pop" @keydown=${key}>
        ${p.find && html`<input class="input" value=${typed.value} placeholder=${p.find} aria-label=${p.find} autocomplete="off" spellcheck="false" @input=${e => { typed.value = e.target.value; at.value = 0; }} />`}
        <ul role="listbox" aria-label=${p.label}>${shown().map((it, i) => html`<li key=${it.key} role="option" tabindex="-1" aria-selected=${String(i === at.value)} @mousemove=${() => { at.value = i; }} @click=${() => choose(it)}>${icon(it.icon ?? 'tag', 14)}<span class="cut">${it.label}</span>${it.hint && html`<span class="mut sm hint cut">${it.hint}</span>`}</li>`)}
          ${!shown().length && html`<li class="none mut" role="presentation">${t('se.nochoice')}</li>`}</ul>${slots.default?.({ hide })}</div>`}</span>`;
  },
};
