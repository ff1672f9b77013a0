// One campaign: its journey, its words, the check before it goes out, how it goes, and what came of it.
import { action, api, ask, askForm, Badge, computed, go, html, icon, inLang, load, Loaded, Menu, reactive, ref, reloadOn, sentence, setQuery, state, t, Tabs, toast, useGuard, useKeys, useTop, watch, words } from '../web/kit.js';
import { flowKeys } from '../web/flow/flow.js';
import { Editing } from '../web/flow/edit.js';
import { useDraft } from '../web/flow/draft.js';
import { ends, fresh, outcomes, toDesign, toDoc, wishedId } from './canvas/journey.js';
import { Canvas } from './canvas/page.js';
import { Check } from './check/page.js';
import { Composer } from './composer/page.js';
import { Live } from './live.js';
import { People } from './people.js';
import { differs, Problems } from './problems.js';
import { Results } from './results/page.js';
import { askedFor, KIND, shownAs } from './words.js';

words({
  ko: {
    'camp.tab.flow': '여정', 'camp.tab.words': '메시지', 'camp.tab.check': '점검과 승인', 'camp.tab.live': '발송', 'camp.tab.result': '결과', 'camp.tab.people': '사람',
    'camp.p.undo': '되돌리기', 'camp.p.redo': '다시 하기', 'camp.p.save': '저장', 'camp.p.unsaved': '저장 전', 'camp.p.wrong': '{n}곳을 고쳐야 합니다', 'camp.p.fine': '문제없음', 'camp.p.checking': '확인 중', 'camp.p.leave': '저장하지 않고 나갈까요?', 'camp.p.leavebody': '바꾼 것은 이 기기에 초안으로 남습니다.', 'camp.p.leaveyes': '나가기', 'camp.p.draftfound': '이 기기에 남은 초안을 이어서 보고 있습니다.', 'camp.p.draftdrop': '초안 버리기', 'camp.p.duplicate': '복제', 'camp.p.duplicated': '복제했습니다', 'camp.p.untitled': '이름 없는 캠페인', 'camp.p.nothing': '바뀐 것이 없습니다', 'camp.p.keys': '캠페인', 'camp.p.tocheck': '점검하러 가기', 'camp.p.stop': '중지', 'camp.p.finish': '그만 받기', 'camp.p.wordsonly': '시작한 캠페인은 이름과 글만 고칠 수 있습니다. 고친 글은 새로 들어오는 사람부터 쓰입니다.', 'camp.p.savefirst': '저장하면 점검할 수 있습니다', 'camp.p.more': '더', 'camp.p.finishask': '새로 들어오는 사람을 그만 받을까요? 이미 들어온 사람은 끝까지 갑니다.',
  },
  en: {
    'camp.tab.flow': 'Journey', 'camp.tab.words': 'Messages', 'camp.tab.check': 'Check and approve', 'camp.tab.live': 'Sending', 'camp.tab.result': 'Results', 'camp.tab.people': 'People',
    'camp.p.undo': 'Undo', 'camp.p.redo': 'Redo', 'camp.p.save': 'Save', 'camp.p.unsaved': 'Unsaved', 'camp.p.wrong': '{n} {n|place needs|places need} mending', 'camp.p.fine': 'Nothing wrong', 'camp.p.checking': 'Checking', 'camp.p.leave': 'Leave without saving?', 'camp.p.leavebody': 'Your changes stay on this device as a draft.', 'camp.p.leaveyes': 'Leave', 'camp.p.draftfound': 'You are looking at a draft that was left on this device.', 'camp.p.draftdrop': 'Discard the draft', 'camp.p.duplicate': 'Duplicate', 'camp.p.duplicated': 'Duplicated', 'camp.p.untitled': 'Untitled campaign', 'camp.p.nothing': 'Nothing was changed', 'camp.p.keys': 'Campaign', 'camp.p.tocheck': 'To the check', 'camp.p.stop': 'Stop', 'camp.p.finish': 'Take nobody else in', 'camp.p.wordsonly': 'Of a launched campaign only the name and the words change. New words are used for those who come in from then on.', 'camp.p.savefirst': 'Save it to check it', 'camp.p.more': 'More', 'camp.p.finishask': 'Take nobody else in? Those on their way go to their end.',
  },
});

// What an empty campaign of a kind begins with: a step to write.
function blank(kind) {
  const channel = kind === 'journey' ? 'push' : 'email', message = { id: wishedId('message', channel), kind: 'message', ...fresh('message', state.lang, channel) };
  const entry = { once: {}, recurring: { every: { time: '09:00', days: ['mon'] } }, triggered: { trigger: { event: '' } }, journey: { trigger: { event: '' } } }[kind];
  const nodes = kind === 'journey' ? [{ id: 'delay', kind: 'delay', for: '1d', next: message.id }, message] : [message];
  return { name: {}, kind, entry, start: nodes[0].id, nodes, exits: [], goal: null, window: '1d', holdout: 0.5, global_holdout: true, priority: 3, topic: 'marketing' };
}

export default {
  props: ['params', 'query'],
  setup: p => () => html`<${One} key=${p.params.id} id=${p.params.id} query=${p.query} />`,
};

const One = {
  props: ['id', 'query'],
  setup(props) {
    const isNew = props.id === 'new', path = '/campaigns/' + props.id, topic = isNew ? null : 'campaign:' + props.id;
    const campaign = load(async signal => {
      if (!isNew) return await api.get(path, { signal });
      const from = props.query.from, kind = ['once', 'recurring', 'triggered', 'journey'].includes(props.query.kind) ? props.query.kind : 'journey';
      const ready = from ? (await api.get('/campaigns/ready', { signal })).designs.find(one => one.id === from)?.design : null;
      const made = ready ?? blank(kind), asked = props.query.segment;
      // From a segment's page: who is in it is the audience.
      if (asked) made.entry = { ...made.entry, audience: { kind: 'in', segment: asked } };
      return { id: '', design: made, status: 'draft', version: 0, counts: { entered: 0, states: {}, reasons: {} } };
    });
    const waiting = load(async signal => isNew ? new Set() : await askedFor(signal));
    if (topic) { reloadOn(campaign, topic); reloadOn(waiting, topic); }
    const draft = useDraft('campaign-draft:' + props.id + (isNew && props.query.segment ? ':' + props.query.segment : '')), editing = new Editing(outcomes, ends), fromDraft = ref(false);
    const selected = ref(''), node = computed({ get: () => props.query.node ?? '', set: id => setQuery({ node: id || null }) });
    watch(() => campaign.data, it => {
      if (!it) return;
      const doc = toDoc(it.design);
      if (!draft.doc) { const left = draft.left(); fromDraft.value = !!left?.doc; draft.begin('', doc, it.version, left); } else if (!draft.dirty && JSON.stringify(doc) !== JSON.stringify(draft.doc)) draft.begin('', doc, it.version);
    }, { immediate: true });
    const status = () => campaign.data?.status, shown = () => shownAs(campaign.data, waiting.data ?? new Set()), isDraft = () => status() === 'draft', launched = () => campaign.data && !isDraft();
    const tab = computed(() => props.query.tab ?? (isDraft() ? 'flow' : status() === 'live' || status() === 'paused' ? 'live' : 'result'));
    const design = () => toDesign(draft.doc);

    // -- what is wrong -----------------------------------------------------------------------------------------------
    const found = reactive({ problems: new Problems(), checking: false, error: null });
    let timer = 0, asked = 0;
    watch(() => draft.doc && JSON.stringify(draft.doc), text => { clearTimeout(timer); if (text) { found.checking = true; timer = setTimeout(check, found.problems.count || draft.dirty ? 350 : 0); } }, { immediate: true });
    // Of a new campaign only that is red which somebody worked on, until it is tried to be saved.
    const tried = ref(!isNew || !!props.query.from), touched = new Set();
    const told = computed(() => {
      if (tried.value || !draft.doc) return found.problems;
      const now = design();
      for (const { field } of found.problems.list) if (differs(now, campaign.data.design, field)) touched.add(field);
      return new Problems(found.problems.list.filter(one => touched.has(one.field)));
    });
    async function check() {
      const mine = ++asked;
      try { const { problems } = await api.post('/campaigns/validate', design()); if (mine === asked) { found.problems = new Problems(problems); found.error = null; } }
      catch (error) { if (mine === asked) found.error = error; }
      finally { if (mine === asked) found.checking = false; }
    }
    function toProblem() {
      const first = told.value.first(draft.doc.nodes);
      if (!first) return;
      if (first.words) setQuery({ tab: 'words', node: first.node }); else { selected.value = first.node; setQuery({ tab: 'flow' }); }
    }

    // -- saving ------------------------------------------------------------------------------------------------------
    const save = action(async () => {
      if (!draft.dirty && !isNew) { toast(t('camp.p.nothing')); return; }
      tried.value = true;
      try {
        const saved = isNew ? await api.post('/campaigns', design()) : await api.put(path, design());
        draft.forget(); fromDraft.value = false; draft.begin('', toDoc(saved.design), saved.version);
        toast(t('camp.saved'));
        if (isNew) go('/campaigns/' + saved.id + (props.query.tab ? '?tab=' + props.query.tab : ''), { replace: true }); else campaign.set(saved);
      } catch (error) {
        if (error.status !== 422 || !error.field) throw error;
        if (!found.problems.count) found.problems = new Problems([{ field: error.field, message: error.message, line: error.data?.line }]);
        toProblem(); toast(t('camp.p.wrong', { n: found.problems.count }), { kind: 'bad' });
      }
    }, { failed: toast.error });
    const drop = () => { draft.forget(); draft.begin('', toDoc(campaign.data.design), campaign.data.version); fromDraft.value = false; selected.value = ''; };
    useGuard(() => draft.dirty, () => ask({ title: t('camp.p.leave'), body: t('camp.p.leavebody'), action: t('camp.p.leaveyes') }));
    const settle = () => { if (selected.value && !draft.doc.nodes.some(it => it.id === selected.value)) selected.value = ''; };
    const undo = () => draft.undo() && settle(), redo = () => draft.redo() && settle();
    useKeys({ 'mod+z': [undo, 'camp.p.undo'], 'mod+shift+z': [redo, 'camp.p.redo'], 'mod+y': [redo, 'camp.p.redo'], 'mod+s': [save.run, 'camp.p.save'], ...flowKeys(),
      1: [() => setQuery({ tab: 'flow' }), 'camp.tab.flow'], 2: [() => setQuery({ tab: 'words' }), 'camp.tab.words'], 3: [() => setQuery({ tab: 'check' }), 'camp.tab.check'], 4: [() => setQuery({ tab: 'live' }), 'camp.tab.live'], 5: [() => setQuery({ tab: 'result' }), 'camp.tab.result'], 6: [() => setQuery({ tab: 'people' }), 'camp.tab.people'] }, 'camp.p.keys');

    const act = action(async (verb, said) => { campaign.set(await api.post(`${path}/${verb}`)); toast(said ?? t('camp.' + campaign.data.status)); }, { failed: toast.error });
    const duplicate = action(async () => { const made = await api.post(path + '/duplicate'); toast(t('camp.p.duplicated')); go('/campaigns/' + made.id); }, { failed: toast.error });
    const finish = async () => { if (await ask({ title: t('camp.p.finish'), body: t('camp.p.finishask'), action: t('camp.p.finish') })) act.run('finish'); };
    const progress = load(signal => launched() ? api.get(path + '/progress', { signal }) : null, { watch: () => [launched(), tab.value] });
    if (topic) reloadOn(progress, topic);
    // What stands at each node, in the words of the canvas.
    const counts = computed(() => {
      const it = progress.data;
      if (!it || !launched()) return null;
      const nodes = Object.fromEntries(Object.entries(it.nodes).map(([id, one]) => [id, { waiting: one.here, passed: Math.max(0, one.reached - one.here - one.left), left: one.left, ...(Object.keys(one.states ?? {}).length && { sent: one.states.sent ?? 0, held: one.states.held ?? 0, skipped: one.states.skipped ?? 0, failed: (one.states.failed ?? 0) + (one.states.unknown ?? 0) }) }]));
      return { ...nodes, '': { entered: it.nodes[campaign.data?.design.start]?.reached ?? 0 } };
    });

    useTop({
      title: () => html`<h1 class="row"><a class="mut" href="/campaigns">${t('camp.name')}</a><span class="mut">/</span><span class="cut">${draft.doc && inLang(draft.doc.name) || t('camp.p.untitled')}</span>${campaign.data && html`<${Badge} kind=${KIND[shown()]} text=${t('camp.' + shown())} />`}</h1>`,
      tools: () => draft.doc && html`${draft.dirty && html`<span class="tag nowrap">${t('camp.p.unsaved')}</span>`}
        ${told.value.count ? html`<button type="button" class="btn sm poor" @click=${toProblem}>${icon('warn', 13)}${t('camp.p.wrong', { n: told.value.count })}</button>` : found.error ? html`<span class="poor sm cut" title=${sentence(found.error)}>${sentence(found.error)}</span>` : (isDraft() || draft.dirty) && (found.checking || !found.problems.count) && html`<span class="mut sm row nowrap camp-fine">${icon(found.checking ? 'clock' : 'check', 13)}${t(found.checking ? 'camp.p.checking' : 'camp.p.fine')}</span>`}
        <button type="button" class="btn ico sm" disabled=${!draft.steps.past} aria-label=${t('camp.p.undo')} title=${`${t('camp.p.undo')} (Ctrl+Z)`} @click=${undo}>${icon('undo', 14)}</button><button type="button" class="btn ico sm camp-redo" disabled=${!draft.steps.future} aria-label=${t('camp.p.redo')} title=${`${t('camp.p.redo')} (Ctrl+Shift+Z)`} @click=${redo}>${icon('undo', 14)}</button>
        ${!isNew && html`<${Menu} label=${t('camp.p.more')} icon="more" cls="btn ico sm" items=${[{ label: t('camp.p.duplicate'), icon: 'copy', run: duplicate.run }, ...(status() === 'live' ? [{ label: t('camp.p.finish'), icon: 'out', run: finish }] : [])]} />`}
        ${isDraft() && !isNew && !draft.dirty && tab.value !== 'check' ? html`<button type="button" class="btn sm pri" disabled=${found.problems.count > 0} @click=${() => setQuery({ tab: 'check' })}>${icon('shield', 14)}${t('camp.p.tocheck')}</button>` : (isNew || draft.dirty) && html`<button type="button" class="btn sm pri" disabled=${save.busy} title="Ctrl+S" @click=${save.run}>${icon('check', 14)}${t('camp.p.save')}</button>`}`,
    });

    const views = {
      flow: c => html`<${Canvas} draft=${draft} editing=${editing} campaign=${c} counts=${counts.value} errors=${place => told.value.said(place)} problems=${told.value.byNode(draft.doc.nodes)} locked=${!isDraft()} selected=${selected} write=${id => setQuery({ tab: 'words', node: id })} people=${(id, what) => setQuery({ tab: 'people', at: id || null, what })} />`,
      words: c => html`${!isDraft() && html`<div class="notice camp-locked">${icon('info', 14)}<span>${t('camp.p.wordsonly')}</span></div>`}<${Composer} draft=${draft} campaign=${c} at=${place => told.value.at(place)} locked=${false} node=${node} toFlow=${() => setQuery({ tab: 'flow' })} />`,
      check: c => isNew || draft.dirty ? html`<div class="empty"><span class="empty-icon">${icon('shield', 24)}</span><h2>${t('camp.p.savefirst')}</h2><div class="actions"><button type="button" class="btn pri" @click=${save.run}>${t('camp.p.save')}</button></div></div>` : html`<${Check} campaign=${c} changed=${campaign.set} problems=${found.problems} toProblem=${toProblem} />`,
      live: c => html`<${Live} campaign=${c} changed=${campaign.set} progress=${progress} query=${props.query} />`,
      result: c => html`<${Results} campaign=${c} progress=${progress} />`,
      people: c => html`<${People} campaign=${c} query=${props.query} />`,
    };
    const tabs = () => ['flow', 'words', ...(isNew ? [] : ['check']), ...(launched() ? ['live', 'result', 'people'] : [])].map(value => ({ value, label: t('camp.tab.' + value) }));
    return () => html`<div class="view fill"><${Tabs} label=${t('camp.name')} value=${tab.value} change=${value => setQuery({ tab: value, state: null, at: null, what: null, node: null })} items=${tabs()} />
      ${fromDraft.value && html`<div class="notice camp-locked">${icon('info', 14)}<span>${t('camp.p.draftfound')}</span><button type="button" class="btn sm" @click=${drop}>${t('camp.p.draftdrop')}</button></div>`}
      <div class="camp-fill-view"><${Loaded} of=${campaign} skeleton="cards" n=${4} show=${c => draft.doc && (views[tab.value] ?? views.flow)(c)} /></div></div>`;
  },
};
