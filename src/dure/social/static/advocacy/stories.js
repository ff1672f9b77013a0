// The manager's side: every story with its state, and one of them written, approved, ended or withdrawn.
import { Ago, api, date, Empty, html, icon, load, Loaded, reloadOn, setQuery, t, useKeys } from '../../web/kit.js';
import { lastDay } from './days.js';
import { Phase, teamOf } from './names.js';
import { StoryForm } from './story_form.js';
import { STATES } from './words.js';

export const Stories = {
  props: ['query', 'feed'],
  setup(p) {
    const stories = load(signal => api.get('/advocacy/stories', { signal, query: { limit: 300 } }), { keep: true });
    reloadOn(stories, 'social');
    const state = () => STATES.includes(p.query.state) ? p.query.state : '', all = () => stories.data?.stories ?? [];
    const rows = () => all().filter(one => !state() || one.state === state());
    const open = id => setQuery({ story: id }), write = () => open('new');
    useKeys({ n: [write, 'adv.keynew'], Escape: [() => p.query.story && setQuery({ story: null }), 'adv.keyclose'] }, 'adv.keys');
    const key = (e, one) => { if ((e.key === 'Enter' || e.key === ' ') && e.target === e.currentTarget) { e.preventDefault(); open(one.id); } };
    const row = one => html`<li key=${one.id} class=${'adv-row' + (one.id === p.query.story ? ' on' : '')} data-row data-story=${one.id} tabindex="0" aria-current=${one.id === p.query.story ? 'true' : null} @click=${() => open(one.id)} @keydown=${e => key(e, one)}>
      <div class="row"><${Phase} state=${one.state} /><b class="adv-title">${one.title}</b><span class="grow"></span><span class="mut sm nowrap"><${Ago} at=${one.changed_at} /></span></div>
      <div class="row wrap sm mut"><span>${one.teams.length ? one.teams.map(teamOf).join(', ') : t('adv.everybody')}</span>${one.ends_at && html`<span class="nowrap">${t('adv.until', { when: date(lastDay(one.ends_at)) })}</span>`}${one.origin.kind === 'post' && html`<span class="tag">${t('adv.from')}</span>`}</div></li>`;
    const list = () => html`<div class="adv-filter row wrap"><span class="seg" role="group" aria-label=${t('adv.state')}><button type="button" aria-pressed=${String(!state())} @click=${() => setQuery({ state: null })}>${t('adv.t.all')}</button>${STATES.filter(one => all().some(other => other.state === one) || one === state()).map(one => html`<button type="button" key=${one} aria-pressed=${String(state() === one)} @click=${() => setQuery({ state: one })}>${t('adv.t.' + one)}</button>`)}</span>
        <span class="grow"></span><button type="button" class="btn pri sm" @click=${write}>${icon('plus', 14)}${t('adv.new')}</button></div>
      ${rows().length ? html`<ul class="adv-list">${rows().map(row)}</ul>` : html`<${Empty} icon="find" title=${t('adv.snofit')} />`}`;
    const empty = () => !all().length && p.query.story !== 'new' && { icon: 'mega', title: t('adv.snone'), body: t('adv.snonebody'), action: { label: t('adv.new'), run: write, icon: 'plus' } };
    return () => html`<div class=${'adv-split adv-wide' + (p.query.story ? ' adv-open' : '')}><div class="adv-left"><${Loaded} of=${stories} show=${list} empty=${empty} skeleton="rows" /></div>
      <aside class="adv-right" aria-label=${t('adv.story')}>${p.query.story && stories.data ? html`<${StoryForm} key=${p.query.story} id=${p.query.story} networks=${stories.data.networks} close=${() => setQuery({ story: null })} changed=${() => stories.reload({ quiet: true })} made=${one => { stories.reload({ quiet: true }); open(one.id); }} />`
        : all().length > 0 && html`<${Empty} icon="edit" title=${t('adv.pickstory')} action=${{ label: t('adv.new'), run: write, icon: 'plus' }} />`}</aside></div>`;
  },
};
