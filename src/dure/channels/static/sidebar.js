// The conversations in the sidebar: sections that fold, rows that can be dragged or moved by a menu.
import { askForm, boot, go, html, icon, Menu, NavItem, reactive, route, t, toast } from '../web/kit.js';
import { written } from './drafts.js';
import { mounts } from './mounts.js';
import { label, mark, partners, readAll, rooms } from './rooms.js';
import { addSection, fold, isOwn, layout, move, moveSection, moveWithin, removeSection, rename, sections, sortBy, star, starred, whole } from './sections.js';

const drag = reactive({ room: '', section: '', over: '' });
const end = () => Object.assign(drag, { room: '', section: '', over: '' });
export const nameOf = section => section.name || t('ch.section.' + section.id);

export async function newSection(room) {
  await askForm({ title: t('ch.section.new'), fields: [field()], submitLabel: t('ch.section.add'), submit: values => addSection(values.name.trim(), room) });
}
const field = () => ({ name: 'name', label: t('ch.name'), type: 'text', required: true, max: 80 });
const askName = section => askForm({
  title: t('ch.section.rename'), fields: [field()], values: { name: section.name }, submitLabel: t('ch.save'),
  submit: values => rename(section.id, values.name.trim()),
});

function rowMenu(room, section) {
  const own = section.rooms.includes(room.id), others = whole(layout.sections).filter(x => isOwn(x) && x.id !== section.id);
  return [
    { label: t(starred(room.id) ? 'ch.unstar' : 'ch.star'), icon: 'star', run: () => star(room.id) },
    ...(room.unread ? [{ label: t('ch.mark.read'), icon: 'check', run: () => readAll([room]).catch(toast.error) }] : []),
    ...(own ? [
      { label: t('ch.move.up'), icon: 'up', run: () => moveWithin(room.id, section.id, -1) },
      { label: t('ch.move.down'), icon: 'down', run: () => moveWithin(room.id, section.id, 1) },
    ] : []),
    null,
    ...others.map(x => ({ label: t('ch.move.to', { name: nameOf(x) }), icon: 'list', run: () => move(room.id, x.id) })),
    ...(own && isOwn(section) ? [{ label: t('ch.move.back'), icon: 'undo', run: () => move(room.id, 'channels') }] : []),
    { label: t('ch.move.new'), icon: 'plus', run: () => newSection(room.id) },
  ];
}

function sectionMenu(section) {
  return [
    ...(section.list.some(room => room.unread) ? [{ label: t('ch.read.section'), icon: 'check', run: () => readAll(section.list).catch(toast.error) }] : []),
    { label: t('ch.sort.name'), icon: 'sort', checked: section.sort === 'name', run: () => sortBy(section.id, 'name') },
    { label: t('ch.sort.recent'), icon: 'clock', checked: section.sort === 'recent', run: () => sortBy(section.id, 'recent') },
    ...(isOwn(section) || section.id === 'starred' ? [{ label: t('ch.sort.own'), icon: 'grip', checked: section.sort === 'own', run: () => sortBy(section.id, 'own') }] : []),
    null,
    { label: t('ch.move.up'), icon: 'up', run: () => moveSection(section.id, -1) }, { label: t('ch.move.down'), icon: 'down', run: () => moveSection(section.id, 1) },
    null,
    ...(isOwn(section) ? [
      { label: t('ch.section.rename'), icon: 'edit', run: () => askName(section) },
      { label: t('ch.section.remove'), icon: 'trash', danger: true, run: () => removeSection(section.id) },
    ] : []),
    { label: t('ch.section.new'), icon: 'plus', run: () => newSection() },
  ];
}

// -- dragging: a row onto a row or a section, a section onto a section
function dropped(event, section, before) {
  event.preventDefault(); event.stopPropagation();
  if (drag.room && drag.room !== before) move(drag.room, section.id, before);
  else if (drag.section && drag.section !== section.id) moveSection(drag.section, section.id);
  end();
}
const over = (event, id) => { if (drag.room || drag.section) { event.preventDefault(); event.stopPropagation(); drag.over = id; } };

const badge = room => room.response && room.response.state !== 'waiting' && room.response.state !== 'paused'
  ? html`<span class=${'ch-dot ' + (room.response.state === 'overdue' ? 'bad' : 'warn')} title=${t('ch.state.' + room.response.state)}></span>`
  : written(room.id) && route.path !== `/channels/${room.id}` ? html`<span class="ch-ext" title=${t('ch.draft')}>${icon('edit', 13)}</span>`
  : partners(room).length ? html`<span class="ch-ext"
    title=${t('ch.shared', { org: partners(room).map(side => side.org_name).join(', ') })}>${icon('globe', 13)}</span>` : null;
const dot = room => {
  const other = room.kind === 'im' && room.people.find(id => id !== boot.me.id);
  return other && mounts.Dot && html`<${mounts.Dot} user=${other} />`;
};

const muted = room => mounts.isMuted?.(room.id) ?? false;
const isLoud = room => room.mentions > 0 || (room.kind !== 'channel' && room.unread > 0);
function row(room, section) {
  const grab = event => {
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', room.id);
    drag.room = room.id;
  };
  return html`<div key=${room.id} class=${'ch-nav' + (drag.over === room.id ? ' over' : '') + (isLoud(room) ? ' loud' : '')} draggable="true"
    data-room=${room.id} @dragstart=${grab} @dragend=${end} @dragover=${event => over(event, room.id)} @drop=${event => dropped(event, section, room.id)}>
    <${NavItem} path=${`/channels/${room.id}`} label=${label(room)} icon=${mark(room)} count=${room.mentions || room.unread}
      strong=${room.unread > 0 && !muted(room)} muted=${muted(room)} mark=${html`${dot(room)}${badge(room)}`} />
    <${Menu} label=${t('ch.more.of', { name: label(room) })} icon="more" cls="btn ghost ico sm ch-nav-more" items=${rowMenu(room, section)} /></div>`;
}

export const Sections = {
  setup: () => () => rooms.loaded ? html`<div class="ch-sections">
    ${sections.value.filter(section => section.list.length || isOwn(section)).map(section => {
    // What is folded still shows what is unread and what is open.
    const shown = section.folded ? section.list.filter(room => (room.unread && !muted(room)) || route.path === `/channels/${room.id}`) : section.list;
    return html`<section key=${section.id} aria-label=${nameOf(section)} class=${drag.over === section.id ? 'over' : null}
      @dragover=${event => over(event, section.id)} @drop=${event => dropped(event, section, null)}>
      <div class="sec ch-sec" draggable="true"
        @dragstart=${event => { event.dataTransfer.setData('text/plain', section.id); drag.section = section.id; }} @dragend=${end}>
        <button type="button" class="ch-fold" aria-expanded=${String(!section.folded)} @click=${() => fold(section.id, !section.folded)}>
          ${icon(section.folded ? 'right' : 'down', 12)}<span class="cut">${nameOf(section)}</span></button>
        <${Menu} label=${t('ch.more.of', { name: nameOf(section) })} icon="more" cls="btn ghost ico sm ch-nav-more"
          items=${sectionMenu(section)} /></div>
      ${shown.map(room => row(room, section))}
        ${!section.list.length && html`<p class="mut sm ch-sec-empty">${t('ch.section.empty')}</p>`}</section>`;
  })}</div>` : rooms.error ? html`<p class="mut sm ch-sec-empty">${t('ch.list.failed')}</p>` : html`<div aria-hidden="true">
    ${[70, 52, 64, 45, 58].map(width => html`<div class="skel nav-skel" key=${width} style=${`width:${width}%`}></div>`)}</div>`,
};

// In the order in which they stand: where Alt with an arrow goes.
export function step(by, unreadOnly) {
  const all = sections.value.flatMap(section => section.list), at = all.findIndex(room => route.path === `/channels/${room.id}`);
  for (let i = 1; i <= all.length; i++) {
    const room = all[(((at < 0 && by < 0 ? 0 : at) + by * i) % all.length + all.length) % all.length];
    if (!unreadOnly || (room.unread && !muted(room))) { go(`/channels/${room.id}`); return; }
  }
}
