// Block Kit, drawn whole. `place` = {channel, ts, app} of a message, or {view, app} of a modal or a home; without an app
// behind it nothing can be pressed.
import { dateTime, html, icon, ref, t } from '../web/kit.js';
import './block_words.js';
import { Element, isInteractive } from './elements.js';
import { markdown } from './markdown.js';
import { pressOld, stateOf } from './pressing.js';
import { richText } from './rich_text.js';
import { link, mrkdwn } from './text.js';
import { plain, words } from './words_of_blocks.js';

const SAFE = /^(https?:\/\/|mailto:|\/(?!\/))/i, HEX = /^#?[0-9a-f]{6}$/i;

// A block or element without an id is named by its place, as the server names it.
const named = (e, name) => e && typeof e === 'object' && !e.action_id ? { ...e, action_id: name } : e;

export function blocks(list, names, channels, place, from = 0) {
  return (Array.isArray(list) ? list : []).filter(block => block && typeof block === 'object').map((block, i) => {
    const id = block.block_id || `b${from + i}`;
    return html`<div key=${id} class=${'ch-block ch-b-' + String(block.type).replace(/\W/g, '')}>${draw(block, { names, channels, place, id, at: `b${from + i}` })}</div>`;
  });
}

export const Blocks = { props: ['blocks', 'names', 'channels', 'place'], setup: p => () => html`<div class="bk">${blocks(p.blocks, p.names, p.channels, p.place)}</div>` };

const DRAWN = {
  header: b => html`<h3>${plain(b.text)}</h3>`,
  section: (b, c) => html`<div class="ch-row"><div class="grow">${b.text && html`<div>${words(b.text, c.names, c.channels)}</div>`}
    ${Array.isArray(b.fields) && html`<div class="ch-fields">${b.fields.map((f, i) => html`<div key=${i}>${words(f, c.names, c.channels)}</div>`)}</div>`}</div>${b.accessory && html`<div class="bk-beside">${element(named(b.accessory, c.at + '.0'), c)}</div>`}</div>`,
  divider: () => html`<hr />`,
  context: (b, c) => html`<div class="ch-context">${list(b.elements).map((e, i) => html`<span key=${i}>${e.type === 'image' ? picture(e, c.place, 'tiny') : words(e, c.names, c.channels)}</span>`)}</div>`,
  actions: (b, c) => html`<div class="actions">${list(b.elements).map((e, i) => html`<span key=${i}>${element(named(e, `${c.at}.${i}`), c)}</span>`)}</div>`,
  context_actions: (b, c) => DRAWN.actions(b, c),
  image: (b, c) => html`<figure class="bk-figure">${b.title && html`<figcaption class="sm mut">${plain(b.title)}</figcaption>`}${picture(b, c.place)}</figure>`,
  input: (b, c) => input(b, c),
  rich_text: (b, c) => richText(b, c.names, c.channels),
  markdown: (b, c) => markdown(b.text, c.names, c.channels),
  video: b => card('play', plain(b.title) || t('ch.video'), b.title_url || b.video_url, [plain(b.description), [b.provider_name, b.author_name].filter(Boolean).join(' · ')]),
  file: b => card('file', b.file?.title || b.file?.name || b.external_id || t('ch.file'), b.file?.permalink || b.file?.url_private || '', [b.file?.mimetype]),
  table: (b, c) => table(b, c),
  call: b => card('mic', b.call?.v1?.name || 'Call', b.call?.v1?.join_url || '', []),
};
const list = value => Array.isArray(value) ? value.filter(one => one && typeof one === 'object') : [];

function draw(block, c) {
  const how = DRAWN[block.type];
  if (how) return how(block, c);
  return block.text ? words(block.text, c.names, c.channels) : html`<span class="mut sm">${t('ch.unknown.block')} (${String(block.type)})</span>`;
}

function element(e, c) {
  if (e.type === 'image') return picture(e, c.place, 'small');
  if (!isInteractive(e.type)) return html`<span class="tag">${plain(e.placeholder ?? e.text)}</span>`;
  return html`<${Element} e=${e} block=${c.id} place=${c.place} />`;
}

function input(b, c) {
  const e = named(b.element ?? {}, c.at + '.0'), wrong = stateOf(c.place).errors[c.id], mark = `in-${c.place?.view ?? c.place?.ts}-${c.id}`.replace(/\W/g, '-');
  return html`<div class=${'field bk-input' + (wrong ? ' wrong' : '')} data-block=${c.id}><span class="bk-label" id=${mark}>${plain(b.label)}${b.optional && html` <span class="mut sm">${t('ch.optional')}</span>`}</span>
    <${Element} e=${e} block=${c.id} place=${c.place} input=${true} dispatch=${!!b.dispatch_action} label=${plain(b.label)} invalid=${!!wrong} described=${wrong ? mark + '-e' : b.hint ? mark + '-h' : null} />
    ${b.hint && html`<p class="hint" id=${mark + '-h'}>${plain(b.hint)}</p>`}${wrong && html`<p class="wrong-text" id=${mark + '-e'} role="alert">${icon('warn', 14)}${wrong}</p>`}</div>`;
}

function table(b, c) {
  const [head, ...rows] = list(b.rows).length ? b.rows : [[]], settings = list(b.column_settings);
  const cls = i => [settings[i]?.align === 'right' && 'r', settings[i]?.align === 'center' && 'c', settings[i]?.is_wrapped === false && 'nowrap'].filter(Boolean).join(' ') || null;
  const cell = one => one?.type === 'rich_text' ? richText(one, c.names, c.channels) : plain(one);
  return html`<div class="bk-scroll" tabindex="0" role="region" aria-label=${plain(b.caption) || t('ch.table')}><table class="bk-table"><thead><tr>${list(head).map((one, i) => html`<th key=${i} class=${cls(i)} scope="col">${cell(one)}</th>`)}</tr></thead>
    <tbody>${rows.filter(Array.isArray).map((row, r) => html`<tr key=${r}>${row.map((one, i) => html`<td key=${i} class=${cls(i)}>${cell(one)}</td>`)}</tr>`)}</tbody></table></div>`;
}

// What lies elsewhere is a card with its name: no player, no frame, no foreign script.
const card = (mark, name, url, lines) => html`<div class="bk-card">${icon(mark, 18)}<div class="grow"><div class="cut">${url && SAFE.test(url) ? link(url, name) : html`<b>${name}</b>`}</div>${lines.filter(Boolean).map((line, i) => html`<div key=${i} class="mut sm">${line}</div>`)}</div></div>`;

// Pictures of other sites are fetched by this server, so that no site learns who reads; what cannot be shown is its name.
// What this server drew itself is shown; its address may name the server otherwise than the reader's browser does.
const Picture = {
  props: ['url', 'name', 'place', 'small'],
  setup(p) {
    const failed = ref(false);
    const from = () => '/api/v1/interactions/pictures?' + new URLSearchParams({ url: p.url, ...(p.place.view ? { view: p.place.view } : { channel: p.place.channel, ts: p.place.ts }) });
    return () => failed.value ? nameOfPicture(p.url, p.name) : html`<a class=${'bk-picture' + (p.small ? ' ' + p.small : '')} href=${p.url} target="_blank" rel="noopener noreferrer" title=${p.name}><img src=${from()} alt=${p.name} loading="lazy" @error=${() => { failed.value = true; }} /></a>`;
  },
};
const nameOfPicture = (url, name) => html`<span class="ch-picture">${icon('file')}${SAFE.test(url) ? link(url, name) : name}</span>`;

function picture(e, place, small) {
  const name = e.alt_text || plain(e.title) || t('ch.image'), url = String(e.image_url ?? e.slack_file?.url ?? ''), own = /^(?:https?:\/\/[^/]+)?(\/pictures\/T\w+\/[\w-]+\.svg\?until=\d+&sign=[0-9a-f]+)$/.exec(url);
  if (own) return html`<a class=${'ch-drawn' + (small ? ' small' : '')} href=${own[1]} target="_blank" rel="noopener"><img src=${own[1]} alt=${name} loading="lazy" /></a>`;
  if (e.image_url && /^https?:\/\//i.test(url) && (place?.view || place?.ts)) return html`<${Picture} key=${url} url=${url} name=${name} place=${place} small=${small} />`;
  return nameOfPicture(url, name);
}

// What a message says by attachments, old and new, and what apps show for its links: a coloured bar with what belongs to it.
// `before` is how many blocks the message has itself: attachments' blocks are counted on.
export function attachments(all, names, channels, place, before = 0) {
  let from = before;
  return list(all).map((a, i) => { const start = from; from += list(a.blocks).length; return attachment(a, i, names, channels, place, start); });
}

const BARS = { good: 'var(--ok)', warning: 'var(--warn)', danger: 'var(--bad)' };
const bar = color => BARS[color] ?? (HEX.test(color ?? '') ? '#' + color.replace('#', '') : null);

function attachment(a, i, names, channels, place, from) {
  const marked = what => (a.mrkdwn_in ?? ['text', 'pretext', 'fields']).includes(what), say = (text, what) => marked(what) ? mrkdwn(String(text), names, channels) : String(text);
  const color = bar(a.color);
  return html`<div key=${i} class="bk-attached">${a.pretext && html`<div>${say(a.pretext, 'pretext')}</div>`}<div class="ch-attachment" style=${color ? `border-color:${color}` : null}>
    ${(a.service_name || a.author_name) && html`<div class="sm row"><b>${a.author_link && SAFE.test(a.author_link) ? link(a.author_link, a.author_name || a.service_name) : a.author_name || a.service_name}</b>${a.author_subname && html`<span class="mut">${a.author_subname}</span>`}</div>`}
    ${a.title && html`<strong>${a.title_link ? link(a.title_link, a.title) : a.title}</strong>`}
    ${a.text && html`<div>${say(a.text, 'text')}</div>`}
    ${list(a.blocks).length > 0 && blocks(a.blocks, names, channels, place, from)}
    ${list(a.fields).length > 0 && html`<div class="ch-fields">${list(a.fields).map((f, k) => html`<div key=${k} class=${f.short ? null : 'bk-long'}><strong>${f.title}</strong><div>${say(f.value ?? '', 'fields')}</div></div>`)}</div>`}
    ${(a.image_url || a.thumb_url) && picture({ image_url: a.image_url || a.thumb_url, alt_text: a.fallback || a.title }, place, !a.image_url && 'small')}
    ${list(a.actions).length > 0 && html`<div class="actions">${list(a.actions).map((one, k) => html`<span key=${k}>${oldAction(one, i, place)}</span>`)}</div>`}
    ${!a.text && !a.title && !list(a.blocks).length && !list(a.fields).length && a.fallback && html`<div>${a.fallback}</div>`}
    ${(a.footer || a.ts) && html`<div class="mut sm">${[a.footer, a.ts && dateTime(Number(a.ts) * 1000)].filter(Boolean).join(' · ')}</div>`}</div></div>`;
}

// Buttons and menus as they were before blocks.
function oldAction(one, attachment, place) {
  if (one.url && SAFE.test(one.url)) return link(one.url, one.text, undefined, 'btn sm');
  const it = { action_id: `old-${attachment}-${one.name}`, ...(one.confirm && { confirm: { title: { text: one.confirm.title }, text: { text: one.confirm.text }, confirm: { text: one.confirm.ok_text } } }) };
  const failed = stateOf(place).failed[`old ${it.action_id}`];
  const go = value => pressOld(place, it, attachment, one.name, value);
  const inside = one.type === 'select'
    ? html`<select class="input" aria-label=${one.text} disabled=${!place?.app} @change=${event => event.target.value && go(event.target.value)}><option value="">${one.text}</option>${list(one.options).map((o, k) => html`<option key=${k} value=${o.value}>${o.text}</option>`)}</select>`
    : html`<button type="button" class=${'btn sm' + (one.style === 'primary' ? ' pri' : one.style === 'danger' ? ' danger' : '')} disabled=${!place?.app} @click=${() => go(String(one.value ?? ''))}>${one.text}</button>`;
  return html`<span class="el">${inside}${failed && html`<span class="el-failed poor sm" role="alert">${failed}</span>`}</span>`;
}
