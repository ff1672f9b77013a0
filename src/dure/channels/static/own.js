// What is one's own about messages: how far a thread is read, and messages that nobody else is shown.
import { api } from '../web/kit.js';

export const readThread = (channel, thread, ts) => api.post(`/channels/${channel}/threads/${thread}/read`, { ts }, { quiet: true });
export const follow = (channel, thread, on) => api.post(`/channels/${channel}/threads/${thread}/${on ? 'follow' : 'unfollow'}`);

// What only this person is shown in a channel: {messages, people}.
export const whispers = channel => api.get(`/channels/${channel}/ephemeral`, { quiet: true });
export const dismissWhisper = m => api.del(`/channels/${m.channel}/ephemeral/${m.ts}`);
