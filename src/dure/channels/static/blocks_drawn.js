// Blocks for screens of other slices: drawn as in a channel, with nothing behind them that could be pressed.
import { computed, html, reactive } from '../web/kit.js';
import { Blocks } from './blocks.js';

export default {
  props: ['value'],
  setup(p) {
    const none = reactive({}), list = computed(() => (Array.isArray(p.value) ? p.value : []).map(block => ({ ...block })));
    return () => html`<div class="ch-drawn" inert><${Blocks} blocks=${list.value} names=${none} channels=${none} place=${null} /></div>`;
  },
};
