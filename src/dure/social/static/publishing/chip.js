// A post as it stands in the calendar, and where it goes.
import { go, html, icon, t, time } from '../../web/kit.js';

const SHORT = { mastodon: 'Ma', bluesky: 'Bs', reddit: 'Re', discourse: 'Di', github: 'Gh' };
const BY = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };   // days
export const shortOf = network => SHORT[network] ?? network.slice(0, 2);

// The networks that a post goes to, each with what became of it there.
export const Where = {
  props: ['post', 'places'],
  setup: p => () => html`<span class="pub-where">${p.post.variants.map(one => {
    const place = p.places.find(each => each.id === one.wording.source);
    return html`<span key=${one.wording.source} class=${'pub-net f-' + one.fate} title=${`${place?.name ?? '?'} · ${t('pub.f.' + one.fate)}`}>${place ? shortOf(place.network) : '?'}</span>`;
  })}</span>`,
};

export const Chip = {
  props: ['post', 'places', 'wide', 'grab', 'movable', 'named', 'shift'],
  setup(p) {
    const open = () => go('/publishing/' + p.post.id);
    const key = e => {
      if (e.shiftKey && BY[e.key]) { e.preventDefault(); p.shift(BY[e.key]); return; }
      if ((e.key === 'Enter' || e.key === ' ') && e.target === e.currentTarget) { e.preventDefault(); open(); }
    };
    return () => {
      const one = p.post;
      return html`<article class=${'pub-chip s-' + one.state} data-row data-post=${one.id} tabindex="0" draggable=${String(!!p.movable)} title=${`${one.content.title} · ${t('pub.s.' + one.state)}`} aria-label=${`${one.content.title}, ${t('pub.s.' + one.state)}${one.due_at ? ', ' + time(one.due_at) : ''}`}
        @click=${open} @keydown=${key} @dragstart=${e => { e.dataTransfer.effectAllowed = 'move'; e.dataTransfer.setData('text/plain', one.content.title); p.grab(true); }} @dragend=${() => p.grab(false)}>
        <div class="pub-line">${one.due_at && html`<span class="num mut">${time(one.due_at)}</span>`}<b class="cut">${one.content.title}</b></div>
        ${p.wide && html`<p class="pub-said">${one.content.text}</p>`}
        <div class="pub-line"><span class=${'pub-state s-' + one.state}>${t('pub.s.' + one.state)}</span><span class="grow"></span>${one.evergreen && html`<span title=${t('pub.evergreen')}>${icon('refresh', 11)}</span>`}${one.comments > 0 && html`<span class="mut num" title=${t('pub.comments')}>${icon('chat', 11)}${one.comments}</span>`}<${Where} post=${one} places=${p.places} /></div></article>`;
    };
  },
};
