// The journey as it flows, with the form of what is chosen beside it. Draft or new version: worked on; else only read, with how
// many people are where.
import { choose, html, icon, nextTick, ref, state, t, toast, words } from '../../web/kit.js';
import { Flow } from '../../web/flow/flow.js';
import { inOrder, layout } from '../../web/flow/layout.js';
import { channelName } from '../words.js';
import { EntryForm, localSaid } from './entry.js';
import { CHANNEL_ICONS, CHANNELS, ends, fresh, iconOf, ICONS, KINDS, outcomes, wishedId } from './journey.js';
import { NodeForm } from './node.js';
import { segmentName } from '../../segments/builder/names.js';
import { againSaid, entrySaid, eventSaid, holes, kindName, ruleSaid, summary, wayName } from './said.js';

words({
  ko: {
    'camp.cv.flow': '여정', 'camp.cv.add': '단계 추가', 'camp.cv.messages': '메시지', 'camp.cv.steps': '흐름', 'camp.cv.acts': '하는 일', 'camp.cv.removed': '{name}(을/를) 지웠습니다', 'camp.cv.undo': '되돌리기', 'camp.cv.up': '위로', 'camp.cv.down': '아래로', 'camp.cv.dup': '복제', 'camp.cv.remove': '지우기', 'camp.cv.starts': '시작', 'camp.cv.here': '지금 {n}명', 'camp.cv.passed': '지나감 {n}', 'camp.cv.sent': '보냄 {n}', 'camp.cv.held': '보류 {n}', 'camp.cv.left': '나감 {n}', 'camp.cv.failed': '실패 {n}', 'camp.cv.skipped': '못 받음 {n}', 'camp.cv.entered': '들어옴 {n}', 'camp.cv.exits': '나가는 규칙 {n}', 'camp.cv.readonly': '시작한 캠페인의 흐름은 바꿀 수 없습니다. 결과가 섞이기 때문입니다. 글은 메시지에서 고치고, 흐름을 바꾸려면 복제하세요.',
  },
  en: {
    'camp.cv.flow': 'Journey', 'camp.cv.add': 'Add a step', 'camp.cv.messages': 'Messages', 'camp.cv.steps': 'Flow', 'camp.cv.acts': 'Acts', 'camp.cv.removed': '{name} was removed', 'camp.cv.undo': 'Undo', 'camp.cv.up': 'Up', 'camp.cv.down': 'Down', 'camp.cv.dup': 'Duplicate', 'camp.cv.remove': 'Remove', 'camp.cv.starts': 'Start', 'camp.cv.here': '{n} here now', 'camp.cv.passed': '{n} passed', 'camp.cv.sent': '{n} sent', 'camp.cv.held': '{n} held back', 'camp.cv.left': '{n} left', 'camp.cv.failed': '{n} failed', 'camp.cv.skipped': '{n} not sent', 'camp.cv.entered': '{n} entered', 'camp.cv.exits': '{n} exit {n|rule|rules}', 'camp.cv.readonly': 'The flow of a launched campaign stays as it is, or its result would be a mixture. Words change under Messages; to change the flow, duplicate it.',
  },
});

// props: draft, editing, campaign, counts {id: {…}}, errors(place), problems {id: text}, locked, write(node), people(node, what), selected (ref)
export const Canvas = {
  props: ['draft', 'editing', 'campaign', 'counts', 'errors', 'problems', 'locked', 'write', 'people', 'selected'],
  setup(p) {
    const flow = ref(), form = ref(), selected = p.selected;
    const doc = () => p.draft.doc, change = (next, of) => p.draft.change(next, of);
    const order = () => inOrder(layout(doc().nodes, outcomes).items);
    const toForm = () => nextTick(() => form.value?.querySelector('[data-first], .camp-part input, .camp-part textarea, .camp-part select')?.focus());
    const select = (id, { quiet = false } = {}) => { selected.value = id; if (!quiet) flow.value?.focus(id); };
    async function insert(place) {
      const step = kind => ({ value: kind, title: t('camp.k.' + kind), about: t(`camp.k.${kind}.about`), icon: ICONS[kind] });
      const it = await choose(t('camp.cv.add'), [{ group: t('camp.cv.messages'), items: CHANNELS.map(channel => ({ value: 'message:' + channel, title: channelName(channel), hint: '', icon: CHANNEL_ICONS[channel] })) }, { group: t('camp.cv.steps'), items: KINDS.filter(kind => ['delay', 'wait', 'branch', 'split', 'exit'].includes(kind)).map(step) }, { group: t('camp.cv.acts'), items: ['update', 'webhook', 'hand_over'].map(step) }]);
      if (!it) return;
      const [kind, channel] = it.value.split(':'), made = p.editing.insert(doc(), { kind, id: wishedId(kind, channel), ...fresh(kind, state.lang, channel) }, place);
      change(made.doc); select(made.id, { quiet: true }); toForm();
    }
    function remove(id) {
      const at = order().indexOf(id), name = kindName(doc().nodes.find(it => it.id === id));
      change(p.editing.remove(doc(), id));
      select(order()[Math.min(at, order().length - 1)] ?? '');
      toast(t('camp.cv.removed', { name }), { action: { label: t('camp.cv.undo'), run: () => { if (p.draft.undo()) select(id); } } });
    }
    const edit = {
      insert, remove, move: (id, place) => { change(p.editing.move(doc(), id, place)); select(id); }, shift: (id, by) => change(p.editing.shift(doc(), id, by)),
      duplicate: id => { const made = p.editing.duplicate(doc(), id); change(made.doc); select(made.id); }, after: id => ends(doc().nodes.find(it => it.id === id)) ? before(id) : p.editing.after(doc(), id), open: id => { select(id, { quiet: true }); toForm(); },
    };
    // Nothing can follow an exit: what is added there comes before it.
    const before = id => ({ before: id, inside: doc().nodes.map(it => it.id) });
    const back = e => { if (e.key === 'Escape' && !e.defaultPrevented) { e.preventDefault(); flow.value?.focus(selected.value); } };

    const tag = (text, kind, run) => html`<button type="button" class=${'camp-count ' + kind} @click=${e => { e.stopPropagation(); run(); }} @keydown=${e => e.stopPropagation()}>${text}</button>`;
    function counts(id) {
      const it = p.counts?.[id];
      if (!it) return null;
      const say = (word, n, kind = '', what = word) => n > 0 && tag(t('camp.cv.' + word, { n }), kind, () => p.people(id, what));
      return html`<span class="camp-counts num">${say('here', it.waiting, 'wait')}${say('sent', it.sent, 'ok')}${say('held', it.held, 'info')}${it.sent == null && say('passed', it.passed)}${say('skipped', it.skipped)}${say('failed', it.failed, 'bad')}${say('left', it.left)}</span>`;
    }
    // Two chips fit beside each other in either language: a card is as high as its figures need.
    const lines = chips => Math.max(1, Math.ceil(chips / 2));
    const high = node => { const it = p.counts?.[node.id]; return 66 + (p.counts ? 22 * lines(it ? ['waiting', 'sent', 'held', 'skipped', 'failed', 'left', ...(it.sent == null ? ['passed'] : [])].filter(name => it[name] > 0).length : 0) : 0); };
    const card = node => html`<div class="row"><span class="camp-dot">${icon(iconOf(node), 14)}</span><b class="cut">${kindName(node)}</b><span class="grow"></span>${node.kind === 'message' && node.items && html`<span class="mut" title=${t('camp.i.' + node.items.kind)}>${icon('star', 12)}</span>`}<code class="camp-id mut">${node.id}</code></div>
      <p class="camp-sum">${holes(summary(node, state.lang))}</p>${p.counts && counts(node.id)}`;
    const first = { title: t('camp.cv.starts'), draw: () => {
      const it = doc(), entry = it.entry ?? {}, audience = entry.audience, said = !audience ? '' : audience.kind === 'in' ? segmentName(audience.segment) : ruleSaid(audience);
      return html`<div class="row"><span class="camp-dot on">${icon(entry.trigger ? 'bolt' : 'calendar', 14)}</span><b class="cut">${entrySaid(it, localSaid)}</b></div><p class="camp-sum">${audience ? html`${icon('people', 12)} ${said}` : t('camp.e.everybody')}</p><p class="camp-sum mut">${againSaid(entry.again)}</p>
        <span class="camp-counts num">${p.counts?.['']?.entered > 0 && html`<span class="camp-count">${t('camp.cv.entered', { n: p.counts[''].entered })}</span>`}${it.goal?.event && html`<span class="camp-count">${icon('target', 11)}${it.goal.event}</span>`}${it.exits?.length > 0 && html`<span class="camp-count" title=${it.exits.map(one => one.rule ? ruleSaid(one.rule) : eventSaid(one)).join('\n')}>${icon('out', 11)}${t('camp.cv.exits', { n: it.exits.length })}</span>`}</span>`; } };
    return () => {
      const it = doc(), node = it.nodes.find(one => one.id === selected.value), index = it.nodes.indexOf(node);
      return html`<div class="camp-canvas"><${Flow} ref=${flow} label=${t('camp.cv.flow')} nodes=${it.nodes} outcomes=${outcomes} ends=${ends} height=${high} card=${card} title=${one => kindName(one)} way=${wayName} first=${{ ...first, height: 82 + 22 * lines((p.counts?.['']?.entered > 0) + !!it.goal?.event + (it.exits?.length > 0)), title: t('camp.cv.starts') }} selected=${selected.value} select=${select} problems=${p.problems} edit=${p.locked ? null : edit} />
        <section class="camp-side" ref=${form} aria-label=${node ? kindName(node) : t('camp.cv.starts')} @keydown=${back}>
          ${p.locked && html`<div class="notice camp-locked">${icon('lock', 14)}<span>${t('camp.cv.readonly')}</span></div>`}
          ${node && !p.locked && html`<div class="row camp-acts"><button type="button" class="btn sm ico" title=${`${t('camp.cv.up')} ([)`} aria-label=${t('camp.cv.up')} @click=${() => edit.shift(node.id, -1)}>${icon('up', 13)}</button><button type="button" class="btn sm ico" title=${`${t('camp.cv.down')} (])`} aria-label=${t('camp.cv.down')} @click=${() => edit.shift(node.id, 1)}>${icon('down', 13)}</button><button type="button" class="btn sm" @click=${() => edit.duplicate(node.id)}>${icon('copy', 13)}${t('camp.cv.dup')}</button><span class="grow"></span><button type="button" class="btn sm" @click=${() => remove(node.id)}>${icon('trash', 13)}${t('camp.cv.remove')}</button></div>`}
          <fieldset class="camp-form" disabled=${p.locked}>${node ? html`<${NodeForm} key=${node.id} doc=${it} node=${node} change=${change} errors=${p.errors} place=${`nodes[${index}]`} scope=${scopeOf(it)} write=${p.write} />` : html`<${EntryForm} doc=${it} change=${change} errors=${p.errors} />`}</fieldset></section></div>`;
    };
  },
};

// What templates may name.
export function scopeOf(doc, node = null) {
  const path = (name, ko, en) => ({ path: name, hint: state.lang === 'ko' ? ko : en });
  const items = node?.items ? Array.from({ length: node.items.count ?? 3 }, (_, i) => [path(`items[${i}].title`, `추천 ${i + 1}의 제목`, `title of recommendation ${i + 1}`), path(`items[${i}].url`, '그 주소', 'its address'), path(`items[${i}].creator`, '그 창작자', 'its creator')]).flat() : [];
  return [path('person.name', '이름', 'name'), path('person.email', '메일 주소', 'e-mail address'), path('person.language', '언어', 'language'), path('person.country', '나라', 'country'), path('person.plan', '요금제', 'plan'), path('person.distinct_id', '프로그램이 쓰는 ID', 'the id programs use'), ...items,
    ...(doc.entry?.trigger ? [path('event.name', '시작한 이벤트', 'the event that began it'), ...(doc.entry.trigger.where ?? []).map(one => path('event.' + one.prop, '그 속성', 'its property'))] : []),
    path('account.name', '고객사', 'account'), path('campaign.name', '캠페인 이름', 'name of the campaign'), path('journey.entered_at', '들어온 때', 'when they came in'), path('now', '지금', 'now'), path('unsubscribe_url', '수신거부 주소', 'the way out of the list')];
}
