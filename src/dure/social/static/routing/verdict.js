// Why a mention is where it is, and the two answers of the team that has it.
import { action, api, html, icon, inLang, load, percent, t, toast } from '../../web/kit.js';
import './words.js';

// props: mention, vocabulary, changed(mention)
export const Verdict = {
  props: ['mention', 'vocabulary', 'changed'],
  setup(p) {
    const told = load(signal => api.get('/mentions/' + p.mention.id + '/routing', { signal, quiet: true }), { watch: () => p.mention.id + p.mention.version, keep: true });
    const say = action(async (verdict, said) => { p.changed(await api.post('/mentions/' + p.mention.id + '/verdict', { verdict, version: p.mention.version })); toast(t(said)); }, { failed: toast.error });
    const named = (map, name) => inLang(p.vocabulary?.[map]?.[name] ?? {}) || name;
    const reason = one => {
      if (one.code !== 'known') return `“${one.name}”`;
      const [kind, value = ''] = one.name.split('=');
      if (kind === 'it') return value.split('/').map((name, i) => named(i ? 'topics' : 'intents', name)).join(' · ');
      return kind === 'i' ? named('intents', value) : kind === 't' ? named('topics', value) : value;
    };
    return () => {
      const decided = told.data?.decided, m = p.mention;
      if (!decided && m.state !== 'routed') return null;
      return html`<section class="stack route-verdict">${decided && html`<p class="mut sm row wrap"><span>${t('route.why')}:</span>${decided.by === 'rule' ? html`<span class="tag">${t('route.byrule', { n: decided.reasons[0]?.number ?? '' })}${decided.reasons[0]?.word ? ` “${decided.reasons[0].word}”` : ''}</span>`
        : decided.reasons[0]?.code === 'spam' ? html`<span class="tag">${t('route.spam')}</span>` : html`<span class="tag num">${t('route.bymodel', { n: percent(decided.sure, 0) })}</span>${told.data.why.map(one => html`<span class="tag" key=${one.code + one.name}>${reason(one)}</span>`)}`}</p>`}
        ${m.state === 'routed' && html`<div class="row"><button type="button" class="btn sm" disabled=${say.busy || decided?.verdict === 'accepted'} @click=${() => say.run('accepted', 'route.took')}>${icon('check', 14)}${t('route.accept')}</button>
          <button type="button" class="btn sm" disabled=${say.busy} @click=${() => say.run('refused', 'route.notoursdone')}>${t('route.notours')}</button></div>`}</section>`;
    };
  },
};
