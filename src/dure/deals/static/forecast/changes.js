// What moved the forecast lately, deal by deal, the largest effect first.
import { html, api, load, reloadOn, ref, t, inLang, money, shortDate, listed, Badge, Loaded, Panel, Table, go } from '../../web/kit.js';
import { nameOfUser } from '../create.js';
import './words.js';

const LOOK = { new: ['info', 'plus'], won: ['ok', 'check'], lost: ['bad', 'x'], forward: ['ok', 'right'], back: ['warn', 'back'], more: ['ok', 'up'], less: ['warn', 'down'], later: ['warn', 'calendar'], earlier: ['ok', 'calendar'] };
const DAYS = [7, 30, 90];

export const Changes = {
  props: ['owner', 'pipeline', 'currency', 'stages', 'people'],
  setup(p) {
    const days = ref(7), kind = ref('');
    const found = load(signal => api.get('/deals/forecast/changes', { signal, query: { days: days.value, owner: p.owner || undefined, pipeline: p.pipeline || undefined } }), { watch: () => [days.value, p.owner, p.pipeline].join(), keep: true });
    reloadOn(found, 'deals');
    const stage = key => inLang(p.stages.get(key)?.name ?? key);
    const said = item => [
      item.then.stage && item.then.stage !== item.now.stage && `${stage(item.then.stage)} → ${stage(item.now.stage)}`, !item.then.stage && stage(item.now.stage),
      item.then.stage && item.then.amount !== item.now.amount && `${money(item.then.amount, item.currency)} → ${money(item.now.amount, item.currency)}`,
      item.then.close_date && item.then.close_date !== item.now.close_date && `${shortDate(item.then.close_date)} → ${shortDate(item.now.close_date)}`,
    ].filter(Boolean).join(' · ');
    const columns = () => [
      { key: 'name', title: t('fc.deal'), render: i => html`<span class="stack tight"><a href=${'/deals/' + i.deal}>${i.name}</a><span class="mut sm">${nameOfUser(p.people, i.owner)}</span></span>` },
      { key: 'what', title: t('fc.what'), sort: false, render: i => html`<span class="row wrap">${i.kinds.map(k => html`<${Badge} key=${k} kind=${LOOK[k][0]} icon=${LOOK[k][1]} text=${t('fc.k.' + k)} />`)}<span class="mut sm num">${said(i)}</span></span>` },
      { key: 'weighted', title: t('fc.effect'), num: true, sort: i => i.weighted, render: i => html`<b class=${'nowrap ' + (i.weighted > 0 ? 'good' : i.weighted < 0 ? 'poor' : 'mut')}>${i.weighted > 0 ? '+' : ''}${money(i.weighted, i.currency)}</b>` },
    ];
    const show = data => {
      const mine = data.items.filter(i => i.currency === p.currency), counts = {};
      for (const i of mine) for (const k of i.kinds) counts[k] = (counts[k] ?? 0) + 1;
      const rows = mine.filter(i => !kind.value || i.kinds.includes(kind.value));
      return html`<div class="fc-kinds">${Object.keys(LOOK).filter(k => counts[k]).map(k => html`<button key=${k} type="button" class=${'btn sm' + (kind.value === k ? ' on' : '')} aria-pressed=${String(kind.value === k)} @click=${() => { kind.value = kind.value === k ? '' : k; }}>${t('fc.k.' + k)} <span class="num">${counts[k]}</span></button>`)}</div>
        <${Table} label=${t('fc.changed', { n: days.value })} columns=${columns()} rows=${rows} rowKey="deal" page=${12} open=${i => go('/deals/' + i.deal)} empty=${{ icon: 'check', title: t('fc.nochange') }} />`;
    };
    const tools = () => html`<span class="seg" role="radiogroup">${DAYS.map(n => html`<button key=${n} type="button" aria-pressed=${String(days.value === n)} @click=${() => { days.value = n; }}>${t('fc.days' + n)}</button>`)}</span>`;
    return () => html`<${Panel} title=${t('fc.changed', { n: days.value })} wide=${true} tools=${tools()}><${Loaded} of=${found} show=${show} skeleton="rows" n=${5} /><//>`;
  },
};
