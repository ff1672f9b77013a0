// One idea: its words, state and owner; who asked, what they are worth; votes, merges and what is similar.
import { action, Ago, api, askForm, choose, html, icon, load, Loaded, num, percent, reloadOn, setQuery, t, toast } from '../../web/kit.js';
import { worth } from './card.js';
import { SOURCES, STATES } from './words.js';

export const Detail = {
  props: ['id', 'changed', 'close'],
  setup(p) {
    const whole = load(signal => api.get('/ideas/' + encodeURIComponent(p.id), { signal }), { watch: () => p.id, keep: true });
    const users = load(signal => api.get('/users', { signal, quiet: true }), {});
    reloadOn(whole, 'social');
    const again = said => { toast(said); whole.reload({ quiet: true }); p.changed(); };
    const change = action(async (given, said) => { await api.patch('/ideas/' + p.id, { version: whole.data.idea.version, ...given }); again(said); },
      { failed: error => { if (error.code === 'conflict') { toast(t('idea.conflict')); whole.reload({ quiet: true }); } else toast.error(error); } });
    const vote = action(async () => { await (whole.data.idea.mine ? api.del : api.put)('/ideas/' + p.id + '/vote'); whole.reload({ quiet: true }); p.changed(); }, { failed: toast.error });
    const people = () => (users.data?.users ?? []).filter(one => !one.deleted && !one.is_bot), named = id => people().find(one => one.id === id)?.name ?? id;
    const edit = () => askForm({ title: t('idea.edit'), fields: [{ name: 'title', label: t('idea.title'), required: true }, { name: 'about', label: t('idea.about'), type: 'textarea', optional: true }], values: { title: whole.data.idea.title, about: whole.data.idea.about },
      submit: values => api.patch('/ideas/' + p.id, { version: whole.data.idea.version, title: values.title, about: values.about ?? '' }), submitLabel: t('idea.save') }).then(done => { if (done) again(t('idea.saved')); });
    const add = async () => { const accounts = await api.get('/accounts', { quiet: true, query: { limit: 500 } }).then(found => found.accounts, () => []); return askForm({ title: t('idea.add'), fields: [
      { name: 'source', label: t('idea.source'), type: 'choice', initial: 'sales', options: SOURCES.filter(one => one !== 'mention').map(value => ({ value, label: t('idea.from.' + value) })) },
      { name: 'said', label: t('idea.said'), type: 'textarea', required: true }, { name: 'account', label: t('idea.account'), optional: true, type: 'select', options: accounts.map(one => ({ value: one.id, label: one.name })) }],
    values: {}, submit: values => api.post('/ideas/' + p.id + '/askings', { source: values.source, said: values.said, account: values.account ?? '' }), submitLabel: t('idea.add') }).then(done => { if (done) again(t('idea.added')); }); };
    const remove = action(async asking => { await api.del('/ideas/' + p.id + '/askings/' + asking.id); again(t('idea.removed')); }, { failed: toast.error });
    const merge = action(async () => {
      const { ideas } = await api.get('/ideas'), near = new Map(whole.data.similar.map(one => [one.id, one.near]));
      const items = ideas.filter(one => one.id !== p.id).map(one => ({ value: one.id, title: one.title, hint: t('idea.s.' + one.state) }));
      const picked = await choose(t('idea.mergeinto'), [{ group: t('idea.similar'), items: items.filter(one => near.has(one.value)) }, { group: t('idea.board'), items: items.filter(one => !near.has(one.value)) }].filter(one => one.items.length));
      if (!picked) return;
      const made = await api.post('/ideas/' + p.id + '/merge', { into: picked.value });
      toast.undo(t('idea.merged'), async () => { await api.post('/ideas/merges/' + made.id + '/undo'); p.changed(); });
      p.changed(); setQuery({ idea: picked.value });
    }, { failed: toast.error });
    const undo = action(async one => { await api.post('/ideas/merges/' + one.id + '/undo'); again(t('idea.undone')); }, { failed: toast.error });

    const select = (name, label, options) => html`<label class="social-field"><span class="mut sm">${label}</span><select class="input" disabled=${change.busy} value=${whole.data.idea[name]} @change=${e => change.run({ [name]: e.target.value }, t('idea.saved'))}>
      ${options.map(([value, text]) => html`<option key=${value} value=${value} selected=${whole.data.idea[name] === value}>${text}</option>`)}</select></label>`;
    const asking = one => html`<li key=${one.id} class="idea-asking"><div class="row sm"><span class="tag">${t('idea.from.' + one.source)}</span>${one.source === 'mention' ? html`<a class="cut" href=${'/social?mention=' + one.ref}>${one.person_name || one.account_name || t('social.open')}</a>` : html`<b class="cut">${one.person_name || one.account_name || named(one.actor)}</b>`}
      <span class="grow"></span>${one.deals.count > 0 && html`<span class="nowrap" title=${one.deals.deals.map(deal => deal.name).join(', ')}>${t('idea.deals', { n: one.deals.count })} · ${worth(one.deals.amounts)}</span>`}<span class="mut nowrap"><${Ago} at=${one.at} /></span>
      <button type="button" class="btn ghost ico sm" aria-label=${t('idea.remove')} title=${t('idea.remove')} disabled=${remove.busy} @click=${() => remove.run(one)}>${icon('x', 12)}</button></div><p class="social-text">${one.said}</p></li>`;
    const show = data => {
      const one = data.idea;
      return html`<div class="stack idea-detail"><h2>${one.title}</h2>${one.about && html`<p class="social-full">${one.about}</p>`}
        <div class="row wrap"><button type="button" class=${'btn sm' + (one.mine ? ' on' : ' pri')} aria-pressed=${String(one.mine)} disabled=${vote.busy} @click=${vote.run}>${icon('up', 14)}${t(one.mine ? 'idea.voted' : 'idea.vote')} <span class="num">${num(one.votes)}</span></button>
          <button type="button" class="btn sm" @click=${edit}>${icon('edit', 14)}${t('idea.edit')}</button><button type="button" class="btn sm" disabled=${merge.busy} @click=${merge.run}>${t('idea.merge')}</button></div>
        <div class="social-fields">${select('state', t('idea.state'), STATES.map(value => [value, t('idea.s.' + value)]))}${select('owner', t('idea.owner'), [['', t('idea.nobodys')], ...people().map(user => [user.id, user.name])])}</div>
        <dl class="facts"><dt>${t('idea.asked')}</dt><dd>${SOURCES.filter(source => one.demand[source]).map(source => `${t('idea.from.' + source)} ${num(one.demand[source])}`).join(' · ') || '–'}</dd><dt>${t('idea.value')}</dt><dd>${worth(one.value)}</dd>${data.voters.length > 0 && html`<dt>${t('idea.voters')}</dt><dd>${data.voters.map(named).join(', ')}</dd>`}</dl>
        <section class="stack"><header class="row"><h3>${t('idea.who')}</h3><span class="grow"></span><button type="button" class="btn sm" @click=${add}>${icon('plus', 14)}${t('idea.add')}</button></header>
          ${data.askings.length ? html`<ul class="idea-askings">${data.askings.map(asking)}</ul>` : html`<p class="mut sm">${t('idea.nobody')}</p>`}</section>
        ${data.merges.length > 0 && html`<section class="stack"><h3>${t('idea.merges')}</h3>${data.merges.map(other => html`<div class="row sm" key=${other.id}><span class="cut">${other.title}</span><span class="mut num nowrap">${t('idea.asks', { n: other.askings })}</span><span class="grow"></span><button type="button" class="btn ghost sm" disabled=${undo.busy} @click=${() => undo.run(other)}>${t('idea.undo')}</button></div>`)}</section>`}
        ${data.similar.length > 0 && html`<section class="stack"><h3>${t('idea.similar')}</h3>${data.similar.map(other => html`<a class="row sm" key=${other.id} href=${'/ideas?idea=' + other.id}><span class="cut">${other.title}</span><span class="grow"></span><span class="mut num">${t('idea.near', { n: percent(other.near, 0) })}</span></a>`)}</section>`}</div>`;
    };
    return () => html`<div><header class="social-top row"><span class="grow"></span><button type="button" class="btn ghost ico sm" aria-label=${t('idea.close')} title=${t('idea.close')} @click=${p.close}>${icon('x', 14)}</button></header><${Loaded} of=${whole} show=${show} skeleton="text" /></div>`;
  },
};
