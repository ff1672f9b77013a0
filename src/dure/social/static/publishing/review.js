// Posts whose authors ask for a word, longest waiting first; each as it will stand there, approved or returned by key.
import { action, Ago, api, askForm, dateTime, Empty, html, icon, load, Loaded, reloadOn, ref, t, toast, useKeys, useTop, watch } from '../../web/kit.js';
import './words.js';
import { useNames } from './pause.js';
import { Look } from './look.js';

export default {
  props: ['params', 'query'],
  setup() {
    const waiting = load(signal => api.get('/publishing/reviews', { signal })), places = load(signal => api.get('/publishing/places', { signal }));
    const { named } = useNames(), at = ref('');
    reloadOn(waiting, 'social');
    const rows = () => waiting.data?.waiting ?? [], here = () => rows().find(one => one.id === at.value) ?? rows()[0];
    const whole = load(async signal => here() ? api.get('/publishing/posts/' + here().id, { signal }) : null, { watch: () => here()?.id + ':' + here()?.version, keep: true });
    watch(() => rows().length, () => { if (!rows().some(one => one.id === at.value)) at.value = rows()[0]?.id ?? ''; });
    const may = () => whole.data && !whole.data.why_not && whole.data.plan.state === 'in_review';
    const decide = action(async (approve, comment = '') => {
      await api.post(`/publishing/posts/${whole.data.plan.id}/decision`, { approve, hash: whole.data.hash, comment });
      toast(t(approve ? 'pub.approvedone' : 'pub.returned')); waiting.reload({ quiet: true });
    }, { failed: error => { toast.error(error); waiting.reload({ quiet: true }); whole.reload({ quiet: true }); } });
    const approve = () => may() && decide.run(true);
    const back = () => whole.data && askForm({ title: t('pub.return'), submitLabel: t('pub.return'), fields: [{ name: 'comment', label: t('pub.reason'), type: 'textarea', required: true, autofocus: true }], values: {}, submit: values => decide.run(false, values.comment) });
    useKeys({ e: [approve, 'pub.keyapprove'], x: [back, 'pub.keyreturn'] }, 'pub.keys');
    useTop({ tools: () => html`<a class="btn sm" href="/publishing">${icon('calendar', 14)}${t('pub.calendar')}</a>` });
    const row = one => html`<li key=${one.id} class=${'pub-ask' + (one.id === here()?.id ? ' on' : '')} data-row tabindex="0" @click=${() => { at.value = one.id; }} @focus=${() => { at.value = one.id; }}><div class="row"><b class="cut grow">${one.content.title}</b><span class="mut sm nowrap"><${Ago} at=${one.review.asked_at} /></span></div>
      <span class="mut sm cut">${named(one.review.asked_by)}${one.due_at && ` · ${dateTime(one.due_at)}`}</span>${one.review.note && html`<span class="sm cut">${one.review.note}</span>`}</li>`;
    const detail = data => data && html`<div class="pub-asked"><header class="row wrap"><h2 class="grow">${data.plan.content.title}</h2><a class="btn sm" href=${'/publishing/' + data.plan.id}>${t('pub.open')}</a>
        <button type="button" class="btn sm" disabled=${decide.busy || data.why_not === 'not_an_approver'} @click=${back}>${t('pub.return')} <kbd>x</kbd></button><button type="button" class="btn pri sm" disabled=${decide.busy || !may()} @click=${approve}>${icon('check', 14)}${t('pub.approve')} <kbd>e</kbd></button></header>
      ${data.why_not && html`<p class="notice warn">${t('pub.why.' + data.why_not)}</p>`}${data.reviews[0]?.note && html`<p class="notice">${data.reviews[0].note}</p>`}
      <div class="pub-variants">${data.rendered.map(shown => html`<${Look} key=${shown.source} open=${true} shown=${shown} place=${(places.data?.places ?? []).find(one => one.id === shown.source)} />`)}</div></div>`;
    return () => html`<div class="view fill"><${Loaded} of=${waiting} n=${4} show=${() => rows().length ? html`<div class="pub-split"><ul class="pub-asks">${rows().map(row)}</ul><div class="pub-right"><${Loaded} of=${whole} skeleton="text" show=${detail} /></div></div>`
      : html`<${Empty} icon="check" title=${t('pub.noreview')} body=${t('pub.noreviewbody')} action=${{ label: t('pub.calendar'), href: '/publishing' }} />`} /></div>`;
  },
};
