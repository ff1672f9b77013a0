// Where the nodes and flows of a Sankey picture stand: columns by level, nodes drawn towards what they are tied to.
export function layout(given, flows, W, H, gap = 14) {
  const nodes = new Map(given.map(n => [n.id ?? n, { id: n.id ?? n, hue: n.hue, fixed: n.level, told: n.value, in: [], out: [], level: n.level ?? 0 }]));
  const links = [];
  for (const l of flows) {
    if (!nodes.has(l.source) || !nodes.has(l.target) || reaches(nodes, l.target, l.source)) continue;
    const link = { ...l };
    links.push(link);
    nodes.get(l.source).out.push(link);
    nodes.get(l.target).in.push(link);
  }
  const all = [...nodes.values()].filter(n => n.in.length + n.out.length);
  if (!all.length) return { nodes: [], links: [], deep: 0 };
  rank(nodes, links, all);
  const deep = Math.max(...all.map(n => n.level));
  for (const n of all) {
    const [come, go] = [sum(n.in), sum(n.out)];
    n.value = Math.max(come, go, n.told ?? 0);
    n.rest = Math.max(0, (n.told ?? come) - go);
    n.gone = n.value ? go / n.value : 0;   // the share of its height that flows on
  }
  const columns = Array.from({ length: deep + 1 }, (_, k) => all.filter(n => n.level === k)).filter(c => c.length);
  const scale = Math.max(0, Math.min(...columns.map(c => (H - gap * (c.length - 1)) / sum(c))));
  settle(nodes, columns, scale, H, gap);
  place(nodes, all, links, deep, scale, W);
  return { nodes: all.sort((a, b) => a.level - b.level || a.y - b.y), links, deep };
}

const sum = list => list.reduce((s, one) => s + one.value, 0);

// Levels as they were given, else by the longest way there; what leads nowhere stands at the right.
function rank(nodes, links, all) {
  if (all.every(n => n.fixed !== undefined)) return;
  for (let again = true; again;) {
    again = false;
    for (const l of links) {
      const a = nodes.get(l.source), b = nodes.get(l.target);
      if (b.level < a.level + 1) { b.level = a.level + 1; again = true; }
    }
  }
  const deep = Math.max(...all.map(n => n.level));
  for (const n of all) if (!n.out.length) n.level = deep;
}

function settle(nodes, columns, scale, H, gap) {
  const stand = c => {
    let y = (H - sum(c) * scale - gap * (c.length - 1)) / 2;
    for (const n of c) { n.y = y; n.height = n.value * scale; y += n.height + gap; }
  };
  const middle = n => n.y + n.height / 2;
  const pull = (n, ls, end) => ls.length ? ls.reduce((s, l) => s + middle(nodes.get(l[end])) * l.value, 0) / sum(ls) : middle(n);
  columns.forEach(stand);
  for (let round = 0; round < 6; round++) {
    for (const c of round % 2 ? [...columns].reverse() : columns) {
      for (const n of c) n.wish = round % 2 ? pull(n, n.out, 'target') : pull(n, n.in, 'source');
      c.sort((a, b) => a.wish - b.wish);
      stand(c);
    }
  }
}

function place(nodes, all, links, deep, scale, W) {
  for (const n of all) n.x = deep ? (W - 10) * n.level / deep : 0;
  for (const n of all) {
    let y = n.y;
    for (const l of n.out.sort((a, b) => nodes.get(a.target).y - nodes.get(b.target).y)) { l.y0 = y + l.value * scale / 2; y += l.value * scale; }
    y = n.y;
    for (const l of n.in.sort((a, b) => nodes.get(a.source).y - nodes.get(b.source).y)) { l.y1 = y + l.value * scale / 2; y += l.value * scale; }
  }
  for (const l of links) Object.assign(l, { width: Math.max(1, l.value * scale), x0: nodes.get(l.source).x + 10, x1: nodes.get(l.target).x });
}

function reaches(nodes, from, to, seen = new Set()) {
  if (from === to) return true;
  seen.add(from);
  return nodes.get(from).out.some(l => !seen.has(l.target) && reaches(nodes, l.target, to, seen));
}
