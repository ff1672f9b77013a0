// The forecast's figures: a line for each period, owner or stage, by stage beside by model with its interval.
import { html, money, t } from '../../web/kit.js';
import './words.js';

const CATEGORIES = ['closed', 'commit', 'most_likely', 'best_case', 'pipeline'];

// Where the two forecasts lie on one scale: the model's interval as a bar, its middle and the stage's sum as marks.
const Range = {
  props: ['row', 'top', 'currency'],
  setup: p => () => {
    const at = v => Math.max(0, Math.min(100, v / p.top * 100)), m = p.row.model;
    const said = [`${t('fc.weighted')} ${money(p.row.weighted, p.currency)}`, m && `${t('fc.model')} ${money(m.expected, p.currency)} (${money(m.low, p.currency)} – ${money(m.high, p.currency)})`].filter(Boolean).join('\n');
    return html`<span class="fc-range" role="img" aria-label=${said} title=${said}>${m && html`<i class="fc-band" style=${`left:${at(m.low)}%;width:${Math.max(at(m.high) - at(m.low), 0.6)}%`}></i><i class="fc-mid" style=${`left:${at(m.expected)}%`}></i>`}<i class="fc-stage" style=${`left:${at(p.row.weighted)}%`}></i></span>`;
  },
};

export const Figures = {
  props: ['rows', 'head', 'name', 'currency', 'total', 'categories', 'label'],
  setup: p => () => {
    const shown = p.categories ? CATEGORIES.filter(c => c !== 'most_likely' || p.total.categories.most_likely) : [], top = Math.max(1, ...p.rows.map(r => Math.max(r.weighted, r.model?.high ?? 0)));
    const line = (r, name, strong) => html`<tr key=${name} class=${strong ? 'fc-total' : ''}><th scope="row">${name}</th>
      ${shown.map(c => html`<td key=${c} class=${'r num' + (r.categories[c] ? '' : ' mut')}>${r.categories[c] ? money(r.categories[c], p.currency) : '–'}</td>`)}
      <td class="r num">${t('fc.deals', { n: r.deals })}</td><td class="r num"><b>${money(r.weighted, p.currency)}</b></td>
      <td class="r num">${r.model ? html`<b>${money(r.model.expected, p.currency)}</b>` : html`<span class="mut">–</span>`}</td>
      <td class="fc-range-cell">${strong ? r.model && html`<span class="mut sm num nowrap">${t('fc.range', { low: money(r.model.low, p.currency), high: money(r.model.high, p.currency) })}</span>` : html`<${Range} row=${r} top=${top} currency=${p.currency} />`}</td></tr>`;
    return html`<div class="fc-scroll" data-scroll role="region" tabindex="0" aria-label=${p.label}><table class="table small fc-figures"><caption class="sr">${p.label}</caption><thead><tr><th scope="col">${p.head}</th>${shown.map(c => html`<th key=${c} scope="col" class="r">${t('fc.' + c)}</th>`)}
      <th scope="col" class="r">${t('fc.open')}</th><th scope="col" class="r"><i class="fc-key fc-stage"></i>${t('fc.weighted')}</th><th scope="col" class="r"><i class="fc-key fc-mid"></i>${t('fc.model')}</th><th scope="col">${t('fc.interval')}</th></tr></thead>
      <tbody>${p.rows.map(r => line(r, p.name(r), false))}${line(p.total, t('fc.total'), true)}</tbody></table></div>`;
  },
};
