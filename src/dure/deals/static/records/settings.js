// How a workspace sells: pipelines with their stages, the fields a stage asks for, fields of one's own.
import { html, api, askForm, icon, num, inLang, load, Loaded, Menu, Panel, reloadOn, t, Badge, toast, useTop, words } from '../../web/kit.js';
import { labelled, useSales } from '../data.js';
import { Ways } from '../ways.js';
import '../words.js';
import '../forecast/words.js';

words({
  ko: {
    'st.title': '파이프라인 설정', 'st.newpipeline': '새 파이프라인', 'st.key': '키', 'st.keyhint': '바꿀 수 없습니다. 연결된 시스템은 이 이름으로 부릅니다.', 'st.ko': '한국어 이름', 'st.en': '영어 이름', 'st.stage': '단계', 'st.probability': '확률', 'st.forecast': '예측 구분', 'st.required': '필요한 항목', 'st.open': '열린 거래', 'st.addstage': '단계 추가', 'st.editstage': '단계 바꾸기', 'st.up': '앞으로', 'st.down': '뒤로', 'st.retire': '그만 쓰기', 'st.use': '다시 쓰기', 'st.retired': '쓰지 않음', 'st.saved': '저장했습니다', 'st.rename': '이름 바꾸기', 'st.description': '설명', 'st.actions': '{name} 단계 바꾸기', 'st.outcome': '끝', 'st.fields': '거래의 항목', 'st.addfield': '항목 추가', 'st.type': '종류', 'st.name': '이름', 'st.namehint': '영문과 숫자, 끝에 __c', 'st.options': '고를 값', 'st.must': '꼭 필요', 'st.own': '직접 만든 항목', 'st.nofields': '직접 만든 항목이 없습니다', 'st.first': '{n}번째 파이프라인',
    'st.f.Omitted': '제외', 'st.f.Pipeline': '파이프라인', 'st.f.BestCase': '최선', 'st.f.MostLikely': '유력', 'st.f.Forecast': '확정 예상', 'st.f.Closed': '수주', 'st.t.text': '글', 'st.t.long_text': '긴 글', 'st.t.number': '숫자', 'st.t.money': '금액', 'st.t.percent': '퍼센트', 'st.t.date': '날짜', 'st.t.boolean': '예/아니요', 'st.t.picklist': '고르기', 'st.t.multi_picklist': '여럿 고르기', 'st.t.url': '주소', 'st.t.email': '이메일', 'st.t.phone': '전화',
  },
  en: {
    'st.title': 'Pipeline settings', 'st.newpipeline': 'New pipeline', 'st.key': 'Key', 'st.keyhint': 'It stays: connected systems know the stage by it.', 'st.ko': 'Name in Korean', 'st.en': 'Name in English', 'st.stage': 'Stage', 'st.probability': 'Probability', 'st.forecast': 'Forecast category', 'st.required': 'Required fields', 'st.open': 'Open deals', 'st.addstage': 'Add a stage', 'st.editstage': 'Change the stage', 'st.up': 'Earlier', 'st.down': 'Later', 'st.retire': 'Retire', 'st.use': 'Use again', 'st.retired': 'Retired', 'st.saved': 'Saved', 'st.rename': 'Rename', 'st.description': 'Description', 'st.actions': 'Change {name}', 'st.outcome': 'End', 'st.fields': 'Fields of a deal', 'st.addfield': 'Add a field', 'st.type': 'Type', 'st.name': 'Name', 'st.namehint': 'Latin letters and digits, ending with __c', 'st.options': 'Options', 'st.must': 'Required', 'st.own': 'Fields of your own', 'st.nofields': 'No fields of your own', 'st.first': 'Pipeline {n}',
    'st.f.Omitted': 'Omitted', 'st.f.Pipeline': 'Pipeline', 'st.f.BestCase': 'Best case', 'st.f.MostLikely': 'Most likely', 'st.f.Forecast': 'Commit', 'st.f.Closed': 'Closed', 'st.t.text': 'Text', 'st.t.long_text': 'Long text', 'st.t.number': 'Number', 'st.t.money': 'Money', 'st.t.percent': 'Percent', 'st.t.date': 'Date', 'st.t.boolean': 'Yes or no', 'st.t.picklist': 'One of a list', 'st.t.multi_picklist': 'Several of a list', 'st.t.url': 'Address', 'st.t.email': 'E-mail', 'st.t.phone': 'Phone',
  },
});

const FORECASTS = ['Omitted', 'Pipeline', 'BestCase', 'MostLikely', 'Forecast', 'Closed'], TYPES = ['text', 'long_text', 'number', 'money', 'percent', 'date', 'boolean', 'picklist', 'multi_picklist', 'url', 'email', 'phone'];

export default {
  props: ['params', 'query'],
  setup() {
    const sales = useSales(), { lines, shape } = sales, board = load(signal => api.get('/deals', { signal, quiet: true }));
    reloadOn(lines, 'deals');
    const again = () => { lines.reload({ quiet: true }); shape.reload({ quiet: true }); toast(t('st.saved')); };
    const quietly = promise => promise.then(again, toast.error);
    const standing = key => board.data ? num(board.data.lanes.find(l => l.key === key)?.count ?? 0) : '…';
    const requirable = () => [...sales.fields.value.values()].filter(f => f.writable && !['name', 'stage', 'currency', 'owner', 'close_date', 'channel'].includes(f.name));
    const stageFields = fresh => [
      ...(fresh ? [{ name: 'key', label: t('st.key'), hint: t('st.keyhint'), required: true, autofocus: true }] : []),
      { name: 'name_ko', label: t('st.ko'), required: true }, { name: 'name_en', label: t('st.en'), required: true }, { name: 'probability', label: t('st.probability'), type: 'number', required: true, min: 0, max: 100, unit: '%' },
      { name: 'forecast', label: t('st.forecast'), type: 'select', required: true, options: FORECASTS.map(f => ({ value: f, label: t('st.f.' + f) })), initial: 'Pipeline' },
      ...requirable().map(f => ({ name: 'r:' + f.name, label: `${t('st.required')}: ${labelled(f)}`, type: 'switch' })), { name: 'description', label: t('st.description'), type: 'textarea', optional: true },
    ];
    const stageBody = v => ({ ...Object.fromEntries(Object.entries(v).filter(([n]) => !n.startsWith('r:'))), description: v.description ?? '', required: requirable().map(f => f.name).filter(n => v['r:' + n]) });
    const edit = s => askForm({ title: t('st.editstage'), wide: true, values: { name_ko: s.name.ko, name_en: s.name.en, probability: s.probability, forecast: s.forecast, description: s.description, ...Object.fromEntries(s.required.map(n => ['r:' + n, true])) }, fields: stageFields(false), submit: v => api.patch('/deals/stages/' + encodeURIComponent(s.key), stageBody(v)) }).then(done => done && again());
    const add = p => askForm({ title: t('st.addstage'), wide: true, submitLabel: t('st.addstage'), fields: stageFields(true), submit: v => api.post(`/pipelines/${encodeURIComponent(p.key)}/stages`, stageBody(v)) }).then(done => done && again());
    const place = (s, by) => quietly(api.patch('/deals/stages/' + encodeURIComponent(s.key), { position: s.position + by }));
    const use = (s, active) => quietly(api.patch('/deals/stages/' + encodeURIComponent(s.key), { active }));
    const rename = p => askForm({ title: t('st.rename'), values: { name_ko: p.name.ko, name_en: p.name.en }, fields: [{ name: 'name_ko', label: t('st.ko'), required: true, autofocus: true }, { name: 'name_en', label: t('st.en'), required: true }], submit: v => api.patch('/pipelines/' + encodeURIComponent(p.key), v) }).then(done => done && again());
    // A new pipeline begins with a copy of the first one's stages, under keys of its own.
    const create = () => askForm({ title: t('st.newpipeline'), submitLabel: t('st.newpipeline'), fields: [{ name: 'key', label: t('st.key'), required: true, autofocus: true }, { name: 'name_ko', label: t('st.ko'), required: true }, { name: 'name_en', label: t('st.en'), required: true }],
      submit: v => api.post('/pipelines', { ...v, stages: lines.data.pipelines[0].stages.filter(s => s.active).map(s => ({ key: `${v.key} ${s.key}`, name_ko: s.name.ko, name_en: s.name.en, probability: s.probability, outcome: s.outcome, forecast: s.forecast })) }) }).then(done => done && again());
    const addField = () => askForm({ title: t('st.addfield'), submitLabel: t('st.addfield'), fields: [{ name: 'name', label: t('st.name'), hint: t('st.namehint'), required: true, autofocus: true, placeholder: 'Budget__c' }, { name: 'label_ko', label: t('st.ko'), required: true }, { name: 'label_en', label: t('st.en'), required: true }, { name: 'type', label: t('st.type'), type: 'select', required: true, initial: 'text', options: TYPES.map(k => ({ value: k, label: t('st.t.' + k) })) }, { name: 'options', label: t('st.options'), type: 'tokens', when: v => ['picklist', 'multi_picklist'].includes(v.type) }, { name: 'required', label: t('st.must'), type: 'switch' }],
      submit: v => api.post('/record-fields/deal', { ...v, options: v.options ?? [], required: !!v.required }) }).then(done => done && again());
    useTop({ title: () => t('st.title'), tools: () => html`<${Ways} at="settings" /><button type="button" class="btn pri sm" @click=${create}>${icon('plus', 14)}${t('st.newpipeline')}</button>` });

    const row = (s, p) => html`<tr key=${s.key} class=${s.active ? '' : 'st-retired'}><th scope="row"><button type="button" class="link" @click=${() => edit(s)}>${inLang(s.name)}</button><span class="mut sm mono"> ${s.key}</span></th><td class="r num">${s.probability}%</td><td>${t('st.f.' + s.forecast)}</td>
      <td class="st-required">${s.required.map(n => html`<span class="tag" key=${n}>${sales.fields.value.has(n) ? labelled(sales.fields.value.get(n)) : n}</span>`)}</td><td>${s.outcome ? html`<${Badge} kind=${s.outcome === 'won' ? 'ok' : 'bad'} icon=${s.outcome === 'won' ? 'check' : 'x'} text=${t('fc.k.' + s.outcome)} />` : !s.active && html`<${Badge} text=${t('st.retired')} icon="pause" />`}</td><td class="r num">${s.outcome ? '–' : standing(s.key)}</td>
      <td class="r"><${Menu} label=${t('st.actions', { name: inLang(s.name) })} icon="more" cls="btn ghost ico sm" items=${[{ label: t('st.editstage'), icon: 'edit', run: () => edit(s) }, { label: t('st.up'), icon: 'up', disabled: s.position <= 1, run: () => place(s, -1) }, { label: t('st.down'), icon: 'down', disabled: s.position >= p.stages.length, run: () => place(s, 1) }, null, s.active ? { label: t('st.retire'), icon: 'pause', danger: true, run: () => use(s, false) } : { label: t('st.use'), icon: 'play', run: () => use(s, true) }]} /></td></tr>`;
    const show = data => html`<div class="page st-page" data-scroll>${data.pipelines.map(p => html`<${Panel} key=${p.key} title=${inLang(p.name)} note=${p.active ? p.key : `${p.key} · ${t('st.retired')}`} wide=${true} tools=${html`<button type="button" class="btn ghost sm" @click=${() => rename(p)}>${icon('edit', 14)}${t('st.rename')}</button><button type="button" class="btn sm" @click=${() => add(p)}>${icon('plus', 14)}${t('st.addstage')}</button>`}>
        <div class="fc-scroll"><table class="table small st-stages"><thead><tr><th scope="col">${t('st.stage')}</th><th scope="col" class="r">${t('st.probability')}</th><th scope="col">${t('st.forecast')}</th><th scope="col">${t('st.required')}</th><th scope="col">${t('st.outcome')}</th><th scope="col" class="r">${t('st.open')}</th><th scope="col"><span class="sr">${t('st.editstage')}</span></th></tr></thead><tbody>${p.stages.map(s => row(s, p))}</tbody></table></div><//>`)}
      <${Panel} title=${t('st.own')} wide=${true} tools=${html`<button type="button" class="btn sm" @click=${addField}>${icon('plus', 14)}${t('st.addfield')}</button>`}>${(() => { const own = [...sales.fields.value.values()].filter(f => f.custom); return own.length ? html`<ul class="st-fields">${own.map(f => html`<li key=${f.name}><b>${labelled(f)}</b><span class="mono mut sm">${f.name}</span><span class="tag">${t('st.t.' + f.type)}</span>${f.options.length > 0 && html`<span class="mut sm">${f.options.join(', ')}</span>`}${f.required && html`<${Badge} kind="warn" icon="info" text=${t('st.must')} />`}</li>`)}</ul>` : html`<p class="mut sm">${t('st.nofields')}</p>`; })()}<//></div>`;
    return () => html`<div class="view fill"><${Loaded} of=${lines} show=${show} skeleton="rows" n=${8} /></div>`;
  },
};
