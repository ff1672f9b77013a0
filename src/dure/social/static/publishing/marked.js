// A post's text with its links, tags and mentions set off, as a network would draw it.
import { html } from '../../web/kit.js';

const PART = /(https?:\/\/[^\s<>"'`]+)|(?<![\p{L}\p{N}_/@])(@[\p{L}\p{N}_][\p{L}\p{N}_.-]*(?:@[\w-]+(?:\.[\w-]+)+)?)|(?<![\p{L}\p{N}_&])(#[\p{L}\p{N}_]+)/gu;
const TAIL = /[.,;:!?…。、)\]}」』”’]+$/u;

export function marked(text) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(PART)) {
    const tail = found[1] ? (TAIL.exec(found[1])?.[0] ?? '') : '', word = found[0].slice(0, found[0].length - tail.length);
    if (found.index > at) parts.push(text.slice(at, found.index));
    parts.push(html`<span key=${found.index} class=${found[1] ? 'pub-link' : found[2] ? 'pub-at' : 'pub-hash'}>${word}</span>`);
    at = found.index + word.length;
  }
  parts.push(text.slice(at));
  return parts;
}
