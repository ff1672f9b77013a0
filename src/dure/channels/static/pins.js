// What a channel keeps in sight: pinned messages in the pane at the right, bookmarks in a bar above the messages.
import { ago, api, askForm, dateTime, Empty, html, icon, load, Loaded, Menu, t, toast, useKeys, useLive } from '../web/kit.js';
import './words_kept.js';
import { emoji } from './emoji.js';
import { Message } from './message.js';
import { link } from './text.js';

// Pins a message, or takes the pin away.
export async function pin(message, on) {
  try {
    await api[on ? 'put' : 'del'](`/channels/${message.channel}/messages/${message.ts}/pin`);
    toast(t(on ? 'ch.kept.pinned' : 'ch.kept.unpinned'));
  } catch (error) { toast.error(error); }
}

const mayChange = room => room.member && !room.archived;

// props: room, people, close, jump(ts)
export const PinsPane = {
  props: ['room', 'people', 'close', 'jump'],
  setup(p) {
    const pins = load(signal => api.get(`/channels/${p.room.id}/pins`, { signal }), { watch: () => p.room.id, keep: false });
    useLive(() => `channel:${p.room.id}`, event => { if (/^Message (Pinned|Unpinned|Changed|Deleted)$/.test(event.event)) pins.reload({ quiet: true }); }, { reset: () => pins.reload({ quiet: true }) });
    useKeys({ Escape: [() => p.close(), 'dialog.close'] }, 'ch.keys');
    const name = (id, people) => people[id]?.name ?? p.people?.[id]?.name ?? id;
    const one = (it, people) => html`<li key=${it.message.ts} class="ch-pinned"><${Message} m=${it.message} people=${{ ...p.people, ...people }} thread=${true} canWrite=${false} />
      <footer class="row sm"><span class="mut grow cut" title=${dateTime(it.at)}>${t('ch.kept.by', { name: name(it.by, people) })} · ${ago(it.at)}</span>
        ${p.jump ? html`<button type="button" class="btn sm" @click=${() => p.jump(it.message.ts)}>${t('ch.kept.jump')}</button>` : html`<a class="btn sm" href=${`/channels/${p.room.id}?ts=${it.message.ts}${it.message.thread_ts ? `&thread=${it.message.thread_ts}` : ''}`}>${t('ch.kept.jump')}</a>`}
        ${mayChange(p.room) && html`<button type="button" class="btn ghost ico sm" aria-label=${t('ch.kept.unpin')} title=${t('ch.kept.unpin')} @click=${() => pin(it.message, false)}>${icon('x', 14)}</button>`}</footer></li>`;
    return () => html`<aside class="ch-pane" aria-label=${t('ch.kept.pins')}><header><h2 class="cut">${t('ch.kept.pins')}</h2><button type="button" class="btn ghost ico" aria-label=${t('ch.kept.close')} @click=${p.close}>${icon('x')}</button></header>
      <div class="ch-scroll"><${Bookmarked} room=${p.room} />
        <${Loaded} of=${pins} n=${3} show=${got => got.pins.length ? html`<ul class="ch-pins">${got.pins.map(it => one(it, got.people))}</ul>` : html`<${Empty} icon="flag" title=${t('ch.kept.none')} body=${t('ch.kept.none.body')} />`} /></div></aside>`;
  },
};

const fields = () => [
  { name: 'title', label: t('ch.kept.title'), type: 'text', required: true, max: 255 },
  { name: 'link', label: t('ch.kept.link'), type: 'url', required: true, hint: t('ch.kept.link.hint'), max: 3000 },
  { name: 'emoji', label: t('ch.kept.emoji'), type: 'text', optional: true, hint: t('ch.kept.emoji.hint'), max: 102 },
];
const given = values => ({ title: values.title, link: values.link.trim(), emoji: (values.emoji ?? '').trim() });
export const addBookmark = room => askForm({ title: t('ch.kept.add'), submitLabel: t('ch.kept.save'), fields: fields(), values: {}, submit: values => api.post(`/channels/${room.id}/bookmarks`, given(values)) });
const change = (room, it) => askForm({ title: t('ch.kept.change'), submitLabel: t('ch.kept.save'), fields: fields(), values: it, submit: values => api.patch(`/channels/${room.id}/bookmarks/${it.id}`, given(values)) });
async function drop(room, it) { try { await api.del(`/channels/${room.id}/bookmarks/${it.id}`); } catch (error) { toast.error(error); } }

function useBookmarks(p) {
  const kept = load(signal => api.get(`/channels/${p.room.id}/bookmarks`, { signal }), { watch: () => p.room.id, keep: false });
  const again = () => kept.reload({ quiet: true });
  useLive(() => `channel:${p.room.id}`, event => { if (event.event.startsWith('Bookmark ')) again(); }, { reset: again });
  return kept;
}
const picture = it => /^:[^:]+:$/.test(it.emoji) ? emoji(it.emoji.slice(1, -1)) : icon('link', 13);
const named = it => link(it.link, html`<span class="row">${picture(it)}<span class="cut">${it.title}</span></span>`, it.id, 'ch-bookmark');

// Above the messages, once there is a bookmark. props: room
export const BookmarkBar = {
  props: ['room'],
  setup(p) {
    const kept = useBookmarks(p);
    return () => kept.data?.bookmarks.length ? html`<nav class="ch-bookmarks" aria-label=${t('ch.kept.bookmarks')}>${kept.data.bookmarks.map(named)}
      ${mayChange(p.room) && html`<button type="button" class="btn ghost ico sm" aria-label=${t('ch.kept.add')} title=${t('ch.kept.add')} @click=${() => addBookmark(p.room)}>${icon('plus', 14)}</button>`}</nav>` : null;
  },
};

// In the pane, where they are added, changed and taken away.
const Bookmarked = {
  props: ['room'],
  setup(p) {
    const kept = useBookmarks(p);
    return () => html`<section><h3 class="row"><span class="grow">${t('ch.kept.bookmarks')}</span>${mayChange(p.room) && html`<button type="button" class="btn sm" @click=${() => addBookmark(p.room)}>${icon('plus', 14)}${t('ch.kept.add')}</button>`}</h3>
      <${Loaded} of=${kept} n=${1} show=${({ bookmarks }) => bookmarks.length ? html`<ul class="ch-marks">${bookmarks.map(it => html`<li key=${it.id} class="row"><span class="grow cut">${named(it)}</span>
        ${mayChange(p.room) && html`<${Menu} label=${it.title} icon="more" cls="btn ghost ico sm" items=${[{ label: t('ch.kept.change'), icon: 'edit', run: () => change(p.room, it) }, { label: t('ch.delete'), icon: 'trash', danger: true, run: () => drop(p.room, it) }]} />`}</li>`)}</ul>` : html`<p class="mut sm">${t('ch.kept.nobookmarks')}</p>`} /></section>`;
  },
};
