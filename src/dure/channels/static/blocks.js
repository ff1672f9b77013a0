// The basics of Block Kit: header, section, fields, context, divider, actions, image; others show their words.
import { html, icon, t } from '../web/kit.js';
import { mrkdwn, link, spans } from './text.js';

const SAFE = /^(https?:\/\/|mailto:|\/(?!\/))/i;

export function blocks(list, names, channels) {
  return list.map((block, i) => html`<div key=${block.block_id ?? i} class=${'ch-block ch-b-' + String(block.type).replace(/\W/g, '')}>${draw(block, names, channels)}</div>`);
}

// What a message says by attachments: a coloured bar with a title, text and fields, or blocks.
export function attachments(list, names, channels) {
  return list.map((a, i) => html`<div key=${i} class="ch-attachment" style=${/^#?[0-9a-f]{6}$/i.test(a.color ?? '') ? `border-color:#${a.color.replace('#', '')}` : null}>
    ${a.pretext && html`<div>${mrkdwn(a.pretext, names, channels)}</div>`}
    ${a.title && html`<strong>${a.title_link ? link(a.title_link, a.title) : a.title}</strong>`}
    ${a.text && html`<div>${mrkdwn(a.text, names, channels)}</div>`}
    ${Array.isArray(a.blocks) && blocks(a.blocks, names, channels)}
    ${Array.isArray(a.fields) && html`<div class="ch-fields">${a.fields.map((f, k) => html`<div key=${k}><strong>${f.title}</strong><div>${mrkdwn(String(f.value ?? ''), names, channels)}</div></div>`)}</div>`}
    ${a.footer && html`<div class="mut sm">${a.footer}</div>`}</div>`);
}

function draw(block, names, channels) {
  switch (block.type) {
    case 'header': return html`<h3>${words(block.text, names, channels)}</h3>`;
    case 'section': return html`<div class="ch-row">${block.text && html`<div class="grow">${words(block.text, names, channels)}</div>`}${block.accessory && element(block.accessory, names, channels)}</div>
      ${Array.isArray(block.fields) && html`<div class="ch-fields">${block.fields.map((f, i) => html`<div key=${i}>${words(f, names, channels)}</div>`)}</div>`}`;
    case 'context': return html`<div class="ch-context">${(block.elements ?? []).map((e, i) => html`<span key=${i}>${e.type === 'image' ? picture(e) : words(e, names, channels)}</span>`)}</div>`;
    case 'divider': return html`<hr />`;
    case 'actions': return html`<div class="actions">${(block.elements ?? []).map((e, i) => html`<span key=${i}>${element(e, names, channels)}</span>`)}</div>`;
    case 'image': return picture(block);
    case 'markdown': return mrkdwn(String(block.text ?? ''), names, channels);
    case 'rich_text': return html`<div>${(block.elements ?? []).map((e, i) => rich(e, i, names, channels))}</div>`;
    default: return block.text ? words(block.text, names, channels) : null;
  }
}

function words(text, names, channels) {
  if (typeof text === 'string') return text;
  if (!text || typeof text.text !== 'string') return null;
  return text.type === 'mrkdwn' ? mrkdwn(text.text, names, channels) : spans(text.text.replace(/[*_~`<]/g, c => c + '\u200b'), names, channels);
}

// A button that carries an address goes there; what would need an app behind it is shown and says so.
function element(e, names, channels) {
  if (e.type === 'image') return picture(e);
  if (e.type === 'button') {
    const label = words(e.text, names, channels), cls = 'btn sm' + (e.style === 'primary' ? ' pri' : e.style === 'danger' ? ' danger' : '');
    return e.url && SAFE.test(e.url) ? link(e.url, label, undefined, cls) : html`<button type="button" class=${cls} disabled title=${t('ch.button.off')}>${label}</button>`;
  }
  return html`<span class="tag">${words(e.placeholder ?? e.text, names, channels)}</span>`;
}

// Pictures of other sites are not fetched by themselves: that would tell them who reads, and the page's policy forbids it.
// What this server drew itself is shown; its address may name the server otherwise than the reader's browser does.
function picture(e) {
  const name = e.alt_text || t('ch.image'), url = e.image_url ?? '', own = /^(?:https?:\/\/[^/]+)?(\/pictures\/T\w+\/[\w-]+\.svg\?until=\d+&sign=[0-9a-f]+)$/.exec(url);
  if (own) return html`<a class="ch-drawn" href=${own[1]} target="_blank" rel="noopener"><img src=${own[1]} alt=${name} loading="lazy" /></a>`;
  return html`<span class="ch-picture">${icon('file')}${SAFE.test(url) ? link(url, name) : name}</span>`;
}

function rich(part, key, names, channels) {
  const inner = (part.elements ?? []).map((e, i) => run(e, i, names, channels));
  if (part.type === 'rich_text_list') return html`<ul key=${key} class=${'ch-list' + (part.style === 'ordered' ? ' ordered' : '')}>${(part.elements ?? []).map((e, i) => html`<li key=${i}>${(e.elements ?? []).map((x, k) => run(x, k, names, channels))}</li>`)}</ul>`;
  if (part.type === 'rich_text_preformatted') return html`<pre key=${key} class="ch-pre">${inner}</pre>`;
  if (part.type === 'rich_text_quote') return html`<blockquote key=${key} class="ch-quote">${inner}</blockquote>`;
  return html`<span key=${key}>${inner}</span>`;
}

function run(e, key, names, channels) {
  if (e.type === 'link') return link(e.url ?? '', e.text, key);
  if (e.type === 'user') return mrkdwn(`<@${e.user_id}>`, names, channels);
  if (e.type === 'channel') return mrkdwn(`<#${e.channel_id}>`, names, channels);
  if (e.type === 'emoji') return spans(`:${e.name}:`, names, channels);
  const style = e.style ?? {};
  const text = String(e.text ?? '');
  return html`<span key=${key} class=${[style.bold && 'ch-bold', style.italic && 'ch-em', style.strike && 'ch-s', style.code && 'ch-code'].filter(Boolean).join(' ') || null}>${text}</span>`;
}
