// Who the customer is: whose posts these are with their open deals, what else was said with and by them, what this
// becomes elsewhere.
import { Ago, Failed, html, icon, Skeleton, state, t } from '../../web/kit.js';
import { ClockList } from '../clocks/chip.js';
import { Become } from '../routing/become.js';
import { Whose } from '../routing/whose.js';
import { FEELINGS, networkName } from '../words.js';
import './words.js';

// props: talk, mention (a load), known (a load), labels (saved queries and themes by id and name), open(id), changed()
export const Customer = {
  props: ['talk', 'mention', 'known', 'labels', 'open', 'changed'],
  setup: p => () => {
    const m = p.mention.data, k = p.known.data, names = Object.fromEntries((p.labels ?? []).map(one => [one.id, one.name]));
    const themes = (k?.themes ?? []).filter(one => names[one.name]).slice(0, 8);
    const head = html`<div class="stack care-who"><b class="care-name">${p.talk.author || p.talk.handle || t('care.customer')}</b><span class="mut cut">${p.talk.handle}</span><span class="row wrap"><span class="tag">${networkName(p.talk.network, state.lang)}</span>${p.talk.direct && html`<span class="tag">${t('care.direct')}</span>`}${p.talk.reopened > 0 && html`<span class="tag">${t('care.reopened', { n: p.talk.reopened })}</span>`}</span><${ClockList} id=${p.talk.id} /></div>`;
    return html`<aside class="care-panel" aria-label=${t('care.panel')}>${head}
      ${m ? html`<${Whose} mention=${m} changed=${p.changed} /><${Become} mention=${m} />` : p.mention.error ? html`<${Failed} error=${p.mention.error} small=${true} retry=${p.mention.reload} />` : html`<${Skeleton} kind="text" n=${2} />`}
      ${!k ? html`<${Skeleton} kind="text" n=${3} />` : html`${themes.length > 0 && html`<section class="stack"><h3>${t('care.themes')}</h3><div class="row wrap">${themes.map(one => html`<span class="tag" key=${one.name}>${names[one.name]}${one.count > 1 && html` <span class="num">${one.count}</span>`}</span>`)}</div></section>`}
        ${k.conversations.length > 0 && html`<section class="stack"><h3>${t('care.others')}</h3><ul class="care-links">${k.conversations.map(one => html`<li key=${one.id}><button type="button" class="care-link" @click=${() => p.open(one.id)}><span class=${'care-dot f' + one.sentiment}></span><span class="cut grow">${one.subject || networkName(one.network, state.lang)}</span><span class=${'care-state s-' + one.state}>${t('care.' + one.state)}</span><span class="mut"><${Ago} at=${one.last_in_at ?? one.opened_at} /></span></button></li>`)}</ul></section>`}
        ${k.mentions.length > 0 && html`<section class="stack"><h3>${t('care.mentions')}</h3><ul class="care-links">${k.mentions.slice(0, 8).map(one => html`<li key=${one.id}><a class="care-link" href=${'/social?mention=' + one.id}><span class=${'care-dot f' + one.sentiment} title=${t(FEELINGS[one.sentiment])}></span><span class="cut grow">${one.text}</span><span class="mut nowrap"><${Ago} at=${one.posted_at} /></span></a></li>`)}</ul></section>`}
        ${!k.conversations.length && !k.mentions.length && html`<p class="mut sm">${t('care.nothing')}</p>`}`}
      <p><a class="row sm mut" href=${'/social?mention=' + p.talk.asked}>${icon('chat', 13)}${t('social.stream')}</a></p></aside>`;
  },
};
