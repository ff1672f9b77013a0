// The threads one follows, the latest first: what each hangs on, its last replies, and a place to answer.
import { boot, Empty, Failed, html, icon, listen, onMounted, onScopeDispose, ref, shallowReactive, Skeleton, t, useTop, watch } from '../web/kit.js';
import './mounted.js';
import './words.js';
import './words_view.js';
import { Composer } from './composer.js';
import { directory, everybody } from './directory.js';
import { rowsOf, upsert } from './lines.js';
import { Message } from './message.js';
import { mounts } from './mounts.js';
import { seen } from './notifying.js';
import { again, drop, pendingIn, send } from './outbox.js';
import { find, label, mark, partners } from './rooms.js';
import { drawRow } from './rows.js';
import { followed, refreshThreads, refreshThreadsSoon, threadsUnread } from './thread_list.js';

const LONG = 2_000;   // this long in sight is read, not passed by

// A thread whose end is in sight for a while, or that has the focus, has been read: its notices too.
function useRead(p) {
  const end = ref();
  let inSight = false, timer = 0, told = '';
  const last = () => p.one.replies.at(-1)?.ts ?? p.one.root.ts;
  async function read() {
    const { one } = p, ts = last();
    if (!one.unread || document.hidden || ts <= told) return;
    told = ts;
    try { await mounts.readThread?.(one.channel, one.root.ts, ts); await seen(one.channel, one.root.ts); } catch { told = ''; }   // asked again when it is seen again
  }
  const here = () => inSight || end.value?.parentNode.contains(document.activeElement);
  const look = () => { clearTimeout(timer); if (here() && p.one.unread && !document.hidden) timer = setTimeout(read, LONG); };
  const sight = new IntersectionObserver(entries => { inSight = entries.at(-1).isIntersecting; look(); });
  onMounted(() => { sight.observe(end.value); document.addEventListener('visibilitychange', look); });
  onScopeDispose(() => { clearTimeout(timer); sight.disconnect(); document.removeEventListener('visibilitychange', look); });
  watch(() => [p.one.unread, last()], look);
  return { end, read };
}

const One = {
  props: ['one', 'people'],
  setup(p) {
    const pending = pendingIn(p.one.channel, p.one.root.ts), said = shallowReactive({ own: [] });
    const post = message => send({ channel: p.one.channel, thread_ts: p.one.root.ts, ...message }, got => { said.own = [...said.own, ...got.messages]; refreshThreadsSoon(); });
    const admin = ['owner', 'admin'].includes(boot.me.role), { end, read } = useRead(p);
    return () => {
      const { one, people } = p, room = find(one.channel), replies = upsert(one.replies, said.own.filter(m => m.ts > (one.replies.at(-1)?.ts ?? '')));
      const href = `/channels/${one.channel}?thread=${one.root.ts}&ts=${one.root.ts}`, hiddenReplies = one.root.reply_count - replies.length;
      const c = { room: room ?? { member: true, people: [] }, people, canWrite: !!room, admin, inThread: true, again, drop: it => drop(it.client_msg_id) };
      return html`<article class=${'panel ch-followed' + (one.unread ? ' new' : '')} aria-label=${t('ch.thread')} @focusin=${read}>
        <header><a class="row grow" href=${href}>${room && icon(mark(room))}<b class="cut">${room ? label(room) : one.channel}</b>
          ${room && partners(room).map(side => html`<span key=${side.workspace} class="tag ch-org">${side.org_name}</span>`)}</a>
          ${one.unread > 0 && html`<span class="badge info">${t('ch.latest.n', { n: one.unread })}</span>`}
            <a class="btn sm" href=${href}>${t('ch.thread.open')}</a></header>
        <${Message} m=${one.root} people=${people} thread=${true} canWrite=${!!room} admin=${admin} />
        ${hiddenReplies > 0 && html`<a class="link sm ch-unfold" href=${href}>${t('ch.replies.more', { n: hiddenReplies })}</a>`}
        ${rowsOf(replies, '').filter(row => row.kind !== 'day').map(row => html`<div key=${row.key}>${drawRow(row, c)}</div>`)}
        ${pending.value.map(it => html`<div key=${it.client_msg_id}>${drawRow({ kind: 'pending', it }, c)}</div>`)}<i ref=${end}></i>
        ${room && !room.archived && !room.silent_in_threads && html`<${Composer} channel=${one.channel} thread=${one.root.ts} label=${t('ch.write.thread')}
          people=${{ ...directory, ...people }} send=${post} />`}</article>`;
    };
  },
};

export default {
  props: ['params', 'query'],
  setup() {
    let stops = [];
    const hear = () => {
      stops.forEach(stop => stop());
      stops = [...new Set((followed.threads ?? []).map(one => one.channel))].map(channel => listen(`channel:${channel}`, event => { if (event.properties.thread_ts || event.properties.ts) refreshThreadsSoon(); }, refreshThreadsSoon));
    };
    onMounted(() => { refreshThreads(); everybody().catch(() => {}); });
    watch(() => (followed.threads ?? []).map(one => one.channel).join(), hear, { immediate: true });
    onScopeDispose(() => stops.forEach(stop => stop()));
    useTop({ tools: () => threadsUnread() > 0 && html`<span class="badge info">${t('ch.threads.new', { n: threadsUnread() })}</span>` });
    return () => html`<div class="view" data-scroll><div class="ch-threads">
      ${followed.threads === null ? followed.error ? html`<${Failed} error=${followed.error}
        retry=${refreshThreads} />` : html`<${Skeleton} kind="cards" n=${4} />`
        : followed.threads.length ? followed.threads.map(one => html`<${One} key=${one.channel + one.root.ts} one=${one}
          people=${followed.people} />`)
        : html`<${Empty} icon="thread" title=${t('ch.threads.none')} body=${t('ch.threads.none.body')} />`}</div></div>`;
  },
};
