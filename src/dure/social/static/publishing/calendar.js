// The calendar of posts: a month, a week or a list; moved by drag or by keys; days that are empty, hours that do well.
import { action, api, computed, Empty, Failed, go, html, icon, load, reactive, reloadOn, setQuery, Skeleton, t, Table, dateTime, date, toast, today, useKeys, useTop, state as shell, openDialog, num } from '../../web/kit.js';
import { STATES } from './words.js';
import { Chip, Where } from './chip.js';
import { clockOf, dayOf, daysOf, moment, plus, step, zoneName } from './zoned.js';
import { useNames, usePause } from './pause.js';
import { Series } from './series.js';
import { Well } from './well.js';

const MOVABLE = ['draft', 'in_review', 'approved', 'scheduled'], VIEWS = ['month', 'week', 'list'];

export default {
  props: ['params', 'query'],
  setup(p) {
    const view = () => VIEWS.includes(p.query.view) ? p.query.view : 'month', day = () => p.query.at ?? today();
    const days = computed(() => daysOf(view(), day()));
    const range = () => ({ since: moment(days.value[0], '00:00').toISOString(), until: moment(plus(days.value.at(-1), 1), '00:00').toISOString() });
    const posts = load(signal => api.get('/publishing/posts', { signal, query: view() === 'list' ? { text: p.query.text ?? '', state: p.query.state ?? '', evergreen: p.query.evergreen ?? '' } : range() }), { watch: () => [view(), days.value[0], p.query.text, p.query.state, p.query.evergreen].join(), keep: true });
    const fortnight = load(signal => api.get('/publishing/posts', { signal, quiet: true, query: { since: moment(today(), '00:00').toISOString(), until: moment(plus(today(), 14), '00:00').toISOString() } }));
    const places = load(signal => api.get('/publishing/places', { signal }));
    const waiting = load(signal => api.get('/publishing/reviews', { signal, quiet: true }));
    const { named } = useNames(), pause = usePause(named, () => again());
    for (const one of [posts, fortnight, waiting]) reloadOn(one, 'social');
    const again = () => { posts.reload({ quiet: true }); fortnight.reload({ quiet: true }); };
    const drag = reactive({ id: '', over: '' });
    const all = () => [...(posts.data?.posts ?? []), ...(posts.data?.undated ?? [])];
    const on = at => (posts.data?.posts ?? []).filter(one => one.due_at && dayOf(one.due_at) === at);
    const empty = computed(() => {
      const filled = new Set((fortnight.data?.posts ?? []).map(one => dayOf(one.due_at)));
      return new Set(Array.from({ length: 14 }, (_, i) => plus(today(), i)).filter(one => !filled.has(one)));
    });
    const create = action(async (at = null) => {
      const made = await api.post('/publishing/posts', { content: { title: t('pub.untitled'), language: shell.lang, wordings: (places.data?.places ?? []).filter(one => !one.paused).slice(0, 4).map(one => ({ source: one.id })) }, due_at: at });
      go('/publishing/' + made.plan.id);
    }, { failed: toast.error });
    async function move(one, to) {
      if (!MOVABLE.includes(one.state)) { toast(t('pub.cannotmove')); return; }
      if (to && to < new Date()) { toast(t('pub.past')); return; }
      try { await api.put(`/publishing/posts/${one.id}/time`, { due_at: to?.toISOString() ?? null }); again(); toast(to ? t('pub.moved', { at: dateTime(to) }) : t('pub.untimed')); requestAnimationFrame(() => document.querySelector(`[data-post="${one.id}"]`)?.focus()); } catch (error) { toast.error(error); }
    }
    const toDay = (one, to) => move(one, moment(to, one.due_at ? clockOf(one.due_at) : '10:00'));
    const shift = (one, by) => toDay(one, plus(one.due_at ? dayOf(one.due_at) : today(), by));
    const to = by => setQuery({ at: step(view(), day(), by) });
    useKeys({
      n: [() => create.run(), 'pub.keynew'], t: [() => setQuery({ at: null }), 'pub.keytoday'], '[': [() => to(-1), 'pub.keyprev'], ']': [() => to(1), 'pub.keynext'], a: [() => go('/publishing/review'), 'pub.keyreview'],
      1: [() => setQuery({ view: null }), 'pub.month'], 2: [() => setQuery({ view: 'week' }), 'pub.week'], 3: [() => setQuery({ view: 'list' }), 'pub.list'],
      'shift+ArrowLeft': [null, 'pub.keymove'], 'shift+ArrowDown': [null, 'pub.keymove'],
    }, 'pub.keys');
    const count = () => waiting.data?.waiting.length ?? 0;
    useTop({ tools: () => html`<span class="seg" role="group" aria-label=${t('pub.calendar')}>${VIEWS.map(one => html`<button type="button" key=${one} aria-pressed=${String(view() === one)} @click=${() => setQuery({ view: one === 'month' ? null : one })}>${t('pub.' + one)}</button>`)}</span>
      <a class="btn sm" href="/publishing/review">${count() ? t('pub.reviewn', { n: count() }) : t('pub.review')}</a><a class="btn sm" href="/publishing/rules">${t('pub.rules')}</a>${pause.button()}
      <button type="button" class="btn sm" @click=${() => openDialog(Series, { places: places.data?.places ?? [] }).then(made => made && again())}>${t('pub.series')}</button>
      <button type="button" class="btn pri sm" disabled=${create.busy || !places.data} @click=${() => create.run()}>${icon('plus', 14)}${t('pub.new')}</button>` });

    const dropped = (e, at) => { e.preventDefault(); const one = all().find(each => each.id === drag.id); drag.id = drag.over = ''; if (one) at ? toDay(one, at) : move(one, null); };
    const over = at => e => { if (drag.id) { e.preventDefault(); drag.over = at; } };
    const chip = one => html`<${Chip} key=${one.id} post=${one} places=${places.data?.places ?? []} wide=${view() === 'week'} named=${named} grab=${on => { drag.id = on ? one.id : ''; }} shift=${by => shift(one, by)} movable=${MOVABLE.includes(one.state)} />`;
    const cell = at => {
      const held = on(at), gap = empty.value.has(at), most = view() === 'week' ? 40 : 4, other = view() === 'month' && at.slice(0, 7) !== day().slice(0, 7);
      return html`<section key=${at} class=${'pub-day' + (at === today() ? ' now' : '') + (other ? ' other' : '') + (drag.over === at ? ' over' : '') + (gap && !held.length ? ' gap' : '')} aria-label=${date(at)} @dragover=${over(at)} @drop=${e => dropped(e, at)}>
        <header><span class="num">${at.slice(8) === '01' || view() === 'week' ? date(at, { weekday: false }) : +at.slice(8)}</span><span class="mut sm">${gap && !held.length ? t('pub.gap') : ''}</span>
          ${at >= today() && html`<button type="button" class="btn ghost ico sm pub-add" aria-label=${`${t('pub.new')} ${date(at)}`} title=${t('pub.new')} @click=${() => create.run(new Date(Math.max(moment(at, '10:00'), Date.now() + 36e5)).toISOString())}>${icon('plus', 12)}</button>`}</header>
        ${held.slice(0, most).map(chip)}${held.length > most && html`<button type="button" class="btn ghost sm" @click=${() => setQuery({ view: 'week', at })}>${t('pub.more', { n: held.length - most })}</button>`}</section>`;
    };
    const head = () => html`<div class="pub-head"><button type="button" class="btn ghost ico sm" aria-label=${t('pub.prev')} @click=${() => to(-1)}>${icon('back', 14)}</button>
      <h2>${view() === 'week' ? `${date(days.value[0], { weekday: false })} – ${date(days.value[6], { weekday: false })}` : monthOf(day(), shell.lang)}</h2><button type="button" class="btn ghost ico sm" aria-label=${t('pub.next')} @click=${() => to(1)}>${icon('arrow', 14)}</button>
      <button type="button" class="btn sm" @click=${() => setQuery({ at: null })}>${t('pub.today')}</button><span class="mut sm nowrap">${zoneName(shell.lang)}</span><span class="grow"></span>
      ${fortnight.data && html`<span class=${'sm nowrap ' + (empty.value.size ? 'pub-warn' : 'mut')}>${empty.value.size ? t('pub.gaps', { n: empty.value.size }) : t('pub.nogaps')}</span>`}<${Well} pick=${at => create.run(at.toISOString())} /></div>`;
    const tray = () => html`<aside class=${'pub-tray' + (drag.over === 'tray' ? ' over' : '')} aria-label=${t('pub.undated')} @dragover=${over('tray')} @drop=${e => dropped(e, '')}><header class="row"><b>${t('pub.undated')}</b><span class="mut num">${num((posts.data?.undated ?? []).length)}</span><span class="mut sm cut">${t('pub.undatedhint')}</span></header>
      <div class="pub-loose">${(posts.data?.undated ?? []).map(chip)}</div></aside>`;
    const columns = () => [
      { key: 'title', title: t('pub.title'), cls: 'pub-name', value: one => one.content.title, render: one => html`<a href=${'/publishing/' + one.id}><b>${one.content.title}</b></a>` }, { key: 'when', title: t('pub.when'), width: 130, value: one => one.due_at ?? '', render: one => one.due_at ? dateTime(one.due_at) : '–' },
      { key: 'where', title: t('pub.where'), sort: false, width: 120, render: one => html`<${Where} post=${one} places=${places.data?.places ?? []} />` }, { key: 'campaign', title: t('pub.campaign'), width: 120, value: one => one.content.campaign },
      { key: 's', title: t('pub.state'), width: 110, value: one => STATES.indexOf(one.state), render: one => html`<span class=${'pub-state s-' + one.state}>${t('pub.s.' + one.state)}</span>` }, { key: 'by', title: t('pub.author'), width: 110, value: one => named(one.author) },
    ];
    let typed = 0;
    const list = () => html`<div class="pub-list"><div class="social-bar"><input class="input social-find" type="search" placeholder=${t('pub.find')} aria-label=${t('pub.find')} value=${p.query.text ?? ''} @input=${e => { const text = e.target.value; clearTimeout(typed); typed = setTimeout(() => setQuery({ text: text.trim() || null }), 250); }} />
      <select class="input" aria-label=${t('pub.all')} value=${p.query.state ?? ''} @change=${e => setQuery({ state: e.target.value || null })}><option value="">${t('pub.all')}</option>${STATES.map(one => html`<option key=${one} value=${one} selected=${p.query.state === one}>${t('pub.s.' + one)}</option>`)}</select>
      <button type="button" class=${'btn sm' + (p.query.evergreen ? ' on' : '')} aria-pressed=${String(!!p.query.evergreen)} @click=${() => setQuery({ evergreen: p.query.evergreen ? null : 'true' })}>${t('pub.evergreen')}</button></div>
      <${Table} label=${t('pub.list')} columns=${columns()} rows=${posts.data.posts} open=${one => go('/publishing/' + one.id)} empty=${{ icon: 'calendar', title: t('pub.none'), body: t('pub.nonebody') }} /></div>`;
    const body = () => {
      const failed = posts.error ?? places.error;
      if (failed && !posts.data) return html`<${Failed} error=${failed} retry=${posts.reload} />`;
      if (!posts.data || !places.data) return html`<${Skeleton} n=${8} />`;
      if (!places.data.places.length && !all().length) return html`<${Empty} icon="globe" title=${t('pub.noplaces')} body=${t('pub.noplacesbody')} action=${{ label: t('pub.connect'), href: '/social/sources/connect' }} />`;
      if (view() === 'list') return list();
      return html`<div class="pub-page">${head()}<div class=${'pub-grid as-' + view()} data-scroll>${days.value.slice(0, 7).map(at => html`<div key=${'h' + at} class="pub-weekday mut sm">${weekdayOf(at, shell.lang)}</div>`)}${days.value.map(cell)}</div>${tray()}</div>`;
    };
    return () => html`<div class="view fill pub-view">${pause.banner()}${body()}</div>`;
  },
};

const monthOf = (day, lang) => new Intl.DateTimeFormat(lang, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(day));
const weekdayOf = (day, lang) => new Intl.DateTimeFormat(lang, { weekday: 'short', timeZone: 'UTC' }).format(new Date(day));
