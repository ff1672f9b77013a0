// Conversations as rows: who, the last words, how it stands, who has it; several may be chosen.
import { Ago, Avatar, Empty, Failed, html, icon, Skeleton, state, t } from '../../web/kit.js';
import { ClockChip } from '../clocks/chip.js';
import { FEELINGS, networkName } from '../words.js';
import { others } from './presence.js';
import './words.js';

export const Flag = { props: ['talk'], setup: p => () => html`<span class="row care-flags">${p.talk.priority !== 'normal' && html`<span class=${'care-prio p-' + p.talk.priority}>${t('care.' + p.talk.priority)}</span>`}
    ${p.talk.state === 'open' ? html`<${ClockChip} id=${p.talk.id} />` : html`<span class=${'care-state s-' + p.talk.state}>${t('care.' + p.talk.state)}</span>`}</span>` };

// props: rows, chosen (id), marked (Set), mark(id), open(id), names {user: name}, loading, error, retry, more, hasMore, busy, filtered, clear
export const List = {
  props: ['rows', 'chosen', 'marked', 'mark', 'open', 'names', 'loading', 'error', 'retry', 'more', 'hasMore', 'busy', 'filtered', 'clear'],
  setup: p => () => {
    if (p.error && !p.rows) return html`<${Failed} error=${p.error} retry=${p.retry} small=${true} />`;
    if (!p.rows) return html`<${Skeleton} n=${8} />`;
    if (!p.rows.length) return p.filtered ? html`<${Empty} icon="inbox" title=${t('care.nofit')} body=${t('care.nofitbody')} action=${{ label: t('care.clear'), run: p.clear }} />`
      : html`<${Empty} icon="inbox" title=${t('care.none')} body=${t('care.nonebody')} action=${{ label: t('care.connect'), href: '/social/sources' }} />`;
    const who = one => one.last.kind === 'reply' ? html`<span class="mut">${icon('reply', 12)}</span>` : null;
    const words = one => one.last.gone ? html`<i class="mut">${t('care.deleted')}</i>` : one.last.text;
    const row = one => {
      const at = others(one.id);
      return html`<li key=${one.id} class=${'care-row' + (p.chosen === one.id ? ' on' : '') + (p.marked.has(one.id) ? ' marked' : '') + (one.awaits && one.state === 'open' ? ' awaits' : '')} data-talk=${one.id} aria-current=${p.chosen === one.id ? 'true' : null} @click=${() => p.open(one.id)}>
        <input type="checkbox" class="care-mark" aria-label=${t('care.select')} checked=${p.marked.has(one.id)} @click=${e => { e.stopPropagation(); p.mark(one.id, e.shiftKey); }} />
        <div class="care-what"><div class="row care-head"><span class=${'care-dot f' + one.sentiment} title=${t(FEELINGS[one.sentiment])}></span><b class="cut">${one.author || one.handle || t('care.customer')}</b><span class="tag cut">${networkName(one.network, state.lang)}</span><span class="grow"></span><span class="mut sm nowrap"><${Ago} at=${one.last_in_at ?? one.opened_at} /></span></div>
          <p class="care-words">${who(one)}${one.subject && !one.last.text?.startsWith(one.subject) && html`<b>${one.subject}</b> `}${words(one)}</p>
          <div class="row sm care-foot"><${Flag} talk=${one} />${one.last.drafts > 0 && html`<span class="care-draft">${t('care.draft')}</span>`}${['refused', 'unknown'].includes(one.last.outcome) && html`<span class="care-failed">${icon('warn', 12)}${t('care.o.' + one.last.outcome)}</span>`}
            <span class="grow"></span>${at.length > 0 && html`<span class=${'care-at w-' + at[0].what} title=${t('care.' + at[0].what, { names: at.map(it => p.names[it.user] ?? t('care.colleague')).join(', ') })}>${icon(at[0].what === 'here' ? 'eye' : 'edit', 12)}</span>`}
            ${one.assignee ? html`<${Avatar} name=${p.names[one.assignee] ?? one.assignee} seed=${one.assignee} size="s" label=${true} />` : null}</div></div></li>`;
    };
    return html`<ul class="care-list">${p.rows.map(row)}</ul>${p.hasMore && html`<div class="row care-more"><button type="button" class="btn sm" disabled=${p.busy} @click=${p.more}>${t('care.more')}</button></div>`}`;
  },
};
