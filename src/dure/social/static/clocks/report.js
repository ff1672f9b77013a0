// The care report: medians and shares by length, those who wait still beside those who were answered.
import { api, Badge, duration, Empty, html, icon, load, Loaded, num, Panel, percent, ref, Stat, t } from '../../web/kit.js';
import './words.js';
import { Period, usePeriod } from './period.js';

const PROMISED = ['first', 'next', 'resolve'], BUCKETS = [0, 1, 2, 3, 4];
const good = share => share === null ? '' : share >= 0.9 ? 'ok' : share >= 0.7 ? 'warn' : 'bad';
const long = seconds => seconds === null ? '–' : seconds < 60 ? duration(Math.round(seconds)) : duration(Math.round(seconds / 60) * 60);

// Shares by length as one bar; what it says is also there to read.
const Lengths = {
  props: ['counts', 'label'],
  setup: p => () => {
    const all = p.counts.reduce((sum, n) => sum + n, 0);
    const said = BUCKETS.filter(i => p.counts[i]).map(i => `${t('clock.b' + i)} ${num(p.counts[i])}`).join(' · ');
    return all ? html`<div class="clock-bar" role="img" aria-label=${`${p.label}: ${said}`} title=${said}>${BUCKETS.filter(i => p.counts[i]).map(i => html`<span key=${i} class=${'b' + i} style=${{ flexGrow: p.counts[i] }}>${p.counts[i] / all > 0.12 ? percent(p.counts[i] / all, 0) : ''}</span>`)}</div>` : html`<span class="mut">–</span>`;
  },
};

export const Report = {
  props: ['query'],
  setup(p) {
    const { asked, held } = usePeriod(() => p.query), users = load(signal => api.get('/users', { signal, quiet: true })), by = ref('business');
    const name = id => { const found = (users.data?.users ?? []).find(one => one.id === id); return found ? found.display || found.name : id; };
    const line = (data, kind) => data.total.find(one => one.kind === kind);
    const share = one => one.share === null ? html`<span class="mut sm">${t('clock.nopromise')}</span>` : html`<${Badge} kind=${good(one.share)} text=${percent(one.share, 0)} /> <span class="mut sm num">${t('clock.of', { met: num(one.met), all: num(one.met + one.missed) })}</span>`;
    const stats = data => html`<div class="stats">${PROMISED.map(kind => {
      const one = line(data, kind);
      return html`<${Stat} key=${kind} label=${t('clock.kind.' + kind)} value=${one ? long(one[by.value].median) : '–'} note=${one ? html`${t('clock.p90')} ${long(one[by.value].p90)} · ${t('clock.met')} ${one.share === null ? '–' : percent(one.share, 0)}` : ''} />`;
    })}</div>`;
    const row = (one, who) => html`<tr key=${one.kind + one.team + one.agent}>${who && html`<th scope="row" class="clock-who">${who}</th>`}<td>${t('clock.kind.' + one.kind)}</td><td class="r num">${num(one.given)}</td>
      <td class="r num">${long(one[by.value].median)}</td><td class="r num">${long(one[by.value].p90)}</td><td class="r num" title=${t('clock.likelyhint')}>${long(one[by.value].likely)}</td><td class="clock-cell"><${Lengths} counts=${one[by.value].buckets} label=${t('clock.shares')} /></td><td class="nowrap">${share(one)}</td>
      <td class="r num">${num(one.open)}</td><td class="r num">${long(one[by.value].open_longest)}</td></tr>`;
    const table = (rows, who) => html`<div class="clock-scroll"><table class="table small"><thead><tr>${who && html`<th scope="col">${who}</th>`}<th scope="col"></th><th scope="col" class="r">${t('clock.given')}</th><th scope="col" class="r">${t('clock.median')}</th><th scope="col" class="r">${t('clock.p90')}</th>
      <th scope="col" class="r" title=${t('clock.likelyhint')}>${t('clock.likely')}</th><th scope="col">${t('clock.shares')}</th><th scope="col">${t('clock.met')}</th><th scope="col" class="r">${t('clock.open')}</th><th scope="col" class="r">${t('clock.longest')}</th></tr></thead>
      <tbody>${rows}</tbody></table></div>`;
    const open = data => html`<${Panel} title=${t('clock.waiting')} note=${t('clock.waitingnote')} flush=${true}><div class="clock-scroll"><table class="table small"><thead><tr><th scope="col"></th><th scope="col" class="r">${t('clock.open')}</th><th scope="col" class="r">${t('clock.openmedian')}</th><th scope="col" class="r">${t('clock.longest')}</th><th scope="col">${t('clock.waited')}</th><th scope="col" class="r">${t('clock.dropped')}</th></tr></thead>
      <tbody>${PROMISED.map(kind => line(data, kind)).filter(Boolean).map(one => html`<tr key=${one.kind}><td>${t('clock.kind.' + one.kind)}</td><td class="r num">${num(one.open)}</td><td class="r num">${long(one[by.value].open_median)}</td><td class="r num">${long(one[by.value].open_longest)}</td><td class="clock-cell"><${Lengths} counts=${one[by.value].open_buckets} label=${t('clock.waiting')} /></td><td class="r num">${num(one.dropped)}</td></tr>`)}</tbody></table></div><//>`;
    const csv = () => `/api/v1/response-report/csv?${new URLSearchParams({ ...asked(), days: String(asked().days) })}`;
    const legend = () => html`<div class="row wrap clock-legend sm mut">${BUCKETS.map(i => html`<span key=${i} class="row"><i class=${'b' + i}></i>${t('clock.b' + i)}</span>`)}</div>`;
    const show = data => data.total.length ? html`${stats(data)}${data.cut && html`<p class="notice warn">${t('clock.cut')}</p>`}
      <${Panel} title=${t('clock.shares')} flush=${true} tools=${legend()}>${table(PROMISED.map(kind => line(data, kind)).filter(Boolean).map(one => row(one)))}<//>${open(data)}
      <${Panel} title=${t('clock.byteam')} flush=${true}>${table(data.teams.map(one => row(one, t('social.' + one.team))), t('clock.team'))}<//>
      <${Panel} title=${t('clock.byagent')} note=${t('clock.agentnote')} flush=${true}>${table(data.agents.map(one => row(one, name(one.agent))), t('clock.agent'))}<//>`
      : html`<${Empty} icon="clock" title=${t('clock.none')} body=${t('clock.nonebody')} />`;
    return () => html`<div class="clock-page stack"><div class="row wrap"><${Period} asked=${asked()} teams=${TEAMS} />
        <span class="seg" role="group">${['business', 'calendar'].map(one => html`<button type="button" key=${one} aria-pressed=${String(by.value === one)} @click=${() => { by.value = one; }}>${t('clock.' + one)}</button>`)}</span><span class="grow"></span>
        <a class="btn sm" href=${csv()} download="care-report.csv">${icon('file', 14)}${t('clock.csv')}</a></div><${Loaded} of=${held} show=${show} skeleton="table" /></div>`;
  },
};
const TEAMS = ['product', 'marketing', 'sales', 'ad_ops', 'social', 'care', 'people', 'press', 'executives'];
