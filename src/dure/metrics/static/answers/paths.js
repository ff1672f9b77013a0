// What follows what, as flows from step to step.
import { html, num, percent, Sankey, t } from '../../web/kit.js';
import { behind } from '../behind.js';
import { cell } from './cells.js';

const split = node => { const [step, ...name] = node.split('_'); return { step: Number(step), name: name.join('_') }; };
const opens = edge => ({ cell: { edge: [edge.from, edge.to] }, title: `${split(edge.from).name} → ${split(edge.to).name}` });

export const empty = a => !a.edges.length;

export function tables(a) {
  const out = {};
  for (const e of a.edges) out[e.from] = (out[e.from] ?? 0) + e.count;
  return [{ name: '', columns: [{ title: t('a.step'), num: true }, { title: t('a.fromnode') }, { title: t('a.tonode') }, { title: t('a.count'), num: true }, { title: t('a.ofnode'), num: true }],
    rows: a.edges.map(e => [split(e.from).step, split(e.from).name, split(e.to).name, cell(e.count, num(e.count), opens(e)), cell(e.count / out[e.from], percent(e.count / out[e.from]))]) }];
}

export const Chart = {
  props: ['answer'],
  setup: p => () => {
    const a = p.answer, ids = [...new Set(a.edges.flatMap(e => [e.from, e.to]))], names = [...new Set(ids.map(id => split(id).name))], first = Math.min(...ids.map(id => split(id).step));
    const nodes = ids.map(id => ({ id, name: split(id).name, level: split(id).step - first, hue: names.indexOf(split(id).name) }));
    const most = Math.max(...Object.values(Object.groupBy(nodes, n => n.level)).map(list => list.length));
    const pick = link => { const it = opens({ from: link.source, to: link.target }); behind(a.question, it.cell, it.title); };
    return html`<${Sankey} label=${t('a.path')} height=${Math.max(300, Math.min(720, most * 44))} nodes=${nodes} links=${a.edges.map(e => ({ source: e.from, target: e.to, value: e.count }))} pick=${pick} ends=${t('a.ends')} />
      <p class="mut sm">${t('a.walk')}</p>`;
  },
};
