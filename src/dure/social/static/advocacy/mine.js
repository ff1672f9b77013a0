// The employee's own shares: what came by each link, and what they say of its reach.
import { Ago, api, askForm, html, icon, load, num, reloadOn, setQuery, t, Table, toast } from '../../web/kit.js';
import { Mark, nameOf } from './names.js';

// A reach with who says so.
export const ReachOf = { props: ['share'], setup: p => () => p.share.reach_by ? html`<span class="nowrap"><b class="num">${num(p.share.reach)}</b> <span class="mut sm">${t('adv.' + p.share.reach_by)}</span></span>` : html`<span class="mut sm">${t('adv.unknown')}</span>` };

export const Mine = {
  props: ['query', 'feed'],
  setup(p) {
    const mine = load(signal => api.get('/advocacy/mine', { signal }), { keep: true });
    reloadOn(mine, 'social');
    const rows = () => mine.data?.shares.filter(one => one.shared_at);
    const network = name => { const found = p.feed.data?.networks.find(one => one.name === name); return found ? nameOf(found) : name; };
    const reach = async one => {
      const kept = await askForm({ title: t('adv.setreach'), fields: [{ name: 'reach', label: t('adv.reach'), type: 'number', required: true, min: 0, hint: t('adv.reachhint') }], values: { reach: one.reach ?? '' }, submit: values => api.put('/advocacy/shares/' + one.id + '/reach', { reach: values.reach }), submitLabel: t('adv.save') });
      if (kept) { toast(t('adv.saved')); mine.reload({ quiet: true }); }
    };
    const columns = () => [
      { key: 'title', title: t('adv.story'), render: one => html`<b class="cut">${one.title}</b>` }, { key: 'network', title: t('adv.network'), width: 130, render: one => network(one.network) },
      { key: 'state', title: t('adv.state'), width: 120, render: one => html`<${Mark} state=${one.state} />` }, { key: 'shared_at', title: t('adv.when'), width: 100, render: one => html`<${Ago} at=${one.shared_at} />` },
      { key: 'clicks', title: t('adv.clicks'), num: true, width: 80 }, { key: 'visitors', title: t('adv.visitors'), num: true, width: 90 }, { key: 'came', title: t('adv.came'), num: true, width: 80 }, { key: 'signed', title: t('adv.signed'), num: true, width: 90 },
      { key: 'reach', title: t('adv.reach'), width: 240, value: one => one.reach ?? -1, render: one => html`<span class="row"><${ReachOf} share=${one} /><span class="grow"></span>${one.reach_by !== 'measured' && html`<button type="button" class="btn ghost ico sm" aria-label=${t('adv.setreach')} title=${t('adv.setreach')} @click=${e => { e.stopPropagation(); reach(one); }}>${icon('edit', 13)}</button>`}</span>` },
    ];
    const empty = () => ({ icon: 'reply', title: t('adv.mynone'), body: t('adv.mynonebody'), action: { label: t('adv.gofeed'), run: () => setQuery({ tab: null }) } });
    return () => html`<div class="view fill"><${Table} label=${t('adv.mine')} columns=${columns()} rows=${rows()} loading=${mine.loading} error=${mine.error} retry=${mine.reload} empty=${empty()} /></div>`;
  },
};
