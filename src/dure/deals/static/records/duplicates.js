// Records that may be the same: pairs with their reasons, a choice for each field, and what was merged taken apart again.
import { html, action, api, Ago, Empty, icon, load, Loaded, Panel, percent, reactive, ref, ask, t, Tabs, toast, useTop, setQuery, watch, words } from '../../web/kit.js';
import { nameOfUser } from '../create.js';
import { accountOptions, labelled, useSales } from '../data.js';
import { shown } from '../deal/properties.js';
import { Ways } from '../ways.js';
import '../words.js';

words({
  ko: {
    'du.title': '중복 정리', 'du.account': '고객사', 'du.contact': '담당자', 'du.lead': '리드', 'du.deal': '거래', 'du.none': '같아 보이는 것이 없습니다', 'du.nonebody': '새로 들어온 것이 이미 있는 것과 비슷하면 여기에 보입니다.', 'du.pairs': '같아 보이는 것', 'du.merges': '합친 것', 'du.nomerges': '합친 것이 없습니다',
    'du.r.name': '이름이 같음', 'du.r.similar_name': '이름이 비슷함', 'du.r.domain': '도메인이 같음', 'du.r.email': '이메일이 같음', 'du.r.phone': '전화가 같음', 'du.r.same_account': '같은 고객사', 'du.r.same_amount': '금액이 같음', 'du.sure': '{p} 같음',
    'du.keep': '남길 쪽', 'du.field': '항목', 'du.differ': '다른 항목만', 'du.all': '모든 항목', 'du.merge': '합치기', 'du.not': '다른 것입니다', 'du.merged': '합쳤습니다. 딸린 것 {n}개를 옮겼습니다', 'du.dismissed': '다른 것으로 적어 두었습니다', 'du.undo': '도로 나누기', 'du.undone': '도로 나누었습니다', 'du.undoneat': '나눔', 'du.conflict': '그 뒤에 바뀐 항목이 있습니다', 'du.force': '그래도 나누기', 'du.winner': '이름과 연결은 이쪽을 남깁니다', 'du.pick': '왼쪽에서 한 쌍을 고르세요', 'du.by': '{name} 님이',
  },
  en: {
    'du.title': 'Duplicates', 'du.account': 'Accounts', 'du.contact': 'Contacts', 'du.lead': 'Leads', 'du.deal': 'Deals', 'du.none': 'Nothing looks the same', 'du.nonebody': 'When something new resembles what is there, the pair is shown here.', 'du.pairs': 'Look the same', 'du.merges': 'Merged', 'du.nomerges': 'Nothing was merged',
    'du.r.name': 'same name', 'du.r.similar_name': 'similar name', 'du.r.domain': 'same domain', 'du.r.email': 'same e-mail', 'du.r.phone': 'same phone', 'du.r.same_account': 'same account', 'du.r.same_amount': 'same amount', 'du.sure': '{p} alike',
    'du.keep': 'Keep', 'du.field': 'Field', 'du.differ': 'Only what differs', 'du.all': 'All fields', 'du.merge': 'Merge', 'du.not': 'Not the same', 'du.merged': 'Merged; {n} {n|record|records} moved along', 'du.dismissed': 'Noted as different', 'du.undo': 'Take apart', 'du.undone': 'Taken apart', 'du.undoneat': 'taken apart', 'du.conflict': 'Some fields changed since', 'du.force': 'Take apart all the same', 'du.winner': 'Its id and links stay', 'du.pick': 'Choose a pair on the left', 'du.by': 'by {name}',
  },
});

const OBJECTS = ['account', 'contact', 'lead', 'deal'], PLURAL = { account: 'accounts', contact: 'contacts', lead: 'leads', deal: 'deals' };
const HIDDEN = new Set(['created_at', 'changed_at', 'version', 'slug', 'entered_stage_at', 'closed_at', 'lines', 'team', 'account_name', 'entries', 'forecast', 'pipeline', 'probability']);

const Merging = {
  props: ['pair', 'sales', 'accounts', 'done'],
  setup(p) {
    const both = load(signal => Promise.all([p.pair.one, p.pair.other].map(id => api.get(`/${PLURAL[p.pair.object]}/${id}`, { signal })))), choice = reactive({ winner: '', fields: {} }), everything = ref(false);
    const value = (record, field) => { const v = field.custom ? record.custom?.[field.name] : field.name === 'account' ? (record.account_id ?? record.account) : record[field.name]; return Array.isArray(v) ? v.join() : typeof v === 'object' && v ? v.id ?? JSON.stringify(v) : v ?? ''; };
    const merge = action(async records => {
      const winner = choice.winner || records[0].id, loser = records.find(r => r.id !== winner).id;
      const made = await api.post('/merges', { object: p.pair.object, winner, losers: [loser], choices: { ...choice.fields } });
      toast.undo(t('du.merged', { n: made.moved }), async () => { await api.post(`/merges/${made.id}/undo`, {}); p.done(); });
      p.done();
    }, { failed: toast.error });
    const not = action(async () => { await api.post('/duplicates/dismiss', { one: p.pair.one, other: p.pair.other }); toast(t('du.dismissed')); p.done(); }, { failed: toast.error });
    const show = records => {
      const winner = choice.winner || records[0].id, fields = [...p.sales.fields.value.values()].filter(f => f.writable && !HIDDEN.has(f.name)), differ = fields.filter(f => String(value(records[0], f)) !== String(value(records[1], f)));
      const rows = everything.value ? fields : differ;
      // Without a choice the winner's value stays, or where that is empty the other's.
      const chosen = f => choice.fields[f.name] ?? (String(value(records.find(r => r.id === winner), f)) !== '' ? winner : records.find(r => r.id !== winner).id);
      return html`<div class="du-merge"><table class="table small du-table"><thead><tr><th scope="col">${t('du.keep')}</th>${records.map(r => html`<th key=${r.id} scope="col"><label class="row"><input type="radio" name="winner" checked=${winner === r.id} @change=${() => { choice.winner = r.id; choice.fields = {}; }} /><span><b>${r.name}</b><span class="mut sm du-when"> <${Ago} at=${r.created_at} /></span></span></label></th>`)}</tr></thead>
        <tbody>${rows.map(f => html`<tr key=${f.name}><th scope="row">${labelled(f)}</th>${records.map(r => { const on = chosen(f) === r.id, same = String(value(records[0], f)) === String(value(records[1], f));
    return html`<td key=${r.id} class=${on && !same ? 'du-on' : ''}><label class="row"><input type="radio" name=${'f-' + f.name} disabled=${same} checked=${on} @change=${() => { choice.fields = { ...choice.fields, [f.name]: r.id }; }} /><span class="du-value">${shown({ ...r, account: r.account_id ?? r.account }, f, { people: p.sales.people.value, stages: p.sales.stages.value, accounts: p.accounts }) ?? html`<span class="mut">–</span>`}</span></label></td>`; })}</tr>`)}</tbody></table>
        <div class="row"><label class="switch"><input type="checkbox" role="switch" checked=${everything.value} @change=${e => { everything.value = e.target.checked; }} /><span class="track"></span><span>${t('du.all')}</span></label><span class="grow"></span>
          <button type="button" class="btn" disabled=${not.busy} @click=${() => not.run()}>${t('du.not')}</button><button type="button" class="btn pri" disabled=${merge.busy} @click=${() => merge.run(records)}>${t('du.merge')}</button></div></div>`;
    };
    return () => html`<${Loaded} of=${both} show=${show} skeleton="text" n=${6} />`;
  },
};

export default {
  props: ['params', 'query'],
  setup(props) {
    const object = ref(OBJECTS.includes(props.query.of) ? props.query.of : 'account'), at = ref('');
    const kinds = Object.fromEntries(OBJECTS.map(o => [o, useSales(o)])), sales = () => kinds[object.value];
    const accounts = load(signal => accountOptions(signal));
    const found = load(signal => api.get('/duplicates/' + object.value, { signal }), { watch: () => object.value, keep: false });
    const merges = load(signal => api.get('/merges', { signal, query: { limit: 30 } }));
    const key = s => s.one + s.other, after = () => { at.value = ''; found.reload({ quiet: true }); merges.reload({ quiet: true }); };
    watch(() => found.data, data => { if (data && !data.suspects.some(s => key(s) === at.value)) at.value = data.suspects[0] ? key(data.suspects[0]) : ''; });
    async function undo(m) {
      try { await api.post(`/merges/${m.id}/undo`, {}); toast(t('du.undone')); after(); }
      catch (error) {
        if (error.status !== 409) { toast.error(error); return; }
        if (await ask({ title: t('du.conflict'), body: error.message, action: t('du.force'), danger: true })) try { await api.post(`/merges/${m.id}/undo`, { force: true }); toast(t('du.undone')); after(); } catch (again) { toast.error(again); }
      }
    }
    useTop({ title: () => t('du.title'), tools: () => html`<${Ways} at="duplicates" />` });
    const show = data => {
      const pair = data.suspects.find(s => key(s) === at.value);
      if (!data.suspects.length) return html`<${Empty} icon="check" title=${t('du.none')} body=${t('du.nonebody')} />`;
      return html`<div class="du-split"><ul class="du-list" aria-label=${t('du.pairs')}>${data.suspects.map(s => html`<li key=${key(s)}><button type="button" data-row class=${at.value === key(s) ? 'on' : ''} aria-current=${at.value === key(s) ? 'true' : null} @click=${() => { at.value = key(s); }}><span><b>${s.one_name}</b><br /><b>${s.other_name}</b></span><span class="mut sm">${t('du.sure', { p: percent(s.score, 0) })} · ${s.reasons.map(r => t('du.r.' + r)).join(', ')}</span></button></li>`)}</ul>
        ${pair && html`<${Merging} key=${key(pair)} pair=${pair} sales=${sales()} accounts=${new Map((accounts.data ?? []).map(a => [a.value, a.label]))} done=${after} />`}</div>`;
    };
    const past = data => data.merges.length ? html`<ul class="du-merges">${data.merges.map(m => html`<li key=${m.id}>${icon('copy', 14)}<span class="grow">${t('du.' + m.object)} <b>${m.winner_name ?? m.winner}</b> ← ${m.losers.length}<span class="mut sm"> ${t('du.by', { name: nameOfUser(sales().people.value, m.actor) })} · <${Ago} at=${m.at} /></span></span>${m.undone_at ? html`<span class="mut sm">${t('du.undoneat')} <${Ago} at=${m.undone_at} /></span>` : html`<button type="button" class="btn sm" @click=${() => undo(m)}>${icon('undo', 14)}${t('du.undo')}</button>`}</li>`)}</ul>` : html`<p class="mut sm">${t('du.nomerges')}</p>`;
    return () => html`<div class="view fill"><${Tabs} label=${t('du.title')} value=${object.value} change=${o => { object.value = o; setQuery({ of: o }); }} items=${OBJECTS.map(o => ({ value: o, label: t('du.' + o) }))} />
      <div class="du-page" data-scroll><${Loaded} of=${found} show=${show} skeleton="rows" n=${5} /><${Panel} title=${t('du.merges')}><${Loaded} of=${merges} show=${past} skeleton="rows" n=${2} /><//></div></div>`;
  },
};
