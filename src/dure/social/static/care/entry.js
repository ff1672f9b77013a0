// What stands in a conversation: the customer's words, the company's with what became of them, notes, acts.
import { Ago, Avatar, dateTime, html, icon, t } from '../../web/kit.js';
import './words.js';

const NAMED = /(<@[A-Z0-9]{2,30}>)/;
const FEET = { pending: 'clock', said: 'check', refused: 'warn', unknown: 'info' };

// props: e (entry), names {user: name}, busy, again(e), edit(e), settle(e, said), use(e), discard(e)
export const Entry = {
  props: ['e', 'names', 'busy', 'again', 'edit', 'settle', 'use', 'discard'],
  setup(p) {
    const name = id => p.names[id] ?? id;
    const who = () => p.e.by === 'customer' ? t('care.customer') : p.e.by === 'automation' ? t('care.automation') : p.e.by === 'elsewhere' ? t('care.elsewhere') : name(p.e.actor);
    const told = text => text.split(NAMED).map((part, i) => i % 2 ? html`<b class="care-called" key=${i}>@${name(part.slice(2, -1))}</b>` : part);
    function act() {
      const e = p.e, d = e.data;
      if (e.act === 'assigned') return d.to === '' ? t('care.a.unassigned', { who: who() }) : d.to === e.actor ? t('care.took', { who: name(d.to) }) : t('care.a.assigned', { who: who(), to: name(d.to) });
      if (e.act === 'transferred') return t('care.a.transferred', { who: who(), from: t('social.' + d.from), to: t('social.' + d.to) });
      if (e.act === 'priority') return t('care.a.priority', { who: who(), to: t('care.' + d.to) });
      if (e.act === 'snoozed') return t('care.a.snoozed', { who: who(), until: dateTime(d.until) });
      if (e.act === 'settled') return t(d.said ? 'care.a.settledsaid' : 'care.a.settlednot', { who: who() });
      return t('care.a.' + e.act, { who: who() });
    }
    const foot = () => {
      const e = p.e;
      if (e.kind !== 'reply' || !e.outcome) return null;
      const button = (label, run, cls = '') => html`<button type="button" class=${'btn sm ' + cls} disabled=${p.busy} @click=${run}>${label}</button>`;
      if (e.outcome === 'draft') return html`<div class="care-out o-draft"><span class="sm mut">${t('care.draftby')}</span><span class="grow"></span>${button(t('care.usedraft'), () => p.use(e), 'pri')}${button(t('care.discard'), () => p.discard(e), 'ghost')}</div>`;
      if (e.outcome === 'said') return null;
      const why = e.code === 'not_there' ? t('care.why.not_there') : e.detail;
      return html`<div class=${'care-out o-' + e.outcome} role=${e.outcome === 'pending' ? null : 'alert'}><span class="row sm">${icon(FEET[e.outcome], 13)}<b>${t('care.' + e.outcome)}</b></span>${why && html`<span class="sm mut care-why">${why}</span>`}
        ${e.outcome === 'unknown' && html`<span class="sm">${t('care.unknownbody')}</span>`}
        ${e.outcome === 'refused' && html`<span class="row wrap">${button(t('care.again'), () => p.again(e))}${button(t('care.edit'), () => p.edit(e), 'ghost')}</span>`}
        ${e.outcome === 'unknown' && html`<span class="row wrap">${button(t('care.isthere'), () => p.settle(e, true))}${button(t('care.notthere'), () => p.settle(e, false))}</span>`}</div>`;
    };
    return () => {
      const e = p.e;
      if (e.kind === 'act') return html`<li class="care-act"><span>${act()}</span><span class="mut" title=${dateTime(e.at)}><${Ago} at=${e.at} /></span></li>`;
      const mine = e.kind === 'reply', note = e.kind === 'note', shown = mine || note ? who() : e.author || e.handle || t('care.customer');
      return html`<li class=${'care-entry k-' + e.kind + (e.outcome ? ' o-' + e.outcome : '')} data-entry=${e.id}>
        <${Avatar} name=${shown} seed=${e.actor || e.handle || shown} size="m" />
        <div class="care-bubble"><div class="row sm"><b class="cut">${shown}</b>${note && html`<span class="care-tag note">${t('care.note')}</span>`}${mine && e.by === 'bot' && html`<span class="care-tag">${t('care.' + e.by)}</span>`}${e.outcome === 'draft' && html`<span class="care-tag">${t('care.draft')}</span>`}
          <span class="mut nowrap" title=${dateTime(e.at)}><${Ago} at=${e.at} /></span>${e.edited_at && !e.deleted_at && html`<span class="mut" title=${dateTime(e.edited_at)}>${t('care.editedafter')}</span>`}${mine && e.outcome === 'said' && html`<span class="mut" title=${t('care.said')}>${icon('check', 13)}</span>`}
          <span class="grow"></span>${e.url && html`<a class="mut row" href=${e.url} target="_blank" rel="noopener noreferrer nofollow" title=${t('care.original')}>${icon('link', 12)}<span class="sr">${t('care.original')}</span></a>`}</div>
          <p class="care-said">${e.deleted_at ? html`<i class="mut">${t('care.deleted')}</i>` : note ? told(e.text) : e.text}</p>${foot()}</div></li>`;
    };
  },
};
