// What became of each person: their messages, or where they stand on their way.
import { Ago, api, Badge, go, html, icon, load, num, reloadOn, setQuery, t, Table, words } from '../web/kit.js';
import { toDoc } from './canvas/journey.js';
import { stepName } from './canvas/said.js';
import { channelName, code, KIND, reason } from './words.js';

words({
  ko: { 'camp.pe.messages': '메시지', 'camp.pe.ways': '지나온 길', 'camp.pe.node': '단계', 'camp.pe.arm': '쪽', 'camp.pe.state': '상태', 'camp.pe.due': '다음 때', 'camp.pe.entered': '들어온 때', 'camp.w.s.moving': '가는 중', 'camp.w.s.waiting': '기다리는 중', 'camp.w.s.done': '끝까지 감', 'camp.w.s.left': '나감', 'camp.arm.treated': '받는 쪽', 'camp.arm.control': '대조군', 'camp.arm.': '–', 'camp.pe.clear': '단계로 거르지 않기', 'camp.pe.at': '단계 {node}' },
  en: { 'camp.pe.messages': 'Messages', 'camp.pe.ways': 'Ways', 'camp.pe.node': 'Step', 'camp.pe.arm': 'Half', 'camp.pe.state': 'State', 'camp.pe.due': 'Next', 'camp.pe.entered': 'Came in', 'camp.w.s.moving': 'On the way', 'camp.w.s.waiting': 'Waiting', 'camp.w.s.done': 'To the end', 'camp.w.s.left': 'Left', 'camp.arm.treated': 'Gets it', 'camp.arm.control': 'Control', 'camp.arm.': '–', 'camp.pe.clear': 'Do not filter by step', 'camp.pe.at': 'Step {node}' },
});
const STATES = ['sent', 'held', 'skipped', 'failed', 'unknown', 'waiting', 'claimed'], WAYS = ['moving', 'waiting', 'done', 'left'];

export const People = {
  props: ['campaign', 'query'],
  setup(p) {
    const ways = () => p.query.list === 'ways' || ['waiting', 'passed', 'left', 'here'].includes(p.query.what), path = () => '/campaigns/' + p.campaign.id;
    const state = () => p.query.state ?? (ways() ? { left: 'left', here: 'waiting', waiting: 'waiting' }[p.query.what] : { here: undefined }[p.query.what] ?? (STATES.includes(p.query.what) ? p.query.what : undefined));
    const rows = load(async signal => ways() ? (await api.get(path() + '/ways', { signal, query: { node: p.query.at, state: state(), limit: 500 } })).ways : (await api.get(path() + '/messages', { signal, query: { node: p.query.at, state: state(), limit: 500 } })).messages, { watch: () => [p.query.list, p.query.state, p.query.at, p.query.what] });
    reloadOn(rows, () => 'campaign:' + p.campaign.id);
    const { nodes } = toDoc(p.campaign.design);
    const who = { key: 'name', title: t('camp.who'), value: m => m.name || m.address || m.distinct_id || m.person };
    const messages = () => [
      { ...who, title: t('camp.who') }, { key: 'node', title: t('camp.pe.node'), cls: 'nowrap', value: m => stepName(nodes, m.node) }, { key: 'channel', title: t('camp.channel'), value: m => channelName(m.channel ?? 'email') },
      { key: 'state', title: t('camp.pe.state'), value: m => m.state, render: m => html`<${Badge} kind=${KIND[m.state]} text=${code('s', m.state)} />` },
      { key: 'reason', title: t('camp.reason'), cls: 'mut', value: m => reason(m.reason), render: m => html`<span title=${m.detail}>${reason(m.reason)}</span>` },
      { key: 'subject', title: t('camp.subject'), value: m => m.subject, render: m => html`<span class="cut">${m.subject || '–'}</span>` }, { key: 'changed_at', title: t('camp.at'), value: m => m.changed_at, render: m => html`<${Ago} at=${m.changed_at} />` },
    ];
    const onWay = () => [
      { ...who, title: t('camp.who') }, { key: 'node', title: t('camp.pe.node'), cls: 'nowrap', value: w => stepName(nodes, w.node) }, { key: 'state', title: t('camp.pe.state'), value: w => w.state, render: w => html`<${Badge} kind=${{ moving: 'info', waiting: 'warn', done: 'ok' }[w.state] ?? ''} text=${t('camp.w.s.' + w.state)} />` },
      { key: 'reason', title: t('camp.reason'), cls: 'mut', value: w => reason(w.reason) }, { key: 'arm', title: t('camp.pe.arm'), value: w => t('camp.arm.' + w.arm) }, { key: 'due', title: t('camp.pe.due'), value: w => w.due ?? '', render: w => w.due ? html`<${Ago} at=${w.due} />` : '–' }, { key: 'entered_at', title: t('camp.pe.entered'), value: w => w.entered_at, render: w => html`<${Ago} at=${w.entered_at} />` },
    ];
    const choice = name => ways() ? t('camp.w.s.' + name) : code('s', name);
    return () => { const states = p.campaign.counts.states ?? {}; return html`<div class="camp-bar row wrap"><div class="seg">${['messages', 'ways'].map(list => html`<button type="button" key=${list} aria-pressed=${String((list === 'ways') === ways())} @click=${() => setQuery({ list: list === 'ways' ? 'ways' : null, state: null, what: null })}>${t('camp.pe.' + list)}</button>`)}</div>
        <div class="seg">${['', ...(ways() ? WAYS : STATES.filter(name => states[name]))].map(name => html`<button type="button" key=${name} aria-pressed=${String((state() ?? '') === name)} @click=${() => setQuery({ state: name || null, what: null, ...(ways() && { list: 'ways' }) })}>${name ? html`${choice(name)}${!ways() && html` <span class="num">${num(states[name])}</span>`}` : t('camp.all')}</button>`)}</div>
        ${p.query.at && html`<button type="button" class="btn sm on" title=${t('camp.pe.clear')} @click=${() => setQuery({ at: null })}>${t('camp.pe.at', { node: stepName(nodes, p.query.at) })}${icon('x', 12)}</button>`}</div>
      <${Table} label=${t('camp.people')} columns=${ways() ? onWay() : messages()} rows=${rows.data} loading=${rows.loading} error=${rows.error} retry=${rows.reload} open=${m => go('/people/' + m.person)} empty=${{ icon: 'people', title: t('camp.nobody') }} />`; };
  },
};
