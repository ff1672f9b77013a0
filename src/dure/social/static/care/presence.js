// Who else looks at a conversation, writes in it or sends: whispers, kept nowhere, forgotten when they are not repeated.
import { api, boot, html, onScopeDispose, overhear, reactive, t, watch } from '../../web/kit.js';
import './words.js';

const HERE = 45_000, TYPING = 6_000, BEAT = 20_000, PAUSE = 3_000;
const seen = reactive(new Map());   // conversation → Map(user → {what, until})

const tell = (id, what) => api.post(`/conversations/${id}/doing`, { what }, { quiet: true }).catch(() => {});   // a hint that is lost is no harm
const forget = () => {
  const now = Date.now();
  for (const [id, users] of seen) {
    for (const [user, it] of users) if (it.until < now) users.delete(user);
    if (!users.size) seen.delete(id);
  }
};

// Colleagues in a conversation: [{user, what}], the busiest first.
export function others(id) {
  const order = { sending: 0, typing: 1, here: 2 };
  return [...(seen.get(id)?.entries() ?? [])].map(([user, it]) => ({ user, what: it.what })).sort((a, b) => order[a.what] - order[b.what]);
}

// In the page: hears what is whispered, tells that this tab is at `open()`; → typing() for the composer.
export function usePresence(open) {
  let typed = 0, timer = 0;
  const stop = overhear('social', ({ care }) => {
    if (!care || care.user === boot.me.id || !care.user) return;
    const id = care.conversation;
    if (care.what === 'left') { seen.get(id)?.delete(care.user); return; }
    if (!seen.has(id)) seen.set(id, new Map());
    const what = care.what === 'asks' ? 'here' : care.what;
    seen.get(id).set(care.user, { what, until: Date.now() + (what === 'here' ? HERE : TYPING) });
    if (care.what === 'asks' && id === open()) tell(id, Date.now() - typed < TYPING ? 'typing' : 'here');
  });
  watch(open, (now, before) => { if (before) tell(before, 'left'); if (now) tell(now, 'asks'); }, { immediate: true });
  const beat = setInterval(() => { if (open() && !document.hidden) tell(open(), 'here'); }, BEAT), tidy = setInterval(forget, 1000);
  const leave = () => { if (open()) tell(open(), 'left'); };
  addEventListener('pagehide', leave);
  onScopeDispose(() => { leave(); stop(); clearInterval(beat); clearInterval(tidy); clearTimeout(timer); removeEventListener('pagehide', leave); seen.clear(); });
  return () => {
    const now = Date.now();
    if (!open() || now - typed < PAUSE) return;
    typed = now; tell(open(), 'typing');
  };
}

// A line above the composer: props id, names {user: name}
export const Others = {
  props: ['id', 'names'],
  setup: p => () => {
    const found = others(p.id);
    if (!found.length) return html`<span class="care-others" aria-live="polite"></span>`;
    const what = found[0].what, names = found.filter(one => one.what === what).map(one => p.names[one.user] ?? t('care.colleague'));
    return html`<span class=${'care-others w-' + what} aria-live="polite"><i class="care-pulse"></i>${t('care.' + what, { names: names.join(', ') })}</span>`;
  },
};
