// Search: found as one types, by kind, with filters that stand in the text; arrows choose, Enter goes to the place.
import { api, cancelled, computed, Empty, Failed, go, html, icon, load, nextTick, num, onMounted, onUnmounted, ref, remember, setQuery, shallowRef, Skeleton, t, Tabs, toast, useKeys, useTop, watch } from '../web/kit.js';
import './search_words.js';
import { Chip } from './search_chip.js';
import { addressOf, drawn } from './search_hit.js';
import { daysAgo, filters, settled, term, withFilters } from './search_query.js';
import { label, mark, rooms } from './rooms.js';

const KINDS = ['messages', 'files', 'people', 'channels'];
const RECENT = 'search.recent', KEPT = 8, PAGE = 20;
const EXAMPLES = ['from:@', 'in:#', 'has:link', 'is:thread', 'to:me', 'on:today', '"…"', '-…'];

export default {
  props: ['params', 'query'],
  setup(p) {
    const text = ref(p.query.q ?? ''), kind = computed(() => KINDS.includes(p.query.kind) ? p.query.kind : 'messages'), sort = computed(() => p.query.sort === 'score' ? 'score' : 'timestamp');
    const found = shallowRef(null), counts = ref({}), busy = ref(false), more = ref(false), failed = shallowRef(null), at = ref(-1);
    const field = ref(), list = ref(), recent = ref(remember(RECENT) ?? []);
    let running, timer, asked = '';

    async function ask() {
      const q = settled(text.value);
      running?.abort();
      asked = q;
      if (!q) { found.value = null; counts.value = {}; failed.value = null; busy.value = false; return; }
      const mine = running = new AbortController();
      busy.value = true;
      try {
        const got = await api.get('/search', { query: { q, kind: kind.value, sort: sort.value, limit: PAGE }, signal: mine.signal });
        found.value = { ...got, people: got.people ?? {} }; counts.value = got.counts; failed.value = null; at.value = -1;
        nextTick(() => list.value?.scrollTo(0, 0));
      } catch (error) { if (!cancelled(error)) { failed.value = error; found.value = null; } }
      if (running === mine) busy.value = false;
    }
    async function further() {
      if (more.value || !found.value?.cursor) return;
      more.value = true;
      const before = found.value;
      try {
        const got = await api.get('/search', { query: { q: asked, kind: kind.value, sort: sort.value, limit: PAGE, cursor: before.cursor } });
        if (found.value === before) found.value = { ...before, results: [...before.results, ...got.results], cursor: got.cursor, people: { ...before.people, ...got.people } };
      } catch (error) { toast.error(error); } finally { more.value = false; }
    }
    function typed(value, composing) {
      text.value = value;
      clearTimeout(timer);
      timer = setTimeout(() => { setQuery({ q: settled(value) }); if (settled(value) !== asked) ask(); }, composing ? 260 : 140);
    }
    const put = value => { typed(value); field.value?.focus(); };
    watch(() => [kind.value, sort.value], ask);
    // Another search by a link or the browser's back button.
    watch(() => p.query.q ?? '', q => { if (q !== settled(text.value)) { text.value = q; ask(); } });
    onMounted(() => { ask(); field.value?.focus(); const end = text.value.length; field.value?.setSelectionRange(end, end); });
    onUnmounted(() => { clearTimeout(timer); running?.abort(); });

    // -- going there
    function keep() {
      const q = settled(text.value);
      if (!q) return;
      recent.value = [q, ...recent.value.filter(one => one !== q)].slice(0, KEPT);
      remember(RECENT, recent.value);
    }
    async function open(it) {
      keep();
      const address = addressOf(found.value.kind, it);
      if (address) { go(address); return; }
      try { const { channel } = await api.post('/channels/direct', { users: [it.id] }); go(`/channels/${channel.id}`); } catch (error) { toast.error(error); }
    }
    function key(e) {
      if (e.isComposing) return;
      const n = found.value?.results.length ?? 0;
      if (e.key === 'ArrowDown' && n) at.value = Math.min(at.value + 1, n - 1);
      else if (e.key === 'ArrowUp' && n) at.value = Math.max(at.value - 1, -1);
      else if (e.key === 'Enter') { if (at.value >= 0) open(found.value.results[at.value]); else { keep(); clearTimeout(timer); ask(); } }
      else if (e.key === 'Escape' && text.value) put('');
      else return;
      e.preventDefault();
      if (at.value >= n - 3) further();
      nextTick(() => list.value?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }));
    }
    useKeys({ '/': [() => field.value?.select(), 'se.key.field'], ArrowDown: [() => { field.value?.focus(); at.value = Math.max(at.value, 0); }, 'se.key.choose'] }, 'se.keys');
    useTop({ title: () => t('se.title') });

    // -- filters
    const people = load(async signal => (await api.get('/channels/people', { signal })).people);
    const first = (name, show) => computed(() => { const all = filters(text.value, name); return all.length ? all.map(show).join(', ') : ''; });
    const from = first('from', one => one.value.replace(/^@/, '')), where = first('in', one => one.value.replace(/^#/, '')), date = first('date', one => /^(on|날짜|during|기간)$/.test(one.name) ? one.value : t(/^(before|이전)$/.test(one.name) ? 'se.before' : 'se.after', { day: one.value }));
    const has = first('has', one => t(['link', 'file', 'reaction', 'pin'].includes(one.value) ? 'se.has.' + one.value : one.value)), is = first('is', one => t(['thread', 'dm'].includes(one.value) ? 'se.is.' + one.value : one.value));
    const set = (name, ...terms) => put(withFilters(text.value, name, ...terms));
    const someone = async () => {
      if (!people.data) await people.reload();
      return [{ key: 'me', label: t('se.me'), icon: 'person', run: () => set('from', 'from:me') }, ...(people.data ?? []).map(one => ({ key: one.id, label: one.name, hint: one.org || one.title, icon: one.bot ? 'bot' : 'person', run: () => set('from', term('from', '@' + one.name)) }))];
    };
    const somewhere = () => [...rooms.list].filter(room => room.kind !== 'mpim').sort((a, b) => label(a).localeCompare(label(b), 'ko')).map(room => ({ key: room.id, label: label(room), icon: mark(room), run: () => set('in', term('in', (room.kind === 'channel' ? '#' : '@') + label(room))) }));
    const days = () => [['on:today', 'se.today'], ['on:yesterday', 'se.yesterday'], [`after:${daysAgo(7)}`, 'se.week'], ['during:month', 'se.month'], ['during:lastmonth', 'se.lastmonth']].map(([value, name]) => ({ key: value, label: t(name), icon: 'clock', run: () => set('date', value) }));
    const things = () => ['link', 'file', 'reaction', 'pin'].map(one => ({ key: one, label: t('se.has.' + one), icon: { link: 'link', file: 'paper-clip', reaction: 'smile', pin: 'flag' }[one], run: () => set('has', `has:${one}`) }));
    const sorts = () => ['thread', 'dm'].map(one => ({ key: one, label: t('se.is.' + one), icon: { thread: 'thread', dm: 'mail' }[one], run: () => set('is', `is:${one}`) }));
    const chips = () => html`<div class="se-chips" role="group" aria-label=${t('se.filters')}>
      <${Chip} label=${t('se.from')} icon="person" value=${from.value} items=${someone} find=${t('se.find.person')} clear=${() => set('from')} />
      <${Chip} label=${t('se.in')} icon="hash" value=${where.value} items=${somewhere} find=${t('se.find.channel')} clear=${() => set('in')} />
      <${Chip} label=${t('se.date')} icon="clock" value=${date.value} items=${days} clear=${() => set('date')}>${{ default: ({ hide }) => html`<label class="se-day">${t('se.day')}<input class="input" type="date" @change=${e => { if (e.target.value) { hide(); set('date', `on:${e.target.value}`); } }} /></label>` }}<//>
      <${Chip} label=${t('se.has')} icon="paper-clip" value=${has.value} items=${things} clear=${() => set('has')} />
      <${Chip} label=${t('se.is')} icon="thread" value=${is.value} items=${sorts} clear=${() => set('is')} />
      <span class="grow"></span>
      ${kind.value === 'messages' && html`<span class="seg" role="group" aria-label=${t('se.sort')}>${['timestamp', 'score'].map(one => html`<button type="button" key=${one} aria-pressed=${String(sort.value === one)} @click=${() => setQuery({ sort: one === 'score' ? one : null })}>${t('se.sort.' + one)}</button>`)}</span>`}</div>`;

    // -- what is shown
    const start = () => html`<div class="se-start">
      ${recent.value.length > 0 && html`<section><h2>${t('se.recent')}</h2><ul>${recent.value.map(one => html`<li key=${one}><button type="button" class="se-recent" @click=${() => put(one)}>${icon('clock', 14)}<span class="cut">${one}</span></button>
        <button type="button" class="btn ghost ico sm" aria-label=${t('se.forget', { q: one })} @click=${() => { recent.value = recent.value.filter(x => x !== one); remember(RECENT, recent.value); }}>${icon('x', 12)}</button></li>`)}</ul></section>`}
      <section><h2>${t('se.how')}</h2><dl class="se-how">${EXAMPLES.map(one => html`<div key=${one}><dt><button type="button" class="btn sm mono" @click=${() => put([text.value.trim(), one.replace('…', '')].filter(Boolean).join(' '))}>${one}</button></dt><dd class="mut">${t('se.how.' + EXAMPLES.indexOf(one))}</dd></div>`)}</dl></section></div>`;
    const nothing = () => html`<${Empty} icon="find" title=${t('se.none', { q: asked })} body=${found.value.unknown?.length ? t('se.unknown', { names: found.value.unknown.join(', ') }) : t('se.none.body')} />`;
    const results = () => html`<ul id="se-list" ref=${list} class="se-list" role="listbox" aria-label=${t('se.title')} aria-busy=${busy.value && !found.value ? 'true' : null} @scroll=${e => { const l = e.target; if (l.scrollHeight - l.scrollTop - l.clientHeight < 300) further(); }}>
      ${found.value.results.map((it, i) => html`<li key=${it.id ?? it.channel + it.ts} id=${'se-' + i} role="option" aria-selected=${String(i === at.value)}><a class="se-hit" href=${addressOf(found.value.kind, it) ?? '#'} tabindex="-1" @click=${e => { if (e.metaKey || e.ctrlKey || e.shiftKey) return; e.preventDefault(); e.stopPropagation(); open(it); }}>${drawn(found.value.kind, it, found.value.people)}</a></li>`)}
      ${found.value.cursor && html`<li role="presentation" key="more"><button type="button" class="btn sm ch-more" disabled=${more.value} @click=${further}>${t('se.more')}</button></li>`}</ul>`;
    const counted = one => counts.value[one] && num(counts.value[one].total) + (counts.value[one].more ? '+' : '');
    const body = () => {
      if (failed.value) return html`<${Failed} error=${failed.value} retry=${ask} />`;
      if (!settled(text.value)) return start();
      if (!found.value) return html`<div class="se-wait"><${Skeleton} kind="rows" n=${6} /></div>`;
      return found.value.results.length ? results() : nothing();
    };
    return () => html`<div class="view fill se">
      <div class="se-top"><div class="se-field">${icon('find')}<input ref=${field} type="search" role="combobox" aria-expanded="true" aria-controls="se-list" aria-activedescendant=${at.value >= 0 ? 'se-' + at.value : null} aria-label=${t('se.title')} placeholder=${t('se.hint')} autocomplete="off" spellcheck="false" maxlength="1000" value=${text.value}
        @input=${e => typed(e.target.value, e.isComposing)} @keydown=${key} />${busy.value && html`<span class="mut sm" aria-hidden="true">${t('se.busy')}</span>`}${text.value && html`<button type="button" class="btn ghost ico sm" aria-label=${t('se.empty')} @click=${() => put('')}>${icon('x', 14)}</button>`}</div>${chips()}</div>
      <${Tabs} label=${t('se.kinds')} items=${KINDS.map(one => ({ value: one, label: t('se.kind.' + one), count: counted(one) }))} value=${kind.value} change=${one => setQuery({ kind: one === 'messages' ? null : one })} />
      <div class="se-main"><p class="sr" role="status">${found.value && !busy.value ? t('se.found', { n: found.value.results.length }) : ''}</p>${body()}</div></div>`;
  },
};
