// The deals board: a lane per stage, cards that are dragged or moved with [ and ], details beside it.
import {
  html, api, load, reloadOn, useTop, useKeys, ref, reactive, computed, nextTick, t, inLang, money, minute, when, today, shortDate, icon, Avatar, Empty, Failed,
  Skeleton, askForm, toast, boot, setQuery, go, compare,
} from '../web/kit.js';
import './words.js';
import { Pane } from './pane.js';
import { newDeal } from './create.js';

const LONG = 21, TIMES = 1.5;   // a deal is pointed out after so many days in its stage that are also so many times its lane's median

export default {
  props: ['params', 'query'],
  setup(props) {
    const board = load(signal => api.get('/deals', { signal })), users = load(signal => api.get('/users', { signal }));
    reloadOn(board, 'deals');
    const text = ref(props.query.q ?? ''), mine = ref(props.query.mine === '1'), moving = reactive({}), drag = reactive({ id: '', over: '' });
    const opened = computed(() => props.params.id ?? props.query.deal ?? '');
    const people = computed(() => new Map((users.data?.users ?? []).map(u => [u.id, u])));
    const lanes = computed(() => board.data?.lanes ?? []);
    const deals = computed(() => {
      const wanted = text.value.trim().toLowerCase();
      return (board.data?.deals ?? [])
        .map(d => moving[d.id] ? { ...d, stage: moving[d.id] } : d)
        .filter(d => (!wanted || `${d.name} ${d.account_name}`.toLowerCase().includes(wanted)) && (!mine.value || d.owner === boot.me.id || d.team.includes(boot.me.id)));
    });
    const daysIn = deal => Math.max(0, Math.floor((minute.value - when(deal.entered_stage_at)) / 86400000));
    const limits = computed(() => Object.fromEntries(lanes.value.map(l => {
      const days = (board.data?.deals ?? []).filter(d => d.stage === l.key).map(daysIn).sort((a, b) => a - b);
      return [l.key, Math.max(LONG, TIMES * (days[days.length >> 1] ?? 0))];
    })));
    const inLane = key => deals.value.filter(d => d.stage === key);

    const close = () => { if (props.params.id) go('/deals'); else setQuery({ deal: null }); };
    const open = id => { if (props.params.id) go('/deals?deal=' + id); else setQuery({ deal: id }); };
    const put = deal => board.set({ ...board.data, deals: board.data.deals.map(d => d.id === deal.id ? { ...d, ...deal } : d) });

    // At once on the screen, then on the server; what it refuses goes back to where it was.
    async function move(deal, key, quiet = false) {
      if (deal.stage === key || moving[deal.id]) return;
      const from = deal.stage, to = lanes.value.find(l => l.key === key), body = { stage: key, version: deal.version };
      if (to.outcome === 'lost' && !quiet) {
        const said = await askForm({ title: t('deals.lostwhy'), submitLabel: t('deals.lose'), fields: [{ name: 'lost_reason', label: t('deals.reason'), hint: t('deals.reasonhint'), optional: true, autofocus: true }], submit: v => v });
        if (!said) return;
        body.lost_reason = said.lost_reason ?? '';
      }
      moving[deal.id] = key;
      try {
        const now = await api.post(`/deals/${deal.id}/stage`, body);
        put(now);
        if (!quiet) toast.undo(t('deals.moved', { name: deal.name, stage: inLang(to.name) }), () => move(now, from, true));
      } catch (error) {
        if (error.status === 409) { toast(t('deals.changed'), { kind: 'warn' }); board.reload({ quiet: true }); } else toast.error(error);
        if (quiet) throw error;
      } finally {
        delete moving[deal.id];
        nextTick(() => document.querySelector(`[data-deal="${deal.id}"]`)?.focus({ preventScroll: false }));
      }
    }
    function step(by) {
      const id = document.activeElement?.closest?.('[data-deal]')?.dataset.deal ?? opened.value;
      const deal = deals.value.find(d => d.id === id), at = lanes.value.findIndex(l => l.key === deal?.stage), to = lanes.value[at + by];
      if (deal && to) move(deal, to.key);
    }

    // Mouse and pen lift a card after a few pixels; fingers scroll, and move a deal by the stage in its details.
    function press(e, deal) {
      if (e.button || e.pointerType === 'touch') return;
      const card = e.currentTarget, x = e.clientX, y = e.clientY;
      const follow = ev => {
        if (!drag.id && Math.hypot(ev.clientX - x, ev.clientY - y) < 6) return;
        if (!drag.id) { drag.id = deal.id; getSelection()?.removeAllRanges(); }
        card.style.transform = `translate(${ev.clientX - x}px, ${ev.clientY - y}px) rotate(1.5deg)`;
        drag.over = document.elementFromPoint(ev.clientX, ev.clientY)?.closest('[data-lane]')?.dataset.lane ?? '';
      };
      const drop = ev => {
        removeEventListener('pointermove', follow); removeEventListener('pointerup', drop); removeEventListener('pointercancel', drop); removeEventListener('keydown', stop, true);
        card.style.transform = '';
        const lifted = drag.id, over = drag.over;
        drag.id = drag.over = '';
        if (lifted && ev.type === 'pointerup' && over) move(deal, over);
        if (lifted) { addEventListener('click', swallow, true); setTimeout(() => removeEventListener('click', swallow, true), 0); }
      };
      const swallow = ev => ev.stopPropagation();
      const stop = ev => { if (ev.key === 'Escape') { ev.stopPropagation(); drop(ev); } };
      addEventListener('pointermove', follow); addEventListener('pointerup', drop); addEventListener('pointercancel', drop); addEventListener('keydown', stop, true);
    }

    const create = () => newDeal(lanes.value, people.value).then(made => { if (made) { board.reload({ quiet: true }); open(made.id); toast(t('deals.created')); } });
    const find = () => document.querySelector('.deals-filter')?.focus();
    useKeys({
      ']': [() => step(1), 'deals.keynext'], '[': [() => step(-1), 'deals.keyback'], '/': [find, 'deals.keyfind'], n: [create, 'deals.keynew'],
      Escape: [() => opened.value && close(), 'deals.keyclose'],
    }, 'deals.keys');
    useTop({
      title: () => t('deals.board'),
      tools: () => html`<input class="input sm deals-filter" type="search" placeholder=${t('deals.filter')} aria-label=${t('deals.filter')} value=${text.value}
          @input=${e => { text.value = e.target.value; setQuery({ q: text.value || null }); }} @keydown=${e => { if (e.key === 'Escape') e.target.blur(); }} />
        <button type="button" class=${'btn sm' + (mine.value ? ' on' : '')} aria-pressed=${String(mine.value)}
          @click=${() => { mine.value = !mine.value; setQuery({ mine: mine.value ? '1' : null }); }}>${t('deals.mine')}</button>
        <button type="button" class="btn pri sm" @click=${create}>${icon('plus', 14)}${t('deals.new')}</button>`,
    });

    const card = deal => {
      const days = daysIn(deal), ended = !!deal.closed_at, stalled = !ended && days > limits.value[deal.stage], owner = people.value.get(deal.owner);
      const late = !ended && deal.close_date < today();
      return html`<li key=${deal.id} class=${'card deals-card' + (opened.value === deal.id ? ' on' : '') + (drag.id === deal.id ? ' lifted' : '')} data-row data-deal=${deal.id} tabindex="0" role="button"
        aria-label=${`${deal.name}, ${money(deal.amount, deal.currency)}`} @pointerdown=${e => press(e, deal)} @click=${() => open(deal.id)}
        @keydown=${e => { if (e.key === 'Enter' && e.target === e.currentTarget) { e.preventDefault(); open(deal.id); } }}>
        <span class="deals-name">${deal.name}</span>
        <span class="row"><span class="mut sm cut grow">${deal.account_name}</span><span class="deals-amount">${money(deal.amount, deal.currency)}</span></span>
        ${!ended && html`<span class="deals-next">${deal.next_step || t('deals.nonext')}</span>`}
        <span class="deals-foot">${owner && html`<${Avatar} name=${owner.name} seed=${owner.id} size="s" />`}
          <span class=${'deals-days' + (stalled ? ' stalled' : '')} title=${ended ? null : t('deals.long', { n: days })}>${stalled && icon('clock', 12)}${ended ? shortDate(deal.closed_at) : days ? t('deals.days', { n: days }) : t('deals.today')}</span>
          <span class="grow"></span>${late && html`<span class="poor" title=${t('deals.overdue')}>${icon('warn', 12)}</span>`}
          ${deal.channel && html`<span title=${t('deals.channel')}>${icon('hash', 12)}</span>`}</span></li>`;
    };
    const lane = stage => {
      const found = inLane(stage.key), sums = {};
      for (const d of found) sums[d.currency] = (sums[d.currency] ?? 0) + d.amount;
      const sum = Object.entries(sums).sort(([a], [b]) => compare(a, b)).map(([c, v]) => money(v, c)).join(' + ');
      return html`<section key=${stage.key} class=${`lane deals-lane-${stage.outcome}` + (drag.over === stage.key ? ' over' : '')} data-lane=${stage.key} aria-label=${inLang(stage.name)}>
        <header>${stage.outcome && icon(stage.outcome === 'won' ? 'check' : 'x', 14)}<b>${inLang(stage.name)}</b>${!stage.outcome && html`<span class="mut sm num">${stage.probability}%</span>`}<span class="grow"></span><span class="mut sm num">${t('deals.count', { n: found.length })}</span></header>
        <div class="deals-lane-sum num"><b>${sum || money(0)}</b>${!stage.outcome && Object.keys(sums).length === 1 && html`<span>${t('deals.expected', { sum: money(Math.round(Object.values(sums)[0] * stage.probability / 100), Object.keys(sums)[0]) })}</span>`}</div>
        <ul>${found.map(card)}${!found.length && html`<li class="mut sm c" key="none">${t('deals.empty')}</li>`}</ul></section>`;
    };
    const inside = () => {
      if (board.error && !board.data) return html`<${Failed} error=${board.error} retry=${board.reload} />`;
      if (!board.data) return html`<div class="board" aria-busy="true">${[0, 1, 2, 3, 4].map(i => html`<div class="lane" key=${i}><header><${Skeleton} kind="text" n=${1} /></header><ul><${Skeleton} kind="rows" n=${4} /></ul></div>`)}</div>`;
      if (!board.data.deals.length) return html`<${Empty} icon="board" title=${t('deals.none')} body=${t('deals.nonebody')} action=${{ label: t('deals.new'), run: create, icon: 'plus' }} />`;
      if (!deals.value.length) return html`<${Empty} icon="find" title=${t('deals.nomatch')} action=${{ label: t('deals.clear'), run: () => { text.value = ''; mine.value = false; setQuery({ q: null, mine: null }); } }} />`;
      return html`<div class="board" data-scroll>${lanes.value.map(lane)}</div>`;
    };
    return () => html`<div class="view fill">${opened.value ? html`<div class="split"><div class="view fill">${inside()}</div>
      <${Pane} key=${opened.value} id=${opened.value} lanes=${lanes.value} people=${people.value} close=${close} changed=${put} move=${move} /></div>` : inside()}</div>`;
  },
};
