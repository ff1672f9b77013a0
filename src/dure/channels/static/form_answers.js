// What was answered to a form, newest first.
import { Ago, api, html, inLang, load, num, ref, t, Table, useLive } from '../web/kit.js';
import './forms_words.js';
import { directory } from './directory_of_people.js';

const PAGE = 50;

export const Answers = {
  props: ['form'],
  setup(p) {
    const older = ref([]), last = ref(false);
    const ask = (signal, before) => api.get(`/forms/${p.form.id}/answers`, { signal, query: { limit: PAGE, ...(before && { before }) } });
    const answers = load(async signal => { const got = await ask(signal); older.value = []; last.value = got.answers.length < PAGE; return got; });
    useLive(() => `form:${p.form.id}`, () => answers.reload({ quiet: true }));
    async function more() {
      const shown = [...answers.data.answers, ...older.value], got = await ask(undefined, shown.at(-1).at);
      older.value = [...older.value, ...got.answers]; last.value = got.answers.length < PAGE;
    }
    const text = (field, value) => {
      if (value == null || value === '' || (Array.isArray(value) && !value.length)) return '–';
      if (field.type === 'user' || field.type === 'channel') return directory.name(value);
      if (field.type === 'number') return num(value, 2);
      if (field.type === 'file') return num(value.length);
      const named = Object.fromEntries(field.choices.map(one => typeof one === 'string' ? [one, one] : [one.value, inLang(typeof one.title === 'string' ? { ko: one.title, en: one.title } : one.title) || one.value]));
      return [value].flat().map(one => named[one] ?? String(one)).join(', ');
    };
    const columns = () => [
      { key: 'by', title: t('forms.by'), width: 130, value: it => directory.name(it.by) },
      ...p.form.fields.map(field => ({ key: 'v.' + field.name, title: inLang(field.title), num: field.type === 'number', sort: it => it.values[field.name] ?? '', value: it => text(field, it.values[field.name]) })),
      { key: 'at', title: t('forms.at'), width: 120, render: it => html`<${Ago} at=${it.at} />` },
    ];
    return () => {
      directory.want();
      return html`<div class="stack"><${Table} label=${t('forms.answers')} columns=${columns()} rows=${answers.data && [...answers.data.answers, ...older.value]} loading=${answers.loading} error=${answers.error} retry=${answers.reload}
        empty=${{ icon: 'list', title: t('forms.answers.none'), body: t('forms.answers.body') }} />${answers.data && !last.value && html`<div><button type="button" class="btn" @click=${more}>${t('forms.more')}</button></div>`}</div>`;
    };
  },
};
