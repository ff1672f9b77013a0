// The conversation on the screen: what it is, who of other organisations is in it, whether one was sent out of it.
import { api, boot, load, ref, useLive, watch } from '../web/kit.js';
import { partners } from './rooms.js';

export function useRoom(id, people, came) {
  const removed = ref(false), outsiders = ref(0);
  let arrived;
  const first = new Promise(resolve => { arrived = resolve; });
  const room = load(async signal => {
    let got = null;
    try { got = await api.get(`/channels/${id}`, { signal }); } catch (error) {
      // It was there a moment ago: one was sent out of a private channel while looking at it.
      if (error.status === 404 && room.data) removed.value = true;
      throw error;
    } finally { arrived(got?.channel ?? null); }
    Object.assign(people, got.people);
    removed.value = false;
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
