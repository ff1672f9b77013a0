// What is said about a post: comments, the word of a second person, and every text that it had.
import { action, Ago, api, dateTime, html, load, ref, t, toast } from '../../web/kit.js';
import './words.js';

export const Talk = {
  props: ['whole', 'places', 'named', 'reload', 'restore', 'locked'],
  setup(p) {
    const said = ref(''), on = ref(''), shown = ref(false), id = () => p.whole.plan.id;
    const versions = load(signal => shown.value ? api.get(`/publishing/posts/${id()}/versions`, { signal }) : Promise.resolve(null), { watch: () => [shown.value, p.whole.plan.version].join() });
    const say = action(async () => { await api.post(`/publishing/posts/${id()}/comments`, { text: said.value, source: on.value || null }); said.value = ''; p.reload(); }, { failed: toast.error });
    const settle = action(async (one, done) => { await api.put(`/publishing/posts/${id()}/comments/${one.id}`, { done }); p.reload(); }, { failed: toast.error });
    const nameOf = source => p.places.find(one => one.id === source)?.name ?? '';
    const comment = one => html`<li key=${one.id} class=${'pub-comment' + (one.done ? ' done' : '')}><div class="row sm"><b>${p.named(one.by)}</b>${one.source && html`<span class="tag">${nameOf(one.source)}</span>`}<span class="mut"><${Ago} at=${one.at} /></span><span class="grow"></span><button type="button" class="btn ghost sm" disabled=${settle.busy} @click=${() => settle.run(one, !one.done)}>${t(one.done ? 'pub.reopen' : 'pub.settle')}</button></div><p>${one.text}</p></li>`;
    const review = one => html`<li key=${one.id} class="sm"><span class=${'pub-state s-' + (one.decision === 'approved' ? 'approved' : one.decision ? 'failed' : 'in_review')}>${one.decision ? t(one.decision === 'approved' ? 'pub.approvedone' : 'pub.returned') : t('pub.asked')}</span> ${p.named(one.decision ? one.decided_by : one.asked_by)} <span class="mut"><${Ago} at=${one.decided_at ?? one.asked_at} /></span>${(one.comment || one.note) && html`<p>${one.comment || one.note}</p>`}</li>`;
    const version = one => html`<li key=${one.id} class="pub-version"><div class="row sm"><b>${t('pub.version', { n: one.version })}</b>${one.aside && html`<span class="tag">${t('pub.aside')}</span>`}<span class="mut cut">${p.named(one.by)} · ${dateTime(one.at)}</span><span class="grow"></span>${!p.locked && html`<button type="button" class="btn ghost sm" @click=${() => p.restore(one.content)}>${t('pub.restore')}</button>`}</div><p class="mut sm pub-said">${one.content.text || one.content.title}</p></li>`;
    return () => html`<div class="stack pub-talk">${p.whole.reviews.length > 0 && html`<section><h3>${t('pub.history')}</h3><ul>${p.whole.reviews.map(review)}</ul></section>`}
      <section><h3>${t('pub.comments')}</h3>${p.whole.comments.length ? html`<ul>${p.whole.comments.map(comment)}</ul>` : html`<p class="mut sm">${t('pub.nocomments')}</p>`}
        <form class="stack" @submit=${e => { e.preventDefault(); if (said.value.trim()) say.run(); }}><textarea class="input" rows="2" aria-label=${t('pub.comment')} placeholder=${t('pub.comment')} value=${said.value} @input=${e => { said.value = e.target.value; }} @keydown=${e => { if (e.key === 'Enter' && (e.metaKey || e.ctrlKey) && said.value.trim()) say.run(); }}></textarea>
          <div class="row"><select class="input sm" aria-label=${t('pub.where')} value=${on.value} @change=${e => { on.value = e.target.value; }}><option value="">${t('pub.all.networks')}</option>${p.whole.plan.variants.map(one => html`<option key=${one.wording.source} value=${one.wording.source}>${nameOf(one.wording.source)}</option>`)}</select><span class="grow"></span><button type="submit" class="btn sm" disabled=${say.busy || !said.value.trim()}>${t('pub.say')}</button></div></form></section>
      <section><button type="button" class="btn sm" aria-expanded=${String(shown.value)} @click=${() => { shown.value = !shown.value; }}>${t('pub.versions')}</button>${shown.value && versions.data && html`<ul>${versions.data.versions.map(version)}</ul>`}</section></div>`;
  },
};
