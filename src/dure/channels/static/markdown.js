// The markdown block: headings, lists, quotes, code, tables, rules; marks and links inside a line. Nothing is read as HTML.
import { html } from '../web/kit.js';
import { emoji } from './emoji.js';
import { link, mrkdwn } from './text.js';

export function markdown(text, names, channels) {
  const lines = String(text ?? '').split('\n'), out = [];
  const say = line => inline(line, names, channels);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i], key = out.length;
    let m;
    if ((m = /^\s*(```|~~~)/.exec(line))) {
      const code = [];
      while (++i < lines.length && !lines[i].trim().startsWith(m[1])) code.push(lines[i]);
      out.push(html`<pre key=${key} class="ch-pre">${code.join('\n')}</pre>`);
    } else if ((m = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line))) out.push(html`<p key=${key} class=${'md-h md-h' + m[1].length} role="heading" aria-level=${Math.min(m[1].length + 2, 6)}>${say(m[2])}</p>`);
    else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) out.push(html`<hr key=${key} />`);
    else if (/^\s*>/.test(line)) {
      const quoted = [line];
      while (i + 1 < lines.length && /^\s*>/.test(lines[i + 1])) quoted.push(lines[++i]);
      out.push(html`<blockquote key=${key} class="ch-quote">${say(quoted.map(one => one.replace(/^\s*>\s?/, '')).join('\n'))}</blockquote>`);
    } else if (item(line)) {
      const items = [item(line)];
      while (i + 1 < lines.length && item(lines[i + 1])) items.push(item(lines[++i]));
      out.push(html`<div key=${key} class="md-list">${items.map((one, k) => html`<div key=${k} class="md-item" style=${`margin-left:${one.depth * 18}px`}><span class="md-mark num">${one.mark}</span><span>${say(one.text)}</span></div>`)}</div>`);
    } else if (line.includes('|') && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[i + 1] ?? '')) {
      const head = cells(line), rows = [];
      for (i += 1; i + 1 < lines.length && lines[i + 1].includes('|'); i++) rows.push(cells(lines[i + 1]));
      out.push(html`<div key=${key} class="bk-scroll"><table class="bk-table"><thead><tr>${head.map((cell, k) => html`<th key=${k}>${say(cell)}</th>`)}</tr></thead><tbody>${rows.map((row, r) => html`<tr key=${r}>${row.map((cell, k) => html`<td key=${k}>${say(cell)}</td>`)}</tr>`)}</tbody></table></div>`);
    } else if (line.trim()) {
      const said = [line];
      while (i + 1 < lines.length && lines[i + 1].trim() && !begins(lines[i + 1])) said.push(lines[++i]);
      out.push(html`<p key=${key}>${say(said.join('\n'))}</p>`);
    }
  }
  return html`<div class="md">${out}</div>`;
}

const begins = line => /^\s*(```|~~~|#{1,6}\s|>|([-*_])(\s*\2){2,}\s*$)/.test(line) || item(line);
const cells = line => line.trim().replace(/^\||\|$/g, '').split('|').map(cell => cell.trim());
function item(line) {
  const m = /^(\s*)([-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/.exec(line);
  return m && { depth: Math.min(Math.floor(m[1].replace(/\t/g, '  ').length / 2), 8), mark: m[3] !== undefined ? (m[3] === ' ' ? '☐' : '☑') : /\d/.test(m[2]) ? m[2].replace(')', '.') : '•', text: m[4] };
}

const TOKEN = /(`+)([^`]+?)\1|!?\[([^\]\n]*)\]\((\S+?)(?:\s+"[^"]*")?\)|(\*\*|__)(?=\S)(.+?\S|\S)\5|(?<![\w*])([*_])(?=\S)([^*_\n]*[^\s*_])\7(?![\w*])|~~(?=\S)(.+?)~~|<(https?:\/\/[^>\s]+|[@#!][^>\n]+)>|(https?:\/\/[^\s<>]+[^\s<>.,;:!?'")\]}])|:([a-z0-9_+'-]+):/gs;

function inline(text, names, channels) {
  const out = [];
  let last = 0, n = 0;
  for (const m of text.matchAll(TOKEN)) {
    if (m.index > last) out.push(text.slice(last, m.index));
    last = m.index + m[0].length;
    const key = 'm' + n++, [, , code, label, url, , bold, , italic, struck, angle, bare, short] = m;
    if (code !== undefined) out.push(html`<code key=${key} class="ch-code">${code}</code>`);
    else if (url !== undefined) out.push(link(url, label || url, key));
    else if (bold !== undefined) out.push(html`<strong key=${key}>${inline(bold, names, channels)}</strong>`);
    else if (italic !== undefined) out.push(html`<em key=${key} class="ch-em">${inline(italic, names, channels)}</em>`);
    else if (struck !== undefined) out.push(html`<s key=${key}>${inline(struck, names, channels)}</s>`);
    else if (angle !== undefined) out.push(html`<span key=${key}>${mrkdwn(`<${angle}>`, names, channels)}</span>`);
    else if (bare !== undefined) out.push(link(bare, undefined, key));
    else out.push(emoji(short));
  }
  if (last < text.length) out.push(text.slice(last));
  return out;
}
