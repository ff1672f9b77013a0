// What goes out when, in a month or a week, with the hours in which nothing may, and how often somebody may be written to.
import { api, date, go, html, icon, inLang, isoDay, load, Loaded, num, setQuery, shortDate, state, t, time, today, useKeys, words } from '../../web/kit.js';
import { DAYS, localOf } from '../words.js';

words({
  ko: { 'camp.ca.month': '달', 'camp.ca.week': '주', 'camp.ca.today': '오늘', 'camp.ca.before': '앞으로', 'camp.ca.after': '뒤로', 'camp.ca.quiet': '조용한 시간 {from}–{to}', 'camp.ca.noquiet': '조용한 시간 없음', 'camp.ca.caps': '한 사람에게 {caps}', 'camp.ca.nocaps': '횟수 상한 없음', 'camp.ca.cap.rolling': '{h}시간에 {n}통', 'camp.ca.cap.day': '하루 {n}통', 'camp.ca.cap.week': '한 주 {n}통', 'camp.ca.none': '이 기간에 나갈 것이 없습니다', 'camp.ca.local': '각자의 시간', 'camp.ca.people': '{n}명', 'camp.ca.range': '기간', 'camp.ca.more': '{n}개 더', 'camp.ca.prev': '이전', 'camp.ca.next': '다음' },
  en: { 'camp.ca.month': 'Month', 'camp.ca.week': 'Week', 'camp.ca.today': 'Today', 'camp.ca.before': 'Earlier', 'camp.ca.after': 'Later', 'camp.ca.quiet': 'Quiet hours {from}–{to}', 'camp.ca.noquiet': 'No quiet hours', 'camp.ca.caps': 'A person gets {caps}', 'camp.ca.nocaps': 'No caps', 'camp.ca.cap.rolling': '{n} in {h} hours', 'camp.ca.cap.day': '{n} a day', 'camp.ca.cap.week': '{n} a week', 'camp.ca.none': 'Nothing goes out in this time', 'camp.ca.local': 'their own time', 'camp.ca.people': '{n} {n|person|people}', 'camp.ca.range': 'Range', 'camp.ca.more': '{n} more', 'camp.ca.prev': 'Earlier', 'camp.ca.next': 'Later' },
});
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], SHOWN = 5;
const at = day => new Date(day + 'T12:00:00Z'), plus = (day, n) => { const it = at(day); it.setUTCDate(it.getUTCDate() + n); return it.toISOString().slice(0, 10); };
const monday = day => plus(day, -((at(day).getUTCDay() + 6) % 7));

export const Calendar = {
  props: ['query'],
  setup(p) {
    const span = () => p.query.span === 'week' ? 'week' : 'month', day = () => p.query.day ?? today();
    const first = () => span() === 'week' ? monday(day()) : monday(day().slice(0, 8) + '01');
    const length = () => { if (span() === 'week') return 7; const end = at(day().slice(0, 8) + '01'); end.setUTCMonth(end.getUTCMonth() + 1); return Math.ceil((+end - +at(first())) / 86400000 / 7) * 7; };
    // A day more at both ends: the server counts in UTC, the days are the workspace's.
    const slots = load(async signal => (await api.get('/campaigns/calendar', { signal, query: { from: plus(first(), -1) + 'T00:00:00Z', to: plus(first(), length() + 1) + 'T00:00:00Z' } })).slots, { watch: () => [first(), span()] });
    const policy = load(signal => api.get('/sending/rules', { signal, quiet: true }));
    const move = by => { if (span() === 'week') { setQuery({ day: plus(day(), 7 * by) }); return; } const it = at(day().slice(0, 8) + '01'); it.setUTCMonth(it.getUTCMonth() + by); setQuery({ day: it.toISOString().slice(0, 10) }); };
    useKeys({ ArrowLeft: [() => move(-1), 'camp.ca.prev'], ArrowRight: [() => move(1), 'camp.ca.next'], t: [() => setQuery({ day: null }), 'camp.ca.today'] }, 'camp.ca.range');
    const dayOf = slot => slot.local ? localOf(slot.at).slice(0, 10) : isoDay(slot.at), clockOf = slot => slot.local ? localOf(slot.at).slice(11) : time(slot.at);
    const one = slot => html`<button type="button" key=${slot.campaign + slot.at} class=${'camp-slot ' + slot.status} data-row title=${[inLang(slot.name), slot.people != null && t('camp.ca.people', { n: slot.people }), slot.local && t('camp.ca.local')].filter(Boolean).join(' · ')} @click=${() => go('/campaigns/' + slot.campaign)}><span class="num">${clockOf(slot)}</span><span class="cut">${inLang(slot.name)}</span>${slot.local && icon('person', 11)}${slot.people != null && span() === 'week' && html`<span class="num mut">${num(slot.people)}</span>`}</button>`;
    const rules = () => { const it = policy.data?.rules; if (!it) return null; const caps = (it.caps ?? []).map(cap => t('camp.ca.cap.' + (cap.per ?? 'rolling'), { n: cap.most, h: cap.hours ?? 24 })); return html`<span class="tag">${icon('moon', 12)}${it.quiet ? t('camp.ca.quiet', { from: it.quiet.start ?? '21:00', to: it.quiet.end ?? '08:00' }) : t('camp.ca.noquiet')}</span><span class="tag">${icon('shield', 12)}${caps.length ? t('camp.ca.caps', { caps: caps.join(', ') }) : t('camp.ca.nocaps')}</span>`; };
    const grid = found => { const days = Array.from({ length: length() }, (_, i) => plus(first(), i)), by = Map.groupBy(found, dayOf), month = day().slice(0, 7);
      return html`<div class=${'camp-cal ' + span()} role="grid">${WEEK.map(name => html`<div class="camp-wd mut sm" key=${name} role="columnheader">${DAYS()[name]}</div>`)}${days.map(d => { const here = by.get(d) ?? [], shown = span() === 'week' ? here : here.slice(0, SHOWN);
        return html`<div key=${d} role="gridcell" class=${'camp-day' + (d === today() ? ' now' : '') + (span() === 'month' && d.slice(0, 7) !== month ? ' out' : '')} aria-label=${date(d)}><span class="camp-dn num">${Number(d.slice(8))}</span>${shown.map(one)}${here.length > shown.length && html`<button type="button" class="link sm" @click=${() => setQuery({ span: 'week', day: d })}>${t('camp.ca.more', { n: here.length - shown.length })}</button>`}</div>`; })}</div>`; };
    return () => html`<div class="camp-bar row wrap"><button type="button" class="btn ico sm" aria-label=${t('camp.ca.prev')} @click=${() => move(-1)}>${icon('back', 13)}</button><button type="button" class="btn sm" @click=${() => setQuery({ day: null })}>${t('camp.ca.today')}</button><button type="button" class="btn ico sm" aria-label=${t('camp.ca.next')} @click=${() => move(1)}>${icon('arrow', 13)}</button>
        <b class="num camp-when">${span() === 'week' ? `${shortDate(first())} – ${shortDate(plus(first(), 6))}` : new Intl.DateTimeFormat(state.lang, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(at(day()))}</b><div class="seg" role="group" aria-label=${t('camp.ca.range')}>${['month', 'week'].map(one => html`<button type="button" key=${one} aria-pressed=${String(span() === one)} @click=${() => setQuery({ span: one === 'month' ? null : one })}>${t('camp.ca.' + one)}</button>`)}</div><span class="grow"></span>${rules()}</div>
      <div class="camp-calwrap"><${Loaded} of=${slots} skeleton="chart" show=${grid} /></div>`;
  },
};
