// One segment: its rule, how its size went, who is in it, to whom it was handed over.
import { action, Ago, api, ask, askForm, date, go, html, icon, inLang, Line, load, Loaded, num, Panel, percent, ref, reloadOn, shortDate, Stat, t, Table, toast, useTop, watch } from '../web/kit.js';
import { handOver as handOverSegment } from './handover_dialog.js';
import './words.js';

const PAGE = 100;

export default {
  props: ['params', 'query'],
  setup(props) {
    const path = () => '/segments/' + props.params.id;
    const segment = load(signal => api.get(path(), { signal }), { watch: () => props.params.id });
    const people = ref([]), next = ref(null), loadingMore = ref(false);
    const first = load(signal => api.get(path() + '/people', { signal, query: { limit: PAGE } }), { watch: () => props.params.id });
    watch(() => first.data, data => { if (data) { people.value = data.people; next.value = data.next; } });
    reloadOn(segment, () => 'segment:' + props.params.id);
    reloadOn(first, () => 'segment:' + props.params.id);
    const more = async () => {
      if (!next.value || loadingMore.value) return;
      loadingMore.value = true;
      try { const page = await api.get(path() + '/people', { query: { limit: PAGE, after: next.value } }); people.value = [...people.value, ...page.people]; next.value = page.next; }
      catch (error) { toast.error(error); } finally { loadingMore.value = false; }
    };
    const compute = action(async () => {
      const done = await api.post(path() + '/compute');
      toast(t('seg.computednow', { n: done.size, in: done.entered, out: done.left }));
      segment.reload({ quiet: true }); first.reload({ quiet: true });
    }, { failed: toast.error });
    const handOver = async () => { const made = await handOverSegment(segment.data); if (made) go('/handovers/' + made.id); };
    const remove = async () => { if (await ask({ title: inLang(segment.data.name), body: t('seg.deleteask'), action: t('seg.delete'), danger: true })) try { await api.del(path()); go('/segments'); } catch (error) { toast.error(error); } };

    const list = () => askForm({
      title: t('seg.listpeople'), submitLabel: t('seg.listpeople'),
      fields: [{ name: 'add', label: t('seg.add'), hint: t('seg.addhint'), type: 'tokens', optional: true, autofocus: true }, { name: 'remove', label: t('seg.takeout'), type: 'tokens', optional: true }],
      submit: async v => {
        const done = await api.post(path() + '/people', { add: v.add ?? [], remove: v.remove ?? [] });
        toast(t('seg.listed', { in: done.entered, out: done.left }));
        segment.reload({ quiet: true }); first.reload({ quiet: true });
      },
    });

    useTop({
      title: () => html`<h1>${segment.data ? inLang(segment.data.name) : ''}</h1>`,
      tools: () => html`${segment.data?.rule.kind === 'listed' ? html`<button type="button" class="btn sm" @click=${list}>${icon('people', 14)} ${t('seg.listpeople')}</button>` : html`<button class="btn sm" disabled=${compute.busy} @click=${() => compute.run()}>${icon('refresh', 14)} ${t('seg.compute')}</button>`}
        ${segment.data && !segment.data.built_in && html`<button class="btn sm ghost" @click=${remove}>${t('seg.delete')}</button>`}
        <button class="btn sm pri" disabled=${!segment.data?.size} @click=${handOver}>${icon('send', 14)} ${t('seg.handover')}</button>`,
    });
    const columns = () => [
      { key: 'name', title: t('seg.name'), sort: false, render: p => html`<a href=${'/people/' + p.person}>${p.name || p.distinct_id || p.person}</a>` },
      { key: 'distinct_id', title: t('seg.id'), sort: false, cls: 'mut mono', value: p => p.distinct_id ?? '–' },
      { key: 'since', title: t('seg.since'), sort: false, render: p => html`<${Ago} at=${p.since} />` },
    ];
    const handovers = () => [
      { key: 'to', title: t('seg.to'), cls: 'nowrap', value: h => t('seg.f.' + h.to) }, { key: 'purpose', title: t('seg.purpose'), sort: false, value: h => h.purpose },
      { key: 'treated', title: t('seg.treated'), num: true, cls: 'nowrap', value: h => h.treated }, { key: 'control', title: t('seg.kept'), num: true, value: h => h.control },
      { key: 'expires_at', title: t('seg.until'), value: h => h.expires_at ?? '', render: h => h.expires_at ? date(h.expires_at) : '–' },
      { key: 'at', title: t('seg.when'), value: h => h.at, render: h => html`<${Ago} at=${h.at} />` },
    ];
    const show = data => {
      const last = data.sizes.at(-1);
      return html`<div class="page"><section class="panel w"><p>${inLang(data.words)}</p>${inLang(data.about) && html`<p class="mut sm">${inLang(data.about)}</p>`}</section>
        <div class="stats w"><${Stat} label=${t('seg.size')} value=${num(data.size)} note=${data.computed_at ? html`<${Ago} at=${data.computed_at} />` : t('seg.never')} />
          <${Stat} label=${t('seg.entered')} value=${num(last?.entered)} /><${Stat} label=${t('seg.left')} value=${num(last?.left)} />
          <${Stat} label=${t('seg.kept')} value=${data.handovers.length ? percent(data.handovers[0].control / data.handovers[0].size) : '–'} /></div>
        ${data.sizes.length > 1 && html`<${Panel} title=${t('seg.trend')}><${Line} label=${t('seg.trend')} height=${200} x=${data.sizes.map(s => shortDate(s.at))} series=${[{ name: t('seg.size'), values: data.sizes.map(s => s.size), area: true }]} format=${v => num(v)} /><//>`}
        <${Panel} title=${t('seg.handovers')} flush=${true} wide=${data.sizes.length < 2}><${Table} label=${t('seg.handovers')} columns=${handovers()} rows=${data.handovers} open=${h => go('/handovers/' + h.id)} empty=${{ icon: 'send', title: t('seg.nohandovers') }} /><//>
        <${Panel} title=${t('seg.people')} flush=${true} wide=${true}><${Table} label=${t('seg.people')} columns=${columns()} rows=${people.value} rowKey="person" loading=${first.loading} error=${first.error} retry=${first.reload}
          empty=${{ icon: 'people', title: t('seg.nobody') }} open=${p => go('/people/' + p.person)} more=${more} hasMore=${!!next.value} loadingMore=${loadingMore.value} /><//></div>`;
    };
    return () => html`<div class="view"><${Loaded} of=${segment} skeleton="cards" n=${4} show=${show} /></div>`;
  },
};
