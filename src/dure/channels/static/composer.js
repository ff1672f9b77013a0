// Where one writes: Enter sends, Shift+Enter breaks the line, a half-typed syllable is left alone; drafts are kept.
import { Avatar, fits, html, icon, nextTick, onMounted, onScopeDispose, ref, remember, t, toast, watch } from '../web/kit.js';
import { escape } from './text.js';
import { tellTyping } from './presence.js';

const LIMIT = 40_000;
const drafts = remember('drafts') ?? {};

// props: place (the draft's name), label, people (whom one may mention), send(text)
export const Composer = {
  props: ['place', 'label', 'people', 'send', 'focus'],
  setup(p, { expose }) {
    const text = ref(drafts[p.place]?.text ?? ''), field = ref(), at = ref(0), typed = ref(null);
    const mentions = new Map(drafts[p.place]?.mentions ?? []);   // what stands in the text → user id
    const keep = () => {
      if (text.value.trim()) drafts[p.place] = { text: text.value, mentions: [...mentions] }; else delete drafts[p.place];
      remember('drafts', drafts);
    };
    const grow = () => { const el = field.value; if (el) { el.style.height = 'auto'; el.style.height = Math.min(el.scrollHeight, innerHeight * 0.4) + 'px'; } };
    onMounted(() => { grow(); if (p.focus) field.value?.focus({ preventScroll: true }); });
    watch(() => p.place, (now, before) => { if (before !== now) { text.value = drafts[now]?.text ?? ''; mentions.clear(); for (const [k, v] of drafts[now]?.mentions ?? []) mentions.set(k, v); nextTick(grow); } });
    let timer = 0;
    const keepSoon = () => { clearTimeout(timer); timer = setTimeout(keep, 300); };
    onScopeDispose(() => { clearTimeout(timer); keep(); });

    const found = () => typed.value === null ? [] : Object.values(p.people ?? {}).filter(one => !one.deleted && (fits(one.name, typed.value) || !typed.value)).sort((a, b) => fits(b.name, typed.value) - fits(a.name, typed.value)).slice(0, 6);
    function look() {
      const before = field.value.value.slice(0, field.value.selectionStart);
      const m = /(?:^|\s)@([\p{L}\p{N}]*)$/u.exec(before);
      typed.value = m ? m[1] : null;
      at.value = 0;
    }
    function choose(one) {
      const el = field.value, end = el.selectionStart, start = end - typed.value.length - 1, name = '@' + one.name;
      text.value = text.value.slice(0, start) + name + ' ' + text.value.slice(end);
      mentions.set(name, one.id); typed.value = null; keepSoon();
      nextTick(() => { el.focus(); el.selectionStart = el.selectionEnd = start + name.length + 1; });
    }
    function encoded() {
      let out = escape(text.value.trim());
      for (const [name, id] of [...mentions].sort((a, b) => b[0].length - a[0].length)) out = out.replaceAll(escape(name), `<@${id}>`);
      return out;
    }
    function submit() {
      const body = encoded();
      if (!body) return;
      if (body.length > LIMIT) { toast(t('ch.toolong', { n: LIMIT }), { kind: 'bad' }); return; }
      const line = text.value.trim();
      text.value = ''; mentions.clear(); typed.value = null; keep();
      nextTick(grow);
      p.send(body, line);
    }
    function key(e) {
      if (e.isComposing || e.keyCode === 229) return;
      const list = found();
      if (list.length) {
        if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { e.preventDefault(); at.value = (at.value + (e.key === 'ArrowDown' ? 1 : list.length - 1)) % list.length; return; }
        if ((e.key === 'Enter' && !e.shiftKey) || e.key === 'Tab') { e.preventDefault(); choose(list[at.value]); return; }
        if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); typed.value = null; return; }
      }
      if (e.key === 'Enter' && !e.shiftKey) { e.preventDefault(); submit(); }
    }
    expose({ focus: () => field.value?.focus() });
    return () => html`<form class="ch-compose" @submit=${e => { e.preventDefault(); submit(); }}>
      ${found().length > 0 && html`<ul class="ch-mentions" role="listbox" aria-label=${t('ch.mention')}>${found().map((one, i) => html`<li key=${one.id} role="option" aria-selected=${String(i === at.value)} @mousedown=${e => { e.preventDefault(); choose(one); }}><${Avatar} name=${one.name} seed=${one.id} size="s" />${one.name}<span class="mut sm cut">${one.org || one.title}</span></li>`)}</ul>`}
      <textarea ref=${field} rows="1" value=${text.value} placeholder=${p.label} aria-label=${p.label} title=${t('ch.newline')} @input=${e => { text.value = e.target.value; grow(); look(); keepSoon(); if (text.value.trim()) tellTyping(...p.place.split('/')); }} @keydown=${key} @blur=${() => { typed.value = null; }}></textarea>
      <button type="submit" class="btn pri ico" aria-label=${t('ch.send')} disabled=${!text.value.trim()}>${icon('send')}</button></form>`;
  },
};
