// Every score: what it foretells, whether the model or a simple rule is used, and the work under way.
import { Ago, api, askForm, Badge, go, html, icon, inLang, load, onUnmounted, reloadOn, t, Table, useKeys, useTop } from '../web/kit.js';
import { open, three } from './scores_words.js';

export const stateOf = s => open(s.work) ? html`<${Badge} kind="warn" text=${s.work.state === 'waiting' ? t('sco.waiting') : t(s.work.kind === 'train' ? 'sco.running' : 'sco.scoring')} />`
  : s.work?.state === 'refused' ? html`<${Badge} kind="bad" text=${t('sco.refused')} />` : s.work?.state === 'failed' ? html`<${Badge} kind="bad" text=${t('sco.failed')} />`
    : s.drift?.drifted ? html`<${Badge} kind="warn" icon="warn" text=${t('sco.drift')} />` : s.work?.state === 'cancelled' && !s.model ? html`<${Badge} text=${t('sco.cancelled')} />` : s.model ? html`<${Badge} kind="ok" text=${t('sco.done')} />` : '–';

export async function newScore() {
  const [{ segments }, events] = await Promise.all([api.get('/segments'), api.get('/events/names', { quiet: true }).then(found => found.events.map(one => one.name), () => [])]);
  const days = (name, label, initial, more = {}) => ({ name, label: t(label), type: 'number', min: name === 'gap_days' ? 0 : 1, unit: t('sco.dayunit'), initial, required: true, ...more });
  return askForm({
    title: t('sco.new'), submitLabel: t('sco.create'),
    fields: [
      { name: 'name', label: t('sco.name'), required: true, autofocus: true },
      { name: 'kind', label: t('sco.kind'), type: 'choice', initial: 'churn', options: ['churn', 'convert', 'alike'].map(value => ({ value, label: t('sco.' + value) })) },
      { name: 'goal', label: t('sco.goal'), required: true, options: events, when: v => v.kind === 'convert' },
      { name: 'first_only', label: t('sco.first'), type: 'switch', when: v => v.kind === 'convert' },
      { name: 'segment', label: t('sco.segment'), type: 'select', required: true, options: segments.map(s => ({ value: s.id, label: inLang(s.name) })), when: v => v.kind === 'alike' },
      { name: 'activity', label: t('sco.activity'), hint: t('sco.activityhint'), options: ['*', ...events], initial: '*', required: true },
      { name: 'amount', label: t('sco.amount'), hint: t('sco.amounthint'), optional: true },
      days('horizon_days', 'sco.horizon', 28, { hint: t('sco.horizonhint'), when: v => v.kind !== 'alike' }), days('gap_days', 'sco.gap', 1, { when: v => v.kind !== 'alike' }),
      days('eligible_days', 'sco.eligible', 90), days('history_days', 'sco.history', 365),
    ],
    submit: v => {
      const { name, goal, activity, ...rest } = v;
      const settings = { ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== '' && value != null)), activity: { event: activity }, ...(v.kind === 'convert' ? { goal: { event: goal } } : {}) };
      if (v.kind !== 'convert') delete settings.first_only;
      if (v.kind !== 'alike') delete settings.segment;
      return api.post('/scores', { name, settings });
    },
  });
}

export default {
  props: ['params', 'query'],
  setup() {
    const found = load(signal => api.get('/scores', { signal }));
    reloadOn(found, 'segments');
    const timer = setInterval(() => { if (found.data?.scores.some(s => open(s.work))) found.reload({ quiet: true }); }, 2000);
    onUnmounted(() => clearInterval(timer));
    const make = async () => { const made = await newScore(); if (made) go('/scores/' + made.id); };
    useKeys({ n: [make, 'sco.new'] }, 'sco.title');
    useTop({ tools: () => html`<button type="button" class="btn sm pri" title="N" @click=${make}>${icon('plus', 14)} ${t('sco.new')}</button>` });
    const of = s => s.card && s.card.average[s.card.used === 'model' ? 'model' : s.card.rule];
    const columns = () => [
      { key: 'name', title: t('sco.name'), value: s => inLang(s.name), render: s => html`<b class="cut">${inLang(s.name)}</b>` },
      { key: 'kind', title: t('sco.kind'), value: s => t('sco.' + s.settings.kind) },
      { key: 'state', title: t('sco.state'), sort: false, render: stateOf },
      { key: 'used', title: t('sco.used'), value: s => s.card ? (s.card.used === 'model' ? t('sco.model') : t('sco.' + s.card.rule)) : '–' },
      { key: 'auc', title: t('sco.auc'), num: true, value: s => of(s)?.auc ?? null, render: s => three(of(s)?.auc) },
      { key: 'lift', title: t('sco.lift'), num: true, value: s => of(s)?.lift ?? null, render: s => of(s) ? t('sco.liftn', { n: of(s).lift.toFixed(1) }) : '–' },
      { key: 'at', title: t('sco.at'), sort: s => s.scored_at ?? '', render: s => s.scored_at ? html`<${Ago} at=${s.scored_at} />` : '–' },
    ];
    return () => html`<div class="view fill"><${Table} label=${t('sco.title')} columns=${columns()} rows=${found.data?.scores} loading=${found.loading} error=${found.error} retry=${found.reload}
      empty=${{ icon: 'gauge', title: t('sco.none'), body: t('sco.nonebody'), action: { label: t('sco.new'), run: make } }} open=${s => go('/scores/' + s.id)} /></div>`;
  },
};
