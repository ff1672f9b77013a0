// Who is new, returning, resurrecting and, below zero, dormant.
import { Columns, html, num, t } from '../../web/kit.js';
import { behind } from '../behind.js';
import { cell, label } from './cells.js';
import { growing } from './trend.js';

const STATES = ['returning', 'resurrecting', 'new', 'dormant'];
const opens = (a, i, state) => ({ cell: { interval: i, state }, title: `${t('a.' + state)} · ${label(a.intervals[i], a.question.interval)}` });

export const empty = a => STATES.every(state => a[state].every(v => !v));

export const tables = a => [{ name: '', columns: [{ title: t('a.interval') }, ...STATES.map(state => ({ title: t('a.' + state), num: true }))],
  rows: a.intervals.map((at, i) => [label(at, a.question.interval), ...STATES.map(state => cell(a[state][i], num(a[state][i]), opens(a, i, state)))]) }];

export const Chart = {
  props: ['answer'],
  setup: p => () => {
    const a = p.answer, pick = (i, k) => { const it = opens(a, i, STATES[k]); behind(a.question, it.cell, it.title); };
    return html`<${Columns} label=${t('b.lifecycle')} x=${a.intervals.map(at => label(at, a.question.interval))}
      parts=${STATES.map((state, k) => ({ name: t('a.' + state), values: a[state], hue: [0, 4, 2, 1][k] }))}
      format=${v => num(v)} height=${320} unfinished=${growing(a)} pick=${pick} />`;
  },
};
