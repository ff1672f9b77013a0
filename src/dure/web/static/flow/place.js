// Where each card of a flow stands and how the lines run: positions in pixels from a layout. A line is a list of points, drawn
// downwards; `place` is where a step put on it would be inserted.
import { layout } from './layout.js';

export const WIDTH = 228, GAP = 42, LANES = 22, FORK = 78, PAD = 28;

export function place(nodes, outcomesOf, { first = 64, height = () => 72, ends = node => node.kind === 'end' } = {}) {
  const { items, loose } = layout(nodes, outcomesOf), cards = [], lines = [], ways = [], jumps = [], stops = [];
  const half = WIDTH / 2;

  const wide = list => list.reduce((most, item) => Math.max(most, !item.node ? WIDTH : all(item).reduce((sum, lane) => sum + wide(lane.items) + LANES, -LANES)), WIDTH);
  const all = item => [...(item.lanes ?? []), ...(item.sides ?? [])];

  // Lays a run of items down from (x, y). `open` are the lines that lead into it; what comes back are those that lead out.
  function run(list, x, y, open, onward) {
    list.forEach((item, i) => {
      if (item.jump) { for (const line of open) jump(line, item.jump); open = []; return; }
      const { node } = item, high = height(node);
      if (open.length > 1) lines.push({ points: [[x, y - 16], [x, y]], place: { before: node.id, inside: open[0].inside }, at: [x, y - 14] });
      for (const line of open) close(line, [x, open.length > 1 ? y - 16 : y]);
      cards.push({ id: node.id, node, x: x - half, y, width: WIDTH, height: high });
      y += high; open = [];
      const lanes = all(item);
      if (!lanes.length) {
        if (!ends(node)) open = [{ points: [[x, y]], place: { from: node.id, outcome: '' }, at: [x, y + GAP / 2] }];
        y += GAP;
        return;
      }
      const next = item.merge ?? list[i + 1]?.node?.id ?? (i === list.length - 1 ? onward : null), widths = lanes.map(lane => wide(lane.items)), inside = [node.id, ...within(item)];
      const forward = [];
      let left = x - (widths.reduce((a, b) => a + b + LANES, -LANES)) / 2, low = y;
      lanes.forEach((lane, n) => {
        const at = left + widths[n] / 2;
        left += widths[n] + LANES;
        ways.push({ node, outcome: lane.outcome, x: at, y: y + 26 });
        const begin = { points: [[x, y], [at, y + 30]], place: { from: node.id, outcome: lane.outcome }, at: [at, y + 57] };
        const out = run(lane.items, at, y + FORK, [begin], lane.to ?? null);
        low = Math.max(low, out.y);
        for (const line of out.open) {
          if (lane.to && lane.to === next) forward.push({ ...line, inside });
          else if (lane.to) jump(line, lane.to);
          else stop(line);
        }
      });
      // Straight down beside longer ways, then in one bend to where they meet.
      open = forward.map(line => { const [px, py] = line.points.at(-1); return py < low - 20 ? { ...line, points: [...line.points, [px, low - 20]] } : line; });
      y = low + (open.length ? 26 : 0);
    });
    return { y, open };
  }
  const close = (line, to) => lines.push({ points: [...line.points, to], place: line.place, at: line.at });
  function end(line, into, more) {
    const [x, y] = line.at;
    lines.push({ points: [...line.points, [x, y + 24]], place: line.place, at: line.at });
    into.push({ x, y: y + 24, key: JSON.stringify(line.place), ...more });
  }
  const jump = (line, to) => end(line, jumps, { to });
  const stop = line => end(line, stops);

  const out = run(items, 0, first + GAP, [{ points: [[0, first]], place: { from: null, outcome: '' }, at: [0, first + GAP / 2] }], null);
  for (const line of out.open) stop(line);
  let foot = Math.max(first, ...cards.map(card => card.y + card.height), ...[...jumps, ...stops].map(it => it.y + 26));
  const strayHead = loose.length ? foot + 34 : 0;
  if (loose.length) foot = strayHead + 26;
  const start = -(loose.length * (WIDTH + LANES) - LANES) / 2;
  let deep = foot;
  loose.forEach((node, i) => { const card = { id: node.id, node, loose: true, x: start + i * (WIDTH + LANES), y: foot, width: WIDTH, height: height(node) }; cards.push(card); deep = Math.max(deep, foot + card.height); });
  const left = Math.min(-half - 10, start, ...cards.map(card => card.x)) - PAD, right = Math.max(half + 10, ...cards.map(card => card.x + card.width)) + PAD;
  const move = ([x, y]) => [x - left, y + PAD];
  return {
    width: right - left, height: deep + PAD * 2, middle: -left, strayHead: strayHead && strayHead + PAD,
    cards: cards.map(card => ({ ...card, x: card.x - left, y: card.y + PAD })), lines: lines.map(line => ({ ...line, points: line.points.map(move), at: move(line.at) })),
    ways: ways.map(it => ({ ...it, x: it.x - left, y: it.y + PAD })), jumps: jumps.map(it => ({ ...it, x: it.x - left, y: it.y + PAD })), stops: stops.map(it => ({ ...it, x: it.x - left, y: it.y + PAD })),
  };
}

const within = item => [...(item.lanes ?? []), ...(item.sides ?? [])].flatMap(lane => lane.items.flatMap(it => it.node ? [it.node.id, ...within(it)] : []));

// Points as a path: straight down, and in a soft bend where a line moves sideways.
export function path(points) {
  return points.map(([x, y], i) => {
    if (!i) return `M${x} ${y}`;
    const [px, py] = points[i - 1];
    if (px === x) return `V${y}`;
    const middle = (py + y) / 2;
    return `C${px} ${middle} ${x} ${middle} ${x} ${y}`;
  }).join('');
}

// The card that an arrow key leads to: the nearest one on that side, its middle counted double so that a column is kept.
export function beside(cards, id, key) {
  const from = cards.find(card => card.id === id);
  if (!from) return null;
  const way = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] }[key], middle = card => [card.x + card.width / 2, card.y + card.height / 2];
  const [fx, fy] = middle(from), upright = way[1] !== 0;
  let best = null, least = Infinity;
  for (const card of cards) {
    if (card.id === id) continue;
    const [x, y] = middle(card), along = (x - fx) * way[0] + (y - fy) * way[1], across = Math.abs(upright ? x - fx : y - fy);
    if (along <= (upright ? 8 : 40)) continue;
    const far = along + across * (upright ? 1.2 : 2);
    if (far < least) { least = far; best = card.id; }
  }
  return best;
}
