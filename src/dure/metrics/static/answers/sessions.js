// Sessions by interval: how many, how long, how deep; and how their lengths are spread.
import { Columns, duration, html, Line, num, percent, ref, t } from '../../web/kit.js';
import { behind } from '../behind.js';
import { columns, figure, label, named } from './cells.js';
import { growing } from './trend.js';

const WRITE = { sessions: num, people: num, average_seconds: duration, median_seconds: duration, events_per_session: v => num(v, 1), single_event_rate: percent };
const NAMES = Object.keys(WRITE);
const write = (name, v) => v == null ? '–' : WRITE[name](v);
const partsOf = a => a.groups ? a.groups.map(g => ({ ...g, name: named(g.value), group: { grouped: true, value: g.value } }))
  : [{ ...a, name: t('a.all'), group: {} }];
const opens = (a, part, i) => ({
  cell: { interval: i, ...part.group }, title: [a.groups && part.name, label(a.intervals[i], a.question.interval)].filter(Boolean).join(' · '),
});

export const empty = a => !a.total.sessions;

const OPEN = ['sessions', 'people'];
const row = (first, values, open) => [first, ...NAMES.map(name => figure(values[name], WRITE[name], OPEN.includes(name) ? open : null))];
const titled = first => columns(first, ...NAMES.map(name => t('a.' + name)));

export function tables(a) {
  const at = i => Object.fromEntries(NAMES.map(name => [name, a[name][i]]));
  return [
    ...(a.groups ? [{ name: t('a.group'), columns: titled(t('a.group')), rows: a.groups.map(g => row(named(g.value), g.total)) }] : []),
    { name: '', columns: titled(t('a.interval')), rows: [
      row(t('a.total'), a.total), ...a.intervals.map((start, i) => row(label(start, a.question.interval), at(i), opens(a, { group: {} }, i))),
    ] },
    { name: t('a.durations'), columns: columns(t('a.lasted'), t('a.sessions')), rows: a.durations.map(b => [span(b), figure(b.count, num)]) },
  ];
}

const span = b => b.to == null ? `${duration(b.from)}+` : `${duration(b.from)} – ${duration(b.to)}`;

export const Chart = {
  props: ['answer'],
  setup(p) {
    const shown = ref('sessions');
    return () => {
      const a = p.answer, parts = partsOf(a).filter(part => part[shown.value]).slice(0, 10), name = t('a.' + shown.value);
      const pick = (i, k) => { const it = opens(a, parts[k], i); behind(a.question, it.cell, it.title); };
      return html`<dl class="a-facts num" aria-label=${t('a.metricshown')}>${NAMES.map(n => html`<div key=${n}><button type="button"
        class="a-fact" aria-pressed=${String(shown.value === n)} @click=${() => { shown.value = n; }}>
          <span>${t('a.' + n)}</span><b>${write(n, a.total[n])}</b></button></div>`)}</dl>
        <${Line} label=${name} x=${a.intervals.map(at => label(at, a.question.interval))} height=${260} unfinished=${growing(a)}
          format=${v => write(shown.value, v)} pick=${pick}
          series=${parts.map(part => ({ name: a.groups ? part.name : name, values: part[shown.value], area: parts.length === 1 }))} />
        ${a.durations?.length > 0 && html`<section><h3>${t('a.durations')}</h3><${Columns} label=${t('a.durations')} height=${200}
          x=${a.durations.map(b => b.to == null ? `${duration(b.from)}+` : duration(b.from))}
          parts=${[{ name: t('a.sessions'), values: a.durations.map(b => b.count) }]}
          format=${v => num(v)} /></section>`}`;
    };
  },
};
