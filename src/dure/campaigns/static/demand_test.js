// One demand test: before its launch what it would do, after it the funnel, both arms, and what may be said.
import { action, api, ask, Badge, Bars, html, icon, inLang, load, Loaded, num, Panel, percent, points, ref, reloadOn, Stat, state, t, toast, useTop } from '../web/kit.js';
import { KIND, stateOf } from './demand_words.js';
import './words.js';

const STEPS = ['sent', 'seen', 'clicked', 'shown', 'wanted'];

export default {
  props: ['params', 'query'],
  setup(props) {
    const path = () => '/demand-tests/' + props.params.id, found = load(signal => api.get(path(), { signal }), { watch: () => props.params.id, keep: true });
    const dry = ref(null);
    reloadOn(found, 'campaigns');
    const look = action(async () => { dry.value = await api.post(`/campaigns/${found.data.campaign}/dry-run`); }, { failed: toast.error });
    const launch = action(async () => {
      const n = dry.value ? (dry.value.outcomes.send ?? 0) + (dry.value.outcomes.hold ?? 0) : null;
      if (!await ask({ title: t('demand.launch'), body: t('demand.launchask', { n }), action: t('demand.launch') })) return;
      try { found.set(await api.post(path() + '/launch')); toast(t('demand.launched')); }
      catch (error) { if (error.status === 409 || error.status === 403) toast(`${t('demand.approval')} (${error.message})`, { kind: 'bad', seconds: 12 }); else throw error; }
    }, { failed: toast.error });
    const stop = action(async () => { found.set(await api.post(path() + '/stop')); toast(t('demand.stopnow')); }, { failed: toast.error });
    useTop({
      title: () => html`<h1 class="row"><span class="cut">${found.data ? inLang(found.data.question) : ''}</span>${found.data && html`<${Badge} kind=${KIND[stateOf(found.data)]} text=${t('demand.' + stateOf(found.data))} />`}</h1>`,
      tools: () => found.data && html`<a class="btn sm" href=${'/campaigns/' + found.data.campaign}>${icon('mega', 14)} ${t('demand.campaign')}</a>${found.data.status === 'draft' ? html`<button class="btn sm pri" disabled=${launch.busy} @click=${() => launch.run()}>${icon('send', 14)} ${t('demand.launch')}</button>`
        : found.data.status === 'live' && html`<button class="btn sm danger" disabled=${stop.busy} @click=${() => stop.run()}>${icon('pause', 14)} ${t('demand.stop')}</button>`}`,
    });
    const range = i => i ? `${percent(i.low)}–${percent(i.high)}` : '';
    const bar = (name, label, s, top, cls = '') => html`<div class=${'demand-step ' + cls} key=${name}><span class="cut">${label}</span><span class="track"><span class="fill" style=${{ width: `${top ? s.people / top * 100 : 0}%` }}></span></span><b class="num r">${num(s.people)}</b><span class="mut sm num" title=${range(s.interval)}>${percent(s.rate)} ${s.interval ? `(${range(s.interval)})` : ''}</span></div>`;
    const waits = d => html`<${Panel} title=${t('demand.dry')} wide=${true}>${dry.value ? html`<div class="stats">${['send', 'hold', 'skip', 'fail'].map(name => html`<${Stat} key=${name} label=${t('demand.' + name)} value=${num(dry.value.outcomes[name] ?? 0)} />`)}</div>
      ${Object.keys(dry.value.reasons).length > 0 && html`<${Bars} label=${t('demand.skip')} rows=${Object.entries(dry.value.reasons).map(([name, value]) => ({ name: t('camp.r.' + name), value }))} format=${value => num(value)} />`}` : html`<p class="mut">${t('demand.before')}</p>`}<//>`;
    const result = d => {
      const r = d.result, steps = STEPS.filter(name => d.door || !['shown', 'wanted'].includes(name)), top = r.steps.sent.of, high = Math.max(r.treated.rate ?? 0, r.control.rate ?? 0, .01);
      const half = (name, s) => html`<div class=${'demand-step ' + name} key=${name}><span class="cut">${t('demand.' + name)}</span><span class="track"><span class="fill" style=${{ width: `${(s.rate ?? 0) / high * 100}%` }}></span></span><b class="num r">${percent(s.rate)}</b><span class="mut sm num" title=${range(s.interval)}>${num(s.people)}/${num(s.of)} (${range(s.interval)})</span></div>`;
      return html`<section class="panel w"><p class=${'notice' + ({ worse: ' bad', unbalanced: ' bad' }[r.verdict] ?? '')}>${inLang(r.sentence)}</p></section>
        <${Panel} title=${t('demand.funnel')}>${bar('assigned', t('demand.step.assigned'), { people: top, rate: null }, top)}${steps.map(name => bar(name, t('demand.step.' + name), r.steps[name], top))}<//>
        ${r.difference != null && html`<${Panel} title=${t('demand.bothgoal', { event: d.goal.event })}>${half('treated', r.treated)}${half('control', r.control)}
          <p>${t('demand.difference')} <b class="num">${points(r.difference)}</b> <span class="mut num">(${points(r.interval.low)} – ${points(r.interval.high)})</span></p><p class="mut sm">${t('demand.fisher', { p: r.p < .001 ? '< 0.001' : r.p.toFixed(3) })}${r.pending > 0 && html` · ${t('demand.pending', { n: r.pending })}`}</p><//>`}`;
    };
    const text = d => { const one = d.texts[state.lang] ?? Object.values(d.texts)[0] ?? {}; return html`<${Panel} title=${t('demand.message')} note=${t('demand.' + d.channel)}><article class="demand-letter">${(one.subject || one.title) && html`<h3>${one.subject || one.title}</h3>`}<pre>${(one.body ?? '').replace(/\{\{\s*unsubscribe_url\s*\|[^}]*\}\}/g, t('demand.link'))}</pre></article><//>
      ${d.door && html`<${Panel} title=${t('demand.page')}><article class="demand-letter"><pre>${inLang(d.door)}</pre><p><span class="btn pri">${t('demand.step.wanted')}</span></p></article><//>`}`; };
    const show = d => { if (d.status === 'draft' && !dry.value && !look.busy && !look.error) look.run(); return html`<div class="page">${d.status === 'draft' ? waits(d) : result(d)}${text(d)}</div>`; };
    return () => html`<div class="view"><${Loaded} of=${found} skeleton="cards" show=${show} /></div>`;
  },
};
