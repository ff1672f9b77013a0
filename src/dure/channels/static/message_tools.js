// What can be done with one message: the row of buttons at its corner, and the same by single keys.
import { api, boot, html, icon, Menu, ref, t, toast } from '../web/kit.js';
import { remove } from './deletion.js';
import { editing } from './editing.js';
import { emoji } from './emoji.js';
import { EmojiPicker } from './emoji_picker.js';
import { mounts } from './mounts.js';
import { react } from './reactions.js';
import { seen } from './rooms.js';

const QUICK = ['+1', 'eyes', 'white_check_mark'];

export const mine = m => m.user === boot.me.id;
export const canEdit = m => mine(m) && !m.deleted && !m.ephemeral && !m.blocks?.length;
const canDelete = (m, admin) => (mine(m) || admin) && !m.deleted && !m.ephemeral;

export function addressOf(m) {
  const thread = m.thread_ts && m.thread_ts !== m.ts ? `&thread=${m.thread_ts}` : '';
  return `${location.origin}/channels/${m.channel}?ts=${m.ts}${thread}`;
}

export async function copyText(text, done) {
  try { await navigator.clipboard.writeText(text); toast(done); } catch (error) { toast.error(error); }
}

// From here on it is unread again.
export async function markUnread(m) {
  const [seconds, micros] = m.ts.split('.');
  const before = micros === '000000' ? `${Number(seconds) - 1}.999999` : `${seconds}.${String(Number(micros) - 1).padStart(6, '0')}`;
  try { await api.post(`/channels/${m.channel}/read`, { ts: before }); seen(m.channel, before); } catch (error) { toast.error(error); }
}

// The keys of a message that has the focus by the keyboard (one that was clicked has it too, and nobody means a key
// then), by the place of a letter.
export function keyOf(event, m, { canWrite, admin, opened, unread, pick }) {
  if (event.target !== event.currentTarget || !event.currentTarget.matches(':focus-visible') || event.metaKey || event.ctrlKey || event.altKey) return;
  const act = {
    KeyE: () => canWrite && canEdit(m) && (() => { editing.value = m.ts; }),
    KeyT: () => opened && (() => opened(m.thread_ts ?? m.ts)), ArrowRight: () => opened && (() => opened(m.thread_ts ?? m.ts)),
    KeyR: () => canWrite && pick, KeyU: () => unread && (() => unread(m)),
    KeyL: () => () => copyText(addressOf(m), t('ch.copied')), Delete: () => canWrite && canDelete(m, admin) && (() => remove(m)),
  }[event.code]?.();
  if (!act) return;
  event.preventDefault(); event.stopPropagation();
  act();
}

// props: m, thread (in a thread's pane), canWrite, admin, opened(ts), unread(m), picking (ref: the emoji table is open)
export const Tools = {
  props: ['m', 'thread', 'canWrite', 'admin', 'opened', 'unread', 'picking', 'pick'],
  setup(p) {
    const smile = ref();
    const more = () => {
      const m = p.m, shortcuts = mounts.messageShortcuts?.(m) ?? [];
      return [
        { label: t('ch.copy'), icon: 'link', hint: 'L', run: () => copyText(addressOf(m), t('ch.copied')) },
        { label: t('ch.copy.text'), icon: 'copy', run: () => copyText(m.text.replace(/&(lt|gt|amp);/g, (_, c) => ({ lt: '<', gt: '>', amp: '&' })[c]), t('ch.copied.text')) },
        ...(p.unread ? [{ label: t('ch.mark.unread'), icon: 'eye', hint: 'U', run: () => p.unread(m) }] : []),
        ...(mounts.pin && p.canWrite ? [{ label: t(m.pinned ? 'ch.unpin' : 'ch.pin'), icon: 'flag', run: () => mounts.pin(m, !m.pinned) }] : []),
        ...(mounts.remind ? [{ label: t('ch.remind'), icon: 'clock', run: () => mounts.remind(m) }] : []),
        ...(p.canWrite && canEdit(m) ? [null, { label: t('ch.edit'), icon: 'edit', hint: 'E', run: () => { editing.value = m.ts; } }] : []),
        ...(p.canWrite && canDelete(m, p.admin) ? [{ label: t('ch.delete'), icon: 'trash', hint: 'Del', danger: true, run: () => remove(m) }] : []),
        ...(shortcuts.length ? [null, ...shortcuts.map(one => ({ icon: 'bolt', ...one }))] : []),
      ];
    };
    return () => html`<div class="ch-tools" role="toolbar" aria-label=${t('ch.message')}>
      ${p.canWrite && html`${QUICK.map(name => html`<button key=${name} type="button" class="btn ghost ico sm"
        aria-label=${`${t('ch.react')} :${name}:`} title=${`:${name}:`} @click=${() => react(p.m, name)}>${emoji(name)}</button>`)}
        <button ref=${smile} type="button" class="btn ghost ico sm" aria-label=${t('ch.react')} title=${`${t('ch.react')} (R)`}
          aria-expanded=${String(p.picking)} @click=${() => p.pick(!p.picking)}>${icon('smile')}</button>`}
      ${!p.thread && html`<button type="button" class="btn ghost ico sm ch-reply" aria-label=${t('ch.reply')}
        title=${`${t('ch.reply')} (T)`} @click=${() => p.opened(p.m.thread_ts ?? p.m.ts)}>${icon('thread')}</button>`}
      <${Menu} label=${t('ch.more')} icon="more" cls="btn ghost ico sm" items=${more()} />
      ${p.picking && html`<${EmojiPicker} under=${smile.value} pick=${name => { p.pick(false); react(p.m, name); }}
        close=${() => p.pick(false)} />`}</div>`;
  },
};
