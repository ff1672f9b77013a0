// What a deal is about: its products with their prices, and how its booked line items deliver.
import { html, api, askForm, exact, icon, load, money, num, percent, reloadOn, shortDate, t, toast, words, Badge } from '../../web/kit.js';
import { toMinor } from '../create.js';

words({
  ko: { 'dg.products': '상품', 'dg.add': '상품 추가', 'dg.product': '상품', 'dg.newproduct': '새 상품…', 'dg.productname': '상품 이름', 'dg.quantity': '수량', 'dg.price': '단가', 'dg.none': '상품이 없습니다', 'dg.sum': '합계', 'dg.drop': '{name} 빼기', 'dg.each': '{n} × {price}', 'dg.from': '시작', 'dg.to': '끝', 'dg.lines': '집행', 'dg.nolines': '예약된 라인아이템이 없습니다', 'dg.of': '목표의 {p}', 'dg.expect': '예상 {p}',
    'dg.s.at_risk': '미달 위험', 'dg.s.not_launched': '시작 안 함', 'dg.s.over': '초과', 'dg.s.waiting': '데이터 대기', 'dg.s.healthy': '정상', 'dg.s.delivered': '달성', 'dg.s.missed': '미달', 'dg.s.upcoming': '예정', 'dg.s.paused': '멈춤', 'dg.s.cancelled': '취소' },
  en: { 'dg.products': 'Products', 'dg.add': 'Add a product', 'dg.product': 'Product', 'dg.newproduct': 'New product…', 'dg.productname': 'Name of the product', 'dg.quantity': 'Quantity', 'dg.price': 'Unit price', 'dg.none': 'No products', 'dg.sum': 'Total', 'dg.drop': 'Remove {name}', 'dg.each': '{n} × {price}', 'dg.from': 'Starts', 'dg.to': 'Ends', 'dg.lines': 'Delivery', 'dg.nolines': 'No line items are booked', 'dg.of': '{p} of the goal', 'dg.expect': 'forecast {p}',
    'dg.s.at_risk': 'At risk', 'dg.s.not_launched': 'Not launched', 'dg.s.over': 'Over', 'dg.s.waiting': 'Waiting for data', 'dg.s.healthy': 'Healthy', 'dg.s.delivered': 'Delivered', 'dg.s.missed': 'Missed', 'dg.s.upcoming': 'Upcoming', 'dg.s.paused': 'Paused', 'dg.s.cancelled': 'Cancelled' },
});

const NEW = '(new)';

export const Products = {
  props: ['deal', 'lines', 'changed'],
  setup(p) {
    const plain = () => p.lines.map(l => ({ id: l.id, product: l.product, quantity: l.quantity, unit_price: l.unit_price, description: l.description, starts_on: l.starts_on, ends_on: l.ends_on }));
    const put = lines => api.put(`/deals/${p.deal.id}/lines`, { lines, version: p.deal.version });
    async function add() {
      const { products } = await api.get('/products', { query: { limit: 500, filters: JSON.stringify([{ prop: 'active', op: '=', value: true }]) } }), currency = p.deal.currency;
      const done = await askForm({
        title: t('dg.add'), submitLabel: t('dg.add'),
        fields: [{ name: 'product', label: t('dg.product'), type: 'select', required: true, options: [...products.map(one => ({ value: one.id, label: one.name })), { value: NEW, label: t('dg.newproduct') }], initial: products[0]?.id ?? NEW }, { name: 'name', label: t('dg.productname'), required: true, when: v => v.product === NEW },
          { name: 'quantity', label: t('dg.quantity'), type: 'number', required: true, initial: 1, min: 0 }, { name: 'price', label: t('dg.price'), type: 'number', optional: true, min: 0, unit: currency }, { name: 'starts_on', label: t('dg.from'), type: 'date', optional: true }, { name: 'ends_on', label: t('dg.to'), type: 'date', optional: true }],
        submit: async v => {
          const product = v.product === NEW ? (await api.post('/products', { name: v.name, ...(v.price == null ? {} : { prices: { [currency]: toMinor(v.price, currency) } }) })).id : v.product;
          return put([...plain(), { product, quantity: v.quantity, unit_price: v.price == null ? null : toMinor(v.price, currency), starts_on: v.starts_on || null, ends_on: v.ends_on || null }]);
        },
      });
      if (done) p.changed();
    }
    const drop = async line => { const before = plain(); try { await put(before.filter(l => l.id !== line.id)); p.changed(); } catch (error) { toast.error(error); } };
    return () => html`<section class="deals-block"><header><h3>${t('dg.products')}</h3><span class="grow"></span><button type="button" class="btn ghost ico sm" aria-label=${t('dg.add')} title=${t('dg.add')} @click=${() => add().catch(toast.error)}>${icon('plus', 14)}</button></header>
      ${p.lines.length ? html`<ul class="deals-lines">${p.lines.map(l => html`<li key=${l.id}><span class="grow"><b>${l.product_name}</b><span class="mut sm num"> ${t('dg.each', { n: num(l.quantity, 2), price: money(l.unit_price, l.currency) })}${l.starts_on && ` · ${shortDate(l.starts_on)}–${shortDate(l.ends_on)}`}</span></span><span class="num">${money(l.amount, l.currency)}</span><button type="button" class="btn ghost ico sm" aria-label=${t('dg.drop', { name: l.product_name })} @click=${() => drop(l)}>${icon('x', 12)}</button></li>`)}
        <li class="deals-sum"><span class="grow mut">${t('dg.sum')}</span><b class="num" title=${exact(p.deal.amount, p.deal.currency)}>${money(p.deal.amount, p.deal.currency)}</b></li></ul>` : html`<p class="mut sm">${t('dg.none')}</p>`}</section>`;
  },
};

const LOOK = { at_risk: ['bad', 'warn'], not_launched: ['bad', 'pause'], over: ['info', 'up'], waiting: ['', 'clock'], healthy: ['ok', 'check'], delivered: ['ok', 'flag'], missed: ['warn', 'x'], upcoming: ['', 'calendar'], paused: ['', 'pause'], cancelled: ['', 'x'] };

export const Delivery = {
  props: ['deal'],
  setup(p) {
    const items = load(signal => api.get('/line-items', { signal, quiet: true }));
    reloadOn(items, 'pacing');
    return () => {
      const mine = (items.data?.line_items ?? []).filter(i => i.deal === p.deal.id);
      if (!mine.length) return null;
      return html`<section class="deals-block"><header><h3>${t('dg.lines')}</h3></header><ul class="deals-delivery">${mine.map(i => { const got = i.goal ? i.delivered / i.goal : 0;
    return html`<li key=${i.id}><span class="row"><a class="grow cut" href=${'/pacing/' + i.id} title=${i.name}>${i.name}</a><${Badge} kind=${LOOK[i.status]?.[0]} icon=${LOOK[i.status]?.[1] ?? 'info'} text=${LOOK[i.status] ? t('dg.s.' + i.status) : i.status} /></span>
          <span class="dg-bar" role="img" aria-label=${t('dg.of', { p: percent(got, 0) })}><i style=${`width:${Math.min(100, got * 100)}%`}></i></span><span class="mut sm num">${t('dg.of', { p: percent(got, 0) })}${i.middle != null && i.goal ? ` · ${t('dg.expect', { p: percent(i.middle / i.goal, 0) })}` : ''}</span></li>`; })}</ul></section>`;
    };
  },
};

