// What runs ask people: yes or no with a note, or a form; answered wherever it is seen.
import { Ago, api, askForm, html, icon, inLang, t, toast, words } from '../web/kit.js';
import { optionsOf, person } from './options.js';

words({
  ko: { 'auto.fillin': '답하기', 'auto.notmine': '다른 사람이 답합니다', 'auto.votes': '찬성 {n} / {of}', 'auto.sent': '답을 보냈습니다' },
  en: { 'auto.fillin': 'Fill in', 'auto.notmine': 'Others answer this', 'auto.votes': '{n} of {of} yes', 'auto.sent': 'Your answer was sent' },
});

const TYPES = { text: 'text', long_text: 'textarea', number: 'number', date: 'date', choice: 'select', switch: 'switch', user: 'select', link: 'url' };

export const decide = (run, question, decision, done) => askForm({
  title: question ?? t('auto.approve'), submitLabel: t(decision === 'yes' ? 'auto.yes' : 'auto.no'), danger: decision === 'no', fields: [{ name: 'note', label: t('auto.decidenote'), type: 'textarea', rows: 2, optional: true, autofocus: true }],
  submit: async values => { await api.post(`/automations/runs/${run}/decide`, { decision, note: values.note }); toast(t('auto.decided')); done?.(); },
});

export const fillIn = (run, question, form, done) => askForm({
  title: question, submitLabel: t('auto.fillin'), fields: (form?.fields ?? []).map((one, i) => ({ name: one.name, label: one.title ? (typeof one.title === 'string' ? one.title : inLang(one.title)) : one.name, type: TYPES[one.type] ?? 'text', required: one.required, autofocus: i === 0, ...(one.type === 'user' && { options: optionsOf('user') }), ...(one.type === 'choice' && { options: one.choices }) })),
  submit: async values => { await api.post(`/automations/runs/${run}/answer`, { values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== '')) }); toast(t('auto.sent')); done?.(); },
});

// One open question with its buttons. `it` is {run, kind, question, form, needed, voted, mine?}.
export const Question = {
  props: ['it', 'done'],
  setup: p => () => { const { it } = p, may = it.mine !== false; return html`${it.needed > 1 && html`<span class="tag" title=${(it.voted ?? []).map(person).join(', ')}>${t('auto.votes', { n: it.voted?.length ?? 0, of: it.needed })}</span>`}${it.asked_at && html`<${Ago} at=${it.asked_at} />`}
    ${!may ? html`<span class="mut sm">${t('auto.notmine')}</span>` : it.kind === 'ask' ? html`<button type="button" class="btn sm pri" @click=${() => fillIn(it.run, it.question, it.form, p.done)}>${icon('edit', 13)}${t('auto.fillin')}</button>`
      : html`<button type="button" class="btn sm pri" @click=${() => decide(it.run, it.question, 'yes', p.done)}>${t('auto.yes')}</button><button type="button" class="btn sm" @click=${() => decide(it.run, it.question, 'no', p.done)}>${t('auto.no')}</button>`}`; },
};
