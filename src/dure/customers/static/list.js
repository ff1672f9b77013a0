// Every customer in one dense table: who waits, how their deals do, when they were last heard.
import { ago, api, Badge, boot, compare, computed, duration, fits, go, html, icon, load, money, num, onScopeDispose, ref, reloadOn, t, Table, useTop } from '../web/kit.js';
import { KIND, Standing } from './relation.js';
import './words.js';

export { KIND } from './relation.js';
export const since = ts => duration(Math.max(0, Date.now() / 1000 - Number(ts)));
export const amounts = of => Object.entries(of).sort(([, a], [, b]) => b - a).map(([currency, sum]) => money(sum, currency)).join(' + ') || '–';
const largest = of => Math.max(0, ...Object.values(of));

export default {
  props: ['params', 'query'],
  setup() {
    const typed = ref(''), only = ref('all'), small = matchMedia('(max-width: 1150px)'), narrow = ref(small.matches), fit = () => { narrow.value = small.matches; };
    small.addEventListener('change', fit);
    onScopeDispose(() => small.removeEventListener('change', fit));
    const customers = load(async signal => (await api.get('/customers', { signal })).customers);
    for (const topic of ['deals', 'pacing', `user:${boot.me.id}`]) reloadOn(customers, topic);
    const ways = computed(() => [['all', customers.data?.length], ['waiting', customers.data?.filter(one => one.questions).length], ['mine', customers.data?.filter(one => one.owner === boot.me.id).length]]);
    const shown = computed(() => (customers.data ?? []).filter(one => fits(`${one.name} ${one.owner_name} ${one.industry}`, typed.value))
      .filter(one => only.value === 'all' || (only.value === 'mine' ? one.owner === boot.me.id : one.questions > 0)).sort((a, b) => compare(a.name, b.name)));
    useTop({
      title: () => t('cu.title'),
      tools: () => html`<input class="input cu-find" type="search" value=${typed.value} placeholder=${t('cu.find')} aria-label=${t('cu.find')} @input=${e => { typed.value = e.target.value; }} />
        <div class="seg" role="group" aria-label=${t('cu.title')}>${ways.value.map(([way, n]) => html`<button key=${way} type="button" aria-pressed=${String(only.value === way)} class=${only.value === way ? 'on' : ''} @click=${() => { only.value = way; }}>${t('cu.' + way)}${n !== undefined && html` <span class="num mut">${num(n)}</span>`}</button>`)}</div>`,
    });
    const columns = () => every().filter(column => !(narrow.value && ['owner_name', 'deals'].includes(column.key)));
    const every = () => [
      { key: 'name', title: t('cu.name'), render: one => html`<span class="row"><b class="cut">${one.name}</b>${one.charters > 0 && html`<span class="mut cu-mark" role="img" title=${t('cu.charters', { n: one.charters })} aria-label=${t('cu.charters', { n: one.charters })}>${icon('file', 13)}</span>`}</span>` },
      { key: 'owner_name', title: t('cu.owner'), width: 84, render: one => html`<span class="cut">${one.owner_name || '–'}</span>` },
      { key: 'channels', title: t('cu.channels'), num: true, width: 72, render: one => one.channels ? html`<span>${num(one.channels)}${one.unread > 0 && html` <span class="badge info" title=${t('cu.unread')}>${num(one.unread)}</span>`}</span>` : html`<span class="mut">–</span>` },
      { key: 'questions', title: t('cu.questions'), num: true, width: 74, render: one => one.questions ? html`<b>${num(one.questions)}</b>` : html`<span class="mut">0</span>` },
      { key: 'oldest', title: t('cu.oldest'), num: true, width: 92, value: one => one.oldest ? Date.now() / 1000 - Number(one.oldest) : null, render: one => one.oldest ? html`<${Badge} kind=${one.overdue ? 'bad' : 'info'} text=${since(one.oldest)} />` : '–' },
      { key: 'relation', title: t('cu.relation'), num: true, width: 80, render: one => one.relation === null ? html`<span class="mut" title=${one.relation_why ? t('cu.why.' + one.relation_why) : t('cu.why.none')}>–</span>` : html`<${Standing} score=${one.relation} band=${one.relation_band} />` },
      { key: 'score', title: t('cu.health'), num: true, width: 78, render: one => one.score === null ? '–' : html`<span class=${'badge ' + KIND[one.band]} title=${t('cu.b.' + one.band)}><span class="num">${one.score}</span></span>` },
      { key: 'deals', title: t('cu.deals'), num: true, width: 64, render: one => one.deals ? num(one.deals) : html`<span class="mut">–</span>` },
      { key: 'amount', title: t('cu.amount'), num: true, width: 112, value: one => largest(one.amounts), render: one => amounts(one.amounts) },
      ...(customers.data?.some(one => one.at_risk !== null) ? [{ key: 'at_risk', title: t('cu.risk'), num: true, width: 80, render: one => one.at_risk ? html`<${Badge} kind="warn" text=${num(one.at_risk)} />` : html`<span class="mut">–</span>` }] : []),
      { key: 'touched', title: t('cu.touch'), num: true, width: 104, value: one => one.touched ? Number(one.touched) : null, render: one => one.touched ? ago(one.touched) : '–' },
    ];
    return () => html`<div class="view fill"><${Table} label=${t('cu.title')} columns=${columns()} rows=${customers.data && shown.value} rowKey="account" loading=${customers.loading} error=${customers.error} retry=${customers.reload}
      open=${one => go(`/customers/${one.account}`)} sort=${{ key: 'oldest', dir: 'desc' }}
      empty=${typed.value || only.value !== 'all' ? { icon: 'find', title: t('cu.nofind') } : { icon: 'building', title: t('cu.none'), body: t('cu.none.body') }} /></div>`;
  },
};
