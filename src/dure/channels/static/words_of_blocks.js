// Texts of Block Kit: `plain` as a string for labels, `words` as it is drawn.
import { emoji } from './emoji.js';
import { mrkdwn } from './text.js';

// A plain_text object (or a bare text) as a string, its emoji drawn unless it says not to.
export function plain(text) {
  const said = typeof text === 'string' ? text : typeof text?.text === 'string' ? text.text : '';
  return text?.emoji === false ? said : said.replace(/:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/g, (_, name) => emoji(name));
}

// A text object: mrkdwn with its marks, plain_text as it is. `verbatim` leaves addresses as they are written.
export function words(text, names, channels) {
  if (text == null) return null;
  if (typeof text === 'string' || text.type !== 'mrkdwn') return plain(text);
  const said = String(text.text ?? '');
  // A space of no width keeps a bare address from being taken for a link; one in angle brackets is meant as a link.
  return mrkdwn(text.verbatim === true ? said.replace(/(?<![<|\w])(https?:)(\/\/)/gi, '$1\u200b$2') : said, names, channels);
}
