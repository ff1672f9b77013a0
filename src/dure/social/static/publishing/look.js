// A variant as its network will show it: who says it, the text with links and tags set off, how long it is.
import { boot, html, icon, num, t } from '../../web/kit.js';
import { marked } from './marked.js';

const ACTS = { mastodon: ['reply', 'refresh', 'star', 'more'], bluesky: ['chat', 'refresh', 'heart', 'more'], reddit: ['up', 'down', 'chat', 'out'], discourse: ['heart', 'link', 'reply'], github: ['smile', 'more'] };

// shown: as the server rendered it; place: where; open: its links at once.
export const Look = {
  props: ['shown', 'place', 'open'],
  setup(p) {
    return () => {
      const { shown, place } = p, network = place?.network ?? '', name = boot.workspace?.name ?? '', over = shown.most && shown.count > shown.most;
      const title = shown.title && html`<h4 class="pub-looktitle">${shown.title}</h4>`;
      return html`<figure class=${'pub-look as-' + network} aria-label=${`${place?.name ?? '?'} ${t('pub.preview')}`}>
        <figcaption class="row"><b class="cut">${place?.name ?? t('pub.p.gone')}</b><span class="grow"></span><span class=${'num sm ' + (over ? 'poor' : 'mut')}>${shown.most ? t('pub.count', { n: num(shown.count), most: num(shown.most) }) : num(shown.count)}</span></figcaption>
        <div class="pub-card"><header class="row"><span class="pub-face" aria-hidden="true">${name.slice(0, 1)}</span><span class="stack pub-who"><b class="cut">${network === 'reddit' ? `r/${shown.place || '…'}` : name}</b><span class="mut sm cut">${network === 'reddit' ? name : shown.place || '@' + name.toLowerCase().replace(/\s+/g, '')} · ${t('pub.now')}</span></span></header>
          ${title}<p class="pub-text">${marked(shown.text)}</p><footer class="row mut">${(ACTS[network] ?? ['reply', 'heart', 'more']).map(one => html`<span key=${one}>${icon(one, 14)}</span>`)}</footer></div>
        ${shown.problems.length > 0 && html`<ul class="pub-problems">${shown.problems.map(one => html`<li key=${one}>${icon('warn', 12)} ${t('pub.p.' + one)}</li>`)}</ul>`}
        ${shown.links.length > 0 && html`<details class="pub-links" open=${p.open}><summary class="sm">${t('pub.links')} <span class="num">${num(shown.links.length)}</span></summary><ul>${shown.links.map(one => html`<li key=${one.written} class="mono sm">${one.target}</li>`)}</ul>${shown.links.some(one => !shown.text.includes(one.target)) && html`<p class="mut sm">${t('pub.tracked')}</p>`}</details>`}</figure>`;
    };
  },
};
