// What one has begun to write and not sent, and what will be sent later.
import { ago, computed, Empty, go, html, icon, t, toast, useTop } from '../web/kit.js';
import './mounted.js';
import './words.js';
import './words_view.js';
import { clear, drafts, partsOf, write } from './drafts.js';
import { mounts } from './mounts.js';
import { find, label, mark } from './rooms.js';

export default {
  props: ['params', 'query'],
  setup() {
    const list = computed(() => Object.entries(drafts).filter(([, draft]) => draft.text.trim()).map(([place, draft]) => ({ place, ...partsOf(place), ...draft })).sort((a, b) => b.at - a.at));
    const address = one => `/channels/${one.channel}${one.thread ? `?thread=${one.thread}` : ''}`;
    function discard(one) {
      const { place, text, mentions } = one;
      clear(place);
      toast.undo(t('ch.draft.gone'), async () => write(place, text, mentions));
    }
    useTop({ tools: () => html`<span class="mut num">${list.value.length}</span>` });
    return () => html`<div class="view"><div class="ch-threads">
      ${list.value.length ? html`<ul class="ch-drafts">${list.value.map(one => {
        const room = find(one.channel);
        return html`<li key=${one.place} class="panel"><a class="grow" data-row href=${address(one)}><span class="row">
          ${room && icon(mark(room))}<b class="cut">${room ? label(room) : one.channel}</b>
            ${one.thread && html`<span class="tag">${t('ch.thread')}</span>`}<span class="grow"></span><span class="mut sm">
              ${ago(one.at)}</span></span>
          <p class="ch-draft-text mut">${one.text}</p></a><button type="button" class="btn sm" @click=${() => go(address(one))}>
            ${icon('edit', 14)}${t('ch.edit')}</button>
          <button type="button" class="btn ghost ico sm" aria-label=${t('ch.discard')} title=${t('ch.discard')}
            @click=${() => discard(one)}>${icon('trash', 14)}</button></li>`;
      })}</ul>` : !mounts.ScheduledList && html`<${Empty} icon="edit" title=${t('ch.drafts.none')} body=${t('ch.drafts.none.body')} />`}
      ${mounts.ScheduledList && html`<${mounts.ScheduledList} />`}</div></div>`;
  },
};
