// The bar of a board: range, comparison, breakdown and conditions. It lives in the address, so that a link carries it.
import { html, api, askForm, icon, isoDay, load, setQuery, t } from '../web/kit.js';
import { NameInput, Names } from './inputs.js';
import './board_words.js';

const OPS = ['=', '!=', 'in', 'not_in', 'contains', '>', '>=', '<', '<=', 'set', 'not_set'];
const MANY = new Set(['in', 'not_in']), BARE = new Set(['set', 'not_set']);

// The bar out of an address's query, as the server reads it.
export function barOf(query) {
  const bar = {}, isDay = text => /^\d{4}-\d\d-\d\d$/.test(text ?? '');
  if (isDay(query.from)) bar.from = query.from;
  if (isDay(query.to)) bar.to = query.to;
  if (!bar.from && !bar.to) bar.last = Math.max(1, Math.min(1500, Number(query.last) || 30));
  try { const where = JSON.parse(query.where ?? '[]'); if (Array.isArray(where) && where.length) bar.where = where; } catch { /* an address somebody cut off: without conditions */ }
  if (query.breakdown) bar.breakdown = query.breakdown;
  if (query.compare === 'previous') bar.compare = 'previous';
  return bar;
}

// The query of a bar, for addresses and for the tiles' door.
export const asQuery = bar => ({ last: bar.last ?? null, from: bar.from ?? null, to: bar.to ?? null, breakdown: bar.breakdown ?? null, compare: bar.compare ?? null, where: bar.where?.length ? JSON.stringify(bar.where) : null });

// The days a bar covers, for annotations.
export function daysOf(bar) {
  const today = isoDay(Date.now());
  return bar.last ? { from: isoDay(Date.now() - (bar.last - 1) * 86400000), to: today } : { from: bar.from ?? isoDay(Date.now() - 29 * 86400000), to: bar.to ?? today };
}

const said = f => BARE.has(f.op) ? `${f.prop} ${f.op}` : `${f.prop} ${f.op} ${[].concat(f.value).join(', ')}`;

function typed(text) { return text !== '' && !Number.isNaN(Number(text)) ? Number(text) : text; }

async function askCondition() {
  return askForm({
    title: t('bd.filter'), submitLabel: t('bd.filter'), values: { op: '=' },
    fields: [
      { name: 'prop', label: t('bd.prop'), required: true, autofocus: true }, { name: 'op', label: t('bd.op'), type: 'select', required: true, options: OPS },
      { name: 'value', label: t('bd.value'), hint: t('bd.valuehint'), when: v => !BARE.has(v.op) },
    ],
  });
}

export const Bar = {
  props: ['bar', 'fixed'],   // fixed: nothing but the dates may be changed
  setup(p) {
    const names = load(signal => api.get('/events/properties', { signal }), { now: true });
    const set = change => setQuery(asQuery({ ...p.bar, ...change }));
    const lasting = n => set({ last: n, from: undefined, to: undefined });
    const dated = (name, value) => { const { from, to } = daysOf(p.bar); set({ last: undefined, from, to, [name]: value || undefined }); };
    const add = async () => {
      const v = await askCondition();
      if (!v) return;
      const values = String(v.value ?? '').split(',').map(x => x.trim()).filter(Boolean).map(typed);
      set({ where: [...(p.bar.where ?? []), { prop: v.prop.trim(), op: v.op, ...(BARE.has(v.op) ? {} : { value: MANY.has(v.op) ? values : typed(String(v.value ?? '').trim()) }) }] });
    };
    const drop = i => set({ where: p.bar.where.filter((_, k) => k !== i) });
    const day = (name, label) => html`<label class="row bd-day"><span class="mut sm">${label}</span><input class="input" type="date" value=${daysOf(p.bar)[name]} @change=${e => e.target.value && dated(name, e.target.value)} /></label>`;
    return () => html`<div class="bd-bar" role="group" aria-label=${t('bd.bar')}><${Names} id="bd-props" names=${names.data?.properties} />
      <div class="seg">${[7, 30, 90].map(n => html`<button type="button" key=${n} aria-pressed=${String(p.bar.last === n)} @click=${() => lasting(n)}>${t('bd.last', { n })}</button>`)}</div>
      ${day('from', t('bd.from'))}${day('to', t('bd.to'))}
      <label class="row sm bd-check"><input type="checkbox" checked=${p.bar.compare === 'previous'} @change=${e => set({ compare: e.target.checked ? 'previous' : undefined })} />${t('bd.compare')}</label>
      <span class="bd-split"><${NameInput} list="bd-props" label=${t('bd.split')} placeholder=${t('bd.split')} value=${p.bar.breakdown ?? ''} change=${v => { if (v !== (p.bar.breakdown ?? '')) set({ breakdown: v || undefined }); }} remove=${p.bar.breakdown && (() => set({ breakdown: undefined }))} /></span>
      ${(p.bar.where ?? []).map((f, i) => html`<span class="tag bd-filter" key=${i}>${said(f)}<button type="button" aria-label=${t('bd.unfilter', { name: f.prop })} @click=${() => drop(i)}>${icon('x', 12)}</button></span>`)}
      <button type="button" class="btn sm ghost" @click=${add}>${icon('filter', 14)}${t('bd.filter')}</button></div>`;
  },
};
