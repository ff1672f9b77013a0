// What is talked about this week against the last, and the spikes of a month.
import { Ago, api, Badge, duration, html, icon, inLang, load, Loaded, num, percent, reloadOn, setQuery, signed, t } from '../web/kit.js';

export const Overview = {
  props: ['vocabulary', 'topic'],
  setup(p) {
    const topics = load(signal => api.get('/mentions/topics', { signal, query: { days: 7 } })), spikes = load(signal => api.get('/spikes', { signal }));
    reloadOn(topics, 'social'); reloadOn(spikes, 'social');
    const title = name => inLang(p.vocabulary?.topics?.[name] ?? {}) || name;
    const change = row => row.before ? row.mentions / row.before - 1 : null;
    const usual = spike => spike.expected < 1 ? t('social.fewer') : t('social.about', { n: num(spike.expected, 0) });

    const table = data => html`<table class="table small social-topics"><thead><tr><th scope="col">${t('social.topic')}</th><th scope="col" class="r">${t('social.mentions')}</th><th scope="col" class="r">${t('social.change')}</th>
      <th scope="col" class="r">${t('social.negative')}</th><th scope="col" class="r">${t('social.waiting')}</th></tr></thead><tbody>${data.topics.map(row => html`<tr key=${row.topic} class=${p.topic === row.topic ? 'on' : ''}>
      <th scope="row"><button type="button" class="social-pick" aria-pressed=${String(p.topic === row.topic)} @click=${() => setQuery({ topic: p.topic === row.topic ? null : row.topic })}>${title(row.topic)}</button></th>
      <td class="r num">${num(row.mentions)}</td><td class="r num mut">${change(row) === null ? '–' : signed(Math.round(change(row) * 100)) + '%'}</td>
      <td class="r num mut">${row.mentions ? percent(row.negative / row.mentions, 0) : '–'}</td><td class="r num mut">${num(row.new)}</td></tr>`)}</tbody></table>`;
    const list = data => html`<ul class="social-spikes">${data.spikes.map(spike => html`<li key=${spike.id}><button type="button" class="social-spike" @click=${() => setQuery({ topic: spike.topic })}>
      <span class="row"><b class="cut">${inLang(spike.topic_title)}</b><span class="grow"></span>${spike.state === 'on' ? html`<${Badge} kind="bad" icon="bolt" text=${t('social.on')} />` : html`<${Badge} kind="ok" text=${t('social.over')} />`}</span>
      <span class="row sm mut"><span class="num">${t('social.seen', { n: spike.seen, usual: usual(spike) })}</span>${spike.ended_at && html`<span class="num">${t('social.peak', { n: spike.peak })}</span>`}<span class="grow"></span>
        ${spike.ended_at ? duration((Date.parse(spike.ended_at) - Date.parse(spike.started_at)) / 1000) : html`<${Ago} at=${spike.started_at} />`}</span>
      ${spike.examples.slice(0, 3).map((one, i) => html`<span class="social-quote cut" key=${i}>“${one.text}”</span>`)}</button></li>`)}</ul>`;

    return () => html`<div class="social-side stack"><section><header class="row"><h3>${t('social.spikes')}</h3></header>
        <${Loaded} of=${spikes} n=${2} show=${data => data.spikes.length ? list(data) : html`<p class="mut sm row">${icon('check', 14)}${t('social.nospikes')}</p>`} /></section>
      <section><header class="row"><h3>${t('social.topics')}</h3><span class="mut sm cut">${t('social.last7')}</span></header><${Loaded} of=${topics} show=${table} /></section></div>`;
  },
};
