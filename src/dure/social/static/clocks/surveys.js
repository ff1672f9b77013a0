// Whether customers were satisfied, and surveys that wait for somebody to send them.
import { action, api, Ago, askForm, Badge, Empty, html, load, Loaded, num, Panel, percent, reloadOn, Stat, t, toast } from '../../web/kit.js';
import './words.js';
import { Period, usePeriod } from './period.js';

const SCORES = [5, 4, 3, 2, 1], TEAMS = ['product', 'marketing', 'sales', 'ad_ops', 'social', 'care', 'people', 'press', 'executives'];

export const Surveys = {
  props: ['query'],
  setup(p) {
    const { asked, held } = usePeriod(() => p.query), waiting = load(signal => api.get('/surveys/waiting', { signal }), { keep: true }), users = load(signal => api.get('/users', { signal, quiet: true }));
    reloadOn(waiting, 'social');
    const name = id => { const found = (users.data?.users ?? []).find(one => one.id === id); return found ? found.display || found.name : id; };
    // Asked a second time, with the very words and where they will stand.
    const send = one => askForm({
      title: t('clock.asked', { name: one.author }), submitLabel: t('clock.senddo'), values: { how: one.ways[0] },
      fields: [{ name: 'how', label: t('clock.way'), type: 'choice', required: true, options: one.ways.map(value => ({ value, label: t('clock.by' + value) })), hint: `“${one.text}” ${one.direct ? t('clock.private') : t('clock.public')}` }],
      submit: async values => {
        const sent = await api.post(`/surveys/${one.survey.id}/send`, { how: values.how });
        if (sent.state === 'sent') toast(t('clock.sentdone')); else toast(sent.state === 'unknown' ? t('clock.unknown') : t('clock.notsent', { why: sent.detail }), { kind: 'bad' });
        waiting.reload({ quiet: true }); held.reload({ quiet: true });
      },
    });
    const skip = action(async one => { await api.post(`/surveys/${one.survey.id}/skip`); waiting.reload({ quiet: true }); }, { failed: toast.error });
    const line = one => html`<li key=${one.survey.id} class="clock-survey"><div class="grow"><a href=${'/inbox?c=' + one.survey.conversation}>${one.author}</a> <span class="mut sm">${t('social.' + one.survey.team)} · <${Ago} at=${one.survey.created_at} /></span><p class="mut sm cut">${one.text}</p></div>
      ${one.ways.length ? html`<button type="button" class="btn sm" @click=${() => send(one)}>${t('clock.send')}</button>` : html`<span class="mut sm">${t('clock.noway')}</span>`}<button type="button" class="btn ghost sm" disabled=${skip.busy} @click=${() => skip.run(one)}>${t('clock.skip')}</button></li>`;
    const queue = data => data.surveys.length ? html`<ul class="clock-surveys">${data.surveys.map(line)}</ul>` : html`<p class="mut clock-note">${t('clock.nosend')}</p>`;
    const who = one => one.agent ? name(one.agent) : one.team ? t('social.' + one.team) : t('clock.everybody');
    const rows = list => html`<div class="clock-scroll"><table class="table small"><thead><tr><th scope="col"></th><th scope="col" class="r">${t('clock.sent')}</th><th scope="col" class="r">${t('clock.answered')}</th><th scope="col" class="r">${t('clock.rate')}</th><th scope="col" class="r">${t('clock.satisfied')}</th>${SCORES.map(n => html`<th scope="col" class="r" key=${n}>${t('clock.score', { n })}</th>`)}</tr></thead>
      <tbody>${list.map(one => html`<tr key=${one.team + one.agent}><th scope="row" class="clock-who">${who(one)}</th><td class="r num">${num(one.sent)}</td><td class="r num">${num(one.answered)}</td><td class="r num">${percent(one.rate, 0)}</td><td class="r num"><b>${one.satisfied === null ? '–' : percent(one.satisfied, 0)}</b></td>${SCORES.map(n => html`<td class="r num" key=${n}>${num(one.scores[n - 1])}</td>`)}</tr>`)}</tbody></table></div>`;
    const told = data => html`<ul class="clock-surveys">${data.comments.map((one, i) => html`<li key=${i} class="clock-survey"><${Badge} kind=${one.score >= 4 ? 'ok' : one.score <= 2 ? 'bad' : ''} text=${`${one.score}/5`} /><div class="grow"><p>${one.comment}</p><span class="mut sm">${t('social.' + one.team)}${one.agent && html` · ${name(one.agent)}`} · <${Ago} at=${one.answered_at} /></span></div><a class="btn ghost sm" href=${'/inbox?c=' + one.conversation}>${t('clock.look')}</a></li>`)}</ul>`;
    const show = data => {
      const all = data.satisfaction[0];
      return all ? html`<div class="stats"><${Stat} label=${t('clock.satisfied')} value=${all.satisfied === null ? '–' : percent(all.satisfied, 0)} note=${`${t('clock.answered')} ${num(all.answered)}`} /><${Stat} label=${t('clock.rate')} value=${percent(all.rate, 0)} note=${`${t('clock.sent')} ${num(all.sent)}`} /></div>
        <${Panel} title=${t('clock.scores')} flush=${true}>${rows(data.satisfaction)}<//><${Panel} title=${t('clock.comments')} flush=${true}>${data.comments.length ? told(data) : html`<p class="mut clock-note">${t('clock.nocomments')}</p>`}<//>` : html`<${Empty} icon="smile" title=${t('clock.noscores')} />`;
    };
    return () => html`<div class="clock-page stack"><${Panel} title=${t('clock.tosend')} note=${t('clock.tosendnote')} flush=${true}><${Loaded} of=${waiting} show=${queue} /><//>
      <${Period} asked=${asked()} teams=${TEAMS} /><${Loaded} of=${held} show=${show} skeleton="table" /></div>`;
  },
};
