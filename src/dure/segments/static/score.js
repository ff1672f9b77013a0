// One score: its card, how it was tested, what moves it, and everybody's value with the reasons.
import { action, Ago, api, ask, askForm, Badge, Bars, date, go, html, icon, inLang, load, Loaded, num, onUnmounted, Panel, percent, Progress, ref, reloadOn, Stat, t, Table, toast, useTop, watch } from '../web/kit.js';
import { Reliability } from './reliability.js';
import { missing, open, three } from './scores_words.js';
import { stateOf } from './scores.js';

const LIMIT = 100;

export default {
  props: ['params', 'query'],
  setup(props) {
    const path = () => '/scores/' + props.params.id;
    const score = load(signal => api.get(path(), { signal }), { watch: () => props.params.id });
    const tenth = ref(null), people = ref([]), next = ref(null), more_ = ref(false);
    const first = load(signal => api.get(path() + '/people', { signal, query: { limit: LIMIT, decile: tenth.value } }), { watch: () => [props.params.id, tenth.value, score.data?.scored_at].join() });
    watch(() => first.data, data => { if (data) { people.value = data.people; next.value = data.next; } });
    reloadOn(score, () => 'score:' + props.params.id);
    const timer = setInterval(() => { if (open(score.data?.work)) score.reload({ quiet: true }); }, 1500);
    onUnmounted(() => clearInterval(timer));
    const more = async () => {
      if (!next.value || more_.value) return;
      more_.value = true;
      try { const page = await api.get(path() + '/people', { query: { limit: LIMIT, decile: tenth.value, after: next.value } }); people.value = [...people.value, ...page.people]; next.value = page.next; }
      catch (error) { toast.error(error); } finally { more_.value = false; }
    };
    const work = action(async kind => { await api.post(path() + '/work', { work: kind }); score.reload({ quiet: true }); }, { failed: toast.error });
    const cancel = async () => { try { await api.del(path() + '/work'); score.reload({ quiet: true }); } catch (error) { toast.error(error); } };
    const remove = async () => { if (await ask({ title: inLang(score.data.name), body: t('sco.deleteask'), action: t('sco.delete'), danger: true })) try { await api.del(path()); go('/scores'); } catch (error) { toast.error(error); } };
    const segment = async () => {
      const tenths = [...Array(10).keys()].map(n => String(n + 1));
      const made = await askForm({
        title: t('sco.makeseg'), submitLabel: t('sco.makeseg'),
        fields: [{ name: 'first', label: t('sco.from'), type: 'select', initial: String(tenth.value ?? 1), options: tenths }, { name: 'last', label: t('sco.to'), type: 'select', initial: String(tenth.value ?? 1), options: tenths, hint: t('sco.tohint') }, { name: 'name', label: t('sco.name'), optional: true }],
        submit: v => api.post(path() + '/segment', { first: Number(v.first), last: Number(v.last), name: v.name ?? '' }),
      });
      if (made) go('/segments/' + made.id);
    };
    useTop({
      title: () => html`<h1>${score.data ? inLang(score.data.name) : ''}</h1>`,
      tools: () => score.data && html`${stateOf(score.data)}
        ${open(score.data.work) ? html`<button type="button" class="btn sm" @click=${cancel}>${icon('x', 14)} ${t('sco.cancel')}</button>` : html`<button type="button" class="btn sm ghost" @click=${remove}>${t('sco.delete')}</button>
          <button type="button" class="btn sm" disabled=${!score.data.model || work.busy} @click=${() => work.run('score')}>${icon('refresh', 14)} ${t('sco.score')}</button><button type="button" class="btn sm" disabled=${work.busy} @click=${() => work.run('train')}>${icon('gauge', 14)} ${t('sco.train')}</button>`}
        <button type="button" class="btn sm pri" disabled=${!score.data.model} @click=${segment}>${icon('segment', 14)} ${t('sco.makeseg')}</button>`,
    });

    const methods = card => card.kind === 'alike' ? ['model', 'centre', 'recency', 'frequency'] : ['model', 'recency', 'frequency', 'challenger'];
    const table = card => html`<div class="stg-scroll"><table class="sco-card"><thead><tr><th scope="col">${t('sco.date')}</th><th scope="col" class="r">${t('sco.people')}</th><th scope="col" class="r">${t('sco.share')}</th><th scope="col">${t('sco.with')}</th>${['auc', 'ap', 'brier', 'lift'].map(m => html`<th key=${m} scope="col" class="r">${t('sco.' + m)}</th>`)}</tr></thead>
      ${card.dates.map((d, n) => html`<tbody key=${n}>${methods(card).map((m, k) => html`<tr key=${m} class=${m === (card.used === 'model' ? 'model' : card.rule) ? 'used' : ''}>
        ${k === 0 && html`<th scope="rowgroup" rowspan="4">${d.at ? date(d.at, { year: true, weekday: false }) : t('sco.repeat', { n: d.repeat })}</th><td rowspan="4" class="num">${num(d.people)}</td><td rowspan="4" class="num">${percent(d.share)}</td>`}
        <td>${t('sco.' + m)}</td><td class="num">${three(d[m].auc)}</td><td class="num">${three(d[m].ap)}</td><td class="num">${three(d[m].brier)}</td><td class="num">${t('sco.liftn', { n: d[m].lift.toFixed(2) })}</td></tr>`)}</tbody>`)}</table></div>`;
    const working = data => open(data.work) ? html`<section class="panel w"><${Progress} done=${data.work.done} total=${data.work.total || 1} label=${data.work.state === 'waiting' ? t('sco.waiting') : t(data.work.kind === 'train' ? 'sco.running' : 'sco.anew')} cancel=${cancel} /></section>`
      : ['refused', 'failed'].includes(data.work?.state) ? html`<p class=${'notice w ' + (data.model ? 'warn' : 'bad')} role="status">${icon('warn', 14)} <span>${missing(data.work.said)} ${data.model ? t('sco.kept') : ''}</span></p>` : null;
    const columns = () => [
      { key: 'who', title: t('sco.who'), sort: false, render: p => html`<span class="cut">${p.name || p.distinct_id || p.person.slice(0, 13)}</span>` },
      { key: 'value', title: t('sco.value'), num: true, sort: false, value: p => percent(p.value) },
      { key: 'decile', title: t('sco.tenths'), num: true, sort: false, value: p => p.decile },
      { key: 'reasons', title: t('sco.reasons'), sort: false, render: p => html`<span class="row wrap sco-why">${p.reasons.map((r, i) => html`<span key=${i} class=${'tag ' + (r.push > 0 ? 'up' : 'down')}>${icon(r.push > 0 ? 'up' : 'down', 11)}${inLang(r.words).replace(/ \((올림|낮춤|raises|lowers)\)$/, '')}<span class="sr"> ${t(r.push > 0 ? 'sco.raises' : 'sco.lowers')}</span></span>`)}</span>` },
    ];
    const show = data => {
      const card = data.card;
      if (!card) return html`<div class="page">${working(data) ?? html`<p class="mut w">${t('sco.nobody')}</p>`}</div>`;
      const used = card.average[card.used === 'model' ? 'model' : card.rule], rule = t('sco.' + card.rule).toLowerCase();
      return html`<div class="page">${working(data)}
        <p class=${'notice w' + (card.beats ? '' : ' warn')}>${icon(card.beats ? 'check' : 'info', 14)} <span>${t(card.beats ? 'sco.beats' : 'sco.loses', { rule, a: three(card.average.model.auc), b: three(card.average[card.rule].auc), c: three(card.average.model.ap), d: three(card.average[card.rule].ap) })}</span></p>
        <div class="stats w">${['auc', 'ap', 'brier', 'lift'].filter(m => used[m] != null).map(m => html`<${Stat} key=${m} label=${t('sco.' + m)} value=${m === 'lift' ? t('sco.liftn', { n: used[m].toFixed(1) }) : three(used[m])} note=${`${rule} ${m === 'lift' ? t('sco.liftn', { n: card.average[card.rule][m].toFixed(1) }) : three(card.average[card.rule][m])}`} />`)}
          <${Stat} label=${t('sco.trained')} value=${html`<${Ago} at=${data.trained_at} />`} note=${t('sco.people') + ' ' + num(card.people)} /></div>
        <${Panel} title=${t('sco.card')} note=${card.kind === 'alike' ? '' : t('sco.cardnote')} wide=${true}>${table(card)}${card.kind === 'alike' && html`<p class="mut sm">${t('sco.alikenote')}</p>`}<//>
        ${card.reliability.length > 0 && html`<${Panel} title=${t('sco.reliability')}><${Reliability} bins=${card.reliability} /><//>`}
        <${Panel} title=${t('sco.matters')} wide=${!card.reliability.length}><${Bars} label=${t('sco.matters')} rows=${card.importance.map(i => ({ name: inLang(i.words), value: i.weight }))} format=${v => v.toFixed(2)} /><//>
        <${Panel} title=${t('sco.drift')} note=${t('sco.driftnote')}>${data.drift && html`<p><${Badge} kind=${data.drift.drifted ? 'bad' : 'ok'} text=${t(data.drift.drifted ? 'sco.drifted' : 'sco.steady')} /></p><${Bars} label=${t('sco.drift')} rows=${[{ name: t('sco.itself'), value: data.drift.score }, ...data.drift.features.map(f => ({ name: inLang(f.words), value: f.psi }))].slice(0, 7)} format=${v => v.toFixed(2)} />`}<//>
        <${Panel} title=${t('sco.tenths')}><${Bars} label=${t('sco.tenths')} rows=${data.deciles.map(d => ({ name: t('sco.tenth', { n: d.decile }), value: d.mean, hint: num(d.people), decile: d.decile }))} format=${v => percent(v)} pick=${r => { tenth.value = r.decile === tenth.value ? null : r.decile; }} /><//>
        <${Panel} title=${tenth.value ? t('sco.tenth', { n: tenth.value }) : t('sco.who')} flush=${true} wide=${true} tools=${tenth.value && html`<button type="button" class="btn sm" @click=${() => { tenth.value = null; }}>${t('sco.all')}</button>`}>
          <${Table} label=${t('sco.who')} columns=${columns()} rows=${people.value} rowKey="person" loading=${first.loading} error=${first.error} retry=${first.reload} empty=${{ icon: 'people', title: t('sco.nobody') }} open=${p => go('/people/' + p.person)} more=${more} hasMore=${!!next.value} loadingMore=${more_.value} /><//></div>`;
    };
    return () => html`<div class="view"><${Loaded} of=${score} skeleton="cards" n=${4} show=${show} /></div>`;
  },
};
