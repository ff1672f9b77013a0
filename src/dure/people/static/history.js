// How traits came to be what they are: before, after, when, and by which event.
import { action, api, dateTime, html, icon, load, Loaded, Panel, ref, shortDate, t, time, toast, watch } from '../web/kit.js';
import { shown } from './words.js';

const PAGE = 40;

export const TraitHistory = {
  props: ['path', 'version'],
  setup(p) {
    const trait = ref(''), older = ref([]), more = ref(false);
    const first = load(signal => api.get(p.path + '/traits', { signal, query: { limit: PAGE, trait: trait.value || undefined } }), { watch: () => [p.path, p.version, trait.value].join(), keep: true });
    watch(() => first.data, data => { older.value = []; more.value = (data?.history.length ?? 0) >= PAGE; });
    const further = action(async () => {
      const last = older.value.at(-1) ?? first.data.history.at(-1);
      const answer = await api.get(p.path + '/traits', { query: { limit: PAGE, before: last.at, trait: trait.value || undefined } });
      older.value = [...older.value, ...answer.history]; more.value = answer.history.length >= PAGE;
    }, { failed: toast.error });
    const name = trait => trait === '$account' ? t('people.account') : trait;
    const line = (one, i) => html`<li key=${one.message_id + one.trait + i} class=${one.late && 'people-late'} title=${one.late ? t('people.latehint') : null}>
      <div class="row"><button type="button" class="people-trait" title=${t('people.onlytrait')} @click=${() => { trait.value = trait.value ? '' : one.trait; }}>${name(one.trait)}</button>
        <span class="grow people-value">${!one.late && html`<span class="mut">${one.before === null ? t('people.absent') : shown(one.before)}</span> ${icon('arrow', 11)} `}<b>${one.after === null ? t('people.gone') : shown(one.after)}</b>${one.late && html` <span class="tag">${t('people.late')}</span>`}</span></div>
      <p class="mut sm" title=${dateTime(one.at) + ' · ' + one.message_id}>${shortDate(one.at)} ${time(one.at)} · ${one.event} · ${one.source} · <code class="mono">${one.distinct_id}</code></p></li>`;
    const body = data => !data.history.length ? html`<p class="mut sm">${t('people.nohistory')}</p>` : html`<ol class="people-changes">${[...data.history, ...older.value].map(line)}</ol>
      ${more.value && html`<button type="button" class="btn sm people-more" disabled=${further.busy} @click=${() => further.run()}>${t('people.older')}</button>`}`;
    const tools = () => trait.value && html`<button type="button" class="btn ghost sm" @click=${() => { trait.value = ''; }}>${icon('x', 12)}${t('people.alltraits')}</button>`;
    return () => html`<${Panel} title=${t('people.history')} tools=${tools()}><${Loaded} of=${first} skeleton="text" n=${5} show=${body} /><//>`;
  },
};
