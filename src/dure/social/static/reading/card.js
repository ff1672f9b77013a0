// The model card: the reader as it came, what a sample picked by chance says of it here, and each lesson's effect.
import { action, Ago, api, Badge, dateTime, Empty, html, inLang, load, Loaded, num, Panel, percent, Progress, ref, reloadOn, t, toast, watch } from '../../web/kit.js';

const HEADS = ['sentiment', 'intent', 'topic', 'spam'];

export const Card = {
  setup() {
    const card = load(signal => api.get('/reader', { signal }), { keep: true });
    const corrections = load(signal => api.get('/reader/corrections', { signal, query: { limit: 60 } }));
    const vocabulary = load(signal => api.get('/mentions/vocabulary', { signal }));
    const open = ref('sentiment');
    let soon = 0;
    reloadOn(card, 'social'); reloadOn(corrections, 'social');
    const learn = action(async () => { await api.post('/reader/versions', {}); card.reload({ quiet: true }); toast(t('reading.asked')); }, { failed: toast.error });
    const use = action(async version => { await api.put('/reader/version', { version }); await card.reload({ quiet: true }); toast(t('reading.used', { n: version })); }, { failed: toast.error });
    const busy = data => data?.layers.some(one => ['waiting', 'training'].includes(one.state));
    watch(() => card.data, data => { clearTimeout(soon); if (busy(data)) soon = setTimeout(() => card.reload({ quiet: true }), 1500); });

    const named = (head, name) => head === 'intent' ? inLang(vocabulary.data?.intents?.[name] ?? {}) || name : head === 'topic' ? inLang(vocabulary.data?.topics?.[name] ?? {}) || name : t(`reading.${head}.${name}`);
    const language = code => t('reading.lang.' + code);
    const share = value => value === null || value === undefined ? '–' : percent(value, 1);

    const was = (before, head, code) => before?.[head]?.[code] && html`<span class="mut sm num"> ${t('reading.before', { share: share(before[head][code].right) })}</span>`;
    const measured = (by, tried, before) => html`<div class="table-wrap"><table class="table small"><thead><tr><th scope="col">${t('reading.what')}</th><th scope="col">${t('reading.language')}</th><th scope="col" class="r">${t('reading.number')}</th>
      <th scope="col" class="r">${t('reading.right')}</th><th scope="col" class="r">${t('reading.ece')}</th>${tried && html`<th scope="col" class="r">${t('reading.sure')}</th>`}</tr></thead><tbody>
      ${HEADS.filter(head => by[head]).flatMap(head => Object.entries(by[head]).map(([code, one], i) => html`<tr key=${head + code}><th scope="row">${i === 0 && html`<button type="button" class="reading-pick" aria-expanded=${String(open.value === head)}
        @click=${() => { open.value = head; }}>${t('reading.head.' + head)}</button>`}</th><td class="nowrap">${language(code)}</td><td class="r num">${num(one.number)}</td>
        <td class="r num"><b>${share(one.right)}</b>${one.low !== undefined && html`<span class="mut sm"> ${share(one.low)}–${share(one.high)}</span>`}${was(before, head, code)}</td><td class="r num mut">${num(one.ece, 3)}</td>
        ${tried && html`<td class="r num mut">${sure(one)}</td>`}</tr>`))}</tbody></table></div>`;
    const sure = one => { const at = one.sure.find(row => row.bound === 0.7); return t('reading.answers', { share: percent(at.answered, 0), right: at.right === null ? '–' : percent(at.right, 0) }); };
    const hostility = of => html`<div class="table-wrap"><table class="table small"><thead><tr><th scope="col">${t('reading.what')}</th><th scope="col" class="r">${t('reading.number')}</th><th scope="col" class="r">${t('reading.right')}</th><th scope="col" class="r">${t('reading.auc')}</th><th scope="col" class="r">${t('reading.ece')}</th>
      ${of.pieces.bounds.map(row => html`<th scope="col" class="r" key=${row.bound}>${t('reading.from', { n: num(row.bound, 1) })}</th>`)}</tr></thead><tbody><tr><th scope="row">${t('reading.majority')}</th><td class="r num">${num(of.test.number)}</td><td class="r num">${share(of.majority.right)}</td><td colspan=${2 + of.pieces.bounds.length}></td></tr>
      ${['words', 'pieces', 'fresh'].map(name => html`<tr key=${name}><th scope="row">${t('reading.by.' + name)}</th><td class="r num">${num(of[name].number)}</td><td class="r num"><b>${share(of[name].right)}</b> <span class="mut sm">${share(of[name].low)}–${share(of[name].high)}</span></td><td class="r num">${num(of[name].auc, 3)}</td><td class="r num mut">${num(of[name].ece, 3)}</td>
        ${of[name].bounds.map(row => html`<td class="r num" key=${row.bound}>${share(row.precision)}<span class="mut"> / ${share(row.recall)}</span></td>`)}</tr>`)}</tbody></table></div>`;
    const classes = by => by[open.value] && html`<div class="reading-classes">${Object.entries(by[open.value]).map(([code, one]) => html`<dl key=${code} class="facts"><dt class="mut">${t('reading.head.' + open.value)} · ${language(code)}</dt><dd></dd>
      ${Object.entries(one.classes).map(([name, row]) => html`<dt key=${name}>${named(open.value, name)}</dt><dd class="num">${percent(row.recall, 0)} <span class="mut sm">${t('reading.of', { n: row.number })}</span></dd>`)}</dl>`)}</div>`;

    const effect = one => HEADS.filter(head => one.effect[head]).map(head => { const it = one.effect[head]; return html`<span key=${head} class="reading-effect"><span class="mut sm">${t('reading.head.' + head)}</span>
      <span class="num">${percent(it.before, 0)} → <b class=${it.after > it.before ? 'good' : it.after < it.before ? 'poor' : ''}>${percent(it.after, 0)}</b></span></span>`; });
    const lesson = (one, data) => html`<tr key=${one.version}><th scope="row" class="num">${one.version}</th><td>${one.state === 'ready' ? data.uses === one.version ? html`<${Badge} kind="ok" text=${t('reading.reads')} />` : html`<span class="mut">${t('reading.kept')}</span>`
      : one.state === 'failed' ? html`<${Badge} kind="bad" text=${t('reading.failed')} />` : html`<${Progress} done=${Math.round(one.progress * 100)} total=${100} label=${t('reading.' + one.state)} />`}</td>
      <td class="r num">${one.state === 'ready' ? num(one.corrections) : '–'}</td><td><span class="row wrap">${effect(one)}</span></td><td class="nowrap mut" title=${dateTime(one.asked_at)}><${Ago} at=${one.made_at ?? one.asked_at} /></td>
      <td class="r">${one.state === 'ready' && data.uses !== one.version && html`<button type="button" class="btn sm" disabled=${use.busy} @click=${() => use.run(one.version)}>${t('reading.use')}</button>`}</td></tr>`;
    const lessons = data => html`<table class="table small"><thead><tr><th scope="col">${t('reading.version')}</th><th scope="col">${t('reading.state')}</th><th scope="col" class="r">${t('reading.corrections')}</th><th scope="col">${t('reading.effect')}</th><th scope="col">${t('reading.when')}</th><th scope="col"><span class="sr">${t('reading.use')}</span></th></tr></thead>
      <tbody>${data.layers.map(one => lesson(one, data))}<tr><th scope="row" class="num">0</th><td>${data.uses === 0 ? html`<${Badge} kind="ok" text=${t('reading.reads')} />` : html`<span class="mut">${t('reading.kept')}</span>`}</td><td class="r mut">–</td><td class="mut">${t('reading.asitcame')}</td><td></td>
      <td class="r">${data.uses !== 0 && html`<button type="button" class="btn sm" disabled=${use.busy} @click=${() => use.run(0)}>${t('reading.use')}</button>`}</td></tr></tbody></table>`;
    const said = row => HEADS.filter(head => row.was[head] !== undefined && String(row.was[head]) !== String(row.says[head])).map(head => html`<span key=${head} class="reading-effect"><span class="mut">${named(head, String(row.was[head]))}</span> → <b>${named(head, String(row.says[head]))}</b></span>`);
    const list = data => data.corrections.some(row => said(row).length) ? html`<ul class="reading-list">${data.corrections.filter(row => said(row).length).map(row => html`<li key=${row.mention}><a href=${'/social?mention=' + row.mention} class="reading-text">${row.text}</a>
      <span class="row wrap sm">${said(row)}${row.audit && html`<span class="tag">${t('reading.byaudit')}</span>`}<span class="grow"></span><span class="mut"><${Ago} at=${row.at} /></span></span></li>`)}</ul>` : html`<${Empty} icon="edit" title=${t('reading.nocorrections')} body=${t('reading.nocorrectionsbody')} />`;

    const show = data => html`<div class="page">
      <${Panel} wide=${true} title=${t('reading.lessons')} note=${t('reading.lessonsnote', { n: data.due })} tools=${html`<button type="button" class="btn sm pri" disabled=${learn.busy || busy(data) || !data.corrections.learned} @click=${learn.run}>${t('reading.learn')}</button>`}>
        ${data.reader === 'plug' && html`<p class="notice">${t('reading.plug')}</p>`}<p class="mut sm">${t('reading.counted', { learned: data.corrections.learned, audit: data.corrections.audit })}</p>${lessons(data)}<p class="mut sm">${t('reading.crossed')}</p><//>
      <${Panel} wide=${true} title=${t('reading.builtin')} note=${t('reading.builtinnote')}><p class="mut sm">${t('reading.plain')}</p>${measured(data.built_in.held_out, true, data.built_in.before.held_out)}
        <p class="mut sm">${t('reading.harder')}</p>${measured(data.built_in.harder, true, data.built_in.before.harder)}${classes(data.built_in.harder)}
        <dl class="facts"><dt>${t('reading.taughtby')}</dt><dd class="num">${t('reading.sentences', { n: data.built_in.sentences, patterns: data.built_in.patterns })}</dd>
        <dt>${t('reading.corpora')}</dt><dd>${data.built_in.corpora.includes('nsmc') ? t('reading.withnsmc') : t('reading.onlyown')}</dd><dt>${t('reading.size')}</dt><dd class="num">${num(data.built_in.bytes / 1024)} KB</dd></dl><//>
      <${Panel} wide=${true} title=${t('reading.hostility')} note=${t('reading.hostilitynote')}><p class="mut sm">${t('reading.hostilitydata', { train: num(data.hostility.train.number), test: num(data.hostility.test.number), share: percent(data.hostility.test.hostile / data.hostility.test.number, 0), seen: num(data.hostility.test.in_train) })}</p>${hostility(data.hostility)}<p class="mut sm">${t('reading.precisionrecall', { n: num(data.hostility.pieces.bounds[0].bound, 1) })}</p><//>
      <${Panel} title=${t('reading.here')} note=${t('reading.herenote')}>${data.corrections.audit ? html`<div>${measured(data.audit, false)}${classes(data.audit)}</div>`
        : html`<${Empty} icon="check" title=${t('reading.noaudit')} body=${t('reading.noauditbody')} action=${{ label: t('reading.tab.judge'), href: '/social/reader?tab=judge' }} />`}<//>
      <${Panel} title=${t('reading.unknown')}><ul class="reading-limits">${['irony', 'facts', 'english', 'domain', 'languages', 'nsmc'].filter(one => one !== 'nsmc' || !data.built_in.corpora.includes('nsmc')).map(one => html`<li key=${one}>${t('reading.limit.' + one)}</li>`)}</ul><//>
      <${Panel} title=${t('reading.recent')}><${Loaded} of=${corrections} show=${list} n=${4} /><//></div>`;
    return () => html`<${Loaded} of=${card} show=${show} skeleton="cards" />`;
  },
};
