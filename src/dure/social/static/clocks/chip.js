// How a conversation's clocks stand: due in 12 min, overdue 3 h, paused. For lists and details of conversations.
//
//   const clocks = useClocks(() => conversations.map(one => one.id));     // one request for all, kept fresh
//   <ClockChip clocks=${clocks.of(id)} />                                 // the one that is due next, or nothing
//   <ClockList clocks=${clocks.of(id)} />                                 // all of them, with what they are
//   stands(clocks.of(id))                                                 // 'overdue' | 'soon' | 'due' | 'paused' | ''
import { api, dateTime, html, icon, load, minute, reloadOn, t, watch } from '../../web/kit.js';
import './words.js';

const BADGE = { overdue: 'bad', soon: 'warn', due: '', paused: 'info' };
const SIGN = { overdue: 'warn', soon: 'clock', due: 'clock', paused: 'pause' };

// Whether one clock's time is over, runs short, runs, stands still; '' where nothing was promised.
export function stand(clock, now = minute.value) {
  if (clock.paused) return clock.target ? 'paused' : '';
  if (!clock.due_at) return '';
  if (Date.parse(clock.due_at) <= now) return 'overdue';
  return clock.warn_at && Date.parse(clock.warn_at) <= now ? 'soon' : 'due';
}

// The one to show: what is due first, else one that stands still.
export const next = clocks => (clocks ?? []).find(one => one.due_at) ?? (clocks ?? []).find(one => stand(one)) ?? null;
export const stands = clocks => { const one = next(clocks); return one ? stand(one) : ''; };

// Minutes, hours or days, whole ones.
export function span(seconds) {
  const minutes = Math.max(Math.floor(Math.abs(seconds) / 60), 1);
  if (minutes < 60) return t('clock.min', { n: minutes });
  return minutes < 2880 ? t('clock.hour', { n: Math.floor(minutes / 60) }) : t('clock.day', { n: Math.floor(minutes / 1440) });
}

const text = clock => {
  const how = stand(clock);
  return how === 'paused' ? t('clock.paused') : t(how === 'overdue' ? 'clock.over' : 'clock.left', { time: span((Date.parse(clock.due_at) - minute.value) / 1000) });
};
const about = clock => `${t('clock.kind.' + clock.kind)} · ${text(clock)}${clock.due_at ? ` · ${t('clock.until', { at: dateTime(clock.due_at) })}` : ''}`;

export const ClockChip = {
  props: ['clocks', 'clock'],
  setup: p => () => {
    const clock = p.clock ?? next(p.clocks), how = clock ? stand(clock) : '';
    return how ? html`<span class=${'badge clock-chip ' + BADGE[how]} title=${about(clock)} aria-label=${about(clock)}>${icon(SIGN[how], 12)}${text(clock)}</span>` : null;
  },
};

export const ClockList = {
  props: ['clocks'],
  setup: p => () => {
    const shown = (p.clocks ?? []).filter(one => stand(one));
    return shown.length ? html`<ul class="clock-list" aria-label=${t('clock.title')}>${shown.map(one => html`<li key=${one.id} class="row"><span class="mut sm">${t('clock.kind.' + one.kind)}</span><span class="grow"></span><${ClockChip} clock=${one} /></li>`)}</ul>` : null;
  },
};

// Clocks of the conversations that are shown, by id. `ids` is a function, so that the list may change.
export function useClocks(ids) {
  const asked = () => [...new Set(ids())].sort().join(',');
  const held = load(signal => { const of = asked(); return of ? api.get('/response-clocks', { signal, query: { ids: of } }) : Promise.resolve({ clocks: {} }); }, { watch: asked, keep: true });
  reloadOn(held, 'social');
  watch(minute, () => { if (asked()) held.reload({ quiet: true }); });
  return { of: id => held.data?.clocks[id] ?? [], get loading() { return held.loading; }, get error() { return held.error; }, reload: held.reload };
}
