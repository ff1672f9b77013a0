// A tree's answer as the cards and edges of a picture.
import { t, percent, signed, num } from '../../web/kit.js';
import { written } from '../written.js';
import { nameOf } from '../catalogue/said.js';
import './words.js';

// A change in the metric's own unit, with its sign.
export const changed = (v, metric) => v == null ? '–' : (v > 0 ? '+' : '') + (metric.unit === 'percent' ? signed(v * 100, 1) + '%p' : written(v, metric)).replace(/^\+/, '');
const r2 = v => num(v, 2);

export function influenceText(i) {
  if (!i) return '…';
  if (i.reason) return t('mt.' + i.reason);
  const lag = i.lag ? t('mt.lag' + i.interval, { n: i.lag }) : t('mt.lagnone');
  return `${t('mt.r', { r: r2(i.r), low: r2(i.low), high: r2(i.high) })}\n${lag}`;
}
export const influenceTitle = i => !i ? t('mt.looking') : i.reason ? t('mt.' + i.reason) : t('mt.rtitle', { r: r2(i.r), low: r2(i.low), high: r2(i.high), lags: i.lags, pairs: i.pairs, effective: num(i.effective) }) + (i.clear ? '' : ' ' + t('mt.unclear'));

export function cards(tree) {
  const root = tree.nodes.find(n => n.id === tree.root), parts = tree.nodes.map(n => n.to_root).concat(tree.nodes.map(n => n.remainder_to_root)).filter(v => v != null);
  const most = Math.max(...parts.map(Math.abs), 0) || 1;
  const nodes = tree.nodes.map(n => ({
    id: n.id, title: nameOf(n.metric) || n.metric.id, tag: n.metric.function ? t('mx.' + n.metric.function) : '', value: n.error ? '–' : written(n.value, n.metric), change: n.relative, good: n.good,
    share: n.id === tree.root ? null : n.to_root == null ? null : n.to_root / most,
    note: n.error ?? (n.id === tree.root ? changed(n.change, n.metric) : n.to_root == null ? n.contribution == null ? changed(n.change, n.metric) : changed(n.contribution, n.metric) : t('mt.share', { v: changed(n.to_root, root.metric), p: n.root_share == null ? '–' : percent(n.root_share, 0) })),
    said: n.change == null ? '' : changed(n.change, n.metric),
  }));
  const edges = tree.edges.map(e => e.kind === 'influence' ? { ...e, kind: 'loose', text: influenceText(e.influence), title: influenceTitle(e.influence), tone: e.influence?.clear ? 'clear' : '' } : { ...e, kind: 'firm', text: e.sign });
  // What the inputs leave unexplained is a part with a name, not something to look for.
  for (const n of tree.nodes) if (n.remainder) {
    const id = n.id + ' rest', toRoot = n.remainder_to_root;
    nodes.push({ id, ghost: true, title: t('mt.rest') + (n.why ? ` · ${t('mt.' + n.why)}` : ''), note: changed(n.remainder, n.metric), share: toRoot == null ? null : toRoot / most });
    edges.push({ from: id, to: n.id, kind: 'firm', text: '+' });
  }
  return { nodes, edges };
}

// A tree that is being edited, without figures.
export const sketch = (draft, known) => ({
  nodes: draft.nodes.map(n => ({ id: n.id, title: nameOf(known[n.metric]) || n.metric, tag: known[n.metric]?.function ? t('mx.' + known[n.metric].function) : '', note: n.operation ? t('mt.' + n.operation) : '' })),
  edges: draft.edges.map(e => ({ ...e, kind: e.kind === 'influence' ? 'loose' : 'firm', text: e.kind === 'influence' ? '~' : signOf(draft, e) })),
});
function signOf(draft, e) {
  const operation = draft.nodes.find(n => n.id === e.to)?.operation, inputs = draft.edges.filter(one => one.to === e.to && one.kind !== 'influence');
  return { sum: '+', product: '×', ratio: inputs[1] === e ? '÷' : '×' }[operation] ?? '';
}
