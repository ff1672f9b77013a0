// What is sent later: the clock beside the send button, and the list of what waits.
import { api, askForm, boot, dateTime, Dialog, Empty, html, icon, isoDay, load, Loaded, Menu, onScopeDispose, openDialog, overhear, t, toast, zone } from '../web/kit.js';
import './words_kept.js';
import { channelNames, find, label, mark, rooms } from './rooms.js';
import { mrkdwn } from './text.js';

// A day and a time of the workspace's zone as a moment. Asked twice, because the first guess may lie on the other side
// of a change of the clock.
export function momentOf(day, time) {
  const wall = Date.parse(`${day}T${time}:00Z`);
  const shown = at => {
    const parts = Object.fromEntries(new Intl.DateTimeFormat('en-CA', { timeZone: zone(), hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' }).formatToParts(at).map(x => [x.type, x.value]));
    return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  };
  let at = wall - (shown(wall) - wall);
  at = wall - (shown(at) - at);
  return new Date(at);
}
const dayAfter = (day, n) => new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);
const weekday = day => new Date(`${day}T00:00:00Z`).getUTCDay();
const tomorrow = () => momentOf(dayAfter(isoDay(Date.now()), 1), '09:00');
const monday = () => { const today = isoDay(Date.now()); return momentOf(dayAfter(today, (8 - weekday(today)) % 7 || 7), '09:00'); };

const chosen = (values, submit) => askForm({
  title: t('ch.later.when'), submitLabel: t('ch.later.go'), values,
  fields: [{ name: 'day', label: t('ch.later.day'), type: 'date', required: true, min: isoDay(Date.now()), max: dayAfter(isoDay(Date.now()), 119) }, { name: 'time', label: t('ch.later.time'), type: 'time', required: true }],
  submit: async given => { const at = momentOf(given.day, given.time.slice(0, 5)); await submit(at); return { at }; },
});

// props: channel, thread, text() → what is to be sent, done() → empties the composer
export const ScheduleMenu = {
  props: ['channel', 'thread', 'text', 'done'],
  setup(p) {
    const keep = async at => { await api.post(`/channels/${p.channel}/scheduled`, { text: p.text(), post_at: at.toISOString(), thread_ts: p.thread ?? null }); };
    async function at(moment) {
      if (!p.text()) { toast(t('ch.later.empty')); return; }
      try { await keep(moment); told(moment); } catch (error) { toast.error(error); }
    }
    async function other() {
      if (!p.text()) { toast(t('ch.later.empty')); return; }
      const got = await chosen({ day: dayAfter(isoDay(Date.now()), 1), time: '09:00' }, keep);
      if (got) told(got.at);
    }
    const told = moment => { toast(t('ch.later.done', { when: dateTime(moment) })); p.done(); };
    return () => html`<${Menu} label=${t('ch.later')} icon="clock" cls="btn ghost ico" items=${[
      { label: t('ch.later.hour'), run: () => at(new Date(Date.now() + 3_600_000)) },
      { label: t('ch.later.tomorrow'), run: () => at(tomorrow()) },
      { label: t('ch.later.monday'), run: () => at(monday()) },
      { label: t('ch.later.other'), run: other },
      null, { label: t('ch.later.list'), icon: 'list', run: () => openDialog(InDialog, {}) },
    ]} />`;
  },
};

const InDialog = { props: ['close'], setup: p => () => html`<${Dialog} title=${t('ch.later.list')} wide=${true} onClose=${() => p.close(null)}><${ScheduledList} bare=${true} /><//>` };

// Everything of one's own that waits, or could not be sent. props: bare (under a title of its own)
export const ScheduledList = {
  props: ['bare'],
  setup(p) {
    const kept = load(signal => api.get('/channels/scheduled', { signal }));
    onScopeDispose(overhear(`user:${boot.me.id}`, what => { if (what.kind === 'scheduled') kept.reload({ quiet: true }); }));
    async function drop(it) {
      try { await api.del(`/channels/${it.channel}/scheduled/${it.id}`); toast(t('ch.later.dropped')); await kept.reload({ quiet: true }); } catch (error) { toast.error(error); }
    }
    async function move(it) {
      await chosen({ day: isoDay(it.post_at), time: wallTime(it.post_at) }, async at => {
        await api.post(`/channels/${it.channel}/scheduled`, { text: it.text, blocks: it.blocks, thread_ts: it.thread_ts, post_at: at.toISOString() });
        await api.del(`/channels/${it.channel}/scheduled/${it.id}`);
      });
      kept.reload({ quiet: true });
    }
    const why = code => { const key = `ch.later.why.${code}`, told = t(key); return told === key ? t('ch.later.failed') : `${t('ch.later.failed')}: ${told}`; };
    const row = it => {
      const room = find(it.channel);
      return html`<li key=${it.id} class="ch-waits"><div class="row sm"><a class="row grow" href=${`/channels/${it.channel}${it.thread_ts ? `?thread=${it.thread_ts}&ts=${it.thread_ts}` : ''}`}>${room && icon(mark(room), 14)}<b class="cut">${room ? label(room) : it.channel}</b>${it.thread_ts && html`<span class="mut">${t('ch.later.thread')}</span>`}</a>
          ${it.failed ? html`<span class="badge bad">${why(it.failed)}</span>` : html`<span class="mut nowrap">${icon('clock', 13)} ${dateTime(it.post_at)}</span>`}
          <button type="button" class="btn ghost ico sm" aria-label=${t('ch.later.move')} title=${t('ch.later.move')} @click=${() => move(it)}>${icon('edit', 14)}</button><button type="button" class="btn ghost ico sm" aria-label=${t('ch.later.drop')} title=${t('ch.later.drop')} @click=${() => drop(it)}>${icon('trash', 14)}</button></div>
        <div class="ch-text">${mrkdwn(it.text, rooms.people, channelNames.value)}</div></li>`;
    };
    return () => html`<section class="ch-later" aria-label=${t('ch.later.list')}>${!p.bare && html`<h2>${t('ch.later.list')}</h2>`}
      <${Loaded} of=${kept} n=${3} show=${({ scheduled }) => scheduled.length ? html`<ul>${scheduled.map(row)}</ul>` : html`<${Empty} icon="clock" title=${t('ch.later.none')} body=${t('ch.later.none.body')} />`} /></section>`;
  },
};

const wallTime = at => new Intl.DateTimeFormat('en-GB', { timeZone: zone(), hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));
