// A metric of the catalogue, as it is defined or over another interval.
import { html, t } from '../../web/kit.js';
import { metricNames } from '../names.js';
import { Breakdown } from './breakdown.js';
import { Combobox } from './combobox.js';
import { Check, Choice, Labelled, choices } from './fields.js';

export const metric = (q, set) => html`<h3>${t('b.metricname')}</h3><${Labelled} group=${true} field="metric"><${Combobox}
  label=${t('b.metricname')} value=${q.metric} strict=${true} clears=${false}
    list=${metricNames} change=${id => set({ metric: id })} /><//>
  <div class="b-two"><${Choice} label=${t('b.interval')} field="interval" value=${q.interval ?? ''}
    options=${[['', t('b.own')], ...choices(['hour', 'day', 'week', 'month'])]} change=${v => set({ interval: v || undefined })} /></div>
  <${Check} label=${t('b.compare')} value=${q.compare} change=${on => set({ compare: on ? 'previous' : undefined })} /><${Breakdown}
    question=${q} set=${set} />`;
