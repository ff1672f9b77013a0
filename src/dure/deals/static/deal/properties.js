// A record's fields, each changed where it stands: Enter or leaving saves, Escape leaves it as it was.
import { html, date, dateTime, exact, icon, inLang, nextTick, num, reactive, ref, t, toast, words } from '../../web/kit.js';
import { nameOfUser, userOptions } from '../create.js';
import { fromForm, isMoney, labelled, toForm, valueOf } from '../data.js';

words({
  ko: { 'dp.empty': '비어 있음', 'dp.edit': '{name} 바꾸기', 'dp.yes': '예', 'dp.no': '아니요', 'dp.more': '모든 항목', 'dp.less': '줄여 보기', 'dp.bylines': '품목의 합계입니다', 'dp.none': '(없음)' },
  en: { 'dp.empty': 'empty', 'dp.edit': 'Change {name}', 'dp.yes': 'Yes', 'dp.no': 'No', 'dp.more': 'All fields', 'dp.less': 'Fewer', 'dp.bylines': 'The sum of its products', 'dp.none': '(none)' },
});

// A field's value as a reader sees it.
export function shown(record, field, { people, accounts, stages } = {}) {
  const v = valueOf(record, field);
  if (v === null || v === undefined || v === '' || (Array.isArray(v) && !v.length) || (v === 0 && field.name === 'size')) return null;
  if (field.name === 'stage') return inLang(stages?.get(v)?.name ?? v);
  if (field.reference === 'user') return Array.isArray(v) ? v.map(one => nameOfUser(people, one)).join(', ') : nameOfUser(people, v);
  if (field.reference === 'account') return record.account_name || accounts?.get(v) || v;
  if (isMoney(field)) return exact(v, record.currency || undefined);
  if (field.type === 'percent') return num(v, 1) + '%';
  if (field.type === 'number') return num(v, 4);
  if (field.type === 'date') return date(v, { weekday: false });
  if (field.type === 'datetime') return dateTime(v);
  if (field.type === 'boolean') return t(v ? 'dp.yes' : 'dp.no');
  if (field.type === 'url') return html`<a href=${/^https?:/.test(v) ? v : 'https://' + v} target="_blank" rel="noopener">${v}</a>`;
  if (field.type === 'email') return html`<a href=${'mailto:' + v}>${v}</a>`;
  return Array.isArray(v) ? v.join(', ') : String(v);
}

const NATIVE = { date: 'date', email: 'email', url: 'url' };

// One value that becomes its own field when it is clicked. save(values) → promise; it throws what the server refuses.
export const Editable = {
  props: ['record', 'field', 'people', 'accounts', 'stages', 'save', 'locked'],
  setup(p) {
    const box = ref(), at = reactive({ on: false, text: null, busy: false });
    const begin = e => { e.stopPropagation(); if (e.target.closest('a')) return; at.on = true; at.text = toForm(p.record, p.field) ?? ''; nextTick(() => { const input = box.value?.querySelector('[data-edit]'); input?.focus(); input?.select?.(); }); };
    const leave = back => { at.on = false; if (back) nextTick(() => box.value?.querySelector('button')?.focus()); };
    async function keep(value, back) {
      if (at.busy || !at.on) return;
      const f = p.field, typed = ['number', 'money', 'percent'].includes(f.type) ? (String(value).trim() === '' ? null : Number(String(value).replace(/[,\s]/g, ''))) : f.type === 'multi_picklist' && typeof value === 'string' ? value.split(',').map(v => v.trim()).filter(Boolean) : value;
      const next = fromForm(typed, f, p.record.currency);
      if (String(next ?? '') === String(valueOf(p.record, f) ?? '')) { leave(back); return; }
      at.busy = true;
      try { await p.save({ [f.name]: next }, p.record); leave(back); } catch (error) { toast.error(error); } finally { at.busy = false; }
    }
    // What is typed is kept, or a change that comes in meanwhile would draw the field as it was.
    const typing = e => { at.text = e.target.value; };
    const keys = e => { if (e.isComposing) return; e.stopPropagation(); if (e.key === 'Escape') leave(true); else if (e.key === 'Enter' && (p.field.type !== 'long_text' || e.metaKey || e.ctrlKey)) { e.preventDefault(); keep(e.target.value, true); } };
    const options = f => f.name === 'stage' ? [...p.stages.values()].filter(s => s.pipeline === p.record.pipeline && s.active).map(s => ({ value: s.key, label: inLang(s.name) })) : f.reference === 'user' ? userOptions(p.people)
      : f.reference === 'account' ? [{ value: '', label: t('dp.none') }, ...(p.accounts ?? [])] : f.type === 'boolean' ? [{ value: true, label: t('dp.yes') }, { value: false, label: t('dp.no') }] : [...(f.required ? [] : ['']), ...f.options].map(o => ({ value: o, label: o || t('dp.none') }));
    const editor = f => {
      const shared = { 'data-edit': true, class: 'input', 'aria-label': labelled(f), disabled: at.busy };
      if (f.type === 'boolean' || f.name === 'stage' || ['user', 'account'].includes(f.reference) || (f.type === 'picklist' && !f.open)) {
        const list = options(f), now = list.findIndex(o => o.value === at.text);
        return html`<select ...${shared} @keydown=${e => { e.stopPropagation(); if (e.key === 'Escape') leave(true); }} @blur=${() => { if (!at.busy) leave(); }} @change=${e => keep(list[+e.target.value].value, true)}>${now < 0 && html`<option value="-1" selected=${true}></option>`}${list.map((o, i) => html`<option key=${i} value=${i} selected=${i === now}>${o.label}</option>`)}</select>`;
      }
      if (f.type === 'long_text') return html`<textarea ...${shared} rows="4" value=${at.text} @input=${typing} @keydown=${keys} @blur=${e => keep(e.target.value)}></textarea>`;
      return html`<input ...${shared} type=${NATIVE[f.type] ?? 'text'} list=${f.options.length ? 'o-' + f.name : null} value=${Array.isArray(at.text) ? at.text.join(', ') : at.text} @input=${typing} @keydown=${keys} @blur=${e => keep(e.target.value)} />${f.options.length > 0 && html`<datalist id=${'o-' + f.name}>${f.options.map(o => html`<option key=${o} value=${o}></option>`)}</datalist>`}`;
    };
    return () => {
      const f = p.field, value = shown(p.record, f, { people: p.people, stages: p.stages, accounts: new Map((p.accounts ?? []).map(a => [a.value, a.label])) }) ?? html`<span class="mut">${t('dp.empty')}</span>`;
      return html`<span class="deals-cell" ref=${box}>${at.on ? editor(f) : !f.writable || p.locked ? html`<span class="deals-value fixed" title=${p.locked ? t('dp.bylines') : null}>${value}</span>`
        : html`<button type="button" class="deals-value" data-field=${f.name} aria-label=${t('dp.edit', { name: labelled(f) })} @click=${begin}><span>${value}</span>${icon('edit', 12)}</button>`}</span>`;
    };
  },
};

export const Properties = {
  // `names` are the fields to show, in order; accounts is [{value, label}]; `locked` names fields that something else sets.
  props: ['record', 'fields', 'names', 'people', 'accounts', 'save', 'locked'],
  setup: p => () => html`<dl class="deals-props">${p.names.filter(name => p.fields.has(name)).map(name => html`<div key=${name} class="deals-prop"><dt>${labelled(p.fields.get(name))}</dt>
    <dd><${Editable} record=${p.record} field=${p.fields.get(name)} people=${p.people} accounts=${p.accounts} save=${p.save} locked=${p.locked?.includes(name)} /></dd></div>`)}</dl>`,
};
