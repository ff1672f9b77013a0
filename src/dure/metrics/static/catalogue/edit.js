// Writing a metric: its words and owner, what it counts, and beside it what saving would change. A new one is a formula.
import { html, api, load, reactive, ref, computed, watch, onScopeDispose, onMounted, t, icon, Dialog, Field, Skeleton, Failed, sentence, toast, cancelled, compare } from '../../web/kit.js';
import { catalogue } from '../definition.js';
import { Impact } from './impact.js';
import { nameOf } from './said.js';
import '../words.js';
import './words.js';

const LETTERS = 'ABCDEFGHIJ', TEAMS = ['product', 'marketing', 'sales', 'ad_ops', 'social', 'care', 'people', 'press', 'executives'];
const UNITS = [['count', 'mx.count'], ['number', 'mx.number'], ['percent', 'mx.share'], ['seconds', 'mx.seconds'], ['money', 'mc.money']];
// Which parts of a reading a kind of question has.
const READS = { trend: ['at', 'series'], formula: ['at'], funnel: ['step', 'field'], retention: ['column'], lifecycle: ['at', 'field'], stickiness: ['column'], sessions: ['at', 'field'], lifetime_value: ['field', 'column'], sql: [] };
const FIELDS = { funnel: ['rate', 'seconds'], lifecycle: ['new', 'returning', 'resurrecting', 'dormant'], sessions: ['sessions', 'people', 'average_seconds', 'median_seconds', 'events_per_session', 'single_event_rate'], lifetime_value: ['value', 'revenue', 'buyers', 'average_order', 'per_buyer', 'repurchase'] };
const blank = { name_ko: '', name_en: '', about_ko: '', about_en: '', function: '', owner: '', unit: 'number', currency: '', direction: 'up', target: null, tags: [], reading: {}, question: { kind: 'formula', formula: 'A/B', metrics: { A: '', B: '' } } };

export const EditMetric = {
  props: ['metric', 'users', 'close'],
  setup(p) {
    const given = p.metric ?? blank, isFormula = given.question.kind === 'formula';
    const v = reactive({ ...Object.fromEntries(Object.keys(blank).map(name => [name, given[name]])), reading: { ...given.reading }, question: structuredClone(JSON.parse(JSON.stringify(given.question))), text: JSON.stringify(given.question, null, 2) });
    const errors = reactive({}), whole = ref(''), busy = ref(false), told = ref(null), measuring = ref(false), failed = ref(null), shownFor = ref('');
    const all = load(() => catalogue());
    const question = () => { if (isFormula) return v.question; try { return JSON.parse(v.text); } catch { return null; } };
    const kind = computed(() => question()?.kind ?? given.question.kind);
    const body = () => { const { text, reading, ...rest } = v; return { ...rest, owner: rest.owner ?? '', function: rest.function ?? '', question: question(), reading: Object.fromEntries(Object.entries(reading).filter(([name, value]) => READS[kind.value]?.includes(name) && value !== null && value !== '')), ...(p.metric ? { version: p.metric.version } : {}) }; };
    const state = computed(() => JSON.stringify(body())), first = state.value;

    // The impact follows what is written; Save waits until it belongs to it.
    let timer, running;
    function soon() { if (!p.metric) return; clearTimeout(timer); timer = setTimeout(look, 500); }
    async function look() {
      running?.abort();
      if (!body().question) return;
      const mine = running = new AbortController(), asked = state.value;
      measuring.value = true; failed.value = null;
      try {
        const answer = await api.post(`/metrics/${encodeURIComponent(p.metric.id)}/impact`, body(), { signal: mine.signal });
        if (mine === running) { told.value = answer; shownFor.value = asked; }
      } catch (error) { if (mine === running && !cancelled(error)) { failed.value = error; refused(error); } } finally { if (mine === running) measuring.value = false; }
    }
    watch(state, () => { for (const name of Object.keys(errors)) delete errors[name]; whole.value = ''; soon(); });
    onMounted(soon);
    onScopeDispose(() => { clearTimeout(timer); running?.abort(); });

    function refused(error) {
      const name = (error.field ?? '').split(/[.[]/)[0];
      if (error.status === 409) whole.value = error.field === 'version' ? t('mc.conflict') : error.message;
      else if (error.field) errors[name === 'reading' ? error.field : name] = error.message;
      else whole.value = sentence(error);
    }
    async function save() {
      if (busy.value) return;
      if (!question()) { errors.question = t('mc.badjson'); return; }
      busy.value = true;
      try {
        const saved = p.metric ? await api.put('/metrics/' + encodeURIComponent(p.metric.id), body()) : await api.post('/metrics', body());
        toast(t('mc.saved')); p.close(saved);
      } catch (error) { refused(error); } finally { busy.value = false; }
    }
    const ready = () => !busy.value && (!p.metric || (shownFor.value === state.value && state.value !== first));
    const set = name => value => { v[name] = value ?? ''; };
    const field = (name, label, more = {}) => html`<${Field} key=${name} name=${name} label=${t(label)} value=${v[name]} change=${set(name)} error=${errors[name]} ...${more} />`;
    const reading = () => READS[kind.value]?.map(name => {
      const change = value => { v.reading[name] = value; }, error = errors['reading.' + name];
      if (name === 'at') return html`<${Field} key="at" name="at" type="choice" label=${t('mc.reading')} value=${v.reading.at ?? 'range'} change=${change} error=${error} options=${['range', 'last'].map(value => ({ value, label: t('mc.at' + value) }))} />`;
      if (name === 'field') return html`<${Field} key="field" name="field" type="select" required=${true} label=${t('mc.field')} value=${v.reading.field || FIELDS[kind.value][0]} change=${change} error=${error} options=${FIELDS[kind.value]} />`;
      return html`<${Field} key=${name} name=${name} type="number" label=${t('mc.' + name)} value=${v.reading[name] ?? (name === 'series' ? 0 : null)} change=${change} error=${error} />`;
    });
    const options = () => Object.values(all.data ?? {}).filter(m => m.id !== p.metric?.id).map(m => ({ value: m.id, label: nameOf(m) })).sort((a, b) => compare(a.label, b.label));
    const parts = () => html`<${Field} name="formula" label=${t('mc.formulatext')} hint=${t('mc.formulahint')} value=${v.question.formula} change=${value => { v.question = { ...v.question, formula: value }; }} error=${errors.question} />
      ${Object.keys(v.question.metrics).map(letter => html`<${Field} key=${letter} name=${letter} type="select" label=${t('mc.letter', { letter })} value=${v.question.metrics[letter]} options=${options()} change=${value => { v.question = { ...v.question, metrics: { ...v.question.metrics, [letter]: value ?? '' } }; }} />`)}
      <button type="button" class="btn sm ghost" @click=${() => { v.question = { ...v.question, metrics: { ...v.question.metrics, [LETTERS[Object.keys(v.question.metrics).length]]: '' } }; }}>${icon('plus', 14)}${t('mc.addpart')}</button>`;
    const effect = () => html`<section class="mc-effect" aria-label=${t('mc.impact')} aria-busy=${measuring.value ? 'true' : null}><h3>${t('mc.impact')}</h3>
      ${state.value === first && told.value && html`<p class="mut sm">${t('mc.nochange')}</p>`}
      ${measuring.value && html`<p class="mut sm" role="status">${t('mc.measuring')}</p>`}
      ${failed.value && !measuring.value ? html`<${Failed} small=${true} error=${failed.value} retry=${look} />` : told.value ? html`<${Impact} told=${told.value} before=${p.metric} after=${v} />` : html`<${Skeleton} kind="text" n=${5} />`}</section>`;
    const key = e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && !e.isComposing) { e.preventDefault(); if (ready()) save(); } };
    return () => html`<${Dialog} title=${p.metric ? t('mc.editing', { name: nameOf(p.metric) }) : t('mc.newformula')} wide=${true} onClose=${() => p.close(null)}>
      <form class=${'mc-edit' + (p.metric ? '' : ' alone')} novalidate @submit=${e => { e.preventDefault(); if (ready()) save(); }} @keydown=${key}>
        <div class="form">${whole.value && html`<div class="notice bad" role="alert">${icon('warn')}${whole.value}</div>`}
          <div class="mc-two">${field('name_ko', 'mx.nameko', { required: true, autofocus: true })}${field('name_en', 'mx.nameen', { required: true })}</div>
          <div class="mc-two">${field('about_ko', 'mc.aboutko', { type: 'textarea', rows: 2 })}${field('about_en', 'mc.abouten', { type: 'textarea', rows: 2 })}</div>
          ${isFormula ? parts() : html`<${Field} name="question" type="textarea" rows=${7} label=${t('mc.question')} hint=${t('mc.questionhint')} value=${v.text} change=${value => { v.text = value; }} error=${errors.question ?? (question() ? '' : t('mc.badjson'))} />`}
          <div class="mc-two">${reading()}</div>
          <div class="mc-two">${field('unit', 'mc.unit', { type: 'select', required: true, options: UNITS.map(([value, word]) => ({ value, label: t(word) })) })}${field('direction', 'mx.direction', { type: 'choice', options: ['up', 'down'].map(value => ({ value, label: t('mx.' + value) })) })}</div>
          <div class="mc-two"><${Field} name="target" type="number" optional=${true} label=${t('mx.target')} value=${v.target} change=${value => { v.target = value; }} error=${errors.target} /><${Field} name="tags" type="tokens" optional=${true} label=${t('mc.tags')} value=${v.tags} change=${value => { v.tags = value; }} error=${errors.tags} /></div>
          <div class="mc-two">${field('function', 'mc.team', { type: 'select', optional: true, options: TEAMS.map(value => ({ value, label: t('mx.' + value) })) })}${field('owner', 'mc.owner', { type: 'select', optional: true, options: (p.users ?? []).map(u => ({ value: u.id, label: u.name })) })}</div>
        </div>${p.metric && effect()}
        <div class="actions end mc-save"><button type="button" class="btn" @click=${() => p.close(null)}>${t('form.cancel')}</button><button type="submit" class="btn pri" disabled=${!ready()} aria-busy=${busy.value ? 'true' : null}>${t(p.metric ? 'mc.save' : 'mc.create')}</button></div></form><//>`;
  },
};
