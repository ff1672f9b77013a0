// An answer drawn for its kind, as a picture or as tables, with how it was counted.
import { Empty, html, icon, t } from '../web/kit.js';
import * as attribution from './answers/attribution.js';
import { csvOf, Tabled } from './answers/cells.js';
import * as correlation from './answers/correlation.js';
import * as funnel from './answers/funnel.js';
import * as lifecycle from './answers/lifecycle.js';
import * as lifetimeValue from './answers/lifetime_value.js';
import * as paths from './answers/paths.js';
import * as retention from './answers/retention.js';
import * as sessions from './answers/sessions.js';
import * as sql from './answers/sql.js';
import * as stickiness from './answers/stickiness.js';
import * as trend from './answers/trend.js';
import './answers/words.js';
import { Counted } from './counted.js';
import { told } from './said.js';
import './words.js';

const KINDS = { attribution, correlation, funnel, lifecycle, lifetime_value: lifetimeValue, paths, retention, sessions, sql, stickiness, trend,
  formula: trend };

// The answer's figures as CSV.
export const asCsv = (answer, metric) => csvOf(KINDS[answer.question.kind].tables(answer, metric));

// look is 'chart' or 'table'. `asking`: in Explore, where how it was counted is told beside it and more may be asked.
export const Answer = {
  props: ['answer', 'metric', 'look', 'asking'],
  setup: p => () => {
    const a = p.answer, kind = KINDS[a.question.kind];
    // A journey has a screen of its own.
    if (!kind) return html`<p class="mut">${t('a.elsewhere')}</p>`;
    const own = Object.fromEntries(kind.Chart.props.map(name => [name, p[name]]));
    const body = () => kind.empty(a) ? html`<${Empty} icon="chart" title=${t('a.nothing')} body=${t('a.nothingbody')} />`
      : p.look === 'table' ? html`<${Tabled} of=${kind.tables(a, p.metric)} question=${a.question} />` : html`<${kind.Chart} ...${own} />`;
    return html`<div class="stack mx-answer">${a.meta.warnings.length > 0 && html`<div class="notice warn" role="status">${icon('info')}
      <div><b>${t('mx.warn')}</b> ${a.meta.warnings.map(told).join(' ')}</div></div>`}
      ${body()}${!p.asking && html`<details class="mx-defs"><summary>${t('mx.defs')}</summary><${Counted} answer=${a}
        metric=${p.metric} /></details>`}</div>`;
  },
};
