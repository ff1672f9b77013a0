// What one has begun to write, by place (`C0…` or `C0…/thread ts`): kept on this device at every stroke and on the
// server a moment later, so that another device goes on with it. The last writing wins; what another device wrote
// meanwhile is offered beside it.
import { api, boot, overhear, reactive, remember, state, watch } from '../web/kit.js';

const STORE = `drafts:${boot.me?.id}`, SOON = 700;
export const DEVICE = remember('device') ?? remember('device', crypto.randomUUID());

// place → {text, mentions, version (the server's, that this device knows), dirty, at, other}
export const drafts = reactive(remember(STORE) ?? {});
const timers = new Map(), running = new Set();
const keep = () => remember(STORE, drafts);

export const placeOf = (channel, thread) => thread ? `${channel}/${thread}` : channel;
export const partsOf = place => { const [channel, thread = null] = place.split('/'); return { channel, thread }; };
export const written = place => !!drafts[place]?.text.trim();

export function write(place, text, mentions = []) {
  const before = drafts[place];
  if ((before?.text ?? '') === text) return;
  drafts[place] = { version: 0, other: '', ...before, text, mentions, dirty: true, at: Date.now() };
  keep();
  clearTimeout(timers.get(place));
  timers.set(place, setTimeout(tell, SOON, place));
}

// It was sent, or thrown away: at once, so that no other device shows it any longer.
export function clear(place) {
  if (!drafts[place]) return;
  write(place, '');
  clearTimeout(timers.get(place));
  tell(place);
}

// The other device's words are in the text now, or are not wanted.
export function settle(place) {
  const draft = drafts[place];
  if (!draft) return;
  Object.assign(draft, { other: '', taken: true, dirty: true });
  keep();
  tell(place);
}

async function tell(place) {
  const draft = drafts[place];
  if (!draft?.dirty || running.has(place)) return;
  running.add(place);
  const { text, mentions, version, taken } = draft, { channel, thread } = partsOf(place);
  try {
    const { draft: kept } = await api.put(`/channels/${channel}/draft`, {
      text, mentions, base: version, thread_ts: thread, taken: !!taken, device: DEVICE,
    }, { quiet: true });
    const now = drafts[place];
    Object.assign(now, { version: kept.version, other: kept.other });
    if (taken) delete now.taken;
    if (now.text === text) now.dirty = false;
  } catch (error) {
    // Where one may no longer write there is nothing to keep on the server; the text stays on this device.
    if (error.status >= 400 && error.status < 500) draft.dirty = false;
  } finally {
    running.delete(place);
    keep();
  }
  if (drafts[place].dirty && state.live === 'live') timers.set(place, setTimeout(tell, SOON, place));
}

// Brings this device up to what the others wrote. What is being written here and was not told yet stays.
async function bring() {
  let got;
  try { got = await api.get('/drafts', { quiet: true }); } catch { return; }   // asked again at the next sign of life
  for (const kept of got.drafts) {
    const place = placeOf(kept.channel, kept.thread_ts), mine = drafts[place];
    if (mine && (mine.dirty || mine.version >= kept.version)) continue;
    if (!mine && !kept.text && !kept.other) continue;
    drafts[place] = { text: kept.text, mentions: kept.mentions, version: kept.version, other: kept.other, dirty: false, at: Date.parse(kept.changed_at) };
  }
  keep();
}

export function startDrafts() {
  bring().then(tellAll);
  overhear(`user:${boot.me.id}`, what => { if (what.kind === 'draft' && what.device !== DEVICE) bring(); });
  watch(() => state.live, now => { if (now === 'live') bring().then(tellAll); });
  addEventListener('pagehide', () => { for (const place of timers.keys()) if (drafts[place]?.dirty) tell(place); });
}
function tellAll() { for (const place of Object.keys(drafts)) if (drafts[place].dirty) tell(place); }
