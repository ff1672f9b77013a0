// The forecast: by stage and by the win model side by side, whether the model is to be trusted, what changed lately.
import { html, action, api, load, reloadOn, useTop, ref, computed, t, inLang, money, percent, date, state, icon, Panel, Stat, Loaded, setQuery, toast } from '../../web/kit.js';
import { nameOfUser, userOptions } from '../create.js';
import { mayConfigure } from '../data.js';
import { Ways } from '../ways.js';
import { Card } from './card.js';
import { Changes } from './changes.js';
import { Figures } from './figures.js';
import '../words.js';
import './words.js';

export default {
  props: ['params', 'query'],
  setup(props) {
    const period = ref(props.query.period === 'quarter' ? 'quarter' : 'month'), owner = ref(props.query.owner ?? ''), pipeline = ref(props.query.pipeline ?? ''), picked = ref(props.query.currency ?? '');
    const found = load(signal => api.get('/deals/forecast', { signal, query: { period: period.value, owner: owner.value || undefined, pipeline: pipeline.value || undefined } }), { watch: () => [period.value, owner.value, pipeline.value].join(), keep: true });
    const users = load(signal => api.get('/users', { signal })), ends = load(signal => api.get('/deals/stages', { signal, query: { retired: true } })), lines = load(signal => api.get('/pipelines', { signal }));
    reloadOn(found, 'deals');
    const people = computed(() => new Map((users.data?.users ?? []).map(u => [u.id, u])));
    const stages = computed(() => new Map((ends.data?.stages ?? []).map(s => [s.key, s])));
    const learn = action(async () => { await api.post('/deals/forecast/model', undefined, { seconds: 120 }); await found.reload({ quiet: true }); toast(t('fc.learnedit')); }, { failed: toast.error });
    const set = (what, name, value) => { what.value = value; setQuery({ [name]: value || null }); };
    const currency = computed(() => { const all = found.data?.currencies ?? []; return all.find(c => c.currency === picked.value) ?? all[0]; });

    const periodName = row => {
      if (row.period === 'overdue') return t('fc.overdue');
      if (row.period.includes('Q')) { const [year, q] = row.period.split('-Q'); return state.lang === 'ko' ? `${year}년 ${q}분기` : `Q${q} ${year}`; }
      const [year, month] = row.period.split('-');
      return state.lang === 'ko' ? `${year}년 ${+month}월` : new Intl.DateTimeFormat('en-US', { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${year}-${month}-15T00:00:00Z`));
    };
    const choose = (label, value, set_, options) => html`<select class="input sm" aria-label=${label} @change=${e => set_(e.target.value)}>${options.map(o => html`<option key=${o.value} value=${o.value} selected=${o.value === value}>${o.label}</option>`)}</select>`;
    useTop({
      title: () => t('fc.title'),
      tools: () => html`<${Ways} at="forecast" /><span class="seg">${['month', 'quarter'].map(k => html`<button key=${k} type="button" aria-pressed=${String(period.value === k)} @click=${() => { period.value = k; setQuery({ period: k === 'month' ? null : k }); }}>${t('fc.' + k)}</button>`)}</span>
        ${choose(t('deals.owner'), owner.value, v => set(owner, 'owner', v), [{ value: '', label: t('fc.everyone') }, ...userOptions(people.value)])}
        ${(lines.data?.pipelines.length ?? 0) > 1 && choose(t('fc.everypipeline'), pipeline.value, v => set(pipeline, 'pipeline', v), [{ value: '', label: t('fc.everypipeline') }, ...lines.data.pipelines.map(l => ({ value: l.key, label: inLang(l.name) }))])}
        ${(found.data?.currencies.length ?? 0) > 1 && choose(t('fc.currency'), currency.value.currency, v => set(picked, 'currency', v), found.data.currencies.map(c => ({ value: c.currency, label: c.currency })))}`,
    });

    const show = data => {
      const c = currency.value, say = v => money(v, c.currency), m = c.model;
      const byStage = c.stages.filter(s => !stages.value.get(s.stage)?.outcome).sort((a, b) => (stages.value.get(a.stage)?.probability ?? 0) - (stages.value.get(b.stage)?.probability ?? 0));
      return html`<div class="page fc-page" data-scroll>
        <div class="stats w"><${Stat} label=${t('fc.closed')} value=${say(c.categories.closed)} note=${`${t('fc.thisquarter')} · ${date(data.from, { weekday: false })}–`} />
          <${Stat} label=${t('fc.open')} value=${say(c.open)} note=${t('fc.deals', { n: c.deals })} />
          <${Stat} label=${t('fc.weighted')} value=${say(c.weighted)} note=${t('fc.bothnote')} />
          <${Stat} label=${t('fc.model')} value=${m ? say(m.expected) : '–'} note=${m ? t('fc.range', { low: say(m.low), high: say(m.high) }) : t('fc.basis.' + (data.card.why || 'model'), { rate: percent(data.card.rate, 0) })} /></div>
        <${Panel} title=${t('fc.both')} note=${t('fc.bothnote')} wide=${true}><${Figures} label=${t('fc.both')} head=${t('fc.period')} rows=${c.periods} name=${periodName} currency=${c.currency} total=${c} categories=${true} />
          ${c.untold > 0 && data.card.basis !== 'none' && html`<p class="mut sm fc-untold" title=${t('fc.untoldwhy')}>${icon('info', 14)}${t('fc.untold', { n: c.untold, sum: say(c.untold_amount) })} · ${t('fc.untoldwhy')}</p>`}<//>
        <${Panel} title=${t('fc.owners')}><${Figures} label=${t('fc.owners')} head=${t('fc.owner')} rows=${[...c.owners].sort((a, b) => b.weighted - a.weighted)} name=${r => nameOfUser(people.value, r.owner)} currency=${c.currency} total=${c} /><//>
        <${Panel} title=${t('fc.stages')}><${Figures} label=${t('fc.stages')} head=${t('fc.stage')} rows=${byStage} name=${r => `${inLang(stages.value.get(r.stage)?.name ?? r.stage)} · ${stages.value.get(r.stage)?.probability ?? ''}%`} currency=${c.currency} total=${c} /><//>
        <${Panel} title=${t('fc.card')} wide=${true} tools=${mayConfigure() && html`<button type="button" class="btn sm" disabled=${learn.busy} @click=${() => learn.run()}>${icon('refresh', 14)}${t('fc.learn')}</button>`}><${Card} card=${data.card} /><//>
        <${Changes} owner=${owner.value} pipeline=${pipeline.value} currency=${c.currency} stages=${stages.value} people=${people.value} /></div>`;
    };
    const none = data => data.currencies.length ? false : { icon: 'chart', title: t('fc.none'), body: t('fc.nonebody'), action: { label: t('fc.toboard'), href: '/deals' } };
    return () => html`<div class="view fill"><${Loaded} of=${found} show=${show} empty=${none} skeleton="chart" n=${2} /></div>`;
  },
};
