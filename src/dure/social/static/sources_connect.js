// Choosing what to connect, and telling it what it has to know.
import { html, api, go, inLang, load, setQuery, t, toast, useTop, icon, Loaded, Panel } from '../web/kit.js';
import { Basis, Can } from './sources_look.js';
import { SourceForm } from './source_form.js';

export default {
  props: ['params', 'query'],
  setup(p) {
    const sources = load(signal => api.get('/social-sources', { signal }));
    useTop({ title: () => t('src.add'), tools: () => html`<a class="btn ghost sm" href="/social/sources">${t('src.back')}</a>` });
    const chosen = data => data.connectors.find(one => one.name === p.query.kind);
    const done = made => { toast(t('src.connected')); go('/social/sources/' + made.id); };
    const card = one => html`<button key=${one.name} type="button" class="panel social-src-card" data-row @click=${() => setQuery({ kind: one.name })}><span class="row"><b>${inLang(one.title)}</b><span class="grow"></span><${Basis} of=${one.basis} /></span><span class="sm">${inLang(one.about)}</span><${Can} of=${one.can} /></button>`;
    const form = one => html`<${Panel} title=${inLang(one.title)} note=${inLang(one.about)} wide=${true} tools=${html`<button type="button" class="btn ghost sm" @click=${() => setQuery({ kind: null })}>${icon('back', 14)}${t('src.others')}</button>`}>
      <div class="social-src-terms"><${Basis} of=${one.basis} /><span class="sm">${inLang(one.terms)}</span></div><${Can} of=${one.can} /><${SourceForm} key=${one.name} connector=${one} done=${done} cancel=${() => go('/social/sources')} /><//>`;
    const show = data => chosen(data) ? form(chosen(data)) : html`<h2 class="w social-src-head">${t('src.choose')}</h2>${data.connectors.map(card)}`;
    return () => html`<div class="page three" data-scroll><${Loaded} of=${sources} show=${show} skeleton="cards" n=${9} /></div>`;
  },
};
