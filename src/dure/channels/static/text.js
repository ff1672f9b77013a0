// Slack's mrkdwn as vnodes: nothing is ever read as HTML, and only web, mail and own addresses become links.
import { html } from '../web/kit.js';
import { emoji } from './emoji.js';
import { slackDate } from './slack_date.js';

export const unescape = text => text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: '<', gt: '>', amp: '&' })[name]);
export const escape = text => text.replace(/[&<>]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
const SAFE = /^(https?:\/\/|mailto:|\/(?!\/))/i;

export function link(url, label, key, cls) {
  if (!SAFE.test(url)) return label ?? url;
  const own = url.startsWith('/');
  return own ? html`<a key=${key} class=${cls ?? 'text'} href=${url}>${label ?? url}</a>`
    : html`<a key=${key} class=${cls ?? 'text'} href=${url} target="_blank" rel="noopener noreferrer">${label ?? url}</a>`;
}

// names: id → {name, …}; channels: id → name.
export function mrkdwn(text, names = {}, channels = {}) {
  const out = [];
  (text ?? '').split(/```/).forEach((part, i, all) => {
    if (i % 2 && i < all.length - 1) out.push(html`<pre key=${'p' + i} class="ch-pre">${unescape(part.replace(/^\n|\n$/g, ''))}</pre>`);
    else out.push(...lines(i % 2 ? '```' + part : i ? part.replace(/^\n/, '') : part, names, channels, i));
  });
  return out;
}

function lines(text, names, channels, at) {
  const out = [];
  let quote = [];
  const flush = k => { if (quote.length) out.push(html`<blockquote key=${`q${at}-${k}`} class="ch-quote">${spans(quote.join('\n'), names, channels)}</blockquote>`); quote = []; };
  const plain = [];
  const say = k => { if (plain.length) out.push(html`<span key=${`s${at}-${k}`}>${spans(plain.join('\n'), names, channels)}</span>`); plain.length = 0; };
  text.split('\n').forEach((line, k) => {
    const quoted = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    if (quoted) { say(k); quote.push(quoted[1]); } else { flush(k); plain.push(line); }
  });
  say('end'); flush('end');
  return out;
}

// An underscore is emphasis at the edges of words only, as in Slack: ¯\_(ツ)_/¯ and snake_case stay as they were typed.
const TOKEN = /`([^`\n]+)`|<([^<>\n]+)>|(https?:\/\/[^\s<>]+[^\s<>.,;:!?'")\]}])|:([a-z0-9_+'-]+(?:::skin-tone-\d)?):|(?<![\p{L}\p{N}*\\])\*(?=\S)([^*\n]*[^*\s\\])\*(?![\p{N}*])|(?<=^|[\s([{"'“‘*~])_(?=\S)([^_\n]*[^_\s\\])_(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}~\\])~(?=\S)([^~\n]*[^~\s\\])~(?![\p{N}~])/gu;

export function spans(text, names, channels) {
  const out = [];
  let last = 0, n = 0;
  for (const m of text.matchAll(TOKEN)) {
    if (m.index > last) out.push(unescape(text.slice(last, m.index)));
    last = m.index + m[0].length;
    const key = 't' + n++;
    const [whole, code, angle, url, short, bold, italic, struck] = m;
    if (code !== undefined) out.push(html`<code key=${key} class="ch-code">${unescape(code)}</code>`);
    else if (angle !== undefined) out.push(reference(angle, names, channels, key) ?? whole);
    else if (url !== undefined) out.push(link(unescape(url), undefined, key));
    else if (short !== undefined) out.push(emoji(short));
    else if (bold !== undefined) out.push(html`<strong key=${key}>${spans(bold, names, channels)}</strong>`);
    else if (italic !== undefined) out.push(html`<em key=${key} class="ch-em">${spans(italic, names, channels)}</em>`);
    else out.push(html`<s key=${key}>${spans(struck, names, channels)}</s>`);
  }
  if (last < text.length) out.push(unescape(text.slice(last)));
  return out;
}

function reference(inside, names, channels, key) {
  const [target, label] = inside.split(/\|(.*)/s);
  if (/^@[UW][A-Z0-9]+$/.test(target)) {
    const name = names[target.slice(1)]?.name ?? label ?? target.slice(1);
    return html`<span key=${key} class="ch-at" data-user=${target.slice(1)}>@${name}</span>`;
  }
  if (/^#[CG][A-Z0-9]+$/.test(target)) return html`<a key=${key} class="ch-at" href=${'/channels/' + target.slice(1)}>#${channels[target.slice(1)] ?? label ?? target.slice(1)}</a>`;
  if (/^!(here|channel|everyone)/.test(target)) return html`<span key=${key} class="ch-at">@${target.slice(1).split('^')[0]}</span>`;
  const group = /^!subteam\^(\w+)/.exec(target);
  if (group) return html`<span key=${key} class="ch-at">${'@' + (names[group[1]]?.name ?? label?.replace(/^@/, '') ?? group[1])}</span>`;
  const moment = /^!date\^(\d+)\^([^^]+)(?:\^(.+))?$/.exec(target);
  if (moment) { const said = slackDate(moment[1], unescape(moment[2]), unescape(label ?? '')); return moment[3] ? link(unescape(moment[3]), said, key) : html`<time key=${key}>${said}</time>`; }
  if (/^!date\^/.test(target)) return label ?? target;
  if (SAFE.test(target) && (label !== undefined || !target.startsWith('/'))) return link(unescape(target), label === undefined ? undefined : unescape(label), key);
  return null;
}
