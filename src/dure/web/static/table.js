// The dense data table: sorting, selection, keyboard, and its own empty, loading and error states.
// columns: [{key, title, num, width, sort: false | (row => value), value: row => …, render: row => vnode, cls}]
// j/k or arrows move, Enter opens, x selects, Home/End jump.
import { computed, nextTick, ref, watch } from '../vendor/vue.js';
import { compare, num } from './format.js';
import { html } from './html.js';
import { icon } from './icons.js';
import { nameOf } from './keys.js';
import { Empty, Failed } from './states.js';
import { t, words } from './words.js';

words({
  ko: { 'table.more': '더 보기', 'table.all': '모두 선택', 'table.pick': '선택', 'table.none': '아직 아무것도 없습니다',
    'table.sort': '{title} 기준으로 정렬', 'table.picked': '{n}개 선택됨', 'table.clear': '선택 해제', 'table.loading': '불러오는 중',
    'table.shown': '{all}개 중 {n}개' },
  en: { 'table.more': 'Show more', 'table.all': 'Select all', 'table.pick': 'Select', 'table.none': 'Nothing here yet',
    'table.sort': 'Sort by {title}', 'table.picked': '{n} selected', 'table.clear': 'Clear', 'table.loading': 'Loading',
    'table.shown': '{n} of {all}' },
});

export const Table = {
  props: {
    columns: Array, rows: Array, rowKey: { default: 'id' }, label: String,
    loading: Boolean, error: Object, retry: Function, empty: Object,
    sort: Object,              // {key, dir: 'asc' | 'desc'} to begin with
    onSort: Function,          // given: the server sorts; called with {key, dir}
    selection: Set, onSelect: Function, bulk: Function,   // bulk(keys) → vnodes shown beside the number of selected rows
    open: Function, rowClass: Function,
    more: Function, hasMore: Boolean, loadingMore: Boolean, page: { default: 200 },
  },
  setup(p) {
    const order = ref(p.sort ?? null), shownTo = ref(p.page), at = ref(0), body = ref();
    const keyOf = row => typeof p.rowKey === 'function' ? p.rowKey(row) : row[p.rowKey];
    const valueOf = (column, row) => typeof column.sort === 'function' ? column.sort(row) : column.value ? column.value(row) : row[column.key];
    const sorted = computed(() => {
      const rows = p.rows ?? [], column = order.value && p.columns.find(c => c.key === order.value.key);
      if (!column || p.onSort) return rows;
      const sign = order.value.dir === 'desc' ? -1 : 1;
      return rows.map(row => [valueOf(column, row), row]).sort(([a], [b]) => blank(a) || blank(b) ? blank(a) - blank(b) : sign * rank(a, b)).map(pair => pair[1]);
    });
    watch(() => p.rows?.length, n => { if (at.value >= (n ?? 0)) at.value = Math.max(0, (n ?? 1) - 1); });

    function sortBy(column) {
      const now = order.value, dir = now?.key === column.key ? (now.dir === 'asc' ? 'desc' : 'asc') : column.num ? 'desc' : 'asc';
      order.value = { key: column.key, dir };
      p.onSort?.(order.value);
    }
    function focus(i) {
      const n = Math.min(sorted.value.length, shownTo.value);
      at.value = Math.max(0, Math.min(n - 1, i));
      nextTick(() => body.value?.children[at.value]?.focus());
    }
    function toggle(row) { const next = new Set(p.selection), k = keyOf(row); next.has(k) ? next.delete(k) : next.add(k);
      p.onSelect(next); }
    function key(e, row, i) {
      if (e.isComposing || e.target !== e.currentTarget) return;
      const to = { ArrowDown: i + 1, j: i + 1, ArrowUp: i - 1, k: i - 1, Home: 0, End: 1e9, PageDown: i + 15, PageUp: i - 15 }[nameOf(e)];
      if (to !== undefined) { e.preventDefault(); focus(to); } else if (e.key === 'Enter' && p.open) { e.preventDefault();
        p.open(row); } else if (p.onSelect && (nameOf(e) === 'x' || e.key === ' ')) { e.preventDefault(); toggle(row); }
    }
    const click = (e, row, i) => { at.value = i;
      if (!e.target.closest('a,button,input,label,select') && !getSelection().toString()) p.open?.(row); };

    const head = column => {
      const on = order.value?.key === column.key, sortable = column.sort !== false;
      return html`<th scope="col" key=${column.key} class=${(column.num ? 'r ' : '') + (column.cls ?? '')}
        style=${column.width ? `width:${typeof column.width === 'number' ? column.width + 'px' : column.width}` : null}
        aria-sort=${on ? (order.value.dir === 'asc' ? 'ascending' : 'descending') : null}>
        ${sortable ? html`<button type="button" title=${t('table.sort', { title: column.title })} @click=${() => sortBy(column)}>
          ${column.title}${on && icon(order.value.dir === 'asc' ? 'up' : 'down', 12)}</button>` : column.title}</th>`;
    };
    const cell = (column, row) => {
      const shown = column.render ? column.render(row) : column.value ? column.value(row) : row[column.key];
      return html`<td key=${column.key} class=${(column.num ? 'r num ' : '') + (column.cls ?? '')}>
        ${typeof shown === 'number' ? num(shown, 2) : shown}</td>`;
    };

    return () => {
      if (p.error && !p.rows?.length) return html`<${Failed} error=${p.error} retry=${p.retry} />`;
      if (!p.loading && !p.rows?.length) return html`<${Empty} title=${t('table.none')} ...${p.empty ?? {}} />`;
      const rows = sorted.value.slice(0, shownTo.value), keys = rows.map(keyOf), picked = p.selection?.size ?? 0, more = sorted.value.length > rows.length;
      return html`<div class="table-wrap" data-scroll role="region" aria-label=${p.label} aria-busy=${p.loading ? 'true' : null}>
        ${picked > 0 && html`<div class="bulk" role="status"><b>${t('table.picked', { n: picked })}</b>${p.bulk?.([...p.selection])}
          <button type="button" class="btn ghost sm" @click=${() => p.onSelect(new Set())}>${t('table.clear')}</button></div>`}
        <table class="table"><caption class="sr">${p.label}</caption><thead><tr>${p.onSelect && html`<th class="pick">
          <input type="checkbox" aria-label=${t('table.all')} checked=${picked > 0 && keys.every(k => p.selection.has(k))}
          @change=${e => p.onSelect(new Set(e.target.checked ? keys : []))} /></th>`}${p.columns.map(head)}</tr></thead>
        <tbody ref=${body}>${!p.rows?.length ? Array.from({ length: 8 }, (_, i) => html`<tr key=${'s' + i} aria-hidden="true">
          ${p.onSelect && html`<td></td>`}${p.columns.map(c => html`<td key=${c.key}><div class="skel line"></div></td>`)}</tr>`)
          : rows.map((row, i) => html`<tr key=${keys[i]} data-key=${keys[i]} tabindex=${i === at.value ? 0 : -1}
            class=${(p.open ? 'open ' : '') + (p.rowClass?.(row) ?? '')}
            aria-selected=${p.onSelect ? String(p.selection.has(keys[i])) : null} @keydown=${e => key(e, row, i)}
            @click=${e => click(e, row, i)} @focus=${() => { at.value = i; }}>
            ${p.onSelect && html`<td class="pick"><input type="checkbox" tabindex="-1"
              aria-label=${t('table.pick')} checked=${p.selection.has(keys[i])}
              @change=${() => toggle(row)} /></td>`}${p.columns.map(c => cell(c, row))}</tr>`)}</tbody></table>
        ${(more || p.hasMore) && html`<div class="table-more"><button type="button" class="btn" disabled=${p.loadingMore}
          @click=${() => { shownTo.value += p.page; if (!more) p.more?.(); }}>${t('table.more')}</button>${more && html`<span
          class="mut sm">${t('table.shown', { n: rows.length, all: sorted.value.length })}</span>`}</div>`}</div>`;
    };
  },
};

const blank = v => Number(v === null || v === undefined || v === '');
const rank = (a, b) => typeof a === 'string' ? compare(a, String(b)) : a < b ? -1 : a > b ? 1 : 0;
