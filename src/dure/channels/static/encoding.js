// Between what a person writes (`@Mina`, `#q4-launch`, `@here`) and what is kept (`<@U0…>`, `<#C0…>`, `<!here>`).
import { escape, unescape } from './text.js';

// pairs: [[what stands in the text, what it means], …]; the longest name first, as one may begin like another.
export function encode(text, pairs) {
  let out = escape(text.replace(/[\u0001\u0002]/g, '').trim());
  const meant = [...pairs].sort((a, b) => b[0].length - a[0].length).map(([shown, means]) => [escape(shown), means]);
  const marks = [];
  // A name that was put in is set aside, so that no shorter one is found inside it.
  for (const [shown, means] of meant) out = out.split(shown).join(`\u0001${marks.push(means) - 1}\u0002`);
  return out.replace(/\u0001(\d+)\u0002/g, (_, i) => marks[i]).replace(/&lt;((?:https?:\/\/|mailto:)[^&\s|]+(?:&amp;[^&\s|]+)*(?:\|[^&]+)?)&gt;/g, '<$1>');
}

export function decode(text, people, channels) {
  const pairs = new Map();
  const out = text.replace(/<(@([UW][A-Z0-9]+)|#([CG][A-Z0-9]+)|!(here|channel|everyone)|!subteam\^(S[A-Z0-9]+))(?:\|([^<>]*))?>/g,
    (whole, _, user, channel, all, group, label) => {
      const shown = user ? '@' + (people[user]?.name ?? label ?? user) : channel ? '#' + (channels[channel] ?? label ?? channel) : '@' + (all ?? (label ?? group).replace(/^@/, ''));
      pairs.set(shown, whole.replace(/\|.*>$/, '>'));
      return shown;
    });
  return { text: unescape(out), mentions: [...pairs] };
}
