// Sources: the key each sends with, what each sent in the last hour, and its last event.
import { Ago, api, ask, askForm, Badge, html, icon, load, num, onUnmounted, Panel, Spark, t, Table, toast, useKeys } from '../web/kit.js';

export default {
  props: ['query', 'changed'],
  setup() {
    const sources = load(signal => api.get('/sources', { signal }));
    const timer = setInterval(() => { if (!document.hidden) sources.reload({ quiet: true }); }, 5000);
    onUnmounted(() => clearInterval(timer));

    async function add() {
      await askForm({
        title: t('sources.add'), submitLabel: t('sources.add'), fields: [{ name: 'name', label: t('sources.name'), hint: t('sources.hint'), required: true, autofocus: true }],
        submit: async values => { const made = await api.post('/sources', values); toast(t('sources.added', { name: made.name })); sources.reload({ quiet: true }); },
      });
    }
    async function revoke(source) {
      if (!await ask({ title: t('sources.ask', { name: source.name }), body: t('sources.askbody'), action: t('sources.revoke'), danger: true })) return;
      await api.del('/sources/' + source.id);
      sources.reload({ quiet: true });
    }
    const copy = async text => { await navigator.clipboard?.writeText(text); toast(t('sources.copied')); };
    useKeys({ n: [add, 'sources.add'] }, 'sources.tabs');

    const rows = () => sources.data && [...sources.data.sources, ...sources.data.others.map(other => ({ ...other, id: 'import:' + other.name, write_key: '', created_at: null, other: true }))];
    const columns = () => [
      { key: 'name', title: t('sources.name'), cls: 'nowrap', render: s => html`<span class="row"><b>${s.name}</b>${s.revoked && html`<${Badge} text=${t('sources.off')} />`}</span>` },
      { key: 'by_minute', title: t('sources.rate'), sort: s => s.taken, width: 110, render: s => html`<${Spark} values=${s.by_minute} label=${t('sources.rate')} area=${true} />` },
      { key: 'rate', title: t('sources.permin'), num: true, cls: 'nowrap', value: s => s.by_minute.slice(-6, -1).reduce((a, b) => a + b, 0) / 5 },
      { key: 'taken', title: t('sources.taken'), num: true, cls: 'nowrap' }, { key: 'refused', title: t('sources.refused'), num: true, render: s => s.refused ? html`<a class="poor" href=${'/sources?tab=rejects&source=' + encodeURIComponent(s.name)}>${num(s.refused)}</a>` : num(0) },
      { key: 'held', title: t('sources.held'), num: true, render: s => s.held ? html`<a href="/sources?tab=names">${num(s.held)}</a>` : num(0) },
      { key: 'last_event', title: t('sources.lastevent'), sort: s => s.last_at ?? '', render: s => s.last_at ? html`<span class="row"><span class="cut">${s.last_event || '–'}</span><span class="mut sm nowrap"><${Ago} at=${s.last_at} /></span></span>` : html`<span class="mut">${t('sources.never')}</span>` },
      { key: 'write_key', title: t('sources.key'), sort: false, render: s => s.write_key && html`<span class="row"><code class="mono sm nowrap">${s.write_key}</code>${!s.revoked && html`<button type="button" class="btn sm ghost ico" aria-label=${t('sources.copy')} title=${t('sources.copy')} @click=${() => copy(s.write_key)}>${icon('copy', 14)}</button>`}</span>` },
      { key: 'acts', title: '', sort: false, width: 80, render: s => !s.revoked && !s.other && html`<button type="button" class="btn sm" @click=${() => revoke(s)}>${t('sources.revoke')}</button>` },
    ];
    const how = () => `import segment.analytics as analytics\nanalytics.write_key = '${sources.data?.sources.find(s => !s.revoked)?.write_key ?? 'KEY'}'\nanalytics.host = '${location.origin}'\nanalytics.track('user-1', 'Signed Up', {'plan': 'free'})\nanalytics.flush()`;
    return () => html`<div class="view sources">
      <div class="ingest-bar"><span class="grow"></span><button type="button" class="btn pri sm" @click=${add}>${icon('plus')}${t('sources.add')}</button></div>
      <${Table} label=${t('sources.sources')} columns=${columns()} rows=${rows()} loading=${sources.loading} error=${sources.error} retry=${sources.reload} empty=${{ icon: 'send', title: t('sources.none'), body: t('sources.nonebody'), action: { label: t('sources.add'), run: add } }} />
      ${sources.data?.sources.length > 0 && html`<div class="page"><${Panel} title=${t('sources.how')} wide=${true}><pre class="mono sm sources-how">${how()}</pre><//></div>`}
    </div>`;
  },
};
