// A thread in the pane at the right: what it hangs on, its replies, a place to answer.
import { api, boot, computed, Failed, html, icon, load, nextTick, ref, Skeleton, t, useLive, useKeys, watch } from '../web/kit.js';
import { Composer } from './composer.js';
import { directory } from './directory.js';
import { editing } from './editing.js';
import { rowsOf, upsert } from './lines.js';
import { canEdit } from './message_tools.js';
import { mounts } from './mounts.js';
import { again, arrived, drop, pendingIn, send } from './outbox.js';
import { title } from './rooms.js';
import { drawRow, guessRow } from './rows.js';
import { dismiss, whispersIn } from './whispers.js';
import { Windowed } from './window.js';

export const Thread = {
  props: ['room', 'ts', 'people', 'canWrite', 'admin', 'close'],
  setup(p) {
    const list = ref(), gone = ref(false), base = `/channels/${p.room.id}`;
    const thread = load(async signal => {
      const got = await api.get(`${base}/threads/${p.ts}`, { signal });
      Object.assign(p.people, got.people);
      return got;
    });
    const take = got => {
      Object.assign(p.people, got.people);
      arrived(got.messages);
      if (thread.data) thread.set({ ...thread.data, messages: upsert(thread.data.messages, got.messages) });
    };
    useLive(() => `channel:${p.room.id}`, async event => {
      const { ts, thread_ts: root } = event.properties;
      if ((ts !== p.ts && root !== p.ts) || !thread.data) return;
      if (event.event === 'Message Deleted') {
        if (ts === p.ts) gone.value = !thread.data.messages.slice(1).length;
        thread.reload({ quiet: true });
      } else if (ts) try { take(await api.get(`${base}/messages/${ts}`)); } catch { thread.reload({ quiet: true }); }
    }, { reset: () => thread.reload({ quiet: true }) });
    useKeys({ Escape: [() => p.close(), 'dialog.close'] }, 'ch.keys');
    watch(() => thread.data?.messages.at(-1)?.ts, ts => { if (ts) mounts.readThread?.(p.room.id, p.ts, ts); });

    const pending = pendingIn(p.room.id, p.ts);
    async function post(message) {
      send({ channel: p.room.id, thread_ts: p.ts, ...message }, take);
      await nextTick();
      list.value?.bottom();
    }
    function last() {
      const own = thread.data?.messages.findLast(m => m.user === boot.me.id && canEdit(m));
      if (own) list.value?.show(own.ts, 0.6).then(() => { editing.value = own.ts; });
      return !!own;
    }
    const rows = computed(() => {
      const [root, ...replies] = thread.data?.messages ?? [], own = whispersIn(p.room.id, p.ts);
      const said = rowsOf(own.length ? upsert(replies, own) : replies, '').filter(row => row.kind !== 'day');
      return [{ kind: 'message', key: root.ts, m: root }, { kind: 'replies', key: 'replies', n: replies.length }, ...said, ...pending.value.map(it => ({ kind: 'pending', key: it.client_msg_id, it }))];
    });
    const draw = row => row.kind === 'replies' ? html`<div class="ch-day"><span>
      ${row.n ? t('ch.replies', { n: row.n }) : t('ch.replies.none')}</span></div>`
      : drawRow(row, { room: p.room, people: p.people, canWrite: p.canWrite, admin: p.admin, inThread: true, dismiss, again, drop: it => drop(it.client_msg_id) });

    return () => html`<aside class="ch-pane" aria-label=${t('ch.thread')}><header><h2 class="cut">${t('ch.thread')} <span class="mut sm">
      ${title(p.room, p.people)}</span></h2><button type="button" class="btn ghost ico" aria-label=${t('ch.cancel')} title="Esc"
        @click=${p.close}>${icon('x')}</button></header>
      ${gone.value ? html`<p class="ch-note mut">${t('ch.thread.gone')}
        </p>` : thread.error && !thread.data ? html`<${Failed} error=${thread.error} retry=${thread.reload} />`
        : !thread.data ? html`<div class="ch-scroll"><${Skeleton} n=${4} /></div>`
        : html`<${Windowed} ref=${list} rows=${rows.value} draw=${draw} guess=${guessRow} pinned=${true} label=${t('ch.thread')} />`}
      ${mounts.Typing && html`<${mounts.Typing} channel=${p.room.id} thread=${p.ts} />`}
      ${p.canWrite && !gone.value && p.room.silent_in_threads && html`<div class="notice ch-foot" role="status">${icon('lock')}
        ${t('ch.silent.' + p.room.silent_in_threads)}</div>`}
      ${p.canWrite && !gone.value && !p.room.silent_in_threads && html`<${Composer} channel=${p.room.id} thread=${p.ts} label=${t('ch.write.thread')}
        people=${{ ...directory, ...p.people }} groups=${mounts.groups?.()} everybody=${p.room.calls_everybody} send=${post} ran=${() => list.value?.bottom()} last=${last} escape=${p.close}
        broadcast=${t('ch.also', { name: title(p.room, p.people) })} focus=${true} />`}</aside>`;
  },
};
