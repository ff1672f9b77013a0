// Explore: build a question on the left, read its answer on the right. The address holds the question.
import { api, computed, html, icon, inLang, load, Menu, provide, ref, remember, setQuery, t, Tabs, useKeys, useTop, watch, words } from '../web/kit.js';
import { asCsv } from './answer.js';
import { useAnswer } from './asking.js';
import { Asked } from './asked.js';
import { Builder } from './builder.js';
import { WRONG } from './builder/fields.js';
import { SqlEditor } from './builder/sql.js';
import { blank, draftOf, KINDS, missing, ready, turned } from './drafts.js';
import { keepMarks } from './marks.js';
import { eventNames } from './names.js';
import { noted, Recent } from './recent.js';
import { told } from './said.js';
import { addToBoard, copied, keepAsMetric, MEASURABLE } from './saving.js';
import './words.js';

words({
  ko: { 'k.first': '질문에 입력하기', 'k.look': '그래프/표', 'k.defs': '이렇게 셌습니다', 'k.csv': 'CSV 복사', 'k.again': '다시 묻기', 'k.cancel': '멈추기',
    'k.kinds': '다음/이전 종류', 'k.keep': '보관', 'k.group': '질문' },
  en: { 'k.first': 'Type into the question', 'k.look': 'Chart or table', 'k.defs': 'How this was counted', 'k.csv': 'Copy as CSV',
    'k.again': 'Ask again', 'k.cancel': 'Stop', 'k.kinds': 'Next or previous kind', 'k.keep': 'Keep', 'k.group': 'Questions' },
});

function addressed(query) {
  if (query.metric) return { ...blank('metric'), metric: query.metric };
  try { return draftOf(JSON.parse(query.q)); } catch { return null; }
}

export default {
  props: ['params', 'query'],
  setup(props) {
    const draft = ref(addressed(props.query) ?? blank('trend'));
    const look = ref(props.query.look === 'table' ? 'table' : 'chart'), strip = ref(remember('explore.strip') ?? false);
    const run = ref(draft.value.kind === 'sql' ? draft.value.sql : null);   // SQL is asked when it is run, not as it is typed
    const question = computed(() => {
      const q = draft.value.kind === 'sql' ? run.value !== null && { ...draft.value, sql: run.value } : draft.value;
      return q ? ready(q) : null;
    });
    const answer = useAnswer(() => question.value);
    const metric = computed(() => answer.answer?.metric ?? null);
    // What happened meanwhile stands on the line.
    const range = () => { const q = answer.answer?.question; return ['trend', 'formula'].includes(q?.kind) ? { from: q.from.slice(0, 10), to: q.to.slice(0, 10) } : null; };
    load(async signal => {
      const query = range(), found = query ? (await api.get('/annotations', { signal, query })).annotations : [];
      keepMarks(found);
      return found;
    }, { watch: () => JSON.stringify(range()) });
    const needed = computed(() => {
      const it = missing(draft.value);
      return it && { field: it.field, message: t(it.word, { math: it.math && t('m.' + it.math) }) };
    });
    // What ClickHouse refuses of a statement names no field; it can only be the statement.
    provide(WRONG, () => {
      if (needed.value) return needed.value;
      const { status, message, field } = answer.error ?? {};
      return status === 422 ? { message: told(message), field: field ?? (draft.value.kind === 'sql' ? 'sql' : null) } : null;
    });

    const change = next => {
      draft.value = next;
      setQuery({ q: JSON.stringify(next), metric: null });
    };
    const runSql = () => { if (run.value === draft.value.sql) answer.again(); else run.value = draft.value.sql; };
    const open = q => { run.value = q.sql ?? null; change(draftOf(q)); };
    const turn = kind => { if (kind !== draft.value.kind) open(turned(draft.value, kind)); };
    watch(() => [props.query.q, props.query.metric], () => {
      const next = addressed(props.query);
      if (next && JSON.stringify(next) !== JSON.stringify(draftOf(draft.value))) { run.value = next.sql ?? null; draft.value = next; }
    });
    watch(() => answer.answer, a => { if (a && question.value) noted(question.value); });
    // An empty page begins with what happens most.
    if (!props.query.q && !props.query.metric) {
      const names = eventNames(), untouched = () => !props.query.q && !props.query.metric && !draft.value.series?.[0]?.event;
      watch(() => names.items[0]?.value, first => { if (first && untouched()) draft.value = blank('trend', [first]); }, { immediate: true });
    }

    const turnLook = () => { look.value = look.value === 'chart' ? 'table' : 'chart'; setQuery({ look: look.value === 'table' ? 'table' : null }); };
    const turnStrip = () => { strip.value = remember('explore.strip', !strip.value); };
    const csv = () => { if (answer.answer) copied(asCsv(answer.answer, metric.value), t('a.copied')); };
    const beside = by => turn(KINDS[(KINDS.indexOf(draft.value.kind) + by + KINDS.length) % KINDS.length]);
    useKeys({
      '/': [() => document.querySelector('.mx-builder input, .sql textarea')?.focus(), 'k.first'],
      v: [turnLook, 'k.look'], i: [turnStrip, 'k.defs'], c: [csv, 'k.csv'], r: [() => answer.again(), 'k.again'],
      ']': [() => beside(1), 'k.kinds'], '[': [() => beside(-1), 'k.kinds'], Escape: [() => answer.cancel(), 'k.cancel'],
    }, 'k.group');
    // Escape stops a question from within a field too; what the field itself uses it for comes first.
    const escape = e => { if (e.key === 'Escape' && !e.defaultPrevented && !e.isComposing && answer.running) answer.cancel(); };

    // The days that the server took where the question names none.
    const taken = q => { const a = answer.answer?.question, day = text => text?.slice(0, 10); return a && (a.kind === q.kind || q.kind === 'metric') ? { from: day(a.from), to: day(a.to) } : {}; };
    const keep = () => {
      const q = question.value;
      return [
        ...(MEASURABLE.includes(q?.kind) ? [{ label: t('mx.keep'), icon: 'target', run: () => keepAsMetric(q) }] : []),
        { label: t('s.board'), icon: 'board', disabled: !q, run: () => addToBoard(q) },
        { label: t('s.link'), icon: 'link', run: () => copied(location.href, t('s.linked')) },
        { label: t('a.csv'), icon: 'copy', hint: 'C', disabled: !answer.answer, run: csv },
      ];
    };
    useTop({
      title: () => metric.value ? t('mx.metric', { name: inLang({ ko: metric.value.name_ko, en: metric.value.name_en }) }) : t('mx.explore'),
      tools: () => html`<div class="seg sm" role="group" aria-label=${t('a.look')}>${['chart', 'table'].map(v => html`<button type="button"
        key=${v} aria-pressed=${String(look.value === v)} @click=${() => { if (look.value !== v) turnLook(); }}>${t('a.' + v)}</button>`)}
        </div>
        <${Menu} label=${t('k.keep')} text=${t('k.keep')} icon="plus" cls="btn sm" items=${keep()} /><${Recent} question=${question.value} open=${open} />
        ${metric.value && KINDS.includes(answer.answer.question.kind) && html`<button type="button" class="btn ghost sm"
          @click=${() => open(answer.answer.question)}>${icon('edit', 14)}${t('b.definition')}</button>`}`,
    });
    return () => {
      const q = draft.value, sql = q.kind === 'sql';
      return html`<div class="view fill mx" @keydown=${escape}><div class="mx-tabs"><${Tabs} label=${t('b.kinds')} value=${q.kind}
        change=${turn} items=${KINDS.map(value => ({ value, label: t('b.' + value) }))} /></div>
        <div class=${'mx-split' + (sql ? ' wide' : '') + (strip.value && answer.answer ? ' stripped' : '')}>${sql
          ? html`<${SqlEditor} sql=${q.sql} busy=${answer.running} run=${runSql} change=${text => change({ ...q, sql: text })} />`
            : html`<${Builder} draft=${q} change=${change} taken=${taken(q)} />`}
          <${Asked} of=${answer} question=${question.value} missing=${needed.value?.message} look=${look.value} metric=${metric.value} strip=${strip.value}
            turnStrip=${turnStrip} change=${part => change({ ...q, ...part })} /></div></div>`;
    };
  },
};
