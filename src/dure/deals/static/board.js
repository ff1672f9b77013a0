// The deals board: a lane per stage, cards that are dragged or moved with [ and ], details beside it.
import {
  html, api, load, reloadOn, useTop, useKeys, ref, reactive, computed, nextTick, t, inLang, money, icon, Empty, Failed, Skeleton, toast, boot, setQuery, go, compare,
} from '../web/kit.js';
import './words.js';
import { Pane } from './pane.js';
import { newDeal } from './create.js';
import { card, daysIn } from './board/card.js';
import { useDrag } from './board/drag.js';
import { Lane } from './board/lane.js';
import { useSales } from './data.js';
import { useFilters } from './filters.js';
import { moveWithWords } from './moving.js';
import { Ways } from './ways.js';

const LONG = 21, TIMES = 1.5;   // a deal is pointed out after so many days in its stage that are also so many times its lane's median
const byDeal = (list, value) => new Map((list ?? []).map(one => [one.deal, value(one)]));

export default {
  props: ['params', 'query'],
  setup(props) {
    const sales = useSales(), { people, pipelines, stages, fields } = sales, pipeline = ref(props.query.pipeline ?? '');
    const at = computed(() => pipelines.value.find(p => p.key === pipeline.value)?.key ?? pipelines.value[0]?.key);
    const board = load(signal => api.get('/deals', { signal, query: { pipeline: pipeline.value || undefined } }), { watch: () => pipeline.value });
    const health = load(signal => api.get('/deals/health', { signal, quiet: true })), told = load(signal => api.get('/deals/forecast/chances', { signal, quiet: true })), items = load(signal => api.get('/line-items', { signal, quiet: true }));
    reloadOn(board, 'deals'); reloadOn(health, 'deals'); reloadOn(items, 'pacing');
    const filter = useFilters(props.query, sales);
    const text = ref(props.query.q ?? ''), mine = ref(props.query.mine === '1'), moving = reactive({});
    const opened = computed(() => props.query.deal ?? '');
    const healths = computed(() => byDeal(health.data?.health, one => one)), chances = computed(() => byDeal(told.data?.chances, one => one.chance));
    const alerts = computed(() => { const found = new Map(); for (const i of items.data?.line_items ?? []) { const n = Array.isArray(i.open_alerts) ? i.open_alerts.length : Number(i.open_alerts ?? 0); if (i.deal && n) found.set(i.deal, (found.get(i.deal) ?? 0) + n); } return found; });
    // All deals come in one answer; of several pipelines one is shown.
    const lanes = computed(() => (board.data?.lanes ?? []).filter(l => l.pipeline === at.value || !at.value));
    const deals = computed(() => {
      const wanted = text.value.trim().toLowerCase();
      return (board.data?.deals ?? [])
        .map(d => moving[d.id] ? { ...d, stage: moving[d.id] } : d)
        .filter(d => (!wanted || `${d.name} ${d.account_name}`.toLowerCase().includes(wanted)) && (!mine.value || d.owner === boot.me.id || d.team.includes(boot.me.id)) && filter.holds(d, healths.value.get(d.id)));
    });
    const inLane = computed(() => { const found = new Map(lanes.value.map(l => [l.key, []])); for (const d of deals.value) found.get(d.stage)?.push(d); return found; });
    const limits = computed(() => Object.fromEntries(lanes.value.map(l => {
      const days = (board.data?.deals ?? []).filter(d => d.stage === l.key).map(daysIn).sort((a, b) => a - b);
      return [l.key, Math.max(LONG, TIMES * (days[days.length >> 1] ?? 0))];
    })));
    const close = () => setQuery({ deal: null }), open = (deal, whole) => whole ? go('/deals/' + deal.id) : setQuery({ deal: deal.id });
    const put = deal => board.set({ ...board.data, deals: board.data.deals.map(d => d.id === deal.id ? { ...d, ...deal } : d) });

    // At once on the screen, then on the server; what it refuses goes back to where it was.
    async function move(deal, key) {
      if (deal.stage === key || moving[deal.id]) return;
      moving[deal.id] = key;
      await moveWithWords(deal, stages.value.get(key), { stages: stages.value, fields: fields.value, people: people.value }, put, () => board.reload({ quiet: true }));
      delete moving[deal.id];
      nextTick(() => document.querySelector(`[data-deal="${deal.id}"]`)?.focus({ preventScroll: false }));
    }
    function step(by) {
      const id = document.activeElement?.closest?.('[data-deal]')?.dataset.deal ?? opened.value;
      const deal = deals.value.find(d => d.id === id), place = lanes.value.findIndex(l => l.key === deal?.stage), to = lanes.value[place + by];
      if (deal && to) move(deal, to.key);
    }
    const { drag, press } = useDrag(move);
    const create = () => newDeal(lanes.value, people.value).then(made => { if (made) { board.reload({ quiet: true }); open(made); toast(t('deals.created')); } });
    const find = () => document.querySelector('.deals-filter')?.focus();
    const clear = () => { text.value = ''; mine.value = false; filter.clear(); setQuery({ q: null, mine: null }); };
    useKeys({
      ']': [() => step(1), 'deals.keynext'], '[': [() => step(-1), 'deals.keyback'], '/': [find, 'deals.keyfind'], n: [create, 'deals.keynew'], o: [() => { const id = document.activeElement?.closest?.('[data-deal]')?.dataset.deal ?? opened.value; if (id) go('/deals/' + id); }, 'deals.keypage'],
      Escape: [() => opened.value && close(), 'deals.keyclose'],
    }, 'deals.keys');
    useTop({
      title: () => t('deals.board'),
      tools: () => html`<${Ways} at="board" />${pipelines.value.length > 1 && html`<select class="input sm" aria-label=${t('deals.pipeline')} @change=${e => { pipeline.value = e.target.value; setQuery({ pipeline: e.target.value }); }}>${pipelines.value.map(p => html`<option key=${p.key} value=${p.key} selected=${p.key === at.value}>${inLang(p.name)}</option>`)}</select>`}
        <input class="input sm deals-filter" type="search" placeholder=${t('deals.filter')} aria-label=${t('deals.filter')} value=${text.value}
          @input=${e => { text.value = e.target.value; setQuery({ q: text.value || null }); }} @keydown=${e => { if (e.key === 'Escape') e.target.blur(); }} />
        ${filter.button()}<button type="button" class=${'btn sm' + (mine.value ? ' on' : '')} aria-pressed=${String(mine.value)}
          @click=${() => { mine.value = !mine.value; setQuery({ mine: mine.value ? '1' : null }); }}>${t('deals.mine')}</button>
        <button type="button" class="btn pri sm" @click=${create}>${icon('plus', 14)}${t('deals.new')}</button>`,
    });

    const draw = deal => card(deal, { health: healths.value.get(deal.id), chance: chances.value.get(deal.id), alerts: alerts.value.get(deal.id) ?? 0, owner: people.value.get(deal.owner), limit: limits.value[deal.stage] },
      { on: opened.value === deal.id, lifted: drag.id === deal.id, press, open });
    const lane = stage => {
      const found = inLane.value.get(stage.key) ?? [], sums = {}, weighted = {};
      for (const d of found) { sums[d.currency] = (sums[d.currency] ?? 0) + d.amount; weighted[d.currency] = (weighted[d.currency] ?? 0) + Math.round(d.amount * d.probability / 100); }
      const written = of => Object.entries(of).sort(([a], [b]) => compare(a, b)).map(([c, v]) => money(v, c)).join(' + ');
      return html`<section key=${stage.key} class=${`lane deals-lane-${stage.outcome}` + (drag.over === stage.key ? ' over' : '')} data-lane=${stage.key} aria-label=${inLang(stage.name)}>
        <header>${stage.outcome && icon(stage.outcome === 'won' ? 'check' : 'x', 14)}<b title=${inLang(stage.name)}>${inLang(stage.name)}</b>${!stage.outcome && html`<span class="mut sm num">${stage.probability}%</span>`}<span class="grow"></span><span class="mut sm num">${t('deals.count', { n: found.length })}</span></header>
        <div class="deals-lane-sum num"><b>${written(sums) || money(0)}</b>${!stage.outcome && found.length > 0 && html`<span>${t('deals.expected', { sum: written(weighted) })}</span>`}</div>
        <${Lane} deals=${found} card=${draw} held=${drag.id} empty=${t('deals.empty')} label=${inLang(stage.name)} /></section>`;
    };
    const inside = () => {
      if (board.error && !board.data) return html`<${Failed} error=${board.error} retry=${board.reload} />`;
      if (!board.data || !sales.lines.data) return html`<div class="board" aria-busy="true">${[0, 1, 2, 3, 4].map(i => html`<div class="lane" key=${i}><header><${Skeleton} kind="text" n=${1} /></header><ul><${Skeleton} kind="rows" n=${4} /></ul></div>`)}</div>`;
      if (!board.data.deals.length) return html`<${Empty} icon="board" title=${t('deals.none')} body=${t('deals.nonebody')} action=${{ label: t('deals.new'), run: create, icon: 'plus' }} second=${{ label: t('deals.way.import'), href: '/deals/import' }} />`;
      if (!deals.value.length) return html`<${Empty} icon="find" title=${t('deals.nomatch')} action=${{ label: t('deals.clear'), run: clear }} />`;
      return html`<div class="board" data-scroll>${lanes.value.map(lane)}</div>`;
    };
    const whole = () => html`<div class="view fill deals-board">${filter.chips()}${inside()}</div>`;
    return () => opened.value && board.data ? html`<div class="view fill"><div class="split">${whole()}
      <${Pane} key=${opened.value} id=${opened.value} sales=${{ stages: stages.value, fields: fields.value, people: people.value }} lanes=${lanes.value} close=${close} changed=${put} reload=${() => board.reload({ quiet: true })} /></div></div>` : whole();
  },
};
