// Ctrl/⌘-K: go to any page, do any offered action, find anything a slice offers.
//   offer('deals', async (text, signal) => [{title, hint, icon, path | run}], {ko: '딜', en: 'Deals'})
import { computed, nextTick, ref, shallowReactive, shallowRef, watch } from '../vendor/vue.js';
import { boot } from './state.js';
import { Dialog } from './dialog.js';
import { html } from './html.js';
import { icon } from './icons.js';
import { go } from './router.js';
import { inLang, t, words } from './words.js';

words({
  ko: { 'palette.title': '검색 또는 이동', 'palette.hint': '어디로 갈까요? 초성으로도 찾습니다', 'palette.none': '“{text}”(을/를) 찾지 못했습니다',
    'palette.pages': '화면', 'palette.acts': '동작', 'palette.busy': '찾는 중…' },
  en: { 'palette.title': 'Search or jump to', 'palette.hint': 'Where to?', 'palette.none': 'Nothing found for “{text}”',
    'palette.pages': 'Pages', 'palette.acts': 'Actions', 'palette.busy': 'Searching…' },
});

const providers = shallowReactive(new Map()), actions = shallowReactive([]);
const open = ref(false);

// `recent`: it is asked before anything is typed too, and offers what was used last.
export function offer(name, find, title, { recent } = {}) { providers.set(name, { find, title, recent }); return () => providers.delete(name); }
// acts([{title: () => '…' | {ko, en}, icon, run}]): things to do that are always offered.
export function acts(list) { actions.push(...list); return () => { for (const it of list) actions.splice(actions.indexOf(it), 1);
  }; }
export function openPalette() { open.value = true; }

const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const initials = text => [...text].map(c => { const i = c.charCodeAt(0) - 0xac00;
  return i >= 0 && i < 11172 ? INITIALS[Math.floor(i / 588)] : c; }).join('');
// How well a text fits what was typed: 0 not at all; a beginning is better than a middle; ㄷㅅ finds 딜 상세.
export function fits(text, typed) {
  const a = text.toLowerCase(), b = typed.trim().toLowerCase();
  if (!b) return 1;
  const i = a.indexOf(b);
  if (i >= 0) return i === 0 ? 3 : /\s/.test(a[i - 1]) ? 2.5 : 2;
  if (/^[ㄱ-ㅎ]+$/.test(b) && initials(a).replace(/\s/g, '').includes(b)) return 1.5;
  return 0;
}

const Box = {
  setup() {
    const text = ref(''), at = ref(0), found = shallowRef([]), busy = ref(false), list = ref();
    const close = () => { open.value = false; };
    const own = computed(() => {
      const pages = (boot.pages ?? []).filter(p => p.group && !p.path.includes('{')).map(p => ({ id: 'p' + p.name, title: inLang(p.title), other: Object.values(p.title).join(' '), icon: p.icon, path: p.path, hint: p.key && `g ${p.key}`, group: t('palette.pages') }));
      const things = actions.map((a, i) => ({ id: 'a' + i, title: typeof a.title === 'function' ? a.title() : inLang(a.title), other: '', icon: a.icon, run: a.run, group: t('palette.acts') }));
      return [...pages, ...things].map(x => ({ ...x, fit: Math.max(fits(x.title, text.value), fits(x.other, text.value) * 0.9) })).filter(x => x.fit).sort((a, b) => text.value ? b.fit - a.fit : 0);
    });
    // What slices find says how well it fits (`fit`, as `fits` counts); the group with the best is first, pages before equals.
    const items = computed(() => {
      const pages = own.value.filter(x => x.group === t('palette.pages')), best = list => Math.max(0, ...list.map(x => x.fit ?? 1.5));
      const groups = [pages, ...Map.groupBy(found.value, x => x.group).values()];
      return [...(text.value ? groups.sort((a, b) => best(b) - best(a)) : [...groups.slice(1), pages]).flat(), ...own.value.filter(x => x.group === t('palette.acts'))];
    });
    let timer, running;
    watch(text, value => {
      at.value = 0; clearTimeout(timer); running?.abort();
      busy.value = !!value.trim();
      timer = setTimeout(async () => {
        const mine = running = new AbortController();
        const answers = await Promise.all([...providers].filter(([, { recent }]) => value.trim() || recent).map(async ([name, { find, title }]) => {
          try { return (await find(value.trim(), mine.signal)).slice(0, 6).map((x, i) => ({ ...x, id: name + i + (x.path ?? x.title), group: inLang(title ?? name) }));
            } catch { return []; }
        }));
        if (running === mine) { found.value = answers.flat(); busy.value = false; }
      }, value ? 120 : 0);
    }, { immediate: true });
    watch(at, () => nextTick(() => list.value?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })));
    const pick = it => { if (!it) return; close(); nextTick(() => it.path ? go(it.path) : it.run?.()); };
    function key(e) {
      const n = items.value.length;
      if (e.isComposing) return;
      if (e.key === 'ArrowDown' && n) at.value = (at.value + 1) % n;
      else if (e.key === 'ArrowUp' && n) at.value = (at.value + n - 1) % n;
      else if (e.key === 'Enter') pick(items.value[at.value]);
      else return;
      e.preventDefault();
    }
    return () => {
      let group = '';
      return html`<${Dialog} bare=${true} label=${t('palette.title')} onClose=${close}><div class="palette"><div class="palette-in">
        ${icon('find')}<input autofocus role="combobox" aria-expanded="true" aria-controls="palette-list"
        aria-activedescendant=${items.value[at.value] ? 'pal-' + at.value : null}
        aria-label=${t('palette.title')} placeholder=${t('palette.hint')} autocomplete="off" spellcheck="false" value=${text.value}
          @input=${e => { text.value = e.target.value; }} @keydown=${key} /><kbd>Esc</kbd></div>
        <ul id="palette-list" ref=${list} role="listbox" aria-label=${t('palette.title')}>${items.value.map((it, i) => {
          const first = it.group !== group; group = it.group;
          return html`${first && html`<li class="sec" role="presentation" key=${'g' + it.group}>${it.group}</li>`}<li
            key=${it.id} id=${'pal-' + i} role="option" aria-selected=${String(i === at.value)} @mousemove=${() => { at.value = i;
            }} @click=${() => pick(it)}>${icon(it.icon ?? 'arrow')}<span>${it.title}</span>${it.hint && html`<span
            class="mut sm hint">${it.hint}</span>`}</li>`;
        })}${!items.value.length && html`<li class="none mut" role="presentation">
          ${busy.value ? t('palette.busy') : t('palette.none', { text: text.value })}</li>`}</ul></div><//>`;
    };
  },
};

export const Palette = { setup: () => () => open.value ? html`<${Box} />` : null };
