// A week of opening hours: each day's spans to type, and the same drawn from midnight to midnight.
import { html, icon, t } from '../web/kit.js';
import './hours_words.js';

export const DAYS = [0, 1, 2, 3, 4, 5, 6];
const DAY = 1440, WHEEL = 'repeat(24, 1fr)';
const minutes = text => { const found = /^(\d{1,2}):(\d\d)$/.exec(text ?? ''); return found ? +found[1] * 60 + +found[2] : null; };

// What of the week's spans lies on a day, in minutes: its own, and what began the evening before.
export function drawn(week, day) {
  const own = week[day].map(([a, b]) => [minutes(a), minutes(b)]).filter(([a, b]) => a !== null && b !== null);
  const before = week[(day + 6) % 7].map(([a, b]) => [minutes(a), minutes(b)]).filter(([a, b]) => a !== null && b !== null && b <= a && b > 0);
  return [...before.map(([, b]) => ({ from: 0, to: b, over: true })), ...own.map(([a, b]) => ({ from: a, to: b > a ? b : DAY, over: b <= a }))];
}

export const Week = {
  props: ['week', 'change'],
  setup(p) {
    const edit = (day, act) => { const week = p.week.map(one => one.map(span => [...span])); act(week[day], week); p.change(week); };
    const span = (day, i, [from, to]) => html`<span class="hours-span" key=${i}><input class="input sm num" inputmode="numeric" maxlength="5" aria-label=${`${t('hours.d' + day)} ${t('hours.from')}`} aria-invalid=${minutes(from) === null ? 'true' : null} value=${from} @input=${e => edit(day, of => { of[i][0] = e.target.value; })} /><span class="mut">–</span>
      <input class="input sm num" inputmode="numeric" maxlength="5" aria-label=${`${t('hours.d' + day)} ${t('hours.to')}`} aria-invalid=${minutes(to) === null ? 'true' : null} value=${to} @input=${e => edit(day, of => { of[i][1] = e.target.value; })} />${minutes(to) !== null && minutes(from) !== null && minutes(to) <= minutes(from) && html`<span class="mut sm">${t('hours.tomorrow')}</span>`}
      <button type="button" class="btn ghost ico sm" aria-label=${t('hours.removespan')} title=${t('hours.removespan')} @click=${() => edit(day, of => of.splice(i, 1))}>${icon('x', 12)}</button></span>`;
    const add = day => edit(day, of => of.push(of.length ? ['19:00', '21:00'] : ['09:00', '18:00']));
    const weekdays = () => edit(0, (of, week) => { for (const day of [1, 2, 3, 4]) week[day] = week[0].map(one => [...one]); });
    return () => html`<div class="hours-week" role="group" aria-label=${t('hours.week')}>
      <div class="hours-row hours-scale" aria-hidden="true"><span></span><div class="hours-track" style=${{ gridTemplateColumns: WHEEL }}>${[0, 6, 12, 18].map(hour => html`<span key=${hour} class="mut sm num" style=${{ gridColumn: `${hour + 1} / span 6` }}>${String(hour).padStart(2, '0')}</span>`)}</div><span></span></div>
      ${DAYS.map(day => html`<div class="hours-row" key=${day}><b class=${'sm' + (day > 4 ? ' mut' : '')}>${t('hours.d' + day)}</b>
        <div class="hours-track" aria-hidden="true">${drawn(p.week, day).map((one, i) => html`<span key=${i} class=${'hours-block' + (one.over ? ' over' : '')} style=${{ left: `${one.from / DAY * 100}%`, width: `${Math.max(one.to - one.from, 0) / DAY * 100}%` }}></span>`)}</div>
        <div class="hours-spans">${p.week[day].map((one, i) => span(day, i, one))}${!p.week[day].length && html`<span class="mut sm">${t('hours.closed')}</span>`}
          <button type="button" class="btn ghost ico sm" aria-label=${t('hours.addspan', { day: t('hours.d' + day) })} title=${t('hours.addspan', { day: t('hours.d' + day) })} @click=${() => add(day)}>${icon('plus', 14)}</button>${day === 0 && html`<button type="button" class="btn ghost sm" @click=${weekdays}>${t('hours.copy')}</button>`}</div></div>`)}</div>`;
  },
};
