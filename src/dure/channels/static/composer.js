// Where one writes: Enter sends, Shift+Enter breaks the line, a half-typed syllable is left alone; drafts are kept.
import { html, icon, modKey, nextTick, onMounted, onScopeDispose, ref, shallowRef, t, toast, watch } from '../web/kit.js';
import { Choices, choices, wantedAt } from './completion.js';
import * as kept from './drafts.js';
import { EmojiPicker } from './emoji_picker.js';
import { encode } from './encoding.js';
import { FORMATS, format, formatOf, looksLikeCode, nextItem, put } from './formatting.js';
import { Waiting } from './guarded.js';
import { mounts } from './mounts.js';
import { channelNames } from './rooms.js';
import { mrkdwn } from './text.js';

const LIMIT = 40_000, FENCE = '```';
let next = 1;

// props: channel, thread, label, people (whom one may mention), groups, everybody (false: nobody calls all), send({text, files, broadcast}), focus, hint,
// ran(): after a command, broadcast: offers to post a reply in the channel too, last(): edits one's last message; false where there is none.
export const Composer = {
  props: ['channel', 'thread', 'label', 'people', 'groups', 'everybody', 'send', 'ran', 'focus', 'hint', 'broadcast', 'last', 'escape'],
  setup(p, { expose }) {
    const id = `ch-choices-${next++}`;
    const text = ref(''), field = ref(), at = ref(0), wanted = shallowRef(null), commands = shallowRef([]);
    const bar = ref(false), preview = ref(false), smileys = ref(false), smile = ref(), also = ref(false), form = ref();
    const upload = mounts.useUpload?.(p.channel, p.thread);
    const place = () => kept.placeOf(p.channel, p.thread);
    let mentions = new Map();   // what stands in the text → what it means

    // -- the draft
    function adopt() {
      const draft = kept.drafts[place()];
      text.value = draft?.text ?? '';
      mentions = new Map(draft?.mentions ?? []);
      nextTick(grow);
    }
    const keep = () => kept.write(place(), text.value, [...mentions].filter(([shown]) => text.value.includes(shown)));
    const other = () => kept.drafts[place()]?.other;
    function takeOther() {
      text.value = [text.value.trim(), other()].filter(Boolean).join('\n\n');
      keep(); kept.settle(place()); nextTick(() => { grow(); field.value?.focus(); });
    }
    adopt();
    watch(place, adopt);
    // Another device went on with it.
    watch(() => kept.drafts[place()]?.text, now => { if ((now ?? '') !== text.value) adopt(); });

    // -- writing
    function grow() {
      const el = field.value;
      if (!el) return;
      el.style.height = 'auto';
      el.style.height = Math.min(el.scrollHeight, innerHeight * 0.4) + 'px';
    }
    onMounted(() => {
      grow();
      if (p.focus) field.value?.focus({ preventScroll: true });
      mounts.slashCommands?.().then(list => { commands.value = list; }).catch(toast.error);
    });
    function look() {
      const el = field.value;
      wanted.value = el && el.selectionStart === el.selectionEnd ? wantedAt(el.value, el.selectionStart) : null;
      at.value = 0;
    }
    const found = () => choices(wanted.value, { people: p.people, commands: commands.value, groups: p.groups, everybody: p.everybody });
    function choose(one) {
      const el = field.value;
      el.setSelectionRange(wanted.value.start, el.selectionStart);
      wanted.value = null;
      if (one.means) mentions.set(one.shown, one.means);
      put(el, one.shown + ' ');
    }
    const typed = event => {
      text.value = event.target.value;
      grow(); look(); keep();
      if (text.value.trim()) mounts.tellTyping?.(p.channel, p.thread);
    };
    const insertEmoji = name => { smileys.value = false; put(field.value, `:${name}: `); };

    // -- sending
    async function submit() {
      const body = encode(text.value, mentions), files = upload?.ids() ?? [];
      if (upload?.busy || upload?.failed) { toast(t('ch.attach.wait'), { kind: 'bad' }); return; }
      if (!body && !files.length) return;
      if (body.length > LIMIT) { toast(t('ch.toolong', { n: LIMIT }), { kind: 'bad' }); return; }
      if (mounts.isCommand?.(text.value)) {
        const line = text.value;
        emptied();
        try { await mounts.runCommand(p.channel, line, p.thread); p.ran?.(); } catch (error) { text.value = line; keep(); toast.error(error); }
        return;
      }
      const sent = { text: body, files, names: upload?.names() ?? [], broadcast: also.value };
      emptied();
      p.send(sent);
    }
    function emptied() {
      text.value = ''; mentions = new Map(); wanted.value = null; preview.value = false; also.value = false;
      upload?.clear();
      kept.clear(place());
      nextTick(grow);
    }

    // -- keys. While a syllable is being composed keys belong to the input method. Some methods end it with the same
    // Enter and then ask for a line break: that break is the Enter one meant.
    let entered = false;
    function key(event) {
      if (event.isComposing || event.keyCode === 229) { entered = event.code === 'Enter' && !event.shiftKey; return; }
      entered = false;
      const list = found();
      if (list.length) {
        const by = { ArrowDown: 1, ArrowUp: list.length - 1 }[event.key];
        if (by) { event.preventDefault(); at.value = (at.value + by) % list.length; return; }
        if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') { event.preventDefault(); choose(list[at.value]); return; }
        if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); wanted.value = null; return; }
      }
      const kind = formatOf(event);
      if (kind) { event.preventDefault(); event.stopPropagation(); format(field.value, kind); return; }
      if (event.key === 'Enter' && event.shiftKey && nextItem(field.value)) { event.preventDefault(); return; }
      if (event.key === 'Enter' && !event.shiftKey && !event.altKey) { event.preventDefault(); submit(); return; }
      if (event.key === 'ArrowUp' && !text.value && !event.altKey && p.last?.()) event.preventDefault();
      if (event.key === 'Escape' && p.escape) { event.preventDefault(); event.stopPropagation(); p.escape(event); }
    }
    function breaks(event) {
      if (event.inputType !== 'insertLineBreak' || !entered) return;
      entered = false;
      event.preventDefault();
      submit();
    }

    // -- what is pasted and dropped
    function paste(event) {
      if (upload) mounts.takePaste?.(event, upload);
      if (event.defaultPrevented) return;
      const pasted = event.clipboardData?.getData('text/plain').replace(/\r\n?/g, '\n') ?? '';
      if (!looksLikeCode(pasted) || (text.value.slice(0, field.value.selectionStart).split(FENCE).length - 1) % 2) return;
      event.preventDefault();
      const start = field.value.selectionStart, lead = start && text.value[start - 1] !== '\n' ? '\n' : '';
      put(field.value, `${lead}${FENCE}\n${pasted.replace(/\n$/, '')}\n${FENCE}\n`);
    }
    let stopDrops;
    onMounted(() => { if (upload) stopDrops = mounts.takeDrops?.(form.value.closest('.ch-main, .ch-pane') ?? form.value, () => upload); });

    onScopeDispose(() => { keep(); stopDrops?.(); });
    expose({ focus: () => field.value?.focus(), add: files => upload?.add(files), empty: () => !text.value });

    const tool = ([name, picture, , shown]) => html`<button key=${name} type="button" class="btn ghost ico sm" tabindex="-1"
      aria-label=${t('ch.format.' + name)}
      title=${`${t('ch.format.' + name)} (${modKey} ${shown})`} @mousedown=${event => event.preventDefault()}
        @click=${() => format(field.value, name)}>${icon(picture, 15)}</button>`;
    const tools = () => html`<div class="ch-composer-foot">
      <button type="button" class="btn ghost ico sm" aria-label=${t('ch.format')} title=${t('ch.format')} aria-pressed=${String(bar.value)}
        @click=${() => { bar.value = !bar.value; field.value.focus(); }}>${icon('letters', 15)}</button>
      <button ref=${smile} type="button" class="btn ghost ico sm" aria-label=${t('ch.emoji.put')} title=${t('ch.emoji.put')}
        aria-expanded=${String(smileys.value)} @click=${() => { smileys.value = !smileys.value; }}>${icon('smile', 15)}</button>
      <button type="button" class="btn ghost ico sm" aria-label=${t('ch.mention')} title=${t('ch.mention')}
        @click=${() => put(field.value, /\S$/.test(text.value.slice(0, field.value.selectionStart)) ? ' @' : '@')}>${icon('at', 15)}</button>
      ${upload && mounts.AttachButton && html`<${mounts.AttachButton} upload=${upload} />`}
      <button type="button" class="btn ghost ico sm" aria-label=${t('ch.preview')} title=${t('ch.preview')}
        aria-pressed=${String(preview.value)} disabled=${!text.value.trim()} @click=${() => { preview.value = !preview.value; }}>
          ${icon('eye', 15)}</button>
      ${p.broadcast && html`<label class="ch-also sm">
        <input type="checkbox" checked=${also.value} @change=${event => { also.value = event.target.checked; }} />${p.broadcast}
          </label>`}<span class="grow"></span>
      ${mounts.ScheduleMenu && html`<${mounts.ScheduleMenu} channel=${p.channel} thread=${p.thread}
        text=${() => encode(text.value, mentions)} done=${emptied} />`}
      <button type="submit" class="btn pri ico sm ch-send" aria-label=${t('ch.send')} title=${t('ch.send.key')}
        disabled=${!text.value.trim() && !upload?.items.length}>${icon('send', 15)}</button></div>`;

    return () => {
      const list = found();
      return html`<${Waiting} channel=${p.channel} thread=${p.thread} /><form ref=${form} class="ch-compose" @submit=${event => { event.preventDefault(); submit(); }}>
        ${list.length > 0 && html`<${Choices} id=${id} items=${list} at=${at.value} choose=${choose} />`}
        ${other() && html`<div class="ch-other sm" role="status">${icon('copy', 14)}<span class="cut grow">
          ${t('ch.draft.other')} “${other()}”</span>
          <button type="button" class="btn sm" @click=${takeOther}>${t('ch.draft.take')}</button>
            <button type="button" class="btn ghost sm" @click=${() => kept.settle(place())}>${t('ch.discard')}</button></div>`}
        ${p.hint && html`<div class="ch-hint sm">${icon('globe', 13)}<span>${p.hint}</span></div>`}
        ${bar.value && html`<div class="ch-bar" role="toolbar" aria-label=${t('ch.format')}>${FORMATS.map(tool)}</div>`}
        ${preview.value && html`<div class="ch-preview ch-text" aria-label=${t('ch.preview')}>
          ${mrkdwn(encode(text.value, mentions), p.people, channelNames.value)}</div>`}
        <textarea ref=${field} rows="1" value=${text.value} placeholder=${p.label} aria-label=${p.label} title=${t('ch.newline')}
          role="combobox" aria-autocomplete="list"
          aria-expanded=${String(list.length > 0)} aria-controls=${id}
            aria-activedescendant=${list.length ? `${id}-${at.value}` : null} enterkeyhint="send"
          @input=${typed} @keydown=${key} @beforeinput=${breaks} @click=${look} @paste=${paste}
            @blur=${() => { wanted.value = null; }}></textarea>
        ${upload && mounts.UploadTray && html`<${mounts.UploadTray} upload=${upload} />`}${tools()}
        ${smileys.value && html`<${EmojiPicker} under=${smile.value} pick=${insertEmoji}
          close=${() => { smileys.value = false; field.value?.focus(); }} />`}</form>`;
    };
  },
};
