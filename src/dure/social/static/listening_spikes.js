// Spikes and why: which words stand out, who says them, and how often chance may be taken for a spike.
import { action, Ago, api, askForm, Badge, dateTime, duration, go, html, icon, inLang, load, Loaded, num, Panel, percent, setQuery, short, t, toast } from '../web/kit.js';

const ONE = 0.5;   // as the server's: from this share on a single source is named

export const Spikes = {
  props: ['saved', 'spikes'],
  setup(p) {
    const setting = load(signal => api.get('/social-effect/setting', { signal })), topics = load(signal => api.get('/mentions/vocabulary', { signal })), rates = load(signal => api.get('/listening/rates', { signal }), { watch: () => JSON.stringify(p.saved.data?.queries.map(one => [one.id, one.version])) });
    const change = action(async () => {
      const done = await askForm({ title: t('hear.setting'), values: setting.data, submitLabel: t('hear.save'), fields: [
        { name: 'allowed', label: t('hear.topicallowed'), type: 'number', min: 0.01, max: 10, step: 0.01, hint: t('hear.allowedhint') },
        { name: 'cooldown', label: t('hear.cooldown'), type: 'number', min: 0, max: 168, unit: t('hear.hours') },
        { name: 'minutes', label: t('hear.minutes'), type: 'number', min: 0, max: 240, step: 0.5, unit: t('hear.minutesunit') },
      ], submit: values => api.put('/social-effect/setting', { allowed: Number(values.allowed), cooldown: Number(values.cooldown), minutes: Number(values.minutes) }) });
      if (done) { setting.set(done); toast(t('hear.saved')); }
    }, { failed: toast.error });
    const rate = () => {
      if (!setting.data || !topics.data) return '';
      const watched = (p.saved.data?.queries ?? []).filter(one => one.watch), n = setting.data.allowed;
      return t('hear.ratenote', { n: num(n, 2), m: watched.length, all: num(n * 2 * Object.keys(topics.data.topics).length + 2 * watched.reduce((sum, one) => sum + one.allowed, 0), 2) });
    };
    const usual = spike => spike.expected < 1 ? t('hear.fewer') : t('hear.about', { n: num(spike.expected, 0) });
    const source = why => [['voice', 'hear.onevoice'], ['text', 'hear.onetext'], ['site', 'hear.onesite']].filter(([name]) => why[name]?.share >= ONE).map(([name, word]) => t(word, { n: percent(why[name].share, 0), name: why[name].name || '–' }));
    const card = spike => html`<article key=${spike.id} class="hear-spike" data-row tabindex="0"><header class="row"><b class="cut">${inLang(spike.topic_title)}</b>${spike.state === 'on' ? html`<${Badge} kind="bad" icon="bolt" text=${t('hear.on')} />` : html`<${Badge} kind="ok" text=${t('hear.over')} />`}<span class="num sm">${t('hear.seen', { n: spike.seen, usual: usual(spike) })}</span>${spike.ended_at && html`<span class="mut sm num">${t('hear.peak', { n: spike.peak })}</span>`}<span class="grow"></span>
        <span class="mut sm nowrap" title=${dateTime(spike.started_at)}>${spike.ended_at ? duration((Date.parse(spike.ended_at) - Date.parse(spike.started_at)) / 1000) + ' · ' : ''}<${Ago} at=${spike.started_at} /></span>
        <button type="button" class="btn sm ghost" @click=${() => spike.query ? setQuery({ query: spike.query, tab: null }) : go('/social?topic=' + spike.topic)}>${t('hear.open')}</button></header>
      ${spike.why?.terms && html`<div class="hear-why">${spike.why.terms.length > 0 && html`<div class="row wrap"><span class="mut sm">${t('hear.why')}</span>${spike.why.terms.map(one => html`<span key=${one.term} class="hear-term" title=${one.times ? t('hear.times', { n: num(one.times, 1) }) : t('hear.fresh')}>${one.term}<span class="mut sm num">${num(one.seen)}</span></span>`)}</div>`}
        <div class="row wrap sm">${icon('people', 13)}<span>${t('hear.new_voices', { n: spike.why.people, m: spike.why.new })}</span>${source(spike.why).map(text => html`<${Badge} key=${text} kind="warn" text=${text} />`)}</div>
        ${spike.why.top.length > 0 && html`<div class="row wrap sm"><span class="mut">${t('hear.top')}</span>${spike.why.top.map(one => html`<a key=${one.mention} href=${'/social?mention=' + one.mention}>${one.author} <span class="mut num">${short(one.reach)}</span></a>`)}</div>`}</div>`}
      ${spike.examples.map((one, i) => html`<a key=${i} class="hear-quote cut" href=${'/social?mention=' + one.mention}>“${one.text}”</a>`)}</article>`;
    return () => html`<div class="hear-page"><${Panel} title=${t('hear.rate')} note=${rate()} tools=${html`<button type="button" class="btn sm" disabled=${!setting.data || change.busy} @click=${change.run}>${icon('cog', 14)}${t('hear.setting')}</button>`}>${rates.data?.rates.length > 0 && html`<div class="row wrap sm">${rates.data.rates.map(one => html`<span key=${one.id} class="hear-rate"><b>${one.name}</b> <span class="num">${t('hear.allowedshort', { n: num(one.allowed, 2) })}</span><span class="mut num">${t('hear.replayed', { weeks: one.weeks, n: one.told })}</span></span>`)}</div>`}<//>
      <${Loaded} of=${p.spikes} empty=${data => !data.spikes.length && { icon: 'check', title: t('hear.nospikes') }} show=${data => html`<div class="hear-spikes">${data.spikes.map(card)}</div>`} /></div>`;
  },
};
