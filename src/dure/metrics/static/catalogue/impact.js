// What saving a definition would change: old and new value over the same range, and who has to know.
import { html, t, icon, date, Spark, Badge } from '../../web/kit.js';
import { written } from '../written.js';
import { nameOf } from './said.js';
import './words.js';

const side = (title, found, metric) => html`<div class="mc-side"><span class="mut sm">${title}</span>
  ${found.error ? html`<p class="wrong-text" role="alert">${icon('warn', 14)}${t('mc.cannot')}: ${found.error}</p>` : html`<b class="mc-figure num">${written(found.value, metric)}</b>${found.line?.length > 1 && html`<${Spark} values=${found.line.slice(0, found.complete)} label=${title} width=${150} height=${34} area=${true} />`}`}</div>`;

const because = one => one.because.map(r => t('mc.' + r.why, { name: nameOf(r) })).join(', ');

export const Impact = {
  props: ['told', 'before', 'after'],   // the answer of /impact, the metric as it is, the metric as it would be
  setup: p => () => {
    const told = p.told, range = told.after.question ?? told.before.question ?? {}, direct = told.uses;
    return html`<div class="mc-impact stack"><div class="mc-sides">${side(t('mc.now'), told.before, p.before)}<span class="mut" aria-hidden="true">${icon('arrow')}</span>${side(t('mc.after'), told.after, p.after)}</div>
      ${range.from && html`<p class="mut sm num">${t('mc.samerange', { from: date(range.from.slice(0, 10), { weekday: false }), to: date(range.to.slice(0, 10), { weekday: false }) })}</p>`}
      ${told.verification_lost && html`<div class="notice warn" role="status">${icon('warn')}${t('mc.losesmark')}</div>`}
      ${told.same_meaning && html`<p class="mut sm">${t('mc.samemeaning')}</p>`}
      <h3>${t('mc.places', { n: direct.length })}</h3>${direct.length ? html`<${Uses} uses=${direct} />` : html`<p class="mut sm">${t('mc.noplaces')}</p>`}
      ${(told.people.length > 0 || told.teams.length > 0) && html`<h3>${t('mc.people', { n: told.people.length })}</h3>
        <ul class="mc-people">${told.people.map(one => html`<li key=${one.id}><b>${one.name}</b> <span class="mut sm">${because(one)}</span></li>`)}</ul>
        <p class="row wrap">${told.teams.map(name => html`<span class="tag" key=${name}>${t('mx.' + name)}</span>`)}</p>`}</div>`;
  },
};

// The places where a metric is used, also by way of formulas.
export const Uses = {
  props: ['uses'],
  setup: p => () => html`<ul class="mc-uses">${p.uses.map(use => html`<li key=${use.kind + use.id + use.through + use.function}><${Badge} text=${t('mc.' + use.kind)} icon=${ICON[use.kind]} />
    ${use.path ? html`<a href=${use.path}>${nameOf(use)}</a>` : html`<span>${nameOf(use)}</span>`}${use.kind === 'journey' && use.function && html`<span class="tag">${t('mx.' + use.function)}</span>`}${use.through && html`<span class="mut sm">${t('mc.through', { name: nameOf(p.uses.find(one => one.kind === 'formula' && one.id === use.through)) })}</span>`}</li>`)}</ul>`,
};
const ICON = { board: 'board', tree: 'star', formula: 'chart', journey: 'flag', alert: 'bell' };
