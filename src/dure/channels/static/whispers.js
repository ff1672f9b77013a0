// Messages that only this person sees, and only for as long as the page lives.
import { boot, overhear, reactive } from '../web/kit.js';
import { mounts } from './mounts.js';

const said = reactive(new Map());   // channel → messages

export const whispersIn = (channel, thread) => (said.get(channel) ?? []).filter(m => thread === undefined || (m.thread_ts ?? null) === thread);
const forget = (channel, ts) => said.set(channel, (said.get(channel) ?? []).filter(x => x.ts !== ts));
export function dismiss(m) { forget(m.channel, m.ts); mounts.dismissWhisper?.(m); }

export function startWhispers() {
  overhear(`user:${boot.me.id}`, what => {
    if (what.kind === 'ephemeral_gone') forget(what.channel, what.ts);
    if (what.kind === 'ephemeral') (what.message ? Promise.resolve(what.message) : mounts.whisper?.(what))?.then(keep).catch(() => {});   // it is for the moment only
  });
}

function keep(m) {
  const whole = { text: '', blocks: null, attachments: null, subtype: '', username: '', app: '', broadcast: false, deleted: false, edited_at: null, reactions: [], reply_count: 0, reply_users: [], thread_ts: null, ...m, ephemeral: true };
  said.set(m.channel, [...(said.get(m.channel) ?? []).filter(x => x.ts !== m.ts), whole].slice(-20));
}
