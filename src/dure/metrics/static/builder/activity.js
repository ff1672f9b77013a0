// Questions about being active at all: lifecycle, stickiness, sessions.
import { html, t } from '../../web/kit.js';
import { eventNames } from '../names.js';
import { Breakdown } from './breakdown.js';
import { Combobox } from './combobox.js';
import { Duration, Labelled, intervals, useWrong, weekStart } from './fields.js';

const Which = {
  props: ['question', 'set'],
  setup(p) {
    const wrongAt = useWrong();
    return () => html`<h3>${t('b.event')}</h3><${Labelled} group=${true} field="event"><${Combobox} label=${t('b.event')}
      value=${p.question.event ?? '*'} wrong=${wrongAt('event')} list=${eventNames}
      first=${[{ value: '*', label: t('b.anyevent') }]} change=${event => p.set({ event: event || '*' })} /><//>`;
  },
};

export const lifecycle = (q, set) => html`<${Which} question=${q} set=${set} /><div class="b-two">${intervals(q, set)}${weekStart(q, set)}</div>`;
export const stickiness = lifecycle;

export const sessions = (q, set) => html`<${Which} question=${q} set=${set} />
  <div class="b-two"><${Duration} label=${t('b.gap')} field="gap" choices=${['5m', '15m', '30m', '1h', '2h', '6h']} value=${q.gap ?? '30m'}
    change=${gap => set({ gap })} />${intervals(q, set)}${weekStart(q, set)}</div>
  <${Breakdown} question=${q} set=${set} event=${q.event} />`;
