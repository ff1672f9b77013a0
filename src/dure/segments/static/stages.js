// The stage map: everybody in exactly one of eight stages, how many, how they moved, and who.
import { action, Ago, api, askForm, Empty, go, html, icon, Line, load, Loaded, num, openDialog, Panel, ref, reloadOn, shortDate, signed, t, Tabs, toast, useTop } from '../web/kit.js';
import { Overlap } from './overlap.js';
import { PeopleList } from './people_list.js';
import { StageFlows } from './stage_flows.js';
import { INK, STAGES } from './stages_words.js';

export default {
  props: ['params', 'query'],
  setup() {
    const days = ref(28), tab = ref('map'), as = ref('picture');
    const now = load(signal => api.get('/stages', { signal }));
    const past = load(signal => api.get('/stages/history', { signal, query: { days: days.value, points: 13 } }), { watch: () => days.value });
    const since = () => new Date(Date.now() - days.value * 86400000).toISOString();
    const flows = load(signal => api.get('/stages/flows', { signal, query: { begin: since() } }), { watch: () => days.value });
    const again = () => { now.reload({ quiet: true }); past.reload({ quiet: true }); flows.reload({ quiet: true }); };
    reloadOn(now, 'segments');
    const compute = action(async () => { await api.post('/stages/compute'); again(); }, { failed: toast.error });
    const events = load(async signal => (await api.get('/events/names', { signal, quiet: true })).events.map(one => one.name));
    const settings = () => {
      const s = now.data.settings, options = events.data ?? undefined;
      const dayField = (name, label) => ({ name, label: t(label), type: 'number', min: 1, max: 3650, unit: t('stg.dayunit'), required: true, initial: s[name] });
      return askForm({
        title: t('stg.settings'), submitLabel: t('stg.compute'),
        fields: [
          { name: 'activity', label: t('stg.activity'), hint: t('stg.activityhint'), required: true, options, initial: s.activity.event, autofocus: true },
          { name: 'signup', label: t('stg.signup'), hint: t('stg.signuphint'), optional: true, options, initial: s.signup?.event ?? '' },
          { name: 'activation', label: t('stg.activation'), hint: t('stg.activityhint'), required: true, options, initial: s.activation.event },
          { name: 'activation_times', label: t('stg.times'), type: 'number', min: 1, required: true, initial: s.activation_times },
          { name: 'activation_measure', label: t('stg.measure'), type: 'choice', initial: s.activation_measure, options: [{ value: 'days', label: t('stg.bydays') }, { value: 'times', label: t('stg.bytimes') }] },
          dayField('new_days', 'stg.newdays'), dayField('at_risk_days', 'stg.riskdays'), dayField('dormant_days', 'stg.dormantdays'), dayField('churned_days', 'stg.churneddays'), dayField('back_days', 'stg.backdays'),
        ],
        submit: async v => {
          // Conditions that were set by other means stay with an event that stays.
          const selector = (event, was) => was?.event === event ? was : { event };
          await api.put('/stages/settings', {
            ...s, ...v, activity: selector(v.activity, s.activity), activation: selector(v.activation, s.activation), signup: v.signup ? selector(v.signup, s.signup) : null,
          });
          toast(t('stg.saved')); again();
          return true;
        },
      });
    };
    const who = (stage, segment) => openDialog(PeopleList, { title: t('stg.' + stage), path: `/stages/${stage}/people`, href: segment ? '/segments/' + segment : null });
    const whoMoved = f => openDialog(PeopleList, { title: t('stg.flow', { a: t('stg.' + f.before), b: t('stg.' + f.after), n: f.people }), path: '/stages/flows/people', query: { before: f.before, after: f.after, begin: flows.data.begin, end: flows.data.end, limit: 1000 } });
    useTop({
      title: () => html`<${Tabs} label=${t('stg.title')} value=${tab.value} change=${v => { tab.value = v; }} items=${[{ value: 'map', label: t('stg.map') }, { value: 'overlap', label: t('stg.overlap') }]} />`,
      tools: () => tab.value === 'map' && html`<button type="button" class="btn sm" disabled=${!now.data} @click=${settings}>${icon('cog', 14)} ${t('stg.settings')}</button>
        <button type="button" class="btn sm" disabled=${compute.busy} @click=${() => compute.run()}>${icon('refresh', 14)} ${t('stg.compute')}</button>`,
    });

    const cards = data => html`<div class="stg-cards w">${data.stages.map(s => {
      const then = past.data?.points[0].stages[s.stage], moved = then == null ? null : s.people - then;
      const good = ['current', 'activated', 'resurrected', 'new'].includes(s.stage);
      return html`<button type="button" key=${s.stage} class="stg-card" style=${`--ink:${INK[s.stage]}`} @click=${() => who(s.stage, s.segment)}>
        <span class="stg-label">${t('stg.' + s.stage)}</span><span class="stg-size num">${num(s.people)}</span>
        <span class="sm mut num">${data.people ? Math.round(s.people / data.people * 100) : 0}%${moved ? html` · <span class=${(moved > 0) === good ? 'good' : s.stage === 'not_signed_up' ? 'mut' : 'poor'}>${signed(moved)}</span>` : ''}</span></button>`;
    })}</div>`;
    const table = data => {
      const from = ['', ...STAGES].filter(a => data.flows.some(f => f.before === a)), of = (a, b) => data.flows.find(f => f.before === a && f.after === b);
      return html`<div class="stg-scroll"><table class="stg-matrix"><thead><tr><th scope="col">${t('stg.from')}</th>${STAGES.map(b => html`<th key=${b} scope="col" class="r">${t('stg.' + b)}</th>`)}<th scope="col" class="r">${t('stg.sum')}</th></tr></thead><tbody>
        ${from.map(a => { const sum = data.flows.filter(f => f.before === a).reduce((n, f) => n + f.people, 0); return html`<tr key=${a}><th scope="row">${t('stg.' + a)}</th>${STAGES.map(b => { const f = of(a, b); return html`<td key=${b} class=${'num' + (a === b ? ' self' : '')} style=${`--share:${f && a !== b ? Math.round(f.people / sum * 45) : 0}%`}>${f ? html`<button type="button" aria-label=${t('stg.flow', { a: t('stg.' + a), b: t('stg.' + b), n: f.people })} @click=${() => whoMoved(f)}>${num(f.people)}</button>` : html`<span class="mut">–</span>`}</td>`; })}<td class="num"><b>${num(sum)}</b></td></tr>`; })}</tbody></table></div>`;
    };
    const map = data => !data.people ? html`<${Empty} icon="segment" title=${t('stg.none')} body=${t('stg.nonebody')} action=${{ label: t('stg.compute'), run: () => compute.run() }} />`
      : html`<div class="page">${cards(data)}
        <${Panel} title=${t('stg.flows', { n: days.value })} note=${t('stg.people', { n: data.people })} wide=${true} tools=${html`<span class="mut sm nowrap">${t('stg.computed')} <${Ago} at=${data.computed_at} /></span><span class="seg" role="group" aria-label=${t('stg.period')}>${[7, 28, 84, 182].map(n => html`<button type="button" key=${n} class=${days.value === n ? 'on' : ''} aria-pressed=${String(days.value === n)} @click=${() => { days.value = n; }}>${t('stg.days', { n })}</button>`)}</span><span class="seg">${['picture', 'table'].map(v => html`<button type="button" key=${v} class=${as.value === v ? 'on' : ''} aria-pressed=${String(as.value === v)} @click=${() => { as.value = v; }}>${t('stg.' + v)}</button>`)}</span>`}>
          <${Loaded} of=${flows} skeleton="chart" show=${f => as.value === 'table' ? table(f) : html`<${StageFlows} flows=${f.flows} begin=${t('stg.then', { d: shortDate(f.begin) })} end=${t('stg.now')} pick=${whoMoved} pickStage=${stage => who(stage, data.stages.find(s => s.stage === stage)?.segment)} />`} /><//>
        <${Panel} title=${t('stg.sizes')} wide=${true}><${Loaded} of=${past} skeleton="chart" show=${h => html`<${Line} label=${t('stg.sizes')} height=${240} x=${h.points.map(p => shortDate(p.at))} format=${v => num(v)}
          series=${STAGES.filter(s => h.points.some(p => p.stages[s])).map(s => ({ name: t('stg.' + s), values: h.points.map(p => p.stages[s]), color: INK[s] }))} />`} /><//></div>`;
    return () => html`<div class="view">${tab.value === 'overlap' ? html`<${Overlap} />` : html`<${Loaded} of=${now} skeleton="cards" n=${8} show=${map} />`}</div>`;
  },
};
