// How a conversation's clocks stand: due in 12 min, overdue 3 h, paused. For lists and details of conversations.
//
//   useClocks(() => conversations.map(one => one.id));     // in a page: one request for all it shows, kept fresh
//   <ClockChip id=${id} />                                 // anywhere below it: what is due next, or nothing
//   <ClockList id=${id} />                                 // all of them, with what they are
import { api, dateTime, html, icon, inject, load, minute, provide, reloadOn, t } from '../../web/kit.js';
import './words.js';

// More ids than these make an address that proxies refuse.
const MOST = 200;
const BADGE = { overdue: 'bad', soon: 'warn', due: '', paused: 'info' };
const SIGN = { overdue: 'warn', soon: 'clock', due: 'clock', paused: 'pause' };

// Whether one clock's time is over, runs short, runs, stands still; '' where nothing was promised.
function stand(clock, now = minute.value) {
  if (clock.paused) return clock.target ? 'paused' : '';
  if (!clock.due_at) return '';
  if (Date.parse(clock.due_at) <= now) return 'overdue';
  return clock.warn_at && Date.parse(clock.warn_at) <= now ? 'soon' : 'due';
}

// The one to show: what is due first, else one that stands still.
const next = clocks => (clocks ?? []).find(one => one.due_at) ?? (clocks ?? []).find(one => stand(one)) ?? null;

// Minutes, hours or days, whole ones.
function span(seconds) {
  const minutes = Math.max(Math.floor(Math.abs(seconds) / 60), 1);
  if (minutes < 60) return t('clock.min', { n: minutes });
  return minutes < 2880 ? t('clock.hour', { n: Math.floor(minutes / 60) }) : t('clock.day', { n: Math.floor(minutes / 1440) });
}

const text = clock => {
  const how = stand(clock);
  return how === 'paused' ? t('clock.paused') : t(how === 'overdue' ? 'clock.over' : 'clock.left', { time: span((Date.parse(clock.due_at) - minute.value) / 1000) });
};
const about = clock => `${t('clock.kind.' + clock.kind)} · ${text(clock)}${clock.due_at ? ` · ${t('clock.until', { at: dateTime(clock.due_at) })}` : ''}`;

const Chip = { props: ['clock'], setup: p => () => html`<span class=${'badge clock-chip ' + BADGE[stand(p.clock)]} title=${about(p.clock)} aria-label=${about(p.clock)}>${icon(SIGN[stand(p.clock)], 12)}${text(p.clock)}</span>` };

export const ClockChip = {
  props: ['id'],
  setup(p) {
    const clocks = inject('clocks', null);
    return () => { const clock = next(clocks?.of(p.id)); return clock ? html`<${Chip} clock=${clock} />` : null; };
  },
};

export const ClockList = {
  props: ['id'],
  setup(p) {
    const clocks = inject('clocks', null);
    return () => {
      const shown = (clocks?.of(p.id) ?? []).filter(one => stand(one));
      return shown.length ? html`<ul class="clock-list" aria-label=${t('clock.title')}>${shown.map(one => html`<li key=${one.id} class="row"><span class="mut sm">${t('clock.kind.' + one.kind)}</span><span class="grow"></span><${Chip} clock=${one} /></li>`)}</ul>` : null;
    };
  },
};

// Provides the clocks of what a page shows to all that is drawn in it. `ids` is a function, so that the list may change.
export function useClocks(ids) {
  const asked = () => [...new Set(ids())].slice(0, MOST).sort().join(',');
  const held = load(signal => asked() ? api.get('/response-clocks', { signal, query: { ids: asked() } }) : Promise.resolve({ clocks: {} }), { watch: asked, keep: true });
  reloadOn(held, 'social');
  provide('clocks', { of: id => held.data?.clocks[id] ?? [] });
}
