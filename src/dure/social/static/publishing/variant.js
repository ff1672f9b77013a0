// What a post is on one network: its own text or the common one, how it will look, what became of it.
import { action, api, askForm, go, html, icon, ref, t, toast } from '../../web/kit.js';
import { TAGS } from './words.js';
import { Look } from './look.js';

export const Variant = {
  props: ['wording', 'variant', 'shown', 'place', 'content', 'locked', 'post', 'remove', 'reload', 'figure'],
  setup(p) {
    const tags = ref(false);
    const check = action(async (stands, url = '') => { await api.post(`/publishing/posts/${p.post}/check`, { source: p.wording.source, stands, url }); toast(t('pub.checked')); p.reload(); }, { failed: toast.error });
    const stands = () => askForm({ title: t('pub.stands'), submitLabel: t('pub.stands'), fields: [{ name: 'url', label: t('pub.url'), type: 'url', optional: true }], values: {}, submit: values => check.run(true, values.url ?? '') });
    const over = (name, value) => { const utm = { ...p.wording.utm }; if (value.trim() === '') delete utm[name]; else utm[name] = value.trim() === '-' ? '' : value; p.wording.utm = utm; };
    const fate = () => {
      const one = p.variant;
      if (!one || one.fate === 'waiting') return null;
      return html`<div class=${'pub-fate f-' + one.fate}><div class="row"><b>${t('pub.f.' + one.fate)}</b><span class="grow"></span>${one.url && html`<a class="btn sm" href=${one.url} target="_blank" rel="noreferrer">${icon('out', 12)}${t('pub.open')}</a>`}</div>
        ${one.outcome.detail && html`<p class="sm mono pub-detail">${one.outcome.detail}</p>`}
        ${one.fate === 'unknown' && html`<p class="sm">${t('pub.unknownbody')}</p><div class="row"><button type="button" class="btn sm" disabled=${check.busy} @click=${stands}>${t('pub.stands')}</button><button type="button" class="btn sm" disabled=${check.busy} @click=${() => check.run(false)}>${t('pub.missing')}</button></div>`}
        ${one.fate === 'said' && p.figure && figures(p.figure)}</div>`;
    };
    return () => {
      const { wording, place, locked } = p, frozen = locked || ['said', 'unknown'].includes(p.variant?.fate), limits = place?.limits ?? {};
      return html`<section class="pub-variant" aria-label=${place?.name ?? '?'}>
        ${!frozen && html`<header class="row"><span class="grow"></span><button type="button" class="btn ghost sm" @click=${() => { wording.text = wording.text === null ? p.content.text : null; }}>${wording.text === null ? t('pub.own') : t('pub.follow')}</button>
          <button type="button" class="btn ghost sm" aria-expanded=${String(tags.value)} @click=${() => { tags.value = !tags.value; }}>${t('pub.tags')}</button><button type="button" class="btn ghost ico sm" aria-label=${t('pub.remove')} title=${t('pub.remove')} @click=${p.remove}>${icon('x', 12)}</button></header>`}
        ${!frozen && limits.title > 0 && html`<input class="input sm" placeholder=${p.content.title} aria-label=${t('pub.ntitle', { name: place.name })} maxlength="300" value=${wording.title} @input=${e => { wording.title = e.target.value; }} />`}
        ${!frozen && ['reddit', 'github', 'discourse'].includes(place?.network) && html`<input class="input sm" placeholder=${t('pub.placehint.' + place.network)} title=${t('pub.placehint.' + place.network)} aria-label=${t('pub.place')} value=${wording.place} @input=${e => { wording.place = e.target.value; }} />`}
        ${!frozen && wording.text !== null && html`<textarea class="input pub-own" rows="5" aria-label=${`${place?.name ?? ''} ${t('pub.text')}`} value=${wording.text} @input=${e => { wording.text = e.target.value; }}></textarea>`}
        ${!frozen && tags.value && html`<div class="pub-utm"><p class="mut sm">${t('pub.tagshint')}</p>${TAGS.map(name => html`<label key=${name} class="row"><span class="mono sm">${name}</span><input class="input sm" value=${wording.utm[name] === '' ? '-' : wording.utm[name] ?? ''} @input=${e => over(name, e.target.value)} /></label>`)}</div>`}
        ${p.shown && html`<${Look} shown=${p.shown} place=${place} />`}${fate()}</section>`;
    };
  },
};

// To the conversation that an answer stands in, where somebody looks after it; else to the answer itself.
async function talk(event, mention) {
  if (event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  const found = await api.get(`/mentions/${mention}/conversation`, { quiet: true }).then(one => one.conversation, () => null);
  go(found ? '/inbox?c=' + found.id : '/social?mention=' + mention);
}

const figures = one => html`<dl class="facts sm pub-figures"><dt>${t('pub.answers')}</dt><dd class="num">${one.answers}</dd><dt>${t('pub.clicks')}</dt><dd class="num">${one.clicks ?? html`<span class="mut">${t('pub.notcounted')}</span>`}</dd><dt>${t('pub.reach')}</dt><dd class="num">${one.reach ?? html`<span class="mut">${t('pub.notsaid')}</span>`}</dd></dl>
  ${one.said.length > 0 && html`<ul class="pub-answers">${one.said.slice(0, 5).map(each => html`<li key=${each.id}><a href=${'/social?mention=' + each.id} @click=${e => talk(e, each.id)}><b>${each.author || each.handle}</b> <span class="cut">${each.text}</span></a></li>`)}</ul>`}`;
