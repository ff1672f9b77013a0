// The conversation on the screen: what it is, who of other organisations is in it, whether one was cut off from it.
import { api, boot, load, ref, useLive, watch } from '../web/kit.js';
import { partners } from './rooms.js';

// The archived copy that stays with a side whose connection ended.
async function copyOf(id) {
  try { return (await api.get('/channels', { query: { archived: true }, quiet: true })).channels.find(one => one.copy_of === id)?.id; } catch { return ''; }
}

export function useRoom(id, people, came) {
  // '' is in it; 'out' was sent out of it while looking; 'none' nothing to see here; else the id of the archived copy.
  const removed = ref(''), outsiders = ref(0);
  let arrived;
  const first = new Promise(resolve => { arrived = resolve; });
  const room = load(async signal => {
    let got = null;
    try { got = await api.get(`/channels/${id}`, { signal }); } catch (error) {
      if (error.status === 404) removed.value = await copyOf(id) || (room.data ? 'out' : 'none');
      throw error;
    } finally { arrived(got?.channel ?? null); }
    Object.assign(people, got.people);
    removed.value = '';
    came(got.channel);
    return { ...got.channel, got: Date.now() };
  });
  room.first = first;
  useLive(`user:${boot.me.id}`, event => { if (event.object === id && event.event !== 'Message Posted') room.reload({ quiet: true }); });
  watch(() => room.data && room.data.member && `${partners(room.data).length} ${room.data.members}`, async shared => {
    if (!shared || shared.startsWith('0 ')) { outsiders.value = 0; return; }
    try {
      const { members } = await api.get(`/channels/${id}/members`, { quiet: true });
      outsiders.value = members.filter(one => one.org).length;
      for (const one of members) people[one.id] ??= one;
    } catch { outsiders.value = 0; }   // only a hint hangs on it
  });
  return { room, removed, outsiders };
}
