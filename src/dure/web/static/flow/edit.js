// What may be done to a flow: a document with `nodes`, the first of which begins it. Every function takes one and gives a new
// one; nothing is changed in place. `outcomesOf(node)` names the ways out of a node that has several, `ends(node)` says which
// have none.
import { inOrder, layout, places, sidesOf } from './layout.js';

const copy = value => JSON.parse(JSON.stringify(value));

export class Editing {
  constructor(outcomesOf, ends = node => node.kind === 'end') { Object.assign(this, { outcomesOf, ends }); }

  shape(doc) { return layout(doc.nodes, this.outcomesOf); }

  // A place to insert at: {from, outcome} is the way out of a node (from null: the start of the run), {before} all ways into a
  // node that come from `inside`.
  insert(doc, node, place) {
    const next = copy(doc), target = place.before ?? this.#target(next, place), added = copy(node);
    added.id = freeId(next.nodes, added.id ?? added.kind);
    this.#goOn(added, target);
    next.nodes.push(added);
    if (place.before) this.#redirect(next.nodes, place.before, added.id, new Set(place.inside));
    else this.#lead(next, place, added.id);
    return { doc: this.#ordered(next, !place.before && place.from === null ? added.id : next.nodes[0].id), id: added.id };
  }

  // Takes a step out, with what only it led to; what led to it goes on behind it.
  remove(doc, id) {
    const next = copy(doc), block = this.#block(doc, id), before = new Set(reachable(doc.nodes, this.outcomesOf)), first = doc.nodes[0].id;
    const gone = new Set([id, ...block.lanes.flatMap(lane => inOrder(lane.items))].filter(one => one !== block.exit));
    const start = first === id ? block.exit : first;
    next.nodes = next.nodes.filter(node => !gone.has(node.id));
    for (const one of gone) this.#redirect(next.nodes, one, one === id ? block.exit : null);
    if (start) next.nodes = [next.nodes.find(node => node.id === start), ...next.nodes.filter(node => node.id !== start)];
    const after = new Set(reachable(next.nodes, this.outcomesOf));
    next.nodes = next.nodes.filter(node => after.has(node.id) || !before.has(node.id));
    return next.nodes.length ? this.#ordered(next, next.nodes[0].id) : next;
  }

  duplicate(doc, id) {
    const node = copy(doc.nodes.find(one => one.id === id));
    delete node.next; delete node.on_error;
    return this.insert(doc, node, this.after(doc, id));
  }

  // The place behind a step: its own way out, or where its ways meet again.
  after(doc, id) {
    const block = this.#block(doc, id);
    if (!block.branching) return { from: id, outcome: '' };
    return block.exit ? { before: block.exit, inside: [id, ...block.inside] } : { from: id, outcome: this.outcomesOf(block.node)[0] ?? '' };
  }

  // Puts a step, with all that lies between it and where its ways meet again, at another place.
  move(doc, id, place) {
    const block = this.#block(doc, id), members = new Set([id, ...block.inside]);
    if (place.from !== undefined && (members.has(place.from) || (place.from === null && doc.nodes[0].id === id))) return doc;
    if (place.before && members.has(place.before)) return doc;
    const next = copy(doc), start = doc.nodes[0].id === id ? block.exit : doc.nodes[0].id;
    this.#redirect(next.nodes.filter(node => !members.has(node.id)), id, block.exit);
    const within = next.nodes.filter(node => members.has(node.id));
    const target = place.before ?? this.#target({ ...next, nodes: start ? [next.nodes.find(n => n.id === start), ...next.nodes] : next.nodes }, place);
    if (block.exit) this.#redirect(within, block.exit, target);
    else for (const node of within) this.#fill(node, target, members);
    if (place.before) this.#redirect(next.nodes.filter(node => !members.has(node.id)), place.before, id, new Set(place.inside));
    else this.#lead(next, place, id);
    return this.#ordered(next, place.from === null ? id : start ?? id);
  }

  // One up or down among the steps it stands with; at an end it stays.
  shift(doc, id, by) {
    const here = places(this.shape(doc).items).get(id);
    if (!here) return doc;
    const other = here.list[here.at + by];
    if (!other?.node) return doc;
    if (by > 0) return this.move(doc, id, this.after(doc, other.node.id));
    return this.move(doc, other.node.id, this.after(doc, id));
  }

  rename(doc, from, to) {
    const text = JSON.stringify(doc.nodes, (key, value) => typeof value === 'string'
      ? value.replace(/\{\{(.*?)\}\}/gs, hole => hole.replaceAll(new RegExp(`\\bsteps\\.${from.replace(/[-]/g, '\\-')}\\b`, 'g'), 'steps.' + to))
        .replace(new RegExp(`^steps\\.${from}\\b`), 'steps.' + to) : value);
    const nodes = JSON.parse(text).map(node => {
      if (node.id === from) node.id = to;
      if (typeof node.next === 'string') { if (node.next === from) node.next = to; } else if (node.next) for (const o of Object.keys(node.next)) if (node.next[o] === from) node.next[o] = to;
      if (node.on_error === from) node.on_error = to;
      if (node.kind === 'each' && node.with?.do === from) node.with.do = to;
      return node;
    });
    return { ...doc, nodes };
  }

  // -- inside --------------------------------------------------------------------------------------------------------

  #block(doc, id) {
    const here = places(this.shape(doc).items).get(id), node = doc.nodes.find(one => one.id === id);
    const branching = this.outcomesOf(node).length > 0, lanes = [...(here?.item.lanes ?? []), ...(here?.item.sides ?? [])];
    const exit = branching ? here?.item.merge ?? outer(here) : typeof node.next === 'string' ? node.next : null;
    return { node, branching, lanes, exit: doc.nodes.some(one => one.id === exit) ? exit : null, inside: lanes.flatMap(lane => inOrder(lane.items)) };
  }

  #target(doc, { from, outcome }) {
    if (from === null) return doc.nodes[0]?.id ?? null;
    const node = doc.nodes.find(one => one.id === from);
    if (outcome === 'error') return node.on_error ?? null;
    if (outcome === 'do' && node.kind === 'each') return node.with?.do ?? null;
    if (!outcome) return typeof node.next === 'string' ? node.next : null;
    return typeof node.next === 'string' ? node.next : node.next?.[outcome] ?? null;
  }

  #lead(doc, { from, outcome }, to) {
    if (from === null) return;
    const node = doc.nodes.find(one => one.id === from);
    if (outcome === 'error') node.on_error = to;
    else if (outcome === 'do' && node.kind === 'each') node.with = { ...node.with, do: to };
    else if (!outcome) node.next = to;
    else {
      const before = typeof node.next === 'string' ? Object.fromEntries(this.outcomesOf(node).map(one => [one, node.next])) : { ...node.next };
      node.next = { ...before, [outcome]: to };
    }
  }

  #goOn(node, target) {
    delete node.next;
    if (!target || this.ends(node)) return;
    const outcomes = this.outcomesOf(node);
    node.next = outcomes.length ? Object.fromEntries(outcomes.map(one => [one, target])) : target;
  }

  #redirect(nodes, from, to, only = null) {
    for (const node of nodes) {
      if (only && !only.has(node.id)) continue;
      if (node.next === from) { if (to) node.next = to; else delete node.next; }
      else if (node.next && typeof node.next === 'object') {
        for (const outcome of Object.keys(node.next)) if (node.next[outcome] === from) { if (to) node.next[outcome] = to; else delete node.next[outcome]; }
        if (!Object.keys(node.next).length) delete node.next;
      }
      if (node.on_error === from && !only) { if (to) node.on_error = to; else delete node.on_error; }
      if (node.kind === 'each' && node.with?.do === from && !only) { if (to) node.with.do = to; else delete node.with.do; }
    }
  }

  // The ends of a block that has no meeting place go on at the target.
  #fill(node, target, members) {
    if (!target || members.has(target)) { if (!this.outcomesOf(node).length && !target && !members.has(node.next)) delete node.next; return; }
    const outcomes = this.outcomesOf(node);
    if (!outcomes.length) { if (!members.has(node.next) && !this.ends(node)) node.next = target; return; }
    node.next = Object.fromEntries(outcomes.map(one => [one, (typeof node.next === 'string' ? node.next : node.next?.[one]) ?? target]));
  }

  #ordered(doc, first) {
    const nodes = [doc.nodes.find(node => node.id === first), ...doc.nodes.filter(node => node.id !== first)].filter(Boolean);
    const order = inOrder(layout(nodes, this.outcomesOf).items), at = new Map(order.map((id, i) => [id, i]));
    return { ...doc, nodes: nodes.sort((a, b) => (at.get(a.id) ?? 1e9) - (at.get(b.id) ?? 1e9)) };
  }
}

// Where a branch in a lane goes on when its ways meet only at the lane's own end.
function outer(here) {
  const next = here?.list[here.at + 1];
  return next?.node?.id ?? next?.jump ?? null;
}

function reachable(nodes, outcomesOf) {
  const byId = new Map(nodes.map(node => [node.id, node])), found = new Set(), left = nodes.length ? [nodes[0].id] : [];
  while (left.length) {
    const id = left.pop(), node = byId.get(id);
    if (!node || found.has(id)) continue;
    found.add(id);
    left.push(...(typeof node.next === 'string' ? [node.next] : Object.values(node.next ?? {})), ...sidesOf(node).map(edge => edge.to));
  }
  return found;
}

export function freeId(nodes, wish) {
  const base = String(wish).split('.').pop().replace(/[^\w-]/g, '_').replace(/^[^A-Za-z]+/, '') || 'step', taken = new Set(nodes.map(node => node.id));
  for (let n = 1; ; n++) { const id = n === 1 ? base : `${base}${n}`; if (!taken.has(id)) return id; }
}
