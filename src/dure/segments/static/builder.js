// A simple builder: did, did not, trait. Shows how many people the rule holds for while it is written.
import { api, Dialog, Form, html, inLang, ref, t } from '../web/kit.js';
import './words.js';

// The form's values as a rule; null while nothing is said.
export function ruleOf(v) {
  if (v.by_hand) return { kind: 'listed' };
  const parts = [];
  if (v.event?.trim()) parts.push({ kind: 'did', event: v.event.trim(), at_least: v.at_least ?? 1, measure: v.measure ?? 'times', ...(v.within ? { within: v.within } : {}) });
  if (v.not_event?.trim()) parts.push({ kind: 'not', of: { kind: 'did', event: v.not_event.trim(), ...(v.not_within ? { within: v.not_within } : {}) } });
  if (v.trait?.trim()) parts.push({ kind: 'trait', prop: v.trait.trim(), op: v.op ?? '=', ...(['set', 'not_set'].includes(v.op) ? {} : { value: v.value ?? '' }) });
  return !parts.length ? null : parts.length === 1 ? parts[0] : { kind: 'all', of: parts };
}

export const Builder = {
  props: ['close'],
  setup(props) {
    const seen = ref(null), busy = ref(false), problem = ref(null), byHand = ref(false);
    let timer, asked = 0;
    const look = values => {
      clearTimeout(timer);
      const rule = ruleOf(values), turn = ++asked;
      byHand.value = rule?.kind === 'listed';
      if (!rule || rule.kind === 'listed') { seen.value = null; return; }
      timer = setTimeout(async () => {
        busy.value = true;
        try { const answer = await api.post('/segments/preview', { rule }); if (turn === asked) { seen.value = answer; problem.value = null; } }
        catch (error) { if (turn === asked) problem.value = error; }
        finally { if (turn === asked) busy.value = false; }
      }, 350);
    };
    const periods = () => [{ value: '', label: t('seg.ever') }, ...[1, 7, 14, 28, 90].map(n => ({ value: `${n}d`, label: t('seg.lastn', { n }) }))];
    const fields = () => [
      { name: 'name', label: t('seg.name'), required: true, autofocus: true }, { name: 'by_hand', label: t('seg.byhand'), hint: t('seg.byhandhint'), type: 'switch' },
      ...rules().map(field => ({ ...field, when: v => !v.by_hand && (field.when?.(v) ?? true) })),
    ];
    const rules = () => [
      { name: 'event', label: t('seg.did'), hint: t('seg.didhint'), optional: true },
      { name: 'at_least', label: t('seg.atleast'), type: 'number', min: 1, initial: 1, when: v => !!v.event },
      { name: 'measure', label: t('seg.measure'), type: 'choice', initial: 'times', options: [{ value: 'times', label: t('seg.times') }, { value: 'days', label: t('seg.days') }], when: v => !!v.event },
      { name: 'within', label: t('seg.within'), type: 'select', initial: '28d', options: periods(), when: v => !!v.event },
      { name: 'not_event', label: t('seg.not'), hint: t('seg.nothint'), optional: true },
      { name: 'not_within', label: t('seg.notwithin'), type: 'select', initial: '7d', options: periods(), when: v => !!v.not_event },
      { name: 'trait', label: t('seg.trait'), hint: t('seg.traithint'), optional: true },
      { name: 'op', label: t('seg.op'), type: 'select', initial: '=', options: ['=', '!=', 'contains', '>', '<', 'set', 'not_set'], when: v => !!v.trait },
      { name: 'value', label: t('seg.value'), when: v => !!v.trait && !['set', 'not_set'].includes(v.op) },
    ];
    const submit = async values => {
      const rule = ruleOf(values);
      if (!rule) throw new Error(t('seg.fill'));
      props.close(await api.post('/segments', { name: values.name, rule }));
    };
    return () => html`<${Dialog} title=${t('seg.new')} onClose=${() => props.close(null)}>
      <${Form} fields=${fields()} submit=${submit} submitLabel=${t('seg.create')} cancel=${() => props.close(null)} change=${look} />
      <p class="seg-live" role="status">${byHand.value ? null : problem.value ? html`<span class="poor">${problem.value.message}</span>` : busy.value ? html`<span class="mut">${t('seg.counting')}</span>`
        : seen.value ? html`<b class="num">${t('seg.live', { n: seen.value.size })}</b> <span class="mut">${inLang(seen.value.words)}</span>` : html`<span class="mut">${t('seg.fill')}</span>`}</p>
    <//>`;
  },
};
