// A definition drawn as a list to be read from top to bottom: what starts it, then each node with its settings.
import { html, icon, inLang, t } from '../web/kit.js';
import { filter, lasting, once, trigger, way } from './words.js';

const ICONS = { wait: 'clock', wait_event: 'bell', branch: 'filter', split: 'segment', approve: 'person', end: 'flag', 'http.request': 'globe' };
const SLICES = { channels: 'hash', deals: 'board', pacing: 'gauge', social: 'mega', segments: 'segment', campaigns: 'mail', people: 'people' };

export const Flow = {
  props: ['definition', 'kinds'],
  setup: p => () => {
    const { trigger: start, conditions = [], nodes, lane } = p.definition, filters = [...(start.where ?? []), ...conditions];
    return html`<ol class="auto-flow"><li class="auto-node auto-start"><span class="auto-dot">${icon(start.event ? 'bolt' : start.every || start.at ? 'calendar' : 'play', 15)}</span>
      <div class="auto-box"><b>${trigger(p.definition, p.kinds)}</b>${filters.length > 0 && html`<div class="row wrap">${filters.map((it, i) => html`<code class="tag" key=${i}>${filter(it)}</code>`)}</div>`}
        <span class="mut sm">${t('auto.once')}: ${once(p.definition)}${lane === 'bulk' && ' · ' + t('auto.bulk')}${(start.at) && ' · ' + start.zone}</span></div></li>
      ${nodes.map((node, i) => html`<${Node} key=${node.id} node=${node} following=${nodes[i + 1]?.id} nodes=${nodes} kinds=${p.kinds} />`)}</ol>`;
  },
};

export const nodeTitle = (node, kinds) => node.title ? (typeof node.title === 'string' ? node.title : inLang(node.title)) : kinds.step(node.kind);

const Node = {
  props: ['node', 'following', 'nodes', 'kinds'],
  setup: p => () => {
    const { node, kinds } = p, named = id => { const it = p.nodes.find(one => one.id === id); return it ? nodeTitle(it, kinds) : id; };
    const ways = node.next && typeof node.next === 'object' ? Object.entries(node.next).sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b)) : node.next && node.next !== p.following ? [['', node.next]] : [];
    const ends = !node.next && p.following;
    return html`<li class="auto-node"><span class="auto-dot">${icon(iconOf(node.kind), 15)}</span><div class="auto-box">
      <div class="row"><b class="cut">${nodeTitle(node, kinds)}</b>${kinds.outside(node.kind) && html`<span class="tag">${icon('globe', 12)}${t('auto.outside')}</span>`}<span class="grow"></span><code class="mut sm">${node.id}</code></div>
      ${settings(node, kinds)}${ways.map(([outcome, id]) => html`<div class="row sm" key=${outcome}>${icon('arrow', 13)}${outcome && html`<b>${way(outcome)}</b>`}<span>${t('auto.next', { node: named(id) })}</span></div>`)}
      ${node.on_error && html`<div class="row sm poor">${icon('warn', 13)}<b>${t('auto.onerror')}</b><span>${t('auto.next', { node: named(node.on_error) })}</span></div>`}
      ${ends && html`<div class="row sm mut">${icon('flag', 13)}${t('auto.end')}</div>`}</div></li>`;
  },
};

const iconOf = kind => ICONS[kind] ?? SLICES[kind.split('.')[0]] ?? 'bolt';
const ORDER = ['yes', 'event', 'no', 'timeout'];

// What a node was given, in few words.
function settings(node, kinds) {
  const given = { ...node.with };
  if (node.kind === 'wait') return html`<span>${given.for ? lasting(given.for) : given.until ?? given.at}</span>`;
  if (node.kind === 'approve') return html`<span>${holes(given.question)}</span>`;
  if (given.where) given.where = given.where.map(filter).join(' · ');
  if (given.timeout) given.timeout = lasting(given.timeout);
  const order = kinds.inputs(node.kind), rows = Object.entries(given).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  return rows.length > 0 && html`<dl class="facts sm">${rows.map(([name, value]) => [html`<dt key=${name + 't'}>${name}</dt>`, html`<dd class="auto-value" key=${name}>${holes(short(value))}</dd>`])}</dl>`;
}

function short(value) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1).replace(/\s+/g, ' ');
  return text.length > 220 ? text.slice(0, 220) + '…' : text;
}

// Text with its {{ holes }} marked.
function holes(text) {
  return String(text).split(/(\{\{.*?\}\})/).map((part, i) => i % 2 ? html`<code class="auto-hole" key=${i}>${part.slice(2, -2).trim()}</code>` : part);
}
