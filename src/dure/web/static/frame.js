// The parts of the frame that views and slices fill: the top bar's title and tools, and sections of the sidebar.
import { onScopeDispose, shallowReactive, shallowRef } from '../vendor/vue.js';
import { html } from './html.js';
import { icon } from './icons.js';
import { num } from './format.js';
import { route } from './router.js';

export const top = shallowRef(null);

// In a view's setup: useTop({title: () => '…' | vnode, tools: () => vnode}). `tools` are the page's own filters and buttons.
export function useTop(parts) {
  top.value = parts;
  onScopeDispose(() => { if (top.value === parts) top.value = null; });
}

export const sections = shallowReactive(new Map());   // group → {items: () => […], action}

// A slice's part of the sidebar: sidebar('channels', {items: () => [{path, label, icon, count, strong, muted}], action: {label, run}})
// `items` reads reactive state, so the list is redrawn by itself; `body` is a component drawn below it instead.
export function sidebar(group, section) { sections.set(group, section); }

// Lines above every page: notices.set('late', () => vnode or null). What a function reads redraws it by itself.
export const notices = shallowReactive(new Map());

export const NavItem = {
  props: ['path', 'label', 'icon', 'count', 'strong', 'muted', 'mark'],
  setup: p => () => html`<a class=${'nav' + (p.strong ? ' strong' : '') + (p.muted ? ' muted' : '')} href=${p.path}
    aria-current=${here(p.path) ? 'page' : null}>${icon(p.icon)}<span class="nav-label">${p.label}</span>
    ${p.mark}${p.count > 0 && html`<span class="n num">${p.count > 99 ? '99+' : num(p.count)}</span>`}</a>`,
};
const here = path => route.path === path || (path !== '/' && route.path.startsWith(path + '/'));
