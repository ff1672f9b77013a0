// Small fields of the forms: a length of time, a time of day, an event with conditions. What the server refuses is said at the
// field it names: errors(place) gives the sentence.
import { api, Holes, html, icon, ref, t, words } from '../../web/kit.js';
import { DAYS } from '../words.js';
import { parts } from './journey.js';

words({
  ko: {
    'camp.op.=w': '같다', 'camp.op.!=w': '같지 않다', 'camp.op.>w': '보다 크다', 'camp.op.>=w': '이상', 'camp.op.<w': '보다 작다', 'camp.op.<=w': '이하', 'camp.op.inw': '가운데 하나', 'camp.op.not_inw': '가운데 없다', 'camp.op.containsw': '들어 있다', 'camp.op.setw': '값이 있다', 'camp.op.not_setw': '값이 없다',
    'camp.prop': '속성', 'camp.op': '비교', 'camp.value': '값', 'camp.commas': '쉼표로 나눔', 'camp.addwhere': '조건 추가', 'camp.dropwhere': '조건 빼기', 'camp.event': '이벤트', 'camp.unit': '단위', 'camp.amount': '길이', 'camp.clock': '시각', 'camp.days': '요일', 'camp.clockof': '누구의 시간', 'camp.key': '이름', 'camp.addpair': '줄 추가', 'camp.droppair': '줄 빼기',
    'camp.un.m': '분', 'camp.un.h': '시간', 'camp.un.d': '일', 'camp.un.w': '주',
  },
  en: {
    'camp.op.=w': 'is', 'camp.op.!=w': 'is not', 'camp.op.>w': 'is more than', 'camp.op.>=w': 'is at least', 'camp.op.<w': 'is less than', 'camp.op.<=w': 'is at most', 'camp.op.inw': 'is one of', 'camp.op.not_inw': 'is none of', 'camp.op.containsw': 'contains', 'camp.op.setw': 'is known', 'camp.op.not_setw': 'is not known',
    'camp.prop': 'Property', 'camp.op': 'Comparison', 'camp.value': 'Value', 'camp.commas': 'with commas between', 'camp.addwhere': 'Add a condition', 'camp.dropwhere': 'Remove the condition', 'camp.event': 'Event', 'camp.unit': 'Unit', 'camp.amount': 'Length', 'camp.clock': 'Time of day', 'camp.days': 'Days', 'camp.clockof': 'Whose clock', 'camp.key': 'Name', 'camp.addpair': 'Add a line', 'camp.droppair': 'Remove the line',
    'camp.un.m': 'minutes', 'camp.un.h': 'hours', 'camp.un.d': 'days', 'camp.un.w': 'weeks',
  },
});

export const OPS = ['=', '!=', '>', '>=', '<', '<=', 'in', 'not_in', 'contains', 'set', 'not_set'];
const LISTS = new Set(['in', 'not_in']), ALONE = new Set(['set', 'not_set']);

// A labelled line around whatever stands in it, with what is wrong below.
export const Line = {
  props: ['label', 'hint', 'error'],
  setup: (p, { slots }) => () => html`<div class=${'field' + (p.error ? ' wrong' : '')}>${p.label && html`<span class="camp-label">${p.label}</span>`}${slots.default?.()}${p.hint && html`<p class="hint">${p.hint}</p>`}${p.error && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${p.error}</p>`}</div>`,
};

export const Length = {
  props: ['label', 'value', 'change', 'error', 'hint', 'name'],
  setup: p => () => {
    const [n, unit] = parts(p.value), set = (amount, as) => p.change(amount === '' || amount == null ? null : `${amount}${as}`);
    return html`<${Line} label=${p.label} error=${p.error} hint=${p.hint}><div class="row"><input class="input num camp-amount" type="number" min="1" step="1" name=${p.name} aria-label=${p.label ?? t('camp.amount')} value=${n ?? ''} @input=${e => set(e.target.value, unit)} />
      <select class="input camp-unit" aria-label=${t('camp.unit')} value=${unit} @change=${e => set(n ?? 1, e.target.value)}>${['m', 'h', 'd', 'w'].map(one => html`<option key=${one} value=${one} selected=${one === unit}>${t('camp.un.' + one)}</option>`)}</select></div><//>`;
  },
};

export const Seg = {
  props: ['label', 'value', 'options', 'change'],
  setup: p => () => html`<div class="seg" role="group" aria-label=${p.label}>${p.options.map(([value, text]) => html`<button type="button" key=${String(value)} aria-pressed=${String(value === p.value)} @click=${() => p.change(value)}>${text}</button>`)}</div>`,
};

// {time, days, zone}
export const Until = {
  props: ['value', 'change', 'error', 'plain'],
  setup: p => () => {
    const it = p.value ?? {}, set = more => p.change({ ...it, ...more });
    return html`<div class="camp-until"><${Line} label=${t('camp.clock')} error=${p.error}><input class="input num" type="time" aria-label=${t('camp.clock')} value=${it.time ?? ''} @input=${e => set({ time: e.target.value })} /><//>
      <${Line} label=${t('camp.days')}><${Days} value=${it.days} change=${days => set({ days })} /><//>
      ${!p.plain && html`<${Line} label=${t('camp.clockof')}><${Seg} label=${t('camp.clockof')} value=${it.zone ?? 'workspace'} options=${[['person', t('camp.w.personzone')], ['workspace', t('camp.w.workzone')]]} change=${zone => set({ zone })} /><//>`}</div>`;
  },
};
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
export const Days = {
  props: ['value', 'change'],
  setup: p => () => html`<div class="seg camp-days" role="group" aria-label=${t('camp.days')}>${WEEK.map(day => html`<button type="button" key=${day} aria-pressed=${String((p.value ?? []).includes(day))} @click=${() => { const next = WEEK.filter(one => one === day ? !(p.value ?? []).includes(day) : (p.value ?? []).includes(one)); p.change(next.length ? next : null); }}>${DAYS()[day]}</button>`)}</div>`,
};

// What has been seen in the log: names of events, their properties. Where they cannot be had, one types.
const kept = new Map();
function asked(path, read) {
  const known = kept.get(path);
  if (known && Date.now() - known.at < 60_000) return known.list;
  const list = known?.list ?? ref([]);
  kept.set(path, { at: Date.now(), list });
  api.get(path, { quiet: true }).then(found => { list.value = read(found); }, () => { list.value = []; });
  return list;
}
const listed = found => (Array.isArray(found) ? found : Object.values(found).find(Array.isArray) ?? []).map(one => typeof one === 'string' ? { value: one, label: one } : { value: one.name ?? one.event ?? one.prop, label: one.name ?? one.event ?? one.prop, hint: one.hint ?? one.type ?? '' }).filter(one => one.value);
export const eventNames = () => asked('/events/names', listed).value;
export const propertiesOf = event => asked('/events/properties' + (event && event !== '*' ? '?event=' + encodeURIComponent(event) : ''), listed).value;

// "12" is a number, "true" a switch; what is in quotes stays a text.
export const valueOf = text => { const clean = text.trim(); return /^-?\d+(\.\d+)?$/.test(clean) ? Number(clean) : clean === 'true' || clean === 'false' ? clean === 'true' : /^"(.*)"$/s.test(clean) ? clean.slice(1, -1) : text; };
export const textOf = value => value == null ? '' : typeof value === 'string' && /^(-?\d+(\.\d+)?|true|false)$/.test(value.trim()) ? `"${value}"` : String(value);

// One condition: what is looked at, how, with what it is compared.
export const Condition = {
  props: ['value', 'change', 'props', 'drop', 'error'],
  setup(p) {
    const own = ref(null);
    const withOp = op => { const { value, ...rest } = p.value; p.change(ALONE.has(op) ? { ...rest, op } : { ...rest, op, value: LISTS.has(op) ? Array.isArray(value) ? value : value == null || value === '' ? [] : [value] : Array.isArray(value) ? value[0] ?? '' : value ?? '' }); };
    const typed = text => { own.value = text; p.change({ ...p.value, value: LISTS.has(p.value.op) ? text.split(',').map(one => one.trim()).filter(Boolean).map(valueOf) : valueOf(text) }); };
    const said = () => own.value ?? (Array.isArray(p.value.value) ? p.value.value.map(textOf).join(', ') : textOf(p.value.value));
    return () => html`<div class=${'camp-where' + (p.error ? ' wrong' : '')}><${Holes} value=${p.value.prop ?? ''} plain=${true} options=${p.props} label=${t('camp.prop')} placeholder=${t('camp.prop')} change=${prop => p.change({ ...p.value, prop })} />
      <select class="input" aria-label=${t('camp.op')} value=${p.value.op ?? '='} @change=${e => withOp(e.target.value)}>${OPS.map(op => html`<option key=${op} value=${op} selected=${op === (p.value.op ?? '=')}>${t(`camp.op.${op}w`)}</option>`)}</select>
      ${ALONE.has(p.value.op) ? html`<span></span>` : html`<${Holes} value=${said()} plain=${true} label=${t('camp.value')} placeholder=${t(LISTS.has(p.value.op) ? 'camp.commas' : 'camp.value')} change=${typed} blur=${() => { own.value = null; }} />`}
      ${p.drop && html`<button type="button" class="btn ghost ico sm" aria-label=${t('camp.dropwhere')} title=${t('camp.dropwhere')} @click=${p.drop}>${icon('x', 14)}</button>`}
      ${p.error && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${p.error}</p>`}</div>`;
  },
};

// {event, where}
export const EventOf = {
  props: ['label', 'value', 'change', 'errors', 'place', 'name'],
  setup(p) {
    const it = () => p.value ?? { event: '' }, where = () => it().where ?? [];
    const put = (i, one) => p.change({ ...it(), where: where().map((old, j) => j === i ? one : old) });
    return () => html`<${Line} label=${p.label ?? t('camp.event')} error=${p.errors?.(p.place) || p.errors?.(p.place + '.event')}><div class="camp-event">
      <${Holes} id=${p.name} value=${it().event ?? ''} plain=${true} options=${eventNames()} label=${p.label ?? t('camp.event')} placeholder=${t('camp.event')} change=${event => p.change({ ...it(), event })} />
      ${where().map((one, i) => html`<${Condition} key=${i} value=${one} props=${propertiesOf(it().event)} change=${next => put(i, next)} drop=${() => p.change({ ...it(), where: where().filter((_, j) => j !== i) })} error=${p.errors?.(`${p.place}.where[${i}]`)} />`)}
      <button type="button" class="btn sm ghost camp-add" @click=${() => p.change({ ...it(), where: [...where(), { prop: '', op: '=', value: '' }] })}>${icon('plus', 13)}${t('camp.addwhere')}</button></div><//>`;
  },
};

// Names with templates.
export const Pairs = {
  props: ['value', 'change', 'scope', 'label', 'error'],
  setup(p) {
    const list = () => Object.entries(p.value ?? {});
    const put = (i, name, value) => p.change(Object.fromEntries(list().map((one, j) => j === i ? [name, value] : one)));
    const free = () => { for (let n = 1; ; n++) { const name = n === 1 ? 'name' : 'name' + n; if (!(name in (p.value ?? {}))) return name; } };
    return () => html`<${Line} label=${p.label} error=${p.error}><div class="camp-event">${list().map(([name, value], i) => html`<div class="camp-pair" key=${i}><input class="input" aria-label=${t('camp.key')} value=${name} @change=${e => put(i, e.target.value.trim() || name, value)} /><${Holes} value=${typeof value === 'string' ? value : JSON.stringify(value)} scope=${p.scope} label=${name} change=${text => put(i, name, text)} />
      <button type="button" class="btn ghost ico sm" aria-label=${t('camp.droppair')} title=${t('camp.droppair')} @click=${() => p.change(Object.fromEntries(list().filter((_, j) => j !== i)))}>${icon('x', 14)}</button></div>`)}
      <button type="button" class="btn sm ghost camp-add" @click=${() => p.change({ ...p.value, [free()]: '' })}>${icon('plus', 13)}${t('camp.addpair')}</button></div><//>`;
  },
};
