// How the relationship with a customer stands: its score, what it rests on in words, the momentum of its last weeks.
import { duration, html, num, Spark, t } from '../web/kit.js';
import './words.js';

export const KIND = { good: 'ok', fair: 'warn', poor: 'bad' };

export const Standing = {
  props: ['score', 'band'],
  setup: p => () => html`<span class=${'badge ' + KIND[p.band]} title=${t('cu.b.' + p.band)}><span class="num">${p.score}</span></span>`,
};

const words = part => {
  const at = Object.fromEntries(Object.entries(part.facts).map(([name, fact]) => [name, typeof fact === 'number' ? num(fact, Number.isInteger(fact) ? 0 : 1) : fact]));
  if (part.name === 'last_touch' && part.facts.days === 0) return t('cu.p.last_touch.today');
  if (part.name === 'latency' && part.value !== null) {
    for (const name of ['hours', 'before']) at[name] = duration(Math.max(60, Math.round(part.facts[name] * 60) * 60));
  }
  if (part.name === 'peers') return t(part.value === null ? 'cu.p.peers.none' : 'cu.p.peers', { ...at, percent: num((part.facts.rank ?? 0) * 100, 0) });
  return t(`cu.p.${part.name}${part.value === null ? '.none' : ''}`, at);
};

export const Relation = {
  props: ['of'],
  setup: p => () => {
    const of = p.of;
    if (!of) return html`<p class="mut sm cu-none">${t('cu.why.none')}</p>`;
    if (of.score === null) return html`<p class="mut sm cu-none">${t('cu.why.' + of.why)}</p>`;
    const rank = part => { const at = of.reasons.indexOf(part.name); return at < 0 ? 9 : at; };
    const parts = [...of.parts].sort((a, b) => rank(a) - rank(b));
    return html`<div class="cu-rel"><div class="row"><${Standing} score=${of.score} band=${of.band} /><b>${t('cu.b.' + of.band)}</b><span class="grow"></span>
      <span class="mut sm">${t('cu.weeks')}</span><${Spark} values=${[...of.weeks, of.momentum]} label=${t('cu.weeks')} width=${130} area=${true} /></div>
      <div class="cu-list">${parts.map(part => html`<div key=${part.name} class=${'cu-row' + (rank(part) < 9 ? '' : ' mut')}><span class=${'cu-part cut' + (rank(part) < 9 ? ' strong' : '')}>${t('cu.q.' + part.name)}</span>
        <span class="grow cut" title=${words(part)}>${words(part)}</span><span class="num sm nowrap" title=${t('cu.points')}>${part.value === null ? '–' : num(part.value * part.weight, 0)}<span class="mut"> / ${part.weight}</span></span></div>`)}</div></div>`;
  },
};
