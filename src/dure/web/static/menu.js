// A button with a short list of actions.
//   html`<${Menu} label="더 보기" icon="more" items=${[{label, icon, run, href, danger, disabled, checked}, null]} />`   null is a line
import { nextTick, onUnmounted, ref } from '../vendor/vue.js';
import { html } from './html.js';
import { icon } from './icons.js';

export const Menu = {
  props: ['label', 'icon', 'text', 'items', 'cls', 'align'],
  setup(p, { slots }) {
    const open = ref(false), button = ref(), list = ref(), place = ref('');
    const entries = () => [...(list.value?.querySelectorAll('[role^=menuitem]:not([disabled])') ?? [])];
    async function show(last = false) {
      open.value = true;
      document.addEventListener('pointerdown', outside, true);
      await nextTick();
      const b = button.value.getBoundingClientRect(), m = list.value.getBoundingClientRect();
      const below = b.bottom + 4 + m.height < innerHeight || b.top < m.height;
      const left = Math.max(8, Math.min(p.align === 'start' ? b.left : b.right - m.width, innerWidth - m.width - 8));
      place.value = `left:${left}px;top:${Math.max(8, below ? b.bottom + 4 : b.top - m.height - 4)}px`;
      entries().at(last ? -1 : 0)?.focus();
    }
    function hide(refocus = true) { if (!open.value) return; open.value = false;
      document.removeEventListener('pointerdown', outside, true); if (refocus) button.value?.focus(); }
    const outside = e => { if (!list.value?.contains(e.target) && !button.value?.contains(e.target)) hide(false); };
    onUnmounted(() => document.removeEventListener('pointerdown', outside, true));
    function key(e) {
      const all = entries(), at = all.indexOf(document.activeElement);
      const to = { ArrowDown: all[(at + 1) % all.length], ArrowUp: all[(at - 1 + all.length) % all.length], Home: all[0], End: all.at(-1) }[e.key]
        ?? (e.key.length === 1 && !e.ctrlKey && !e.metaKey ? [...all.slice(at + 1), ...all].find(x => x.textContent.trim().toLowerCase().startsWith(e.key.toLowerCase())) : null);
      if (to) { e.preventDefault(); e.stopPropagation(); to.focus(); }
      if (e.key === 'Escape' || e.key === 'Tab') { if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); } hide(); }
    }
    const entry = (it, i) => {
      if (!it) return html`<hr key=${i} />`;
      const inside = html`<span class="menu-icon">${it.checked ? icon('check') : it.icon && icon(it.icon)}</span><span>
        ${it.label}</span>${it.hint && html`<span class="mut sm hint">${it.hint}</span>`}`;
      const role = it.checked === undefined ? 'menuitem' : 'menuitemcheckbox';
      if (it.href) return html`<a key=${i} role=${role} class="menu-item" href=${it.href} tabindex="-1" @click=${() => hide(false)}>
        ${inside}</a>`;
      return html`<button key=${i} type="button" role=${role}
        aria-checked=${it.checked === undefined ? null : String(!!it.checked)} class=${'menu-item' + (it.danger ? ' bad' : '')}
        tabindex="-1" disabled=${it.disabled} @click=${() => { hide(); it.run(); }}>${inside}</button>`;
    };
    return () => html`<span class="menu-at"><button ref=${button} type="button"
      class=${p.cls ?? (p.text || slots.default ? 'btn' : 'btn ghost ico')} aria-label=${p.text ? null : p.label}
      title=${p.text ? null : p.label} aria-haspopup="menu" aria-expanded=${String(open.value)}
        @click=${() => open.value ? hide() : show()}
          @keydown=${e => { if (!open.value && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) { e.preventDefault();
          show(e.key === 'ArrowUp'); } }}>
        ${slots.default?.() ?? html`${p.icon && icon(p.icon)}${p.text}${p.text && icon('down', 14)}`}</button>
      ${open.value && html`<div ref=${list} class="menu" role="menu" aria-label=${p.label ?? p.text} style=${place.value}
        @keydown=${key}>${p.items.map(entry)}</div>`}</span>`;
  },
};
