// The names that mentions are looked through for: brands, products, people, competitors, and their other spellings.
import { action, api, askForm, Badge, html, icon, load, reloadOn, t, Table, toast } from '../../web/kit.js';

const KINDS = ['brand', 'product', 'person', 'competitor'];

export const Names = {
  setup() {
    const names = load(signal => api.get('/listened-names', { signal }));
    reloadOn(names, 'social');
    const fields = () => [
      { name: 'name', label: t('reading.name'), type: 'text', required: true },
      { name: 'kind', label: t('reading.kind'), type: 'choice', required: true, options: KINDS.map(value => ({ value, label: t('reading.kind.' + value) })) },
      { name: 'aliases', label: t('reading.aliases'), type: 'tokens', optional: true, hint: t('reading.aliaseshint') },
    ];
    const edit = async one => {
      const send = values => one ? api.put('/listened-names/' + one.id, values) : api.post('/listened-names', values);
      const kept = await askForm({ title: t(one ? 'reading.editname' : 'reading.addname'), fields: fields(), values: one ?? { kind: 'brand', aliases: [] }, submit: values => send({ kind: values.kind, name: values.name, aliases: values.aliases ?? [] }), submitLabel: t('reading.save') });
      if (kept) names.reload({ quiet: true });
    };
    const remove = action(async one => {
      await api.del('/listened-names/' + one.id);
      await names.reload({ quiet: true });
      toast.undo(t('reading.removed', { name: one.name }), async () => { await api.post('/listened-names', { kind: one.kind, name: one.name, aliases: one.aliases }); names.reload({ quiet: true }); });
    }, { failed: toast.error });
    const columns = () => [
      { key: 'name', title: t('reading.name') },
      { key: 'kind', title: t('reading.kind'), width: '130px', render: one => html`<${Badge} text=${t('reading.kind.' + one.kind)} />` },
      { key: 'aliases', title: t('reading.aliases'), sort: false, render: one => html`<span class="mut">${one.aliases.join(', ') || '–'}</span>` },
      { key: 'remove', title: '', width: '44px', sort: false, render: one => html`<button type="button" class="btn ghost ico sm" aria-label=${t('reading.remove', { name: one.name })} disabled=${remove.busy} @click=${e => { e.stopPropagation(); remove.run(one); }}>${icon('trash', 14)}</button>` },
    ];
    return () => html`<div class="stack"><div class="row"><p class="mut grow">${t('reading.namesnote')}</p><button type="button" class="btn pri sm" @click=${() => edit(null)}>${icon('plus', 14)}${t('reading.addname')}</button></div>
      <${Table} label=${t('reading.tab.names')} columns=${columns()} rows=${names.data?.names} loading=${names.loading} error=${names.error} retry=${names.reload} open=${edit}
        empty=${{ icon: 'search', title: t('reading.nonames'), body: t('reading.nonamesbody') }} /></div>`;
  },
};
