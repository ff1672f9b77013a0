// Two people wrote the same post: both texts side by side, one to go on with.
import { Dialog, html, t } from '../../web/kit.js';
import './words.js';

const lines = content => [content.title, content.text, ...content.wordings.map(one => one.text).filter(Boolean)].join('\n\n');

export const Met = {
  props: ['mine', 'theirs', 'who', 'close'],
  setup(p) {
    const side = (name, content) => html`<section class="stack"><h4>${name}</h4><pre class="pub-side" tabindex="0">${lines(content)}</pre></section>`;
    return () => html`<${Dialog} title=${t('pub.met')} wide=${true} onClose=${() => p.close('theirs')}><div class="stack"><p>${t('pub.metbody', { who: p.who })}</p>
      <div class="pub-sides">${side(t('pub.mine'), p.mine)}${side(t('pub.theirs', { who: p.who }), p.theirs)}</div>
      <div class="actions end"><button type="button" class="btn" @click=${() => p.close('theirs')}>${t('pub.keeptheirs')}</button><button type="button" class="btn pri" @click=${() => p.close('mine')}>${t('pub.keepmine')}</button></div></div><//>`;
  },
};
