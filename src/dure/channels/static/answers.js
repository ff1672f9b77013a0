// How long people from outside wait for answers in channels: who waits now, and what became of the questions of some weeks.
import { ago, api, Badge, dateTime, duration, Empty, html, icon, load, Loaded, num, Panel, percent, setQuery, Stat, t, useTop } from '../web/kit.js';
import './answers_words.js';

const BY = ['channel', 'customer', 'team', 'person', 'week'], KINDS = ['', 'first', 'next'], DAYS = [7, 28, 90, 365];
const STATE = { waiting: 'info', warned: 'warn', overdue: 'bad', paused: '' };
const long = seconds => seconds === null ? '–' : duration(seconds < 60 ? Math.round(seconds) : Math.round(seconds / 60) * 60);
const good = share => share === null ? '' : share >= 0.9 ? 'ok' : share >= 0.7 ? 'warn' : 'bad';

export default {
  props: ['query'],
  setup(p) {
    const one = (value, all, otherwise) => all.includes(value) ? value : otherwise;
    const by = () => one(p.query.by, BY, 'channel'), kind = () => one(p.query.kind, KINDS, ''), days = () => one(Number(p.query.days), DAYS, 28);
    const held = load(async signal => {
      const asked = { days: days(), kind: kind() };
      const [rows, whole] = await Promise.all([api.get('/channel-response-report', { signal, query: { ...asked, by: by() } }), api.get('/channel-response-report', { signal, query: { ...asked, by: 'all' } })]);
      return { rows: rows.rows, whole: whole.rows[0] };
    }, { watch: () => [by(), kind(), days()].join() });
    const rooms = load(signal => api.get('/channels', { signal, query: { archived: true } })), users = load(signal => api.get('/users', { signal, quiet: true }));
    const room = id => rooms.data?.channels.find(found => found.id === id);
    const sides = () => Object.fromEntries((rooms.data?.channels ?? []).flatMap(found => found.shared_with.map(side => [side.org, side.org_name])));
    const who = id => { const found = users.data?.users.find(user => user.id === id); return found ? found.display || found.name : id; };
    const name = group => ({
      channel: () => html`<a class="cut" href=${'/channels/' + group}>#${room(group)?.name ?? group}</a>`,
      customer: () => sides()[group] ?? group,
      team: () => group ? t('answers.t.' + group) : t('ch.response_team.all'),
      person: () => group ? who(group) : html`<span class="mut">${t('answers.nobody')}</span>`,
      week: () => group,
    })[by()]();
    const seg = (all, now, set, label) => html`<span class="seg" role="group" aria-label=${label}>${all.map(value => html`<button type="button" key=${value} aria-pressed=${String(value === now)} @click=${() => set(value)}>${t('answers.' + (typeof value === 'number' ? 'days' : value || 'both'), { n: value })}</button>`)}</span>`;
    const row = found => html`<tr key=${found.group}><th scope="row" class="answers-name">${name(found.group)}</th><td class="r num">${num(found.asked)}</td><td class="r num">${num(found.answered)}</td>
      <td class="r num">${long(found.median)}</td><td class="r num">${long(found.p90)}</td>
      <td class="nowrap">${found.within === null ? html`<span class="mut">–</span>` : html`<${Badge} kind=${good(found.within)} text=${percent(found.within, 0)} /> <span class="mut sm num">${num(found.met)} / ${num(found.met + found.missed)}</span>`}</td>
      <td class="r num">${num(found.waiting)}</td><td class="r num">${found.waiting ? num(found.seen) : '–'}</td><td class="r mut nowrap" title=${found.oldest ? dateTime(found.oldest) : ''}>${found.oldest ? ago(found.oldest) : '–'}</td></tr>`;
    const table = rows => html`<div class="answers-scroll"><table class="table small"><thead><tr><th scope="col">${t('answers.' + by())}</th><th scope="col" class="r">${t('answers.asked')}</th><th scope="col" class="r">${t('answers.answered')}</th>
      <th scope="col" class="r">${t('answers.median')}</th><th scope="col" class="r">${t('answers.p90')}</th><th scope="col">${t('answers.within')}</th><th scope="col" class="r">${t('answers.waiting')}</th><th scope="col" class="r">${t('answers.seen')}</th><th scope="col" class="r">${t('answers.oldest')}</th></tr></thead><tbody>${rows.map(row)}</tbody></table></div>`;
    const waits = () => (rooms.data?.channels ?? []).filter(found => found.response).sort((a, b) => (a.response.state === 'paused') - (b.response.state === 'paused') || a.response.left - b.response.left);
    const now = () => waits().length > 0 && html`<${Panel} title=${t('answers.now')} flush=${true}><ul class="answers-now">${waits().slice(0, 12).map(found => html`<li key=${found.id}><${Badge} kind=${STATE[found.response.state]} text=${t('ch.state.' + found.response.state)} />
      <a class="cut strong" href=${`/channels/${found.id}`}>#${found.name}</a><span class="mut sm cut grow">${found.shared_with.map(side => side.org_name).join(', ')}</span>
      <span class="mut sm nowrap">${found.response.seen_by ? t('ch.seen', { name: who(found.response.seen_by) }) : ''}</span><span class="sm num nowrap" title=${dateTime(found.response.asked_ts)}>${ago(found.response.asked_ts)}</span></li>`)}</ul><//>`;
    const show = data => data.whole ? html`<div class="stats"><${Stat} label=${t('answers.median')} value=${long(data.whole.median)} note=${`${t('answers.p90')} ${long(data.whole.p90)}`} />
      <${Stat} label=${t('answers.within')} value=${data.whole.within === null ? '–' : percent(data.whole.within, 0)} note=${`${num(data.whole.met)} / ${num(data.whole.met + data.whole.missed)}`} /><${Stat} label=${t('answers.asked')} value=${num(data.whole.asked)} note=${`${t('answers.answered')} ${num(data.whole.answered)}`} />
      <${Stat} label=${t('answers.waiting')} value=${num(data.whole.waiting)} note=${data.whole.waiting ? `${t('answers.seen')} ${num(data.whole.seen)}` : ''} /></div>${now()}<${Panel} flush=${true} title=${t('answers.by')} note=${t('answers.note')} tools=${seg(BY, by(), value => setQuery({ by: value }), t('answers.by'))}>${table(data.rows)}<//>`
      : html`<${Empty} icon="clock" title=${t('answers.none')} body=${t('answers.nonebody')} />`;
    useTop({ title: () => html`${icon('clock')}${t('ch.report')}`, tools: () => html`${seg(DAYS, days(), value => setQuery({ days: String(value) }), t('answers.range'))}` });
    return () => html`<div class="answers stack"><div class="row">${seg(KINDS, kind(), value => setQuery({ kind: value || undefined }), t('answers.kind'))}</div><${Loaded} of=${held} show=${show} skeleton="table" /></div>`;
  },
};
