// How many it is while the rule is written: an estimate at once where the log is large, then the exact number, then how
// it went over the last weeks; and some of the people.
import { api, cancelled, computed, html, icon, inLang, isoDay, num, onUnmounted, reactive, shortDate, Spark, t, watch } from '../../web/kit.js';
import { endOfDay } from '../days.js';
import { said } from '../said.js';
import { Breakdown } from './breakdown.js';
import { withNames } from './names.js';
import { closed, ready } from './rule.js';

let serial = 0;

// `course`: whether also how it went over the last weeks.
export function useSize(rule, { course = true } = {}) {
  const live = reactive({ seen: null, busy: false, wrong: null, course: null, day: '' }), query = `b${Date.now().toString(36)}${++serial}`;
  let timer, abort = new AbortController();
  const at = () => live.day && live.day !== isoDay(Date.now()) ? { at: endOfDay(live.day) } : {};

  async function look() {
    abort.abort();
    abort = new AbortController();
    const { signal } = abort, asked = closed(rule.value);
    if (!ready(asked)) { Object.assign(live, { seen: null, busy: false, wrong: null, course: null }); return; }
    Object.assign(live, { busy: true, course: null });
    try {
      const ask = sample => api.post('/segments/preview', { rule: asked, query, sample, ...at() }, { signal, seconds: 120 });
      live.seen = await ask(true);
      live.wrong = null;
      if (!live.seen.exact) live.seen = await ask(false);
      live.busy = false;
      if (course) live.course = (await api.post('/segments/course', { rule: asked }, { signal, seconds: 180 })).course;
    } catch (error) {
      if (cancelled(error) || signal.aborted) return;
      Object.assign(live, { wrong: error, busy: false, course: null });
    }
  }
  const soon = () => { clearTimeout(timer); timer = setTimeout(look, 300); };
  watch(() => [JSON.stringify(rule.value), live.day], soon, { immediate: true });
  onUnmounted(() => { clearTimeout(timer); abort.abort(); });
  return live;
}

export const Live = {
  props: ['live', 'rule'],
  setup(p) {
    const size = computed(() => p.live.seen && (p.live.seen.exact ? num(p.live.seen.size) : t('sb.about', { n: p.live.seen.size })));
    return () => {
      const { seen, busy, wrong, course } = p.live;
      return html`<aside class="seg-live" aria-label=${t('sb.live')}>
        <div role="status" aria-live="polite"><p class=${'seg-size num' + (busy || wrong ? ' waiting' : '')}>${seen ? size.value : '–'} <span class="mut sm">${t('sb.people')}</span></p>
          ${wrong ? html`<p class="poor sm">${icon('warn', 13)} ${said(wrong.message)}</p>` : busy ? html`<p class="mut sm">${seen && !seen.exact ? t('sb.between', { low: seen.low, high: seen.high }) : t('seg.counting')}</p>`
            : !seen ? html`<p class="mut sm">${t('seg.fill')}</p>` : null}</div>
        <label class="row sm seg-day"><span class="mut">${t('sb.asof')}</span><input class="input" type="date" max=${isoDay(Date.now())} value=${p.live.day} @change=${e => { p.live.day = e.target.value; }} />
          ${p.live.day && html`<button type="button" class="btn ghost sm" @click=${() => { p.live.day = ''; }}>${t('sb.today')}</button>`}</label>
        ${course && html`<div class="seg-course"><${Spark} label=${t('seg.trend')} values=${course.map(one => one.size)} width=${248} height=${48} area=${true} />
          <p class="row mut sm num"><span>${shortDate(course[0].at)} ${num(course[0].size)}</span><span class="grow"></span><span>${shortDate(course.at(-1).at)} ${num(course.at(-1).size)}</span></p></div>`}
        ${seen && html`<h3>${t('sb.inwords')}</h3><p class="sm">${withNames(inLang(seen.words))}</p>`}
        ${seen?.called.length > 0 && html`<h3>${t('sb.some')}</h3><ul class="seg-some">${seen.called.map(one => html`<li key=${one.person}><a href=${'/people/' + one.person}>${one.name || one.distinct_id || one.person.slice(0, 8)}</a></li>`)}</ul>`}
        ${seen && !p.live.day && html`<${Breakdown} rule=${p.rule} seen=${seen} />`}</aside>`;
    };
  },
};
