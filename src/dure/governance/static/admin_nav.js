// The parts of administration as a list at the side: too many for a row of tabs, and each an address of its own.
import { html } from '../web/kit.js';

export const AdminNav = {
  props: ['groups', 'value', 'change', 'label'],
  setup(p) {
    const all = () => p.groups.flatMap(group => group.items);
    function key(event, at) {
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all().length - 1 }[event.key];
      if (to === undefined) return;
      const it = all()[(to + all().length) % all().length];
      event.preventDefault();
      p.change(it.value);
      event.currentTarget.closest('[role=tablist]').querySelector(`[data-tab="${it.value}"]`)?.focus();
    }
    const one = it => html`<button type="button" role="tab" key=${it.value} data-tab=${it.value} aria-selected=${String(it.value === p.value)} tabindex=${it.value === p.value ? 0 : -1}
      @click=${() => p.change(it.value)} @keydown=${event => key(event, all().indexOf(it))}>${it.label}${it.count != null && html`<span class="mut sm num">${it.count}</span>`}</button>`;
    return () => html`<nav class="admin-nav"><div role="tablist" aria-orientation="vertical" aria-label=${p.label}>${p.groups.filter(group => group.items.length).map(group => html`<div class="admin-group" role="presentation" key=${group.title}><span class="mut sm">${group.title}</span>${group.items.map(one)}</div>`)}</div></nav>`;
  },
};
