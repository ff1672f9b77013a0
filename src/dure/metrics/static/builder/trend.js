// Numbers over time: what is counted of which events, and what is made of the lines.
import { html, icon, t } from '../../web/kit.js';
import { NEEDS_PROP } from '../drafts.js';
import { propertyNames } from '../names.js';
import { Breakdown } from './breakdown.js';
import { Combobox } from './combobox.js';
import { Check, Choice, Labelled, Text, choices, intervals, weekStart } from './fields.js';
import { Selector } from './selector.js';

const MATHS = ['count', 'people', 'per_person', 'sum', 'average', 'median', 'p90', 'min', 'max'];
const LETTERS = 'ABCDEFGHIJ';

export function trend(q, set) {
  const put = (i, series) => set({ series: q.series.map((one, k) => k === i ? series : one) });
  const drop = i => set({ series: q.series.filter((_, k) => k !== i), formula: undefined });
  const measure = (s, i) => html`<div class="b-two"><${Choice} bare=${true} label=${t('b.math')} value=${s.math ?? 'count'} options=${choices(MATHS, 'm.')}
      change=${math => put(i, { ...s, math, prop: NEEDS_PROP.includes(math) ? s.prop : undefined })} />
    ${NEEDS_PROP.includes(s.math) && html`<${Labelled} group=${true} field=${`series[${i}].prop`}><${Combobox} label=${t('b.prop')}
      value=${s.prop} wrong=${!!s.event && !s.prop} placeholder=${t('b.prop')} list=${() => propertyNames(s.event)} change=${prop => put(i, { ...s, prop: prop || undefined })} /><//>`}</div>`;
  return html`<h3>${t('b.series')}</h3>${q.series.map((s, i) => html`<${Selector} key=${i} value=${s} letter=${LETTERS[i]} any=${true} field=${`series[${i}]`}
      change=${one => put(i, one)} remove=${q.series.length > 1 ? () => drop(i) : null}>${measure(s, i)}<//>`)}
    ${q.series.length < LETTERS.length && html`<button type="button" class="btn sm ghost b-add"
      @click=${() => set({ series: [...q.series, { event: '', math: 'count' }] })}>${icon('plus', 14)}${t('b.addseries')}</button>`}
    ${(q.series.length > 1 || q.formula) && html`<${Text} label=${t('b.formula')} field="formula" placeholder=${t('b.formulahint')}
      value=${q.formula} change=${formula => set({ formula })} />`}
    <div class="b-two">${intervals(q, set)}${weekStart(q, set)}
      <${Choice} label=${t('b.moving')} field="moving_average" value=${q.moving_average ?? 0}
        options=${[...new Set([0, 3, 7, 14, 28, q.moving_average ?? 0])].map(n => [n, n ? t('b.movingn', { n }) : t('b.movingoff')])}
        change=${n => set({ moving_average: n || undefined })} /></div>
    <${Check} label=${t('b.compare')} value=${q.compare} change=${on => set({ compare: on ? 'previous' : undefined })} />
    <${Breakdown} question=${q} set=${set} event=${q.series[0]?.event} />`;
}
