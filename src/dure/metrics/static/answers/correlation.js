// What goes with reaching the goal, ranked by how strongly; said to be association and not cause.
import { html, icon, num, percent, Rank, t } from '../../web/kit.js';
import { behind } from '../behind.js';
import { cell } from './cells.js';

const SURE = 0.05;
const nameOf = r => r.value === null || r.value === undefined || r.kind === 'event' ? r.name : `${r.name} = ${r.value}`;
const chance = p => p == null ? '–' : p < 0.001 ? '< 0.001' : num(p, 3);
const opens = (r, reached) => ({ cell: { row: { kind: r.kind, name: r.name, value: r.value ?? null }, reached }, title: nameOf(r) });

export const empty = a => !a.base.started;

export const tables = a => [{ name: '', columns: [{ title: t('a.what') }, { title: '' }, { title: t('a.lift'), num: true },
  { title: t('a.people'), num: true }, { title: t('a.reached'), num: true }, { title: t('a.rate'), num: true },
  { title: t('a.odds'), num: true }, { title: t('a.pvalue'), num: true }, { title: t('a.corrected'), num: true }],
rows: a.rows.map(r => [nameOf(r), t('a.k.' + r.kind), cell(r.lift, times(r.lift)), cell(r.people, num(r.people), opens(r, null)), cell(r.reached, num(r.reached), opens(r, true)), cell(r.rate, percent(r.rate)), cell(r.odds_ratio, num(r.odds_ratio, 2)), cell(r.p, chance(r.p)), cell(r.p_corrected, chance(r.p_corrected))]) }];

const times = v => v == null ? '–' : `×${num(v, 2)}`;
// Twice as often lies as far to the right as half as often lies to the left; never lies at the far left.
const FAR = 5;
const side = lift => lift == null ? 0 : lift <= 0 ? -FAR : Math.max(-FAR, Math.min(FAR, Math.log2(lift)));

export const Chart = {
  props: ['answer'],
  setup: p => () => {
    const a = p.answer, columns = ['a.people', 'a.reached', 'a.rate', 'a.corrected'].map(name => ({ title: t(name) }));
    const open = (r, reached) => () => { const it = opens(r, reached); behind(a.question, it.cell, it.title); };
    const rows = a.rows.map((r, i) => ({ key: i, name: nameOf(r), note: t('a.k.' + r.kind), value: side(r.lift), shown: times(r.lift), strong: r.p_corrected < SURE,
      cells: [{ text: num(r.people), pick: open(r, null) }, { text: num(r.reached), pick: open(r, true) }, percent(r.rate), chance(r.p_corrected)] }));
    return html`<p class="mx-sum"><b class="num">${percent(a.base.rate)}
      </b> <span class="mut">${t('a.base', { a: a.base.started, b: a.base.reached })}</span></p>
      <div class="notice">${icon('info')}<div><b>${t('a.notcause')}
        </b> ${t('a.tested', { n: a.tested })} ${rows.some(r => !r.strong) && t('a.palerow')}</div></div>
      <${Rank} label=${t('a.lift')} head=${t('a.what')} less=${t('a.less')} more=${t('a.more_')} columns=${columns} rows=${rows} />`;
  },
};
