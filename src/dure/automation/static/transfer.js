// Automations as files: out as JSON, in after a review of what each would change.
import { action, api, Badge, Dialog, html, icon, onMounted, openDialog, ref, shallowRef, t, toast, words } from '../web/kit.js';
import { Differences } from './diff.js';

words({
  ko: { 'auto.export': '내보내기', 'auto.exportall': '모두 내보내기', 'auto.import': '가져오기', 'auto.importbody': '내보낸 JSON 파일을 고르거나 붙여 넣으세요. 먼저 무엇이 바뀌는지 보여 드립니다.', 'auto.importfile': '파일 고르기', 'auto.importtext': 'JSON', 'auto.review': '검토', 'auto.reviewed': '검토 결과', 'auto.isnew': '새 자동화 (꺼진 채로)', 'auto.ischange': '버전 {n} → {next}', 'auto.issame': '같음', 'auto.iswrong': '가져올 수 없음', 'auto.importgo': '{n}개 가져오기', 'auto.imported': '{n}개를 가져왔습니다', 'auto.backtotext': '다시 고르기' },
  en: { 'auto.export': 'Export', 'auto.exportall': 'Export all', 'auto.import': 'Import', 'auto.importbody': 'Choose an exported JSON file, or paste it. You see what would change before anything does.', 'auto.importfile': 'Choose a file', 'auto.importtext': 'JSON', 'auto.review': 'Review', 'auto.reviewed': 'What would change', 'auto.isnew': 'New (switched off)', 'auto.ischange': 'Version {n} → {next}', 'auto.issame': 'The same', 'auto.iswrong': 'Cannot be taken', 'auto.importgo': 'Import {n}', 'auto.imported': '{n} {n|was|were} imported', 'auto.backtotext': 'Choose again' },
});

export async function download(id = null, name = 'automations') {
  const text = JSON.stringify(await api.get(id ? `/automations/${id}/export` : '/automations/export'), null, 2) + '\n';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name.replace(/[\\/:*?"<>|\s]+/g, '-') + '.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const openImport = () => openDialog(Import);

const Import = {
  props: ['close'],
  setup(p) {
    const text = ref(''), wrong = ref(''), reviews = shallowRef(null), texts = shallowRef([]), note = ref(''), file = ref();
    const review = action(async () => {
      wrong.value = '';
      let read;
      try { read = JSON.parse(text.value); } catch (error) { wrong.value = error.message; return; }
      texts.value = Array.isArray(read) ? read : read.automations ?? [read];
      reviews.value = (await api.post('/automations/import', { automations: texts.value })).reviews;
    }, { failed: error => { wrong.value = error.message; } });
    const publish = action(async () => {
      const good = texts.value.filter((_, i) => !reviews.value[i].error), expected = Object.fromEntries(reviews.value.filter(one => one.automation).map(one => [one.automation, one.version]));
      await api.post('/automations/import', { automations: good, publish: true, note: note.value || t('auto.import'), expected });
      toast(t('auto.imported', { n: good.length })); p.close(true);
    }, { failed: toast.error });
    const take = async e => { const [chosen] = e.target.files; if (chosen) { text.value = await chosen.text(); review.run(); } };
    onMounted(() => file.value?.focus());
    const state = one => one.error ? { kind: 'bad', text: t('auto.iswrong') } : !one.automation ? { kind: 'info', text: t('auto.isnew'), icon: 'plus' } : one.changes.length ? { kind: 'warn', text: t('auto.ischange', { n: one.version, next: one.version + 1 }), icon: 'edit' } : { kind: 'ok', text: t('auto.issame') };
    const counts = () => reviews.value.filter(one => !one.error && (!one.automation || one.changes.length)).length;
    return () => html`<${Dialog} title=${t('auto.import')} wide=${true} onClose=${() => p.close(false)}>${!reviews.value ? html`<form class="form stack" @submit=${e => { e.preventDefault(); review.run(); }}><p class="mut">${t('auto.importbody')}</p>
        <div class="row"><label class="btn">${icon('file')}${t('auto.importfile')}<input ref=${file} class="sr" type="file" accept="application/json,.json" @change=${take} /></label></div>
        <textarea class="input mono" rows="12" aria-label=${t('auto.importtext')} value=${text.value} @input=${e => { text.value = e.target.value; }}></textarea>${wrong.value && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${wrong.value}</p>`}
        <div class="actions end"><button type="submit" class="btn pri" disabled=${review.busy || !text.value.trim()}>${t('auto.review')}</button></div></form>`
      : html`<div class="stack"><h3>${t('auto.reviewed')}</h3><div class="auto-reviews">${reviews.value.map((one, i) => html`<details key=${i} open=${reviews.value.length < 4}><summary class="row"><b class="cut">${one.name || '–'}</b><${Badge} ...${state(one)} /></summary>${one.error ? html`<p class="poor">${one.field && html`<code>${one.field}</code> `}${one.error}</p>` : html`<${Differences} changes=${one.changes} />`}</details>`)}</div>
        <label class="stack sm"><span>${t('auto.note')}</span><input class="input" value=${note.value} @input=${e => { note.value = e.target.value; }} /></label>
        <div class="actions end"><button type="button" class="btn" @click=${() => { reviews.value = null; }}>${t('auto.backtotext')}</button><button type="button" class="btn pri" disabled=${publish.busy || !counts()} @click=${publish.run}>${t('auto.importgo', { n: counts() })}</button></div></div>`}<//>`;
  },
};
