// A searchable table of emoji: type in Korean or English, arrows move, Enter picks.
import { computed, html, icon, nextTick, onBeforeUnmount, onMounted, ref, t } from '../web/kit.js';
import { emoji, findEmoji, GROUPS, named, recent, usedEmoji } from './emoji.js';

const ACROSS = 9;

// props: pick(name), close(), under: the element it belongs to
export const EmojiPicker = {
  props: ['pick', 'close', 'under'],
  setup(p) {
    const typed = ref(''), at = ref(0), group = ref(''), box = ref(), field = ref(), place = ref('visibility:hidden');
    const list = computed(() => typed.value ? findEmoji(typed.value)
      : group.value ? GROUPS.find(g => g.name === group.value).list : recent().map(named).filter(Boolean));
    const choose = one => { if (!one) return; usedEmoji(one.name); p.pick(one.name); };
    function key(event) {
      if (event.isComposing) return;
      const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: ACROSS, ArrowUp: -ACROSS }[event.key];
      if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); p.close(); return; }
      if (event.key === 'Enter') { event.preventDefault(); choose(list.value[at.value]); return; }
      if (!by || (typed.value && Math.abs(by) === 1 && event.target.selectionStart < typed.value.length)) return;
      event.preventDefault();
      at.value = Math.max(0, Math.min(list.value.length - 1, at.value + by));
      nextTick(() => box.value?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }));
    }
    const outside = event => { if (!box.value?.contains(event.target) && !p.under?.contains(event.target)) p.close(); };
    onMounted(() => {
      document.addEventListener('pointerdown', outside, true);
      const near = p.under?.getBoundingClientRect(), { width, height } = box.value.getBoundingClientRect();
      const left = near ? Math.min(near.left, innerWidth - width - 8) : (innerWidth - width) / 2;
      const top = near ? near.bottom + 4 + height < innerHeight ? near.bottom + 4 : near.top - height - 4 : 80;
      place.value = `left:${Math.max(8, left)}px;top:${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
      nextTick(() => field.value?.focus({ preventScroll: true }));   // what is not placed yet cannot have the focus
    });
    onBeforeUnmount(() => document.removeEventListener('pointerdown', outside, true));
    return () => html`<div class="ch-emoji" ref=${box} style=${place.value} role="dialog" aria-label=${t('ch.react')}>
      <div class="input ch-pickin">${icon('find')}
        <input ref=${field} value=${typed.value} placeholder=${t('ch.emoji.find')} aria-label=${t('ch.emoji.find')}
        aria-controls="ch-emoji-list" autocomplete="off" @input=${event => { typed.value = event.target.value; at.value = 0; }}
          @keydown=${key} /></div>
      <div class="ch-emoji-groups" role="tablist">
        ${[{ name: '', list: [{ char: '🕘' }] }, ...GROUPS].map(g => html`<button key=${g.name} type="button" role="tab"
        aria-selected=${String(!typed.value && group.value === g.name)} title=${t('ch.emoji.' + (g.name || 'recent'))}
          aria-label=${t('ch.emoji.' + (g.name || 'recent'))}
        @click=${() => { group.value = g.name; typed.value = ''; at.value = 0; field.value.focus(); }}>${g.list[0].char}</button>`)}</div>
      <div id="ch-emoji-list" class="ch-emoji-list" role="listbox" aria-label=${t('ch.react')}>
        ${list.value.map((one, i) => html`<button key=${one.name} type="button" role="option" tabindex="-1"
        aria-selected=${String(i === at.value)} aria-label=${`:${one.name}:`} title=${`:${one.name}: ${one.ko}`}
          @mousemove=${() => { at.value = i; }} @click=${() => choose(one)}>${one.char}</button>`)}
        ${!list.value.length && html`<p class="mut sm">${t('ch.nofind')}</p>`}</div>
      <div class="ch-emoji-foot sm"><b>${list.value[at.value]?.char}</b> <span class="cut">
        ${list.value[at.value] && `:${list.value[at.value].name}:`}</span></div></div>`;
  },
};
