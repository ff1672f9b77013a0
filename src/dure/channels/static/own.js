// What is one's own about messages: how far a thread is read, and messages that nobody else is shown.
import { api } from '../web/kit.js';

export const readThread = (channel, thread, ts) => api.post(`/channels/${channel}/threads/${thread}/read`, { ts }, { quiet: true });
export const follow = (channel, thread, on) => api.post(`/channels/${channel}/threads/${thread}/${on ? 'follow' : 'unfollow'}`);

// A message that was too long to be whispered; undefined where it is gone already.
export async function whisper({ channel, ts }) {
  const got = await api.get(`/channels/${channel}/ephemeral`, { quiet: true });
  return got.messages.find(m => m.ts === ts);
}
export const dismissWhisper = m => api.del(`/channels/${m.channel}/ephemeral/${m.ts}`);
