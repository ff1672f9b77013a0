// One line of all somebody did and all that was done for them, newest first, by day and session; new events come in
// at the top by themselves.
import { action, api, computed, date, dateTime, Empty, Failed, html, icon, isoDay, onUnmounted, ref, Skeleton, t, time, toast, watch, zone } from '../web/kit.js';
import { shown } from './words.js';

const PAGE = 60;
const KINDS = ['activity', 'messages', 'deals', 'segments', 'automation', 'people'];
// A pause this long ends a session.
const PAUSE = 30 * 60_000;
const idOf = event => event.source + event.message_id;
// What a line leaves to its details.
const BEHIND = new Set(['anonymous_id', 'original_time', 'from_person', 'to_person', 'version', 'cause', 'path', 'campaign', 'message', 'segment', 'decision', 'name_en', 'account', 'deal', 'slug', 'currency', 'channel', 'entry', 'amount', 'account_name', 'removed_traits']);
const INSIDE = new Set(['campaigns', 'channels', 'deals', 'social', 'pacing', 'segments', 'automation', 'people']);
const said = event => Object.entries(event.properties).filter(([name, value]) => typeof value !== 'object' && value !== '' && value !== false && !BEHIND.has(name)).sort(([a], [b]) => (b === 'name') - (a === 'name')).slice(0, 4);

export const Timeline = {
  props: ['path', 'every', 'changed', 'anew', 'whose'],
  setup(p) {
    const events = ref([]), more = ref(false), loading = ref(true), error = ref(null), kind = ref(''), source = ref(''), known = ref(new Set()), open = ref(''), live = ref(true), day = ref('');
    let asked = 0;

    const ask = query => api.get(p.path + '/timeline', { query: { limit: PAGE, kind: kind.value || undefined, source: source.value || undefined, ...query }, quiet: true });
    async function begin() {
      const mine = ++asked;
      loading.value = true; error.value = null;
      try {
        const answer = await ask(day.value ? { before: dayAfter(day.value) } : {});
        if (mine !== asked) return;
        events.value = answer.events; more.value = answer.more; note(answer.events);
      } catch (problem) { if (mine === asked) error.value = problem; } finally { if (mine === asked) loading.value = false; }
    }
    const older = action(async () => {
      const last = events.value.at(-1), answer = await ask({ before: last.time, message: last.message_id });
      events.value = [...events.value, ...answer.events]; more.value = answer.more; note(answer.events);
    }, { failed: toast.error });
    async function newer() {
      if (!live.value || day.value || document.hidden || loading.value || error.value) return;
      const mine = asked, first = events.value[0];
      try {
        const answer = await ask(first ? { after: first.time } : {});
        const here = new Set(events.value.map(idOf)), fresh = answer.events.filter(event => !here.has(idOf(event)));
        if (mine !== asked || !fresh.length) return;
        events.value = [...fresh, ...events.value]; note(fresh);
        if (fresh.some(event => event.source === 'people' || event.source === 'segments' || event.event === 'Identified' || event.event === 'Account Identified')) p.changed();
      } catch { /* the next look will tell */ }
    }
    function note(seen) { for (const event of seen) if (!known.value.has(event.source)) known.value = new Set([...known.value, event.source]); }

    watch(() => p.path, () => { known.value = new Set(); source.value = ''; kind.value = ''; day.value = ''; begin(); }, { immediate: true });
    watch(() => [kind.value, source.value, day.value, p.anew].join(), begin);
    const timer = setInterval(newer, p.every);
    onUnmounted(() => { clearInterval(timer); asked++; });

    // Days, and in each the stretches without a long pause.
    const days = computed(() => {
      const groups = new Map();
      for (const event of events.value) {
        const of = isoDay(event.time), sessions = groups.get(of) ?? [], last = sessions.at(-1);
        if (last && Date.parse(last.at(-1).time) - Date.parse(event.time) <= PAUSE) last.push(event); else sessions.push([event]);
        groups.set(of, sessions);
      }
      return [...groups];
    });
    const names = computed(() => [...known.value].sort());
    const tint = name => `background:var(--c${1 + names.value.indexOf(name) % 6})`;
    const line = event => html`<li key=${idOf(event)} class=${['people-event', open.value === idOf(event) && 'on']}>
      <button type="button" data-row aria-expanded=${String(open.value === idOf(event))} @click=${() => { open.value = open.value === idOf(event) ? '' : idOf(event); }}>
        <time class="mut num" datetime=${event.time}>${time(event.time)}</time><i class="people-dot" style=${tint(event.source)}></i>
        <b>${event.event}</b>${event.of === 'account' && html`<span class="tag">${t('people.ofaccount')}</span>`}<span class="people-said mut">${said(event).map(([name, value]) => html`<span key=${name}>${name} <em>${String(value)}</em></span>`)}</span>${p.whose && html`<span class="mut sm mono people-whose">${event.distinct_id}</span>`}<span class="people-source mut sm">${event.source}</span>
      </button>
      ${open.value === idOf(event) && html`<dl class="facts people-open"><dt>${t('people.ids')}</dt><dd><code class="mono">${event.distinct_id || '–'}</code></dd>${event.object && html`<dt>${event.object_type}</dt><dd>${event.properties.path ? html`<a href=${event.properties.path}><code class="mono">${event.object}</code></a>` : html`<code class="mono">${event.object}</code>`}</dd>`}
        ${Object.entries(event.properties).map(([name, value]) => html`<dt key=${name}>${name}</dt><dd class="people-value">${shown(value)}</dd>`)}<dt>${t('people.message')}</dt><dd><code class="mono">${event.message_id}</code> <span class="mut">${dateTime(event.time)}</span></dd></dl>`}
    </li>`;
    const session = ones => html`<div key=${idOf(ones.at(-1))} class="people-session">
      ${ones.length > 1 && ones.some(event => !INSIDE.has(event.source)) && html`<p class="mut sm">${[...new Set([time(ones.at(-1).time), time(ones[0].time)])].join('–')} · ${t('people.session', { n: ones.length })}</p>`}<ol>${ones.map(line)}</ol></div>`;

    return () => html`<section class="people-line" aria-label=${t('people.timeline')}>
      <header class="row wrap"><h2>${t('people.timeline')}</h2><div class="seg" role="group" aria-label=${t('people.kinds')}>
        ${['', ...KINDS].map(name => html`<button key=${name} type="button" aria-pressed=${String(kind.value === name)} class=${kind.value === name ? 'on' : ''} @click=${() => { kind.value = name; source.value = ''; }}>${name ? t('people.kind.' + name) : t('people.all')}</button>`)}</div>
        ${(names.value.length > 1 || source.value) && html`<select class="input sm" aria-label=${t('people.source')} value=${source.value} @change=${e => { source.value = e.target.value; }}><option value="">${t('people.allevents')}</option>${names.value.map(name => html`<option key=${name} value=${name} selected=${source.value === name}>${name}</option>`)}</select>`}
        <span class="row people-when"><input type="date" class="input sm" aria-label=${t('people.jump')} title=${t('people.jump')} value=${day.value} @change=${e => { day.value = e.target.value; }} />
        ${day.value ? html`<button type="button" class="btn sm" @click=${() => { day.value = ''; }}>${icon('up')}${t('people.tonow')}</button>`
          : html`<button type="button" class=${['btn sm', live.value && 'on']} aria-pressed=${String(live.value)} @click=${() => { live.value = !live.value; }}>${icon(live.value ? 'bolt' : 'pause')}${t(live.value ? 'people.live' : 'people.paused')}</button>`}</span></header>
      ${loading.value ? html`<${Skeleton} kind="rows" n=${8} />` : error.value ? html`<${Failed} error=${error.value} retry=${begin} />` : !events.value.length ? html`<${Empty} icon="list" title=${t('people.noevents')} />`
        : days.value.map(([of, sessions]) => html`<div key=${of}><h3 class="mut sm">${date(of)}</h3>${sessions.map(session)}</div>`)}
      ${more.value && !loading.value && html`<button type="button" class="btn people-more" disabled=${older.busy} @click=${() => older.run()}>${t('people.more')}</button>`}
    </section>`;
  },
};

// The first moment after a calendar day in the workspace's zone.
function dayAfter(day) {
  const guess = Date.parse(day + 'T00:00:00Z') + 86_400_000;
  const there = Date.parse(new Intl.DateTimeFormat('sv-SE', { timeZone: zone(), dateStyle: 'short', timeStyle: 'medium' }).format(guess).replace(' ', 'T') + 'Z');
  return new Date(guess - (there - guess)).toISOString();
}
