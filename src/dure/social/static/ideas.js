// The idea board: a lane a state or a table, the most asked for first; one idea with its askers at the right.
import {
  api, Empty, Failed, html, icon, load, nextTick, ref, reloadOn, setQuery, Skeleton, t, Table, toast, useKeys, useTop, Ago, num, watch,
} from '../web/kit.js';
import './words.js';
import { STATES } from './ideas/words.js';
import { Card, worth } from './ideas/card.js';
import { Detail } from './ideas/detail.js';
import { newIdea } from './ideas/create.js';

export default {
  props: ['params', 'query'],
  setup(p) {
    const ideas = load(signal => api.get('/ideas', { signal, query: { text: p.query.text ?? '' } }), { watch: () => p.query.text, keep: true });
    reloadOn(ideas, 'social');
    const text = ref(p.query.text ?? ''), at = ref('');
    let typed = 0;
    watch(() => p.query.text, value => { text.value = value ?? ''; });
    const find = value => { text.value = value; clearTimeout(typed); typed = setTimeout(() => setQuery({ text: value.trim() || null }), 250); };
    const rows = () => ideas.data?.ideas ?? [], table = () => p.query.as === 'table';
    const open = one => setQuery({ idea: one.id });
    const put = now => ideas.set({ ...ideas.data, ideas: rows().map(one => one.id === now.id ? now : one) });
    const here = () => rows().find(one => one.id === (document.activeElement?.closest?.('[data-idea]')?.dataset.idea || at.value || p.query.idea));
    const focus = id => nextTick(() => document.querySelector(`[data-idea="${id}"]`)?.focus());
    async function move(one, by) {
      const to = STATES[STATES.indexOf(one?.state) + by];
      if (!one || !to) return;
      put({ ...one, state: to }); focus(one.id);
      try { put(await api.patch('/ideas/' + one.id, { version: one.version, state: to })); toast(t('idea.moved', { name: t('idea.s.' + to) })); focus(one.id); } catch (error) { toast.error(error); ideas.reload({ quiet: true }); }
    }
    const vote = async one => { if (!one) return; try { put(await (one.mine ? api.del('/ideas/' + one.id + '/vote') : api.put('/ideas/' + one.id + '/vote'))); } catch (error) { toast.error(error); } };
    const create = () => newIdea().then(made => { if (made) { ideas.reload({ quiet: true }); open(made); } });
    const close = () => setQuery({ idea: null });
    useKeys({
      ']': [() => move(here(), 1), 'idea.keynext'], '[': [() => move(here(), -1), 'idea.keyback'], n: [create, 'idea.keynew'], v: [() => vote(here()), 'idea.keyvote'],
      t: [() => setQuery({ as: table() ? null : 'table' }), 'idea.keyview'], '/': [() => document.querySelector('.idea-find')?.focus(), 'idea.keyfind'], Escape: [() => p.query.idea && close(), 'idea.keyclose'],
    }, 'idea.keys');
    useTop({ tools: () => html`<input class="input sm idea-find" type="search" placeholder=${t('idea.find')} aria-label=${t('idea.find')} value=${text.value} @input=${e => find(e.target.value)} />
      <span class="seg idea-as" role="group"><button type="button" aria-pressed=${String(!table())} @click=${() => setQuery({ as: null })}>${t('idea.board')}</button><button type="button" aria-pressed=${String(table())} @click=${() => setQuery({ as: 'table' })}>${t('idea.table')}</button></span>
      <a class="btn sm" href="/api/v1/ideas/csv" download="ideas.csv">${t('idea.csv')}</a><button type="button" class="btn pri sm" @click=${create}>${icon('plus', 14)}${t('idea.new')}</button>` });

    const columns = () => [
      { key: 'title', title: t('idea.title'), render: one => html`<b>${one.title}</b>` }, { key: 'state', title: t('idea.state'), width: 110, value: one => STATES.indexOf(one.state), render: one => t('idea.s.' + one.state) },
      { key: 'votes', title: t('idea.votes'), num: true, width: 70 }, { key: 'asked', title: t('idea.asked'), num: true, width: 80 },
      { key: 'mention', title: t('idea.from.mention'), num: true, width: 90, value: one => one.demand.mention ?? 0 }, { key: 'care', title: t('idea.from.care'), num: true, width: 90, value: one => one.demand.care ?? 0 }, { key: 'sales', title: t('idea.from.sales'), num: true, width: 80, value: one => one.demand.sales ?? 0 },
      { key: 'value', title: t('idea.value'), num: true, width: 120, value: one => Object.values(one.value)[0] ?? 0, render: one => worth(one.value) },
      { key: 'last_asked', title: t('idea.last'), width: 110, render: one => one.last_asked ? html`<${Ago} at=${one.last_asked} />` : '–' },
    ];
    const lanes = () => html`<div class="idea-lanes" data-scroll>${STATES.map(state => {
      const held = rows().filter(one => one.state === state);
      return html`<section class="idea-lane" key=${state} aria-label=${t('idea.s.' + state)}><h3 class="row"><span class=${'idea-state s-' + state}>${t('idea.s.' + state)}</span><span class="mut num">${num(held.length)}</span></h3>
        <ul>${held.map(one => html`<${Card} key=${one.id} idea=${one} on=${p.query.idea === one.id} open=${open} vote=${vote} mark=${() => { at.value = one.id; }} />`)}</ul></section>`;
    })}</div>`;
    const body = () => {
      if (ideas.error && !ideas.data) return html`<${Failed} error=${ideas.error} retry=${ideas.reload} />`;
      if (!ideas.data) return html`<${Skeleton} n=${8} />`;
      if (!rows().length) return p.query.text ? html`<${Empty} icon="find" title=${t('idea.nofit')} action=${{ label: t('idea.clear'), run: () => setQuery({ text: null }) }} />`
        : html`<${Empty} icon="star" title=${t('idea.none')} body=${t('idea.nonebody')} action=${{ label: t('idea.new'), run: create, icon: 'plus' }} />`;
      return table() ? html`<${Table} label=${t('idea.table')} columns=${columns()} rows=${rows()} open=${open} rowClass=${one => one.id === p.query.idea ? 'on' : ''} />` : lanes();
    };
    return () => html`<div class="view fill"><div class=${'idea-split' + (p.query.idea ? ' idea-open' : '')}><div class="idea-left">${body()}</div>
      ${p.query.idea && html`<aside class="idea-right"><${Detail} key=${p.query.idea} id=${p.query.idea} changed=${() => ideas.reload({ quiet: true })} close=${close} /></aside>`}</div></div>`;
  },
};
