// One message: who, when, what, reactions, its thread, and what can be done with it.
import { ago, api, ask, Avatar, boot, html, icon, listed, Menu, nextTick, ref, t, time, dateTime, toast } from '../web/kit.js';
import { attachments, blocks } from './blocks.js';
import { emoji, PICKS } from './emoji.js';
import { remind } from './notifying.js';
import { statusOf } from './presence.js';
import { channelNames } from './rooms.js';
import { escape, mrkdwn } from './text.js';

const QUICK = ['+1', 'eyes', 'white_check_mark'];
const picking = ref(null);   // the message whose emoji are laid out

// props: m, people, compact, thread (in the thread pane), canWrite, changed(message), opened(ts), highlight
export const Message = {
  props: ['m', 'people', 'compact', 'thread', 'canWrite', 'admin', 'opened', 'highlight'],
  setup(p) {
    const editing = ref(null), field = ref();
    const path = () => `/channels/${p.m.channel}/messages/${p.m.ts}`;
    const mine = () => p.m.user === boot.me.id;
    const name = id => p.people[id]?.name ?? id;
    async function react(emojiName) {
      picking.value = null;
      const on = p.m.reactions.find(r => r.name === emojiName)?.users.includes(boot.me.id);
      try { await api[on ? 'del' : 'put'](`${path()}/reactions/${encodeURIComponent(emojiName)}`); } catch (error) { toast.error(error); }
    }
    async function remove() {
      if (!await ask({ title: t('ch.delete'), body: t('ch.delete.ask'), action: t('ch.delete'), danger: true })) return;
      try { await api.del(path()); } catch (error) { toast.error(error); }
    }
    async function copy() {
      const thread = p.m.thread_ts ? `&thread=${p.m.thread_ts}` : '';
      try { await navigator.clipboard.writeText(`${location.origin}/channels/${p.m.channel}?ts=${p.m.ts}${thread}`); toast(t('ch.copied')); } catch (error) { toast.error(error); }
    }
    function edit() { editing.value = p.m.text.replace(/&(lt|gt|amp);/g, (_, c) => ({ lt: '<', gt: '>', amp: '&' })[c]); nextTick(() => { field.value?.focus(); grow(); }); }
    const grow = () => { if (field.value) { field.value.style.height = 'auto'; field.value.style.height = field.value.scrollHeight + 2 + 'px'; } };
    async function save() {
      const text = editing.value.trim();
      if (!text) return;
      try { await api.patch(path(), { text: escape(text).replace(/&lt;(@[UW][A-Z0-9]+|https?:[^&]+)&gt;/g, '<$1>') }); editing.value = null; } catch (error) { toast.error(error); }
    }
    const key = e => {
      if (e.isComposing) return;
      if (e.key === 'Enter' && !e.shiftKey) { e.preventDefault(); save(); }
      if (e.key === 'Escape') { e.stopPropagation(); editing.value = null; }
    };
    const said = () => {
      const m = p.m;
      if (m.deleted) return html`<p class="mut ch-gone">${t('ch.deleted')}</p>`;
      if (editing.value !== null) return html`<div class="ch-edit"><textarea ref=${field} class="input" rows="1" value=${editing.value} aria-label=${t('ch.edit')} @input=${e => { editing.value = e.target.value; grow(); }} @keydown=${key}></textarea>
        <div class="actions"><button type="button" class="btn sm pri" @click=${save}>${t('ch.save')}</button><button type="button" class="btn sm" @click=${() => { editing.value = null; }}>${t('ch.cancel')}</button></div></div>`;
      const names = channelNames.value;
      return html`${m.blocks?.length ? blocks(m.blocks, p.people, names) : html`<div class="ch-text">${mrkdwn(m.text, p.people, names)}${m.edited_at && html` <span class="mut ch-edited">(${t('ch.edited')})</span>`}</div>`}
        ${m.attachments?.length && attachments(m.attachments, p.people, names)}`;
    };
    const tools = () => p.canWrite && !p.m.deleted && html`<div class="ch-tools" role="toolbar">${QUICK.map(q => html`<button key=${q} type="button" class="btn ghost ico sm" aria-label=${`${t('ch.react')} :${q}:`} @click=${() => react(q)}>${emoji(q)}</button>`)}
      <button type="button" class="btn ghost ico sm" aria-label=${t('ch.react')} title=${t('ch.react')} aria-expanded=${String(picking.value === p.m.ts)} @click=${() => { picking.value = picking.value === p.m.ts ? null : p.m.ts; }}>${icon('smile')}</button>
      ${!p.thread && html`<button type="button" class="btn ghost ico sm ch-reply" aria-label=${t('ch.reply')} title=${t('ch.reply')} @click=${() => p.opened(p.m.thread_ts ?? p.m.ts)}>${icon('thread')}</button>`}
      <${Menu} label=${t('ch.more')} icon="more" cls="btn ghost ico sm" items=${[
        { label: t('ch.copy'), icon: 'link', run: copy }, { label: t('pn.remind'), icon: 'clock', run: () => remind(p.m) },
        ...(mine() && !p.m.blocks?.length ? [{ label: t('ch.edit'), icon: 'edit', run: edit }] : []),
        ...(mine() || p.admin ? [null, { label: t('ch.delete'), icon: 'trash', danger: true, run: remove }] : []),
      ]} /></div>`;
    const picker = () => picking.value === p.m.ts && html`<div class="ch-emoji">${PICKS.map(q => html`<button key=${q} type="button" class="btn ghost ico" aria-label=${`:${q}:`} @click=${() => react(q)}>${emoji(q)}</button>`)}</div>`;
    const below = () => (p.m.reactions.length > 0 || (!p.thread && p.m.reply_count > 0)) && html`<div class="ch-below">
      ${p.m.reactions.map(r => html`<button key=${r.name} type="button" class="ch-re" aria-pressed=${String(r.users.includes(boot.me.id))} disabled=${!p.canWrite} title=${listed(r.users.map(name)) + ` :${r.name}:`} @click=${() => react(r.name)}>${emoji(r.name)} <span class="num">${r.users.length}</span></button>`)}
      ${!p.thread && p.m.reply_count > 0 && html`<button type="button" class="ch-thread" @click=${() => p.opened(p.m.ts)}>${p.m.reply_users.slice(0, 3).map(id => html`<${Avatar} key=${id} name=${name(id)} seed=${id} size="s" />`)}<b>${t('ch.replies', { n: p.m.reply_count })}</b><span class="mut">${t('ch.last', { when: ago(p.m.latest_reply) })}</span></button>`}</div>`;
    return () => {
      const m = p.m, who = p.people[m.user], shownName = m.username || who?.name || m.user;
      return html`<article class=${'ch-msg' + (p.compact ? ' compact' : '') + (p.highlight ? ' lit' : '') + (who?.org ? ' ext' : '')} data-ts=${m.ts} data-row tabindex="-1">
        ${p.compact ? html`<time class="ch-gutter" datetime=${m.ts} title=${dateTime(m.ts)}>${time(m.ts)}</time>` : html`<${Avatar} name=${shownName} seed=${m.user} />`}
        <div class="ch-body">${!p.compact && html`<div class="ch-head"><b>${shownName}</b>${who?.org && html`<span class="tag ch-org" title=${t('ch.external')}>${icon('globe', 12)}${who.org}</span>`}${(m.app || who?.bot) && html`<span class="tag ch-app">${t('ch.bot')}</span>`}${who?.guest && !who.org && html`<span class="tag">${t('ch.guest')}</span>`}${statusOf(m.user)?.emoji}<time class="mut sm" title=${dateTime(m.ts)}>${time(m.ts)}</time></div>`}
          ${said()}${below()}${picker()}</div>${tools()}</article>`;
    };
  },
};

// Lines about comings and goings; those of a row of people who joined are told together.
export function Note({ m, people, count }) {
  const name = people[m.user]?.name ?? m.user;
  const text = {
    channel_join: () => count > 1 ? t('ch.joined.n', { name, n: count - 1 }) : t('ch.joined', { name }),
    channel_leave: () => t('ch.left', { name }),
    channel_topic: () => t('ch.topic.set', { name, text: m.text }),
    channel_purpose: () => t('ch.purpose.set', { name, text: m.text }),
    channel_name: () => t('ch.name.set', { name, text: m.text }),
  }[m.subtype]?.() ?? m.text;
  return html`<div class="ch-note mut sm" data-ts=${m.ts}>${text} <time>${time(m.ts)}</time></div>`;
}
Note.props = ['m', 'people', 'count'];
