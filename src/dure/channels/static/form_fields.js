// What a form asks: its fields in order, each edited in a dialog, saved at once.
import { action, askForm, html, icon, inLang, Menu, t, toast } from '../web/kit.js';
import './forms_words.js';

const TYPES = ['text', 'long_text', 'number', 'date', 'choice', 'choices', 'user', 'channel', 'file'];
const both = (ko, en) => en && en !== ko ? { ko, en } : ko;
const nameOf = (title, taken) => {
  const base = title.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 30) || 'field';
  let name = base, n = 2;
  while (taken.includes(name)) name = `${base}_${n++}`;
  return name;
};
// A field as the server takes it.
const sent = field => ({ name: field.name, title: field.title, type: field.type, required: field.required, about: field.about, choices: field.choices });

export const Fields = {
  props: ['form', 'save'],
  setup(p) {
    const save = action(fields => p.save(fields.map(sent)), { failed: toast.error });
    async function edit(at) {
      const old = p.form.fields[at], taken = p.form.fields.map(field => field.name);
      await askForm({
        title: t(old ? 'forms.field.edit' : 'forms.field.new'), submitLabel: t('form.save'),
        values: old ? { title: old.title.ko, en: old.title.en === old.title.ko ? '' : old.title.en, type: old.type, required: old.required ?? true, about: old.about.ko, choices: (old.choices ?? []).map(one => typeof one === 'string' ? one : one.value), name: old.name } : { type: 'text', required: true },
        fields: [
          { name: 'title', label: t('forms.field.title'), required: true, autofocus: true }, { name: 'en', label: t('forms.field.title.en'), optional: true },
          { name: 'type', label: t('forms.field.type'), type: 'select', required: true, options: TYPES.map(value => ({ value, label: t('forms.type.' + value) })) },
          { name: 'choices', label: t('forms.field.choices'), type: 'tokens', required: true, when: values => ['choice', 'choices'].includes(values.type) },
          { name: 'required', label: t('forms.field.required'), type: 'switch' }, { name: 'about', label: t('forms.field.about'), optional: true },
          { name: 'name', label: t('forms.field.name'), hint: t('forms.field.name.hint'), optional: true, check: text => !text || /^[A-Za-z][A-Za-z0-9_]*$/.test(text) ? '' : t('forms.field.name.hint') },
        ],
        submit: async values => {
          const known = Object.fromEntries((old?.choices ?? []).map(one => typeof one === 'string' ? [one, one] : [one.value, one]));
          const made = { name: values.name || nameOf(values.en || values.title, taken), title: both(values.title, values.en), type: values.type, required: !!values.required, about: old && old.about.ko === values.about ? old.about : values.about ?? '',
            choices: ['choice', 'choices'].includes(values.type) ? values.choices.map(one => known[one] ?? one) : [] };
          await p.save((old ? p.form.fields.map((field, i) => i === at ? made : field) : [...p.form.fields, made]).map(sent));
        },
      });
    }
    const move = (at, by) => { const fields = [...p.form.fields], [one] = fields.splice(at, 1); fields.splice(at + by, 0, one); save.run(fields); };
    const remove = at => p.form.fields.length > 1 ? save.run(p.form.fields.filter((_, i) => i !== at)) : toast(t('forms.last'), { kind: 'bad' });
    const last = () => p.form.fields.length - 1;
    return () => html`<div><ol class="forms-fields">${p.form.fields.map((field, at) => html`<li class="row" key=${field.name}><button type="button" class="btn ghost grow forms-field" @click=${() => edit(at)}><b class="cut">${inLang(field.title)}</b>
        <span class="mut sm nowrap">${t('forms.type.' + field.type)}${field.required !== false && ` · ${t('forms.required')}`}</span><code class="mono mut sm">${field.name}</code></button>
        <${Menu} label=${t('forms.field.edit')} icon="more" cls="btn ghost ico sm" items=${[{ label: t('forms.field.edit'), icon: 'edit', run: () => edit(at) }, { label: t('forms.field.up'), disabled: at === 0, run: () => move(at, -1) }, { label: t('forms.field.down'), disabled: at === last(), run: () => move(at, 1) }, null, { label: t('forms.field.remove'), danger: true, run: () => remove(at) }]} /></li>`)}</ol>
      <div class="forms-add"><button type="button" class="btn" disabled=${save.busy} @click=${() => edit(-1)}>${icon('plus')}${t('forms.field.new')}</button></div></div>`;
  },
};

export const rename = (form, saved) => askForm({
  title: t('forms.rename'), submitLabel: t('form.save'), values: { ko: form.title.ko, en: form.title.en === form.title.ko ? '' : form.title.en, about: form.about.ko },
  fields: [{ name: 'ko', label: t('forms.name'), required: true, autofocus: true }, { name: 'en', label: t('forms.field.title.en'), optional: true }, { name: 'about', label: t('forms.about'), type: 'textarea', optional: true }],
  submit: async values => saved({ title: both(values.ko, values.en), ...((values.about ?? '') !== form.about.ko && { about: values.about ?? '' }) }),
});
