// A person's or a room's mark: the first letter on a colour that stays theirs.
import { html } from './html.js';

export const hue = seed => [...String(seed ?? '')].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 360, 7);

export const Avatar = {
  props: ['name', 'seed', 'image', 'size', 'label'],
  setup: p => () => {
    const cls = 'av' + (p.size === 's' ? ' s' : p.size === 'm' ? ' m' : '');
    const letter = [...(p.name ?? '?').replace(/^[@#]/, '')][0]?.toUpperCase() ?? '?';
    const naming = p.label ? { role: 'img', 'aria-label': p.name, title: p.name } : { 'aria-hidden': 'true' };
    return p.image ? html`<img class=${cls} src=${p.image} alt=${p.label ? p.name : ''} />`
      : html`<span class=${cls} style=${`--h:${hue(p.seed ?? p.name)}`} ...${naming}>${letter}</span>`;
  },
};
