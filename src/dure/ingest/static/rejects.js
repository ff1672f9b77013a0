// What was refused: counts by source and reason with a line for the days, and the newest example of each.
import { Ago, api, html, icon, load, num, ref, setQuery, Spark, t, Table, useKeys } from '../web/kit.js';
import { pretty, REASONS, reasonOf } from './words.js';

const DAYS = [7, 30, 90];

export default {
  props: ['query', 'changed'],
  setup(props) {
    const days = () => DAYS.includes(+props.query.days) ? +props.query.days : 7, open = ref(null);
    const rejects = load(signal => api.get('/rejects', { signal, query: { days: days(), source: props.query.source, reason: props.query.reason } }), { watch: () => JSON.stringify(props.query), keep: true });
    const sources = load(signal => api.get('/sources', { signal }));
    const keyOf = group => `${group.source} ${group.reason}`;
    const opened = () => rejects.data?.groups.find(group => keyOf(group) === open.value);
    useKeys({ Escape: [() => { open.value = null; }, 'sources.close'] }, 'sources.tabs');

    const names = () => [...new Set([...(sources.data?.sources ?? []), ...(sources.data?.others ?? [])].map(source => source.name))];
    const filter = (name, label, options, said) => html`<select class="input" aria-label=${t('sources.' + name)} value=${props.query[name] ?? ''} @change=${e => setQuery({ [name]: e.target.value })}><option value="" selected=${!props.query[name]}>${label}</option>${options.map(value => html`<option key=${value} value=${value} selected=${props.query[name] === value}>${said(value)}</option>`)}</select>`;
    const columns = () => [
      { key: 'reason', title: t('sources.reason'), cls: 'nowrap', value: g => reasonOf(g.reason, g.sentence) },
      { key: 'source', title: t('sources.source'), render: g => html`<span class="tag nowrap">${g.source}</span>` },
      { key: 'count', title: t('sources.count'), num: true },
      { key: 'by_day', title: t('sources.perday'), sort: false, width: 120, render: g => html`<${Spark} values=${g.by_day} width=${108} area=${true} color="var(--bad)" label=${t('sources.perday')} />` },
      { key: 'last_at', title: t('sources.last'), render: g => html`<${Ago} at=${g.last_at} />` },
      ...(open.value ? [] : [{ key: 'example', title: t('sources.example'), sort: false, render: g => html`<code class="mono cut mut sm ingest-brief">${g.example.slice(0, 120)}</code>` }]),
    ];
    const table = () => html`<${Table} label=${t('sources.rejects')} columns=${columns()} rows=${rejects.data?.groups} rowKey=${keyOf} loading=${rejects.loading} error=${rejects.error} retry=${rejects.reload} rowClass=${g => keyOf(g) === open.value ? 'ingest-open' : ''} open=${g => { open.value = open.value === keyOf(g) ? null : keyOf(g); }} empty=${{ icon: 'check', title: t('sources.fine'), body: t('sources.finebody'), action: props.query.source || props.query.reason ? { label: t('sources.clear'), run: () => setQuery({ source: null, reason: null }) } : undefined }} />`;
    const side = group => html`<aside class="ingest-side" aria-label=${t('sources.example')}><header><h2 class="grow">${reasonOf(group.reason, group.sentence)}</h2><button type="button" class="btn ghost ico sm" aria-label=${t('sources.close')} @click=${() => { open.value = null; }}>${icon('x', 14)}</button></header>
      <dl class="facts"><dt>${t('sources.source')}</dt><dd>${group.source}</dd><dt>${t('sources.reason')}</dt><dd><code class="mono sm">${group.reason}</code></dd><dt>${t('sources.count')}</dt><dd class="num">${num(group.count)}</dd><dt>${t('sources.last')}</dt><dd><${Ago} at=${group.last_at} /></dd></dl>
      <${Spark} values=${group.by_day} width=${400} height=${56} area=${true} color="var(--bad)" label=${t('sources.perday')} />
      ${group.message && group.message !== group.sentence && html`<p>${group.message}</p>`}
      <div><h3>${t('sources.example')}</h3><pre class="mono sm ingest-code sources-how">${pretty(group.example)}</pre></div></aside>`;
    return () => html`<div class="view fill ingest">
      <div class="ingest-bar"><div class="seg" role="group" aria-label=${t('sources.period')}>${DAYS.map(n => html`<button type="button" key=${n} aria-pressed=${String(days() === n)} @click=${() => setQuery({ days: n === 7 ? null : n })}>${t('sources.days', { n })}</button>`)}</div>
        ${filter('source', t('sources.everysource'), names(), value => value)}${filter('reason', t('sources.everyreason'), Object.keys(REASONS), value => reasonOf(value, value))}
        <span class="grow"></span><span class="mut num">${rejects.data && t('sources.total', { n: rejects.data.total })}</span></div>
      ${opened() ? html`<div class="split ingest-split">${table()}${side(opened())}</div>` : table()}</div>`;
  },
};
