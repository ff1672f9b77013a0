// One thing that was found, as a link to its place.
import { ago, Avatar, Badge, dateTime, html, icon, t, when } from '../web/kit.js';
import { emoji } from './emoji.js';
import { channelNames, label, mark } from './rooms.js';

const placeOf = hit => ({ kind: hit.channel_kind, name: hit.channel_name, private: hit.private, people: hit.people });

export const addressOf = (kind, it) => kind === 'messages' ? `/channels/${it.channel}?ts=${it.ts}${it.thread_ts ? `&thread=${it.thread_ts}` : ''}`
  : kind === 'channels' ? `/channels/${it.id}` : kind === 'files' ? `/channels/${it.shares[0].channel}?ts=${it.shares[0].ts}` : null;

// Mentions and emoji of plain text in words; what is lit stays lit.
const TOKEN = /<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>|<#([CG][A-Z0-9]+)(?:\|([^<>]*))?>|:([a-z0-9_+'-]+):/g;
function words(text, people) {
  const out = [];
  let last = 0;
  for (const found of text.matchAll(TOKEN)) {
    out.push(text.slice(last, found.index));
    last = found.index + found[0].length;
    const [whole, user, channel, name, short] = found;
    out.push(user ? html`<span class="ch-at" key=${found.index}>@${people[user]?.name ?? user}</span>` : channel ? '#' + (channelNames.value[channel] ?? name ?? channel) : short ? emoji(short) : whole);
  }
  out.push(text.slice(last));
  return out;
}

const lit = (pieces, people) => pieces.map(([text, found], i) => found ? html`<mark key=${i}>${text}</mark>` : html`<span key=${i}>${words(text, people)}</span>`);

const message = (hit, people) => {
  const room = placeOf(hit), who = people[hit.user], name = hit.username || who?.name || hit.user;
  return html`<${Avatar} name=${name} seed=${hit.user} size="m" /><span class="se-body">
    <span class="se-head"><b class="cut">${name}</b>${who?.bot && html`<span class="tag">${t('ch.bot')}</span>`}${who?.org && html`<span class="tag ch-org">${who.org}</span>`}
      <span class="se-place mut cut">${icon(mark(room), 13)}${label(room, people)}</span>${hit.thread_ts && html`<span class="mut sm nowrap">${icon('thread', 13)} ${t('ch.thread')}</span>`}${hit.archived && html`<span class="tag">${t('se.archived')}</span>`}
      <span class="grow"></span><time class="mut sm nowrap" datetime=${when(hit.ts).toISOString()} title=${dateTime(hit.ts)}>${ago(hit.ts)}</time></span>
    <span class="se-text">${lit(hit.snippet, people)}</span></span>`;
};

const person = it => html`<${Avatar} name=${it.name} seed=${it.id} size="m" /><span class="se-body"><span class="se-head"><b class="cut">${it.name}</b>${it.bot && html`<span class="tag">${t('ch.bot')}</span>`}${it.guest && html`<span class="tag">${t('ch.guest')}</span>`}</span><span class="mut cut">${it.title}</span></span>`;

const channel = it => html`<span class="se-sign">${icon(mark(it))}</span><span class="se-body"><span class="se-head"><b class="cut">${it.name}</b>${it.member && html`<${Badge} kind="ok" text=${t('ch.in')} />`}${it.archived && html`<span class="tag">${t('se.archived')}</span>`}<span class="grow"></span><span class="mut sm nowrap">${t('ch.members.n', { n: it.members })}</span></span>
  <span class="mut cut">${it.topic || it.purpose}</span></span>`;

const file = (it, people) => html`<span class="se-sign">${icon('file')}</span><span class="se-body"><span class="se-head"><b class="cut">${it.title || it.name}</b><span class="mut sm nowrap">${it.filetype}</span><span class="grow"></span><time class="mut sm nowrap" title=${dateTime(it.created_at)}>${ago(it.created_at)}</time></span>
  <span class="mut cut">${people[it.user]?.name ?? ''}${it.shares[0] && ` · ${it.shares[0].channel_name || channelNames.value[it.shares[0].channel] || ''}`}</span></span>`;

export const drawn = (kind, it, people) => ({ messages: message, people: person, channels: channel, files: file })[kind](it, people);
