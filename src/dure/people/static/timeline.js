// One line of all somebody did, newest first, by day; new events come in at the top by themselves.
import { action, api, computed, date, dateTime, Empty, Failed, html, icon, isoDay, onUnmounted, ref, Skeleton, t, time, toast, watch } from '../web/kit.js';

const PAGE = 60;
const idOf = event => event.source + event.message_id;
// What a line leaves to its details.
const BEHIND = new Set(['anonymous_id', 'original_time', 'from_person', 'to_person', 'version', 'cause']);
const said = event => Object.entries(event.properties).filter(([name, value]) => typeof value !== 'object' && !BEHIND.has(name)).slice(0, 4);

export const Timeline = {
  props: ['path', 'every', 'changed'],
  setup(p) {
    const events = ref([]), more = ref(false), loading = ref(true), error = ref(null), source = ref(''), known = ref(new Set()), open = ref(''), live = ref(true);
    let asked = 0;

    const ask = query => api.get(p.path + '/timeline', { query: { limit: PAGE, source: source.value || undefined, ...query }, quiet: true });
    async function begin() {
      const mine = ++asked;
      loading.value = true; error.value = null;
      try {
        const answer = await ask({});
        if (mine !== asked) return;
        events.value = answer.events; more.value = answer.more; note(answer.events);
      } catch (problem) { if (mine === asked) error.value = problem; } finally { if (mine === asked) loading.value = false; }
    }
    const older = action(async () => {
      const last = events.value.at(-1), answer = await ask({ before: last.time, message: last.message_id });
      events.value = [...events.value, ...answer.events]; more.value = answer.more; note(answer.events);
    }, { failed: toast.error });
    async function newer() {
      if (!live.value || document.hidden || loading.value || error.value) return;
      const mine = asked, first = events.value[0];
      try {
        const answer = await ask(first ? { after: first.time } : {});
        const here = new Set(events.value.map(idOf)), fresh = answer.events.filter(event => !here.has(idOf(event)));
        if (mine !== asked || !fresh.length) return;
        events.value = [...fresh, ...events.value]; note(fresh);
        if (fresh.some(event => event.source === 'people' || event.event === 'Identified')) p.changed();
      } catch { /* the next look will tell */ }
    }
    function note(seen) { for (const event of seen) if (!known.value.has(event.source)) known.value = new Set([...known.value, event.source]); }

    watch(() => p.path, () => { known.value = new Set(); source.value = ''; begin(); }, { immediate: true });
    watch(source, begin);
    const timer = setInterval(newer, p.every);
    onUnmounted(() => { clearInterval(timer); asked++; });

    const days = computed(() => {
      const groups = new Map();
      for (const event of events.value) { const day = isoDay(event.time); groups.set(day, [...(groups.get(day) ?? []), event]); }
      return [...groups];
    });
    const names = computed(() => [...known.value].sort());
    const tint = name => `background:var(--c${1 + names.value.indexOf(name) % 6})`;
    const line = event => html`<li key=${idOf(event)} class=${['people-event', open.value === idOf(event) && 'on']}>
      <button type="button" data-row aria-expanded=${String(open.value === idOf(event))} @click=${() => { open.value = open.value === idOf(event) ? '' : idOf(event); }}>
        <time class="mut num" datetime=${event.time}>${time(event.time)}</time><i class="people-dot" style=${tint(event.source)}></i>
        <b>${event.event}</b><span class="people-said mut">${said(event).map(([name, value]) => html`<span key=${name}>${name} <em>${String(value)}</em></span>`)}</span><span class="people-source mut sm">${event.source}</span>
      </button>
      ${open.value === idOf(event) && html`<dl class="facts people-open"><dt>${t('people.ids')}</dt><dd><code class="mono">${event.distinct_id || '–'}</code></dd>${event.object && html`<dt>${event.object_type}</dt><dd><code class="mono">${event.object}</code></dd>`}
        ${Object.entries(event.properties).map(([name, value]) => html`<dt key=${name}>${name}</dt><dd class="people-value">${typeof value === 'object' ? JSON.stringify(value) : String(value)}</dd>`)}<dt>${t('people.message')}</dt><dd><code class="mono">${event.message_id}</code> <span class="mut">${dateTime(event.time)}</span></dd></dl>`}
    </li>`;

    return () => html`<section class="people-line" aria-label=${t('people.timeline')}>
      <header class="row wrap"><h2>${t('people.timeline')}</h2><div class="seg" role="group">
        ${['', ...names.value].map(name => html`<button key=${name} type="button" aria-pressed=${String(source.value === name)} class=${source.value === name ? 'on' : ''} @click=${() => { source.value = name; }}>${name || t('people.all')}</button>`)}</div><span class="grow"></span>
        <button type="button" class=${['btn sm', live.value && 'on']} aria-pressed=${String(live.value)} @click=${() => { live.value = !live.value; }}>${icon(live.value ? 'bolt' : 'pause')}${t(live.value ? 'people.live' : 'people.paused')}</button></header>
      ${loading.value ? html`<${Skeleton} kind="rows" n=${8} />` : error.value ? html`<${Failed} error=${error.value} retry=${begin} />` : !events.value.length ? html`<${Empty} icon="list" title=${t('people.noevents')} />`
        : days.value.map(([day, ones]) => html`<div key=${day}><h3 class="mut sm">${date(day)}</h3><ol>${ones.map(line)}</ol></div>`)}
      ${more.value && !loading.value && html`<button type="button" class="btn people-more" disabled=${older.busy} @click=${() => older.run()}>${t('people.more')}</button>`}
    </section>`;
  },
};
