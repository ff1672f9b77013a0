// Recommendations: how fresh they are, how each kind did, the catalogue, one person's, and which events they go by.
import { action, Ago, api, ask, computed, dateTime, Form, html, icon, load, Loaded, num, onUnmounted, Panel, percent, Progress, reloadOn, setQuery, Stat, t, Table, Tabs, toast, useTop } from '../web/kit.js';
import { Catalogue } from './recommend_items.js';
import { Person } from './recommend_person.js';
import { span } from './recommend_words.js';

// A share with its interval: the line is from 0 to the largest upper end of all that stand beside it.
const Share = {
  props: ['rate', 'interval', 'top'],
  setup: p => () => p.rate == null ? html`<span class="mut">–</span>` : html`<span class="reco-share" title=${t('reco.interval', { low: percent(p.interval.low), high: percent(p.interval.high) })}>
    <svg class="reco-line" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect x=${p.interval.low / p.top * 100} width=${Math.max(1, (p.interval.high - p.interval.low) / p.top * 100)} y="3" height="4" rx="1" fill="var(--c1)" fill-opacity=".35" /><rect x=${Math.max(0, p.rate / p.top * 100 - 1)} width="2" y="0" height="10" fill="var(--c1)" /></svg>
    <b class="num">${percent(p.rate)}</b><span class="mut sm num">${percent(p.interval.low)}–${percent(p.interval.high)}</span></span>`,
};

const Kinds = {
  props: ['of'],
  setup: p => () => {
    const rows = p.of.measured, some = rows.some(r => r.shown);
    const top = Math.max(0.01, ...rows.flatMap(r => [r.click_interval?.high ?? 0, r.consume_interval?.high ?? 0]));
    const columns = [
      { key: 'kind', title: t('reco.kind'), value: r => t('reco.k.' + r.kind), render: r => html`<span class="reco-kind"><b>${t('reco.k.' + r.kind)}</b><span class="mut sm">${t('reco.a.' + r.kind)}</span></span>` },
      { key: 'shown', title: t('reco.shown'), num: true, value: r => r.shown, render: r => num(r.shown) },
      { key: 'clicked', title: t('reco.clicked'), value: r => r.click_rate ?? -1, render: r => html`<${Share} rate=${r.click_rate} interval=${r.click_interval} top=${top} />` },
      { key: 'consumed', title: t('reco.consumed', { window: span(p.of.selectors.window) }), value: r => r.consume_rate ?? -1, render: r => html`<${Share} rate=${r.consume_rate} interval=${r.consume_interval} top=${top} />` },
      { key: 'chance', title: t('reco.chance'), num: true, value: r => r.chance, render: r => html`<span title=${t('reco.chanceabout')}>${percent(r.chance, 0)}</span>` },
    ];
    return html`<${Panel} title=${t('reco.kinds')} wide=${true} flush=${true} note=${p.of.measured_at ? t('reco.measured', { at: dateTime(p.of.measured_at), window: span(p.of.selectors.window) }) : ''}>
      ${!some && html`<p class="notice">${t('reco.nothing')}. ${t('reco.nothingbody')}</p>`}
      <${Table} label=${t('reco.kinds')} rowKey="kind" columns=${columns} rows=${rows} rowClass=${() => 'reco-row'} /><//>`;
  },
};

const SetUp = {
  props: ['of', 'saved'],
  setup(props) {
    const s = props.of.selectors, list = text => (text ?? '').split(',').map(one => one.trim()).filter(Boolean);
    const fields = () => [
      { name: 'event', label: t('reco.event'), hint: t('reco.eventhint'), required: true }, { name: 'item', label: t('reco.item'), hint: t('reco.itemhint'), required: true },
      { name: 'creator', label: t('reco.creatorat'), optional: true }, { name: 'genre', label: t('reco.genreat'), optional: true },
      { name: 'follow', label: t('reco.following'), optional: true }, { name: 'unfollow', label: t('reco.unfollowing'), optional: true }, { name: 'begins', label: t('reco.begins'), optional: true }, { name: 'ends', label: t('reco.ends'), optional: true },
      { name: 'days', label: t('reco.days'), type: 'number', min: 7, max: 730, required: true }, { name: 'window', label: t('reco.window'), required: true },
    ];
    const values = { ...s, item: s.item.join(', '), creator: s.creator.join(', ') };
    const submit = async v => {
      if (!await ask({ title: t('reco.save'), body: t('reco.saveask'), action: t('reco.save') })) return;
      props.saved(await api.put('/recommendations/selectors', { ...s, ...v, item: list(v.item), creator: list(v.creator), genre: v.genre ?? '', follow: v.follow ?? '', unfollow: v.unfollow ?? '', begins: v.begins ?? '', ends: v.ends ?? '' }));
      toast(t('reco.saved'));
    };
    return () => html`<${Panel} title=${t('reco.setup')}><${Form} fields=${fields()} values=${values} submit=${submit} submitLabel=${t('reco.save')} /><//>`;
  },
};

export default {
  props: ['params', 'query'],
  setup(props) {
    const tab = computed(() => props.query.tab ?? 'kinds');
    const stands = load(signal => api.get('/recommendations', { signal }), { keep: true });
    reloadOn(stands, 'campaigns');
    // While a model is made nothing happens on the feed, so it is asked for.
    const timer = setInterval(() => { if (stands.data?.stage || stands.data?.wanted) stands.reload({ quiet: true }); }, 1500);
    onUnmounted(() => clearInterval(timer));
    const learn = action(async () => { stands.set(await api.post('/recommendations/model')); toast(t('reco.wanted')); }, { failed: toast.error });
    const stop = action(async () => { stands.set(await api.del('/recommendations/model')); toast(t('reco.stopped')); }, { failed: toast.error });
    useTop({ tools: () => html`<button class="btn sm" disabled=${learn.busy || !stands.data || !!stands.data.stage || stands.data.wanted} @click=${() => learn.run()}>${icon('refresh', 14)} ${t('reco.learn')}</button>` });
    const tabs = () => ['kinds', 'catalogue', 'try', 'setup'].map(value => ({ value, label: t('reco.' + value) }));
    const fresh = s => html`<div class="stats w">
        <${Stat} label=${t('reco.fresh')} value=${s.read_to ? html`<${Ago} at=${s.read_to} />` : t('reco.never')} about=${t('reco.freshabout')} /><${Stat} label=${t('reco.listens')} value=${num(s.listens)} />
        <${Stat} label=${t('reco.model')} value=${s.fitted_at ? html`<${Ago} at=${s.fitted_at} />` : t('reco.never')} about=${t('reco.modelabout')} /><${Stat} label=${t('reco.people')} value=${num(s.people)} /><${Stat} label=${t('reco.tokens')} value=${num(s.tokens)} /></div>
      ${s.stage && html`<section class="panel w"><${Progress} done=${s.done} total=${s.total} label=${t('reco.stage.' + s.stage)} cancel=${() => stop.run()} /></section>`}
      ${s.error && s.error !== 'stopped' && html`<p class="notice warn w" role="alert">${t('reco.error', { text: s.error })}</p>`}`;
    const body = s => ({
      kinds: () => html`<div class="page">${fresh(s)}<${Kinds} of=${s} /></div>`, catalogue: () => html`<${Catalogue} query=${props.query} blocked=${s.blocked_creators} changed=${() => stands.reload({ quiet: true })} />`,
      try: () => html`<${Person} kinds=${s.kinds} />`, setup: () => html`<div class="page"><${SetUp} key=${JSON.stringify(s.selectors)} of=${s} saved=${stands.set} /></div>`,
    })[tab.value]?.();
    return () => html`<div class="view"><${Tabs} label=${t('reco.kinds')} items=${tabs()} value=${tab.value} change=${value => setQuery({ tab: value === 'kinds' ? undefined : value })} /><${Loaded} of=${stands} skeleton="cards" show=${body} /></div>`;
  },
};
