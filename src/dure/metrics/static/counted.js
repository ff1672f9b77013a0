// How a number was counted: its sentences, its range, how fresh it is and what it cost.
import { ago, dateTime, html, inLang, num, t, words } from '../web/kit.js';
import { told } from './said.js';
import './words.js';

words({
  ko: { 'c.range': '기간', 'c.zone': '시간대', 'c.fresh': '기준', 'c.now': '방금 셈', 'c.cached': '{at} 센 답', 'c.read': '읽은 행', 'c.took': '걸린 시간',
    'c.ms': '{n}밀리초', 'c.metric': '지표', 'c.by': '세는 단위', 'c.version': '{n}번째 정의' },
  en: { 'c.range': 'Range', 'c.zone': 'Time zone', 'c.fresh': 'As of', 'c.now': 'counted just now', 'c.cached': 'counted {at}',
    'c.read': 'Rows read', 'c.took': 'Took', 'c.ms': '{n} ms', 'c.metric': 'Metric', 'c.by': 'Counted by', 'c.version': 'definition {n}' },
});

const day = text => text?.length > 10 && !/T(00:00:00|23:59:59)/.test(text) ? dateTime(text) : text?.slice(0, 10);

export const fresh = meta => meta.as_of && meta.cached ? t('c.cached', { at: ago(meta.as_of) }) : t('c.now');
// A kept answer cost nothing now; what it cost when it was counted is told instead.
export function cost(meta) {
  const spent = meta.cached ? meta.computed ?? meta : meta;
  return [num(spent.rows_read), t('c.ms', { n: Math.round(spent.elapsed_ms) })];
}

export const Counted = {
  props: ['answer', 'metric'],
  setup: p => () => {
    // A link to a board sends neither what it cost nor which definition it was.
    const { question: q, meta } = p.answer, spent = meta.rows_read == null ? null : cost(meta);
    const facts = [
      p.metric && [t('c.metric'), `${inLang({ ko: p.metric.name_ko, en: p.metric.name_en })}${p.metric.version ? ` · ${t('c.version', { n: p.metric.version })}` : ''}`],
      q.from && [t('c.range'), `${day(q.from)} – ${day(q.to)}`], q.timezone && [t('c.zone'), q.timezone], q.by && q.kind !== 'sql' && [t('c.by'), t('b.' + q.by)],
      [t('c.fresh'), fresh(meta)], ...(spent ? [[t('c.read'), spent[0]], [t('c.took'), spent[1]]] : []),
    ].filter(Boolean);
    return html`${p.metric && html`<p>${inLang({ ko: p.metric.about_ko, en: p.metric.about_en })}</p>`}
      <ul class="c-said">${meta.definitions.map((d, i) => html`<li key=${i}>${told(d)}</li>`)}</ul>
      <dl class="facts sm num">${facts.map(([name, value]) => html`<dt key=${name}>${name}</dt><dd key=${name + 'v'}>${value}</dd>`)}</dl>`;
  },
};
