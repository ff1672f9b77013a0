// A page's Markdown as vnodes: nothing is ever read as HTML, and only safe addresses become links.
import { html, t } from '../web/kit.js';
import './charter_words.js';
import { emoji } from './emoji.js';
import { link } from './text.js';

const BOX = /^(\s*)(?:[-*+]|\d+[.)])\s+\[([ xX])\]\s+(.*)$/, ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/, HEADING = /^(#{1,6})\s+(.*)$/;
const RULE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/, ROW = /^\s*\|(.*)\|\s*$/, DASHES = /^\s*\|?(?:\s*:?-+:?\s*\|)+\s*:?-*:?\s*\|?\s*$/;

// tick(line, text, done) where boxes may be ticked, else null. names: id → {name}; channels: id → name.
export function pageText(body, { names = {}, channels = {}, tick = null } = {}) {
  const lines = (body ?? '').split('\n'), out = [], say = text => inline(text, names, channels);
  let at = 0, agenda = false;
  const while_ = fits => { const got = []; while (at < lines.length && fits(lines[at])) got.push([at, lines[at++]]); return got; };
  while (at < lines.length) {
    const line = lines[at], key = at;
    const heading = HEADING.exec(line);
    if (!line.trim()) at += 1;
    else if (line.trimStart().startsWith('```')) {
      at += 1;
      const code = while_(text => !text.trimStart().startsWith('```'));
      at += 1;
      out.push(html`<pre key=${key} class="ch-pre">${code.map(([, text]) => text).join('\n')}</pre>`);
    } else if (heading) {
      at += 1;
      agenda = /안건|agenda|^done/i.test(heading[2]);
      out.push(headed(Math.min(3, heading[1].length), key, say(heading[2])));
    } else if (RULE.test(line)) { at += 1; out.push(html`<hr key=${key} />`); }
    else if (ROW.test(line) && DASHES.test(lines[at + 1] ?? '')) {
      const [[, head], , ...rows] = while_(text => ROW.test(text) || DASHES.test(text));
      out.push(html`<div key=${key} class="pg-table"><table><thead><tr>${cells(head).map((cell, i) => html`<th key=${i} scope="col">${say(cell)}</th>`)}</tr></thead>
        <tbody>${rows.map(([n, row]) => html`<tr key=${n}>${cells(row).map((cell, i) => html`<td key=${i}>${say(cell)}</td>`)}</tr>`)}</tbody></table></div>`);
    } else if (/^\s*>/.test(line)) {
      out.push(html`<blockquote key=${key} class="ch-quote">${say(while_(text => /^\s*>/.test(text)).map(([, text]) => text.replace(/^\s*>\s?/, '')).join('\n'))}</blockquote>`);
    } else if (ITEM.test(line)) {
      const items = while_(text => ITEM.test(text)), aside = agenda ? items.filter(([, text]) => /^\s*\S+\s+\[[xX]\]/.test(text)) : [];
      const drawn = some => html`<ul class="pg-items">${some.map(([n, text]) => item(n, text, say, tick))}</ul>`, open = items.filter(one => !aside.includes(one));
      out.push(html`<div key=${key}>${open.length > 0 && drawn(open)}${aside.length > 0 && html`<details class="pg-done"><summary>${t('ag.done', { n: aside.length })}</summary>${drawn(aside)}</details>`}</div>`);
    } else {
      const part = while_(text => text.trim() && !HEADING.test(text) && !ITEM.test(text) && !RULE.test(text) && !ROW.test(text) && !/^\s*(>|```)/.test(text));
      if (!part.length) part.push([at, lines[at++]]);
      out.push(html`<p key=${key}>${say(part.map(([, text]) => text).join('\n'))}</p>`);
    }
  }
  return out;
}

function headed(level, key, said) {
  if (level === 1) return html`<h3 key=${key} class="pg-h1">${said}</h3>`;
  return level === 2 ? html`<h4 key=${key} class="pg-h2">${said}</h4>` : html`<h5 key=${key} class="pg-h3">${said}</h5>`;
}

function item(n, text, say, tick) {
  const box = BOX.exec(text), plain = ITEM.exec(text), deep = `--deep:${Math.min(4, Math.floor(plain[1].replaceAll('\t', '  ').length / 2))}`;
  if (!box) return html`<li key=${n} style=${deep} data-mark=${/\d/.test(plain[2]) ? plain[2] : '•'}>${say(plain[3])}</li>`;
  const done = box[2] !== ' ';
  return html`<li key=${n} style=${deep} class=${'pg-box' + (done ? ' done' : '')}><label><input type="checkbox" checked=${done} disabled=${!tick} @change=${e => { e.target.checked = done; tick?.(n, box[3].trim(), !done); }} /><span>${say(box[3])}</span></label></li>`;
}

const cells = row => row.trim().replace(/^\||\|$/g, '').split(/(?<!\\)\|/).map(cell => cell.trim().replaceAll('\\|', '|'));

const TOKEN = /`([^`\n]+)`|!\[[^\]\n]*\]\(([@#][A-Z0-9]+)\)|\[([^\]\n]+)\]\(([^)\s]+)\)|<([@#][A-Z0-9]+)>|<((?:https?:|mailto:)[^>\s]+)>|(https?:\/\/[^\s<>|]+[^\s<>|.,;:!?'")\]}])|:([a-z0-9_+'-]+):|\*\*(?=\S)([^\n]*?\S)\*\*|(?<![\p{L}\p{N}*])\*(?=[^\s*])([^*\n]*[^*\s])\*(?![\p{N}*])|(?<![\p{L}\p{N}_])_(?=\S)([^_\n]*[^_\s])_(?![\p{N}_])|~~(?=\S)([^~\n]*[^~\s])~~/gu;

function inline(text, names, channels) {
  const out = [];
  let last = 0, n = 0;
  for (const m of text.matchAll(TOKEN)) {
    if (m.index > last) out.push(text.slice(last, m.index));
    last = m.index + m[0].length;
    const key = 't' + n++, [, code, drawn, label, target, meant, angle, url, short, bold, star, under, struck] = m;
    if (code !== undefined) out.push(html`<code key=${key} class="ch-code">${code}</code>`);
    else if (drawn ?? meant) out.push(mention(drawn ?? meant, names, channels, key));
    else if (label !== undefined) out.push(link(target, label, key));
    else if (angle ?? url) out.push(link(angle ?? url, undefined, key));
    else if (short !== undefined) out.push(emoji(short));
    else if (bold !== undefined) out.push(html`<strong key=${key}>${inline(bold, names, channels)}</strong>`);
    else if (star ?? under) out.push(html`<em key=${key} class="ch-em">${inline(star ?? under, names, channels)}</em>`);
    else out.push(html`<s key=${key}>${inline(struck, names, channels)}</s>`);
  }
  if (last < text.length) out.push(text.slice(last));
  return out;
}

function mention(target, names, channels, key) {
  const id = target.slice(1);
  if (target[0] === '@') return html`<span key=${key} class="ch-at">@${names[id]?.name ?? id}</span>`;
  return html`<a key=${key} class="ch-at" href=${'/channels/' + id}>#${channels[id] ?? id}</a>`;
}
