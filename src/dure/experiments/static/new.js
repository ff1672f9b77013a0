// A new experiment, with a planner beside it: how many people it needs and how long they take to come.
import { api, Form, go, html, inLang, load, num, Panel, percent, ref, sentence, t, useGuard, ask } from '../web/kit.js';
import { metricName, shown } from './words.js';

const list = value => (value ?? []).map(one => one.trim()).filter(Boolean);

// The form's values as a measure of the goal; null while nothing is said.
function goalOf(v) {
  if (v.metric) return { role: 'goal', metric: v.metric, ...(v.window ? { window: v.window } : {}) };
  if (!v.event?.trim()) return null;
  const kind = v.kind ?? 'conversion';
  return { role: 'goal', kind, event: v.event.trim(), ...(kind === 'retention' ? { day: v.day ?? 7 } : { window: v.window ?? '7d' }), ...(kind === 'mean' ? { prop: v.prop ?? '' } : {}) };
}

export function designOf(v) {
  const names = list(v.arms), arms = names.length > 1 ? names : ['control', 'treated'], goal = goalOf(v);
  const guard = v.guard?.trim() ? [{ role: 'guardrail', kind: 'conversion', event: v.guard.trim(), window: v.window ?? '7d', margin: (v.margin ?? 5) / 100, relative: true }] : [];
  return {
    name: v.name, ...(v.hypothesis ? { hypothesis: v.hypothesis } : {}), arms: arms.map((name, i) => ({ name, share: i ? 1 / arms.length : 1 - (arms.length - 1) / arms.length })), metrics: [...(goal ? [goal] : []), ...guard],
    method: v.method ?? 'always', ...(v.size ? { size: v.size } : {}), ...(v.layer?.trim() ? { layer: { id: v.layer.trim(), share: (v.layer_share ?? 100) / 100 } } : {}), ...(v.strata?.trim() ? { strata: v.strata.trim() } : {}),
    ...(v.cuped ? { cuped: v.cuped } : {}), ...(v.exposure?.trim() ? { exposure: { event: v.exposure.trim(), arm: v.arm?.trim() || 'arm' } } : {}), ...(v.segment ? { audience: { kind: 'in', segment: v.segment } } : {}), global_holdout: v.global_holdout ?? true,
  };
}

export default {
  props: ['params', 'query'],
  setup() {
    const plan = ref(null), busy = ref(false), problem = ref(null), typed = ref(false);
    const metrics = load(async signal => (await api.get('/metrics', { signal })).metrics);
    const segments = load(async signal => (await api.get('/segments', { signal })).segments);
    useGuard(() => typed.value, () => ask({ title: t('exp.new'), body: t('flag.dirty'), action: t('flag.leave') }));
    const events = load(async signal => (await api.get('/events/names', { signal, quiet: true })).events.map(one => one.name));
    let timer, asked = 0;
    const look = v => {
      typed.value = true;
      clearTimeout(timer);
      const turn = ++asked, goal = goalOf(v), from = v.from?.trim() || v.exposure?.trim(), count = Math.max(2, list(v.arms).length);
      if (!goal || !from) { plan.value = null; problem.value = null; busy.value = false; return; }
      busy.value = true;
      timer = setTimeout(async () => {
        try {
          const answer = await api.post('/experiments/plan', { metric: goal, event: from, lift: (v.lift ?? 5) / 100, method: v.method ?? 'always', shares: Array(count).fill(1 / count), part: v.layer?.trim() ? (v.layer_share ?? 100) / 100 : 1 });
          if (turn === asked) { plan.value = { ...answer, goal }; problem.value = null; }
        } catch (error) { if (turn === asked) { problem.value = error; plan.value = null; } } finally { if (turn === asked) busy.value = false; }
      }, 400);
    };
    const periods = days => days.map(n => ({ value: `${n}d`, label: t('exp.ndays', { n }) }));
    const fields = () => [
      { name: 'name', label: t('exp.idea'), hint: t('exp.ideahint'), required: true, autofocus: true }, { name: 'hypothesis', label: t('exp.hypothesis'), hint: t('exp.hyphint'), type: 'textarea', rows: 2, optional: true },
      { name: 'arms', label: t('exp.armnames'), hint: t('exp.armhint'), type: 'tokens', initial: ['control', 'treated'] },
      { name: 'metric', label: t('exp.catalogue'), type: 'select', placeholder: t('exp.catalogueorevent'), options: (metrics.data ?? []).map(m => ({ value: m.id, label: inLang({ ko: m.name_ko, en: m.name_en }) })) },
      { name: 'event', label: t('exp.goalevent'), hint: t('exp.goaleventhint'), options: events.data ?? undefined, when: v => !v.metric }, { name: 'kind', label: t('exp.goalkind'), type: 'select', required: true, initial: 'conversion', options: ['conversion', 'retention', 'count', 'mean'].map(value => ({ value, label: t('exp.k.' + value) })), when: v => !v.metric },
      { name: 'prop', label: t('exp.prop'), required: true, when: v => !v.metric && v.kind === 'mean' }, { name: 'day', label: t('exp.day'), type: 'number', min: 1, max: 180, initial: 7, when: v => !v.metric && v.kind === 'retention' },
      { name: 'window', label: t('exp.window'), type: 'select', required: true, initial: '7d', options: periods([1, 3, 7, 14, 28]), when: v => v.kind !== 'retention' || !!v.metric },
      { name: 'guard', label: t('exp.guardevent'), hint: t('exp.guardhint'), optional: true, options: events.data ?? undefined }, { name: 'margin', label: t('exp.guardmargin'), hint: t('exp.guardmarginhint'), type: 'number', unit: '%', min: 0.1, initial: 5, when: v => !!v.guard },
      { name: 'from', label: t('exp.from'), hint: t('exp.fromhint'), optional: true, options: events.data ?? undefined }, { name: 'lift', label: t('exp.lift'), hint: t('exp.lifthint'), type: 'number', unit: '%', initial: 5 },
      { name: 'method', label: t('exp.method'), type: 'select', required: true, initial: 'always', options: ['always', 'fixed', 'looks'].map(value => ({ value, label: t('exp.m.' + value) })) },
      { name: 'size', label: t('exp.planned'), type: 'number', min: 2, required: true, when: v => (v.method ?? 'always') !== 'always' },
      { name: 'segment', label: t('exp.audience'), type: 'select', placeholder: t('exp.all'), options: (segments.data ?? []).map(s => ({ value: s.id, label: inLang(s.name) })) },
      { name: 'layer', label: t('exp.layer'), hint: t('exp.layerhint'), optional: true }, { name: 'layer_share', label: t('exp.layershare'), type: 'number', unit: '%', min: 1, max: 100, initial: 100, when: v => !!v.layer },
      { name: 'strata', label: t('exp.stratafield'), hint: t('exp.stratahint'), optional: true }, { name: 'cuped', label: t('exp.cuped'), hint: t('exp.cupedhint'), type: 'select', placeholder: t('exp.off'), options: periods([7, 14, 28]) },
      { name: 'exposure', label: t('exp.exposureevent'), hint: t('exp.exposurehint'), optional: true, options: events.data ?? undefined }, { name: 'arm', label: t('exp.armprop'), initial: 'arm', when: v => !!v.exposure },
      { name: 'global_holdout', label: t('exp.holdout') + ' · ' + t('exp.excluded'), type: 'switch', initial: true },
    ];
    const submit = async v => { const made = await api.post('/experiments', { design: designOf(v) }); typed.value = false; go('/experiments/' + made.id); };
    const planned = p => html`<dl class="facts"><dt>${t('exp.base')}</dt><dd class="num">${metricName(p.goal)} · ${p.kind === 'rate' ? percent(p.base, 2) : shown('mean', p.base)}</dd>
      <dt>${t('exp.aday')}</dt><dd class="num">${num(p.a_day, 0)}</dd><dt>${t('exp.each')}</dt><dd class="num">${p.each == null ? '–' : num(p.each)}</dd><dt>${t('exp.total')}</dt><dd class="exp-big">${p.people == null ? '–' : num(p.people)}</dd>
      <dt>${t('exp.need')}</dt><dd class="exp-big">${p.days == null ? t('exp.never') : t('exp.needdays', { n: p.days })}</dd></dl>
      <ul class="mut sm">${p.seen.map(([days, lift]) => html`<li key=${days}>${t('exp.seen', { n: days, p: percent(lift, 1) })}</li>`)}</ul>`;
    return () => html`<div class="view"><div class="page"><${Panel} title=${t('exp.setup')}><div class="exp-new"><${Form} fields=${fields()} submit=${submit} submitLabel=${t('exp.create')} cancel=${() => go('/experiments')} change=${look} /></div><//>
      <${Panel} title=${t('exp.plan')}><div class="exp-plan" role="status">${problem.value ? html`<p class="notice bad">${sentence(problem.value)}</p>` : busy.value ? html`<p class="mut">${t('exp.counting')}</p>` : plan.value ? planned(plan.value) : html`<p class="mut">${t('exp.planfill')}</p>`}</div><//></div></div>`;
  },
};
