// One metric's part of a result: the arms' values, the picture of intervals, and the numbers behind it on demand.
import { Badge, html, num, Panel, percent, ref, t } from '../web/kit.js';
import { Intervals, relative } from './intervals.js';
import { armName, lifted, metricName, moved, probability, shown, TONE } from './words.js';

export const Measured = {
  props: ['metric', 'design', 'wide', 'silent'],
  setup(p) {
    const open = ref(false);
    const arm = (name, reading, finding) => html`<tr key=${name}><th scope="row">${armName(p.design, name)}</th><td class="num r"><b>${shown(p.metric.kind, reading.value)}</b></td>
      <td class="num r mut">${num(reading.people)}</td><td>${finding && html`<${Badge} kind=${TONE[finding]} text=${t('exp.v.' + finding)} />`}</td></tr>`;
    const span = (kind, i) => i ? `${moved(kind, i.low)} – ${moved(kind, i.high)}` : '–';
    const each = (kind, i) => i ? `${shown(kind, i.low)} – ${shown(kind, i.high)}` : '–';
    const details = c => html`<dl class="facts sm" key=${c.arm}><dt>${armName(p.design, c.arm)}</dt><dd></dd>
      <dt>${t('exp.change')}</dt><dd class="num">${c.difference ? moved(p.metric.kind, c.difference.value) : t('exp.noest')} · ${relative(c)}</dd>
      <dt>${t('exp.always')}</dt><dd class="num">${span(p.metric.kind, c.anytime)}</dd><dt>${t('exp.once')}</dt><dd class="num">${span(p.metric.kind, c.once)}</dd>
      ${c.newcombe && html`<dt>${t('exp.newcombe')}</dt><dd class="num">${span(p.metric.kind, c.newcombe)}</dd>`}
      ${c.log_ratio && html`<dt>${t('exp.logratio')}</dt><dd class="num">${lifted(c.log_ratio.low)} – ${lifted(c.log_ratio.high)}</dd>`}${c.fieller && html`<dt>${t('exp.fieller')}</dt><dd class="num">${lifted(c.fieller.low)} – ${lifted(c.fieller.high)}</dd>`}
      ${c.treated.exact && html`<dt>${t('exp.exact')}</dt><dd class="num">${each(p.metric.kind, c.control.exact)} · ${each(p.metric.kind, c.treated.exact)}</dd>`}
      <dt>${t('exp.p')}</dt><dd class="num">${probability(c.p)}${c.corrected != null && c.corrected !== c.p && html` · ${t('exp.pc')} ${probability(c.corrected)}`}${c.fisher != null && html` · ${t('exp.fisher')} ${probability(c.fisher)}`}</dd>
      ${c.noise != null && html`<dt>${t('exp.noise')}</dt><dd class="num">${percent(c.noise, 0)}</dd>`}</dl>`;
    return () => {
      const m = p.metric, first = m.contrasts[0];
      const sub = c => c.guard ? html`<span key=${c.arm} class="mut sm num">${t('exp.margin', { m: moved(m.kind, c.guard.margin).replace('+', ''), b: moved(m.kind, c.guard.bound) })}</span>` : null;
      return html`<${Panel} title=${metricName(m)} note=${t('exp.r.' + m.role)} wide=${p.wide} tools=${!p.silent && html`<button type="button" class="btn sm ghost" aria-expanded=${String(open.value)} @click=${() => { open.value = !open.value; }}>${t('exp.detail')}</button>`}>
        <div class="exp-measured"><table class="exp-table"><tbody>${arm(p.design.arms[0].name, first.control)}${m.contrasts.map(c => arm(c.arm, c.treated, c.finding))}</tbody></table>
        ${!p.silent && html`<figure><${Intervals} metric=${m} design=${p.design} />${m.contrasts.map(sub)}</figure>`}</div>
        ${open.value && !p.silent && m.contrasts.map(details)}${m.pending > 0 && html`<p class="mut sm">${t('exp.pending', { n: m.pending })}</p>`}<//>`;
    };
  },
};
