// How many people were active in exactly one, two, three… of the intervals.
import { Columns, html, num, percent, t } from '../../web/kit.js';
import { behind } from '../behind.js';
import { cell } from './cells.js';

const nameOf = (a, n) => t('a.activein', { n, unit: t('u.' + a.question.interval) });
const opens = (a, bar) => ({ cell: { intervals: bar.intervals }, title: nameOf(a, bar.intervals) });
const totalOf = a => a.bars.reduce((n, b) => n + b.people, 0);

export const empty = a => !totalOf(a);

export function tables(a) {
  let left = totalOf(a);
  const all = left, unit = t('u.' + a.question.interval);
  return [{ name: '', columns: [{ title: t('a.active', { unit }) }, { title: t('a.people'), num: true }, { title: t('a.share'), num: true },
    { title: t('a.atleast'), num: true }],
    rows: a.bars.map(b => { const least = left; left -= b.people; return [cell(b.intervals, nameOf(a, b.intervals)), cell(b.people, num(b.people), opens(a, b)), cell(b.people / all, percent(b.people / all)), cell(least, `${num(least)} (${percent(least / all)})`)]; }) }];
}

export const Chart = {
  props: ['answer'],
  setup: p => () => {
    const a = p.answer, pick = i => { const it = opens(a, a.bars[i]); behind(a.question, it.cell, it.title); };
    return html`<${Columns} label=${t('b.stickiness')} x=${a.bars.map(b => nameOf(a, b.intervals))}
      parts=${[{ name: t('a.people'), values: a.bars.map(b => b.people) }]} format=${v => num(v)} height=${300}
      xTitle=${t('a.active', { unit: t('u.' + a.question.interval) })} pick=${pick} />`;
  },
};
