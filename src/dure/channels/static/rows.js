// How each kind of row of a conversation is drawn, and how high it will be where it was not drawn yet.
import { Avatar, boot, date, html, icon, listed, t } from '../web/kit.js';
import { Message, Notes, Pending } from './message.js';
import { label, partners, title } from './rooms.js';

const LINE = 21, ACROSS = 840, WIDE = 13, NARROW = 7.2;   // pixels; Hangul is wider than Latin

function linesOf(text) {
  let lines = 1, x = 0;
  for (let i = 0; i < text.length && lines < 60; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) { lines++; x = 0; continue; }
    x += code > 0x2e80 ? WIDE : NARROW;
    if (x > ACROSS) { lines++; x = 0; }
  }
  return lines;
}

export function guessRow(row) {
  if (row.kind === 'message') {
    const m = row.m;
    return (row.compact ? 3 : 29) + linesOf(m.text) * LINE + (m.blocks?.length ?? 0) * 34 + (m.attachments?.length ?? 0) * 60
      + (m.reactions.length || m.reply_count ? 30 : 0) + (m.files?.length ?? 0) * 70;
  }
  if (row.kind === 'notes') return Math.min(row.lines.length, 3) * 24;
  return { day: 34, unread: 26, begin: 150, more: 120, pending: 62 }[row.kind] ?? 30;
}

export function drawRow(row, c) {
  switch (row.kind) {
    case 'day': return html`<div class="ch-day" role="separator"><span>${date(row.at)}</span></div>`;
    case 'unread': return html`<div class="ch-unread" role="separator"><span>${t('ch.unread')}</span></div>`;
    case 'notes': return html`<${Notes} lines=${row.lines} people=${c.people} />`;
    case 'more': return skeleton(2);
    case 'pending': return html`<${Pending} it=${row.it} again=${c.again} drop=${c.drop} />`;
    case 'begin': return begin(c);
    default: return html`<${Message} m=${row.m} people=${c.people} compact=${row.compact}
      thread=${c.inThread} canWrite=${c.canWrite} admin=${c.admin}
      opened=${c.openThread} unread=${c.room.member ? c.unread : null} dismiss=${c.dismiss} highlight=${c.lit === row.m.ts} />`;
  }
}

// Where a conversation starts: what it is, and while nothing was said the one thing to do.
function begin({ room, people, empty, canWrite, write }) {
  const others = room.people.filter(id => id !== boot.me.id), shared = partners(room);
  return html`<header class="ch-begin">${room.kind !== 'channel' && html`<div class="row">
    ${(others.length ? others : room.people).slice(0, 5).map(id => html`<${Avatar} key=${id} name=${people[id]?.name ?? id}
      seed=${id} />`)}</div>`}
    <h2>${t(room.kind === 'channel' ? 'ch.start' : 'ch.start.direct', { name: room.kind === 'channel' ? title(room, people) : label(room, people) })}</h2>
    ${room.purpose && html`<p class="mut">${room.purpose}</p>`}
    ${shared.length > 0 && html`<p class="row sm">${icon('globe', 14)}${t('ch.shared', { org: listed(shared.map(side => side.org_name)) })}</p>`}
    ${empty && canWrite && html`<p class="mut">${t('ch.empty')}</p><div class="actions">
      <button type="button" class="btn pri" @click=${write}>${icon('edit', 14)}${t('ch.empty.write')}</button></div>`}</header>`;
}

const WIDTHS = [[30, 70], [55, 40], [42, 80], [66, 52], [38, 76], [60, 45], [34, 66], [48, 58]];
export const skeleton = (n = 8) => html`<div class="ch-skel" aria-hidden="true">
  ${WIDTHS.slice(0, n).map(([head, text], i) => html`<div class="ch-msg" key=${i}><span class="av skel"></span>
  <div class="ch-body"><div class="skel" style=${`width:${head / 2}%`}></div><div class="skel" style=${`width:${text}%`}></div>
    </div></div>`)}</div>`;
