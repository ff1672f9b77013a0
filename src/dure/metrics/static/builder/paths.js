// What follows what.
import { html, t } from '../../web/kit.js';
import { eventNames, propertyNames, propertyValues } from '../names.js';
import { Combobox, Several } from './combobox.js';
import { Choice, Duration, Labelled, Whole, choices } from './fields.js';

export function paths(q, set) {
  const nodes = () => q.prop ? propertyValues(q.prop, q.events?.length === 1 ? q.events[0] : '') : eventNames();
  const end = (name, label) => html`<${Labelled} group=${true} label=${label} field=${name}><${Combobox} label=${label}
    placeholder=${t('b.anywhere')} value=${q[name]}
    list=${nodes} change=${v => set({ [name]: v || undefined, ...(name === 'end' && !v ? { align: undefined } : {}) })} /><//>`;
  return html`<h3>${t('b.pathevents')}</h3><${Labelled} group=${true} field="events"><${Several} label=${t('b.pathevents')}
    placeholder=${q.events?.length ? t('b.event') : t('b.pathall')} values=${q.events}
      list=${eventNames} change=${events => set({ events: events.length ? events : undefined })} /><//>
    <div class="b-two">${end('start', t('b.pathstart'))}${end('end', t('b.pathend'))}
      <${Labelled} group=${true} label=${t('b.nodes')} field="prop"><${Combobox} label=${t('b.nodes')} placeholder=${t('b.byevent')}
        value=${q.prop} list=${() => propertyNames(q.events?.[0] ?? '')}
        change=${prop => set({ prop: prop || undefined, start: undefined, end: undefined })} /><//>
      <${Duration} label=${t('b.gap')} field="gap" choices=${['5m', '15m', '30m', '1h', '2h', '1d']} value=${q.gap ?? '30m'} change=${gap => set({ gap })} />
      ${q.end && html`<${Choice} label=${t('b.align')} field="align" value=${q.align ?? 'start'}
        options=${choices(['start', 'end'], 'b.align.')} change=${align => set({ align: align === 'end' ? align : undefined })} />`}
      <${Whole} label=${t('b.pathsteps')} field="steps" min="2" max="20" value=${q.steps ?? 5} change=${steps => set({ steps })} />
      <${Whole} label=${t('b.edges')} field="edges" min="1" max="1000" value=${q.edges ?? 50} change=${edges => set({ edges })} /></div>`;
}
