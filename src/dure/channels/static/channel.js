// One conversation: its messages, live, with a thread or something else about it beside.
import {
  action, api, boot, computed, date, Empty, Failed, html, icon, Menu, nextTick, onMounted, ref, setQuery,
  shallowReactive, shallowRef, t, toast, useKeys, watch,
} from '../web/kit.js';
import './mounted.js';
import './rules_words.js';
import './words.js';
import './words_view.js';
import { useChannelTop } from './channel_top.js';
import { Composer } from './composer.js';
import './connections_words.js';
import { jumps } from './dates.js';
import { Details } from './details.js';
import { directory, everybody } from './directory.js';
import { editing } from './editing.js';
import { useHearing } from './hearing.js';
import { dayOf, rowsOf, upsert } from './lines.js';
import { canEdit, markUnread } from './message_tools.js';
import { mounts } from './mounts.js';
import { again, drop, pendingIn, send } from './outbox.js';
import { useReading } from './reading.js';
import { useRoom } from './room.js';
import { partners, readAll, refresh, rooms, title } from './rooms.js';
import { drawRow, guessRow, skeleton } from './rows.js';
import { Thread } from './thread.js';
import { useTimeline } from './timeline.js';
import { used } from './uses.js';
import { dismiss, recall, whispersIn } from './whispers.js';
import { Windowed } from './window.js';

const orgs = room => partners(room).map(side => side.org_name).join(', ');
const PLACE = /^\d+\.\d{6}$/;

export default {
  props: ['params', 'query'],
  setup(p) {
    const id = p.params.id, base = `/channels/${id}`;
    const people = shallowReactive({});
    const list = ref(), composer = ref(), pane = ref(p.query.thread ? 'thread' : ''), top = shallowRef(null), tab = ref('messages');
    const { room, removed, outsiders } = useRoom(id, people, got => reading.arrive(got));
    const timeline = useTimeline(base, people), reading = useReading(id, timeline, room);
    const { messages, earlier, later } = timeline, { low, fresh, readUpTo } = reading;
    const pending = pendingIn(id);
    used(id);

    // -- where one is in it
    async function open(around) {
      const wanted = around ?? placeAsked();
      if (!await timeline.open(wanted)) return;
      await room.first;
      await nextTick();
      const there = wanted && messages.value.find(m => m.ts >= wanted)?.ts;
      const shown = wanted ? there && await brought(there) : await brought('unread', 0.2, 1);
      if (!shown) await list.value?.bottom();
      reading.look();
    }
    // The list may not stand yet, or not have its rows: then it is asked again, for at most two seconds.
    async function brought(key, share, tries = 40) {
      for (let n = 0; n < 40 && (n < tries || !list.value); n += 1) {
        if (await list.value?.show(key, share)) return true;
        await new Promise(resolve => { setTimeout(resolve, 50); });
      }
      return false;
    }
    function placeAsked() {
      const { ts, thread } = p.query;
      return PLACE.test(ts ?? '') ? (PLACE.test(thread ?? '') && thread !== ts ? thread : ts) : null;
    }
    async function latest() {
      if (p.query.ts) setQuery({ ts: null });
      if (later.value) await timeline.open();
      await list.value?.bottom();
      fresh.value = 0;
    }
    async function toUnread() {
      if (await list.value?.show('unread', 0.2)) return;
      await timeline.open(readUpTo.value);
      await nextTick();
      await list.value?.show('unread', 0.2);
    }
    const seen = sight => { top.value = sight.top; low.value = sight.low && !later.value; reading.look(); };

    const recalled = async () => Object.assign(people, await recall(id));
    watch(() => whispersIn(id).some(m => !people[m.user]), unknown => { if (unknown) recalled(); });
    const { spoken } = useHearing(id, { timeline, reading, room, pending });
    onMounted(() => { open(); recalled(); everybody().catch(() => {}); });   // those who are known complete names till then
    watch(() => room.data?.member, () => nextTick(reading.look));
    watch(() => p.query.ts, now => { if (now && messages.value) list.value?.show(now).then(shown => shown || open()); });
    watch(() => p.query.thread, now => { if (now) pane.value = 'thread'; else if (pane.value === 'thread') pane.value = ''; });

    // -- acting
    const admin = ['owner', 'admin'].includes(boot.me.role);
    const canWrite = computed(() => !!room.data?.member && !room.data.archived);
    const bottom = () => later.value ? latest() : list.value?.bottom();
    async function post(message) {
      send({ channel: id, ...message, broadcast: false }, got => {
        people[boot.me.id] ??= { ...boot.me, org: '' };
        if (!later.value) timeline.take(got);
      });
      reading.settle();
      await bottom();
    }
    const join = action(async () => { await api.post(`${base}/join`); await Promise.all([room.reload({ quiet: true }), refresh()]); }, { failed: toast.error });
    const openThread = ts => { pane.value = 'thread'; setQuery({ thread: ts }); };
    const show = what => { setQuery({ thread: null }); pane.value = pane.value === what ? '' : what; };
    const closePane = () => { pane.value = ''; setQuery({ thread: null }); composer.value?.focus(); };
    const unread = async m => { await markUnread(m); reading.hold(messages.value.findLast(x => x.ts < m.ts)?.ts ?? '0.000001'); };
    function last() {
      const own = messages.value?.findLast(m => m.user === boot.me.id && canEdit(m));
      if (!own || later.value) return false;
      list.value?.show(own.ts, 0.6).then(() => { editing.value = own.ts; });
      return true;
    }
    // Esc: this conversation is read; with Shift all of them are.
    function readNow(event) {
      if (event?.shiftKey) { readAll(rooms.list).then(() => toast(t('ch.read.all.done'))).catch(toast.error); return; }
      readUpTo.value = ''; reading.settle(); latest();
    }
    useKeys({
      c: [() => composer.value?.focus(), 'ch.key.compose'], i: [() => show('details'), 'ch.key.details'],
      ...(mounts.PagePane && { p: [() => show('page'), 'ch.page'] }), ...(mounts.CharterPane && { m: [() => { if (room.data?.kind === 'channel') show('charter'); }, 'ct.title'] }),
      ...(mounts.FilesPane && { f: [() => show('files'), 'ch.files'] }),
      ...(mounts.searchIn && { '/': [() => mounts.searchIn(room.data, people), 'ch.search.here'] }),
      Escape: [event => pane.value ? closePane() : readNow(event), 'ch.key.read'], End: [latest, 'ch.jump.newest'],
    }, 'ch.keys');
    useKeys({
      e: [null, 'ch.edit'], t: [null, 'ch.reply'], r: [null, 'ch.react'], u: [null, 'ch.mark.unread'], l: [null, 'ch.copy'],
    }, 'ch.keys.message');
    const entered = watch(() => room.data, async now => {
      if (!now) return;
      entered();
      if (mounts.firstEntry && !pane.value && await mounts.firstEntry(now) && !pane.value) pane.value = 'page';
    });

    // -- what is drawn
    const rows = computed(() => {
      const all = messages.value ?? [], own = whispersIn(id).filter(m => !m.thread_ts && (!later.value || m.ts < all.at(-1)?.ts));
      const begin = earlier.value ? { kind: 'more', key: 'more-earlier', loose: true } : { kind: 'begin', key: 'begin', at: all[0]?.ts };
      return [begin, ...rowsOf(own.length ? upsert(all, own) : all, reading.behind.value ? '' : readUpTo.value),
        ...(later.value ? [{ kind: 'more', key: 'more-later', loose: true }] : pending.value.map(it => ({ kind: 'pending', key: it.client_msg_id, it })))];
    });
    const context = () => ({
      room: room.data, people, empty: !messages.value?.length, canWrite: canWrite.value, admin, lit: p.query.ts,
      openThread, unread, dismiss, again, drop: it => drop(it.client_msg_id), write: () => composer.value?.focus(),
    });
    const draw = row => drawRow(row, context());

    useChannelTop(id, { room, people, removed, pane, show });
    const foot = () => {
      const it = room.data;
      if (!it) return null;
      if (it.archived) return html`<div class="notice ch-foot">${icon('lock')}${it.copy_of ? t('cn.copy', { org: it.was_shared_with.join(', ') }) : t('ch.archived')}</div>`;
      if (!it.member) return html`<div class="notice ch-foot"><span class="grow">${t('ch.join.why')}</span>
        <button type="button" class="btn pri" disabled=${join.busy} @click=${join.run}>${t('ch.join')}</button></div>`;
      if (it.silent) return html`<div class="notice ch-foot" role="status">${icon('lock')}${t('ch.silent.' + it.silent)}</div>`;
      return html`${mounts.Typing && html`<${mounts.Typing} channel=${id} thread=${null} />`}
        <${Composer} ref=${composer} channel=${id} label=${t('ch.write', { name: title(it, people) })}
          people=${{ ...directory, ...people }} groups=${mounts.groups?.()} everybody=${it.calls_everybody} send=${post} ran=${bottom} last=${last} escape=${readNow}
          hint=${[outsiders.value > 0 && t('ch.outside', { n: outsiders.value, org: orgs(it) }), it.limited && t('cn.only')].filter(Boolean).join(' ') || null} focus=${matchMedia('(min-width: 761px)').matches} />`;
    };
    const day = () => {
      const at = top.value?.at;
      if (!at || ['day', 'begin'].includes(top.value.kind)) return null;
      return html`<div class="ch-stuck"><${Menu} label=${t('ch.jump')} cls="btn sm" align="start" items=${jumps(open, latest)}>
        ${date(dayOf(at))}${icon('down', 12)}<//></div>`;
    };
    const beside = () => {
      const it = room.data;
      if (!it || removed.value) return null;
      if (pane.value === 'thread' && p.query.thread) return html`<${Thread} key=${p.query.thread} room=${it} ts=${p.query.thread}
        people=${people} canWrite=${canWrite.value} admin=${admin} close=${closePane} />`;
      if (pane.value === 'details') return html`<${Details} room=${it} people=${people} close=${closePane}
        changed=${() => { room.reload({ quiet: true }); refresh(); }} />`;
      if (pane.value === 'pins') return html`<${mounts.PinsPane} room=${it} people=${people} close=${closePane} jump=${open} />`;
      if (pane.value === 'files') return html`<${mounts.FilesPane} room=${it} canWrite=${canWrite.value} close=${closePane} />`;
      if (pane.value === 'charter') return html`<${mounts.CharterPane} room=${it} close=${closePane} />`;
      return pane.value === 'page' && html`<${mounts.PagePane} room=${it} close=${closePane} />`;
    };
    return () => {
      if (removed.value) {
        const said = { out: 'ch.removed', none: 'ch.unseen.here' }[removed.value] ?? 'cn.parted', browse = said !== 'cn.parted';
        return html`<div class="view"><${Empty} icon="lock" title=${t(said)} body=${t(said + '.body')}
          action=${browse ? { label: t('ch.browse'), href: '/channels/all' } : { label: t('cn.parted.open'), href: `/channels/${removed.value}` }} /></div>`;
      }
      const error = room.error && !room.data ? room.error : room.data && !messages.value && timeline.failed.value;
      if (error) return html`<div class="view pad"><${Failed} error=${error} retry=${() => { room.reload(); open(); }} /></div>`;
      const bot = room.data && mounts.botOf?.(room.data, { ...rooms.people, ...people }), home = bot && tab.value === 'home';
      return html`<div class=${'view fill ch' + (pane.value ? ' with-pane' : '')}><div class=${'ch-main' + (home ? ' at-home' : '')}>
        ${bot && html`<${mounts.HomeTabs} key=${bot} room=${room.data} bot=${bot} tab=${tab.value}
          change=${value => { tab.value = value; }} />`}${home && html`<${mounts.AppHome} room=${room.data} bot=${bot} people=${people} />`}
        ${mounts.BookmarkBar && room.data && html`<${mounts.BookmarkBar} room=${room.data} />`}
        ${mounts.CharterCard && room.data?.kind === 'channel' && pane.value !== 'charter' && html`<${mounts.CharterCard} key=${id} room=${room.data} show=${() => show('charter')} />`}
        ${reading.behind.value && html`<div class="ch-behind"><button type="button" class="link" @click=${toUnread}>${icon('up', 13)}
          ${readUpTo.value > '1' ? t('ch.behind', { when: date(readUpTo.value) }) : t('ch.behind.all')}</button>
            <button type="button" class="link" @click=${() => readNow()}>${t('ch.mark.read')}</button></div>`}
        <div class="ch-stage">${messages.value && room.data ? html`${day()}
          <${Windowed} ref=${list} rows=${rows.value} draw=${draw} guess=${guessRow} pinned=${!later.value} edge=${timeline.more}
            seen=${seen} busy=${timeline.busy.value} label=${title(room.data, people)} />` : skeleton()}
        ${messages.value && (!low.value || later.value) && html`<button type="button"
          class=${'btn ch-latest' + (fresh.value ? ' pri' : '')} @click=${latest}>${icon('down', 14)}
            ${fresh.value ? t('ch.latest.n', { n: fresh.value }) : t('ch.latest')}</button>`}</div>
        ${foot()}</div>${beside()}<div class="sr" aria-live="polite">${spoken.value}</div></div>`;
    };
  },
};
