// One form: filled in by whoever has its address, its answers, and what it asks.
import { action, api, computed, html, icon, inLang, load, Loaded, nextTick, Panel, reactive, ref, setQuery, state, t, Tabs, toast, useLive, useTop } from '../web/kit.js';
import './forms_words.js';
import { blocks } from './blocks.js';
import { directory } from './directory_of_people.js';
import { Answers } from './form_answers.js';
import { Fields, rename } from './form_fields.js';
import { failure, forget, stateOf, valueIn } from './pressing.js';
import { channelNames } from './rooms.js';

const Fill = {
  props: ['form', 'sent'],
  setup(p) {
    const place = { view: `form:${p.form.id}`, app: 'form' }, it = reactive({ busy: false, failed: '', sent: false }), body = ref();
    forget(place);
    const shown = computed(() => p.form.blocks[state.lang] ?? p.form.blocks.ko);
    async function send() {
      const kept = stateOf(place);
      const values = Object.fromEntries(shown.value.map(block => [block.block_id, valueIn(place, block.block_id, block.element)]).filter(([, raw]) => raw != null && raw !== ''));
      kept.errors = Object.fromEntries(shown.value.filter(block => !block.optional && !(block.block_id in values)).map(block => [block.block_id, t('ch.must')]));
      if (Object.keys(kept.errors).length) return wrong();
      it.busy = true; it.failed = '';
      try { await api.post(`/forms/${p.form.id}/answers`, { values }); it.sent = true; forget(place); p.sent(); } catch (error) {
        if (error.data?.fields) { kept.errors = error.data.fields; wrong(); } else if (error.field?.startsWith('values.')) { kept.errors = { [error.field.slice(7)]: error.message }; wrong(); } else it.failed = failure(error);
      } finally { it.busy = false; }
    }
    const wrong = () => nextTick(() => { const first = body.value?.querySelector('.wrong'); first?.scrollIntoView({ block: 'nearest' }); first?.querySelector('input,textarea,select,button')?.focus(); });
    return () => {
      if (p.form.closed_at) return html`<div class="notice">${icon('info')}${t('forms.is.closed')}</div>`;
      if (p.form.fields.some(field => field.type === 'file')) return html`<div class="notice">${icon('info')}${t('forms.file')}</div>`;
      if (it.sent) return html`<div class="stack" role="status"><h2>${icon('check')} ${t('forms.sent')}</h2><p class="mut">${t('forms.sent.body')}</p><div><button type="button" class="btn" @click=${() => { it.sent = false; }}>${t('forms.again')}</button></div></div>`;
      directory.want();
      return html`<form class="stack forms-fill" novalidate @submit=${event => { event.preventDefault(); send(); }}><div class="bk" ref=${body}>${blocks(shown.value, directory.named(), channelNames.value, place)}</div>
        <p class="mut sm">${t('forms.kept')}</p><div class="actions"><button type="submit" class="btn pri" disabled=${it.busy} aria-busy=${it.busy ? 'true' : null}>${t('forms.send')}</button><span class="poor sm" role="alert">${it.failed}</span></div></form>`;
    };
  },
};

export default {
  props: ['params', 'query'],
  setup(p) {
    const path = () => `/forms/${p.params.id}`, tab = computed(() => p.query.tab ?? 'fill');
    const form = load(signal => api.get(path(), { signal }), { watch: () => p.params.id, keep: false });
    useLive(() => `form:${p.params.id}`, () => form.reload({ quiet: true }));
    const close = action(async closed => { await api.patch(path(), { closed }); await form.reload({ quiet: true }); toast(t(closed ? 'forms.did.close' : 'forms.did.open')); }, { failed: toast.error });
    const copy = async () => { await navigator.clipboard?.writeText(location.origin + path()); toast(t('forms.copied')); };
    const saved = async change => { await api.patch(path(), change); await form.reload({ quiet: true }); toast(t('forms.saved')); };
    useTop({
      title: () => html`<h1>${form.data ? inLang(form.data.title) : t('forms.title')}</h1>`,
      tools: () => form.data && html`<${Tabs} label=${t('forms.title')} value=${tab.value} change=${value => setQuery({ tab: value === 'fill' ? undefined : value })} items=${[
        { value: 'fill', label: t('forms.fill') }, { value: 'answers', label: t('forms.answers'), count: form.data.answers || null }, { value: 'edit', label: t('forms.edit') }]} />
        <button type="button" class="btn" @click=${copy}>${icon('link')}${t('forms.copy')}</button>`,
    });
    return () => html`<div class="view pad"><${Loaded} of=${form} skeleton="text" show=${data => html`
      ${tab.value === 'fill' && html`<div class="forms-page"><${Panel} title=${inLang(data.title)}>${inLang(data.about) && html`<p class="mut forms-about">${inLang(data.about)}</p>`}<${Fill} key=${data.changed_at} form=${data} sent=${() => form.reload({ quiet: true })} /><//></div>`}
      ${tab.value === 'answers' && html`<${Answers} form=${data} />`}
      ${tab.value === 'edit' && html`<div class="forms-page"><${Panel} title=${t('forms.fields')} flush=${true} tools=${html`<button type="button" class="btn sm" @click=${() => rename(data, saved)}>${t('forms.rename')}</button>
          <button type="button" class="btn sm" disabled=${close.busy} @click=${() => close.run(!data.closed_at)}>${t(data.closed_at ? 'forms.reopen' : 'forms.close')}</button>`}><${Fields} form=${data} save=${fields => saved({ fields })} /><//>
        <${Panel} title=${t('forms.start')}><p class="mut">${t('forms.start.body', { id: data.id })}</p><//></div>`}`} /></div>`;
  },
};
