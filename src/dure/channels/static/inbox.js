// Activity: what concerned me, the newest first.
import { Ago, api, Avatar, Field, go, html, load, Loaded, overhear, boot, onScopeDispose, ref, t, toast, useTop } from '../web/kit.js';
import './people_words.js';
import './words.js';
import { channelNames, find, label, mark } from './rooms.js';
import { mrkdwn } from './text.js';
import { seen } from './notifying.js';

export default {
  setup() {
    const unread = ref(false), busy = ref(false);
    const notices = load(signal => api.get('/channels/notices', { signal, query: { unread: unread.value, limit: 50 } }), { watch: () => unread.value });
    onScopeDispose(overhear(`user:${boot.me.id}`, what => { if (what.notice) notices.reload({ quiet: true }); }));
    async function more() {
      const last = notices.data.notices.at(-1);
      busy.value = true;
      try {
        const got = await api.get('/channels/notices', { query: { unread: unread.value, before: last.ts, limit: 50 } });
        notices.set({ ...notices.data, notices: [...notices.data.notices, ...got.notices], people: { ...notices.data.people, ...got.people }, end: got.notices.length < 50 });
      } catch (error) { toast.error(error); } finally { busy.value = false; }
    }
    async function all() { try { await seen('', ''); notices.reload({ quiet: true }); } catch (error) { toast.error(error); } }
    useTop({
      title: () => t('pn.inbox'),
      tools: () => html`<${Field} name="unread" type="switch" label=${t('pn.inbox.unread')} value=${unread.value} change=${now => { unread.value = now; }} /><button type="button" class="btn sm" @click=${all}>${t('pn.inbox.seen')}</button>`,
    });
    const path = it => `/channels/${it.channel}?ts=${it.ts}${it.thread_ts ? `&thread=${it.thread_ts}` : ''}`;
    const row = (it, people) => {
      const room = find(it.channel), who = people[it.author];
      return html`<li key=${it.channel + it.ts}><a class=${'pn-row' + (it.seen ? '' : ' new')} data-row href=${path(it)} @click=${e => { e.preventDefault(); seen(it.channel, it.thread_ts).catch(() => {}); go(path(it)); }}>
        <${Avatar} name=${who?.name ?? it.author} seed=${it.author} size="m" /><span class="grow pn-said"><span class="cut"><b>${who?.name ?? it.author}</b> ${t('pn.why.' + it.why)}</span>${it.text && html`<span class="mut sm cut">${mrkdwn(it.text.replace(/\s*\n\s*/g, ' '), people, channelNames.value)}</span>`}</span>
        ${room && html`<span class="mut sm cut pn-where">${room.kind === 'channel' ? `#${label(room)}` : mark(room) === 'people' ? label(room) : ''}</span>`}<span class="mut sm nowrap"><${Ago} at=${it.at} /></span></a></li>`;
    };
    return () => html`<div class="view pad"><${Loaded} of=${notices} n=${8} empty=${got => !got.notices.length && { icon: 'inbox', title: t('pn.inbox.none'), body: t('pn.inbox.none.body') }} show=${got => html`<ul class="pn-list">${got.notices.map(it => row(it, got.people))}</ul>
      ${got.notices.length % 50 === 0 && !got.end && html`<button type="button" class="btn sm ch-more" disabled=${busy.value} @click=${more}>${t('ch.earlier')}</button>`}`} /></div>`;
  },
};
