// Reactions below a message: what, how many, who; pressing one adds or takes back one's own.
import { api, boot, html, icon, listed, ref, t, toast } from '../web/kit.js';
import { emoji, usedEmoji } from './emoji.js';
import { EmojiPicker } from './emoji_picker.js';

const MOST_NAMES = 12;

export const pathOf = m => `/channels/${m.channel}/messages/${m.ts}`;

export async function react(m, name) {
  const on = m.reactions.find(r => r.name === name)?.users.includes(boot.me.id);
  if (!on) usedEmoji(name);
  try { await api[on ? 'del' : 'put'](`${pathOf(m)}/reactions/${encodeURIComponent(name)}`); } catch (error) { toast.error(error); }
}

function who(reaction, people) {
  const names = reaction.users.map(id => id === boot.me.id ? t('ch.me.you') : people[id]?.name ?? id);
  const shown = names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), t('ch.others', { n: names.length - MOST_NAMES })] : names;
  return t('ch.reacted', { names: listed(shown), emoji: `:${reaction.name}:` });
}

// props: m, people, canWrite
export const Reactions = {
  props: ['m', 'people', 'canWrite'],
  setup(p) {
    const open = ref(false), plus = ref();
    return () => html`${p.m.reactions.map(r => html`<button key=${r.name} type="button" class="ch-re"
      aria-pressed=${String(r.users.includes(boot.me.id))} disabled=${!p.canWrite}
        aria-label=${who(r, p.people)} @click=${() => react(p.m, r.name)}><span class="ch-emo">${emoji(r.name)}</span> <span class="num">
          ${r.users.length}</span>
        <span class="ch-who" aria-hidden="true"><span>${emoji(r.name)}</span>${who(r, p.people)}</span></button>`)}
      ${p.canWrite && html`<button ref=${plus} type="button" class="ch-re ch-re-add" aria-label=${t('ch.react')} title=${t('ch.react')}
        aria-expanded=${String(open.value)} @click=${() => { open.value = !open.value; }}>${icon('smile', 14)}</button>`}
      ${open.value && html`<${EmojiPicker} under=${plus.value} pick=${name => { open.value = false; react(p.m, name); }}
        close=${() => { open.value = false; plus.value?.focus(); }} />`}`;
  },
};
