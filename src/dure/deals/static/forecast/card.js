// The win model's card: whether it is used and why, how its test went, what it looks at.
import { html, Ago, icon, num, percent, t } from '../../web/kit.js';
import { Calibration } from './calibration.js';
import './words.js';

const sum = cuts => cuts.reduce((n, cut) => n + cut.deals, 0);

export const Card = {
  props: ['card'],
  setup(p) {
    const needed = c => html`<ul class="fc-needed">${[['closed', 'won', c.won, c.fewest_won], ['lost', 'lost', c.lost, c.fewest_lost]].map(([, k, n, of]) => html`<li key=${k}><span class="row"><span class="grow">${t('fc.k.' + k)}</span><b class="num">${num(n)} / ${num(of)}</b></span>
      <progress max=${of} value=${Math.min(n, of)} aria-label=${t('fc.need', { name: t('fc.k.' + k), n, of })}></progress></li>`)}</ul>`;
    const measures = test => html`<table class="table small fc-measures"><thead><tr><th scope="col">${t('fc.measure')}</th><th scope="col" class="r">${t('fc.brier')}<span class="fc-hint">${t('fc.brierhint')}</span></th><th scope="col" class="r">${t('fc.prauc')}<span class="fc-hint">${t('fc.prhint')}</span></th></tr></thead>
      <tbody>${[['model', 'fc.bymodel'], ['stage', 'fc.bystage'], ['rate', 'fc.byrate']].map(([k, name]) => { const best = ['model', 'stage', 'rate'].every(o => test[k].brier <= test[o].brier);
    return html`<tr key=${k}><th scope="row">${t(name)}</th><td class=${'r num' + (best ? ' good' : '')}>${best && icon('check', 12)}${num(test[k].brier, 3)}</td><td class="r num">${num(test[k].pr_auc, 3)}</td></tr>`; })}</tbody></table>`;
    const looks = weights => { const most = Math.max(...Object.values(weights), 1e-9);
      return html`<ul class="fc-weights">${Object.entries(weights).filter(([, w]) => w > most / 50).slice(0, 8).map(([name, w]) => html`<li key=${name}><span>${t('fc.f.' + name)}</span><span class="bar"><i style=${`width:${w / most * 100}%`}></i></span></li>`)}</ul>`; };
    return () => {
      const c = p.card, test = c.facts.test, key = 'fc.basis.' + (c.why || 'model');
      return html`<div class="fc-card"><div class=${'notice ' + (c.basis === 'none' ? 'warn' : '')}>${icon(c.basis === 'model' ? 'check' : 'info')}<span>${t(key, { rate: percent(c.rate, 0) })}</span></div>
        ${c.why === 'too_few' && needed(c)}
        ${c.basis !== 'none' && html`<p class="mut sm">${t('fc.learned', { n: c.won + c.lost, won: c.won, lost: c.lost })} <${Ago} at=${c.learned_at} /></p>`}
        ${test && html`<div class="fc-tested"><div><h3>${t('fc.calibration')}</h3><${Calibration} bins=${test.bins} /></div>
          <div class="stack">${measures(test)}<p class="mut sm">${t('fc.cuts', { n: test.cuts.length, deals: sum(test.cuts) })}</p>
          ${test.intervals > 0 && html`<p class="mut sm">${t('fc.covered', { p: percent(test.covered, 0), n: test.intervals })}</p>`}
          ${c.basis === 'model' && html`<h3>${t('fc.weights')}</h3>${looks(c.facts.weights)}`}
          ${Object.keys(c.facts.left_out).length > 0 && html`<h3>${t('fc.leftout')}</h3><ul class="mut sm">${Object.entries(c.facts.left_out).map(([name, why]) => html`<li key=${name}>${t('fc.left.' + why, { name: t('fc.f.' + name) })}</li>`)}</ul>`}</div></div>`}</div>`;
    };
  },
};
