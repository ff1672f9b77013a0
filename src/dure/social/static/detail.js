// One mention: its text, how it was read (to be set right), who looks after it, and its near copies.
import {
  action, Ago, api, Badge, dateTime, html, icon, inLang, load, Loaded, percent, setQuery, short, state, t, toast, useKeys,
} from '../web/kit.js';
import { ToInbox } from './care/to_inbox.js';
import { Become } from './routing/become.js';
import { Verdict } from './routing/verdict.js';
import { Whose } from './routing/whose.js';
import { Labels } from './stream.js';
import { FEELINGS, handleOf, networkName } from './words.js';

const SURE = 0.5;   // as the server's rules: below it nothing is routed without a person

export const Detail = {
  props: ['id', 'vocabulary', 'changed'],
  setup(p) {
    const mention = load(signal => api.get('/mentions/' + encodeURIComponent(p.id), { signal }), { watch: () => p.id });
    const copies = load(signal => api.get('/mentions', { signal, query: { copies_of: p.id, limit: 20 } }), { watch: () => p.id });
    const patch = action(async (change, said) => {
      const now = await api.patch('/mentions/' + encodeURIComponent(p.id), { version: mention.data.version, ...change });
      mention.set(now);
      p.changed(now);
      toast(said);
    }, { failed: error => { if (error.code === 'conflict') { toast(t('social.conflict')); mention.reload({ quiet: true }); } else toast.error(error); } });
    const finish = () => mention.data && patch.run({ state: mention.data.state === 'done' ? 'new' : 'done' }, t(mention.data.state === 'done' ? 'social.reopen' : 'social.finished'));
    const close = () => setQuery({ mention: null });
    useKeys({ e: [finish, () => t('social.keydone')], Escape: [close, () => t('social.keyclose')] }, 'social.keys');

    const select = (name, label, options) => html`<label class="social-field"><span class="mut sm">${label}</span><select class="input" value=${String(mention.data[name])} disabled=${patch.busy}
      @change=${e => patch.run({ [name]: name === 'sentiment' ? Number(e.target.value) : e.target.value }, t('social.kept'))}>
      ${options.map(([value, text]) => html`<option key=${value} value=${value} selected=${String(mention.data[name]) === value}>${text}</option>`)}</select></label>`;
    const named = map => Object.entries(map ?? {}).map(([value, title]) => [value, inLang(title)]);

    function show(m) {
      const languages = ['ko', 'en', 'ja', 'zh', ...(['ko', 'en', 'ja', 'zh', ''].includes(m.language) ? [] : [m.language])].map(one => [one, t('social.' + one)]);
      return html`<div class="social-detail stack">
        <div class="row"><span class="tag">${networkName(m.network, state.lang)}</span><b class="cut">${m.author || m.handle}</b><span class="mut cut">${handleOf(m.handle)}</span>${m.own && html`<span class="tag">${t('social.ours')}</span>`}</div>
        <p class="social-full">${m.text}</p>
        <div class="row wrap mut sm"><span title=${dateTime(m.posted_at)}><${Ago} at=${m.posted_at} /></span>${m.reach > 0 && html`<span>${t('social.reach', { n: short(m.reach) })}</span>`}
          ${m.url && html`<a class="social-link" href=${m.url} target="_blank" rel="noopener noreferrer nofollow">${icon('link', 12)}${t('social.open')}</a>`}</div>
        <section class="stack"><header class="row"><h3>${t('social.reading')}</h3><span class="grow"></span>${m.corrected_by ? html`<${Badge} kind="ok" text=${t('social.corrected')} />`
          : html`<span class="mut sm num">${t('social.sure', { n: percent(m.confidence, 0) })}</span>`}</header>
          ${!m.corrected_by && html`<meter class="social-meter" min="0" max="1" low=${SURE} optimum="1" value=${m.confidence} aria-label=${t('social.sure', { n: percent(m.confidence, 0) })}></meter>`}
          ${!m.corrected_by && m.confidence < SURE && m.state === 'new' && html`<p class="mut sm">${t('social.unsure')}</p>`}
          <div class="social-fields">${select('intent', t('social.intent'), named(p.vocabulary?.intents))}${select('topic', t('social.topic'), named(p.vocabulary?.topics))}
            ${select('sentiment', t('social.sentiment'), ['1', '0', '-1'].map(value => [value, t(FEELINGS[value])]))}${select('language', t('social.language'), languages)}</div>
          ${m.entities.length > 0 && html`<div class="row wrap">${m.entities.map(one => html`<span key=${one} class="tag">${one}</span>`)}</div>`}
          <${Labels} ids=${m.themes} vocabulary=${p.vocabulary} most=${20} />
          <div class="row wrap sm">${m.spam_why.length > 0 && html`<span class="mut">${t('social.spam', { n: percent(m.spam, 0) })}: ${m.spam_why.map(why => t('social.why.' + why)).join(', ')}</span>`}<span class="grow"></span>
            <button type="button" class="btn ghost sm" disabled=${patch.busy} @click=${() => patch.run({ spam: m.spam < 0.5 }, t('social.kept'))}>${t(m.spam < 0.5 ? 'social.isspam' : 'social.notspam')}</button></div></section>
        <section class="stack"><header class="row"><h3>${t('social.route')}</h3><span class="grow"></span><span class=${'sm social-state s-' + m.state}>${m.state === 'routed' ? `#${m.channel}` : t('social.' + m.state)}</span></header>
          <div class="social-routes">${(p.vocabulary?.functions ?? []).map(name => html`<button type="button" key=${name} class=${'btn sm' + (m.function === name ? ' on' : '')} disabled=${patch.busy}
            aria-pressed=${String(m.function === name)} @click=${() => patch.run({ function: name }, t('social.sent', { name: t('social.' + name) }))}>${t('social.' + name)}</button>`)}</div>
          <button type="button" class=${'btn' + (m.state === 'done' ? '' : ' pri')} disabled=${patch.busy} @click=${finish}>${icon(m.state === 'done' ? 'refresh' : 'check')}${t(m.state === 'done' ? 'social.reopen' : 'social.finish')}</button></section>
        <${Verdict} mention=${m} vocabulary=${p.vocabulary} changed=${now => { mention.set(now); p.changed(now); }} />
        <${Whose} mention=${m} changed=${() => mention.reload({ quiet: true })} />
        <${Become} mention=${m} />
        <${ToInbox} mention=${m} />
        ${m.copies > 0 && html`<section class="stack"><h3>${t('social.copies', { n: m.copies })}</h3><${Loaded} of=${copies} n=${3} show=${data => html`<ul class="social-copies">${data.mentions.map(one => html`<li key=${one.id}>
          <span class="row sm"><span class="tag">${networkName(one.network, state.lang)}</span><span class="cut">${one.author || one.handle}</span><span class="grow"></span><span class="mut"><${Ago} at=${one.posted_at} /></span></span><p class="social-text">${one.text}</p></li>`)}</ul>`} /></section>`}
      </div>`;
    }
    return () => html`<div><header class="social-top row"><button type="button" class="btn ghost sm" @click=${close}>${icon('back', 14)}${t('social.back')}</button></header>
      <${Loaded} of=${mention} show=${show} skeleton="text" /></div>`;
  },
};
