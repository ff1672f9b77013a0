// A list that draws only the rows in sight and a little around them, however long it is.
//
// Rows have unknown heights: those never drawn are guessed, those drawn are measured, and whatever is learnt above the
// first row in sight moves the scroll position by as much, so that what one reads stays where it is. At the newest row
// the list stays there instead.
import { html, nextTick, onBeforeUnmount, onMounted, ref, watch } from '../web/kit.js';

const AROUND = 900;      // pixels drawn beyond either edge
const NEAR_END = 2_500;  // pixels from an end at which more rows are asked for
const LOW = 40;          // this near to the bottom is at the bottom
const MOST_HEIGHTS = 4_000;

// props: rows [{key, …}], draw(row) → vnode, guess(row) → pixels, pinned: whether its bottom is the newest,
// edge('earlier'|'later'): more is wanted, seen({top, bottom, low}): the first and last row in sight, label.
export const Windowed = {
  props: ['rows', 'draw', 'guess', 'pinned', 'edge', 'seen', 'label', 'busy'],
  setup(p, { expose }) {
    const list = ref(), room = ref(), from = ref(0), to = ref(0), turn = ref(0);
    const heights = new Map();
    let rows = p.rows, index = new Map(), tops = [0];
    let stick = true, goal = null, held = null, width = 0, tall = 0, frame = 0;

    // -- where rows are
    function sum() {
      index = new Map();
      tops = new Array(rows.length + 1);
      tops[0] = 0;
      for (let i = 0; i < rows.length; i++) {
        index.set(rows[i].key, i);
        tops[i + 1] = tops[i] + (heights.get(rows[i].key) ?? p.guess(rows[i]));
      }
    }
    const total = () => tops[rows.length];
    function at(y) {
      let low = 0, high = rows.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (tops[middle] <= y) low = middle; else high = middle - 1;
      }
      return Math.max(0, low);
    }
    // What must not move: the first row in sight that will still be there, and how far above the edge it begins; rather
    // one that was drawn than one that is guessed. Asking for scrollTop after rows were drawn would lay the page out
    // once more: it is asked before.
    function anchor(there = () => true) {
      const top = list.value?.scrollTop ?? 0;
      let guessed = null;
      for (let i = at(top); i < rows.length && (!guessed || tops[i] < top + tall); i++) {
        if (rows[i].loose || !there(rows[i].key)) continue;
        const it = { key: rows[i].key, offset: top - tops[i] };
        if (heights.has(it.key)) return it;
        guessed ??= it;
      }
      return guessed;
    }

    // -- which rows are drawn
    function aim(y) {
      const end = Math.max(0, total() - tall);
      const top = Math.min(Math.max(0, y ?? (stick ? end : list.value.scrollTop)), end);
      const covered = from.value <= at(top - AROUND / 2) && to.value > at(top + tall + AROUND / 2);
      if (covered && to.value <= rows.length) return;
      held ??= y === undefined && !stick ? anchor() : null;
      from.value = at(top - AROUND);
      to.value = Math.min(rows.length, at(top + tall + AROUND) + 1);
    }
    function pad() {
      room.value.style.paddingTop = tops[Math.min(from.value, rows.length)] + 'px';
      room.value.style.paddingBottom = Math.max(0, total() - tops[Math.min(to.value, rows.length)]) + 'px';
    }

    // Measures what is drawn and puts the scroll position right; nothing is painted before it has run.
    function settle(keep) {
      if (!list.value || !room.value) return;
      pad();
      let learnt = false;
      const drawn = room.value.children;
      for (let i = 0; i < drawn.length; i++) {
        const row = rows[from.value + i];
        if (!row) break;
        const height = drawn[i].getBoundingClientRect().height;
        if (Math.abs((heights.get(row.key) ?? -1) - height) > 0.1) { heights.set(row.key, height); learnt = true; }
      }
      if (learnt) { sum(); pad(); }
      const still = goal ?? keep;
      if (stick && !goal) list.value.scrollTop = list.value.scrollHeight;
      else if (still && index.has(still.key)) {
        const y = tops[index.get(still.key)] + still.offset;
        if (Math.abs(list.value.scrollTop - y) > 0.5) list.value.scrollTop = y;
      }
      observe(drawn);
      aim();
      tell();
    }

    // -- what changes by itself: a picture loads, a message is edited, the window is made narrower
    const watched = new Set();
    const resized = new ResizeObserver(() => settle(anchor()));
    const widened = new ResizeObserver(() => {
      tall = list.value?.clientHeight ?? 0;
      if (!list.value || list.value.clientWidth === width) { if (stick) settle(null); return; }
      const keep = anchor();
      width = list.value.clientWidth;
      heights.clear();
      sum();
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => settle(keep));
    });
    function observe(drawn) {
      const now = new Set(drawn);
      for (const el of watched) if (!now.has(el)) { resized.unobserve(el); watched.delete(el); }
      for (const el of now) if (!watched.has(el)) { resized.observe(el); watched.add(el); }
    }

    function tell() {
      const el = list.value;
      if (!el || !rows.length) return;
      const top = el.scrollTop, low = el.scrollHeight - top - el.clientHeight < LOW;
      p.seen?.({ top: rows[at(top + 1)], bottom: rows[at(top + el.clientHeight - 1)], low });
      if (top < NEAR_END) p.edge?.('earlier');
      if (el.scrollHeight - top - el.clientHeight < NEAR_END) p.edge?.('later');
    }
    let lastTop = 0;
    function scrolled() {
      const el = list.value;
      if (!el) return;
      goal = goal && Math.abs(el.scrollTop - lastTop) < 2 ? goal : null;
      lastTop = el.scrollTop;
      stick = !!p.pinned && el.scrollHeight - el.scrollTop - el.clientHeight < LOW;
      aim();
      tell();
    }

    watch(() => p.rows, now => {
      const next = new Set(now.map(row => row.key));
      held = stick ? null : anchor(key => next.has(key));
      rows = now;
      if (heights.size > MOST_HEIGHTS) for (const key of heights.keys()) if (!next.has(key)) heights.delete(key);
      sum();
      aim(held && index.has(held.key) ? tops[index.get(held.key)] + held.offset : undefined);
      to.value = Math.min(to.value, rows.length);
      turn.value += 1;
    });
    watch([from, to, turn], () => { const keep = held; held = null; settle(keep); }, { flush: 'post' });
    watch(() => p.pinned, pinned => { if (!pinned) stick = false; });

    onMounted(() => {
      width = list.value.clientWidth;
      tall = list.value.clientHeight;
      rows = p.rows;
      sum();
      aim();
      nextTick(() => settle(null));
      widened.observe(list.value);
    });
    onBeforeUnmount(() => { resized.disconnect(); widened.disconnect(); cancelAnimationFrame(frame); });

    async function bottom() {
      stick = true; goal = null;
      await nextTick();
      aim();
      await nextTick();
      settle(null);
    }
    // Shows a row, a third down from the edge. False where there is no such row.
    async function show(key, share = 0.3) {
      if (!index.has(key) || !list.value) return false;
      stick = false;
      goal = { key, offset: -Math.round(list.value.clientHeight * share) };
      aim(tops[index.get(key)] + goal.offset);
      await nextTick();
      settle(goal);
      await nextTick();
      goal = null;
      return true;
    }
    expose({ bottom, show });

    return () => html`<div class="ch-list" data-scroll ref=${list} role="log" aria-live="off"
      aria-busy=${p.busy ? 'true' : null} tabindex="0" aria-label=${p.label} @scroll=${scrolled}>
      <div class="ch-room" ref=${room} data-turn=${turn.value}>
      ${rows.slice(from.value, to.value).map(row => html`<div key=${row.key} class="ch-slot">${p.draw(row)}</div>`)}</div></div>`;
  },
};
