// A list of people in a dialog: whoever made a flow, lies in an overlap, stands in a stage.
import { Ago, api, Dialog, go, html, load, ref, t, Table, toast, watch } from '../web/kit.js';
import './stages_words.js';

export const PeopleList = {
  props: ['title', 'path', 'query', 'href', 'close'],
  setup(props) {
    const first = load(signal => api.get(props.path, { signal, query: { limit: 100, ...props.query } }));
    const rows = ref([]), next = ref(null), busy = ref(false);
    watch(() => first.data, data => { if (data) { rows.value = data.people; next.value = data.next ?? null; } });
    const more = async () => {
      if (!next.value || busy.value) return;
      busy.value = true;
      try { const page = await api.get(props.path, { query: { limit: 100, ...props.query, after: next.value } }); rows.value = [...rows.value, ...page.people]; next.value = page.next; }
      catch (error) { toast.error(error); } finally { busy.value = false; }
    };
    const open = path => { props.close(null); go(path); };
    const columns = () => [
      { key: 'name', title: t('stg.name'), sort: false, render: p => html`<span class="cut">${p.name || p.distinct_id || p.person}</span>` },
      { key: 'id', title: t('stg.id'), sort: false, cls: 'mut mono', value: p => p.distinct_id || '–' },
      ...(rows.value[0]?.since ? [{ key: 'since', title: t('stg.since'), sort: false, render: p => html`<${Ago} at=${p.since} />` }] : []),
    ];
    return () => html`<${Dialog} title=${props.title} wide=${true} onClose=${() => props.close(null)}>
      <div class="seg-people"><${Table} label=${props.title} columns=${columns()} rows=${rows.value} rowKey="person" loading=${first.loading} error=${first.error} retry=${first.reload}
        empty=${{ icon: 'people', title: t('stg.nobody') }} open=${p => open('/people/' + p.person)} more=${more} hasMore=${!!next.value} loadingMore=${busy.value} /></div>
      ${props.href && html`<div class="actions end"><button type="button" class="btn" @click=${() => open(props.href)}>${t('stg.open')}</button></div>`}<//>`;
  },
};
