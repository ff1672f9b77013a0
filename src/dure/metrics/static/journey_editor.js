// Drawing a journey map: stages on the left (arrows choose, [ ] move), the chosen one's fields on the right, and beside
// each stage how many people it would hold, counted from the log before anything is saved.
import { html, api, load, ref, reactive, computed, watch, onScopeDispose, nextTick, toRaw, t, inLang, num, icon, nameOf as keyOf, Dialog, Field, Ago, ask, sentence, action, toast, boot } from '../web/kit.js';
import { Names, NameInput } from './inputs.js';
import { RuleEditor } from './journey_rule_editor.js';
import { nameOf, timeOf } from './journey_rule.js';
import './words.js';
import './journey_words.js';

const TEAMS = ['product', 'marketing', 'sales', 'ad_ops', 'social', 'care', 'people', 'press', 'executives'], PATIENCES = ['1d', '3d', '7d', '14d', '21d', '30d', '60d', '90d'];
let fresh = 0;

const blankStage = () => ({ key: ++fresh, id: '', name_ko: '', name_en: '', about_ko: '', about_en: '', function: '', holds: 'once', patience: '14d', metric: null, rule: { event: '' } });
export const blankMap = () => ({ id: null, name_ko: '', name_en: '', stages: [blankStage()], activity: [] });

export const Editor = {
  props: ['map', 'close'],
  setup(p) {
    const copy = of => ({ name_ko: of.name_ko, name_en: of.name_en, about_ko: of.about_ko ?? '', about_en: of.about_en ?? '', activity: structuredClone(toRaw(of.activity) ?? []), stages: of.stages.map(s => ({ ...blankStage(), patience: null, ...structuredClone(toRaw(s)), key: ++fresh })) });
    const draft = reactive(copy(p.map)), at = ref(0), tab = ref(p.map.id ? 'stages' : 'map'), wrong = ref(null), list = ref();
    const names = load(signal => api.get('/events/names', { signal })), metrics = load(signal => api.get('/metrics', { signal }));
    const traits = load(signal => api.get('/events/properties', { signal }));
    const history = load(signal => p.map.id ? api.get(`/journeys/${p.map.id}/history`, { signal }) : { history: [] });
    const users = load(signal => api.get('/users', { signal }));

    // What is sent: only what a stage is made of, with an id that stays its own when its name changes.
    const stages = computed(() => draft.stages.map((s, i) => Object.fromEntries(Object.entries({ ...s, key: null, id: s.id || taken(draft.stages, i), rule: tidy(s.rule) }).filter(([k, v]) => v !== null && (v !== '' || k.startsWith('name_'))))));
    const activity = computed(() => draft.activity.filter(a => a.event));
    // Counted is what the rules say; a new name is no reason to count again.
    const asked = ref(''), body = computed(() => JSON.stringify({ stages: stages.value.map(({ rule, holds, patience }, i) => ({ id: `s${i}`, name_ko: '-', name_en: '-', rule, holds, patience })), activity: activity.value }));
    let timer = 0;
    watch(body, text => { clearTimeout(timer); timer = setTimeout(() => { asked.value = text; }, 500); });
    onScopeDispose(() => clearTimeout(timer));
    asked.value = body.value;
    const counted = load(signal => api.post('/query', { kind: 'journey', map: JSON.parse(asked.value), interval: 'week' }, { signal }), { watch: () => asked.value });

    const choose = i => { at.value = Math.max(0, Math.min(draft.stages.length - 1, i)); nextTick(() => list.value?.querySelector('[aria-selected=true]')?.focus()); };
    const move = by => { const to = at.value + by; if (to < 0 || to >= draft.stages.length) return; const [one] = draft.stages.splice(at.value, 1); draft.stages.splice(to, 0, one); choose(to); };
    const add = () => { draft.stages.splice(at.value + 1, 0, blankStage()); at.value = Math.min(at.value + 1, draft.stages.length - 1); nextTick(() => document.querySelector('.jn-stage input')?.focus()); };
    const drop = () => { if (draft.stages.length < 2) return; draft.stages.splice(at.value, 1); choose(at.value); };
    const key = e => { const run = { ArrowDown: () => choose(at.value + 1), ArrowUp: () => choose(at.value - 1), '[': () => move(-1), ']': () => move(1), Delete: drop }[keyOf(e)]; if (run) { e.preventDefault(); run(); } };

    // Enter takes a name that was typed; it does not send a map that is half drawn. Ctrl-Enter does.
    const accept = e => { if (e.key !== 'Enter' || e.isComposing || !e.target.matches('input')) return; e.preventDefault(); if (e.ctrlKey || e.metaKey) save.run(); };
    const save = action(async () => {
      wrong.value = missing();
      if (wrong.value) return refused(wrong.value);
      const whole = { name_ko: draft.name_ko, name_en: draft.name_en, about_ko: draft.about_ko, about_en: draft.about_en, stages: stages.value, activity: activity.value };
      const saved = p.map.id ? await api.put('/journeys/' + p.map.id, { ...whole, version: p.map.version }) : await api.post('/journeys', whole);
      toast(t('jn.saved'));
      p.close(saved);
    }, { failed: refused });
    const remove = action(async () => {
      if (!await ask({ title: t('jn.delete'), body: nameOf(p.map), action: t('jn.delete'), danger: true })) return;
      await api.del('/journeys/' + p.map.id);
      const { id, name_ko, name_en, about_ko, about_en, stages: kept, activity: acts } = p.map;
      toast.undo(t('jn.deleted', { name: nameOf(p.map) }), () => api.post('/journeys', { id, name_ko, name_en, about_ko, about_en, stages: kept, activity: acts }));
      p.close({ removed: true });
    }, { failed: toast.error });
    // Names are the first thing to be left out, and are asked for in the reader's language.
    function missing() {
      for (const [begin, of] of [['', draft], ...draft.stages.map((s, i) => [`stages[${i}].`, s])]) for (const name of ['name_ko', 'name_en']) if (!of[name].trim()) return { name: 'ApiError', field: begin + name, message: t('form.required') };
      return null;
    }
    // What the server refuses is shown at its stage, and the stage is opened.
    function refused(error) {
      wrong.value = error;
      const number = /stages\[(\d+)\]/.exec(error.field ?? '')?.[1];
      if (number !== undefined) { tab.value = 'stages'; at.value = +number; } else if (errorOf(null, error.field)) tab.value = 'map';
    }
    const errorOf = (i, name) => { const e = wrong.value; return e?.field === (i === null ? name : `stages[${i}].${name}`) ? e.message : ''; };

    const text = (of, i, name, label, more = {}) => html`<${Field} key=${name} name=${name} label=${label} type=${more.type ?? 'text'} value=${of[name]} change=${v => { of[name] = v; wrong.value = null; }} error=${errorOf(i, name)} ...${more} />`;
    const counts = i => { const s = counted.data?.stages[i]; return counted.error ? '–' : s && counted.data.stages.length === draft.stages.length ? num(s.people) : '…'; };
    const listed = () => html`<div class="jn-list" role="listbox" ref=${list} aria-label=${t('jn.stages')} @keydown=${key}>${draft.stages.map((s, i) => html`<button type="button" role="option" key=${s.key} class=${'jn-item' + (errorAt(i) ? ' wrong' : '')} aria-selected=${String(i === at.value)} tabindex=${i === at.value ? 0 : -1} @click=${() => { at.value = i; }}>
      <span class="step-no num">${i + 1}</span><span class="cut">${nameOf(s) || t('jn.untitled')}</span><span class="num mut" title=${t('jn.previewnote')}>${counts(i)}</span></button>`)}</div>
      <div class="row wrap"><button type="button" class="btn sm" @click=${add}>${icon('plus', 14)}${t('jn.add')}</button><button type="button" class="btn sm ghost ico" disabled=${at.value === 0} aria-label=${t('jn.up')} title=${t('jn.up')} @click=${() => move(-1)}>${icon('up', 14)}</button><button type="button" class="btn sm ghost ico" disabled=${at.value === draft.stages.length - 1} aria-label=${t('jn.down')} title=${t('jn.down')} @click=${() => move(1)}>${icon('down', 14)}</button><button type="button" class="btn sm ghost ico" disabled=${draft.stages.length < 2} aria-label=${t('jn.remove')} title=${t('jn.remove')} @click=${drop}>${icon('trash', 14)}</button></div>
      <p class="mut sm">${t('jn.reorder')}</p>
      <p class=${'sm ' + (counted.error ? 'poor' : 'mut')} role="status">${counted.error ? `${t('jn.wrong')}: ${sentence(counted.error)}${counted.error.field ? ` (${counted.error.field.replace('map.', '')})` : ''}` : counted.loading ? t('jn.counting') : `${t('jn.total', { n: counted.data?.people ?? 0 })} · ${t('jn.previewnote')}`}</p>`;
    const errorAt = i => wrong.value?.field?.startsWith(`stages[${i}]`);
    const stage = (s, i) => html`<div class="jn-stage stack" key=${s.key}>${errorAt(i) && html`<div class="notice bad" role="alert">${icon('warn')}${sentence(wrong.value)} <span class="mut">${wrong.value.field.replace(`stages[${i}].`, '')}</span></div>`}
      <div class="jn-two">${text(s, i, 'name_ko', t('jn.nameko'))}${text(s, i, 'name_en', t('jn.nameen'))}${text(s, i, 'about_ko', t('jn.aboutko'), { optional: true })}${text(s, i, 'about_en', t('jn.abouten'), { optional: true })}</div>
      <${RuleEditor} rule=${s.rule} traits=${traits.data?.properties} change=${rule => { s.rule = rule; }} />
      <div class="jn-two">${text(s, i, 'holds', t('jn.holds'), { type: 'select', required: true, options: ['once', 'while'].map(value => ({ value, label: t('jn.' + value) })) })}
        ${text(s, i, 'patience', t('jn.patience'), { type: 'select', hint: t('jn.patiencehint'), placeholder: t('jn.never'), options: [...new Set([...PATIENCES, ...(s.patience ? [s.patience] : [])])].map(value => ({ value, label: timeOf(value) })) })}
        ${text(s, i, 'function', t('jn.team'), { type: 'select', placeholder: t('jn.noteam'), options: TEAMS.map(value => ({ value, label: t('mx.' + value) })) })}
        ${text(s, i, 'metric', t('jn.metric'), { type: 'select', placeholder: t('jn.nometric'), options: (metrics.data?.metrics ?? []).map(m => ({ value: m.id, label: inLang({ ko: m.name_ko, en: m.name_en }) })) })}</div></div>`;
    const whole = () => html`<div class="stack jn-whole"><div class="jn-two">${text(draft, null, 'name_ko', t('jn.nameko'))}${text(draft, null, 'name_en', t('jn.nameen'))}${text(draft, null, 'about_ko', t('jn.aboutko'), { optional: true })}${text(draft, null, 'about_en', t('jn.abouten'), { optional: true })}</div>
      <div class="field"><span class="jn-label">${t('jn.activity')}</span><p class="hint">${t('jn.activityhint')}</p>${draft.activity.map((a, i) => html`<${NameInput} key=${i} list="jn-events" label=${t('jn.eventname')} value=${a.event} change=${v => { a.event = v; }} remove=${() => draft.activity.splice(i, 1)} />`)}
        <button type="button" class="btn sm ghost" @click=${() => draft.activity.push({ event: '' })}>${icon('plus', 14)}${t('jn.addactivity')}</button></div></div>`;
    const who = actor => users.data?.users?.find(u => u.id === actor)?.name ?? (actor === boot.me.id ? boot.me.name : actor);
    const past = () => html`<ol class="jn-past jn-whole">${(history.data?.history ?? []).map(h => html`<li key=${h.version} class="row"><b class="num">${t('jn.version', { n: h.version })}</b><span class="cut">${who(h.actor)}</span><${Ago} at=${h.at} /><span class="mut sm grow">${nameOf(h.body)} · ${t('jn.stagecount', { n: h.body.stages.length })}</span>
      ${h.version === p.map.version ? html`<span class="tag">${t('jn.now')}</span>` : html`<button type="button" class="btn sm" @click=${() => { Object.assign(draft, copy(h.body)); at.value = 0; tab.value = 'stages'; }}>${t('jn.restore')}</button>`}</li>`)}</ol>`;
    const tabs = () => html`<div class="seg" role="group" aria-label=${t('jn.map')}>${[['stages', t('jn.stages')], ['map', t('jn.map')], ...(p.map.id ? [['history', t('jn.history')]] : [])].map(([v, label]) => html`<button type="button" key=${v} aria-pressed=${String(tab.value === v)} @click=${() => { tab.value = v; }}>${label}</button>`)}</div>`;
    return () => html`<${Dialog} title=${p.map.id ? nameOf(draft) : t('jn.create')} wide=${true} onClose=${() => p.close(null)}><form class="stack jn-editor" novalidate @keydown=${accept} @submit=${e => { e.preventDefault(); save.run(); }}><${Names} id="jn-events" names=${names.data?.events} />
      ${tabs()}${wrong.value && !/^(stages\[|name_|about_)/.test(wrong.value.field ?? '') && html`<div class="notice bad" role="alert">${icon('warn')}${wrong.value.status === 409 ? (p.map.id ? t('jn.conflict') : wrong.value.message) : sentence(wrong.value)}</div>`}
      ${tab.value === 'stages' ? html`<div class="jn-split"><div class="stack jn-side">${listed()}</div>${stage(draft.stages[at.value], at.value)}</div>` : tab.value === 'map' ? whole() : past()}
      <div class="actions end jn-end">${p.map.id && html`<button type="button" class="btn ghost" @click=${remove.run}>${icon('trash', 14)}${t('jn.delete')}</button>`}<span class="grow"></span><button type="button" class="btn" @click=${() => p.close(null)}>${t('jn.cancel')}</button><button type="submit" class="btn pri" disabled=${save.busy}>${t('jn.save')}</button></div></form><//>`;
  },
};

// A new stage needs an id that no other has: from its English name, with a number where that is taken.
function taken(stages, i) {
  const slug = s => s.name_en.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 50);
  const others = new Set(stages.filter((s, k) => k !== i && (s.id || k < i)).map(s => s.id || slug(s))), base = slug(stages[i]) || `stage-${stages[i].key}`;
  return others.has(base) ? `${base}-${stages[i].key}` : base;
}

// Without what was left empty.
function tidy(rule) {
  const one = r => r.trait ? { trait: r.trait } : { event: r.event, ...(r.where?.length ? { where: r.where } : {}), ...(r.at_least > 1 ? { at_least: r.at_least } : {}), ...(r.within ? { within: r.within } : {}) };
  return rule.any ? { any: rule.any.map(one) } : one(rule);
}
