// What one person would be recommended, by each kind.
import { api, Field, html, inLang, load, Loaded, Panel, ref, t, toast } from '../web/kit.js';
import './recommend_words.js';

export const Person = {
  props: ['kinds'],
  setup(props) {
    const text = ref(''), found = ref([]), who = ref(null), kind = ref('blend');
    let timer;
    const search = async q => { try { found.value = (await api.get('/people', { query: { q, limit: 8 } })).people.map(p => ({ id: p.id, name: p.traits.name ?? p.distinct_ids[0] ?? p.traits.email })); who.value ??= found.value[0] ?? null; } catch (error) { toast.error(error); } };
    const type = value => { text.value = value; clearTimeout(timer); timer = setTimeout(() => search(value), 200); };
    search('');
    const picks = load(async signal => who.value ? (await api.get(`/people/${who.value.id}/recommendations`, { signal, query: { kind: kind.value, count: 10 } })).recommendations : null, { watch: () => [who.value?.id, kind.value], keep: true });
    const list = rows => rows === null ? html`<p class="mut">${t('reco.choose')}</p>` : !rows.length ? html`<p class="mut">${t('reco.none')}</p>`
      : html`<ol class="reco-picks">${rows.map(r => html`<li key=${r.item.id}><b class="cut">${inLang(r.item.title)}</b><span class="mut sm cut">${[r.item.creator, r.item.genre].filter(Boolean).join(' · ')}</span><span class="tag" title=${`${t('reco.score')} ${r.score}`}>${t('reco.k.' + r.why)}</span></li>`)}</ol>`;
    return () => html`<div class="page"><${Panel} title=${t('reco.try')}><${Field} name="find" type="search" label=${t('reco.who')} value=${text.value} change=${type} />
        <div class="row wrap reco-people">${found.value.map(p => html`<button type="button" key=${p.id} class=${'btn sm' + (who.value?.id === p.id ? ' on' : '')} aria-pressed=${who.value?.id === p.id} @click=${() => { who.value = p; }}>${p.name}</button>`)}</div><//>
      <${Panel} title=${who.value?.name ?? t('reco.try')} tools=${html`<select class="input reco-which" aria-label=${t('reco.kind')} value=${kind.value} @change=${e => { kind.value = e.target.value; }}>${props.kinds.map(one => html`<option key=${one} value=${one}>${t('reco.k.' + one)}</option>`)}</select>`}>
        <p class="mut sm">${t('reco.a.' + kind.value)}</p><${Loaded} of=${picks} skeleton="rows" show=${list} /><//></div>`;
  },
};
