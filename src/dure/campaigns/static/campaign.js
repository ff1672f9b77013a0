// One campaign: its flow in words, how both halves did, its message, the dry run, what became of each person.
import { action, Ago, api, ask, Badge, Bars, computed, go, html, icon, inLang, load, Loaded, num, Panel, percent, reloadOn, setQuery, Stat, t, Table, Tabs, toast, useTop } from '../web/kit.js';
import { Dry } from './dry.js';
import { Halves } from './halves.js';
import { Message } from './message.js';
import { KIND } from './words.js';

export default {
  props: ['params', 'query'],
  setup(props) {
    const path = () => '/campaigns/' + props.params.id, topic = () => 'campaign:' + props.params.id, tab = computed(() => props.query.tab ?? 'result');
    const campaign = load(signal => api.get(path(), { signal }), { watch: () => props.params.id });
    const result = load(signal => api.get(path() + '/result', { signal }), { watch: () => props.params.id });
    const messages = load(signal => api.get(path() + '/messages', { signal, query: { state: props.query.state, limit: 500 } }), { watch: () => [props.params.id, props.query.state], keep: true });
    for (const each of [campaign, result, messages]) reloadOn(each, topic);
    const launch = action(async () => {
      if (!await ask({ title: t('camp.launch'), body: t('camp.launchask'), action: t('camp.launch') })) return;
      campaign.set(await api.post(path() + '/launch')); toast(t('camp.launched'));
    }, { failed: toast.error });
    const stop = action(async () => { campaign.set(await api.post(path() + '/stop')); toast(t('camp.stopnow')); }, { failed: toast.error });
    useTop({
      title: () => html`<h1 class="row"><span class="cut">${campaign.data ? inLang(campaign.data.design.name) : ''}</span>${campaign.data && html`<${Badge} kind=${KIND[campaign.data.status]} text=${t('camp.' + campaign.data.status)} />`}</h1>`,
      tools: () => campaign.data && (campaign.data.status === 'live'
        ? html`<button class="btn sm danger" disabled=${stop.busy} @click=${() => stop.run()}>${icon('pause', 14)} ${t('camp.stop')}</button>`
        : html`<button class="btn sm pri" disabled=${launch.busy} @click=${() => launch.run()}>${icon('play', 14)} ${t('camp.launch')}</button>`),
    });
    const flow = c => {
      const d = c.short, where = (d.trigger.where ?? []).map(f => `${f.prop} ${f.op} ${f.value ?? ''}`).join(', ');
      const steps = [t('camp.f1', { event: d.trigger.event, where: where && `(${where})` }), t('camp.f2', { goal: d.goal, wait: d.wait }), ...(c.audience_words ? [t('camp.f3', { rule: inLang(c.audience_words) })] : []),
        t('camp.f4', { n: c.cap_hours }), t('camp.f5', { p: percent(d.holdout, 0) }), t('camp.f6', { goal: d.goal, window: d.window })];
      return html`<ol class="camp-flow">${steps.map((step, i) => html`<li key=${i}>${step}</li>`)}</ol>`;
    };
    const state = (c, ...names) => names.reduce((sum, name) => sum + (c.counts.states[name] ?? 0), 0);
    const over = c => html`<div class="page"><div class="stats w"><${Stat} label=${t('camp.entered')} value=${num(c.counts.entered)} /><${Stat} label=${t('camp.sent')} value=${num(state(c, 'sent'))} />
        <${Stat} label=${t('camp.held')} value=${num(state(c, 'held'))} /><${Stat} label=${t('camp.s.skipped')} value=${num(state(c, 'skipped'))} /><${Stat} label=${t('camp.failed')} value=${num(state(c, 'failed', 'unknown'))} /></div>
      <${Loaded} of=${result} skeleton="chart" show=${data => html`<${Halves} of=${data} />`} />
      <${Panel} title=${t('camp.flow')}>${flow(c)}<//>
      <${Panel} title=${t('camp.whynot')}>${Object.keys(c.counts.reasons).length ? html`<${Bars} label=${t('camp.whynot')} rows=${Object.entries(c.counts.reasons).map(([name, value]) => ({ name: t('camp.r.' + name), value }))} format=${v => num(v)} />` : html`<p class="mut">${t('camp.whynone')}</p>`}<//></div>`;
    const columns = () => [
      { key: 'name', title: t('camp.who'), value: m => m.name || m.address || m.person },
      { key: 'state', title: t('camp.status'), value: m => m.state, render: m => html`<${Badge} kind=${KIND[m.state]} text=${t('camp.s.' + m.state)} />` },
      { key: 'reason', title: t('camp.reason'), cls: 'mut', value: m => m.reason ? t('camp.r.' + m.reason) : '', render: m => html`<span title=${m.detail}>${m.reason ? t('camp.r.' + m.reason) : ''}</span>` },
      { key: 'subject', title: t('camp.subject'), value: m => m.subject, render: m => html`<span class="cut">${m.subject || '–'}</span>` },
      { key: 'entered_at', title: t('camp.at'), value: m => m.entered_at, render: m => html`<${Ago} at=${m.entered_at} />` },
    ];
    const people = c => html`<div class="camp-people"><div class="seg">${['', ...Object.keys(c.counts.states)].map(name => html`<button type="button" key=${name} class=${(props.query.state ?? '') === name ? 'on' : ''} aria-pressed=${String((props.query.state ?? '') === name)} @click=${() => setQuery({ state: name || null })}>${name ? `${t('camp.s.' + name)} ${num(c.counts.states[name])}` : t('camp.all')}</button>`)}</div>
      <${Table} label=${t('camp.people')} columns=${columns()} rows=${messages.data?.messages} loading=${messages.loading} error=${messages.error} retry=${messages.reload} open=${m => go('/people/' + m.person)} empty=${{ icon: 'people', title: t('camp.nobody') }} /></div>`;
    const views = { result: over, message: c => html`<${Message} key=${c.id} campaign=${c} saved=${campaign.set} />`, dry: c => html`<${Dry} key=${c.id} campaign=${c} />`, people };
    return () => html`<div class="view"><${Tabs} label=${t('camp.name')} value=${tab.value} change=${value => setQuery({ tab: value === 'result' ? null : value, state: null })}
        items=${[['result', 'over'], ['message', 'message'], ['dry', 'dry'], ['people', 'people']].map(([value, word]) => ({ value, label: t('camp.' + word) }))} />
      <${Loaded} of=${campaign} skeleton="cards" n=${4} show=${c => (views[tab.value] ?? over)(c)} /></div>`;
  },
};
