// How far one has read in the conversation on the screen, and telling the server so.
import { api, boot, computed, onMounted, onScopeDispose, ref } from '../web/kit.js';
import { isNew } from './lines.js';
import { holding, looking, seen } from './rooms.js';

export function useReading(id, timeline, room) {
  const readUpTo = ref(''), low = ref(true), fresh = ref(0);
  let told = '', held = false;

  // What was unread on coming here stays marked while one is here.
  const arrive = got => { if (got.member) readUpTo.value ||= got.last_read; };

  function look() {
    const last = timeline.newest();
    if (low.value) fresh.value = 0;
    if (!low.value || held || document.hidden || !last || !room.data?.member || last <= told || last <= room.data.last_read) return;
    told = last;
    seen(id);
    api.post(`/channels/${id}/read`, { ts: last }, { quiet: true }).catch(() => { told = ''; });
  }
  // Others' messages came in while one reads further up.
  const count = messages => { if (!low.value) fresh.value += messages.filter(m => m.user !== boot.me.id && !m.subtype).length; };

  function settle() {
    held = false; holding(false);
    readUpTo.value = timeline.newest() || readUpTo.value;
    fresh.value = 0;
    look();
  }
  // Unread from a message on, until one leaves or says that it is read.
  function hold(before) { held = true; told = ''; holding(true); readUpTo.value = before; if (room.data) room.set({ ...room.data, last_read: before }); }

  const visible = () => { looking(document.hidden ? null : id); look(); };
  onMounted(() => { looking(id); document.addEventListener('visibilitychange', visible); });
  onScopeDispose(() => { looking(null); document.removeEventListener('visibilitychange', visible); });

  // What is new begins further up than what is loaded.
  const behind = computed(() => {
    const first = timeline.messages.value?.[0]?.ts;
    return !!first && !!readUpTo.value && timeline.earlier.value && first > readUpTo.value && timeline.messages.value.some(m => isNew(m, readUpTo.value));
  });
  return { readUpTo, low, fresh, behind, arrive, look, count, settle, hold };
}
