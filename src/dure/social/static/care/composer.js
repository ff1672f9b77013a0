// Where one writes: a reply to the customer, or a note for colleagues. What was typed stays on this device until it is
// sent, with the key under which it is sent at most once and what was on the screen when it was begun.
import { api, html, icon, Menu, modKey, nextTick, openDialog, ref, remember, state, t, toast, watch } from '../../web/kit.js';
import { networkName } from '../words.js';
import { Others } from './presence.js';
import { Stop } from './stop.js';
import { askedAt, fitting, Suggest } from './suggest.js';
import './words.js';

const AFTER = ['waiting', 'resolved', 'open'];
const place = id => 'care.draft.' + id;

// props: talk, answers (whether its source can), people [{id, name, title}], names, saved [saved replies], after (state), typing(), sent(answer), manage(text), put (gets {use(text, {draft}), focus(mode), saved()})
export const Composer = {
  props: ['talk', 'answers', 'people', 'names', 'saved', 'after', 'typing', 'sent', 'manage', 'put'],
  setup(p) {
    const mode = ref('reply'), it = ref(blank()), note = ref(''), busy = ref(false), offered = ref(null), at = ref(0), box = ref();
    const called = new Map();   // as written in the note → user id
    function blank() { return { text: '', key: crypto.randomUUID(), seen: null, saved: null, draft: null }; }
    watch(() => p.talk.id, id => { it.value = remember(place(id)) ?? blank(); note.value = ''; mode.value = p.answers ? 'reply' : 'note'; offered.value = null; }, { immediate: true });
    const keep = () => remember(place(p.talk.id), it.value.text ? it.value : null);
    const text = () => mode.value === 'reply' ? it.value.text : note.value;
    const newer = () => mode.value === 'reply' && it.value.text.trim() && it.value.seen !== null && p.talk.said_seq > it.value.seen;

    function write(value, more = {}) {
      if (mode.value === 'note') { note.value = value; return; }
      // The words answer what stood on the screen when they were begun.
      it.value = { ...it.value, text: value, seen: value.trim() ? it.value.seen ?? p.talk.said_seq : null, ...more, ...(value.trim() ? {} : { saved: null, draft: null }) };
      keep();
    }
    function typed(event) {
      write(event.target.value);
      if (event.target.value.trim() && mode.value === 'reply') p.typing();
      const asked = askedAt(event.target.value, event.target.selectionStart);
      offered.value = asked && (asked.sign === '@') === (mode.value === 'note') ? asked : null; at.value = 0;
    }
    const items = () => !offered.value ? [] : offered.value.sign === '@' ? fitting(p.people.map(one => ({ value: one.id, title: one.name, about: one.title })), offered.value.word)
      : fitting(savedFor().map(one => ({ value: one.id, title: one.title, hint: '/' + one.shortcut, about: one.text })), offered.value.word);
    // The conversation's own language first.
    const savedFor = () => [...p.saved].sort((a, b) => (b.language === p.talk.language) - (a.language === p.talk.language));
    const caret = async where => { await nextTick(); box.value?.focus(); box.value?.setSelectionRange(where, where); };

    async function pick(one) {
      const { from, word, sign } = offered.value, before = text().slice(0, from), after = text().slice(from + 1 + word.length);
      offered.value = null;
      if (sign === '@') { called.set(one.title, one.value); write(`${before}@${one.title} ${after}`); await caret(from + one.title.length + 2); return; }
      await insert(one.value, before, after);
    }
    async function insert(id, before = it.value.text, after = '') {
      try {
        const { text: filled } = await api.get(`/saved-replies/${id}/filled`, { query: { conversation: p.talk.id }, quiet: true });
        write(before + filled + after, { saved: id }); await caret(before.length + filled.length);
      } catch (error) {
        const missing = p.saved.find(one => one.id === id)?.text ?? '';
        if (error.code !== 'invalid' || !missing) { toast.error(error); return; }
        // What is not known is left as it stands, for a person to write.
        toast(t('care.missing', { name: t('care.v.' + error.field) }), { kind: 'warn' });
        write(before + missing + after, { saved: id }); await caret((before + missing).search(/\{\{/));
      }
    }
    async function send(then) {
      if (busy.value || !text().trim()) return;
      if (mode.value === 'note') return keepNote();
      busy.value = true;
      const mine = it.value, id = p.talk.id;
      try {
        const hole = /\{\{[^{}]*\}\}/.exec(mine.text);
        if (hole) { toast(t('care.missing', { name: hole[0] }), { kind: 'warn' }); await caret(hole.index); return; }
        await deliver(id, mine, then);
      } finally { busy.value = false; }
    }
    async function deliver(id, mine, then) {
      try {
        const answer = await api.post(`/conversations/${id}/replies`, { text: mine.text, key: mine.key, seen: mine.seen ?? p.talk.said_seq, then: then ?? '', saved: mine.saved, draft: mine.draft });
        remember(place(id), null);
        if (p.talk.id === id) it.value = blank();
        p.sent(answer);
      } catch (error) {
        if (error.code === 'conflict' && error.field === 'seen') {
          p.sent(null);
          if (await openDialog(Stop, { newer: error.data.newer })) return deliver(id, { ...mine, seen: error.data.said_seq }, then);
          it.value = { ...mine, seen: error.data.said_seq }; keep();
        } else if (error.status === 0) toast(t('care.gone'), { kind: 'warn' });
        else toast.error(error);
      }
    }
    async function keepNote() {
      busy.value = true;
      let said = note.value;
      for (const [name, id] of [...called].sort((a, b) => b[0].length - a[0].length)) said = said.replaceAll('@' + name, `<@${id}>`);
      try { await api.post(`/conversations/${p.talk.id}/notes`, { text: said }); note.value = ''; called.clear(); p.sent(null); } catch (error) { toast.error(error); } finally { busy.value = false; }
    }
    function key(event) {
      if (event.isComposing) return;
      const found = items();
      if (offered.value && ['ArrowDown', 'ArrowUp', 'Enter', 'Tab', 'Escape'].includes(event.key) && (found.length || event.key === 'Escape')) {
        event.preventDefault(); event.stopPropagation();
        if (event.key === 'Escape') offered.value = null;
        else if (event.key.startsWith('Arrow')) at.value = (at.value + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % found.length;
        else pick(found[at.value]);
        return;
      }
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); send(event.shiftKey ? 'resolved' : undefined); }
      if (event.key === 'Escape') { event.preventDefault(); box.value?.blur(); }
    }
    const focus = async to => { mode.value = p.answers ? to : 'note'; await nextTick(); box.value?.focus(); };
    p.put?.({ focus, use: async (said, more = {}) => { if (!p.answers) return; mode.value = 'reply'; write(said, more); await caret(said.length); },
      saved: async () => { if (!p.answers) return; await focus('reply'); const before = it.value.text && !/\s$/.test(it.value.text) ? it.value.text + ' ' : it.value.text; write(before + '/'); await caret(before.length + 1); offered.value = { sign: '/', word: '', from: before.length }; at.value = 0; } });
    return () => {
      const reply = mode.value === 'reply', who = p.talk.author || p.talk.handle || t('care.customer');
      const tab = (name, label) => html`<button type="button" role="tab" aria-selected=${String(mode.value === name)} disabled=${name === 'reply' && !p.answers} class=${mode.value === name ? 'on' : ''} @click=${() => focus(name)}>${label}</button>`;
      const label = reply ? t('care.replyto', { name: who, network: networkName(p.talk.network, state.lang) }) : t('care.notefor');
      return html`<div class=${'care-composer' + (reply ? '' : ' note')}>${offered.value && html`<${Suggest} items=${items()} at=${at.value} pick=${pick} none=${reply ? null : '–'} make=${reply ? () => p.manage('') : null} />`}
        <div class="row care-tabs" role="tablist">${tab('reply', t('care.reply'))}${tab('note', t('care.note'))}<span class="grow"></span><${Others} id=${p.talk.id} names=${p.names} /></div>
        ${!p.answers && html`<p class="mut sm care-mute">${t('care.mute')}</p>`}
        ${newer() && html`<div class="care-newer-bar row" role="alert">${icon('warn', 14)}<span class="grow">${t('care.newer')}</span><button type="button" class="btn sm" @click=${() => { it.value = { ...it.value, seen: p.talk.said_seq }; keep(); }}>${t('care.sawit')}</button></div>`}
        <textarea ref=${box} class="care-box" rows="3" aria-label=${label} placeholder=${label} value=${text()} readonly=${busy.value} @input=${typed} @keydown=${key} @blur=${() => { offered.value = null; }}></textarea>
        <div class="row care-sends"><span class="mut sm cut">${t(reply ? 'care.replyhint' : 'care.notehint')}</span><span class="grow"></span><kbd class="mut">${modKey} ↵</kbd>
          ${reply && html`<${Menu} cls="btn sm" label=${t('care.then')} icon="more" items=${[...AFTER.map(one => ({ label: t('care.then.' + one), run: () => send(one), disabled: !it.value.text.trim() })), null, { label: t(it.value.text.trim() ? 'care.savethis' : 'care.manage'), icon: 'reply', run: () => p.manage(it.value.text) }]} />`}
          <button type="button" class="btn pri sm care-send" disabled=${busy.value || !text().trim()} @click=${() => send()}>${icon(reply ? 'send' : 'check', 14)}${reply ? t('care.then.' + p.after) : t('care.keep')}</button></div></div>`;
    };
  },
};
