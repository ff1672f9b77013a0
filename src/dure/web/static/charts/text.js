// How wide a text is drawn, near enough to keep labels apart and inside their room.
const HANGUL = 0x1100;
const each = c => c.charCodeAt(0) > HANGUL ? 12 : 7;

export const wide = text => [...String(text)].reduce((w, c) => w + (c.charCodeAt(0) > HANGUL ? 1.65 : 1), 0);

export function clip(text, px) {
  let w = 0, out = '';
  for (const c of String(text)) {
    w += each(c);
    if (w > px) return out.slice(0, -1) + '…';
    out += c;
  }
  return out;
}
