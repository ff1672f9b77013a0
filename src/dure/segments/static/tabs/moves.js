// Who came and who went: by day, and one by one.
import { Ago, api, Badge, Columns, go, html, load, num, ref, reloadOn, shortDate, t, Table, toast, watch } from '../../web/kit.js';

export const Moves = {
  props: ['segment'],
  setup(p) {
    const path = `/segments/${p.segment.id}/moves`, moves = ref([]), next = ref(null), loadingMore = ref(false);
    const first = load(signal => api.get(path, { signal, query: { limit: 100 } }));
    watch(() => first.data, data => { if (data) { moves.value = data.moves; next.value = data.next; } });
    reloadOn(first, () => 'segment:' + p.segment.id);
    watch(() => p.segment, () => first.reload({ quiet: true }));
    const more = async () => {
      if (!next.value || loadingMore.value) return;
      loadingMore.value = true;
      try { const page = await api.get(path, { query: { limit: 100, before: next.value } }); moves.value = [...moves.value, ...page.moves]; next.value = page.next; }
      catch (error) { toast.error(error); } finally { loadingMore.value = false; }
    };
    const columns = () => [
      { key: 'at', title: t('seg.when'), sort: false, render: m => html`<${Ago} at=${m.at} />` },
      { key: 'way', title: t('seg.way'), sort: false, render: m => html`<${Badge} kind=${m.entered ? 'ok' : ''} text=${t(m.entered ? 'seg.came' : 'seg.went')} />` },
      { key: 'name', title: t('seg.person'), sort: false, render: m => html`<a href=${'/people/' + m.person}>${m.name || m.distinct_id || m.person}</a>` },
    ];
    return () => {
      const days = first.data?.days ?? [];
      return html`${days.length > 1 && html`<div class="seg-days"><${Columns} label=${t('seg.moves')} height=${150} x=${days.map(d => shortDate(d.day))} format=${v => num(Math.abs(v))}
          parts=${[{ name: t('seg.came'), values: days.map(d => d.entered) }, { name: t('seg.went'), values: days.map(d => -d.left) }]} /></div>`}
        <${Table} label=${t('seg.moves')} columns=${columns()} rows=${moves.value} rowKey=${m => m.at + m.person + m.entered} loading=${first.loading} error=${first.error} retry=${first.reload}
          empty=${{ icon: 'people', title: t('seg.nomoves'), body: t('seg.nomovesbody') }} open=${m => go('/people/' + m.person)} more=${more} hasMore=${!!next.value} loadingMore=${loadingMore.value} />`;
    };
  },
};
