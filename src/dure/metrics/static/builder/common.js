// What every question has: its range, whom it counts, its segment, its conditions and its time zone.
import { html, icon, isoDay, t } from '../../web/kit.js';
import { daysBack } from '../drafts.js';
import { segmentNames, zoneNames } from '../names.js';
import { Combobox } from './combobox.js';
import { Filters, newFilter } from './filters.js';
import { Choice, Labelled, choices, useWrong } from './fields.js';
import './words.js';

// Whole months, counted from this one: 0 is this month.
function month(back) {
  const [year, number] = isoDay(Date.now()).split('-').map(Number), at = m => new Date(Date.UTC(year, number - 1 - m, 1, 12));
  return { from: isoDay(at(back).toISOString().slice(0, 10)), to: back ? isoDay(new Date(at(back - 1) - 86_400_000).toISOString().slice(0, 10)) : isoDay(Date.now()) };
}
const presets = () => [
  [t('b.today'), daysBack(1)], ...[7, 30, 90].map(n => [t('b.last', { n }), daysBack(n)]), [t('b.months', { n: 12 }), daysBack(365)],
  [t('b.thismonth'), month(0)], [t('b.lastmonth'), month(1)],
];

export const Range = {
  props: ['question', 'taken', 'set'],
  setup: p => () => {
    const q = { ...p.taken, ...p.question }, day = (name, label) => html`<${Labelled} label=${label} field=${name}><input class="input" type="date"
      value=${(q[name] ?? '').slice(0, 10)}
      @change=${e => { if (e.target.value) p.set({ from: q.from ?? e.target.value, to: q.to ?? e.target.value, [name]: e.target.value }); }} /><//>`;
    return html`<h3>${t('b.range')}</h3><div class="b-presets" role="group"
      aria-label=${t('b.range')}>${presets().map(([text, range]) => html`<button type="button" key=${text} class="btn sm"
      aria-pressed=${String(q.from === range.from && q.to === range.to)} @click=${() => p.set(range)}>${text}</button>`)}</div>
      <div class="b-two">${day('from', t('b.from'))}${day('to', t('b.to'))}</div>`;
  },
};

export const Whom = {
  props: ['question', 'set'],
  setup(p) {
    const wrongAt = useWrong();
    return () => {
      const q = p.question, set = p.set;
      return html`<h3>${t('b.whom')}</h3><div class="b-two">
          <${Choice} label=${t('b.by')} field="by" value=${q.by ?? 'person'} options=${choices(['person', 'account', 'object'])} change=${by => set({ by })} />
          <${Labelled} group=${true} label=${t('b.segment')} field="segment"><${Combobox} label=${t('b.segment')}
            placeholder=${t('b.everyone')} value=${q.segment} strict=${true}
            wrong=${wrongAt('segment')} list=${segmentNames} first=${[{ value: '', label: t('b.everyone') }]}
              change=${segment => set({ segment: segment || undefined })} /><//></div>
        <${Filters} where=${q.where} event="" field="where" change=${where => set({ where: where.length ? where : undefined })} />
        <button type="button" class="btn sm ghost b-add" @click=${() => set({ where: newFilter(q.where) })}>${icon('filter', 14)}${t('b.where')}</button>
        <${Labelled} group=${true} label=${t('b.zone')} field="timezone"><${Combobox} label=${t('b.zone')} placeholder=${t('b.zoneown')}
          value=${q.timezone} wrong=${wrongAt('timezone')}
          list=${zoneNames} change=${timezone => set({ timezone: timezone || undefined })} /><//>`;
    };
  },
};
