// Social: what is said outside. Stream and volume at the left, topics and spikes or one mention at the right.
import { action, api, html, icon, inLang, load, ref, setQuery, state, t, toast, useKeys, useLive, useTop, watch } from '../web/kit.js';
import { networkName } from './words.js';
import { Detail } from './detail.js';
import { Overview } from './overview.js';
import { Stream } from './stream.js';
import { Volume } from './volume.js';

const FILTERS = ['network', 'intent', 'topic', 'language', 'state', 'function', 'theme', 'own', 'text'], PAGE = 50;

export default {
  props: ['params', 'query'],
  setup(p) {
    const filters = () => Object.fromEntries(FILTERS.map(name => [name, p.query[name] ?? '']));
    const first = load(signal => api.get('/mentions', { signal, query: { ...filters(), limit: PAGE } }), { watch: () => JSON.stringify(filters()), keep: true });
    const vocabulary = load(signal => api.get('/mentions/vocabulary', { signal }));
    const older = ref([]), cursor = ref(''), fresh = ref(false), text = ref(p.query.text ?? '');
    let typed = 0, soon = 0;

    watch(() => first.data, data => { older.value = []; cursor.value = data?.cursor ?? ''; fresh.value = false; });
    watch(() => p.query.text, value => { text.value = value ?? ''; });
    const more = action(async () => {
      const next = await api.get('/mentions', { query: { ...filters(), limit: PAGE, cursor: cursor.value } });
      older.value = [...older.value, ...next.mentions]; cursor.value = next.cursor;
    }, { failed: toast.error });
    // New posts come in by themselves only while nobody has read on; else a button brings them.
    const arrived = () => { clearTimeout(soon); soon = setTimeout(() => { if (older.value.length) fresh.value = true; else first.reload({ quiet: true }); }, 400); };
    useLive('social', arrived, { reset: arrived });

    const rows = () => first.data && [...first.data.mentions, ...older.value];
    const changed = now => {
      const swap = list => list.map(row => row.id === now.id ? now : row);
      const reading = older.value, at = cursor.value;
      first.set({ ...first.data, mentions: swap(first.data.mentions) });
      queueMicrotask(() => { older.value = swap(reading); cursor.value = at; });
    };
    const find = value => { text.value = value; clearTimeout(typed); typed = setTimeout(() => setQuery({ text: value.trim() }), 250); };
    const clear = () => setQuery(Object.fromEntries(FILTERS.map(name => [name, null])));
    const filtered = () => FILTERS.some(name => p.query[name]);
    useKeys({ '/': [() => document.querySelector('.social-find')?.focus(), () => t('social.keyfind')] }, 'social.keys');

    const pick = (name, options) => html`<select class=${'input sm' + (p.query[name] ? ' social-set' : '')} aria-label=${t('social.' + name)} value=${p.query[name] ?? ''} @change=${e => setQuery({ [name]: e.target.value })}>
      <option value="" selected=${!p.query[name]}>${t('social.' + name)}</option>${options.map(([value, label]) => html`<option key=${value} value=${value} selected=${p.query[name] === value}>${label}</option>`)}</select>`;
    const titles = map => Object.entries(map ?? {}).map(([value, title]) => [value, inLang(title)]);
    const bar = () => {
      const v = vocabulary.data ?? {};
      return html`<div class="social-bar" role="search"><input class="input sm social-find" type="search" placeholder=${t('social.text')} aria-label=${t('social.text')} value=${text.value} @input=${e => find(e.target.value)} />
        ${pick('network', (v.networks ?? []).map(name => [name, networkName(name, state.lang)]))}${pick('intent', titles(v.intents))}${pick('topic', titles(v.topics))}
        ${pick('language', ['ko', 'en', 'ja', 'zh'].map(one => [one, t('social.' + one)]))}${pick('state', (v.states ?? []).map(one => [one, t('social.' + one)]))}${pick('function', (v.functions ?? []).map(one => [one, t('social.' + one)]))}${v.labels?.length > 0 && pick('theme', v.labels.map(one => [one.id, one.name]))}${pick('own', [['only', t('social.ours')], ['all', t('social.everybody')]])}</div>`;
    };
    useTop({ tools: () => html`<a class="btn ghost sm" href="/social/sources">${icon('globe', 14)}${t('social.sources')}</a><a class="btn ghost sm" href="/social/reader">${t('social.reader')}</a>${filtered() && html`<button type="button" class="btn ghost sm" @click=${clear}>${icon('x', 14)}${t('social.clear')}</button>`}
      ${fresh.value && html`<button type="button" class="btn sm" @click=${() => first.reload()}>${icon('up', 14)}${t('social.fresh')}</button>`}` });

    return () => html`<div class="view fill"><div class=${'social-split' + (p.query.mention ? ' social-open' : '')}>
      <div class="social-left" data-scroll><div class="social-chart"><${Volume} topic=${p.query.topic ?? ''} topics=${vocabulary.data?.topics} /></div>${bar()}
        <${Stream} rows=${rows()} vocabulary=${vocabulary.data} chosen=${p.query.mention} loading=${first.loading} error=${first.error} retry=${first.reload} more=${more.run} hasMore=${!!cursor.value} busy=${more.busy} filtered=${filtered()} clear=${clear} /></div>
      <aside class="social-right">${p.query.mention ? html`<${Detail} key=${p.query.mention} id=${p.query.mention} vocabulary=${vocabulary.data} changed=${changed} />`
        : html`<${Overview} vocabulary=${vocabulary.data} topic=${p.query.topic} />`}</aside></div></div>`;
  },
};
