// A source's settings as a form made from its manifest, with a look at what it would bring.
import { html, api, action, inLang, load, ref, t, icon, Badge, dateTime, Form, num } from '../web/kit.js';
import { Trouble } from './sources_look.js';
import { FEELINGS } from './words.js';

const TYPES = { text: 'text', long: 'textarea', list: 'textarea', addresses: 'textarea', address: 'text', choice: 'select', switch: 'switch', number: 'text' };

// What the form holds, as the API takes it: every value a text, a switch `yes` or nothing.
const texts = (fields, values) => Object.fromEntries(fields.map(field => [field.name, field.kind === 'switch' ? (values[field.name] ? 'yes' : '') : String(values[field.name] ?? '')]).filter(([, value]) => value));

export const SourceForm = {
  props: ['connector', 'source', 'done', 'cancel'],
  setup(p) {
    const found = ref(null), draft = ref({});
    const vocabulary = load(signal => api.get('/mentions/vocabulary', { signal, quiet: true }));
    const read = one => [inLang(vocabulary.data?.intents[one.intent] ?? {}), inLang(vocabulary.data?.topics[one.topic] ?? {}), t(FEELINGS[one.sentiment])].filter(Boolean).join(' · ');
    const fieldOf = (field, secret) => ({
      name: field.name, label: inLang(field.title), type: secret && field.kind !== 'long' ? 'password' : TYPES[field.kind], rows: field.kind === 'long' ? 4 : 2,
      required: field.required && !(secret && p.source), optional: !field.required, options: field.choices?.map(([value, label]) => ({ value, label: inLang(label) })),
      hint: secret && p.source?.has_secrets ? t('src.kept') : field.hint?.ko ? inLang(field.hint) : undefined,
      initial: field.kind === 'switch' ? field.default === 'yes' : field.default,
    });
    const pulls = () => p.connector.can.includes('pull');
    const fields = () => [
      { name: 'name', label: t('src.name'), required: true, initial: inLang(p.connector.title) },
      ...p.connector.settings.map(field => fieldOf(field, false)), ...p.connector.secrets.map(field => fieldOf(field, true)),
      ...(pulls() && !p.source ? [{ name: 'days', label: t('src.days'), type: 'number', initial: 1, min: 0, max: p.connector.history || 3650, unit: t('src.daysunit') }] : []),
      ...(pulls() ? [{ name: 'every', label: t('src.every'), type: 'number', initial: p.connector.every, min: p.connector.every, max: 86400, unit: t('src.everyunit'), hint: t('src.everyhint', { n: p.connector.every }) }] : []),
    ];
    const start = () => p.source ? { name: p.source.name, every: p.source.every, ...Object.fromEntries(p.connector.settings.map(field => [field.name, field.kind === 'switch' ? p.source.settings[field.name] === 'yes' : p.source.settings[field.name] ?? ''])) } : {};
    const given = values => ({ settings: texts(p.connector.settings, values), secrets: texts(p.connector.secrets, values) });
    const submit = async values => {
      const body = { name: values.name, ...given(values), ...(pulls() ? { every: values.every } : {}) };
      const made = p.source ? await api.patch('/social-sources/' + p.source.id, body) : await api.post('/social-sources', { connector: p.connector.name, ...body, days: values.days ?? 1 });
      p.done(made);
    };
    const look = action(async () => {
      found.value = null;
      try { found.value = await api.post('/social-sources/try', { connector: p.connector.name, ...given(draft.value), source: p.source?.id }, { seconds: 40 }); } catch (error) { found.value = { trouble: { code: '', said: null, detail: error.message }, mentions: [] }; }
    });
    const canLook = () => pulls() || p.connector.can.includes('stream');
    const mention = one => html`<li key=${one.mention.id} class="social-src-found"><div class="row cut"><b class="cut">${one.mention.author || one.mention.handle}</b><span class="mut sm nowrap">${one.mention.posted_at && dateTime(one.mention.posted_at)}</span>${one.mention.rating && html`<${Badge} icon="star" text=${num(one.mention.rating)} />`}<span class="grow"></span><span class="mut sm nowrap">${read(one.reading)}</span></div>
      <p class="social-text">${one.mention.text}</p></li>`;
    const preview = () => html`<section class="social-src-look" aria-live="polite">
      ${canLook() ? html`<button type="button" class="btn sm" aria-busy=${look.busy ? 'true' : null} disabled=${look.busy} @click=${look.run}>${icon('eye', 14)}${t(look.busy ? 'src.trying' : 'src.try')}</button>` : html`<p class="mut sm">${t('src.calls')}</p>`}
      ${found.value?.trouble && html`<${Trouble} of=${found.value.trouble} />`}
      ${found.value && !found.value.trouble && (found.value.mentions.length ? html`<p class="mut sm">${t('src.would')}</p><ul class="social-src-list">${found.value.mentions.map(mention)}</ul>` : html`<p class="sm">${t('src.nothing')}</p>`)}
      ${found.value?.skipped > 0 && html`<p class="mut sm">${t('src.skipped', { n: found.value.skipped })}</p>`}${found.value?.more && html`<p class="mut sm">${t('src.more')}</p>`}</section>`;
    const values = start();
    for (const field of fields()) if (values[field.name] === undefined) values[field.name] = field.initial;
    draft.value = values;
    return () => html`<${Form} fields=${fields()} values=${values} submit=${submit} submitLabel=${t(p.source ? 'src.save' : 'src.connect')} cancel=${p.cancel} change=${now => { draft.value = { ...now }; }}>${preview()}<//>`;
  },
};
