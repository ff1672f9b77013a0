// Who is in it now, or who was on a day of the past.
import { Ago, api, date, go, html, isoDay, load, num, ref, reloadOn, t, Table, toast, watch } from '../../web/kit.js';
import { endOfDay } from '../days.js';

const PAGE = 100;

export const Members = {
  props: ['segment', 'reload'],
  setup(p) {
    const path = `/segments/${p.segment.id}`, day = ref(''), people = ref([]), next = ref(null), loadingMore = ref(false);
    const past = () => day.value && day.value !== isoDay(Date.now()) ? { at: endOfDay(day.value) } : {};
    const first = load(signal => api.get(path + '/people', { signal, query: { limit: PAGE, ...past() }, seconds: 120 }), { watch: () => day.value });
    const size = load(signal => day.value ? api.get(path + '/size', { signal, query: past().at ? past() : { at: new Date().toISOString() }, seconds: 120 }) : Promise.resolve(null), { watch: () => day.value });
    watch(() => first.data, data => { if (data) { people.value = data.people; next.value = data.next; } });
    reloadOn(first, () => 'segment:' + p.segment.id);
    watch(() => p.segment, () => first.reload({ quiet: true }));
    const more = async () => {
      if (!next.value || loadingMore.value) return;
      loadingMore.value = true;
      try { const page = await api.get(path + '/people', { query: { limit: PAGE, after: next.value, ...past() }, seconds: 120 }); people.value = [...people.value, ...page.people]; next.value = page.next; }
      catch (error) { toast.error(error); } finally { loadingMore.value = false; }
    };
    const columns = () => [
      { key: 'name', title: t('seg.name'), sort: false, render: one => html`<a href=${'/people/' + one.person}>${one.name || one.distinct_id || one.person}</a>` },
      { key: 'distinct_id', title: t('seg.id'), sort: false, cls: 'mut mono', value: one => one.distinct_id ?? '–' },
      ...day.value ? [] : [{ key: 'since', title: t('seg.since'), sort: false, render: one => html`<${Ago} at=${one.since} />` }],
    ];
    return () => html`<div class="row seg-bar"><label class="row sm"><span class="mut">${t('sb.asof')}</span><input class="input" type="date" max=${isoDay(Date.now())} value=${day.value} @change=${e => { day.value = e.target.value; }} /></label>
        ${day.value && html`<button type="button" class="btn ghost sm" @click=${() => { day.value = ''; }}>${t('sb.today')}</button><span class="sm num" role="status">${size.error ? html`<span class="poor">${size.error.message}</span>` : size.data ? t('seg.then', { day: date(day.value), n: size.data.size }) : t('seg.counting')}</span><span class="mut sm">${t('seg.thenhint')}</span>`}</div>
      <${Table} label=${t('seg.people')} columns=${columns()} rows=${people.value} rowKey="person" loading=${first.loading} error=${first.error} retry=${first.reload}
        empty=${{ icon: 'people', title: t(day.value ? 'seg.nobodythen' : 'seg.nobody') }} open=${one => go('/people/' + one.person)} more=${more} hasMore=${!!next.value} loadingMore=${loadingMore.value} />`;
  },
};
