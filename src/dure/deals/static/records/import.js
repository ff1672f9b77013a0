// Bringing deals in from another system: files are looked at first, what is wrong with them is said and mended, then they run.
import { html, action, api, Ago, askForm, boot, icon, inLang, load, Loaded, money, num, onUnmounted, Panel, Progress, reactive, ref, t, Table, toast, useTop, setQuery, Badge, computed, words } from '../../web/kit.js';
import { useSales } from '../data.js';
import { Ways } from '../ways.js';
import { nameOfUser } from '../create.js';
import '../words.js';

words({
  ko: {
    'im.title': '거래 가져오기', 'im.drop': 'CSV 파일을 여기에 놓거나 고르세요', 'im.dropbody': '거래, 고객사, 상품, 담당자 파일을 한 번에 여러 개 넣을 수 있습니다. 먼저 살펴보기만 하고, 시작하기 전에는 아무것도 바뀌지 않습니다.', 'im.choose': '파일 고르기', 'im.looking': '살펴보는 중', 'im.jobs': '지난 가져오기', 'im.none': '가져온 적이 없습니다',
    'im.state.mapping': '살펴봄', 'im.state.waiting': '기다림', 'im.state.running': '가져오는 중', 'im.state.finished': '끝남', 'im.state.cancelled': '멈춤', 'im.state.failed': '실패',
    'im.files': '파일', 'im.rows': '{n}행', 'im.kind.deal': '거래', 'im.kind.account': '고객사', 'im.kind.product': '상품', 'im.kind.team': '팀', 'im.kind.contact': '담당자', 'im.kind.lead': '리드', 'im.kind.': '쓰지 않음', 'im.edit': '열 맞추기', 'im.columns': '{name}의 열', 'im.what': '무엇인가요', 'im.skip': '(쓰지 않음)',
    'im.become': '무엇이 되나', 'im.thing': '종류', 'im.added': '새로', 'im.known': '이미 있음', 'im.left_out': '빠짐', 'im.stages': '단계', 'im.value': '파일의 값', 'im.stage': '여기의 단계', 'im.count': '건수', 'im.amount': '금액',
    'im.findings': '찾은 것', 'im.w.error': '빠지는 행', 'im.w.warning': '살펴볼 것', 'im.w.info': '알려 둘 것', 'im.where': '{file} · {field}', 'im.lines': '{rows}행', 'im.and': '{rows}행 등', 'im.suggest': '‘{to}’일까요?', 'im.take': '고치기', 'im.fixed': '‘{to}’(으로/로) 고침', 'im.undo': '되돌리기', 'im.takeall': '제안을 모두 받아들이기', 'im.clean': '문제가 없습니다', 'im.start': '가져오기 시작', 'im.goon': '이어서 가져오기', 'im.stop': '멈추기', 'im.again': '다른 파일', 'im.done': '다 가져왔습니다', 'im.toboard': '보드로', 'im.started': '시작했습니다', 'im.times': '{n}번',
  },
  en: {
    'im.title': 'Import deals', 'im.drop': 'Drop CSV files here, or choose them', 'im.dropbody': 'Deals, accounts, products and teams may come together. They are only looked at first: nothing changes before you start.', 'im.choose': 'Choose files', 'im.looking': 'Looking at them', 'im.jobs': 'Imports so far', 'im.none': 'Nothing was imported yet',
    'im.state.mapping': 'Looked at', 'im.state.waiting': 'Waiting', 'im.state.running': 'Running', 'im.state.finished': 'Finished', 'im.state.cancelled': 'Stopped', 'im.state.failed': 'Failed',
    'im.files': 'Files', 'im.rows': '{n} {n|row|rows}', 'im.kind.deal': 'Deals', 'im.kind.account': 'Accounts', 'im.kind.product': 'Products', 'im.kind.team': 'Team', 'im.kind.contact': 'Contacts', 'im.kind.lead': 'Leads', 'im.kind.': 'Not used', 'im.edit': 'Match columns', 'im.columns': 'Columns of {name}', 'im.what': 'What it holds', 'im.skip': '(not used)',
    'im.become': 'What will come of it', 'im.thing': 'Kind', 'im.added': 'New', 'im.known': 'There already', 'im.left_out': 'Left out', 'im.stages': 'Stages', 'im.value': 'In the file', 'im.stage': 'Stage here', 'im.count': 'Deals', 'im.amount': 'Amount',
    'im.findings': 'Findings', 'im.w.error': 'Rows left out', 'im.w.warning': 'Worth a look', 'im.w.info': 'Good to know', 'im.where': '{file} · {field}', 'im.lines': 'line {rows}', 'im.and': 'lines {rows} and more', 'im.suggest': 'Is it “{to}”?', 'im.take': 'Mend it', 'im.fixed': 'Taken for “{to}”', 'im.undo': 'Take back', 'im.takeall': 'Accept every suggestion', 'im.clean': 'Nothing is wrong', 'im.start': 'Start the import', 'im.goon': 'Go on', 'im.stop': 'Stop', 'im.again': 'Other files', 'im.done': 'Everything is in', 'im.toboard': 'To the board', 'im.started': 'Started', 'im.times': '{n}×',
  },
});

const RUNS = new Set(['waiting', 'running']), LOOK = { finished: 'ok', failed: 'bad', cancelled: 'warn', running: 'info', waiting: 'info' };
const KINDS = ['deal', 'account', 'product', 'contact', 'lead', 'team', ''];

export default {
  props: ['params', 'query'],
  setup(props) {
    const sales = useSales(), job = ref(null), over = ref(false), error = ref(null), current = computed(() => props.query.job ?? '');
    const jobs = load(signal => api.get('/deal-imports', { signal }));
    let timer = 0;
    async function look(id) { try { job.value = await api.get('/deal-imports/' + id, { quiet: true }); error.value = null; } catch (problem) { error.value = problem; } next(); }
    const next = () => { clearTimeout(timer); if (job.value && RUNS.has(job.value.state)) timer = setTimeout(() => look(job.value.id), 700); else if (job.value) jobs.reload({ quiet: true }); };
    const put = now => { job.value = now; next(); };
    onUnmounted(() => clearTimeout(timer));
    if (current.value) look(current.value);
    const open = id => { setQuery({ job: id }); job.value = null; look(id); }, close = () => { clearTimeout(timer); job.value = null; error.value = null; setQuery({ job: null }); jobs.reload({ quiet: true }); };

    const read = file => new Promise((done, fail) => { const reader = new FileReader(); reader.onload = () => done({ name: file.name, body: reader.result.slice(reader.result.indexOf(',') + 1) }); reader.onerror = () => fail(reader.error); reader.readAsDataURL(file); });
    const begin = action(async list => { if (!list.length) return; const made = await api.post('/deal-imports', { files: await Promise.all([...list].map(read)) }, { seconds: 120 }); setQuery({ job: made.id }); put(made); }, { failed: toast.error });
    const act = action(async (name, said) => { put(await api.post(`/deal-imports/${job.value.id}/${name}`, {}, { seconds: 120 })); if (said) toast(said); }, { failed: toast.error });
    const replan = action(async change => put(await api.put(`/deal-imports/${job.value.id}/plan`, change({ ...job.value.plan }), { seconds: 120 })), { failed: toast.error });
    const fix = (f, to) => replan.run(plan => { const fixes = { ...plan.fixes }; if (to === null) delete fixes[f.fix]; else fixes[f.fix] = to; return { ...plan, fixes }; });
    const mapped = async (name, file) => {
      const columns = Object.keys(file.columns), shape = file.kind && file.kind !== 'team' ? (await api.get('/record-fields/' + file.kind)).fields.filter(x => x.writable || x.name === 'account_name') : [];
      const found = await askForm({ title: t('im.columns', { name }), wide: true, values: { kind: file.kind, ...Object.fromEntries(columns.map((c, i) => ['c' + i, file.columns[c]])) }, fields: [{ name: 'kind', label: t('im.what'), type: 'select', required: true, options: KINDS.map(k => ({ value: k, label: t('im.kind.' + k) })) },
        ...columns.map((c, i) => ({ name: 'c' + i, label: c, type: 'select', optional: true, placeholder: t('im.skip'), options: [...new Set([file.columns[c], ...shape.map(x => x.name)].filter(Boolean))].map(n => ({ value: n, label: shape.find(x => x.name === n) ? inLang(shape.find(x => x.name === n).label) : n })) }))], submit: v => v });
      if (found) replan.run(plan => ({ ...plan, files: { ...plan.files, [name]: { kind: found.kind, columns: Object.fromEntries(columns.map((c, i) => [c, found['c' + i] ?? '']).filter(([, v]) => v)) } } }));
    };

    useTop({ title: () => t('im.title'), tools: () => html`<${Ways} at="import" />${job.value && html`<button type="button" class="btn sm" @click=${close}>${t('im.again')}</button>`}` });
    const state = j => html`<${Badge} kind=${LOOK[j.state] ?? ''} icon=${RUNS.has(j.state) ? 'play' : undefined} text=${t('im.state.' + j.state)} />`;
    const dropzone = () => html`<label class=${'im-drop' + (over.value ? ' over' : '')} @dragover=${e => { e.preventDefault(); over.value = true; }} @dragleave=${() => { over.value = false; }} @drop=${e => { e.preventDefault(); over.value = false; begin.run(e.dataTransfer.files); }}>
      ${icon('download', 24)}<b>${t(begin.busy ? 'im.looking' : 'im.drop')}</b><span class="mut">${t('im.dropbody')}</span><input type="file" class="sr" multiple=${true} accept=".csv,.tsv,.txt,.gz" disabled=${begin.busy} aria-label=${t('im.choose')} @change=${e => { begin.run(e.target.files); e.target.value = ''; }} /><span class="btn">${t('im.choose')}</span></label>`;
    const past = data => html`<${Table} label=${t('im.jobs')} rows=${data.imports} open=${j => open(j.id)} empty=${{ icon: 'download', title: t('im.none') }} columns=${[
      { key: 'created_at', title: t('im.title'), render: j => html`<${Ago} at=${j.created_at} />` }, { key: 'files', title: t('im.files'), sort: false, render: j => Object.keys(j.report.files ?? {}).join(', ') },
      { key: 'total', title: t('im.count'), num: true }, { key: 'actor', title: t('deals.owner'), render: j => nameOfUser(sales.people.value, j.actor) }, { key: 'state', title: t('deals.stage'), render: state }]} />`;
    const lines = f => f.rows.length ? t(f.count > f.rows.length || f.rows.length > 5 ? 'im.and' : 'im.lines', { rows: f.rows.slice(0, 5).map(n => num(n)).join(', ') }) : '';
    const finding = f => html`<li key=${f.kind + f.file + f.fix} class="im-finding"><span class=${'im-sign ' + f.weight}>${icon(f.fixed ? 'check' : { error: 'x', warning: 'warn', info: 'info' }[f.weight], 14)}</span>
      <div class="grow"><div><b>${inLang(f.title)}</b>${f.value && html` <code class="mono">${f.value}</code>`} <span class="num mut">${t('im.times', { n: f.count })}</span></div><div class="mut sm">${[f.field ? t('im.where', { file: f.file, field: f.field }) : f.file, lines(f)].filter(Boolean).join(' · ')}</div></div>
      ${f.fixed ? html`<span class="good sm">${t('im.fixed', { to: job.value.plan.fixes[f.fix] })}</span>${job.value.state === 'mapping' && html`<button type="button" class="btn ghost sm" disabled=${replan.busy} @click=${() => fix(f, null)}>${t('im.undo')}</button>`}`
    : f.suggestion && html`<span class="sm">${t('im.suggest', { to: f.suggestion })}</span>${job.value.state === 'mapping' && html`<button type="button" class="btn sm" disabled=${replan.busy} @click=${() => fix(f, f.suggestion)}>${t('im.take')}</button>`}`}</li>`;
    const whole = j => {
      const mapping = j.state === 'mapping', open = j.findings.some(f => f.suggestion && !f.fixed);
      return html`<div class="page im-page" data-scroll><section class="panel w im-head">${state(j)}<span class="grow">${RUNS.has(j.state) && html`<${Progress} done=${j.done} total=${j.total} label=${t('im.state.' + j.state)} />`}${j.state === 'finished' && html`<b>${t('im.done')}</b>`}${j.error && html`<span class="poor">${j.error}</span>`}</span>
          ${mapping && html`<button type="button" class="btn pri" disabled=${act.busy || !j.total} @click=${() => act.run('start', t('im.started'))}>${icon('play', 14)}${t('im.start')}</button>`}${RUNS.has(j.state) && html`<button type="button" class="btn" disabled=${act.busy} @click=${() => act.run('cancel')}>${icon('pause', 14)}${t('im.stop')}</button>`}
          ${['cancelled', 'failed'].includes(j.state) && html`<button type="button" class="btn pri" disabled=${act.busy} @click=${() => act.run('start', t('im.started'))}>${icon('play', 14)}${t('im.goon')}</button>`}${j.state === 'finished' && html`<a class="btn pri" href="/deals">${t('im.toboard')}</a>`}</section>
        <${Panel} title=${t('im.files')}><ul class="im-files">${Object.entries(j.report.files ?? {}).map(([name, file]) => html`<li key=${name}>${icon('file', 14)}<span class="grow cut">${name}</span><span class="mut sm num">${t('im.rows', { n: file.rows })}</span><span class="tag">${t('im.kind.' + file.kind)}</span>${mapping && j.plan.files[name] && html`<button type="button" class="btn ghost sm" @click=${() => mapped(name, j.plan.files[name]).catch(toast.error)}>${t('im.edit')}</button>`}</li>`)}</ul><//>
        <${Panel} title=${t('im.become')}><table class="table small"><thead><tr><th scope="col">${t('im.thing')}</th>${['added', 'known', 'left_out'].map(k => html`<th key=${k} scope="col" class="r">${t('im.' + k)}</th>`)}</tr></thead><tbody>${j.table.map(row => html`<tr key=${row.kind}><th scope="row">${t('im.kind.' + row.kind)}</th>${['added', 'known', 'left_out'].map(k => html`<td key=${k} class=${'r num' + (k === 'left_out' && row[k] ? ' poor' : '')}>${num(row[k] ?? 0)}</td>`)}</tr>`)}</tbody></table><//>
        ${j.stages.length > 0 && html`<${Panel} title=${t('im.stages')} wide=${true}><table class="table small"><thead><tr><th scope="col">${t('im.value')}</th><th scope="col">${t('im.stage')}</th><th scope="col" class="r">${t('im.count')}</th><th scope="col" class="r">${t('im.amount')}</th></tr></thead><tbody>${j.stages.map(s => html`<tr key=${s.value}><th scope="row">${s.value}</th><td>${mapping ? html`<select class="input sm" aria-label=${s.value} disabled=${replan.busy} @change=${e => replan.run(plan => ({ ...plan, stages: { ...plan.stages, [s.value]: e.target.value } }))}>${[...sales.stages.value.values()].map(x => html`<option key=${x.key} value=${x.key} selected=${x.key === s.stage}>${inLang(x.name)}</option>`)}</select>` : inLang(sales.stages.value.get(s.stage)?.name ?? s.stage)}</td><td class="r num">${num(s.count ?? s.deals)}</td><td class="r num">${money(s.amount, j.plan.currency || boot.workspace.currency)}</td></tr>`)}</tbody></table><//>`}
        <${Panel} title=${t('im.findings')} wide=${true} tools=${mapping && open && html`<button type="button" class="btn sm" disabled=${act.busy} @click=${() => act.run('suggestions')}>${t('im.takeall')}</button>`}>${j.findings.length ? ['error', 'warning', 'info'].filter(w => j.findings.some(f => f.weight === w)).map(w => html`<section key=${w}><h3 class="im-weight">${t('im.w.' + w)}</h3><ul class="im-findings">${j.findings.filter(f => f.weight === w).map(finding)}</ul></section>`) : html`<p class="mut">${t('im.clean')}</p>`}<//></div>`;
    };
    const held = reactive({ get data() { return job.value; }, get error() { return error.value; }, get loading() { return !job.value && !error.value; }, reload: () => look(current.value) });
    return () => html`<div class="view fill">${current.value ? html`<${Loaded} of=${held} show=${whole} skeleton="chart" n=${1} />` : html`<div class="page im-page" data-scroll><div class="w">${dropzone()}</div><${Panel} title=${t('im.jobs')} wide=${true} flush=${true}><${Loaded} of=${jobs} show=${past} skeleton="rows" n=${3} /><//></div>`}</div>`;
  },
};
