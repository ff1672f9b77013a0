// A segment is written here: a new one, or the rule of one that is there. A list made by hand needs no rule.
import { action, api, computed, go, html, icon, inLang, load, Loaded, onMounted, provide, reactive, ref, t, toast, useGuard, useKeys, useTop, ask } from '../../web/kit.js';
import { WRONG } from '../../metrics/builder/fields.js';
import { said } from '../said.js';
import { Sheet } from '../sheet.js';
import '../words.js';
import { Group } from './group.js';
import { Live, useSize } from './live.js';
import { campaignNames } from './names.js';
import { closed, fresh, opened, ready } from './rule.js';

const Draft = {
  props: ['segment', 'byHand'],
  setup(p) {
    const began = p.segment, rule = ref(opened(began?.rule ?? { kind: 'all', of: [fresh('did')] }));
    const draft = reactive({ name: began ? inLang(began.name) : '', about: began ? inLang(began.about) : '', hand: !!p.byHand, sheet: null });
    const first = JSON.stringify([rule.value, draft.name, draft.about]), nameEl = ref();
    const dirty = computed(() => !done.value && JSON.stringify([rule.value, draft.name, draft.about]) !== first), done = ref(false);
    const live = draft.hand ? null : useSize(rule);
    const refused = ref(null);
    provide(WRONG, () => { const it = refused.value ?? live?.wrong; return it ? { field: it.field, message: said(it.message) } : null; });
    useGuard(() => dirty.value, () => ask({ title: t('sb.leave'), body: t('sb.leavebody'), action: t('sb.leavedo'), danger: true }));
    onMounted(() => { campaignNames(); if (!began) nameEl.value?.focus(); });
    const save = action(async () => {
      refused.value = null;
      const body = { name: draft.name.trim(), about: draft.about.trim(), rule: draft.hand ? { kind: 'listed' } : closed(rule.value) };
      try {
        const kept = began ? await api.patch('/segments/' + began.id, body, { seconds: 180 }) : await api.post('/segments', body, { seconds: 180 });
        if (began) await api.post(`/segments/${began.id}/compute`, undefined, { seconds: 180 });
        if (draft.sheet) await api.post(`/segments/${kept.id}/csv`, draft.sheet, { seconds: 120 });
        done.value = true;
        toast(t(began ? 'sb.saved' : 'sb.made', { name: body.name }));
        go('/segments/' + kept.id);
      } catch (error) { refused.value = error; throw error; }
    }, { failed: error => { if (!error.field) toast.error(error); } });
    const can = () => draft.name.trim() && (draft.hand || ready(closed(rule.value)));
    const keep = () => { if (can() && !save.busy) save.run(); };
    useKeys({ 'mod+Enter': [keep, 'sb.key.save'] }, 'sb.keys');
    useTop({ title: () => html`<h1>${began ? t('sb.edit', { name: inLang(began.name) }) : t(draft.hand ? 'sb.newlist' : 'seg.new')}</h1>`,
      tools: () => html`<a class="btn sm" href=${began ? '/segments/' + began.id : '/segments'}>${t('sb.cancel')}</a><button type="button" class="btn sm pri" disabled=${!can() || save.busy} @click=${keep}>${save.busy ? t('sb.saving') : t(began ? 'sb.save' : 'seg.create')}</button>` });
    const wrongName = () => refused.value?.field === 'name' && html`<span class="wrong-text" role="alert">${icon('warn', 12)}${said(refused.value.message)}</span>`;
    return () => html`<div class="view seg-build"><div class="seg-write"><div class="seg-names">
        <label class="stack"><span class="mut sm">${t('seg.name')}</span><input class="input" ref=${nameEl} maxlength="120" value=${draft.name} @input=${e => { draft.name = e.target.value; }} />${wrongName()}</label>
        <label class="stack"><span class="mut sm">${t('seg.about')}</span><input class="input" maxlength="500" placeholder=${t('sb.abouthint')} value=${draft.about} @input=${e => { draft.about = e.target.value; }} /></label></div>
      ${refused.value && refused.value.field !== 'name' && html`<p class="notice bad" role="alert">${said(refused.value.message)}</p>`}
      ${draft.hand ? html`<p class="mut sm">${t('seg.byhandhint')}</p><${Sheet} change=${sheet => { draft.sheet = sheet; }} />`
        : html`<${Group} outer=${true} value=${rule.value} place="rule" deep=${1} change=${next => { rule.value = next; refused.value = null; }} />`}</div>
      ${live && html`<${Live} live=${live} rule=${rule.value} />`}</div>`;
  },
};

export default {
  props: ['params', 'query'],
  setup(p) {
    if (!p.params.id) return () => html`<${Draft} key=${p.query.by ?? 'rule'} byHand=${p.query.by === 'hand'} />`;
    const found = load(signal => api.get('/segments/' + p.params.id, { signal }));
    return () => html`<${Loaded} of=${found} skeleton="text" n=${6} show=${segment => html`<${Draft} segment=${segment} byHand=${segment.rule.kind === 'listed'} />`} />`;
  },
};
