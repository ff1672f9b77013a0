// A query while it is typed: what is wrong with it and where, or what it would have caught.
import { action, Ago, api, ApiError, ask, askForm, Columns, html, icon, load, nextTick, num, percent, ref, setQuery, shortDate, Skeleton, sentence, short, state, t, toast, watch } from '../web/kit.js';
import { lit } from './listening_words.js';
import { FEELINGS, networkName } from './words.js';

const REST = 280;   // ms without a key before the query is asked

export const Try = {
  props: ['saved', 'chosen', 'days', 'changed'],
  setup(p, { expose }) {
    const text = ref(''), leavesOut = ref(''), asked = ref(null), exact = ref(false), field = ref(null);
    let soon = 0;
    const found = load(signal => asked.value?.text.trim() ? api.post('/listening/preview', { ...asked.value, days: p.days, exact: exact.value }, { signal }) : Promise.resolve(null),
      { watch: () => [asked.value, p.days, exact.value], keep: true });
    const typed = () => { clearTimeout(soon); exact.value = false; soon = setTimeout(() => { asked.value = { text: text.value, leaves_out: leavesOut.value }; }, REST); };
    const fill = one => { text.value = one?.text ?? ''; leavesOut.value = one?.leaves_out ?? ''; exact.value = false; asked.value = { text: text.value, leaves_out: leavesOut.value }; };
    watch(() => p.chosen?.id, () => { if (p.chosen) fill(p.chosen); }, { immediate: true });
    const fresh = () => { setQuery({ query: null }); fill(null); nextTick(() => field.value?.focus()); };

    const fields = () => [
      { name: 'name', label: t('hear.name'), required: true, max: 80 },
      { name: 'kind', label: t('hear.kind'), type: 'choice', options: ['query', 'theme'].map(value => ({ value, label: t('hear.' + value) })) },
      { name: 'family', label: t('hear.family'), optional: true, options: [...new Set((p.saved ?? []).map(one => one.family).filter(Boolean))], when: v => v.kind === 'theme' },
      { name: 'role', label: t('hear.role'), type: 'choice', options: [['', 'none'], ['own', 'own'], ['rival', 'rival']].map(([value, word]) => ({ value, label: t('hear.' + word) })) },
      { name: 'watch', label: t('hear.watch'), type: 'switch' },
      { name: 'allowed', label: t('hear.allowed'), type: 'number', min: 0.01, max: 10, step: 0.01, hint: t('hear.allowedhint'), when: v => v.watch },
      { name: 'cooldown', label: t('hear.cooldown'), type: 'number', min: 0, max: 168, unit: t('hear.hours'), when: v => v.watch },
      { name: 'history', label: t('hear.history'), type: 'switch' },
    ];
    const save = async () => {
      if (!text.value.trim()) { field.value?.focus(); return; }
      const before = p.chosen, first = before ?? { name: '', kind: 'query', family: '', role: '', watch: true, allowed: 0.1, cooldown: 6 };
      const done = await askForm({ title: before ? t('hear.change') : t('hear.save'), fields: fields(), values: { ...first, history: true }, submitLabel: t('hear.save'), submit: values => {
        const body = { name: values.name, text: text.value, kind: values.kind, leaves_out: leavesOut.value, family: values.family ?? '', role: values.role ?? '', watch: !!values.watch, allowed: Number(values.allowed ?? first.allowed), cooldown: Number(values.cooldown ?? first.cooldown), history: !!values.history };
        return before ? api.put('/listening/queries/' + before.id, { ...body, version: before.version }) : api.post('/listening/queries', body);
      } });
      if (done) { toast(t('hear.saved')); setQuery({ query: done.id }); p.changed(); }
    };
    const remove = action(async () => {
      const one = p.chosen;
      if (!await ask({ title: t('hear.delete') + ': ' + one.name, body: t('hear.deletebody'), action: t('hear.delete'), danger: true })) return;
      await api.del('/listening/queries/' + one.id);
      toast(t('hear.deleted', { name: one.name })); fresh(); p.changed();
    }, { failed: toast.error });
    expose({ focus: () => field.value?.focus(), save });

    const said = error => error instanceof ApiError && error.data?.ko ? error.data[state.lang] : sentence(error);
    const wrong = () => found.error && html`<p class="hear-wrong" role="alert">${icon('warn', 14)}${found.error.data?.to > found.error.data?.at && html`<code>${(found.error.field === 'leaves_out' ? leavesOut.value : text.value).slice(found.error.data.at, found.error.data.to)}</code>`}<span>${said(found.error)}</span></p>`;
    const key = e => { if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) { e.preventDefault(); clearTimeout(soon); asked.value = { text: text.value, leaves_out: leavesOut.value }; } if (e.key === 'Escape') e.target.blur(); };
    const box = (name, model, hint, main) => html`<label class="hear-field"><span class="mut sm">${t(name)}</span><textarea ref=${main ? field : null} class=${'input mono' + (found.error && (found.error.field === 'leaves_out') === !main ? ' wrong' : '')} rows="1" spellcheck="false" placeholder=${t(hint)} value=${model.value}
      @input=${e => { model.value = e.target.value; typed(); }} @keydown=${key}></textarea></label>`;

    return () => html`<section class="hear-try" aria-label=${t('hear.text')}>
      <div class="hear-bar">${box('hear.text', text, 'hear.placeholder', true)}${box('hear.leavesout', leavesOut, 'hear.leaveplaceholder', false)}
        <div class="row hear-acts">${p.chosen && html`<button type="button" class="btn sm ghost" @click=${fresh}>${icon('plus', 14)}${t('hear.new')}</button><button type="button" class="btn sm ghost danger" disabled=${remove.busy} @click=${remove.run}>${t('hear.delete')}</button>`}
          <button type="button" class="btn sm pri" disabled=${!text.value.trim() || !!found.error} @click=${save}>${t(p.chosen ? 'hear.change' : 'hear.save')}</button></div></div>
      ${wrong()}${!found.error && (found.data ? html`<${Caught} of=${found.data} busy=${found.loading} exactly=${() => { exact.value = true; }} />` : found.loading && text.value.trim() ? html`<${Skeleton} kind="chart" />`
        : !text.value.trim() && html`<p class="hear-help sm"><b>${t('hear.start')}.</b> <span class="mut">${t('hear.startbody')}</span></p>`)}</section>`;
  },
};

const Caught = {
  props: ['of', 'busy', 'exactly'],
  setup(p) {
    const x = () => p.of.series.map((_, i) => {
      const at = new Date(Date.parse(p.of.since) + i * { hour: 3_600_000, day: 86_400_000, week: 604_800_000 }[p.of.step]);
      return p.of.step === 'hour' ? `${shortDate(at)} ${at.getHours()}${t('hear.hour')}` : shortDate(at);
    });
    const parts = (title, counts, name) => { const all = Object.values(counts).reduce((a, b) => a + b, 0) || 1; return html`<div class="hear-part"><h4>${title}</h4>${Object.entries(counts).sort((a, b) => b[1] - a[1]).slice(0, 5).map(([value, n]) => html`<div key=${value} class="hear-line">
      <span class="cut">${name(value)}</span><span class="hear-track"><i style=${{ width: n / all * 100 + '%' }}></i></span><span class="num sm">${short(n)}</span><span class="mut sm num">${percent(n / all, 0)}</span></div>`)}</div>`; };
    const language = value => { const word = t('social.' + value); return value && word !== 'social.' + value ? word : value || '–'; };
    return () => html`<div class=${'hear-caught' + (p.busy ? ' stale' : '')}>
      <div class="hear-left"><div class="row hear-count"><b class="num">${p.of.exact ? num(p.of.count) : '≈ ' + num(p.of.count)}</b><span class="mut">${t('hear.mentions')}</span>
        ${p.of.exact ? html`<span class="tag" title=${t('hear.exactnote')}>${t('hear.exact')}</span>` : html`<span class="tag" title=${t('hear.estimatednote')}>${t('hear.estimated')}</span><span class="mut sm num">${t('hear.between', { low: num(p.of.low), high: num(p.of.high) })}</span><button type="button" class="btn sm ghost" disabled=${p.busy} @click=${p.exactly}>${t('hear.exactly')}</button>`}
        <span class="grow"></span><span class="mut sm num">${t('hear.took', { n: p.of.seconds < 0.01 ? '<0.01' : p.of.seconds.toFixed(2) })}</span></div>
        ${p.of.unheard.length > 0 && html`<p class="hear-unheard sm" role="status">${icon('warn', 14)}<span>${t('hear.unheard', { name: p.of.unheard.join(', '), heard: p.of.heard.join(', ') || '–' })}</span></p>`}
        ${p.of.count ? html`<${Columns} label=${t('hear.byday')} height=${110} x=${x()} parts=${[{ name: t('hear.mentions'), values: p.of.series }]} format=${v => Number.isInteger(v) ? num(v) : ''} unfinished=${1} />
        <div class="hear-parts">${parts(t('hear.networks'), p.of.networks, value => networkName(value, state.lang))}${parts(t('hear.languages'), p.of.languages, language)}${parts(t('hear.feelings'), p.of.sentiments, value => t(FEELINGS[value]))}</div>` : html`<p class="mut">${t('hear.nothing')}</p>`}</div>
      <div class="hear-right"><h4>${t('hear.newest')}</h4>${p.of.newest.map(m => html`<a key=${m.id} class="hear-post" href=${'/social?mention=' + m.id} data-row><span class="row sm"><i class=${'hear-dot f' + m.sentiment} title=${t(FEELINGS[m.sentiment])}></i><span class="tag">${networkName(m.network, state.lang)}</span><b class="cut">${m.author || m.handle}</b><span class="grow"></span><span class="mut nowrap"><${Ago} at=${m.posted_at} /></span></span>
        <span class="hear-text">${lit(m.text, p.of.wants).map(([part, on], i) => on ? html`<mark key=${i}>${part}</mark>` : part)}</span></a>`)}</div></div>`;
  },
};
