// What is said outside beside what the business does: one funnel, deals touched, hours saved, and what goes first.
import { api, Badge, Columns, go, html, icon, inLang, load, Loaded, money, num, Panel, percent, ref, state, t, Table } from '../web/kit.js';
import { networkName } from './words.js';

export const Effect = {
  props: ['saved', 'days'],
  setup(p) {
    const funnel = load(signal => api.get('/social-effect/funnel', { signal, query: { days: p.days } }), { watch: () => p.days, keep: true });
    const deals = load(signal => api.get('/social-effect/deals', { signal, query: { days: Math.max(p.days, 90) } }), { watch: () => p.days, keep: true });
    const hours = load(signal => api.get('/social-effect/hours', { signal, query: { days: p.days } }), { watch: () => p.days, keep: true });
    const metrics = load(signal => api.get('/metrics', { signal }));
    const first = ref(''), second = ref('');
    const lag = load(signal => first.value && second.value ? api.get('/social-effect/lagged', { signal, query: { first: first.value, second: second.value, days: 120 } }) : Promise.resolve(null), { watch: () => [first.value, second.value] });
    const title = one => one ? state.lang === 'ko' ? one.name_ko : one.name_en : '';
    const listed = () => metrics.data?.metrics ?? [];
    const named = value => value.startsWith('query:') ? p.saved.data?.queries.find(one => 'query:' + one.id === value)?.name : title(listed().find(one => one.id === value));

    // Mentions are no people: what touched them begins the funnel, and neither bar nor share leads from one to the other.
    const steps = data => { const rows = [['hear.mentions', data.mentions], ['hear.touched', data.people], ['hear.clicked', data.clicked], ['hear.signed', data.signed]], top = Math.max(data.people, 1); return html`<div class="hear-steps">${rows.map(([name, n], i) => html`<div key=${name} class="hear-line"><span class="cut">${t(name)}</span>${i ? html`<span class="hear-track big"><i style=${{ width: n / top * 100 + '%' }}></i></span>` : html`<span></span>`}<b class="num">${num(n)}</b><span class="mut sm num">${i > 1 && rows[i - 1][1] ? percent(n / rows[i - 1][1], 1) : ''}</span></div>`)}
      <p class="mut sm">${t('hear.linkclicks', { n: num(data.clicks), m: num(data.clicks_employees) })}</p>
      <p class="mut sm">${t('hear.allsigned', { n: num(data.sign_ups) })} <b class="num">${data.sign_ups ? percent(data.signed / data.sign_ups, 1) : '–'}</b></p>
      ${data.touches.length > 0 && html`<div class="table-wrap"><table class="table small"><thead><tr><th scope="col">${t('hear.first')}</th><th scope="col">${t('social.network')}</th><th scope="col" class="r">${t('hear.people')}</th><th scope="col" class="r">${t('hear.clicked')}</th><th scope="col" class="r">${t('hear.signed')}</th></tr></thead><tbody>${data.touches.slice(0, 8).map(one => html`<tr key=${one.kind + one.network}><td>${t('hear.' + one.kind)}</td><td>${networkName(one.network, state.lang)}</td><td class="r num">${num(one.people)}</td><td class="r num">${num(one.clicked)}</td><td class="r num">${num(one.signed)}</td></tr>`)}</tbody></table></div>`}</div>`; };
    const columns = () => [
      { key: 'name', title: t('hear.deal'), render: one => html`<b class="cut">${one.name || one.deal}</b>` },
      { key: 'outcome', title: t('hear.outcome'), render: one => html`<${Badge} kind=${{ won: 'ok', lost: 'bad' }[one.outcome] ?? 'info'} text=${t('hear.' + (one.outcome === 'open' ? 'dealopen' : one.outcome))} />` },
      { key: 'amount', title: '', num: true, render: one => one.amount == null ? '–' : money(one.amount, one.currency || undefined) },
      { key: 'during', title: t('hear.during'), num: true }, { key: 'before', title: t('hear.before'), num: true }, { key: 'negative', title: t('hear.negative'), num: true },
    ];
    const pick = (label, model, options) => html`<label class="hear-pick"><span class="mut sm">${label}</span><select class="input" value=${model.value} @change=${e => { model.value = e.target.value; }}><option value="">${t('hear.choose')}</option>${options.map(([value, text]) => html`<option key=${value} value=${value} selected=${model.value === value}>${text}</option>`)}</select></label>`;
    const verdict = data => t('hear.v.' + data.verdict, { a: named(first.value), b: named(second.value), n: Math.abs(data.lag), unit: t('hear.' + data.grain), r: num(data.correlation, 2), low: num(data.low, 2), high: num(data.high, 2), p: num(data.p, 3), beyond: num(data.beyond, 2), points: data.points });
    const lagged = data => data && html`<p class="hear-verdict">${icon(['nothing', 'too_short', 'no_change'].includes(data.verdict) ? 'info' : 'arrow', 15)}<b>${verdict(data)}</b></p>
      ${data.lags.length > 0 && html`<${Columns} label=${t('hear.lags')} height=${130} x=${data.lags.map(n => (n > 0 ? '+' : '') + n)} xTitle=${`${t('hear.lags')} (${t('hear.' + data.grain)})`} parts=${[{ name: t('hear.correlation'), values: data.correlations }]} format=${v => num(v, 2)} />`}`;
    const series = () => [...(p.saved.data?.queries ?? []).map(one => ['query:' + one.id, one.name]), ...listed().filter(one => one.function === 'social').map(one => [one.id, title(one)])];
    return () => html`<div class="hear-page hear-two"><${Panel} title=${t('hear.funnel')} note=${t('hear.funnelnote', { n: funnel.data?.window ?? 30 })}><${Loaded} of=${funnel} show=${steps} empty=${data => !data.mentions && !data.people && { icon: 'chat', title: t('hear.nofunnel') }} /><//>
      <${Panel} title=${t('hear.lag')} note=${t('hear.lagnote')}><div class="row wrap">${pick(t('hear.firstseries'), first, series())}${pick(t('hear.secondseries'), second, listed().map(one => [one.id, title(one)]))}</div>${first.value && second.value ? html`<${Loaded} of=${lag} skeleton="chart" show=${lagged} />` : html`<p class="mut sm">${t('hear.choosetwo')}</p>`}<//>
      <${Panel} title=${t('hear.deals')} note=${t('hear.dealsnote')}><${Loaded} of=${deals} show=${data => html`<p class="sm mut num">${t('hear.touchedsum', data.touched)}<br />${t('hear.untouched', data.untouched)}</p>${data.deals.length ? html`<${Table} label=${t('hear.deals')} columns=${columns()} rows=${data.deals} rowKey="deal" open=${one => go('/deals/' + one.deal)} />` : html`<p class="mut">${t('hear.nodeals')}</p>`}`} /><//>
      <${Panel} title=${t('hear.saved_hours')}><${Loaded} of=${hours} show=${data => html`<p class="hear-hours"><b class="num">${num(data.hours, 1)}</b> ${t('hear.hours')}</p><p class="mut sm num">${t('hear.formula', { automatic: num(data.automatic), corrected: num(data.corrected), minutes: num(data.minutes, 1), hours: num(data.hours, 1) })}</p>`} /><//></div>`;
  },
};
