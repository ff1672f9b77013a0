// Emoji by their short names: Slack's for what people use most, Unicode's own for the rest; an unknown name stays as
// it is written.
import { remember } from '../web/kit.js';
import { TABLE } from './emoji_table.js';
import { score } from './matching.js';

// `group` lines begin with `#`; the others are: the character, its names, `|`, Korean words.
export const GROUPS = [];
const BY_NAME = new Map();
for (const line of TABLE.split('\n')) {
  if (line.startsWith('#')) { GROUPS.push({ name: line.slice(1), list: [] }); continue; }
  const [told, ko = ''] = line.split('|'), [char, ...names] = told.split(' ');
  const one = { char, name: names[0], names, ko, text: names.join(' ').replaceAll('_', ' ') };
  GROUPS.at(-1).list.push(one);
  for (const name of names) if (!BY_NAME.has(name)) BY_NAME.set(name, one);
}
const TONES = ['', '', '\u{1f3fb}', '\u{1f3fc}', '\u{1f3fd}', '\u{1f3fe}', '\u{1f3ff}'];
const flag = code => String.fromCodePoint(...[...code].map(c => 0x1f1e6 + c.charCodeAt(0) - 97));

export function emoji(name) {
  const [base, tone] = name.split('::skin-tone-');
  const found = BY_NAME.get(base);
  if (found) return tone ? found.char.replace('\ufe0f', '') + (TONES[tone] ?? '') : found.char;
  const country = /^flag-([a-z]{2})$/.exec(base);
  return country ? flag(country[1]) : `:${name}:`;
}

const fit = (one, typed) => Math.max(...one.names.map(name => score(name, typed)), one.text ? score(one.text, typed.replaceAll('_', ' ')) * 0.9 : 0, ...(one.ko ? one.ko.split(' ').map(word => score(word, typed)) : [0]));

export function findEmoji(typed, most = 60) {
  const found = [];
  for (const { list } of GROUPS) for (const one of list) { const how = fit(one, typed); if (how >= 1.5) found.push({ one, how: how + (recent().includes(one.name) ? 0.5 : 0) }); }
  return found.sort((a, b) => b.how - a.how).slice(0, most).map(x => x.one);
}

export const PICKS = ['+1', 'eyes', 'white_check_mark', 'tada', 'heart', 'joy', 'pray', 'fire', 'rocket', 'clap', 'thinking_face', 'sob', 'handshake', 'bulb', 'chart_with_upwards_trend', 'warning'];
// The last ones that were used on this device, filled up with what people use most.
export const recent = () => [...new Set([...(remember('emoji') ?? []), ...PICKS])].slice(0, 18);
export const usedEmoji = name => remember('emoji', [name, ...(remember('emoji') ?? []).filter(x => x !== name)].slice(0, 18));
export const named = name => BY_NAME.get(name);
