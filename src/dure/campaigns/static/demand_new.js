// A demand test on one page: the question, the people with their number while one writes, the message as one sees it.
import { action, api, Field, go, html, inLang, load, num, Panel, reactive, ref, state, t, toast, useGuard, watch } from '../web/kit.js';
import './demand_words.js';

const ENOUGH = 200, CHANNELS = ['email', 'sms', 'push', 'web_push', 'in_app'];

export default {
  props: ['params', 'query'],
  setup() {
    const events = load(async signal => (await api.get('/events/names', { signal, quiet: true })).events.map(one => one.name));
    const v = reactive({ question: '', how: 'hand', people: '', segment: '', channel: 'email', subject: '', body: '', door: '', goal: '', window: '3d', holdout: 0.5 });
    const size = ref(null), counting = ref(false), letter = ref(null), problem = ref(null), wrong = ref(null), made = ref(false);
    useGuard(() => !made.value && !!(v.question || v.body || v.people), async () => true);
    const segments = load(async signal => (await api.get('/segments', { signal })).segments);
    const whom = () => v.how === 'hand' ? { people: v.people } : { rule: { kind: 'in', segment: v.segment } };
    const test = () => ({
      question: v.question, channel: v.channel, ...whom(), window: v.window, holdout: v.holdout,
      text: { [state.lang]: { body: v.body, ...(v.channel === 'email' && v.subject.trim() ? { subject: v.subject } : {}) } },
      ...(v.door.trim() ? { door: { [state.lang]: v.door } } : {}), ...(v.goal.trim() ? { goal: { event: v.goal.trim() } } : {}),
    });
    let timer, turn = 0, later, shown = 0;
    const count = () => {
      clearTimeout(timer);
      const mine = ++turn;
      if (!(v.how === 'hand' ? v.people.trim() : v.segment)) { size.value = null; return; }
      counting.value = true;
      timer = setTimeout(async () => {
        try { const answer = await api.post('/demand-tests/size', whom()); if (mine === turn) { size.value = answer; wrong.value = null; } }
        catch (error) { if (mine === turn) { wrong.value = error; size.value = null; } }
        finally { if (mine === turn) counting.value = false; }
      }, 350);
    };
    watch(() => [v.how, v.people, v.segment], count);
    // Somebody who has an address shows what the message will look like.
    const look = () => {
      clearTimeout(later);
      const mine = ++shown;
      if (!v.question.trim() || !v.body.trim() || !(v.door.trim() || v.goal.trim())) { letter.value = problem.value = null; return; }
      later = setTimeout(async () => {
        try {
          const { people } = await api.get('/people', { query: { limit: 30 } }), one = people.find(p => p.traits.email);
          if (!one) return;
          const answer = await api.post('/demand-tests/preview', { test: { ...test(), people: one.id, rule: null }, person: one.id });
          if (mine === shown) { letter.value = answer; problem.value = null; }
        } catch (error) { if (mine === shown) { problem.value = error; letter.value = null; } }
      }, 400);
    };
    watch(() => [v.question, v.channel, v.subject, v.body, v.door, v.goal], look);
    const read = async event => { const file = event.target.files?.[0]; if (file) v.people = await file.text(); event.target.value = ''; };
    const make = action(async () => {
      const draft = await api.post('/demand-tests', test(), { seconds: 60 });
      made.value = true;
      go(`/demand-tests/${draft.id}`);
    }, { failed: error => { wrong.value = error; toast.error(error); } });
    const error = (...names) => wrong.value && names.some(name => wrong.value.field === name || wrong.value.field?.startsWith(name + '.')) ? wrong.value.message : undefined;
    const field = (name, props) => html`<${Field} key=${name} name=${name} value=${v[name]} change=${value => { v[name] = value; }} ...${props} />`;
    const live = () => counting.value ? html`<span class="mut">${t('demand.counting')}</span>` : size.value && html`<b class="num">${t('demand.size', { n: size.value.size })}</b>
      ${size.value.size > 0 && html` <span class="mut">${t('demand.half', { n: num(size.value.size), k: num(Math.round(size.value.size * (1 - v.holdout))) })}</span>`}${size.value.size > 0 && size.value.size < ENOUGH && html` <span class="mut">· ${t('demand.small', { n: size.value.size })}</span>`}
      ${size.value.unknown.length > 0 && html`<details><summary class="poor">${t('demand.unknown', { n: size.value.unknown.length })}</summary><p class="demand-unknown mono sm">${size.value.unknown.slice(0, 200).join(', ')}</p></details>`}`;
    const preview = () => problem.value ? html`<p class="notice bad" role="alert">${problem.value.message}</p>` : letter.value ? html`<article class="demand-letter"><p class="mut sm">${t('demand.to')} ${letter.value.to}</p><h3>${letter.value.title}</h3><pre>${letter.value.text}</pre>${letter.value.url && html`<p class="mut sm cut">${letter.value.url}</p>`}</article>`
      : html`<p class="mut">${t('demand.previewnone')}</p>`;
    return () => html`<div class="view"><div class="page"><div class="stack">
      <${Panel} title=${t('demand.ask')}>${field('question', { label: t('demand.question'), hint: t('demand.askhint'), error: error('question', 'name'), autofocus: true })}<//>
      <${Panel} title=${t('demand.whom')}><div class="demand-form">${field('how', { label: t('demand.whom'), type: 'choice', options: [{ value: 'hand', label: t('demand.byhand') }, { value: 'segment', label: t('demand.bysegment') }] })}
        ${v.how === 'hand' ? html`${field('people', { label: t('demand.list'), hint: t('demand.listhint'), type: 'textarea', rows: 5, error: error('people') })}<label class="btn sm" style=${{ justifySelf: 'start' }}>${t('demand.file')}<input class="sr" type="file" accept=".csv,.tsv,.txt,text/*" @change=${read} /></label>`
          : field('segment', { label: t('demand.segment'), type: 'select', error: error('rule'), options: [{ value: '', label: '–' }, ...(segments.data ?? []).map(s => ({ value: s.id, label: `${inLang(s.name)} · ${num(s.size)}` }))] })}
        <div class="demand-live" role="status">${live()}</div></div><//>
      <${Panel} title=${t('demand.what')}><div class="demand-form">${field('channel', { label: t('demand.channel'), type: 'select', options: CHANNELS.map(value => ({ value, label: t('demand.' + value) })), error: error('channel') })}
        ${v.channel === 'email' && field('subject', { label: t('demand.subject'), hint: t('demand.subjecthint') })}${field('body', { label: t('demand.text'), hint: t('demand.texthint'), type: 'textarea', rows: 6, error: error('text') })}
        ${field('door', { label: t('demand.door'), hint: t('demand.doorhint'), type: 'textarea', rows: 3, error: error('door') })}</div><//>
      <${Panel} title=${t('demand.counts')}><div class="demand-form">${field('goal', { label: t('demand.goal'), hint: t('demand.goalhint'), placeholder: 'Listen Started', options: events.data ?? undefined, error: error('goal') })}
        ${field('window', { label: t('demand.window'), type: 'select', options: [1, 3, 7, 14].map(n => ({ value: `${n}d`, label: t('demand.days', { n }) })) })}
        <div class="actions"><button type="button" class="btn pri" disabled=${make.busy || !v.question.trim() || !v.body.trim() || !size.value?.size} @click=${() => make.run()}>${t('demand.make')}</button></div></div><//></div>
      <div class="demand-side"><${Panel} title=${t('demand.preview')}>${preview()}<//></div></div></div>`;
  },
};
