// What one slice draws for others without either knowing the other: channels draw messages' blocks, and whoever has blocks
// to show asks for them by that name.
//   draws('blocks', () => import('../channels/blocks_drawn.js'))   a module whose default export is a component with `value`
//   html`<${Drawn} kind="blocks" value=${blocks} plain=${value => vnode} />`   `plain` draws it where nobody else does
import { shallowReactive } from '../vendor/vue.js';
import { html } from './html.js';

const makers = new Map(), ready = shallowReactive(new Map());

export function draws(kind, bring) { makers.set(kind, bring); }

export const Drawn = {
  props: ['kind', 'value', 'plain'],
  setup(p) {
    if (makers.has(p.kind) && !ready.has(p.kind)) {
      ready.set(p.kind, null);
      makers.get(p.kind)().then(module => ready.set(p.kind, module.default), error => { console.error(error); ready.delete(p.kind); });
    }
    return () => ready.get(p.kind) ? html`<${ready.get(p.kind)} value=${p.value} />` : p.plain(p.value);
  },
};
