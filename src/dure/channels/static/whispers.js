// Messages that only this person sees: those that are kept when a channel is opened, and those that come.
import { boot, overhear, reactive } from '../web/kit.js';
import { mounts } from './mounts.js';

const said = reactive(new Map());   // channel → messages

export const whispersIn = (channel, thread) => (said.get(channel) ?? []).filter(m => thread === undefined || (m.thread_ts ?? null) === thread);
const forget = (channel, ts) => said.set(channel, (said.get(channel) ?? []).filter(x => x.ts !== ts));
export function dismiss(m) { forget(m.channel, m.ts); mounts.dismissWhisper?.(m); }

// What was whispered while nobody listened, and what was too long to be whispered. → who said it
export async function recall(channel) {
  try {
    const got = await mounts.whispers(channel);
    got.messages.forEach(keep);
    return got.people;
  } catch { return {}; }   // asked again when the channel is opened again
}

export function startWhispers() {
  overhear(`user:${boot.me.id}`, what => {
    if (what.kind === 'ephemeral_gone') forget(what.channel, what.ts);
    if (what.kind === 'ephemeral') { if (what.message) keep(what.message); else recall(what.channel); }
  });
}

function keep(m) {
  const whole = { text: '', blocks: null, attachments: null, subtype: '', username: '', app: '', broadcast: false, deleted: false, edited_at: null, reactions: [], reply_count: 0, reply_users: [], thread_ts: null, ...m, ephemeral: true };
  said.set(m.channel, [...(said.get(m.channel) ?? []).filter(x => x.ts !== m.ts), whole].slice(-20));
}
