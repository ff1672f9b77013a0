// Rich text: sections, lists inside lists, quotes, code; styles, people, channels, emoji, dates, colours.
import { html } from '../web/kit.js';
import { emoji } from './emoji.js';
import { slackDate } from './slack_date.js';
import { link } from './text.js';

const COLOUR = /^#[0-9a-f]{3,8}$/i;

export const richText = (block, names, channels) => html`<div class="rt">${grouped(block.elements ?? []).map((part, i) => draw(part, i, names, channels))}</div>`;

// Slack tells a nested list as lists in a row, each with its indent: those in a row become one.
function grouped(parts) {
  const out = [];
  for (const part of parts) {
    if (part.type === 'rich_text_list' && out.at(-1)?.lists) out.at(-1).lists.push(part);
    else out.push(part.type === 'rich_text_list' ? { lists: [part] } : part);
  }
  return out;
}

function draw(part, key, names, channels) {
  if (part.lists) return html`<div key=${key} class="rt-lists">${part.lists.map((one, i) => list(one, i, names, channels))}</div>`;
  const inner = (part.elements ?? []).map((e, i) => run(e, i, names, channels));
  const bar = part.border ? ' rt-border' : '';
  if (part.type === 'rich_text_preformatted') return html`<pre key=${key} class=${'ch-pre' + bar}>${inner}</pre>`;
  if (part.type === 'rich_text_quote') return html`<blockquote key=${key} class=${'ch-quote' + bar}>${inner}</blockquote>`;
  return html`<div key=${key} class="rt-p">${inner}</div>`;
}

function list(one, key, names, channels) {
  const indent = Math.min(Math.max(Number(one.indent) || 0, 0), 8), ordered = one.style === 'ordered', start = (Number(one.offset) || 0) + 1;
  const items = (one.elements ?? []).map((item, i) => html`<li key=${i}>${(item.elements ?? []).map((e, k) => run(e, k, names, channels))}</li>`);
  const cls = `rt-list rt-in${indent} rt-of${indent % 3}` + (one.border ? ' rt-border' : '');
  return ordered ? html`<ol key=${key} class=${cls} start=${start}>${items}</ol>` : html`<ul key=${key} class=${cls}>${items}</ul>`;
}

function styled(e, inner, key) {
  const style = e.style ?? {};
  const cls = [style.bold && 'ch-bold', style.italic && 'ch-em', style.strike && 'ch-s', style.underline && 'ch-u', style.code && 'ch-code', (style.highlight || style.client_highlight) && 'ch-mark'].filter(Boolean).join(' ');
  return cls ? html`<span key=${key} class=${cls}>${inner}</span>` : inner;
}

// A part that no client knows is shown by its text, or not at all.
function run(e, key, names, channels) {
  const at = (text, extra) => html`<span key=${key} class="ch-at" ...${extra}>${text}</span>`;
  switch (e.type) {
    case 'link': return styled(e, link(String(e.url ?? ''), e.text || undefined, key), key);
    case 'user': return styled(e, at('@' + (names?.[e.user_id]?.name ?? e.user_id), { 'data-user': e.user_id }), key);
    case 'usergroup': return styled(e, at('@' + (names?.[e.usergroup_id]?.name ?? e.usergroup_id)), key);
    case 'channel': return styled(e, html`<a key=${key} class="ch-at" href=${'/channels/' + encodeURIComponent(e.channel_id ?? '')}>#${channels?.[e.channel_id] ?? e.channel_id}</a>`, key);
    case 'broadcast': return styled(e, at('@' + (e.range ?? 'channel')), key);
    case 'team': return styled(e, at('@' + (e.team_id ?? '')), key);
    case 'emoji': return styled(e, e.unicode && /^[0-9a-f-]+$/i.test(e.unicode) ? pictured(e) : emoji(String(e.name ?? '')), key);
    case 'date': return html`<time key=${key}>${e.url ? link(e.url, slackDate(e.timestamp, e.format, e.fallback)) : slackDate(e.timestamp, e.format, e.fallback)}</time>`;
    case 'color': return html`<span key=${key} class="rt-color">${COLOUR.test(e.value ?? '') && html`<i style=${`background:${e.value}`}></i>`}${e.value}</span>`;
    default: return styled(e, String(e.text ?? ''), key);
  }
}
function pictured(e) {
  const known = emoji(String(e.name ?? ''));
  if (!known.startsWith(':')) return known;
  try { return String.fromCodePoint(...e.unicode.split('-').map(one => parseInt(one, 16))); } catch { return known; }
}
