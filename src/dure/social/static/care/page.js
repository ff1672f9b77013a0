// The inbox: ways to look at it, the conversations, the one that is open, and who its customer is.
import { action, api, boot, Empty, html, icon, inLang, load, nextTick, openDialog, overhear, onScopeDispose, ref, remember, setQuery, t, toast, useKeys, useLive, useTop, watch } from '../../web/kit.js';
import { useClocks } from '../clocks/chip.js';
import { FEELINGS } from '../words.js';
import '../routing/words.js';
import './words.js';
import { useActs } from './acts.js';
import { Customer } from './customer.js';
import { List } from './list.js';
import { usePresence } from './presence.js';
import { asked, Rail } from './rail.js';
import { askSettings, SavedReplies } from './saved.js';
import { Talk } from './talk.js';

const PAGE = 50, FILTERS = ['team', 'network', 'intent', 'sentiment', 'text', 'order'];

export default {
  props: ['params', 'query'],
  setup(p) {
    const filters = () => ({ ...asked(p.query.view), ...Object.fromEntries(FILTERS.filter(name => p.query[name]).map(name => [name, p.query[name]])) });
    const listing = load(signal => api.get('/conversations', { signal, query: { ...filters(), limit: PAGE } }), { watch: () => JSON.stringify(filters()), keep: true });
    const counts = load(signal => api.get('/conversations/counts', { signal, quiet: true }), { keep: true });
    const users = load(signal => api.get('/users', { signal, quiet: true }));
    const vocabulary = load(signal => api.get('/mentions/vocabulary', { signal, quiet: true }));
    const settings = load(signal => api.get('/conversations/settings', { signal, quiet: true }));
    const open = () => p.query.c || '';
    const talk = load(signal => open() ? api.get('/conversations/' + open(), { signal }) : Promise.resolve(null), { watch: open });
    const here = () => talk.data?.conversation;
    const saved = load(signal => api.get('/saved-replies', { signal, quiet: true, query: { team: here()?.team ?? '' } }), { watch: () => here()?.team, keep: true });
    const mention = load(signal => here() ? api.get('/mentions/' + here().asked, { signal, quiet: true }) : Promise.resolve(null), { watch: () => here()?.asked });
    const known = load(signal => here() ? api.get(`/conversations/${here().id}/customer`, { signal, quiet: true }) : Promise.resolve(null), { watch: () => here() && here().id + here().person + here().account });
    const older = ref([]), ended = ref(false), marked = ref(new Set()), text = ref(p.query.text ?? ''), wide = ref(remember('care.panel') ?? true), writer = ref(null);
    let soon = 0, typed = 0, last = null;

    watch(() => listing.data, () => { older.value = []; ended.value = (listing.data?.conversations.length ?? 0) < PAGE; });
    watch(() => JSON.stringify(filters()), () => { marked.value = new Set(); });
    const rows = () => listing.data && [...listing.data.conversations, ...older.value];
    useClocks(() => [...(open() ? [open()] : []), ...(rows() ?? []).map(one => one.id)]);
    const more = action(async () => {
      const next = await api.get('/conversations', { query: { ...filters(), limit: PAGE, at: rows().length } }), there = new Set(rows().map(one => one.id));
      older.value = [...older.value, ...next.conversations.filter(one => !there.has(one.id))]; ended.value = next.conversations.length < PAGE;
    }, { failed: toast.error });

    // What others do is seen at once: the list and the counts soon, the open conversation when it is meant.
    const refresh = () => { soon ||= setTimeout(() => { soon = 0; listing.reload({ quiet: true }); counts.reload({ quiet: true }); }, 300); };
    const mine = () => { if (open()) talk.reload({ quiet: true }); };
    useLive('social', event => { if (event.object_type !== 'conversation') return; refresh(); if (event.object === open()) mine(); }, { reset: () => { refresh(); mine(); } });
    const stop = overhear('user:' + boot.me.id, ({ named }) => { if (named) toast(t('care.calledyou', { name: names()[named.by] ?? t('care.colleague') }), { action: { label: t('care.look'), run: () => go(named.conversation) } }); });
    const stopSending = overhear('social', ({ care }) => { if (care?.what === 'sending' && care.conversation === open() && care.user !== boot.me.id) mine(); });
    onScopeDispose(() => { stop(); stopSending(); clearTimeout(soon); clearTimeout(typed); });
    const typing = usePresence(open);

    const people = () => (users.data?.users ?? []).filter(one => !one.deleted && !one.is_bot && one.role !== 'guest').map(one => ({ id: one.id, name: one.display || one.name, title: one.title }));
    const names = () => Object.fromEntries((users.data?.users ?? []).map(one => [one.id, one.display || one.name]));
    const changed = now => { if (now?.id && now.id === open() && talk.data) talk.set({ ...talk.data, conversation: now }); mine(); refresh(); };
    const acts = useActs({ people, changed });
    const sent = answer => { if (answer?.conversation) { talk.set({ ...talk.data, conversation: answer.conversation }); if (answer.entry.outcome === 'said') toast(t('care.said')); } mine(); refresh(); };

    const go = id => setQuery({ c: id });
    const show = () => nextTick(() => document.querySelector('.care-row.on')?.scrollIntoView({ block: 'nearest' }));
    const move = by => { const all = rows() ?? [], at = all.findIndex(one => one.id === open()), next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))]; if (next) { go(next.id); show(); } };
    function mark(id, range) {
      const all = rows() ?? [], next = new Set(marked.value), from = all.findIndex(one => one.id === last), to = all.findIndex(one => one.id === id);
      if (range && from >= 0) for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(one.id);
      else if (!next.delete(id)) next.add(id);
      last = id; marked.value = next;
    }
    // A key acts on what is chosen, else on what is open.
    const act = (name, many) => async () => { if (marked.value.size) { await acts.many[many ?? name]([...marked.value]); marked.value = new Set(); } else acts[name](here()); };
    const manage = async words => { if (await openDialog(SavedReplies, { team: here()?.team ?? 'care', text: words })) saved.reload({ quiet: true }); };
    const panel = () => { wide.value = !wide.value; remember('care.panel', wide.value); };
    // A key that comes before the conversation is there waits for it.
    let wish = null;
    watch(open, () => { wish = null; });
    const writing = mode => () => { if (here()?.id === open()) writer.value?.focus(mode); else wish = mode; };
    const put = it => { writer.value = it; if (it && wish) { const mode = wish; wish = null; nextTick(() => it.focus(mode)); } };
    useKeys({
      j: [() => move(1), 'care.kdown'], k: [() => move(-1), 'care.kup'], x: [() => open() && mark(open()), 'care.kmark'],
      a: [act('take'), 'care.ktake'], 'shift+a': [act('give', 'assign'), 'care.kassign'], r: [writing('reply'), 'care.kreply'], n: [writing('note'), 'care.knote'],
      e: [act('resolve'), 'care.kresolve'], s: [act('snooze'), 'care.ksnooze'], w: [act('wait'), 'care.kwait'], p: [act('rank', 'priority'), 'care.kprio'], m: [act('transfer', 'team'), 'care.kmove'],
      '/': [() => writer.value?.saved(), 'care.ksaved'], f: [() => document.querySelector('.care-find')?.focus(), 'care.kfind'], i: [panel, 'care.kpanel'],
      Escape: [() => marked.value.size ? marked.value = new Set() : setQuery({ c: null }), 'care.kback'],
    }, 'care.keys');

    const find = value => { text.value = value; clearTimeout(typed); typed = setTimeout(() => setQuery({ text: value.trim() || null }), 250); };
    const filtered = () => p.query.view || FILTERS.some(name => p.query[name]);
    const clear = () => { text.value = ''; setQuery({ view: null, ...Object.fromEntries(FILTERS.map(name => [name, null])) }); };
    const pick = (name, label, options) => html`<select class=${'input sm care-pick' + (p.query[name] ? ' social-set' : '')} aria-label=${label} value=${p.query[name] ?? ''} @change=${e => setQuery({ [name]: e.target.value || null })}>
      <option value="" selected=${!p.query[name]}>${label}</option>${options.map(([value, title]) => html`<option key=${value} value=${value} selected=${p.query[name] === value}>${title}</option>`)}</select>`;
    useTop({ tools: () => html`<input class="input sm care-find" type="search" placeholder=${t('care.find')} aria-label=${t('care.find')} value=${text.value} @input=${e => find(e.target.value)} />
      ${pick('intent', t('care.intent'), Object.entries(vocabulary.data?.intents ?? {}).map(([value, title]) => [value, inLang(title)]))}${pick('sentiment', t('care.feeling'), ['1', '0', '-1'].map(one => [one, t(FEELINGS[one])]))}
      ${pick('order', t('care.newest'), [['waiting', t('care.longest')], ['due', t('care.due')]])}
      <button type="button" class="btn ghost sm" title=${t('care.saved')} @click=${() => manage('')}>${icon('reply', 14)}<span class="care-long">${t('care.saved')}</span></button>${['owner', 'admin'].includes(boot.me.role) && html`<button type="button" class="btn ghost sm ico" aria-label=${t('care.settings')} title=${t('care.settings')} @click=${async () => { if (await askSettings()) settings.reload({ quiet: true }); }}>${icon('cog', 14)}</button>`}` });
    const bulk = () => {
      const ids = [...marked.value], run = name => async () => { await acts.many[name](ids); marked.value = new Set(); };
      const button = (name, label) => html`<button type="button" class="btn sm" @click=${run(name)}>${label}</button>`;
      return html`<div class="care-bulk row wrap"><b class="nowrap">${t('care.selected', { n: ids.length })}</b>${button('take', t('care.takeit'))}${button('assign', t('care.assign'))}${button('priority', t('care.priority'))}${button('team', t('care.team'))}${button('snooze', t('care.snooze'))}${button('wait', t('care.wait'))}${button('resolve', t('care.resolve'))}<span class="grow"></span><button type="button" class="btn ghost sm ico" aria-label=${t('care.unselect')} @click=${() => { marked.value = new Set(); }}>${icon('x', 14)}</button></div>`;
    };
    return () => html`<div class="view fill"><div class=${'care-split' + (open() ? ' care-opened' : '') + (open() && wide.value ? ' care-wide' : '')}>
      <${Rail} counts=${counts} query=${p.query} />
      <div class="care-left" data-scroll>${marked.value.size > 0 && bulk()}<${List} rows=${rows()} chosen=${open()} marked=${marked.value} mark=${mark} open=${go} names=${names()} loading=${listing.loading} error=${listing.error} retry=${listing.reload} more=${more.run} hasMore=${!ended.value} busy=${more.busy} filtered=${filtered()} clear=${clear} /></div>
      ${open() ? html`<${Talk} key="talk" of=${talk} acts=${acts} people=${people()} names=${names()} saved=${saved.data?.saved_replies ?? []} after=${settings.data?.after_reply ?? 'waiting'} typing=${typing} sent=${sent} manage=${manage} put=${put} close=${() => setQuery({ c: null })} panel=${panel} wide=${wide.value} />
        ${wide.value && here() && html`<${Customer} key=${here().id} talk=${here()} mention=${mention} known=${known} labels=${vocabulary.data?.labels} open=${go} changed=${() => { mention.reload({ quiet: true }); mine(); }} />`}`
        : html`<div class="care-none"><${Empty} icon="inbox" title=${t('care.pick')} body=${t('care.pickbody')} /></div>`}</div></div>`;
  },
};
