// How this person lays out their sidebar: sections in their order, what they put into them, what is folded. It is kept
// on the server, so every device shows the same; a change is made here at once and told.
import { api, boot, compare, computed, overhear, reactive, remember, state, toast, watch } from '../web/kit.js';
import { DEVICE } from './drafts.js';
import { label, partners, rooms } from './rooms.js';

const BUILT_IN = ['starred', 'channels', 'shared', 'direct', 'apps'];
const STORE = `sidebar:${boot.me?.id}`;
const plain = id => ({ id, name: '', rooms: [], folded: false, sort: id === 'direct' ? 'recent' : id === 'starred' ? 'own' : 'name' });

export const layout = reactive(remember(STORE) ?? { version: 0, sections: [] });
export const isOwn = section => section.id.startsWith('own-');
const takes = section => isOwn(section) || section.id === 'starred';

// All sections in their order; built-in ones that the layout does not name stand where they belong.
export function whole(sections) {
  const all = [...sections];
  for (const [i, id] of BUILT_IN.entries()) {
    if (all.some(section => section.id === id)) continue;
    const after = all.findIndex(section => BUILT_IN.slice(0, i).reverse().includes(section.id) && section.id === BUILT_IN.slice(0, i).reverse().find(x => all.some(s => s.id === x)));
    all.splice(i === 0 ? 0 : after + 1, 0, plain(id));
  }
  return all;
}

function nature(room) {
  if (room.kind !== 'channel') return room.kind === 'im' && room.people.some(id => rooms.people[id]?.bot) ? 'apps' : 'direct';
  return partners(room).length ? 'shared' : 'channels';
}

// [{…section, list: the conversations that stand there, in their order}]
export const sections = computed(() => {
  const all = whole(layout.sections), by = new Map(rooms.list.map(room => [room.id, room]));
  const put = new Set(all.filter(takes).flatMap(section => section.rooms));
  return all.map(section => {
    const list = takes(section) ? section.rooms.map(id => by.get(id)).filter(Boolean) : rooms.list.filter(room => !put.has(room.id) && nature(room) === section.id);
    return { ...section, list: inOrder(list, section.sort) };
  });
});

function inOrder(list, sort) {
  if (sort === 'own') return list;
  if (sort === 'recent') return [...list].sort((a, b) => b.last_ts < a.last_ts ? -1 : b.last_ts > a.last_ts ? 1 : 0);
  return [...list].sort((a, b) => compare(label(a), label(b)));
}

// -- changing it
let telling = Promise.resolve();
function change(edit) {
  layout.sections = edit(whole(layout.sections).map(section => ({ ...section, rooms: [...section.rooms] })));
  remember(STORE, layout);
  telling = telling.then(() => tell(edit)).catch(toast.error);
  return telling;
}

// Where another device was faster, the same change is made to what that one left.
async function tell(edit, tries = 3) {
  try {
    const kept = await api.put('/sidebar', { sections: layout.sections, base: layout.version, device: DEVICE });
    layout.version = kept.version;
  } catch (error) {
    if (error.status !== 409 || !tries) throw error;
    const theirs = await api.get('/sidebar');
    Object.assign(layout, { version: theirs.version, sections: edit(whole(theirs.sections)) });
    await tell(edit, tries - 1);
  }
  remember(STORE, layout);
}

const without = (all, id) => { for (const section of all) section.rooms = section.rooms.filter(x => x !== id); return all; };

// Puts a conversation into a section, before another one of it or at its end; a built-in section takes it back.
export const move = (id, sectionId, before = null) => change(all => {
  without(all, id);
  const section = all.find(x => x.id === sectionId);
  if (section && takes(section)) {
    const i = before ? section.rooms.indexOf(before) : -1;
    section.rooms.splice(i < 0 ? section.rooms.length : i, 0, id);
  }
  return all;
});
export const starred = id => layout.sections.some(section => section.id === 'starred' && section.rooms.includes(id));
export const star = id => move(id, starred(id) ? 'channels' : 'starred');
export const fold = (id, folded) => change(all => all.map(section => section.id === id ? { ...section, folded } : section));
export const sortBy = (id, sort) => change(all => all.map(section => section.id === id ? { ...section, sort } : section));
export const rename = (id, name) => change(all => all.map(section => section.id === id ? { ...section, name } : section));
export const removeSection = id => change(all => all.filter(section => section.id !== id));
export const addSection = (name, room) => {
  const id = 'own-' + crypto.randomUUID().slice(0, 8);
  return change(all => {
    if (room) without(all, room);
    all.splice(1, 0, { ...plain(id), name, sort: 'own', rooms: room ? [room] : [] });
    return all;
  });
};
// Moves a section before another one, or by a step.
export const moveSection = (id, before) => change(all => {
  const at = all.findIndex(section => section.id === id), [it] = all.splice(at, 1);
  const to = typeof before === 'number' ? Math.max(0, Math.min(all.length, at + before)) : all.findIndex(section => section.id === before);
  all.splice(to, 0, it);
  return all;
});
export const moveWithin = (id, sectionId, by) => change(all => {
  const section = all.find(x => x.id === sectionId), at = section?.rooms.indexOf(id) ?? -1;
  if (at < 0) return all;
  section.rooms.splice(at, 1);
  section.rooms.splice(Math.max(0, Math.min(section.rooms.length, at + by)), 0, id);
  section.sort = 'own';
  return all;
});

async function bring() {
  let got;
  try { got = await api.get('/sidebar', { quiet: true }); } catch { return; }   // asked again at the next sign of life
  if (got.version > layout.version || !got.version) { Object.assign(layout, got); remember(STORE, layout); }
}
export function startSections() {
  bring();
  overhear(`user:${boot.me.id}`, what => { if (what.kind === 'sidebar' && what.device !== DEVICE) bring(); });
  watch(() => state.live, now => { if (now === 'live') bring(); });
}
