// Whose voice is heard how much: ours beside competitors', by mentions, people and reach, each with its interval.
import { color, html, Line, Loaded, num, Panel, percent, ref, short, shortDate, t } from '../web/kit.js';

const BY = ['mentions', 'people', 'reach'];

export const Share = {
  props: ['board'],
  setup(p) {
    const by = ref('mentions');
    const heard = data => { const named = data.voices.filter(v => v.role); return named.length ? named : data.voices; };
    const starts = data => data.voices[0].series.map((_, i) => shortDate(new Date(Date.parse(data.since) + i * { hour: 3_600_000, day: 86_400_000, week: 604_800_000 }[data.step])));
    const tools = () => html`<span class="seg" role="group" aria-label=${t('hear.by')}>${BY.map(name => html`<button type="button" key=${name} aria-pressed=${String(by.value === name)} @click=${() => { by.value = name; }}>${t('hear.' + name)}</button>`)}</span>`;
    const row = (v, i) => { const at = v.between[by.value]; return html`<tr key=${v.id}><th scope="row"><span class="row"><i class="hear-key" style=${{ background: color(i) }}></i><b class="cut">${v.name}</b>${v.role && html`<span class="tag">${t('hear.' + v.role)}</span>`}</span></th>
      <td class="hear-range"><span class="hear-track big"><i style=${{ width: v.share[by.value] * 100 + '%', background: color(i) }}></i>${at && html`<b style=${{ left: at[0] * 100 + '%', width: Math.max((at[1] - at[0]) * 100, 0.4) + '%' }}></b>`}</span></td>
      <td class="r num"><b>${percent(v.share[by.value], 1)}</b></td><td class="r num mut nowrap">${at ? `${percent(at[0], 1)} – ${percent(at[1], 1)}` : '–'}</td>
      <td class="r num">${num(v.mentions)}</td><td class="r num">${short(v.people)}</td><td class="r num">${short(v.reach)}</td><td class="r num mut">${v.mentions ? percent(v.negative / v.mentions, 0) : '–'}</td></tr>`; };
    const show = data => html`<${Panel} title=${t('hear.share')} note=${t('hear.sharenote')} tools=${tools()}><table class="table small hear-share"><thead><tr><th scope="col">${t('hear.name')}</th><th scope="col"></th><th scope="col" class="r">${t('hear.shareof')}</th><th scope="col" class="r">${t('hear.interval')}</th>
      ${['mentions', 'people', 'reach', 'negative'].map(name => html`<th scope="col" key=${name} class="r">${t('hear.' + name)}</th>`)}</tr></thead><tbody>${heard(data).map(row)}</tbody></table>
      <${Line} label=${t('hear.share')} height=${180} x=${starts(data)} format=${v => num(v)} unfinished=${1} series=${heard(data).map((v, i) => ({ name: v.name, values: v.series, color: color(i), dash: i }))} /><//>`;
    return () => html`<div class="hear-page"><${Loaded} of=${p.board} skeleton="chart" empty=${data => !data.voices.length && { icon: 'chart', title: t('hear.noshare'), body: t('hear.nosharebody') }} show=${show} /></div>`;
  },
};
