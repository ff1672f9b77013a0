// What people have paid since they began, cohort by cohort, and how often and how soon they buy again.
import { Bars, duration, Heat, html, Line, money, num, percent, shortDate, t } from '../../web/kit.js';
import { behind } from '../behind.js';
import { cell, columns, figure, named, Tabled } from './cells.js';

const MOST_DRAWN = 5, MOST_ORDERS = 10;
const paid = v => v == null ? '–' : money(Math.round(v));
const FACTS = [
  ['a.revenue', part => part.total.revenue, paid],
  ['a.buyers', part => part.total.buyers, num],
  ['a.per_buyer', part => part.total.per_buyer, paid],
  ['a.average_order', part => part.total.average_order, paid],
  ['a.repeatrate', part => part.repurchase.rate, v => percent(v)],
];
const startOf = (a, c) => a.question.interval === 'month' ? c.start.slice(0, 7) : shortDate(c.start);
const opens = (a, part, k, i) => ({
  cell: { cohort: k, column: i, ...part.group }, title: [part.name, startOf(a, part.cohorts[k]), String(i)].filter(Boolean).join(' · '),
});
// With a breakdown there are groups only, each a whole of its own.
const partsOf = a => a.groups ? a.groups.map(g => ({ ...g, name: named(g.value), group: { grouped: true, value: g.value } }))
  : [{ ...a, name: '', group: {} }];

export const empty = a => partsOf(a).every(part => !part.total.buyers);

export const tables = a => [
  ...(a.groups ? [totals(a)] : []), ...partsOf(a).map(part => paidBy(a, part)), ...(a.repurchase ? [next(a.repurchase), orders(a.repurchase)] : []),
];

const totals = a => ({
  name: t('a.group'), columns: columns(t('a.group'), ...FACTS.map(([name]) => t(name))),
  rows: partsOf(a).map(part => [part.name, ...FACTS.map(([, of, write]) => figure(of(part), write))]),
});

const paidBy = (a, part) => ({
  name: [part.name, t('a.cohorts')].filter(Boolean).join(' · '),
  columns: columns(t('a.cohort'), t('a.size'), ...part.pooled.map((_, i) => String(i))),
  rows: [
    [t('a.pooled'), cell(part.cohorts.reduce((n, c) => n + c.size, 0)), ...part.pooled.map(v => figure(v, paid))],
    ...part.cohorts.map((c, k) => [startOf(a, c), figure(c.size, num), ...c.value.map((v, i) => figure(v, paid, opens(a, part, k, i)))]),
  ],
});

const next = it => ({
  name: t('a.repurchase'), columns: columns(t('a.orders'), t('a.people'), t('a.again'), t('a.soon')),
  rows: it.next.map(r => [t('a.nth', { n: r.order }), figure(r.people, num), figure(r.rate, percent), figure(r.median_seconds, duration)]),
});

const orders = it => ({
  name: t('a.orders'), columns: columns(t('a.orders'), t('a.people')), rows: it.orders.map(r => [r.orders, figure(r.people, num)]),
});

export const Chart = {
  props: ['answer'],
  setup: p => () => {
    const a = p.answer, parts = partsOf(a), length = Math.max(0, ...parts.map(part => part.pooled.length));
    const cohorts = a.groups ? [] : spaced(a.cohorts.filter(c => c.size && c.value.length > 1));
    const series = a.groups ? parts.map(part => ({ name: part.name, values: part.pooled })) : [
      { name: t('a.pooledshort'), values: a.pooled, hue: 0, dash: 0 },
      ...cohorts.map((c, k) => ({ name: startOf(a, c), values: c.value, hue: k + 1, dash: k + 1 })),
    ];
    return html`${a.groups ? html`<${Tabled} of=${[totals(a)]} question=${a.question} />`
      : html`<dl class="a-facts num">${FACTS.map(([name, of, write]) => html`<div key=${name}><dt>${t(name)}</dt><dd>${write(of(a))}</dd></div>`)}</dl>`}
      <section><h3>${t('a.ltv')}</h3><${Line} label=${t('a.ltv')} x=${Array.from({ length }, (_, i) => String(i))}
        series=${series.slice(0, 10)} format=${paid} axis=${paid} height=${260} /></section>
      ${parts.map(part => html`<section key=${part.name}><h3>${part.name || t('a.cohorts')}</h3>${triangle(a, part)}
        </section>`)}${a.repurchase && again(a.repurchase)}`;
  },
};

// A few cohorts from first to last: more lines than hues could not be told apart.
function spaced(cohorts) {
  if (cohorts.length <= MOST_DRAWN) return cohorts;
  return Array.from({ length: MOST_DRAWN }, (_, i) => cohorts[Math.round(i * (cohorts.length - 1) / (MOST_DRAWN - 1))]);
}

function triangle(a, part) {
  const rows = part.cohorts.map((c, k) => ({ k, name: startOf(a, c), size: c.size, values: c.value, complete: c.complete })).filter(r => r.size);
  const most = Math.max(...rows.flatMap(r => r.values).filter(v => v != null), 1);
  const total = { name: t('a.pooledshort'), size: rows.reduce((n, r) => n + r.size, 0), values: part.pooled, total: true };
  return html`<${Heat} label=${t('a.cohorts')} corner=${t('a.cohort')} sizeTitle=${t('a.size')} columns=${part.pooled.map((_, i) => String(i))} rows=${[total, ...rows]}
    max=${most} format=${paid} note=${t('a.unfinished')}
    pick=${(r, i) => { const it = opens(a, part, r.k, i); behind(a.question, it.cell, it.title); }} />`;
}

function again(it) {
  const shown = it.orders.slice(0, MOST_ORDERS), rest = it.orders.slice(MOST_ORDERS).reduce((n, r) => n + r.people, 0);
  const bars = shown.map(r => ({ name: t('a.times_n', { n: r.orders }), value: r.people }));
  if (rest) bars.push({ name: t('a.more', { n: shown.at(-1).orders + 1 }), value: rest });
  const again = it.next.slice(0, MOST_ORDERS).map(r => ({ name: t('a.nth', { n: r.order }), value: r.rate, hint: r.median_seconds == null ? '' : duration(r.median_seconds) }));
  return html`<section><h3>${t('a.repurchase')} <span class="mut sm num">${t('a.repeaters')} ${num(it.repeaters)} / ${num(it.buyers)}</span>
    </h3><div class="a-halves">
    <${Bars} label=${t('a.orders')} rows=${bars} format=${v => num(v)} />
    <${Bars} label=${t('a.again')} max=${1} format=${v => percent(v)}
      rows=${again} />
      </div></section>`;
}
