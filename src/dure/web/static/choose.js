// A searchable list of what there is to choose, in groups. Arrows and Enter, or the pointer.
//   const it = await choose(title, [{group, items: [{value, title, hint, about, icon}]}])   the item, or null
//   choose(title, groups, async text => groups)   where there is more than a list can hold: asked for what is typed
import { computed, nextTick, onUnmounted, ref } from '../vendor/vue.js';
import { Dialog, openDialog } from './dialog.js';
import { html } from './html.js';
import { icon } from './icons.js';
import { fits } from './palette.js';
import { t, words } from './words.js';

words({ ko: { 'choose.find': '찾기', 'choose.none': '맞는 것이 없습니다' }, en: { 'choose.find': 'Find', 'choose.none': 'Nothing fits' } });

export const choose = (title, groups, ask) => openDialog(Choose, { title, groups, ask });
const REST = 250;   // ms without a key before it is asked

const Choose = {
  props: ['title', 'groups', 'ask', 'close'],
  setup(p) {
    const typed = ref(''), at = ref(0), list = ref(), found = ref(null), asking = ref(false);
    let soon = 0;
    onUnmounted(() => clearTimeout(soon));
    function type(text) {
      typed.value = text; at.value = 0; clearTimeout(soon);
      if (!p.ask) return;
      asking.value = true;
      soon = setTimeout(async () => {
        const groups = await p.ask(text.trim()).catch(() => []);
        if (typed.value === text) { found.value = groups; at.value = 0; asking.value = false; }
      }, REST);
    }
    const shown = computed(() => found.value ? found.value.filter(it => it.items.length) : p.groups.map(({ group, items }) => ({ group, items: typed.value.trim() ? items.filter(it => Math.max(fits(it.title, typed.value), fits(it.hint ?? '', typed.value), fits(group, typed.value)) > 0) : items })).filter(it => it.items.length));
    const flat = computed(() => shown.value.flatMap(it => it.items));
    function key(e) {
      if (e.isComposing) return;
      const n = flat.value.length;
      if (!n || !['ArrowDown', 'ArrowUp', 'Enter'].includes(e.key)) return;
      e.preventDefault();
      if (e.key === 'Enter') { p.close(flat.value[at.value]); return; }
      at.value = (at.value + (e.key === 'ArrowDown' ? 1 : n - 1)) % n;
      nextTick(() => list.value?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }));
    }
    return () => { let i = 0; return html`<${Dialog} title=${p.title} wide=${true} onClose=${() => p.close(null)}><div class="choose" @keydown=${key}>
      <input class="input" autofocus type="search" aria-label=${t('choose.find')} placeholder=${t('choose.find')} value=${typed.value} role="combobox" aria-expanded="true" aria-controls="choose-list" @input=${e => type(e.target.value)} />
      <div class="choose-list" ref=${list} id="choose-list" role="listbox" aria-label=${p.title}>${shown.value.map(({ group, items }) => html`<section key=${group}><h3 class="mut sm">${group}</h3><div class="choose-grid">${items.map(it => { const mine = i++; return html`<button type="button" key=${it.value} role="option" tabindex="-1" aria-selected=${String(mine === at.value)} class="choose-one" @click=${() => p.close(it)}>
        <span class="choose-sign">${icon(it.icon, 15)}</span><span class="stack"><b>${it.title}</b>${(it.about || it.hint) && html`<span class="mut sm">${it.about || it.hint}</span>`}</span></button>`; })}</div></section>`)}
      ${!flat.value.length && html`<p class="mut c" role="status">${t(asking.value ? 'state.loading' : 'choose.none')}</p>`}</div></div><//>`; };
  },
};
