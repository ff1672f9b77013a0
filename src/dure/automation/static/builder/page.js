// The builder: a flow that is drawn, worked on by hand and by keyboard, and the same as JSON beside it. Publishing makes a new
// version; until then everything can be undone, and what is left behind is kept on this device.
import { action, api, ask, askForm, choose, go, html, icon, load, Loaded, nameOf, nextTick, reactive, ref, sentence, t, toast, useGuard, useKeys, useTop, watch, words } from '../../web/kit.js';
import { kinds, useKinds } from '../kinds.js';
import { openTrial } from '../trial.js';
import '../words.js';
import { Canvas, nodeTitle } from './canvas.js';
import { useDraft } from '../../web/flow/draft.js';
import { Editing, freeId } from '../../web/flow/edit.js';
import { inOrder, layout, places } from '../../web/flow/layout.js';
import { stepChoices } from './picker.js';
import { scopeOf } from './scope.js';
import { StepForm } from './step.js';
import { TriggerForm } from './trigger.js';

words({
  ko: { 'auto.build': '새 자동화 만들기', 'auto.publish': '저장', 'auto.publishas': '버전 {n}(으로/로) 저장', 'auto.redo': '다시 하기', 'auto.json2': 'JSON', 'auto.unsaved': '저장하지 않은 변경', 'auto.leave': '저장하지 않고 나갈까요?', 'auto.leavebody': '바꾼 것은 이 기기에 초안으로 남습니다. 나중에 이어서 할 수 있습니다.', 'auto.leaveyes': '나가기', 'auto.draftfound': '이 기기에 남은 초안을 이어서 보고 있습니다.', 'auto.draftdrop': '초안 버리기', 'auto.draftold': '초안은 버전 {n}에서 시작했고, 지금은 버전 {now}(이/가) 살아 있습니다.', 'auto.removed': '{name}(을/를) 지웠습니다', 'auto.keys': '자동화 편집', 'auto.k.insert': '다음에 단계 넣기', 'auto.k.up': '위로 옮기기', 'auto.k.down': '아래로 옮기기', 'auto.k.remove': '단계 지우기', 'auto.k.open': '단계의 칸으로', 'auto.k.dup': '복제', 'auto.fieldwrong': '{n}곳을 고쳐야 합니다', 'auto.valid': '문제없음', 'auto.checking': '확인 중', 'auto.untitled': '이름 없는 자동화', 'auto.jsonlive': '어느 쪽을 고쳐도 같이 바뀝니다', 'auto.enableask': '저장하고 바로 켜기', 'auto.conflict': '그 사이 버전 {n}(이/가) 나왔습니다. 초안은 그대로 있습니다. 차이를 보고 다시 저장하세요.', 'auto.seediff': '차이 보기', 'auto.newname': '자동화 이름', 'auto.nothing': '바뀐 것이 없습니다' },
  en: { 'auto.build': 'Build an automation', 'auto.publish': 'Save', 'auto.publishas': 'Save as version {n}', 'auto.redo': 'Redo', 'auto.json2': 'JSON', 'auto.unsaved': 'Unsaved changes', 'auto.leave': 'Leave without saving?', 'auto.leavebody': 'Your changes stay on this device as a draft; you can go on with them later.', 'auto.leaveyes': 'Leave', 'auto.draftfound': 'You are looking at a draft that was left on this device.', 'auto.draftdrop': 'Discard the draft', 'auto.draftold': 'The draft began at version {n}; version {now} is live by now.', 'auto.removed': '{name} was removed', 'auto.keys': 'Building an automation', 'auto.k.insert': 'Insert a step after', 'auto.k.up': 'Move up', 'auto.k.down': 'Move down', 'auto.k.remove': 'Remove the step', 'auto.k.open': 'To the step’s fields', 'auto.k.dup': 'Duplicate', 'auto.fieldwrong': '{n} {n|place needs|places need} mending', 'auto.valid': 'Nothing wrong', 'auto.checking': 'Checking', 'auto.untitled': 'Untitled automation', 'auto.jsonlive': 'Change either side, the other follows', 'auto.enableask': 'Save and switch on', 'auto.conflict': 'Version {n} was published meanwhile. Your draft is still here: look at the difference and save again.', 'auto.seediff': 'See the difference', 'auto.newname': 'Name of the automation', 'auto.nothing': 'Nothing was changed' },
});

const EMPTY = { trigger: {}, nodes: [] };

export default {
  props: ['params', 'query'],
  setup(props) {
    useKinds();
    const id = props.params.id, draft = useDraft('automation-draft:' + (id ?? 'new')), editing = new Editing(kinds.outcomes);
    const one = load(async signal => id ? await api.get('/automations/' + id, { signal }) : { name: '', definition: startingFrom(props.query), version: 0, enabled: false });
    const selected = ref(''), side = ref(false), found = reactive({ wrong: null, checking: false }), form = ref(), fromDraft = ref(false);
    watch(() => one.data, it => {
      if (!it || draft.doc) return;
      const left = draft.left();
      fromDraft.value = !!left?.doc;
      draft.begin(it.name, it.definition, left?.version ?? it.version, left);
    }, { immediate: true });

    // -- changing ----------------------------------------------------------------------------------------------------
    const change = (doc, of) => draft.change(doc, of);
    const order = () => inOrder(layout(draft.doc.nodes, kinds.outcomes).items);
    const focus = node => nextTick(() => document.querySelector(node === '' ? '.auto-first' : `[data-node="${CSS.escape(node)}"]`)?.focus());
    const toForm = () => form.value?.querySelector('[data-first], .auto-part input, .auto-part textarea, .auto-part select')?.focus();
    function select(node, { quiet = false } = {}) { selected.value = node; if (!quiet) focus(node); }
    async function insert(place) {
      const it = await choose(t('auto.addstep'), stepChoices());
      if (!it) return;
      const made = editing.insert(draft.doc, { kind: it.value, with: given(it.value) }, place);
      change(made.doc); select(made.id, { quiet: true });
      nextTick(toForm);
    }
    function remove(node) {
      const at = order().indexOf(node), was = draft.doc, title = nodeTitle(was.nodes.find(it => it.id === node));
      change(editing.remove(was, node));
      select(order()[Math.min(at, order().length - 1)] ?? '');
      toast(t('auto.removed', { name: title }), { action: { label: t('auto.undo'), run: () => { if (draft.undo()) select(node); } } });
    }
    const move = (node, place) => { change(editing.move(draft.doc, node, place)); select(node); };
    const shift = (node, by) => { change(editing.shift(draft.doc, node, by)); focus(node); };
    function duplicate(node) { const made = editing.duplicate(draft.doc, node); change(made.doc); select(made.id); }
    const rename = (from, to) => { change(editing.rename(draft.doc, from, to)); selected.value = to; };
    function onKey(e, node) {
      if (e.target !== e.currentTarget || e.isComposing) return;
      const act = {
        Enter: () => toForm(), a: () => insert(node === '' ? { from: null, outcome: '' } : editing.after(draft.doc, node)), 
        ...(node !== '' && { Delete: () => remove(node), Backspace: () => remove(node), d: () => duplicate(node) }),
        ArrowDown: () => step(node, 1), ArrowUp: () => step(node, -1),
      };
      const by = e.shiftKey && !e.altKey ? { ArrowUp: -1, ArrowDown: 1 }[e.key] : { '[': -1, ']': 1 }[nameOf(e)];
      if (by && node !== '') { e.preventDefault(); e.stopPropagation(); shift(node, by); return; }
      const run = !e.ctrlKey && !e.metaKey && !e.altKey && !e.shiftKey && (act[nameOf(e)] ?? act[e.key]);
      if (run) { e.preventDefault(); e.stopPropagation(); run(); }
    }
    function step(node, by) { const all = ['', ...order()], to = all[all.indexOf(node) + by]; if (to !== undefined) select(to); }

    // -- what is wrong -----------------------------------------------------------------------------------------------
    let timer = 0, asked = 0;
    watch(() => draft.doc, () => { clearTimeout(timer); if (draft.doc?.nodes.length) { found.checking = true; timer = setTimeout(check, 350); } else found.wrong = null; });
    async function check() {
      const mine = ++asked, doc = draft.doc;
      try {
        const { error } = await api.post('/automations/check', { definition: doc });
        if (mine === asked) found.wrong = error && { field: error.field ?? '', message: error.message };
      } catch (error) {
        if (mine === asked) found.wrong = { field: '', message: sentence(error) };
      } finally { if (mine === asked) found.checking = false; }
    }
    // The message at a place of the definition: "nodes[2].with.text".
    const errors = place => found.wrong && (found.wrong.field === place || found.wrong.field.startsWith(place + '.') && /\.(with|where|conditions)$/.test(place) === false && deepest(place)) ? found.wrong.message : '';
    const deepest = place => /\]\.with\.\w+$|^trigger\.with\.\w+$|\]$/.test(place);
    const indexOf = node => draft.doc.nodes.findIndex(it => it.id === node);
    const problems = () => {
      if (!found.wrong) return {};
      const at = /^nodes\[(\d+)\]/.exec(found.wrong.field)?.[1], node = at !== undefined ? draft.doc.nodes[+at] : null;
      return { [node?.id ?? '']: found.wrong.message };
    };
    const toProblem = () => { const [node] = Object.keys(problems()); if (node !== undefined) { select(node, { quiet: true }); nextTick(() => document.querySelector('.auto-form .wrong input, .auto-form .wrong textarea, .auto-form .wrong select')?.focus()); } };

    // -- saving ------------------------------------------------------------------------------------------------------
    const save = action(async () => {
      if (!draft.dirty && id) { toast(t('auto.nothing')); return; }
      const made = await askForm({
        title: id ? t('auto.publishas', { n: one.data.version + 1 }) : t('auto.build'), submitLabel: t('auto.publish'),
        fields: [{ name: 'name', label: t('auto.name'), required: true, initial: draft.name, autofocus: !draft.name }, { name: 'note', label: t('auto.note'), type: 'textarea', rows: 2, optional: true, hint: t('auto.notehint'), autofocus: !!draft.name },
          ...(id ? [] : [{ name: 'enabled', label: t('auto.enableask'), type: 'switch', initial: false }])],
        submit: async values => {
          try {
            return id ? await api.patch('/automations/' + id, { name: values.name, definition: draft.doc, note: values.note, base: draft.version })
              : await api.post('/automations', { name: values.name, definition: draft.doc, note: values.note, enabled: values.enabled });
          } catch (error) {
            if (error.field && !['name', 'note'].includes(error.field) && error.status === 422) { found.wrong = { field: error.field, message: error.message }; return { wrong: true }; }
            if (error.status === 409 && error.data?.version) return { conflict: error.data.version };
            throw error;
          }
        },
      });
      if (!made) return;
      if (made.wrong) { toProblem(); return; }
      if (made.conflict) { one.set({ ...one.data, version: made.conflict }); draft.version = made.conflict; toast(t('auto.conflict', { n: made.conflict }), { kind: 'bad', seconds: 12, action: { label: t('auto.seediff'), run: () => go(`/automations/${id}?tab=versions`) } }); return; }
      draft.forget(); draft.begin(made.name, made.definition, made.version); fromDraft.value = false;
      toast(id ? t('auto.saved', { n: made.version }) : t('auto.made', { name: made.name }));
      if (id) one.set(made); else go('/automations/' + made.id);
    }, { failed: toast.error });
    const drop = () => { draft.forget(); draft.begin(one.data.name, one.data.definition, one.data.version); fromDraft.value = false; selected.value = ''; };
    useGuard(() => draft.dirty, () => ask({ title: t('auto.leave'), body: t('auto.leavebody'), action: t('auto.leaveyes') }));
    const test = () => openTrial({ automation: one.data?.id ? one.data : null, doc: draft.doc });

    const undo = () => draft.undo() && settle(), redo = () => draft.redo() && settle();
    const settle = () => { if (selected.value && indexOf(selected.value) < 0) selected.value = ''; };
    useKeys({
      'mod+z': [e => { undo(); }, 'auto.undo'], 'mod+shift+z': [redo, 'auto.redo'], 'mod+y': [redo, 'auto.redo'], 'mod+s': [save.run, 'auto.publish'], 'mod+Enter': [test, 'auto.test'],
      a: [() => insert(selected.value === '' ? { from: null, outcome: '' } : editing.after(draft.doc, selected.value)), 'auto.k.insert'], '[': [null, 'auto.k.up'], ']': [null, 'auto.k.down'], Delete: [null, 'auto.k.remove'], Enter: [null, 'auto.k.open'], d: [null, 'auto.k.dup'],
    }, 'auto.keys');
    // From a field back to its step.
    const back = e => { if (e.key === 'Escape' && !e.defaultPrevented) { e.preventDefault(); focus(selected.value); } };

    useTop({
      title: () => html`<h1 class="row"><a class="mut" href="/automations">${t('auto.list')}</a><span class="mut">/</span>${id && html`<a class="cut" href=${'/automations/' + id}>${one.data?.name ?? ''}</a><span class="mut">/</span>`}<span>${id ? t('auto.edit') : t('auto.new')}</span></h1>`,
      tools: () => draft.doc && html`<button type="button" class="btn ico" disabled=${!draft.steps.past} aria-label=${t('auto.undo')} title=${`${t('auto.undo')} (Ctrl+Z)`} @click=${undo}>${icon('undo')}</button>
        <button type="button" class="btn ico auto-redo" disabled=${!draft.steps.future} aria-label=${t('auto.redo')} title=${`${t('auto.redo')} (Ctrl+Shift+Z)`} @click=${redo}>${icon('undo')}</button>
        <button type="button" class="btn" aria-pressed=${String(side.value)} @click=${() => { side.value = !side.value; }}>${icon('code')}${t('auto.json2')}</button>
        <button type="button" class="btn" disabled=${!draft.doc.nodes.length} @click=${test}>${icon('eye')}${t('auto.test')}</button>
        <button type="button" class="btn pri" disabled=${save.busy || !draft.doc.nodes.length} @click=${save.run}>${icon('check')}${t('auto.publish')}</button>`,
    });

    return () => html`<div class="view fill"><${Loaded} of=${one} show=${() => { if (!draft.doc) return null; const node = draft.doc.nodes.find(it => it.id === selected.value); return html`
      ${fromDraft.value && html`<div class="notice row auto-draft">${icon('info')}<span>${t('auto.draftfound')} ${draft.version !== one.data.version && t('auto.draftold', { n: draft.version, now: one.data.version })}</span><button type="button" class="btn sm" @click=${drop}>${t('auto.draftdrop')}</button></div>`}
      <div class=${'auto-builder' + (side.value ? ' json' : '')}>
        <section class="auto-board" aria-label=${t('auto.flow')} data-scroll><div class="auto-name"><input class="input" aria-label=${t('auto.newname')} placeholder=${t('auto.untitled')} value=${draft.name} @input=${e => draft.rename(e.target.value)} />
            ${found.wrong ? html`<button type="button" class="btn sm poor" @click=${toProblem}>${icon('warn', 13)}${t('auto.fieldwrong', { n: 1 })}</button>` : draft.doc.nodes.length > 0 && html`<span class="mut sm row nowrap">${icon(found.checking ? 'clock' : 'check', 13)}${t(found.checking ? 'auto.checking' : 'auto.valid')}</span>`}
            ${draft.dirty && html`<span class="tag">${t('auto.unsaved')}</span>`}</div>
          <${Canvas} doc=${draft.doc} selected=${selected.value} select=${select} problems=${problems()} edit=${{ insert, move, key: onKey }} /></section>
        <section class="auto-form" ref=${form} aria-label=${node ? nodeTitle(node) : t('auto.starts')} @keydown=${back}>
          ${node ? html`<div class="row auto-acts"><button type="button" class="btn sm" @click=${() => shift(node.id, -1)} title=${`${t('auto.k.up')} (Shift+↑, [)`} aria-label=${t('auto.k.up')}>${icon('up', 13)}</button><button type="button" class="btn sm" @click=${() => shift(node.id, 1)} title=${`${t('auto.k.down')} (Shift+↓, ])`} aria-label=${t('auto.k.down')}>${icon('down', 13)}</button><button type="button" class="btn sm" @click=${() => duplicate(node.id)}>${icon('copy', 13)}${t('auto.k.dup')}</button><span class="grow"></span><button type="button" class="btn sm" @click=${() => remove(node.id)}>${icon('trash', 13)}${t('auto.k.remove')}</button></div>
            <${StepForm} doc=${draft.doc} node=${node} change=${change} rename=${rename} scope=${scopeOf(draft.doc, order(), node.id, nodeTitle)} errors=${errors} place=${`nodes[${indexOf(node.id)}]`} />`
            : html`<${TriggerForm} doc=${draft.doc} change=${change} scope=${scopeOf(draft.doc, [])} errors=${errors} />`}</section>
        ${side.value && html`<section class="auto-json-side" aria-label=${t('auto.json2')}><p class="mut sm">${t('auto.jsonlive')}</p><${JsonSide} doc=${draft.doc} change=${doc => change(doc, 'json')} wrong=${found.wrong} /></section>`}</div>`; }} /></div>`;
  },
};

// Where a new automation begins: empty, or at an event that another screen names.
const startingFrom = query => query.event ? { ...EMPTY, trigger: { event: query.event } } : EMPTY;

// What a new step is given so that it can be filled in at once.
function given(kind) {
  const known = { wait: { for: '1d' }, split: { parts: { a: 50, b: 50 } }, branch: { where: [{ prop: '', op: '=', value: '' }] } }[kind];
  if (known) return known;
  return Object.fromEntries(kinds.fields(kind).filter(field => field.required && ['list', 'map', 'filters'].includes(field.form)).map(field => [field.name, field.form === 'map' ? {} : []]));
}

const JsonSide = {
  props: ['doc', 'change', 'wrong'],
  setup(p) {
    const own = ref(null), bad = ref('');
    function type(text) {
      own.value = text;
      try {
        const doc = JSON.parse(text);
        bad.value = !doc || typeof doc !== 'object' || !Array.isArray(doc.nodes) || doc.nodes.some(node => !node || typeof node !== 'object') ? t('auto.json') : '';
        if (!bad.value) p.change({ ...doc, trigger: doc.trigger ?? {}, nodes: named(doc.nodes) });
      } catch (error) { bad.value = error.message; }
    }
    return () => html`<textarea class="input mono" spellcheck="false" aria-label=${t('auto.json2')} aria-invalid=${bad.value ? 'true' : null} value=${own.value ?? JSON.stringify(p.doc, null, 2)} @input=${e => type(e.target.value)} @blur=${() => { if (!bad.value) own.value = null; }}></textarea>
      ${(bad.value || p.wrong) && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${bad.value || `${p.wrong.field}: ${p.wrong.message}`}</p>`}`;
  },
};
// A node without an id gets one, and no two have the same.
function named(nodes) { const out = []; for (const node of nodes) out.push(node.id && !out.some(one => one.id === node.id) ? node : { ...node, id: freeId(out, node.id ?? node.kind ?? 'step') }); return out; }
