// Moving a deal to a stage: what the stage asks for and the deal lacks is asked first, and why it was lost.
import { api, askForm, inLang, t, toast, words } from '../web/kit.js';
import { asked, fromForm, toForm, valueOf } from './data.js';
import './words.js';

words({
  ko: { 'dm.title': '{stage} 단계로 옮기기', 'dm.needs': '이 단계에는 다음이 필요합니다.', 'dm.move': '옮기기' },
  en: { 'dm.title': 'Move to {stage}', 'dm.needs': 'A deal in this stage needs these.', 'dm.move': 'Move' },
});

const empty = v => v === null || v === undefined || v === '' || v === 0 || (Array.isArray(v) && !v.length);
export const lacking = (deal, stage, fields) => stage.required.map(name => fields.get(name)).filter(field => field && field.name !== 'lost_reason' && empty(valueOf(deal, field)));

// Resolves to the deal as it is now, or null where nobody went on. Throws what the server refuses.
export async function moveDeal(deal, to, { fields, people }, { quiet = false } = {}) {
  const needed = lacking(deal, to, fields), lost = to.outcome === 'lost';
  if (quiet || (!needed.length && !lost)) return api.post(`/deals/${deal.id}/stage`, { stage: to.key, version: deal.version });
  const form = [
    ...needed.map((field, i) => asked(field, { people, currency: deal.currency, required: true, autofocus: i === 0 })),
    ...(lost ? [{ name: 'lost_reason', label: t('deals.reason'), hint: t('deals.reasonhint'), required: to.required.includes('lost_reason'), optional: !to.required.includes('lost_reason'), autofocus: !needed.length }] : []),
  ];
  return askForm({
    title: lost ? t('deals.lostwhy') : t('dm.title', { stage: inLang(to.name) }), body: needed.length ? t('dm.needs') : undefined, submitLabel: lost ? t('deals.lose') : t('dm.move'), fields: form,
    values: Object.fromEntries(needed.map(field => [field.name, toForm(deal, field)])),
    submit: v => api.patch('/deals/' + deal.id, { version: deal.version, stage: to.key, ...(lost ? { lost_reason: v.lost_reason ?? '' } : {}), ...Object.fromEntries(needed.map(field => [field.name, fromForm(v[field.name], field, deal.currency)])) }),
  });
}

// The same with its words: moved with the way back offered, or why not. Resolves to the deal, or null.
export async function moveWithWords(deal, to, sales, changed, reload) {
  try {
    const now = await moveDeal(deal, to, sales);
    if (!now) return null;
    changed(now);
    const from = sales.stages.get(deal.stage);
    toast.undo(t('deals.moved', { name: deal.name, stage: inLang(to.name) }), async () => changed(await moveDeal(now, from, sales, { quiet: true })));
    return now;
  } catch (error) {
    if (error.status === 409 && error.field === 'version') { toast(t('deals.changed'), { kind: 'warn' }); reload(); } else toast.error(error);
    return null;
  }
}
