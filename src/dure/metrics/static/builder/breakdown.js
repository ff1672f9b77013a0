// Splitting an answer by a property. A funnel also says whose value counts.
import { html, icon, t } from '../../web/kit.js';
import { propertyNames } from '../names.js';
import { Combobox } from './combobox.js';
import { Choice, Labelled, Whole, choices, useWrong } from './fields.js';
import './words.js';

const LIMIT = 8;

export const Breakdown = {
  props: ['question', 'set', 'event', 'attributed'],
  setup(p) {
    const wrongAt = useWrong();
    const put = part => p.set({ breakdown: { ...p.question.breakdown, ...part } });
    const attributed = (b, steps) => html`<div class="b-two"><${Choice} label=${t('b.attributed')} field="breakdown.attribution"
      value=${b.attribution ?? 'first'}
        options=${choices(['first', 'last', 'all', 'step'], 'b.at.')}
          change=${attribution => put({ attribution, step: attribution === 'step' ? b.step ?? 0 : undefined })} />
      ${b.attribution === 'step' && html`<${Choice} label=${t('b.atstep')} field="breakdown.step" value=${b.step ?? 0}
        options=${steps.map((s, i) => [i, `${i + 1}. ${s.event}`])} change=${step => put({ step })} />`}</div>`;
    return () => {
      const b = p.question.breakdown;
      return html`<h3>${t('b.breakdown')}</h3><${Labelled} group=${true} field="breakdown.prop"><div class="b-line"><${Combobox}
        label=${t('b.breakdown')} placeholder=${t('b.none')}
          value=${b?.prop} wrong=${wrongAt('breakdown.prop')} list=${() => propertyNames(p.event ?? '')}
            change=${prop => p.set({ breakdown: prop ? { limit: LIMIT, ...b, prop } : undefined })} />
          ${b && html`<button type="button" class="btn ghost ico sm" aria-label=${`${t('b.clear')}: ${t('b.breakdown')}`}
            title=${t('b.clear')} @click=${() => p.set({ breakdown: undefined })}>${icon('x', 14)}</button>`}</div><//>
        ${b && html`<div class="b-two"><${Whole} label=${t('b.limit')} field="breakdown.limit" min="1" max="200" value=${b.limit ?? 25}
          change=${limit => put({ limit })} /></div>`}
        ${b && p.attributed && attributed(b, p.question.steps)}`;
    };
  },
};
