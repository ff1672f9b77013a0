// A flow as it is read: a run of steps from the top, the ways of a branch side by side, where they meet again.
// An item is {node, lanes, sides, merge} or {jump: id}; a lane is {outcome, items, to}: `to` is where it goes on, null where
// the run ends. `sides` are ways that do not go on by themselves: what is done for each item, what is done after a failure.
export function edgesOf(node, outcomes) {
  const ways = outcomes.length
    ? outcomes.map(outcome => ({ outcome, to: typeof node.next === 'string' ? node.next : node.next?.[outcome] ?? null }))
    : [{ outcome: '', to: typeof node.next === 'string' ? node.next : null }];
  return ways;
}

export function sidesOf(node) {
  return [node.kind === 'each' && node.with?.do && { outcome: 'do', to: node.with.do }, node.on_error && { outcome: 'error', to: node.on_error }].filter(Boolean);
}

export function layout(nodes, outcomesOf) {
  const byId = new Map(nodes.map(node => [node.id, node])), drawn = new Set();
  const ways = node => edgesOf(node, outcomesOf(node)).filter(edge => byId.has(edge.to) || edge.to === null);
  const onward = id => [...ways(byId.get(id)).map(e => e.to), ...sidesOf(byId.get(id)).filter(e => e.outcome === 'error').map(e => e.to)].filter(to => byId.has(to));

  function reach(from, without = null) {
    const found = [], left = [from];
    while (left.length) {
      const id = left.shift();
      if (!byId.has(id) || id === without || found.includes(id)) continue;
      found.push(id); left.push(...onward(id));
    }
    return found;
  }
  // Where several ways meet again: the first node that all of them reach.
  function meeting(targets) {
    const several = [...new Set(targets)];
    if (!several.length) return null;
    const reached = several.map(reach);
    return reached[0].find(id => reached.every(some => some.includes(id))) ?? null;
  }
  function sequence(id, stops) {
    const items = [];
    while (id && byId.has(id) && !stops.has(id)) {
      if (drawn.has(id)) { items.push({ jump: id }); return { items, to: null }; }
      drawn.add(id);
      const node = byId.get(id), edges = ways(node), item = { node, lanes: null, sides: [], merge: null };
      items.push(item);
      if (edges.length === 1 && edges[0].outcome === '') {
        id = edges[0].to;
      } else {
        const ends = edges.some(edge => edge.to === null), targets = edges.map(edge => edge.to).filter(Boolean);
        const found = targets.length > 1 || !ends ? meeting(targets) : null;
        item.merge = found && !stops.has(found) && !drawn.has(found) ? found : null;
        // What lies behind the meeting place belongs to it, not to the way that also leads there.
        const inner = item.merge ? new Set([...stops, ...reach(item.merge, node.id)]) : stops;
        item.lanes = edges.map(edge => ({ outcome: edge.outcome, ...(edge.to ? sequence(edge.to, inner) : { items: [], to: null }) }));
        const same = new Set(item.lanes.map(lane => lane.to).filter(Boolean));
        id = item.merge ?? (same.size === 1 ? [...same][0] : null);
      }
      item.sides = sidesOf(node).map(edge => ({ outcome: edge.outcome, ...sequence(edge.to, id ? new Set([...stops, id]) : stops) }));
    }
    return { items, to: id && byId.has(id) ? id : null };
  }
  const { items } = nodes.length ? sequence(nodes[0].id, new Set()) : { items: [] };
  return { items, loose: nodes.filter(node => !drawn.has(node.id)) };
}

// The ids in the order in which they are read.
export function inOrder(items, ids = []) {
  for (const item of items) {
    if (!item.node) continue;
    ids.push(item.node.id);
    for (const lane of [...(item.lanes ?? []), ...item.sides]) inOrder(lane.items, ids);
  }
  return ids;
}

// Every item by the id of its node, with the list it stands in.
export function places(items, found = new Map()) {
  items.forEach((item, at) => {
    if (!item.node) return;
    found.set(item.node.id, { item, list: items, at });
    for (const lane of [...(item.lanes ?? []), ...item.sides]) places(lane.items, found);
  });
  return found;
}
