// Everybody of the workspace whom one may write to, asked for once and again after a while.
import { api, shallowReactive } from '../web/kit.js';

const FRESH = 5 * 60_000;
export const directory = shallowReactive({});
let asked = 0, asking = null;

export async function everybody(signal) {
  if (Date.now() - asked > FRESH) {
    asking ??= api.get('/channels/people', { quiet: true }).then(({ people }) => {
      for (const one of people) directory[one.id] = one;
      asked = Date.now();
    }).finally(() => { asking = null; });
    await asking;
  }
  signal?.throwIfAborted();
  return directory;
}
