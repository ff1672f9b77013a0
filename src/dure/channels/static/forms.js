// Every form of the workspace: what it is called, whether it takes answers, and how many it has.
import { Ago, api, askForm, Badge, go, html, icon, inLang, load, t, Table, useTop } from '../web/kit.js';
import './forms_words.js';

// A word for the address out of a name; names in Hangul get one that says nothing.
const address = name => name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60) || 'form-' + Date.now().toString(36);

export default {
  setup() {
    const forms = load(signal => api.get('/forms', { signal }));
    const create = () => askForm({
      title: t('forms.new'), submitLabel: t('forms.new'),
      fields: [
        { name: 'title', label: t('forms.name'), required: true, autofocus: true },
        { name: 'id', label: t('forms.address'), hint: t('forms.address.hint'), optional: true, placeholder: 'pitch-brief', check: text => !text || /^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(text) ? '' : t('forms.address.hint') },
      ],
      submit: async values => {
        const made = await api.post('/forms', { id: values.id || address(values.title), title: values.title, fields: [{ name: 'text', title: { ko: '내용', en: 'Text' }, type: 'long_text' }] });
        go(`/forms/${made.id}?tab=edit`);
      },
    });
    useTop({ title: () => html`<h1>${t('forms.title')}</h1>`, tools: () => html`<button type="button" class="btn pri" @click=${create}>${icon('plus')}${t('forms.new')}</button>` });
    const columns = () => [
      { key: 'title', title: t('forms.name'), value: it => inLang(it.title), render: it => html`<span class="row"><a class="cut" href=${'/forms/' + it.id}>${inLang(it.title)}</a></span>` },
      { key: 'id', title: t('forms.address'), cls: 'mono mut', value: it => it.path },
      { key: 'fields', title: t('forms.fields'), num: true, width: 90, value: it => it.fields.length },
      { key: 'answers', title: t('forms.answers'), num: true, width: 90 },
      { key: 'state', title: '', width: 110, sort: it => it.closed_at ? 1 : 0, render: it => html`<${Badge} kind=${it.closed_at ? undefined : 'ok'} text=${t(it.closed_at ? 'forms.closed' : 'forms.open')} />` },
      { key: 'changed_at', title: t('forms.changed'), width: 130, render: it => html`<${Ago} at=${it.changed_at} />` },
    ];
    return () => html`<div class="view fill"><${Table} label=${t('forms.title')} columns=${columns()} rows=${forms.data?.forms} loading=${forms.loading} error=${forms.error} retry=${forms.reload} open=${it => go('/forms/' + it.id)}
      empty=${{ icon: 'list', title: t('forms.none'), body: t('forms.none.body'), action: { label: t('forms.new'), run: create } }} /></div>`;
  },
};
