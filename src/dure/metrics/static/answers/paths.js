// What follows what, as flows from step to step.
import { html, num, percent, Sankey, t } from '../../web/kit.js';
import { behind } from '../behind.js';
import { cell, figure } from './cells.js';

const split = node => { const [step, ...name] = node.split('_'); return { step: Number(step), name: name.join('_') }; };
const opens = edge => ({ cell: { edge: { from: edge.from, to: edge.to } }, title: `${split(edge.from).name} → ${split(edge.to).name}` });
const stopped = node => ({ cell: { edge: { from: node.node } }, title: `${split(node.node).name} · ${t('a.ended')}` });

// How many paths come through each node: as the answer tells, else what is drawn of it.
function wholes(a) {
  if (a.nodes) return Object.fromEntries(a.nodes.map(n => [n.node, n.count]));
  const out = {};
  for (const e of a.edges) out[e.from] = (out[e.from] ?? 0) + e.count;
  return out;
}

export const empty = a => !a.edges.length;

export function tables(a) {
  const all = wholes(a);
  const ends = a.nodes && { name: t('a.ended'), columns: [{ title: t('a.step'), num: true }, { title: t('a.node') },
    { title: t('a.count'), num: true }, { title: t('a.ended'), num: true }],
    rows: a.nodes.map(n => [split(n.node).step, split(n.node).name, cell(n.count, num(n.count)), cell(n.ended, num(n.ended), n.ended ? stopped(n) : null)]) };
  return [{ name: '', columns: [{ title: t('a.step'), num: true }, { title: t('a.fromnode') }, { title: t('a.tonode') },
    { title: t('a.count'), num: true }, { title: t('a.ofnode'), num: true }],
    rows: a.edges.map(e => [split(e.from).step, split(e.from).name, split(e.to).name, figure(e.count, num, opens(e)), figure(e.count / all[e.from], percent)]) }, ends].filter(Boolean);
}

export const Chart = {
  props: ['answer'],
  setup: p => () => {
    const a = p.answer, ids = [...new Set(a.edges.flatMap(e => [e.from, e.to]))], whole = wholes(a);
    const names = [...new Set(ids.map(id => split(id).name))], first = Math.min(...ids.map(id => split(id).step));
    const nodes = ids.map(id => {
      const { step, name } = split(id);
      return { id, name, level: step - first, hue: names.indexOf(name), value: a.nodes ? whole[id] : undefined };
    });
    const most = Math.max(...Object.values(Object.groupBy(nodes, n => n.level)).map(list => list.length));
    const pick = link => { const it = opens({ from: link.source, to: link.target }); behind(a.question, it.cell, it.title); };
    return html`<${Sankey} label=${t('a.path')} height=${Math.max(320, Math.min(760, most * 52))} nodes=${nodes}
      links=${a.edges.map(e => ({ source: e.from, target: e.to, value: e.count }))} pick=${pick} ends=${t('a.ends')} />
      <p class="mut sm">${a.paths != null && t('a.paths', { n: a.paths })} ${t('a.walk')}</p>`;
  },
};
