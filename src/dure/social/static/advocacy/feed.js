// What an employee may share now, the newest first; the chosen one is shared at the right.
import { Ago, Badge, date, Empty, html, icon, Loaded, setQuery, t, useKeys } from '../../web/kit.js';
import { Share } from './share.js';
import { lastDay } from './days.js';
import { nameOf } from './names.js';
import { MARKS } from './words.js';

export const Feed = {
  props: ['query', 'feed'],
  setup(p) {
    const stories = () => p.feed.data?.stories ?? [], networks = () => Object.fromEntries((p.feed.data?.networks ?? []).map(one => [one.name, one]));
    const chosen = () => stories().find(one => one.id === p.query.story);
    const open = one => setQuery({ story: one.id, network: null }), close = () => setQuery({ story: null, network: null });
    const pick = n => { const name = chosen()?.networks[n - 1]; if (name) setQuery({ network: name }); };
    useKeys({ ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map(n => [String(n), [() => pick(n), 'adv.keynet']])), Escape: [() => chosen() && close(), 'adv.keyclose'] }, 'adv.keys');
    const key = (e, one) => { if ((e.key === 'Enter' || e.key === ' ') && e.target === e.currentTarget) { e.preventDefault(); open(one); } };
    const told = one => !one.colleagues ? t('adv.nobody') : one.names.length ? t('adv.named', { names: one.names.slice(0, 3).join(', '), n: one.colleagues }) : t('adv.colleagues', { n: one.colleagues });
    const row = one => html`<li key=${one.id} class=${'adv-row' + (one.id === p.query.story ? ' on' : '')} data-row data-story=${one.id} tabindex="0" aria-current=${one.id === p.query.story ? 'true' : null} @click=${() => open(one)} @keydown=${e => key(e, one)}>
      <div class="row"><b class="adv-title">${one.title}</b><span class="grow"></span><span class="mut sm nowrap"><${Ago} at=${one.started_at} /></span></div>
      ${one.about && html`<p class="adv-about">${one.about}</p>`}
      <div class="row wrap sm mut"><span>${told(one)}</span>${one.ends_at && html`<span class="nowrap">${icon('clock', 12)} ${t('adv.until', { when: date(lastDay(one.ends_at)) })}</span>`}<span class="grow"></span>
        ${one.mine.filter(share => share.state !== 'prepared').map(share => html`<${Badge} key=${share.id} kind=${MARKS[share.state]} text=${(networks()[share.network] ? nameOf(networks()[share.network]) : share.network) + ' · ' + t('adv.s.' + share.state)} />`)}</div></li>`;
    const list = () => html`<ul class="adv-list">${stories().map(row)}</ul>`;
    const empty = () => !stories().length && { icon: 'reply', title: t('adv.none'), body: t('adv.nonebody'), action: { label: t('adv.write'), run: () => setQuery({ tab: 'stories', story: 'new' }), icon: 'edit' } };
    return () => html`<div class=${'adv-split' + (chosen() ? ' adv-open' : '')}><div class="adv-left"><${Loaded} of=${p.feed} show=${list} empty=${empty} skeleton="rows" n=${6} /></div>
      <aside class="adv-right" aria-label=${t('adv.pick')}>${chosen() ? html`<${Share} key=${chosen().id} story=${chosen()} networks=${networks()} network=${p.query.network} pick=${name => setQuery({ network: name })} close=${close} changed=${() => p.feed.reload({ quiet: true })} />`
        : stories().length > 0 && html`<${Empty} icon="reply" title=${t('adv.choose')} body=${t('adv.pickbody')} />`}</aside></div>`;
  },
};
