// A thread in the pane at the right: what it hangs on, its replies, a place to answer.
import { api, Failed, html, icon, load, nextTick, ref, Skeleton, t, toast, useLive, useKeys } from '../web/kit.js';
import { Composer } from './composer.js';
import { Message } from './message.js';
import { upsert } from './lines.js';
import { Typing } from './presence.js';

export const Thread = {
  props: ['room', 'ts', 'people', 'canWrite', 'admin', 'close'],
  setup(p) {
    const list = ref(), gone = ref(false);
    const thread = load(async signal => {
      const got = await api.get(`/channels/${p.room.id}/threads/${p.ts}`, { signal });
      nextTick(down);
      return got;
    }, { watch: () => p.ts, keep: false });
    const down = () => { if (list.value) list.value.scrollTop = list.value.scrollHeight; };
    const near = () => !list.value || list.value.scrollHeight - list.value.scrollTop - list.value.clientHeight < 120;
    const take = got => { if (thread.data) { const at = near(); thread.set({ ...thread.data, messages: upsert(thread.data.messages, got.messages), people: { ...thread.data.people, ...got.people } }); if (at) nextTick(down); } };
    useLive(() => `channel:${p.room.id}`, async event => {
      const { ts, thread_ts: root } = event.properties;
      if (ts !== p.ts && root !== p.ts || !thread.data) return;
      if (event.event === 'Message Deleted') {
        if (ts === p.ts) { gone.value = !thread.data.messages.slice(1).length; }
        thread.reload({ quiet: true });
      } else if (ts) try { take(await api.get(`/channels/${p.room.id}/messages/${ts}`)); } catch { thread.reload({ quiet: true }); }
    }, { reset: () => thread.reload({ quiet: true }) });
    useKeys({ Escape: [() => p.close(), 'dialog.close'] }, 'ch.keys');
    async function send(text) {
      const client_msg_id = crypto.randomUUID();
      try { take(await api.post(`/channels/${p.room.id}/messages`, { text, thread_ts: p.ts, client_msg_id })); nextTick(down); } catch (error) { toast.error(error); }
    }
    return () => html`<aside class="ch-pane" aria-label=${t('ch.thread')}><header><h2>${t('ch.thread')}</h2><button type="button" class="btn ghost ico" aria-label=${t('ch.cancel')} @click=${p.close}>${icon('x')}</button></header>
      <div class="ch-list" ref=${list} role="log" tabindex="0" aria-label=${t('ch.thread')}>
        ${gone.value ? html`<p class="ch-note mut">${t('ch.thread.gone')}</p>` : thread.error && !thread.data ? html`<${Failed} error=${thread.error} retry=${thread.reload} />` : !thread.data ? html`<${Skeleton} n=${4} />`
        : thread.data.messages.map((m, i) => html`<div key=${m.ts}><${Message} m=${m} people=${{ ...p.people, ...thread.data.people }} thread=${true} canWrite=${p.canWrite} admin=${p.admin} />
          ${i === 0 && html`<div class="ch-day"><span>${t('ch.replies', { n: thread.data.messages.length - 1 })}</span></div>`}</div>`)}</div>
      ${p.canWrite && html`<${Typing} channel=${p.room.id} thread=${p.ts} /><${Composer} place=${`${p.room.id}/${p.ts}`} label=${t('ch.write.thread')} people=${p.people} send=${send} focus=${true} />`}</aside>`;
  },
};
