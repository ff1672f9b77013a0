// Who came back after they began.
import { html, t } from '../../web/kit.js';
import { Breakdown } from './breakdown.js';
import { Check, Choice, Text, Whole, choices, intervals, weekStart } from './fields.js';
import { Selector } from './selector.js';

export function retention(q, set) {
  const numbers = text => [...new Set((text ?? '').split(/[\s,]+/).map(Number).filter(n => Number.isInteger(n) && n > 0))].sort((a, b) => a - b);
  return html`<h3>${t('b.start')}</h3><${Selector} value=${q.start} any=${true} label=${t('b.start')} field="start" change=${start => set({ start })}>
      <${Check} label=${t('b.firsttime')} value=${q.start.first_time} change=${on => set({ start: { ...q.start, first_time: on || undefined } })} /><//>
    <h3>${t('b.return')}</h3><${Selector} value=${q.return} any=${true} label=${t('b.return')} placeholder=${t('b.anyevent')} field="return"
      change=${back => set({ return: back })} />
    <div class="b-two">${intervals(q, set)}<${Whole} label=${t('b.intervals')} field="intervals" min="1" max="400" value=${q.intervals ?? 8}
      change=${n => set({ intervals: n })} />
      <${Choice} label=${t('b.mode')} field="mode" value=${q.mode ?? 'calendar'} options=${choices(['calendar', 'rolling'])} change=${mode => set({ mode })} />
      <${Choice} label=${t('b.measure')} field="measure" value=${q.measure ?? 'on'} options=${choices(['on', 'on_or_after', 'bracket'])}
        change=${measure => set({ measure })} />
      ${q.measure === 'bracket' && html`<${Text} label=${t('b.brackets')} field="brackets" value=${(q.brackets ?? [1, 3, 7, 14]).join(', ')}
        change=${text => set({ brackets: numbers(text) })} />`}
      <${Whole} label=${t('b.minimum')} field="minimum" min="1" max="1000" value=${q.minimum ?? 1}
        change=${minimum => set({ minimum })} />${weekStart(q, set)}</div>
    <${Breakdown} question=${q} set=${set} event=${q.start.event} />`;
}
