// One condition in a row: what somebody did, who they are, what is known of them.
import { html, icon, t } from '../../web/kit.js';
import { Combobox, Several } from '../../metrics/builder/combobox.js';
import { inWords } from '../../metrics/builder/fields.js';
import { Selector } from '../../metrics/builder/selector.js';
import { durationOf } from '../../metrics/drafts.js';
import { metricNames, propertyNames, propertyValues, segmentNames } from '../../metrics/names.js';
import { campaignNames } from './names.js';
import { put } from './rule.js';

const LENGTHS = ['1h', '6h', '1d', '3d', '7d', '14d', '28d', '30d', '60d', '90d', '180d', '365d'];
const TRAIT_OPS = ['=', '!=', 'in', 'not_in', 'contains', '>', '>=', '<', '<=', 'set', 'not_set'];

const Select = { props: ['label', 'value', 'options', 'change'],
  setup: p => () => html`<select class="input" aria-label=${p.label} @change=${e => p.change(p.options[e.target.selectedIndex][0])}>${p.options.map(([value, text]) =>
    html`<option key=${String(value)} value=${String(value)} selected=${value === p.value}>${text}</option>`)}</select>` };

// A number as it is typed; nothing is `none`.
const Amount = { props: ['label', 'value', 'change', 'min', 'step', 'none'],
  setup: p => () => html`<input class="input num seg-n" type="number" aria-label=${p.label} min=${p.min} step=${p.step ?? 'any'} value=${p.value ?? ''} placeholder=${p.none ?? ''}
    @input=${e => { const n = e.target.value === '' ? null : Number(e.target.value); if (n === null ? p.none != null : Number.isFinite(n)) p.change(n); }} />` };

const Length = { props: ['label', 'value', 'change', 'none'],
  setup: p => () => html`<span class="seg-len"><${Combobox} label=${p.label} placeholder=${p.none} value=${p.value ?? ''} clears=${false} show=${v => v ? inWords(v) : p.none} read=${text => text === p.none ? '' : durationOf(text)}
    first=${p.none ? [{ value: '', label: p.none }] : []} list=${() => ({ items: LENGTHS.map(value => ({ value })) })} change=${value => p.change(value || null)} /></span>` };

const word = text => html`<span class="mut sm nowrap">${text}</span>`;
const labels = (values, prefix) => values.map(v => [v, t(prefix + v)]);
const OPS = () => [['>=', '≥'], ['>', '>'], ['<=', '≤'], ['<', '<'], ['=', '=']];

// The window: the last so long, or ever; and on demand up to so long ago.
const Window = { props: ['value', 'set'],
  setup: p => () => html`<span class="row seg-window">${word(t('sb.in'))}<${Length} label=${t('sb.within')} none=${t('sb.ever')} value=${p.value.within} change=${within => p.set({ within })} />
    ${p.value.before ? html`${word(t('sb.until'))}<${Length} label=${t('sb.before')} none=${t('sb.now')} value=${p.value.before} change=${before => p.set({ before })} />`
      : html`<button type="button" class="btn ghost sm" title=${t('sb.beforehint')} @click=${() => p.set({ before: '7d' })}>${t('sb.notnow')}</button>`}</span>` };

// How many: at least so many, or from one number to another.
const Many = { props: ['value', 'set', 'unit', 'step', 'min'],
  setup: p => () => html`<span class="row"><${Amount} label=${t('sb.atleast')} min=${p.min ?? 0} step=${p.step} value=${p.value.at_least ?? 1} change=${at_least => p.set({ at_least })} />
    ${word('–')}<${Amount} label=${t('sb.atmost')} min="0" step=${p.step} none="∞" value=${p.value.at_most} change=${at_most => p.set({ at_most })} />${p.unit}</span>` };

const event = (r, set, at, any = true) => html`<${Selector} value=${{ event: r.event ?? '', where: r.where }} label=${t('sb.event')} any=${any} field=${at} change=${v => set({ event: v.event, where: v.where?.length ? v.where : null })} />`;
// Korean says what is meant after the length, English around it.
const around = (key, control) => { const [before, after] = t(key).split('…').map(part => part.trim()); return html`${before && word(before)}${control}${after && word(after)}`; };
const ago = (r, set) => html`<span class="row">${around('sb.overlong', html`<${Length} label=${t('sb.over')} none=${t('sb.nolimit')} value=${r.over} change=${over => set({ over })} />`)}
  ${around('sb.underlong', html`<${Length} label=${t('sb.under')} none=${t('sb.nolimit')} value=${r.under} change=${under => set({ under })} />`)}</span>`;

const EDITORS = {
  did: (r, set, at) => html`${event(r, set, at)}<div class="row wrap seg-more"><${Many} step="1" value=${r} set=${set} unit=${html`<${Select} label=${t('sb.measure')} value=${r.measure ?? 'times'}
    options=${labels(['times', 'days'], 'sb.m.')} change=${measure => set({ measure })} />`} /><${Window} value=${r} set=${set} /></div>`,
  last_seen: (r, set, at) => html`${event({ ...r, event: r.event ?? '*' }, set, at)}<div class="row wrap seg-more">${ago(r, set)}</div>`,
  first_seen: (r, set, at) => html`${event({ ...r, event: r.event ?? '*' }, set, at)}<div class="row wrap seg-more">${ago(r, set)}</div>`,
  frequency: (r, set, at) => html`${event(r, set, at)}<div class="row wrap seg-more"><${Many} value=${r} set=${set} unit=${word(t('sb.times'))} />
    <${Select} label=${t('sb.how')} value=${!!r.every} options=${[[false, t('sb.onaverage')], [true, t('sb.inevery')]]} change=${every => set({ every: every || null })} />
    <${Select} label=${t('sb.per')} value=${r.per ?? 'week'} options=${labels(['day', 'week', 'month'], 'sb.p.')} change=${per => set({ per })} />
    ${word(t('sb.overlast'))}<${Amount} label=${t('sb.periods')} min="1" step="1" value=${r.periods ?? 4} change=${periods => set({ periods })} />${word(t('sb.ps.' + (r.per ?? 'week')))}</div>`,
  amount: (r, set, at) => html`${event(r, set, at)}<div class="row wrap seg-more"><${Select} label=${t('sb.taken')} value=${r.measure ?? 'sum'} options=${labels(['sum', 'average', 'min', 'max'], 'sb.a.')} change=${measure => set({ measure })} />
    ${word(t('sb.of'))}<span class="seg-prop"><${Combobox} label=${t('sb.prop')} placeholder=${t('sb.prop')} value=${r.prop} list=${() => propertyNames(r.event ?? '')} change=${prop => set({ prop })} /></span>
    <${Select} label=${t('sb.op')} value=${r.op ?? '>='} options=${OPS()} change=${op => set({ op })} /><${Amount} label=${t('sb.value')} value=${r.value} change=${value => set({ value })} />
    <${Window} value=${r} set=${set} /></div>`,
  sequence: (r, set, at) => html`<div class="stack seg-steps">${r.steps.map((step, i) => html`<${Selector} key=${'s' + i} value=${step} letter=${String(i + 1)} label=${t('sb.step')} any=${true} field=${`${at}.steps[${i}]`}
      change=${v => set({ steps: r.steps.map((one, k) => k === i ? v : one) })} remove=${r.steps.length > 2 ? () => set({ steps: r.steps.filter((_, k) => k !== i) }) : null} />`)}
    ${(r.without ?? []).map((step, i) => html`<${Selector} key=${'w' + i} value=${step} letter="≠" label=${t('sb.without')} field=${`${at}.without[${i}]`}
      change=${v => set({ without: r.without.map((one, k) => k === i ? v : one) })} remove=${() => set({ without: r.without.length > 1 ? r.without.filter((_, k) => k !== i) : null })} />`)}</div>
    <div class="row wrap seg-more">${r.steps.length < 6 && html`<button type="button" class="btn ghost sm" @click=${() => set({ steps: [...r.steps, { event: '' }] })}>${icon('plus', 13)}${t('sb.addstep')}</button>`}
      <button type="button" class="btn ghost sm" @click=${() => set({ without: [...(r.without ?? []), { event: '' }] })}>${icon('plus', 13)}${t('sb.addwithout')}</button>
      ${word(t('sb.span'))}<${Length} label=${t('sb.span')} none=${t('sb.nolimit')} value=${r.span} change=${span => set({ span })} />
      ${word(t('sb.in'))}<${Length} label=${t('sb.within')} none=${t('sb.ever')} value=${r.within} change=${within => set({ within })} /></div>`,
  trait: (r, set) => {
    const owner = r.of === 'account' ? 'account.' : 'person.', values = () => propertyValues(owner + r.prop, ''), many = ['in', 'not_in'].includes(r.op);
    const traits = () => { const all = propertyNames(''); return { ...all, items: all.items.filter(it => it.value.startsWith(owner)).map(it => ({ ...it, value: it.value.slice(owner.length) })) }; };
    const op = next => set({ op: next, value: ['set', 'not_set'].includes(next) ? null : ['in', 'not_in'].includes(next) ? [r.value].flat().filter(v => v != null && v !== '') : [r.value].flat()[0] ?? '' });
    return html`<div class="row wrap"><span class="seg-prop"><${Combobox} label=${t('sb.trait')} placeholder=${t('sb.trait')} value=${r.prop} list=${traits} change=${prop => set({ prop })} /></span>
      <${Select} label=${t('sb.op')} value=${r.op ?? '='} options=${TRAIT_OPS.map(one => [one, t('op.' + one)])} change=${op} />
      ${!['set', 'not_set'].includes(r.op) && html`<span class="seg-prop">${many ? html`<${Several} label=${t('sb.value')} values=${r.value} list=${values} change=${value => set({ value })} />`
        : html`<${Combobox} label=${t('sb.value')} placeholder=${t('sb.value')} value=${r.value} list=${values} change=${value => set({ value })} />`}</span>`}</div>`;
  },
  share: (r, set) => html`<div class="row wrap"><${Amount} label=${t('sb.share')} min="0" value=${Number((r.share * 100).toFixed(2))} change=${n => set({ share: n / 100 })} />${word('%')}
    ${word(t('sb.startat'))}<${Amount} label=${t('sb.startat')} min="0" value=${Number(((r.start ?? 0) * 100).toFixed(2))} change=${n => set({ start: n ? n / 100 : null })} />${word('%')}
    ${word(t('sb.seed'))}<input class="input seg-prop" aria-label=${t('sb.seed')} value=${r.seed ?? 'share'} @input=${e => set({ seed: e.target.value })} /></div>`,
  in: (r, set) => html`<span class="seg-wide"><${Combobox} label=${t('sb.segment')} placeholder=${t('sb.segment')} value=${r.segment} strict=${true} list=${segmentNames} change=${segment => set({ segment })} /></span>`,
  metric: (r, set) => html`<div class="row wrap"><span class="seg-wide"><${Combobox} label=${t('sb.metric')} placeholder=${t('sb.metric')} value=${r.metric} strict=${true} list=${metricNames} change=${metric => set({ metric })} /></span>
    <${Select} label=${t('sb.op')} value=${r.op ?? '>='} options=${OPS()} change=${op => set({ op })} /><${Amount} label=${t('sb.value')} value=${r.value} change=${value => set({ value })} /><${Window} value=${r} set=${set} /></div>`,
  campaign: (r, set) => html`<div class="row wrap"><${Select} label=${t('sb.what')} value=${r.what ?? 'got'} options=${labels(['got', 'opened', 'clicked', 'held', 'entered', 'skipped'], 'sb.c.')} change=${what => set({ what })} />
    <span class="seg-wide"><${Combobox} label=${t('sb.campaign')} value=${r.campaign ?? ''} strict=${true} first=${[{ value: '', label: t('sb.anycampaign') }]} list=${campaignNames} change=${campaign => set({ campaign })} /></span>
    <${Window} value=${r} set=${set} /></div>`,
  counted: r => html`<div class="row wrap mut sm">${icon('chart', 14)}<span>${t('sb.countedkind', { kind: r.question.kind })}</span></div>`,
  listed: () => html`<span class="mut sm">${t('seg.byhand')}</span>`,
};

export const Leaf = {
  props: ['value', 'change', 'place'],
  setup: p => () => EDITORS[p.value.kind](p.value, part => p.change(put(p.value, part)), p.place),
};
