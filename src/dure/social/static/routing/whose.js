// Who wrote a mention: known, or who it might be and why; linked by hand, and taken back.
import { action, api, choose, html, icon, load, Loaded, t, toast } from '../../web/kit.js';
import './words.js';

// props: mention, changed()
export const Whose = {
  props: ['mention', 'changed'],
  setup(p) {
    const whose = load(signal => api.get('/mentions/' + p.mention.id + '/whose', { signal, quiet: true }), { watch: () => p.mention.id + (p.mention.person ?? '') + p.mention.account, keep: true });
    const set = action(async (link, said) => { whose.set(await api.put('/mentions/' + p.mention.id + '/whose', { ...link, version: p.mention.version })); toast(t(said)); p.changed(); }, { failed: toast.error });
    const people = async text => {
      const { people } = await api.get('/people', { query: { q: text, limit: 20 } });
      return [{ group: t('route.people'), items: people.map(one => ({ value: one.id, title: one.traits.name || one.distinct_ids[0] || one.id, hint: one.traits.email ?? one.distinct_ids[0] ?? '', icon: 'person' })) }];
    };
    const find = action(async () => {
      const named = await people(p.mention.author || p.mention.handle);
      const picked = await choose(t('route.find'), named[0].items.length ? named : await people(''), people);
      if (picked) await set.run({ person: picked.value }, 'route.linked');
    }, { failed: toast.error });
    const show = one => {
      if (one.person || one.account) {
        return html`<div class="stack"><div class="row wrap">${one.person && html`<a class="row" href=${'/people/' + one.person}>${icon('person', 14)}<b>${one.name || t('route.whose')}</b></a>`}${one.account && html`<span class="row">${icon('building', 14)}${one.account_name}</span>`}
          ${one.how && html`<span class="mut sm" title=${one.why}>${t('route.how.' + one.how)}</span>`}<span class="grow"></span><button type="button" class="btn ghost sm" disabled=${set.busy} @click=${() => set.run({}, 'route.unlinked')}>${t('route.unlink')}</button></div>
          ${one.deals.count > 0 && html`<p class="sm">${t('route.deals', { n: one.deals.count })}: ${one.deals.deals.map((deal, i) => html`${i > 0 && ', '}<a key=${deal.deal} href=${deal.path}>${deal.name}</a>`)}</p>`}</div>`;
      }
      return html`<div class="stack">${one.candidates.length ? html`<p class="mut sm">${t('route.maybe')}</p>${one.candidates.map(it => html`<div class="row sm" key=${(it.person ?? '') + it.account}><b class="cut">${it.name || it.account}</b><span class="mut cut" title=${it.reasons.map(why => why[1]).join(', ')}>${it.reasons.map(why => t('route.r.' + why[0])).join(' · ')}</span>
        <span class="grow"></span><button type="button" class="btn sm" disabled=${set.busy} @click=${() => set.run(it.person ? { person: it.person } : { account: it.account }, 'route.linked')}>${t('route.link')}</button></div>`)}` : html`<p class="mut sm">${t('route.unknown')}</p>`}
        <div class="row"><button type="button" class="btn sm" disabled=${find.busy} @click=${find.run}>${icon('find', 14)}${t('route.find')}</button></div></div>`;
    };
    return () => html`<section class="stack"><h3>${t('route.whose')}</h3><${Loaded} of=${whose} show=${show} skeleton="text" n=${1} /></section>`;
  },
};
