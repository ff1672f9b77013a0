// Keyboard: one registry that also writes the help. Letters are read by their place on the keyboard, so they work
// while a Korean input method is on.
// A row without a function only stands in the help.
//   useKeys({ 'mod+k': [fn, 'label'], 'g d': [fn, () => t('…')], ']': [fn, '…'] }, 'deals.keys')
import { onScopeDispose, shallowReactive } from '../vendor/vue.js';

export const registry = shallowReactive([]);   // [{group, name, label, fn, here}]; `here`: of the page that is open
let first = '', firstAt = 0;

export function keys(map, group = 'keys.here', here = false) {
  const rows = Object.entries(map).map(([name, [fn, label]]) => ({ name, fn, label, group, here }));
  registry.push(...rows);
  return () => { for (const row of rows) registry.splice(registry.indexOf(row), 1); };
}

export function useKeys(map, group) { onScopeDispose(keys(map, group, true)); }

export const isTyping = target => !!target?.closest?.('input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable=true]');
export const modKey = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl';

// 'mod+k', 'shift+a', 'g', '?', 'Enter', 'ArrowUp'
export function nameOf(event) {
  const letter = /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : /^Digit\d$/.test(event.code) && !event.shiftKey ? event.code[5] : null;
  const bracket = { BracketLeft: '[', BracketRight: ']' }[event.code];
  const base = letter ?? (event.shiftKey ? event.key : bracket ?? event.key);
  return (event.metaKey || event.ctrlKey ? 'mod+' : '') + (event.altKey ? 'alt+' : '') + (event.shiftKey && letter ? 'shift+' : '') + base;
}

function onKey(event) {
  if (event.isComposing || event.defaultPrevented || ['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return;
  const name = nameOf(event), typing = isTyping(event.target), chorded = name.startsWith('mod+');
  if (typing && !chorded) return;
  // A dialog owns the keyboard while it is open.
  if (document.querySelector('dialog[open]') && !chorded) return;
  const now = Date.now(), pair = first && now - firstAt < 1200 ? `${first} ${name}` : '';
  first = '';
  const row = (pair && registry.findLast(r => r.fn && r.name === pair)) || registry.findLast(r => r.fn && r.name === name);
  if (row) { event.preventDefault(); row.fn(event); return; }
  if (registry.some(r => r.name.startsWith(name + ' '))) { first = name; firstAt = now; }
}

export function startKeys() { addEventListener('keydown', onKey); }

export const shown = name => name.split(' ').map(part => part.split('+').map(k => ({ mod: modKey, shift: '⇧', alt: 'Alt', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', ' ': 'Space' }[k] ?? (k.length === 1 ? k.toUpperCase() : k))));
