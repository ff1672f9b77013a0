// Formatting of a text field by mrkdwn's marks. Text is put in as if typed, so that the browser's own undo takes it back.
import { t } from '../web/kit.js';

// [name, icon, key as nameOf() tells it, shown key]
export const FORMATS = [
  ['bold', 'bold', 'mod+b', 'B'], ['italic', 'italic', 'mod+i', 'I'], ['strike', 'strike', 'mod+shift+x', '⇧X'],
  ['link', 'link', 'mod+shift+u', '⇧U'], ['numbers', 'numbers', 'mod+shift+7', '⇧7'], ['bullets', 'list', 'mod+shift+8', '⇧8'],
  ['quote', 'quote', 'mod+shift+9', '⇧9'], ['code', 'code', 'mod+shift+c', '⇧C'], ['block', 'block', 'mod+alt+shift+c', 'Alt ⇧C'],
];
const AROUND = { bold: '*', italic: '_', strike: '~', code: '`' };
const BEFORE = { quote: () => '> ', bullets: () => '• ', numbers: i => `${i + 1}. ` };

export function formatOf(event) {
  const mod = event.metaKey || event.ctrlKey;
  if (!mod) return null;
  const digit = /^Digit([789])$/.exec(event.code)?.[1], letter = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
  const name = `mod+${event.altKey ? 'alt+' : ''}${event.shiftKey ? 'shift+' : ''}${digit ?? letter}`;
  return FORMATS.find(([, , key]) => key === name)?.[0] ?? null;
}

export function format(el, name) {
  el.focus();
  if (AROUND[name]) around(el, AROUND[name]);
  else if (BEFORE[name]) before(el, BEFORE[name]);
  else if (name === 'block') fence(el);
  else if (name === 'link') link(el);
}

// What was chosen is replaced; the field's own undo knows of it.
export function put(el, text) {
  el.focus();
  if (!document.execCommand('insertText', false, text)) {
    el.setRangeText(text, el.selectionStart, el.selectionEnd, 'end');
    el.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

function around(el, mark) {
  const { selectionStart: start, selectionEnd: end, value } = el, chosen = value.slice(start, end);
  if (value[start - 1] === mark && value[end] === mark) {
    el.setSelectionRange(start - 1, end + 1);
    put(el, chosen);
    el.setSelectionRange(start - 1, end - 1);
    return;
  }
  put(el, mark + chosen + mark);
  el.setSelectionRange(start + 1, end + 1);
}

function before(el, mark) {
  const { selectionStart: start, selectionEnd: end, value } = el;
  const from = value.lastIndexOf('\n', start - 1) + 1, to = value.indexOf('\n', end) < 0 ? value.length : value.indexOf('\n', end);
  const lines = value.slice(from, to).split('\n'), marked = lines.every((line, i) => line.startsWith(mark(i)));
  el.setSelectionRange(from, to);
  put(el, lines.map((line, i) => marked ? line.slice(mark(i).length) : mark(i) + line).join('\n'));
}

function fence(el) {
  const { selectionStart: start, value } = el, chosen = value.slice(start, el.selectionEnd);
  const lead = start && value[start - 1] !== '\n' ? '\n' : '';
  put(el, `${lead}\`\`\`\n${chosen}\n\`\`\``);
  const at = start + lead.length + 4;
  el.setSelectionRange(at, at + chosen.length);
}

function link(el) {
  const { selectionStart: start, selectionEnd: end, value } = el, chosen = value.slice(start, end);
  const address = /^https?:\/\/\S+$/.test(chosen);
  const text = address ? `<${chosen}|${t('ch.link.text')}>` : `<https://|${chosen || t('ch.link.text')}>`;
  put(el, text);
  const at = address ? start + chosen.length + 2 : start + 1;
  el.setSelectionRange(at, address ? start + text.length - 1 : at + 8);
}

// A list goes on at its next line; an empty item ends it. Returns whether it did something.
export function nextItem(el) {
  const { selectionStart: start, value } = el;
  const from = value.lastIndexOf('\n', start - 1) + 1, line = value.slice(from, start);
  const item = /^(• |> |(\d+)\. )(.*)$/.exec(line);
  if (!item) return false;
  if (!item[3]) { el.setSelectionRange(from, start); put(el, ''); return true; }
  put(el, '\n' + (item[2] ? `${Number(item[2]) + 1}. ` : item[1]));
  return true;
}

// Several lines of a program are shown as they are.
export const looksLikeCode = text => {
  const lines = text.split('\n').filter(line => line.trim());
  if (lines.length < 3 || text.includes('```')) return false;
  const like = lines.filter(line => /^(\s{2,}|\t)\S|[{};]\s*$|^\s*(def|class|function|const|let|var|import|from|return|if|for|while|SELECT|public|#include)\b.*|=>|^\s*[}\])]|^[\w.]+\(.*\)$/.test(line));
  return like.length >= lines.length * 0.6;
};
