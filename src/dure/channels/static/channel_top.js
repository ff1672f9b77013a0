// The top bar of a conversation: what it is called, with whom it is shared, who waits, and what can be shown beside it.
import { date, duration, html, icon, minute, t, useTop } from '../web/kit.js';
import './charter_words.js';
import { mounts } from './mounts.js';
import { find, label, mark, partners, rooms, waiting } from './rooms.js';

export function useChannelTop(id, { room, people, removed, pane, show }) {
  const clock = () => {
    minute.value;
    const it = room.data?.home && waiting(room.data, Date.now(), duration), response = room.data?.response;
    return it && html`<span class=${'badge ch-clock ' + it.kind}
      title=${t('ch.wait.about', { name: people[response.asked_by]?.name ?? '', when: date(response.asked_ts), n: response.minutes })}>
        ${icon('clock', 13)}${it.text}</span>`;
  };
  const paneButton = (what, picture, name, extra) => html`<button type="button" class=${'btn sm' + (pane.value === what ? ' on' : '')}
    aria-pressed=${String(pane.value === what)} aria-label=${name} title=${name} @click=${() => show(what)}>
      ${icon(picture, 14)}${extra}</button>`;
  useTop({
    title: () => {
      const it = room.data ?? find(id);
      return it ? html`${it.kind === 'channel' ? icon(mark(it)) : null}<span class="cut">${label(it, { ...rooms.people, ...people })}
        </span>${partners(it).map(side => html`<span class="tag ch-org" key=${side.workspace} title=${side.org_name}>${icon('globe', 12)}
          ${side.org_name}</span>`)}` : '';
    },
    tools: () => room.data && !removed.value && html`${clock()}
      <span class="mut sm cut ch-topic" title=${room.data.topic || room.data.purpose}>${room.data.topic || room.data.purpose}</span>
      ${mounts.CharterPane && room.data.kind === 'channel' && paneButton('charter', 'shield', t('ct.title'))}${mounts.PagePane && paneButton('page', 'book', t('ch.page'))}
        ${mounts.FilesPane && paneButton('files', 'paper-clip', t('ch.files'))}${mounts.PinsPane && paneButton('pins', 'flag', t('ch.pins'))}
      ${paneButton('details', 'people', t('ch.members.n', { n: room.data.members }), html`<span class="num">${room.data.members}</span>`)}`,
  });
}
