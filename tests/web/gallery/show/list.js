import { html, ref, load, api, Table, money, num, useTop, go, toast, Spark, Badge, duration } from '../web/kit.js';
const columns = [{ key: 'name', title: '이름' }, { key: 'stage', title: '상태', render: r => html`<${Badge} kind=${r.days > 30 ? 'bad' : r.days > 20 ? 'warn' : 'ok'} text=${r.days > 30 ? '위험' : r.days > 20 ? '늦음' : '정상'} />`, sort: r => r.days },
  { key: 'amount', title: '금액', num: true, render: r => money(r.amount) }, { key: 'days', title: '머문 날', num: true }, { key: 'trend', title: '추이', sort: false, render: r => html`<${Spark} values=${[1, 2, 3, 4, 5].map(i => (r.id * i * 7) % 13)} />` }];
export default { props: ['params', 'query'], setup(p) {
  const deals = load(s => api.get('/deals', { signal: s })), picked = ref(new Set()), opened = ref('');
  useTop({ title: () => html`딜 <span class="mut sm num">${deals.data?.length}</span>` });
  return () => html`<div class="view fill"><p class="sr" id="opened">${opened.value}</p><${Table} label="딜" columns=${columns} rows=${deals.data} loading=${deals.loading} error=${deals.error} retry=${deals.reload} sort=${{ key: 'amount', dir: 'desc' }}
    selection=${picked.value} onSelect=${s => { picked.value = s; }} bulk=${keys => html`<button class="btn sm" @click=${() => toast(keys.join())}>보내기</button>`} open=${r => { opened.value = r.name; }} /></div>`;
} };
