// How segments lie over one another: who is in both, who in one alone, who in none.
import { api, askForm, Empty, html, icon, inLang, load, Loaded, num, openDialog, Panel, percent, remember, ref, t } from '../web/kit.js';
import { PeopleList } from './people_list.js';
import './stages_words.js';

export const Overlap = {
  setup() {
    const known = load(signal => api.get('/segments', { signal }));
    const chosen = ref(remember('overlap') ?? null);
    const ids = () => {
      const there = known.data?.segments ?? [];
      const kept = (chosen.value ?? []).filter(id => there.some(s => s.id === id));
      if (kept.length > 1) return kept;
      return (stages().length > 1 ? stages() : own());
    };
    // Everybody is in one of the stages: where they are beside one another, nothing is over and nothing is left.
    const stages = () => (known.data?.segments ?? []).filter(s => s.built_in.startsWith('stage-')).map(s => s.id);
    const own = () => (known.data?.segments ?? []).filter(s => !s.built_in.startsWith('stage-')).slice(0, 8).map(s => s.id);
    const keep = some => { chosen.value = some; remember('overlap', some); };
    const same = some => some.length > 1 && some.join() === ids().join();
    const preset = (label, some) => some.length > 1 && html`<button type="button" class=${same(some) ? 'on' : ''} aria-pressed=${String(same(some))} @click=${() => keep(some)}>${label}</button>`;
    const found = load(async signal => ids().length > 1 ? api.get('/overlap', { signal, query: { segments: ids().join(',') } }) : null, { watch: () => ids().join(',') });
    const name = id => inLang(known.data.segments.find(s => s.id === id)?.name ?? { ko: id, en: id });
    const choose = () => askForm({
      title: t('stg.pick'), submitLabel: t('stg.pick'),
      fields: known.data.segments.map(s => ({ name: s.id, label: inLang(s.name), type: 'switch', initial: ids().includes(s.id), hint: s.size == null ? '' : num(s.size) })),
      submit: async v => {
        const some = known.data.segments.map(s => s.id).filter(id => v[id]);
        if (some.length < 2 || some.length > 20) throw new Error(t('stg.pickhint'));
        keep(some);
        return some;
      },
    });
    const people = (title, inside, outside) => openDialog(PeopleList, { title, path: '/overlap/people', query: { inside: inside.join(','), outside: outside.join(',') } });
    const show = data => {
      if (!data) return html`<${Empty} icon="segment" title=${t('stg.fewsegments')} action=${{ label: t('stg.pick'), run: choose }} />`;
      const several = data.depth.slice(2).reduce((a, b) => a + b, 0);
      const whole = data.depth[0] === 0 && several === 0 && data.everybody > 0;
      const cell = (i, j) => {
        const n = data.pairs[i][j], share = data.pairs[i][i] ? n / data.pairs[i][i] : 0, self = i === j;
        const title = self ? name(data.segments[i]) : t('stg.both', { a: name(data.segments[i]), b: name(data.segments[j]) });
        return html`<td key=${j} class=${'num' + (self ? ' self' : '')} style=${`--share:${self ? 0 : Math.round(share * 45)}%`}><button type="button" disabled=${!n} title=${`${title}: ${num(n)}${self ? '' : ' · ' + t('stg.ofrow', { p: percent(share) })}`} aria-label=${`${title}: ${num(n)}`}
          @click=${() => people(title, self ? [data.segments[i]] : [data.segments[i], data.segments[j]], [])}>${num(n)}</button></td>`;
      };
      return html`<div class="page"><div class="stats w">
          <button type="button" class="stat stg-pick" disabled=${!data.depth[0]} @click=${() => people(t('stg.gap'), [], data.segments)}><span class="stat-label">${t('stg.in0')}</span><span class="stat-value num">${num(data.depth[0])}</span><span class="stat-note sm mut">${percent(data.everybody ? data.depth[0] / data.everybody : 0)}</span></button>
          <div class="stat"><span class="stat-label">${t('stg.in1')}</span><span class="stat-value num">${num(data.depth[1] ?? 0)}</span><span class="stat-note sm mut">${percent(data.everybody ? (data.depth[1] ?? 0) / data.everybody : 0)}</span></div>
          <div class="stat"><span class="stat-label">${t('stg.inmany')}</span><span class="stat-value num">${num(several)}</span><span class="stat-note sm mut">${percent(data.everybody ? several / data.everybody : 0)}</span></div></div>
        ${whole && html`<p class="notice w">${icon('check', 14)} ${t('stg.partition')}</p>`}
        <${Panel} title=${t('stg.overlap')} note=${t('stg.people', { n: data.everybody })} wide=${true} tools=${html`<span class="seg" role="group" aria-label=${t('stg.pick')}>${preset(t('stg.eight'), stages())}${preset(t('stg.ownones'), own())}</span><button type="button" class="btn sm" @click=${choose}>${icon('segment', 14)} ${t('stg.pick')}</button>`}>
          <div class="stg-scroll"><table class="stg-matrix"><thead><tr><th scope="col">${t('stg.segments')}</th>${data.segments.map(id => html`<th key=${id} scope="col" class="r">${name(id)}</th>`)}<th scope="col" class="r">${t('stg.only')}</th></tr></thead>
          <tbody>${data.segments.map((id, i) => html`<tr key=${id}><th scope="row">${name(id)}</th>${data.segments.map((_, j) => cell(i, j))}<td class="num"><button type="button" disabled=${!data.only[i]} aria-label=${`${t('stg.onlyin', { a: name(id) })}: ${num(data.only[i])}`}
            @click=${() => people(t('stg.onlyin', { a: name(id) }), [id], data.segments.filter(one => one !== id))}>${num(data.only[i])}</button></td></tr>`)}</tbody></table></div><//></div>`;
    };
    return () => known.data ? html`<${Loaded} of=${found} skeleton="cards" n=${3} show=${show} empty=${() => false} />` : html`<${Loaded} of=${known} skeleton="cards" n=${3} show=${() => null} />`;
  },
};
