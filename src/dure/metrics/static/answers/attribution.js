// Whose credit a conversion is, and how that changes with the model.
import { api, Bars, html, num, onScopeDispose, reactive, ref, sentence, t, watch } from '../../web/kit.js';
import { behind } from '../behind.js';
import { MODELS } from '../builder/value.js';
import { cell, Tabled } from './cells.js';

const opens = row => ({ cell: { value: row.value }, title: row.value });
const credit = v => num(v, v < 100 ? 2 : 0);

export const empty = a => !a.rows.length;

export const tables = a => [{ name: '', columns: [{ title: a.question.prop }, { title: t('a.credit'), num: true },
  { title: t('a.share'), num: true }, { title: t('a.conversions'), num: true }],
  rows: a.rows.map(r => [r.value, cell(r.credit, credit(r.credit)), cell(r.credit / total(a)), cell(r.conversions, num(r.conversions), opens(r))])
    .map(row => [row[0], row[1], { ...row[2], text: `${num(100 * row[2].value, 1)}%` }, row[3]]) }];

const total = a => a.rows.reduce((n, r) => n + r.credit, 0) || 1;

export const Chart = {
  props: ['answer', 'asking'],
  setup: p => () => {
    const a = p.answer, rows = a.rows.slice(0, 20).map(r => ({ name: r.value, value: r.credit, hint: `${num(100 * r.credit / total(a), 1)}%`, raw: r }));
    return html`<h3>${t('a.creditby', { model: t('model.' + a.question.model) })}</h3><${Bars} label=${t('a.credit')} rows=${rows}
      format=${credit} pick=${r => { const it = opens(r.raw); behind(a.question, it.cell, it.title); }} />
      ${p.asking && html`<${Models} answer=${a} />`}`;
  },
};

// The same question under every other model, asked when it is wanted.
const Models = {
  props: ['answer'],
  setup(p) {
    const on = ref(false), found = reactive({}), error = ref(null);
    let running = null;
    async function ask() {
      running?.abort();
      const mine = running = new AbortController(), question = p.answer.question;
      for (const model of MODELS) delete found[model];
      found[question.model] = p.answer.rows;
      error.value = null;
      try {
        for (const model of MODELS) if (model !== question.model) {
          const answer = await api.post('/query', { ...question, model }, { signal: mine.signal });
          if (mine !== running) return;
          found[model] = answer.rows;
        }
      } catch (failure) { if (mine === running && failure.name !== 'AbortError') error.value = failure; }
    }
    watch(() => p.answer, () => { if (on.value) ask(); });
    onScopeDispose(() => { const last = running; running = null; last?.abort(); });
    const table = () => {
      const values = [...new Set(MODELS.flatMap(m => (found[m] ?? []).map(r => r.value)))].slice(0, 30), of = (model, value) => found[model]?.find(r => r.value === value)?.credit ?? (found[model] ? 0 : null);
      return [{ name: t('a.models'), columns: [{ title: p.answer.question.prop }, ...MODELS.map(m => ({ title: t('model.' + m), num: true }))],
        rows: values.map(value => [value, ...MODELS.map(m => cell(of(m, value), of(m, value) == null ? '…' : credit(of(m, value))))]) }];
    };
    return () => on.value ? html`${error.value ? html`<p class="wrong-text" role="alert">${sentence(error.value)}</p>` : null}<div
      aria-busy=${MODELS.some(m => !found[m]) && !error.value ? 'true' : null} class="a-wide"><${Tabled} of=${table()}
      question=${p.answer.question} /></div>`
      : html`<button type="button" class="btn sm a-more" @click=${() => { on.value = true; ask(); }}>${t('a.models')}</button>`;
  },
};
