// One experiment: what it says in words, its metrics with intervals, day by day, sizes, and the decision.
import { action, Ago, api, ask, askForm, Badge, boot, date, Field, go, html, icon, inLang, Line, load, Loaded, num, Panel, percent, ref, reloadOn, shortDate, Stat, t, Table, toast, useTop } from '../web/kit.js';
import { daysOf } from './list.js';
import { Measured } from './measured.js';
import { armName, lifted, metricName, moved, probability, shown, TONE } from './words.js';

// Nothing is ever wholly certain.
const likely = v => v > 0.999 ? '> ' + percent(0.999, 1) : v < 0.001 ? '< ' + percent(0.001, 1) : percent(v, 1);
const TONES = { unbalanced: 'bad', harmed: 'bad', worse: 'bad', leaning: 'warn', careful: 'warn' };

export default {
  props: ['params', 'query'],
  setup(props) {
    const path = () => '/experiments/' + props.params.id, split = ref(''), asked = ref('');
    const found = load(signal => api.get(path(), { signal }), { watch: () => props.params.id });
    const result = load(async signal => found.data && found.data.state !== 'draft' ? await api.get(path() + '/result', { signal, query: { split: asked.value || undefined } }) : null,
      { watch: () => [props.params.id, found.data?.state, asked.value], keep: true });
    const flags = load(async signal => (await api.get('/flags', { signal })).flags.filter(f => f.design.experiment === props.params.id), { watch: () => props.params.id });
    // The audience's rule in words, as segments say it; and who decided, by name.
    const audience = load(async signal => found.data?.design.audience ? (await api.post('/segments/preview', { rule: found.data.design.audience, sample: false }, { signal, quiet: true })).words : null, { watch: () => JSON.stringify(found.data?.design.audience ?? null) });
    const users = load(async signal => found.data?.decision ? Object.fromEntries((await api.get('/users', { signal, quiet: true })).users.map(one => [one.id, one.display || one.name])) : null, { watch: () => !!found.data?.decision });
    reloadOn(found, () => 'experiment:' + props.params.id);
    const move = (verb, words) => action(async () => {
      if (!await ask({ title: t('exp.' + verb), body: t(`exp.${verb}ask`), action: t('exp.' + verb) })) return;
      found.set(await api.post(path() + '/' + verb)); toast(t(words));
    }, { failed: toast.error });
    const start = move('start', 'exp.started'), stop = move('stop', 'exp.stoppednow');
    const decide = async () => {
      const made = await askForm({
        title: t('exp.decide'), submitLabel: t('exp.decide'),
        fields: [{ name: 'arm', label: t('exp.everybody'), type: 'select', required: true, initial: result.data?.arm || found.data.design.arms[0].name, options: found.data.design.arms.map(a => ({ value: a.name, label: armName(found.data.design, a.name) })) },
          { name: 'why', label: t('exp.why'), type: 'textarea', required: true, hint: t('exp.whyhint'), initial: result.data ? inLang(result.data.sentence) : '' }],
        submit: v => api.post(path() + '/decide', v),
      });
      if (made) { found.set(made); toast(t('exp.decidednow')); }
    };
    const remove = async () => { if (await ask({ title: inLang(found.data.design.name), body: t('exp.deleteask'), action: t('exp.delete'), danger: true })) try { await api.del(path()); go('/experiments'); } catch (error) { toast.error(error); } };
    useTop({
      title: () => html`<h1 class="row"><span class="cut">${found.data ? inLang(found.data.design.name) : ''}</span>${found.data && html`<${Badge} kind=${TONE[found.data.state]} text=${t('exp.s.' + found.data.state)} />`}</h1>`,
      tools: () => found.data && html`${found.data.state === 'draft' && html`<button class="btn sm ghost" @click=${remove}>${t('exp.delete')}</button><button class="btn sm pri" disabled=${start.busy} @click=${() => start.run()}>${icon('play', 14)} ${t('exp.start')}</button>`}
        ${found.data.state === 'running' && html`<button class="btn sm" disabled=${stop.busy} @click=${() => stop.run()}>${icon('pause', 14)} ${t('exp.stop')}</button>`}
        ${['running', 'stopped'].includes(found.data.state) && html`<button class="btn sm pri" @click=${decide}>${icon('check', 14)} ${t('exp.decide')}</button>`}`,
    });

    const facts = e => {
      const d = e.design, line = (label, value) => html`<dt key=${label + 't'}>${label}</dt><dd key=${label + 'd'}>${value}</dd>`;
      return html`<${Panel} title=${t('exp.setup')} wide=${true}><dl class="facts">
        ${inLang(d.hypothesis ?? {}) && line(t('exp.hypothesis'), inLang(d.hypothesis))}
        ${line(t('exp.metrics'), d.metrics.map((m, i) => html`<span key=${i} class="exp-line">${metricName(m)} <span class="mut sm">${t('exp.r.' + m.role)} · ${t('exp.k.' + m.kind)} · ${m.kind === 'retention' ? `D${m.day ?? 7}` : m.window ?? '7d'}</span></span>`))}
        ${line(t('exp.method'), t('exp.m.' + d.method))}${d.size ? line(t('exp.planned'), num(d.size)) : null}
        ${line(t('exp.exposure'), html`<code>${d.exposure.event}</code>`)}${line(t('exp.audience'), !d.audience ? t('exp.all') : audience.data ? inLang(audience.data) : html`<code class="cut">${JSON.stringify(d.audience)}</code>`)}
        ${line(t('exp.layer'), d.layer ? `${d.layer.id} · ${percent(d.layer.share ?? 1, 0)}` : t('exp.off'))}${line(t('exp.holdout'), t(d.global_holdout === false ? 'exp.included' : 'exp.excluded'))}
        ${line(t('exp.correction'), d.correction)}${line(t('exp.cuped'), d.cuped ?? t('exp.off'))}
        ${flags.data?.length ? line(t('exp.flags'), flags.data.map(f => html`<a key=${f.key} href=${'/feature-flags/' + f.key}><code>${f.key}</code></a>`)) : null}</dl><//>`;
    };
    const sizes = (e, r) => {
      const total = r.arms.reduce((sum, a) => sum + a.people, 0), bad = r.balance != null && r.balance < 0.001;
      return html`<${Panel} title=${t('exp.sizes')} tools=${r.balance != null && html`<${Badge} kind=${bad ? 'bad' : 'ok'} text=${t(bad ? 'exp.srmbad' : 'exp.srm')} />`}>
        <table class="exp-table"><thead><tr><th>${t('exp.arm')}</th><th class="r">${t('exp.people')}</th><th class="r">${t('exp.actual')}</th><th class="r">${t('exp.share')}</th></tr></thead>
        <tbody>${r.arms.map(a => html`<tr key=${a.name}><th scope="row">${armName(e.design, a.name)}</th><td class="num r">${num(a.people)}</td><td class="num r">${total ? percent(a.people / total, 1) : '–'}</td><td class="num r mut">${percent(a.share, 1)}</td></tr>`)}</tbody></table>
        <p class=${'sm ' + (bad ? 'poor' : 'mut')}>${r.balance == null ? t('exp.sizesnone') : t(bad ? 'exp.sizesbad' : 'exp.sizesok', { p: r.balance < 0.0001 ? '< 0.0001' : '= ' + probability(r.balance) })}</p>
        ${r.mixed > 0 && html`<p class="mut sm">${t('exp.mixed', { n: r.mixed })}</p>`}<//>`;
    };
    const band = (e, r) => {
      const goal = r.metrics.find(m => m.role === 'goal') ?? r.metrics[0], looks = goal?.contrasts[0]?.looks ?? [];
      if (!goal) return null;
      return html`<${Panel} title=${t('exp.band')} note=${t('exp.bandof', { name: metricName({ ...e.design.metrics[goal.number], ...goal }) })}>${looks.length < 2 ? html`<p class="mut sm">${t('exp.bandnone')}</p>`
        : html`<${Line} label=${t('exp.band')} height=${210} x=${looks.map(l => shortDate(l.day))} format=${v => moved(goal.kind, v)}
            series=${[{ name: t('exp.high'), values: looks.map(l => l.high), dash: 1, hue: 0, thin: true }, { name: t('exp.diff'), values: looks.map(l => l.value), hue: 0, dash: 0 }, { name: t('exp.low'), values: looks.map(l => l.low), dash: 1, hue: 0, thin: true }, { name: '0', values: looks.map(() => 0), color: 'var(--fg-2)', thin: true, dash: 2 }]} />`}<//>`;
    };
    const bayes = (e, r) => {
      const rows = r.metrics.filter(m => m.role !== 'guardrail').flatMap(m => m.contrasts.filter(c => c.belief).map(c => ({ id: m.number + c.arm, m, c })));
      if (!rows.length) return null;
      return html`<${Panel} title=${t('exp.bayes')} note=${t('exp.bayesnote')}><table class="exp-table"><thead><tr><th>${t('exp.goal')}</th><th class="r">${t('exp.chance')}</th><th class="r">${t('exp.expected')}</th><th class="r">${t('exp.credible')}</th><th class="r">${t('exp.risk')}</th></tr></thead><tbody>
        ${rows.map(({ id, m, c }) => html`<tr key=${id}><th scope="row">${metricName(m)} <span class="mut sm">${armName(e.design, c.arm)}</span></th><td class="num r"><b>${likely(c.belief.better)}</b></td><td class="num r">${lifted(c.belief.expected)}</td>
          <td class="num r mut">${lifted(c.belief.interval.low)} – ${lifted(c.belief.interval.high)}</td><td class="num r mut">${percent(c.belief.risk_treated, 2)}</td></tr>`)}</tbody></table><//>`;
    };
    const strata = (e, r) => {
      const goal = r.metrics.find(m => m.role === 'goal') ?? r.metrics[0], rows = goal ? Object.entries(goal.strata).flatMap(([arm, some]) => some.map(s => ({ id: arm + s.value, arm, ...s }))) : [];
      return html`<${Panel} title=${t('exp.strata')} tools=${html`<form class="row" @submit=${event => { event.preventDefault(); asked.value = split.value.trim(); }}><${Field} name="split" value=${split.value} placeholder=${t('exp.splithint')} change=${v => { split.value = v; }} /><button class="btn sm">${t('exp.strata')}</button></form>`}>
        ${!rows.length ? html`<p class="mut sm">${t('exp.nosplit')}</p>` : html`<table class="exp-table"><thead><tr><th>${t('exp.stratum')}</th><th>${t('exp.arm')}</th><th class="r">${t('exp.control')}</th><th class="r">${t('exp.arm')}</th><th class="r">${t('exp.change')}</th></tr></thead><tbody>
          ${rows.map(s => html`<tr key=${s.id}><th scope="row">${s.value || t('exp.unknown')}</th><td>${armName(e.design, s.arm)}</td><td class="num r">${shown(goal.kind, s.control.value)} <span class="mut sm">${num(s.control.people)}</span></td><td class="num r">${shown(goal.kind, s.treated.value)} <span class="mut sm">${num(s.treated.people)}</span></td>
            <td class="num r">${s.difference ? html`${moved(goal.kind, s.difference.value)} <span class="mut sm">${moved(goal.kind, s.difference.low)} – ${moved(goal.kind, s.difference.high)}</span>` : t('exp.noest')}</td></tr>`)}</tbody></table>`}<//>`;
    };
    const said = (e, r) => html`<section class="w">${e.decision && html`<p class="notice"><b>${t('exp.decided', { arm: armName(e.design, e.decision.arm), by: e.decision.by === boot.me.id ? boot.me.name : users.data?.[String(e.decision.by).replace(/^user:/, '')] ?? e.decision.by })}</b> ${e.decision.why} <span class="mut"><${Ago} at=${e.decided_at} /></span></p>`}
      <p class=${'notice exp-said ' + (TONES[r.verdict] ?? '')} role="status"><${Badge} kind=${TONE[r.verdict]} text=${t('exp.v.' + r.verdict)} /> ${inLang(r.sentence)}</p></section>`;
    const show = (e, r) => {
      // Nothing may be read from arms that were drawn wrongly, so nothing is drawn of them either.
      const broken = r.verdict === 'unbalanced', odd = r.metrics.length % 2, named = m => ({ ...m, name: m.name && Object.keys(m.name).length ? m.name : undefined, metric: e.design.metrics[m.number]?.metric, event: e.design.metrics[m.number]?.event });
      return html`${said(e, r)}
        <div class="stats w"><${Stat} label=${t('exp.exposed')} value=${num(r.arms.reduce((sum, a) => sum + a.people, 0))} trend=${r.by_day.length > 1 ? r.by_day.map(d => d[1]) : null} /><${Stat} label=${t('exp.days')} value=${t('exp.daysn', { n: daysOf(e, r.at) })} note=${date(e.started_at)} />
          ${r.progress != null && html`<${Stat} label=${t('exp.progress')} value=${percent(Math.min(1, r.progress), 0)} note=${num(e.design.size)} />`}<${Stat} label=${t('exp.method')} value=${t('exp.m.' + e.design.method)} note=${t('exp.interval', { c: percent(e.design.confidence, 0) })} /></div>
        ${r.metrics.map((m, i) => html`<${Measured} key=${m.number} metric=${named(m)} design=${e.design} wide=${odd && i === 0} silent=${broken} />`)}
        ${!broken && band(e, r)}${sizes(e, r)}${!broken && bayes(e, r)}${!broken && strata(e, r)}`;
    };
    const body = e => html`<div class="page">${e.state === 'draft' ? html`<p class="notice w">${t('exp.draftnote')}</p>` : html`<${Loaded} of=${result} skeleton="cards" n=${4} show=${r => r ? html`<div class="exp-parts">${show(e, r)}</div>` : null} />`}${facts(e)}</div>`;
    return () => html`<div class="view"><${Loaded} of=${found} skeleton="cards" n=${4} show=${body} /></div>`;
  },
};
