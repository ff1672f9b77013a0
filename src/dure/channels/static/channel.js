// One conversation: its messages, live, with a thread or the details beside it.
import { action, api, boot, date, duration, Failed, go, html, icon, load, minute, nextTick, onMounted, onScopeDispose, ref, setQuery, shallowRef, t, toast, useKeys, useLive, useTop, watch } from '../web/kit.js';
import './words.js';
import { Composer } from './composer.js';
import { Details } from './details.js';
import { rowsOf, upsert } from './lines.js';
import { Message, Note } from './message.js';
import { find, label, looking, mark, partners, refresh, seen, title, waiting } from './rooms.js';
import { term } from './search_query.js';
import { Thread } from './thread.js';

const PAGE = 50;

export default {
  props: ['params', 'query'],
  setup(p) {
    const id = p.params.id;
    const messages = shallowRef(null), people = shallowRef({}), earlier = ref(false), later = ref(false), failed = ref(null), busy = ref(false);
    const pending = ref([]);           // what is on its way, or did not arrive
    const readUpTo = ref(''), fresh = ref(0), low = ref(true), pane = ref(p.query.thread ? 'thread' : ''), list = ref(), composer = ref();
    const base = `/channels/${id}`;
    let arrived;
    const roomThere = new Promise(resolve => { arrived = resolve; });
    const room = load(async signal => {
      let got;
      try { got = await api.get(base, { signal }); } finally { arrived(); }
      people.value = { ...got.people, ...people.value };
      // What was unread on coming here stays marked while one is here.
      if (got.channel.member) readUpTo.value ||= got.channel.last_read;
      return { ...got.channel, got: Date.now() };
    });

    // -- messages
    const take = got => { people.value = { ...people.value, ...got.people }; messages.value = upsert(messages.value ?? [], got.messages); };
    const near = () => { const l = list.value; return !l || l.scrollHeight - l.scrollTop - l.clientHeight < 140; };
    const down = () => nextTick(() => { const l = list.value; if (l) l.scrollTop = l.scrollHeight; });
    async function open() {
      failed.value = null; messages.value = null;
      const around = p.query.ts && /^\d+\.\d{6}$/.test(p.query.ts) ? (p.query.thread && p.query.thread !== p.query.ts ? p.query.thread : p.query.ts) : null;
      try {
        const got = await api.get(`${base}/messages`, { query: around ? { around, limit: 25 } : { limit: PAGE } });
        await roomThere;
        people.value = { ...people.value, ...got.people };
        messages.value = got.messages; earlier.value = got.earlier; later.value = got.later;
        nextTick(() => {
          const spot = list.value?.querySelector(around ? `[data-ts="${around}"]` : '.ch-unread');
          if (spot) spot.scrollIntoView({ block: 'center' }); else down();
          look();
        });
      } catch (error) { failed.value = error; }
    }
    async function loadEarlier() {
      if (busy.value || !messages.value?.length) return;
      busy.value = true;
      const l = list.value, height = l.scrollHeight, top = l.scrollTop;
      try {
        const got = await api.get(`${base}/messages`, { query: { before: messages.value[0].ts, limit: PAGE } });
        earlier.value = got.earlier; take(got);
        await nextTick(); l.scrollTop = top + l.scrollHeight - height;
      } catch (error) { toast.error(error); } finally { busy.value = false; }
    }
    async function loadLater() {
      if (busy.value) return;
      busy.value = true;
      try { const got = await api.get(`${base}/messages`, { query: { after: messages.value.at(-1).ts, limit: PAGE } }); later.value = got.later; take(got); } catch (error) { toast.error(error); } finally { busy.value = false; }
    }
    let catching = null, again = false;
    async function catchUp() {
      if (!messages.value || later.value) return;
      if (catching) { again = true; return; }
      catching = true;
      try {
        do {
          again = false;
          const at = near(), before = messages.value.at(-1)?.ts;
          const got = await api.get(`${base}/messages`, { query: before ? { after: before, limit: 200 } : { limit: PAGE } });
          if (got.messages.length) {
            take(got);
            pending.value = pending.value.filter(x => !got.messages.some(m => m.client_msg_id === x.client_msg_id));
            if (at) down(); else fresh.value += got.messages.filter(m => m.user !== boot.me.id && !m.subtype).length;
          }
          if (got.later && before) again = true;
        } while (again);
        nextTick(look);
      } catch { /* the next event or reconnection tries again */ } finally { catching = null; }
    }
    async function one(ts) {
      try { take(await api.get(`${base}/messages/${ts}`)); } catch (error) { if (error.status === 404) gone(ts); }
    }
    function gone(ts) {
      const it = messages.value?.find(m => m.ts === ts);
      if (!it) return;
      messages.value = it.reply_count ? upsert(messages.value, [{ ...it, deleted: true, text: '', blocks: null, attachments: null, reactions: [] }]) : messages.value.filter(m => m.ts !== ts);
    }
    const known = ts => messages.value?.some(m => m.ts === ts);
    useLive(`channel:${id}`, event => {
      const { ts, thread_ts: thread } = event.properties;
      if (event.event === 'Message Posted') {
        if (thread) { if (known(thread)) one(thread); } else catchUp();
        if (partners(room.data ?? { shared_with: [] }).length) room.reload({ quiet: true });
      } else if (event.event === 'Message Deleted') { if (thread) { if (known(thread)) one(thread); } else gone(ts); }
      else if (ts) { if (known(ts)) one(ts); }
      else { room.reload({ quiet: true }); catchUp(); }
    }, { reset: () => { room.reload({ quiet: true }); later.value = false; open(); } });

    // -- reading
    let told = '';
    function look() {
      low.value = near() && !later.value;
      if (low.value) fresh.value = 0;
      const last = messages.value?.at(-1)?.ts;
      if (!low.value || document.hidden || !last || !room.data?.member || last <= told || last <= room.data.last_read) return;
      told = last;
      seen(id);
      api.post(`${base}/read`, { ts: last }, { quiet: true }).catch(() => { told = ''; });
    }
    const latest = async () => { if (later.value) { later.value = false; setQuery({ ts: null }); await open(); } fresh.value = 0; down(); };
    const visible = () => { looking(document.hidden ? null : id); look(); };
    onMounted(() => {
      looking(id); document.addEventListener('visibilitychange', visible);
      open();
    });
    onScopeDispose(() => { looking(null); document.removeEventListener('visibilitychange', visible); });
    watch(() => room.data?.member, () => nextTick(look));
    watch(pane, () => { if (low.value) down(); });
    watch(() => p.query.ts, now => { if (now && messages.value && !known(now)) open(); });
    watch(() => p.query.thread, now => { if (now) pane.value = 'thread'; else if (pane.value === 'thread') pane.value = ''; });

    // -- writing
    async function post(item) {
      item.failed = false; pending.value = [...pending.value.filter(x => x !== item), item]; down();
      try {
        const got = await api.post(`${base}/messages`, { text: item.text, client_msg_id: item.client_msg_id });
        pending.value = pending.value.filter(x => x.client_msg_id !== item.client_msg_id);
        if (!later.value) take(got); else await latest();
        readUpTo.value = readUpTo.value && got.messages[0].ts; fresh.value = 0; down();
      } catch (error) { pending.value = pending.value.map(x => x.client_msg_id === item.client_msg_id ? { ...x, failed: true, why: error } : x); }
    }
    const send = text => post({ text, client_msg_id: crypto.randomUUID() });
    const join = action(async () => { await api.post(`${base}/join`); await Promise.all([room.reload({ quiet: true }), refresh()]); }, { failed: toast.error });
    const openThread = ts => { pane.value = 'thread'; setQuery({ thread: ts }); };
    const closePane = () => { pane.value = ''; setQuery({ thread: null }); composer.value?.focus(); };
    const details = () => { setQuery({ thread: null }); pane.value = pane.value === 'details' ? '' : 'details'; };
    const searchHere = () => { const r = room.data; if (r) go(`/search?q=${encodeURIComponent(term('in', (r.kind === 'channel' ? '#' : '@') + label(r, people.value)) + ' ')}`); };
    useKeys({ c: [() => composer.value?.focus(), 'ch.key.compose'], i: [details, 'ch.key.details'], '/': [searchHere, 'se.here'] }, 'ch.keys');

    // -- head
    const pill = () => {
      minute.value;
      const it = room.data?.home && waiting(room.data, Date.now(), duration);
      return it && html`<span class=${'badge ch-clock ' + it.kind} title=${t('ch.wait.about', { name: people.value[room.data.response.asked_by]?.name ?? '', when: date(room.data.response.asked_ts), n: room.data.response.minutes })}>${icon('clock', 13)}${it.text}</span>`;
    };
    useTop({
      title: () => room.data ? html`${room.data.kind === 'channel' ? icon(mark(room.data)) : null}<span class="cut">${label(room.data, people.value)}</span>${partners(room.data).map(side => html`<span class="tag ch-org" key=${side.workspace}>${icon('globe', 12)}${side.org_name}</span>`)}` : find(id) ? label(find(id)) : '',
      tools: () => room.data && html`${pill()}<span class="mut sm cut ch-topic">${room.data.topic || room.data.purpose}</span>
        <button type="button" class=${'btn sm' + (pane.value === 'details' ? ' on' : '')} aria-pressed=${String(pane.value === 'details')} aria-label=${t('ch.members.n', { n: room.data.members })} @click=${details}>${icon('people', 14)}<span class="num">${room.data.members}</span></button>`,
    });

    const admin = ['owner', 'admin'].includes(boot.me.role);
    const canWrite = () => !!room.data?.member && !room.data.archived;
    const row = it => {
      if (it.kind === 'day') return html`<div class="ch-day" key=${it.key}><span>${date(it.at)}</span></div>`;
      if (it.kind === 'unread') return html`<div class="ch-unread" key=${it.key} role="separator"><span>${t('ch.unread')}</span></div>`;
      if (it.kind === 'note') return html`<${Note} key=${it.key} m=${it.m} people=${people.value} count=${it.count} />`;
      return html`<${Message} key=${it.key} m=${it.m} people=${people.value} compact=${it.compact} canWrite=${canWrite()} admin=${admin} opened=${openThread} highlight=${p.query.ts === it.m.ts} />`;
    };
    const beginning = () => room.data && html`<header class="ch-begin"><h2>${t(room.data.kind === 'channel' ? 'ch.start' : 'ch.start.direct', { name: title(room.data, people.value) })}</h2>${room.data.purpose && html`<p class="mut">${room.data.purpose}</p>`}${!messages.value.length && html`<p class="mut">${t('ch.empty')}</p>`}</header>`;
    const waiters = () => pending.value.map(it => html`<div key=${it.client_msg_id} class=${'ch-pending' + (it.failed ? ' bad' : '')}><p>${it.text.replace(/&(lt|gt|amp);/g, (_, c) => ({ lt: '<', gt: '>', amp: '&' })[c])}</p>
      ${it.failed ? html`<div class="row sm"><span class="poor">${t('ch.failed')}</span><button type="button" class="btn sm" @click=${() => post(it)}>${t('ch.again')}</button><button type="button" class="btn ghost sm" @click=${() => { pending.value = pending.value.filter(x => x !== it); }}>${t('ch.discard')}</button></div>` : html`<span class="mut sm">${t('ch.sending')}</span>`}</div>`);
    const foot = () => {
      const it = room.data;
      if (!it) return null;
      if (it.archived) return html`<div class="notice ch-foot">${icon('lock')}${t('ch.archived')}</div>`;
      if (!it.member) return html`<div class="notice ch-foot"><span class="grow">${t('ch.join.why')}</span><button type="button" class="btn pri" disabled=${join.busy} @click=${join.run}>${t('ch.join')}</button></div>`;
      return html`<${Composer} ref=${composer} place=${id} label=${t('ch.write', { name: title(it, people.value) })} people=${people.value} send=${send} focus=${matchMedia('(min-width: 761px)').matches} />`;
    };
    return () => {
      const error = room.error && !room.data ? room.error : failed.value;
      if (error) return html`<div class="view pad"><${Failed} error=${error} retry=${() => { room.reload(); open(); }} /></div>`;
      return html`<div class=${'view fill ch' + (pane.value ? ' with-pane' : '')}><div class="ch-main">
        <div class="ch-list" data-scroll ref=${list} role="log" aria-live="polite" tabindex="0" aria-label=${room.data ? title(room.data, people.value) : t('ch.thread')} @scroll=${look}>
          ${!messages.value ? html`<div class="ch-skel">${[1, 2, 3, 4, 5, 6].map(i => html`<div class="ch-msg" key=${i}><span class="av skel"></span><div class="ch-body"><div class="skel" style=${`width:${[30, 55, 42, 66, 38, 60][i - 1]}%`}></div><div class="skel" style=${`width:${[70, 40, 80, 52, 76, 45][i - 1]}%`}></div></div></div>`)}</div>`
            : html`${earlier.value ? html`<button type="button" class="btn sm ch-more" disabled=${busy.value} @click=${loadEarlier}>${t('ch.earlier')}</button>` : beginning()}
              ${rowsOf(messages.value, readUpTo.value).map(row)}${later.value && html`<button type="button" class="btn sm ch-more" disabled=${busy.value} @click=${loadLater}>${t('ch.later')}</button>`}${waiters()}`}</div>
        ${messages.value && (!low.value || later.value) && html`<button type="button" class=${'btn ch-latest' + (fresh.value ? ' pri' : '')} @click=${latest}>${icon('down', 14)}${fresh.value ? t('ch.latest.n', { n: fresh.value }) : t('ch.latest')}</button>`}
        ${foot()}</div>
        ${pane.value === 'thread' && p.query.thread && room.data && html`<${Thread} room=${room.data} ts=${p.query.thread} people=${people.value} canWrite=${canWrite()} admin=${admin} close=${closePane} />`}
        ${pane.value === 'details' && room.data && html`<${Details} room=${room.data} people=${people.value} close=${closePane} changed=${() => { room.reload({ quiet: true }); refresh(); }} />`}</div>`;
    };
  },
};
