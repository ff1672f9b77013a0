// One message: who, when, what, reactions, its thread, and what can be done with it.
import { ago, Avatar, boot, html, icon, ref, t, time, dateTime } from '../web/kit.js';
import { attachments, blocks } from './blocks.js';
import { hidden } from './deletion.js';
import { Edit, editing } from './editing.js';
import { keyOf, Tools } from './message_tools.js';
import { mounts } from './mounts.js';
import { Reactions } from './reactions.js';
import { channelNames } from './rooms.js';
import { mrkdwn } from './text.js';
import { guardOf, Said } from './guarded.js';

// props: m, people, compact, thread (in the thread pane), canWrite, admin, opened(ts), unread(m), dismiss(m), highlight
export const Message = {
  props: ['m', 'people', 'compact', 'thread', 'canWrite', 'admin', 'opened', 'unread', 'dismiss', 'highlight'],
  setup(p) {
    // Buttons are drawn for the message under the pointer or with the focus only: a screen has sixty messages.
    const near = ref(false), picking = ref(false), self = ref();
    const pick = on => { picking.value = on ?? true; if (on !== false) near.value = true; else self.value?.focus({ preventScroll: true }); };
    const leave = event => { if (!picking.value && !self.value?.contains(event.relatedTarget) && !self.value?.querySelector('[aria-expanded=true]')) near.value = false; };
    const key = event => keyOf(event, p.m, { canWrite: p.canWrite, admin: p.admin, opened: p.thread ? null : p.opened, unread: p.unread, pick });

    const edited = m => m.edited_at && (mounts.openEdits
      ? html` <button type="button" class="mut ch-edited" title=${dateTime(m.edited_at)}
        @click=${() => mounts.openEdits(m, p.people)}>(${t('ch.edited')})</button>`
      : html` <span class="mut ch-edited" title=${dateTime(m.edited_at)}>(${t('ch.edited')})</span>`);
    const said = m => {
      if (m.deleted) return html`<p class="mut ch-gone">${t('ch.deleted')}</p>`;
      if (editing.value === m.ts) return html`<${Edit} m=${m} people=${p.people} />`;
      const names = channelNames.value, place = { channel: m.channel, ts: m.ts, app: m.app }, beside = [...(m.attachments ?? []), ...(m.unfurls ?? [])];
      return html`${m.blocks?.length ? html`${blocks(m.blocks, p.people, names, place)}
        ${edited(m)}` : m.text && html`<div class="ch-text">${mrkdwn(m.text, p.people, names)}${edited(m)}</div>`}
        ${beside.length > 0 && attachments(beside, p.people, names, place, m.blocks?.length ?? 0)}
        ${m.files?.length > 0 && mounts.FileCards && html`<${mounts.FileCards} files=${m.files} channel=${m.channel} canWrite=${p.canWrite} />`}`;
    };
    const summary = m => html`<button type="button" class="ch-thread" @click=${() => p.opened(m.ts)}>
      ${m.reply_users.slice(0, 4).map(id => html`<${Avatar} key=${id} name=${p.people[id]?.name ?? id} seed=${id} size="s" />`)}
      <b>${t('ch.replies', { n: m.reply_count })}</b><span class="mut">${t('ch.last', { when: ago(m.latest_reply) })}</span>
        <span class="mut ch-thread-go">${t('ch.thread.open')}</span></button>`;
    const below = m => {
      const replies = !p.thread && m.reply_count > 0;
      return html`${m.reactions?.length > 0 && html`<div class="ch-below">
        <${Reactions} m=${m} people=${p.people} canWrite=${p.canWrite} /></div>`}${replies && html`<div class="ch-below">${summary(m)}</div>`}`;
    };
    const above = m => {
      if (m.ephemeral) return html`<div class="ch-above mut sm">${icon('eye', 13)}
        ${t('ch.only.you')} · <button type="button" class="link" @click=${() => p.dismiss?.(m)}>${t('ch.dismiss')}</button></div>`;
      if (m.broadcast && !p.thread) return html`<div class="ch-above mut sm">${icon('thread', 13)}
        <button type="button" class="link" @click=${() => p.opened(m.thread_ts)}>${t('ch.broadcast')}</button></div>`;
      return m.pinned && html`<div class="ch-above sm ch-pinned">${icon('flag', 13)}${t('ch.pinned')}</div>`;
    };
    const from = who => who?.org && html`<span class="tag ch-org" title=${t('ch.external')}>${icon('globe', 12)}${who.org}</span>`;
    // What somebody does (/me) is told in one line with their name.
    const act = (m, who, name) => html`<div class="ch-text mut"><b class="ch-actor">${name}</b>${from(who)}${' '}
      ${mrkdwn(m.text, p.people, channelNames.value)}${edited(m)}${' '}<time class="sm" title=${dateTime(m.ts)}>${time(m.ts)}</time></div>`;
    const head = (m, who, name) => html`<div class="ch-head"><b>${name}</b>${from(who)}
      ${(m.app || who?.bot) && html`<span class="tag ch-app">${t('ch.bot')}</span>`}
      ${who?.guest && !who.org && html`<span class="tag">${t('ch.guest')}</span>`}
      ${m.brought && html`<span class="tag" title=${t('ch.brought')}>Slack</span>`}
      ${mounts.statusOf?.(m.user)?.emoji}<time class="mut sm" title=${dateTime(m.ts)}>${time(m.ts)}</time></div>`;

    return () => {
      const m = p.m;
      if (hidden.has(m.ts)) return null;
      const isAct = m.subtype === 'me_message' && !m.deleted && !m.blocks?.length && editing.value !== m.ts;
      const who = p.people[m.user], name = m.username || who?.name || m.user;
      const kind = (p.compact ? ' compact' : '') + (p.highlight ? ' lit' : '') + (who?.org ? ' ext' : '') + (m.ephemeral ? ' whisper' : '') + (m.pinned ? ' pinned' : '') + (near.value ? ' near' : '');
      return html`<article class=${'ch-msg' + kind} ref=${self} data-ts=${m.ts} data-row tabindex="-1" aria-label=${`${name}, ${time(m.ts)}`}
        @mouseenter=${() => { near.value = true; }} @mouseleave=${leave} @focusin=${() => { near.value = true; }}
          @focusout=${leave} @keydown=${key}>
        ${p.compact ? html`<time class="ch-gutter" datetime=${m.ts} title=${dateTime(m.ts)}>${time(m.ts)}
          </time>` : html`<${Avatar} name=${name} seed=${m.user} />`}
        <div class="ch-body">${above(m)}${isAct ? act(m, who, name) : html`${!p.compact && head(m, who, name)}${said(m)}`}${below(m)}</div>
        ${near.value && !m.deleted && !m.ephemeral && editing.value !== m.ts && html`<${Tools} m=${m}
          thread=${p.thread} canWrite=${p.canWrite} admin=${p.admin} opened=${p.opened} unread=${p.unread} picking=${picking.value}
            pick=${pick} />`}</article>`;
    };
  },
};

const LINES = 3;   // this many lines about the channel are shown; more are folded

const sentence = ({ m, count }, people) => {
  const name = people[m.user]?.name ?? m.user;
  return {
    channel_join: () => count > 1 ? t('ch.joined.n', { name, n: count - 1 }) : t('ch.joined', { name }),
    channel_leave: () => t('ch.left', { name }),
    channel_topic: () => t('ch.topic.set', { name, text: m.text }),
    channel_purpose: () => t('ch.purpose.set', { name, text: m.text }),
    channel_name: () => t('ch.name.set', { name, text: m.text }),
  }[m.subtype]?.() ?? m.text;
};

// Lines about comings and goings. props: lines [{m, count}], people
export const Notes = {
  props: ['lines', 'people'],
  setup(p) {
    const open = ref(false);
    const line = it => html`<div class="ch-note mut sm" key=${it.m.ts} data-ts=${it.m.ts}>${sentence(it, p.people)} <time>
      ${time(it.m.ts)}</time></div>`;
    return () => {
      const folded = !open.value && p.lines.length > LINES;
      return html`<div class="ch-notes">${folded && html`<button type="button" class="link sm ch-unfold"
        @click=${() => { open.value = true; }}>${t('ch.notes.more', { n: p.lines.length - 1 })}</button>`}
        ${(folded ? p.lines.slice(-1) : p.lines).map(line)}</div>`;
    };
  },
};

// What is on its way, or did not arrive. props: it, again(it), drop(it)
export function Pending({ it, again, drop }) {
  const text = it.text.replace(/&(lt|gt|amp);/g, (_, c) => ({ lt: '<', gt: '>', amp: '&' })[c]);
  return html`<div class=${'ch-msg ch-pending' + (it.state === 'failed' ? ' bad' : '')}>
    <${Avatar} name=${boot.me.name} seed=${boot.me.id} /><div class="ch-body"><p class="ch-text">${text}</p>
      ${it.names?.length > 0 && html`<p class="mut sm">${icon('paper-clip', 13)} ${it.names.join(', ')}</p>`}
    ${it.state === 'failed' ? html`<div class="row sm wrap">${guardOf(it.why) ? html`<${Said} guard=${guardOf(it.why)} />` : html`<span class="poor">
      ${t('ch.failed')}</span>`}
      ${guardOf(it.why)?.action !== 'refuse' && html`<button type="button" class="btn sm" @click=${() => again(it)}>
        ${t(guardOf(it.why) ? 'gd.anyway' : 'ch.again')}</button>`}
        <button type="button" class="btn ghost sm" @click=${() => drop(it)}>${t('ch.discard')}</button></div>`
      : html`<span class="mut sm">${t(it.state === 'waiting' ? 'ch.waiting' : 'ch.sending')}</span>`}</div></div>`;
}
Pending.props = ['it', 'again', 'drop'];
