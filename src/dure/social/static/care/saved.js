// Saved replies: found, made, changed and deleted, in a dialog over the inbox; and the inbox's settings.
import { api, ask, askForm, Dialog, Empty, Failed, html, icon, inLang, load, ref, Skeleton, t, toast } from '../../web/kit.js';
import { FUNCTIONS } from './acts.js';
import './words.js';

const LANGS = ['', 'ko', 'en'];

// props: team, text (what one wrote, to begin with), close(changed)
export const SavedReplies = {
  props: ['team', 'text', 'close'],
  setup(p) {
    const all = load(signal => api.get('/saved-replies', { signal })), find = ref(''), changed = ref(false);
    const fields = () => [
      { name: 'shortcut', label: t('care.shortcut'), required: true, placeholder: 'refund' }, { name: 'title', label: t('care.title'), required: true },
      { name: 'text', label: t('care.text'), type: 'textarea', rows: 6, required: true, hint: t('care.variables') + ': ' + Object.entries(all.data?.variables ?? {}).map(([name, title]) => `{{ ${name} }} ${inLang(title)}`).join(' · ') },
      { name: 'language', label: t('care.lang'), type: 'select', options: LANGS.map(one => ({ value: one, label: one ? t('social.' + one) : t('care.anylang') })) },
      { name: 'team', label: t('care.team'), type: 'select', options: [{ value: '', label: t('care.everyteam') }, ...FUNCTIONS.map(one => ({ value: one, label: t('social.' + one) }))] }];
    async function form(one) {
      const made = await askForm({ title: one ? one.title : t('care.newsaved'), wide: true, fields: fields(), values: one ?? { shortcut: '', title: '', text: p.text ?? '', language: '', team: p.team }, submitLabel: t('care.save'),
        submit: values => { const said = { shortcut: values.shortcut, title: values.title, text: values.text, language: values.language ?? '', team: values.team ?? '' }; return one ? api.put('/saved-replies/' + one.id, { ...said, version: one.version }) : api.post('/saved-replies', said); } });
      if (made) { changed.value = true; toast(t('care.savedkept')); all.reload({ quiet: true }); }
    }
    async function drop(one) {
      if (!await ask({ title: t('care.delete') + ': /' + one.shortcut, body: one.text, action: t('care.delete'), danger: true })) return;
      try { await api.del('/saved-replies/' + one.id); changed.value = true; toast(t('care.savedgone')); } catch (error) { toast.error(error); }
      all.reload({ quiet: true });
    }
    const fit = one => !find.value || `${one.shortcut} ${one.title} ${one.text}`.toLowerCase().includes(find.value.toLowerCase());
    return () => html`<${Dialog} title=${t('care.saved')} wide=${true} onClose=${() => p.close(changed.value)}><div class="stack">
      <div class="row"><input class="input grow" type="search" placeholder=${t('care.savedfind')} aria-label=${t('care.savedfind')} value=${find.value} @input=${e => { find.value = e.target.value; }} /><button type="button" class="btn pri" @click=${() => form(null)}>${icon('plus', 14)}${t(p.text ? 'care.savethis' : 'care.newsaved')}</button></div>
      ${all.error ? html`<${Failed} error=${all.error} retry=${all.reload} small=${true} />` : !all.data ? html`<${Skeleton} n=${4} />` : !all.data.saved_replies.length ? html`<${Empty} icon="reply" title=${t('care.nosaved')} body=${t('care.nosavedbody')} />`
        : html`<ul class="care-saved">${all.data.saved_replies.filter(fit).map(one => html`<li key=${one.id}><div class="care-what"><div class="row"><b class="nowrap">/${one.shortcut}</b><span class="cut">${one.title}</span><span class="tag">${one.team ? t('social.' + one.team) : t('care.everyteam')}</span>${one.language && html`<span class="tag">${t('social.' + one.language)}</span>`}<span class="grow"></span><span class="mut sm num nowrap">${t('care.used', { n: one.used })}</span></div><p class="care-words">${one.text}</p></div>
          <button type="button" class="btn ghost ico" aria-label=${t('care.edit')} title=${t('care.edit')} @click=${() => form(one)}>${icon('edit', 14)}</button><button type="button" class="btn ghost ico" aria-label=${t('care.delete')} title=${t('care.delete')} @click=${() => drop(one)}>${icon('trash', 14)}</button></li>`)}</ul>`}</div><//>`;
  },
};

export async function askSettings() {
  const now = await api.get('/conversations/settings');
  const kept = await askForm({ title: t('care.settings'), fields: [
    { name: 'after_reply', label: t('care.afterreply'), type: 'select', options: ['waiting', 'open', 'resolved'].map(one => ({ value: one, label: t('care.' + one) })) },
    { name: 'own', label: t('care.own'), type: 'textarea', rows: 4, optional: true, hint: t('care.ownhint') }],
    values: { after_reply: now.after_reply, own: now.own.join('\n') }, submitLabel: t('care.save'),
    submit: values => api.put('/conversations/settings', { after_reply: values.after_reply, own: (values.own ?? '').split(/[\n,]/).map(one => one.trim()).filter(Boolean) }) });
  if (kept) toast(t('care.settingskept'));
  return kept;
}
