// How often and how lately one went to a conversation on this device: what is used comes first.
import { boot, remember } from '../web/kit.js';

const STORE = `uses:${boot.me?.id}`, WEEK = 7 * 86_400_000;
const uses = remember(STORE) ?? {};

const now = (use, at) => use ? use.n * 0.5 ** ((at - use.at) / WEEK) : 0;
export const weight = (id, at = Date.now()) => now(uses[id], at);

export function used(id, at = Date.now()) {
  uses[id] = { n: now(uses[id], at) + 1, at };
  const ids = Object.keys(uses);
  if (ids.length > 300) for (const old of ids.sort((a, b) => weight(a, at) - weight(b, at)).slice(0, 100)) delete uses[old];
  remember(STORE, uses);
}
// Between 0 and 0.9, to be added to how well a name fits.
export const bonus = id => 0.9 * (1 - 1 / (1 + weight(id)));
