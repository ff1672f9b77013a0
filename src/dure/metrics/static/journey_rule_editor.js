// A stage's rule in fields: one or several ways in, each an event so many times within a time, or a trait of the person.
import { html, api, load, t, icon } from '../web/kit.js';
import { Names, NameInput } from './inputs.js';
import { timeOf } from './journey_rule.js';
import './journey_words.js';

const OPS = ['=', '!=', 'in', 'not_in', 'contains', '>', '>=', '<', '<=', 'set', 'not_set'], TRAIT_OPS = OPS.filter(op => !['!=', 'not_in', 'not_set'].includes(op));
const WITHIN = ['1h', '1d', '3d', '7d', '14d', '30d', '90d'], NUMERIC = ['>', '>=', '<', '<='];
let serial = 0;

export const RuleEditor = {
  props: ['rule', 'change', 'traits'],
  setup: p => () => {
    const ways = p.rule.any ?? [p.rule];
    const put = list => p.change(list.length === 1 ? list[0] : { any: list });
    const set = (i, one) => put(ways.map((w, k) => k === i ? one : w));
    return html`<fieldset class="jn-rule stack"><legend>${t('jn.rule')}</legend>${ways.map((way, i) => html`<div key=${i}>${i > 0 && html`<span class="mut sm jn-or">${t('jn.anyof')}</span>`}<${Way} way=${way} traits=${p.traits} change=${one => set(i, one)} remove=${ways.length > 1 && (() => put(ways.filter((_, k) => k !== i)))} /></div>`)}
      ${ways.length < 5 && html`<button type="button" class="btn sm ghost" @click=${() => put([...ways, { event: '' }])}>${icon('plus', 14)}${t('jn.addrule')}</button>`}</fieldset>`;
  },
};

const Way = {
  props: ['way', 'change', 'remove', 'traits'],
  setup(p) {
    const list = `jn-props-${++serial}`;
    const props = load(signal => p.way.event ? api.get('/events/properties', { signal, query: { event: p.way.event === '*' ? '' : p.way.event } }) : null, { watch: () => p.way.event });
    const edit = part => p.change({ ...p.way, ...part });
    const where = (i, one) => edit({ where: one ? p.way.where.map((w, k) => k === i ? one : w) : p.way.where.filter((_, k) => k !== i) });
    const kind = fields => html`<div class="row"><select class="input grow" aria-label=${t('jn.rule')} @change=${e => p.change(e.target.value === 'trait' ? { trait: { prop: 'person.', op: '=', value: '' } } : { event: '' })}><option value="event" selected=${!p.way.trait}>${t('jn.event')}</option><option value="trait" selected=${!!p.way.trait}>${t('jn.trait')}</option></select>
      ${p.remove && html`<button type="button" class="btn ghost ico sm" aria-label=${t('mx.remove')} title=${t('mx.remove')} @click=${p.remove}>${icon('x', 14)}</button>`}</div>${fields}`;
    const trait = () => html`<${Names} id=${list} names=${(p.traits ?? []).filter(one => one.name.startsWith('person.'))} /><${Condition} list=${list} ops=${TRAIT_OPS} of=${p.way.trait} change=${one => p.change({ trait: one })} />`;
    const event = () => html`<${Names} id=${list} names=${props.data?.properties} /><${NameInput} list="jn-events" label=${t('jn.eventname')} placeholder=${t('jn.eventname')} value=${p.way.event} change=${v => edit({ event: v })} />
      <div class="row jn-count"><label class="row sm"><span class="mut">${t('jn.atleast')}</span><input class="input num" type="number" min="1" max="1000" value=${p.way.at_least ?? 1} @change=${e => edit({ at_least: Math.max(1, Math.round(+e.target.value) || 1) })} /></label>
        <label class="row sm grow"><span class="mut nowrap">${t('jn.within')}</span><select class="input grow" @change=${e => edit({ within: e.target.value || null })}><option value="" selected=${!p.way.within}>${t('jn.ever')}</option>${[...new Set([...WITHIN, ...(p.way.within ? [p.way.within] : [])])].map(v => html`<option key=${v} value=${v} selected=${v === p.way.within}>${timeOf(v)}</option>`)}</select></label></div>
      ${(p.way.where ?? []).map((one, i) => html`<${Condition} key=${i} list=${list} ops=${OPS} of=${one} change=${v => where(i, v)} remove=${() => where(i, null)} />`)}
      <button type="button" class="btn sm ghost" @click=${() => edit({ where: [...(p.way.where ?? []), { prop: '', op: '=', value: '' }] })}>${icon('filter', 14)}${t('jn.addwhere')}</button>`;
    return () => html`<div class="jn-way stack">${kind(p.way.trait ? trait() : event())}</div>`;
  },
};

const Condition = {
  props: ['of', 'ops', 'list', 'change', 'remove'],
  setup(p) {
    const many = op => op === 'in' || op === 'not_in', bare = op => op === 'set' || op === 'not_set';
    const values = load(signal => p.of.prop && !p.of.prop.endsWith('.') ? api.get('/events/values', { signal, query: { prop: p.of.prop } }) : null, { watch: () => p.of.prop });
    // A number is compared as one; a list is typed with commas.
    const read = (op, text) => bare(op) ? null : many(op) ? text.split(',').map(one => one.trim()).filter(Boolean) : NUMERIC.includes(op) && text.trim() !== '' && Number.isFinite(+text) ? +text : text;
    const shown = () => Array.isArray(p.of.value) ? p.of.value.join(', ') : String(p.of.value ?? '');
    const change = (prop, op, text) => p.change({ prop, op, ...(bare(op) ? {} : { value: read(op, text) }) });
    return () => html`<div class="jn-where"><input class="input" type="text" list=${p.list} aria-label=${t('jn.prop')} placeholder=${t('jn.prop')} value=${p.of.prop} autocomplete="off" @change=${e => change(e.target.value.trim(), p.of.op, shown())} />
      <select class="input" aria-label=${t('jn.op')} @change=${e => change(p.of.prop, e.target.value, shown())}>${p.ops.map(op => html`<option key=${op} value=${op} selected=${op === (p.of.op ?? '=')}>${op.replace('_', ' ')}</option>`)}</select>
      ${!bare(p.of.op) && html`<span class="jn-value"><datalist id=${p.list + 'v'}>${(values.data?.values ?? []).slice(0, 30).map(v => html`<option key=${v.value} value=${v.value}></option>`)}</datalist><input class="input" type="text" list=${p.list + 'v'} aria-label=${t('jn.value')} placeholder=${t('jn.value')} value=${shown()} autocomplete="off" @change=${e => change(p.of.prop, p.of.op, e.target.value)} /></span>`}
      ${p.remove && html`<button type="button" class="btn ghost ico sm" aria-label=${t('mx.remove')} title=${t('mx.remove')} @click=${p.remove}>${icon('x', 14)}</button>`}</div>`;
  },
};
