// Questions about what brings value: attribution, lifetime value, correlation.
import { html, t } from '../../web/kit.js';
import { eventNames, propertyNames } from '../names.js';
import { Breakdown } from './breakdown.js';
import { Combobox, Several } from './combobox.js';
import { Check, Choice, Duration, Labelled, Whole, choices, intervals, weekStart } from './fields.js';
import { Selector } from './selector.js';

export const MODELS = ['first', 'last', 'last_non_direct', 'linear', 'participation', 'u', 'j', 'inverse_j', 'time_decay'];
const LOOK = ['events', 'properties', 'traits'];

const property = (q, set, name, label, event) => html`<${Labelled} group=${true} label=${label} field=${name}><${Combobox} label=${label}
  placeholder=${t('b.prop')} value=${q[name]} wrong=${!!event && !q[name]}
  list=${() => propertyNames(event ?? '')} change=${v => set({ [name]: v })} /><//>`;
const several = (q, set, name, label, list) => html`<${Labelled} group=${true} label=${label} field=${name}><${Several} label=${label}
  values=${q[name]} list=${list}
  change=${values => set({ [name]: values.length ? values : undefined })} /><//>`;

export const attribution = (q, set) => html`<h3>${t('b.conversion')}</h3><${Selector} value=${q.conversion} label=${t('b.conversion')}
  field="conversion" change=${conversion => set({ conversion })} />
  <h3>${t('b.touch')}</h3><${Selector} value=${q.touch} any=${true} label=${t('b.touch')} field="touch" change=${touch => set({ touch })} />
  <div class="b-two">${property(q, set, 'prop', t('b.creditprop'), q.touch.event)}
    <${Duration} label=${t('b.lookback')} field="lookback" choices=${['1d', '7d', '14d', '30d', '60d', '90d']} value=${q.lookback ?? '30d'}
      change=${lookback => set({ lookback })} />
    <${Choice} label=${t('b.model')} field="model" value=${q.model ?? 'last'} options=${choices(MODELS, 'model.')} change=${model => set({ model })} />
    <${Choice} label=${t('b.which')} field="which" value=${q.which ?? 'every'} options=${choices(['every', 'first', 'last'], 'b.which.')}
      change=${which => set({ which: which === 'every' ? undefined : which })} /></div>`;

export const lifetimeValue = (q, set) => html`<h3>${t('b.purchase')}</h3><${Selector} value=${q.purchase} label=${t('b.purchase')}
  field="purchase" change=${purchase => set({ purchase })} />
  ${property(q, set, 'prop', t('b.money'), q.purchase.event)}
  <h3>${t('b.ltvstart')}</h3><${Selector} value=${q.start} label=${t('b.ltvstart')} field="start"
    change=${start => set({ start: start.event || start.where ? start : undefined })} />
  <div class="b-two">${intervals(q, set)}<${Whole} label=${t('b.intervals')} field="intervals" min="1" max="400" value=${q.intervals ?? 12}
    change=${n => set({ intervals: n })} />${weekStart(q, set)}</div>
  <${Breakdown} question=${q} set=${set} event=${q.purchase.event} />`;

export function correlation(q, set) {
  const look = q.look ?? ['events', 'traits'];
  const turn = (name, on) => set({ look: LOOK.filter(one => one === name ? on : look.includes(one)) });
  return html`<h3>${t('b.start')}</h3><${Selector} value=${q.start} any=${true} label=${t('b.start')} field="start" change=${start => set({ start })} />
    <h3>${t('b.goal')}</h3><${Selector} value=${q.goal} label=${t('b.goal')} field="goal" change=${goal => set({ goal })} />
    <h3>${t('b.look')}</h3><${Labelled} group=${true} field="look"><div class="row wrap">${LOOK.map(name => html`<${Check} key=${name}
      label=${t('b.look.' + name)} value=${look.includes(name)} change=${on => turn(name, on)} />`)}</div><//>
    ${look.includes('events') && several(q, set, 'events', t('b.candidates'), eventNames)}
    ${look.length > 0 && several(q, set, 'props', t('b.candprops'), () => propertyNames(''))}
    <div class="b-two"><${Duration} label=${t('b.window')} field="window" value=${q.window ?? '7d'} change=${window => set({ window })} />
      <${Choice} label=${t('b.exposure')} field="exposure" value=${q.exposure ?? 'window'} options=${choices(['window', 'matched'], 'b.exposure.')}
        change=${exposure => set({ exposure: exposure === 'window' ? undefined : exposure })} />
      <${Whole} label=${t('b.least')} field="minimum" min="1" max="1000000" value=${q.minimum ?? 20} change=${minimum => set({ minimum })} />
      <${Whole} label=${t('b.rows')} field="limit" min="1" max="200" value=${q.limit ?? 50} change=${limit => set({ limit })} /></div>`;
}
