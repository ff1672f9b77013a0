// What came of a campaign: both halves, what each message led to, day by day, whom it did not reach and why.
import { api, Bars, Columns, Funnel, html, isoDay, load, Loaded, num, Panel, percent, reloadOn, shortDate, Stat, state, t, words } from '../../web/kit.js';
import { messages, toDoc } from '../canvas/journey.js';
import { stepName, summary } from '../canvas/said.js';
import { reason, total } from '../words.js';
import { Halves } from './halves.js';

words({
  ko: { 'camp.rs.funnel': '메시지마다: 보냄에서 목표까지', 'camp.rs.sent': '보냄', 'camp.rs.opened': '열어 봄', 'camp.rs.clicked': '누름', 'camp.rs.days': '날마다', 'camp.rs.reasons': '받지 못한 까닭', 'camp.rs.noreasons': '받지 못한 사람이 없습니다', 'camp.rs.reach': '닿은 비율', 'camp.rs.reachnote': '들어온 사람 가운데 하나라도 받은 사람', 'camp.rs.nothing': '아직 보낸 것이 없습니다', 'camp.rs.control': '대조군', 'camp.rs.got': '받은 사람', 'camp.rs.unsub': '수신거부' },
  en: { 'camp.rs.funnel': 'Each message, from sent to the goal', 'camp.rs.sent': 'Sent', 'camp.rs.opened': 'Opened', 'camp.rs.clicked': 'Clicked', 'camp.rs.days': 'Day by day', 'camp.rs.reasons': 'Why some got nothing', 'camp.rs.noreasons': 'Nobody was left out', 'camp.rs.reach': 'Reach', 'camp.rs.reachnote': 'of those who came in, who got anything', 'camp.rs.nothing': 'Nothing was sent yet', 'camp.rs.control': 'Control', 'camp.rs.got': 'Got it', 'camp.rs.unsub': 'Unsubscribed' },
});
const OPENS = new Set(['email', 'push', 'web_push', 'in_app']);

export const Results = {
  props: ['campaign', 'progress'],
  setup(p) {
    const path = '/campaigns/' + p.campaign.id, topic = 'campaign:' + p.campaign.id, of = [{ prop: 'campaign', op: '=', value: p.campaign.id }];
    const result = load(signal => api.get(path + '/result', { signal }));
    reloadOn(result, topic);
    const nodes = messages(toDoc(p.campaign.design)), since = p.campaign.launched_at ? isoDay(p.campaign.launched_at) : null, today = isoDay(Date.now());
    const funnel = load(async signal => since ? await Promise.all(nodes.map(async node => {
      const at = [...of, { prop: 'node', op: '=', value: node.id }], goal = p.campaign.design.goal;
      const steps = [{ event: 'Message Sent', where: at }, ...(OPENS.has(node.channel) ? [{ event: node.channel === 'in_app' ? 'Message Seen' : 'Message Opened', where: at, optional: true }] : []), { event: 'Message Clicked', where: at, optional: true }, ...(goal ? [{ event: goal.event, where: goal.where ?? [] }] : [])];
      const { steps: counted } = await api.post('/query', { kind: 'funnel', steps, window: '14d', from: since, to: today }, { signal });
      return { node, steps: counted.map((one, i) => ({ ...one, optional: steps[i].optional })) };
    })) : []);
    const days = load(async signal => since ? await api.post('/query', { kind: 'trend', interval: 'day', from: since, to: today, series: ['Message Sent', 'Message Opened', 'Message Clicked'].map(event => ({ event, where: of, math: 'people' })) }, { signal }) : null);
    const name = event => ({ 'Message Sent': t('camp.rs.sent'), 'Message Opened': t('camp.rs.opened'), 'Message Seen': t('camp.rs.opened'), 'Message Clicked': t('camp.rs.clicked') })[event] ?? event;
    const states = () => p.campaign.counts.states ?? {}, reasons = () => Object.entries(p.campaign.counts.reasons ?? {}).sort((a, b) => b[1] - a[1]);
    // Two messages of one channel are told apart by what they say, too.
    const said = node => nodes.some(one => one !== node && one.channel === node.channel) ? `${stepName(nodes, node.id)} · ${summary(node, state.lang)}` : stepName(nodes, node.id);
    const opened = counted => html`<div class="camp-funnels">${counted.map(({ node, steps }) => html`<section key=${node.id}><h3 class="sm mut">${said(node)}</h3>${steps[0].count ? html`<${Funnel} label=${said(node)} steps=${steps.map(one => ({ name: name(one.event), count: one.count, median_seconds: one.median_seconds, optional: one.optional }))} />` : html`<p class="mut">${t('camp.rs.nothing')}</p>`}</section>`)}</div>`;
    const daily = data => data ? html`<${Columns} label=${t('camp.rs.days')} height=${200} x=${data.intervals.map(at => shortDate(at))} parts=${data.series.map((one, i) => ({ name: [t('camp.rs.sent'), t('camp.rs.opened'), t('camp.rs.clicked')][i], values: one.values }))} format=${v => num(v)} />` : html`<p class="mut">${t('camp.rs.nothing')}</p>`;
    return () => { const { counts } = p.campaign, sent = total(states(), 'sent');
      return html`<div class="page"><div class="stats w"><${Stat} label=${t('camp.entered')} value=${num(counts.entered)} /><${Stat} label=${t('camp.sent')} value=${num(sent)} /><${Stat} label=${t('camp.held')} value=${num(total(states(), 'held'))} /><${Stat} label=${t('camp.rs.reach')} value=${counts.entered ? percent(Math.min(1, sent / counts.entered)) : '–'} note=${t('camp.rs.reachnote')} /><${Stat} label=${t('camp.failed')} value=${num(total(states(), 'failed', 'unknown'))} /></div>
        <${Loaded} of=${result} skeleton="chart" show=${data => html`<${Halves} of=${data} />`} />
        <${Panel} title=${t('camp.rs.funnel')} wide=${true}><${Loaded} of=${funnel} skeleton="chart" show=${opened} empty=${data => !data.length && { title: t('camp.rs.nothing') }} /><//>
        <${Panel} title=${t('camp.rs.days')}><${Loaded} of=${days} skeleton="chart" show=${daily} /><//>
        <${Panel} title=${t('camp.rs.reasons')}>${reasons().length ? html`<${Bars} label=${t('camp.rs.reasons')} rows=${reasons().map(([code, value]) => ({ name: reason(code), value }))} format=${v => num(v)} />` : html`<p class="mut">${t('camp.rs.noreasons')}</p>`}<//></div>`; };
  },
};
