// One field of a step or trigger, asked for by what its type and its name say: a channel, people, a duration, filters, blocks.
import { Field, Holes, html, icon, Picks, ref, t, words } from '../../web/kit.js';
import { kinds } from '../kinds.js';
import { optionsOf } from '../options.js';
import { Blocks } from '../preview.js';
import { Filters, textOf, valueOf } from './filters.js';

words({
  ko: { 'auto.optional': '선택 사항', 'auto.pair': '항목 추가', 'auto.key': '이름', 'auto.wrongjson': 'JSON이 아닙니다', 'auto.preview': '미리 보기', 'auto.default': '기본값 {v}', 'auto.addrow': '줄 추가', 'auto.droprow': '줄 빼기', },
  en: { 'auto.optional': 'optional', 'auto.pair': 'Add an entry', 'auto.key': 'Name', 'auto.wrongjson': 'This is not JSON', 'auto.preview': 'Preview', 'auto.default': '{v} by default', 'auto.addrow': 'Add a row', 'auto.droprow': 'Remove the row', },
});

const NAMES = [[/^channels?$/, 'channel'], [/^(users?|members|owner|creator|assignee|people|team|of)$/, 'user'], [/stage/, 'stage'], [/segment/, 'segment'], [/^metric/, 'metric'], [/^campaign/, 'campaign'], [/^function$/, 'function'], [/^automation$/, 'automation'],
  [/^(for|timeout|due_in|every|within|duration|per_subject_per)$/, 'duration'], [/^zone$/, 'zone']];
const LONG = /^(text|body|message|question|about|note|description|purpose|reason|prompt)$/;

// How a field is asked for: {as, options}.
export function formOf(field) {
  const kind = NAMES.find(([name]) => name.test(field.name))?.[1];
  if (field.name === 'event' && field.form === 'text') return { as: 'text', options: 'event' };
  if (field.name === 'blocks') return { as: 'blocks' };
  if (field.form === 'filters') return { as: 'filters' };
  if (field.form === 'list') {
    if (field.of?.form === 'struct') return { as: 'rows', of: field.of.fields };
    return field.of?.form === 'text' || field.of?.form === 'choice' ? { as: 'picks', options: kind, choices: field.of.choices } : { as: 'json' };
  }
  if (field.form === 'map') return field.of?.form === 'struct' ? { as: 'json' } : { as: 'map', number: field.of?.form === 'number' };
  if (field.form === 'switch') return { as: 'switch' };
  if (field.form === 'choice') return { as: 'choice' };
  if (field.form === 'number') return { as: 'number' };
  if (field.form === 'text') return { as: LONG.test(field.name) ? 'long' : 'text', options: kind };
  return { as: 'json', kind };
}

// Where anything may stand: a text in both languages, a text, or JSON, by what is there.
function fitting(how, field, value) {
  if (how.as !== 'json' || Array.isArray(value)) return how;
  if (value && typeof value === 'object') return Object.keys(value).every(key => key === 'ko' || key === 'en') && Object.keys(value).length ? { as: 'both' } : how;
  return (LONG.test(field.name) && field.name !== 'body') || field.name === 'title' ? { as: 'long' } : how;
}

const offered = name => name === 'event' ? (kinds.data?.events ?? []).map(it => ({ value: it.name, label: kinds.event(it.name), hint: it.name })) : name ? optionsOf(name) : undefined;
let serial = 0;

// props: field (as the server describes it), value, change(value or undefined), scope, event, error, errors(place), place
export const Input = {
  props: ['field', 'value', 'change', 'scope', 'event', 'error', 'errors', 'place', 'label', 'how', 'hint'],
  setup(p) {
    const id = `af${++serial}`;
    return () => {
      const { field } = p, how = p.how ?? fitting(formOf(field), field, p.value), label = p.label ?? fieldName(field.name), blank = value => p.change(value === '' || value == null || (Array.isArray(value) && !value.length && !field.required) ? undefined : value);
      const shared = { id, value: p.value, scope: p.scope, label, invalid: !!p.error, describedby: p.error ? id + 'e' : null };
      const hint = field.default != null && field.default !== '' && !(Array.isArray(field.default) && !field.default.length) && typeof field.default !== 'object' ? t('auto.default', { v: String(field.default) }) : '';
      const body = {
        text: () => html`<${Holes} ...${shared} options=${offered(how.options)} placeholder=${hint} change=${blank} />`,
        long: () => html`<${Holes} ...${shared} rows=${Math.min(8, Math.max(2, String(p.value ?? '').split('\n').length + 1))} change=${blank} />`,
        number: () => html`<${Holes} ...${shared} placeholder=${hint} change=${text => blank(/^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text)} />`,
        switch: () => typeof p.value === 'string' ? html`<${Holes} ...${shared} change=${blank} />` : html`<${Field} name=${field.name} type="switch" label=${label} value=${p.value ?? field.default ?? false} change=${value => p.change(value === (field.default ?? false) ? undefined : value)} />`,
        choice: () => html`<select class="input" id=${id} aria-invalid=${p.error ? 'true' : null} @change=${e => blank(e.target.value)}>${(!field.required || p.value == null) && html`<option value="" selected=${p.value == null}>${field.default == null ? '–' : t('auto.default', { v: String(field.default) })}</option>`}${field.choices.map(one => html`<option key=${one} value=${one} selected=${one === p.value}>${String(one)}</option>`)}</select>`,
        picks: () => typeof p.value === 'string' ? html`<${Holes} ...${shared} change=${blank} />` : html`<${Picks} ...${shared} options=${how.choices ? how.choices.map(value => ({ value, label: value })) : offered(how.options)} change=${list => blank(list.length === 1 && /^\{\{[^}]*\}\}$/.test(list[0]) && how.options ? list[0] : list)} />`,
        filters: () => html`<${Filters} value=${p.value} change=${list => p.change(list)} event=${p.event} scope=${p.scope} errors=${p.errors} place=${p.place} />`,
        map: () => html`<${Pairs} value=${p.value} change=${blank} scope=${p.scope} number=${how.number} />`,
        rows: () => html`<${Rows} value=${p.value} change=${blank} fields=${how.of} scope=${p.scope} errors=${p.errors} place=${p.place} />`,
        blocks: () => html`<${Json} ...${shared} rows=${10} change=${value => p.change(value ?? undefined)} /><div class="auto-preview" aria-label=${t('auto.preview')}><${Blocks} blocks=${p.value} /></div>`,
        both: () => html`<div class="auto-both">${['ko', 'en'].map(lang => html`<div key=${lang} class="row"><span class="mut sm">${lang}</span><${Holes} value=${p.value[lang]} rows=${2} scope=${p.scope} label=${`${label} (${lang})`} change=${text => p.change({ ...p.value, [lang]: text })} /></div>`)}</div>`,
        json: () => html`<${Json} ...${shared} rows=${typeof p.value === 'object' && p.value ? 6 : 2} change=${value => p.change(value ?? undefined)} />`,
      }[how.as];
      return html`<div class=${'field' + (p.error ? ' wrong' : '')} data-field=${p.place}>${!(how.as === 'switch' && typeof p.value !== 'string') && html`<label for=${id}>${label}${!field.required && html` <span class="mut sm">${t('auto.optional')}</span>`}</label>`}${body()}
        ${p.hint && html`<p class="hint">${p.hint}</p>`}${p.error && html`<p class="wrong-text" id=${id + 'e'} role="alert">${icon('warn', 14)}${p.error}</p>`}</div>`;
    };
  },
};

// A field's name in words where we know it, else the name itself.
export function fieldName(name) {
  const key = 'auto.f.' + name, text = t(key);
  return text === key ? name[0].toUpperCase() + name.slice(1).replaceAll('_', ' ') : text;
}

words({
  ko: { 'auto.f.channel': '채널', 'auto.f.text': '내용', 'auto.f.blocks': '블록', 'auto.f.thread': '스레드', 'auto.f.username': '보이는 이름', 'auto.f.name': '이름', 'auto.f.purpose': '목적', 'auto.f.topic': '주제', 'auto.f.private': '비공개', 'auto.f.creator': '만든 사람', 'auto.f.members': '구성원', 'auto.f.users': '사람', 'auto.f.user': '사람', 'auto.f.function': '역할', 'auto.f.for': '기간', 'auto.f.until': '때', 'auto.f.at': '시각', 'auto.f.zone': '시간대', 'auto.f.event': '이벤트', 'auto.f.where': '조건', 'auto.f.on': '맞출 경로', 'auto.f.equals': '같아야 할 값', 'auto.f.timeout': '기다리는 시간', 'auto.f.parts': '나눌 몫', 'auto.f.question': '물을 것', 'auto.f.url': '주소', 'auto.f.method': '방법', 'auto.f.headers': '헤더', 'auto.f.body': '본문', 'auto.f.expect': '성공으로 볼 상태', 'auto.f.seconds': '초', 'auto.f.deal': '거래', 'auto.f.stage': '단계', 'auto.f.amount': '금액', 'auto.f.owner': '담당', 'auto.f.subject': '대상', 'auto.f.days': '요일', 'auto.f.segment': '세그먼트', 'auto.f.metric': '지표', 'auto.f.campaign': '캠페인', 'auto.f.of': '누구에게', 'auto.f.fields': '양식의 칸', 'auto.f.list': '목록', 'auto.f.do': '항목마다 할 단계', 'auto.f.automation': '자동화', 'auto.f.recipe': '레시피', 'auto.f.most': '최대 개수', 'auto.f.inputs': '넘길 값', 'auto.f.wait': '끝날 때까지 기다림', 'auto.f.values': '값', 'auto.f.needed': '필요한 찬성 수', 'auto.f.not_self': '일으킨 사람은 뺌', 'auto.f.emoji': '이모지', 'auto.f.contains': '들어 있는 말', 'auto.f.prop': '속성', 'auto.f.above': '위로 넘음', 'auto.f.below': '아래로 내려감', 'auto.f.type': '종류', 'auto.f.title': '제목', 'auto.f.required': '꼭 채움', 'auto.f.choices': '고를 것', 'auto.f.about': '무엇에 대해', 'auto.f.due_in': '기한', 'auto.f.signature': '서명 헤더', 'auto.f.card': '카드 이름', 'auto.f.direction': '방향', 'auto.f.alert': '알림', 'auto.f.item': '항목', 'auto.f.priority': '우선순위', 'auto.f.due_date': '기한', 'auto.f.probability': '확률', 'auto.f.value': '값', 'auto.f.limit': '최대 개수', 'auto.f.order': '주문', 'auto.f.line_item': '라인아이템', 'auto.f.kind': '종류', 'auto.f.traits': '특성', 'auto.f.person': '사람', 'auto.f.account': '고객사', 'auto.f.ts': '메시지', 'auto.f.query': '물음', 'auto.f.note': '메모', 'auto.f.status': '상태', 'auto.f.reason': '까닭', 'auto.f.due': '기한' },
  en: { 'auto.f.channel': 'Channel', 'auto.f.text': 'Text', 'auto.f.blocks': 'Blocks', 'auto.f.thread': 'Thread', 'auto.f.username': 'Shown as', 'auto.f.name': 'Name', 'auto.f.purpose': 'Purpose', 'auto.f.topic': 'Topic', 'auto.f.private': 'Private', 'auto.f.creator': 'Creator', 'auto.f.members': 'Members', 'auto.f.users': 'People', 'auto.f.user': 'Person', 'auto.f.function': 'Function', 'auto.f.for': 'For', 'auto.f.until': 'Until', 'auto.f.at': 'At', 'auto.f.zone': 'Time zone', 'auto.f.event': 'Event', 'auto.f.where': 'Conditions', 'auto.f.on': 'Path to match', 'auto.f.equals': 'Must equal', 'auto.f.timeout': 'At most', 'auto.f.parts': 'Shares', 'auto.f.question': 'Question', 'auto.f.url': 'Address', 'auto.f.method': 'Method', 'auto.f.headers': 'Headers', 'auto.f.body': 'Body', 'auto.f.expect': 'Statuses that are fine', 'auto.f.seconds': 'Seconds', 'auto.f.deal': 'Deal', 'auto.f.stage': 'Stage', 'auto.f.amount': 'Amount', 'auto.f.owner': 'Owner', 'auto.f.subject': 'Subject', 'auto.f.days': 'Days', 'auto.f.segment': 'Segment', 'auto.f.metric': 'Metric', 'auto.f.campaign': 'Campaign', 'auto.f.of': 'Whom to ask', 'auto.f.fields': 'Fields of the form', 'auto.f.list': 'List', 'auto.f.do': 'Step for each item', 'auto.f.automation': 'Automation', 'auto.f.recipe': 'Recipe', 'auto.f.most': 'At most', 'auto.f.inputs': 'Values to pass', 'auto.f.wait': 'Wait for its end', 'auto.f.values': 'Values', 'auto.f.needed': 'Votes needed', 'auto.f.not_self': 'Not whoever caused it', 'auto.f.emoji': 'Emoji', 'auto.f.contains': 'Contains', 'auto.f.prop': 'Property', 'auto.f.above': 'Rises above', 'auto.f.below': 'Falls below', 'auto.f.type': 'Type', 'auto.f.title': 'Title', 'auto.f.required': 'Required', 'auto.f.choices': 'Choices', 'auto.f.about': 'About', 'auto.f.due_in': 'Due in', 'auto.f.signature': 'Signature header', 'auto.f.card': 'Card name', 'auto.f.direction': 'Direction', 'auto.f.alert': 'Alert', 'auto.f.item': 'Item', 'auto.f.priority': 'Priority', 'auto.f.due_date': 'Due', 'auto.f.probability': 'Probability', 'auto.f.value': 'Value', 'auto.f.limit': 'At most', 'auto.f.order': 'Order', 'auto.f.line_item': 'Line item', 'auto.f.kind': 'Kind', 'auto.f.traits': 'Traits', 'auto.f.person': 'Person', 'auto.f.account': 'Account', 'auto.f.ts': 'Message', 'auto.f.query': 'Question', 'auto.f.note': 'Note', 'auto.f.status': 'Status', 'auto.f.reason': 'Reason', 'auto.f.due': 'Due' },
});

// Names with values.
const Pairs = {
  props: ['value', 'change', 'scope', 'number'],
  setup(p) {
    const entries = () => Object.entries(p.value ?? {});
    const set = (i, name, value) => p.change(Object.fromEntries(entries().map((one, j) => j === i ? [name, value] : one)));
    return () => html`<div class="auto-filters">${entries().map(([name, value], i) => html`<div class="auto-pairing" key=${i}><input class="input" aria-label=${t('auto.key')} value=${name} @change=${e => set(i, e.target.value.trim(), value)} />
      ${value !== null && typeof value === 'object' ? html`<${Json} value=${value} rows=${3} change=${v => set(i, name, v)} />` : html`<${Holes} value=${p.number ? String(value) : textOf(value)} scope=${p.number ? null : p.scope} plain=${p.number} label=${name} change=${text => set(i, name, p.number ? Number(text) || 0 : valueOf(text))} />`}
      <button type="button" class="btn ghost ico sm" aria-label=${t('form.remove', { name })} @click=${() => p.change(Object.fromEntries(entries().filter((_, j) => j !== i)))}>${icon('x', 14)}</button></div>`)}
      <button type="button" class="btn sm ghost auto-add" @click=${() => p.change({ ...p.value, [free(p.value, p.number ? 'c' : 'name')]: p.number ? 50 : '' })}>${icon('plus', 14)}${t('auto.pair')}</button></div>`;
  },
};
const free = (taken, base) => { for (let n = 1; ; n++) { const name = n === 1 ? base : base + n; if (!(name in (taken ?? {}))) return name; } };

// A list of small records, a box for each.
const Rows = {
  props: ['value', 'change', 'fields', 'scope', 'errors', 'place'],
  setup(p) {
    const list = () => Array.isArray(p.value) ? p.value : [];
    const set = (i, name, value) => p.change(list().map((one, j) => { if (j !== i) return one; const next = { ...one, [name]: value }; if (value === undefined) delete next[name]; return next; }));
    return () => html`<div class="auto-rows">${list().map((one, i) => html`<div class="auto-rowbox" key=${i}>${p.fields.map(field => html`<${Input} key=${field.name} field=${field} value=${one[field.name]} change=${value => set(i, field.name, value)} scope=${p.scope} error=${p.errors?.(`${p.place}[${i}].${field.name}`)} errors=${p.errors} place=${`${p.place}[${i}].${field.name}`} />`)}
      <button type="button" class="btn sm ghost" @click=${() => p.change(list().filter((_, j) => j !== i))}>${icon('x', 14)}${t('auto.droprow')}</button></div>`)}
      <button type="button" class="btn sm ghost auto-add" @click=${() => p.change([...list(), Object.fromEntries(p.fields.filter(it => it.required).map(it => [it.name, '']))])}>${icon('plus', 14)}${t('auto.addrow')}</button></div>`;
  },
};

// JSON as text: what is no JSON yet stays as it is typed and says so.
export const Json = {
  props: ['id', 'value', 'change', 'rows', 'label', 'invalid', 'describedby', 'scope'],
  setup(p) {
    const own = ref(null), wrong = ref(false);
    const written = () => own.value ?? (p.value === undefined ? '' : typeof p.value === 'string' && /^\{\{.*\}\}$/s.test(p.value) ? p.value : JSON.stringify(p.value, null, 1));
    function take(text) {
      own.value = text; wrong.value = false;
      if (!text.trim()) { p.change(undefined); return; }
      if (/^\s*\{\{[^]*\}\}\s*$/.test(text) && !/^\s*\{\{\s*"/.test(text)) { p.change(text.trim()); return; }
      try { p.change(JSON.parse(text)); } catch { wrong.value = true; }
    }
    return () => html`<div><${Holes} id=${p.id} value=${written()} rows=${p.rows ?? 4} mono=${true} scope=${p.scope} label=${p.label} invalid=${p.invalid || wrong.value} describedby=${p.describedby} change=${take} blur=${() => { if (!wrong.value) own.value = null; }} />
      ${wrong.value && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${t('auto.wrongjson')}</p>`}</div>`;
  },
};
