// Before anything goes out: the list that is checked twice, the dry run, a second person's word, and the launch that says
// exactly what it will do.
import { action, Ago, api, ask, askForm, Badge, Bars, duration, html, icon, listed, load, Loaded, num, onScopeDispose, Panel, percent, Progress, ref, reloadOn, setQuery, Stat, t, Table, toast, words } from '../../web/kit.js';
import { channelName, code, people as counted, reason } from '../words.js';
import { toDoc } from '../canvas/journey.js';
import { againSaid, entrySaid } from '../canvas/said.js';
import { localSaid } from '../canvas/entry.js';
import { Forks } from './forks.js';
import { checkSaid } from './said.js';
import { Changes } from './changes.js';

words({
  ko: {
    'camp.ck.list': '보내기 전 점검', 'camp.ck.dry': '미리 돌려 보기', 'camp.ck.run': '돌려 보기', 'camp.ck.again': '다시 돌려 보기', 'camp.ck.dryabout': '실제와 같은 길을 마지막 한 걸음만 빼고 갑니다. 아무것도 보내지 않고 아무것도 남기지 않습니다.', 'camp.ck.running': '돌려 보는 중…', 'camp.ck.reach': '대상', 'camp.ck.looked': '본 사람', 'camp.ck.send': '받을 사람', 'camp.ck.either': '기다림에 달림', 'camp.ck.range': '적어도 {a} · 많아야 {b}', 'camp.ck.hold': '보류(대조군)', 'camp.ck.skip': '못 받을 사람', 'camp.ck.fail': '실패할 사람', 'camp.ck.later': '나중에 받음', 'camp.ck.takes': '걸릴 시간', 'camp.ck.whynot': '받지 못하는 까닭', 'camp.ck.bychannel': '채널별', 'camp.ck.bylang': '언어별', 'camp.ck.sample': '사람을 골라 본 것', 'camp.ck.none': '본 사람이 없습니다', 'camp.ck.outcome': '결과', 'camp.ck.what': '내용', 'camp.ck.nonewhy': '못 받는 사람이 없습니다',
    'camp.ck.approval': '승인', 'camp.ck.st.not_needed': '승인이 필요 없습니다', 'camp.ck.st.missing': '승인이 필요합니다', 'camp.ck.st.asked': '승인을 기다립니다', 'camp.ck.st.approved': '승인되었습니다', 'camp.ck.st.refused': '거절되었습니다', 'camp.ck.st.lost': '승인 뒤 바뀌어 승인이 없어졌습니다', 'camp.ck.ask': '승인 요청', 'camp.ck.note': '전할 말', 'camp.ck.approve': '승인', 'camp.ck.refuse': '거절', 'camp.ck.comment': '한마디', 'camp.ck.refusewhy': '왜 거절합니까', 'camp.ck.whynot.own': '자기 캠페인은 스스로 승인할 수 없습니다', 'camp.ck.whynot.own_and_large': '이만큼 많은 사람에게 가는 자기 캠페인은 스스로 승인할 수 없습니다', 'camp.ck.whynot.not_a_person': '사람만 자기 이름으로 승인합니다', 'camp.ck.asked': '승인을 요청했습니다', 'camp.ck.decided': '결정을 남겼습니다', 'camp.ck.bound': '승인은 지금의 내용, 대상, 일정, 실험에 묶입니다. 하나라도 바뀌면 없어집니다.', 'camp.ck.askedby': '{name} 요청', 'camp.ck.approvedby': '{name} 승인', 'camp.ck.refusedby': '{name} 거절', 'camp.ck.see': '지금 것과 다른 점', 'camp.ck.history': '기록',
    'camp.ck.launch': '시작', 'camp.ck.launchtitle': '이 캠페인을 시작합니다', 'camp.ck.will': '시작하면', 'camp.ck.w.now': '바로 {n}(이/가) 들어옵니다.', 'camp.ck.w.at': '{at}에 {n}(이/가) 들어옵니다.', 'camp.ck.w.every': '{when}마다 그때 대상인 사람이 들어옵니다. 지금이라면 {n}입니다.', 'camp.ck.w.trigger': '{when} 그 사람이 들어옵니다. 지난 기록으로 보면 {n}쯤입니다.', 'camp.ck.w.local': '시각은 그 사람의 시간입니다.', 'camp.ck.w.holdout': '그 가운데 {p}쯤은 견주려고 보내지 않고 보류하므로({n}쯤), 받는 사람은 많아야 {rest}쯤입니다.', 'camp.ck.w.entered': '이미 들어왔던 사람은 다시 들어오지 않습니다.', 'camp.ck.ended': '끝난 캠페인이라 다시 시작하지 않습니다. 이어서 하려면 복제하세요.', 'camp.ck.over': '끝났습니다', 'camp.ck.w.noholdout': '대조군이 없어 효과를 잴 수 없습니다.', 'camp.ck.w.global': '전체 대조군에게는 보내지 않습니다.', 'camp.ck.w.channels': '{channels}(으로/로) 나갑니다.', 'camp.ck.w.takes': '다 보내는 데 {d}쯤 걸립니다.', 'camp.ck.w.again': '{again}', 'camp.ck.launched': '시작했습니다', 'camp.ck.blocked': '빨간 줄을 고치면 시작할 수 있습니다', 'camp.ck.needs': '승인을 받아야 시작할 수 있습니다', 'camp.ck.relaunch': '다시 시작', 'camp.ck.seeproblem': '고치러 가기', 'camp.ck.islive': '이미 진행 중입니다', 'camp.ck.person': '이 사람이 받을 것', 'camp.ck.choose': '표에서 사람을 고르면 그 사람이 받을 것이 보입니다', 'camp.ck.unknown': '돌려 보면 인원을 압니다',
  },
  en: {
    'camp.ck.list': 'Checked before sending', 'camp.ck.dry': 'Dry run', 'camp.ck.run': 'Run dry', 'camp.ck.again': 'Run dry again', 'camp.ck.dryabout': 'The real way with its last step cut off. Nothing is sent, nothing is kept.', 'camp.ck.running': 'Running…', 'camp.ck.reach': 'Audience', 'camp.ck.looked': 'Looked at', 'camp.ck.send': 'Would get it', 'camp.ck.either': 'Depends on a wait', 'camp.ck.range': 'at least {a} · at most {b}', 'camp.ck.hold': 'Control', 'camp.ck.skip': 'Would not', 'camp.ck.fail': 'Would fail', 'camp.ck.later': 'Would get it later', 'camp.ck.takes': 'It takes', 'camp.ck.whynot': 'Why others would not', 'camp.ck.bychannel': 'By channel', 'camp.ck.bylang': 'By language', 'camp.ck.sample': 'A sample of people', 'camp.ck.none': 'Nobody was looked at', 'camp.ck.outcome': 'Outcome', 'camp.ck.what': 'Content', 'camp.ck.nonewhy': 'Nobody is left out',
    'camp.ck.approval': 'Approval', 'camp.ck.st.not_needed': 'No approval is needed', 'camp.ck.st.missing': 'It needs approval', 'camp.ck.st.asked': 'Waiting for approval', 'camp.ck.st.approved': 'Approved', 'camp.ck.st.refused': 'Refused', 'camp.ck.st.lost': 'Changed since it was approved, so the approval is lost', 'camp.ck.ask': 'Ask for approval', 'camp.ck.note': 'A note', 'camp.ck.approve': 'Approve', 'camp.ck.refuse': 'Refuse', 'camp.ck.comment': 'Comment', 'camp.ck.refusewhy': 'Why it is refused', 'camp.ck.whynot.own': 'Nobody approves their own campaign', 'camp.ck.whynot.own_and_large': 'Nobody approves their own campaign to so many people', 'camp.ck.whynot.not_a_person': 'Only people approve, in their own name', 'camp.ck.asked': 'Approval was asked for', 'camp.ck.decided': 'The decision is kept', 'camp.ck.bound': 'An approval is bound to the content, audience, schedule and experiment as they are now. Any change loses it.', 'camp.ck.askedby': 'asked by {name}', 'camp.ck.approvedby': 'approved by {name}', 'camp.ck.refusedby': 'refused by {name}', 'camp.ck.see': 'What is different now', 'camp.ck.history': 'History',
    'camp.ck.launch': 'Launch', 'camp.ck.launchtitle': 'Launch this campaign', 'camp.ck.will': 'When it is launched', 'camp.ck.w.now': '{n} {k|enters|enter} at once.', 'camp.ck.w.at': '{n} {k|enters|enter} on {at}.', 'camp.ck.w.every': '{when}, whoever is in the audience then enters; now that is {n}.', 'camp.ck.w.trigger': '{when}, that person comes in; by what happened lately, about {n}.', 'camp.ck.w.local': 'The time is each person’s own.', 'camp.ck.w.holdout': 'About {p} of them ({n}) are held back to compare with, so at most about {rest} get it.', 'camp.ck.w.entered': 'Whoever entered before does not enter again.', 'camp.ck.ended': 'It has ended and cannot be launched again. Duplicate it to go on.', 'camp.ck.over': 'It has ended', 'camp.ck.w.noholdout': 'There is no control, so its effect cannot be known.', 'camp.ck.w.global': 'The global holdout gets nothing.', 'camp.ck.w.channels': 'It goes by {channels}.', 'camp.ck.w.takes': 'Sending it all takes about {d}.', 'camp.ck.w.again': '{again}', 'camp.ck.launched': 'Launched', 'camp.ck.blocked': 'Mend the red lines to launch it', 'camp.ck.needs': 'It has to be approved before it is launched', 'camp.ck.relaunch': 'Launch again', 'camp.ck.seeproblem': 'Go and mend it', 'camp.ck.islive': 'It is live already', 'camp.ck.person': 'What this person would get', 'camp.ck.choose': 'Choose somebody in the table to see what they would get', 'camp.ck.unknown': 'A dry run says how many',
  },
});

const OUTCOMES = { send: 'ok', either: 'info', hold: 'info', later: 'warn', skip: '', fail: 'bad' };
const STANDING = { not_needed: '', missing: 'warn', asked: 'warn', approved: 'ok', refused: 'bad', lost: 'bad' };
const LEVELS = { stop: ['bad', 'x'], warn: ['warn', 'warn'], note: ['info', 'info'], ok: ['ok', 'check'] };

export const Check = {
  props: ['campaign', 'changed', 'problems', 'toProblem'],
  setup(p) {
    const path = '/campaigns/' + p.campaign.id, topic = 'campaign:' + p.campaign.id;
    const approval = load(signal => api.get(path + '/approval', { signal })), checks = load(signal => api.get(path + '/checks', { signal }));
    for (const it of [approval, checks]) reloadOn(it, topic);
    const told = ref(null), chosen = ref(null), users = load(async signal => Object.fromEntries((await api.get('/users', { signal, quiet: true })).users.map(one => [one.id, one.name])));
    const nameOf = id => users.data?.[id] ?? users.data?.[String(id).replace(/^user:/, '')] ?? id;
    const far = ref(null);
    let asking = 0;
    const run = action(async () => {
      const name = crypto.randomUUID();
      far.value = { name, done: 0, total: 0 };
      asking = setInterval(() => api.get('/dry-runs/' + name, { quiet: true }).then(it => { if (far.value?.name === name) far.value = { name, ...it }; }, () => {}), 600);
      try { told.value = await api.post(`${path}/dry-run?run=${name}`, {}, { seconds: 300 }); } finally { clearInterval(asking); far.value = null; }
      chosen.value = told.value.people.find(one => one.outcome === 'send') ?? told.value.people[0] ?? null;
    }, { failed: toast.error });
    onScopeDispose(() => clearInterval(asking));
    const cancel = () => { api.del('/dry-runs/' + far.value.name).catch(toast.error); };

    // -- a second person's word --------------------------------------------------------------------------------------
    const request = () => askForm({ title: t('camp.ck.ask'), body: t('camp.ck.bound'), submitLabel: t('camp.ck.ask'), fields: [{ name: 'note', label: t('camp.ck.note'), type: 'textarea', rows: 3, optional: true, autofocus: true }],
      submit: async values => { approval.set(await api.post(path + '/approval', { note: values.note ?? '' })); toast(t('camp.ck.asked')); } });
    const decide = (one, yes) => askForm({ title: t(yes ? 'camp.ck.approve' : 'camp.ck.refuse'), body: yes ? t('camp.ck.bound') : '', danger: !yes, submitLabel: t(yes ? 'camp.ck.approve' : 'camp.ck.refuse'), fields: [{ name: 'comment', label: t(yes ? 'camp.ck.comment' : 'camp.ck.refusewhy'), type: 'textarea', rows: 3, optional: yes, required: !yes, autofocus: true }],
      submit: async values => { approval.set(await api.post(`/approvals/${one.id}`, { hash: approval.data.hash, approve: yes, comment: values.comment ?? '' })); toast(t('camp.ck.decided')); } });

    // -- launching ---------------------------------------------------------------------------------------------------
    const reach = () => approval.data?.reach ?? null;
    function will() {
      const { design } = p.campaign, { entry } = design, doc = toDoc(design), n = reach() == null ? t('camp.ck.unknown') : counted(reach()), channels = [...new Set(doc.nodes.filter(one => one.kind === 'message').map(one => channelName(one.channel)))];
      const when = entrySaid(doc, localSaid), held = reach() == null ? null : Math.round(reach() * (design.holdout ?? 0.5));
      return [
        entry.trigger ? t('camp.ck.w.trigger', { when, n }) : entry.every ? t('camp.ck.w.every', { when, n }) : entry.at ? t('camp.ck.w.at', { at: localSaid(entry.at), n, k: reach() ?? 2 }) : t('camp.ck.w.now', { n, k: reach() ?? 2 }),
        p.campaign.status === 'stopped' && !entry.again && t('camp.ck.w.entered'), (entry.at || entry.every) && entry.zone === 'person' && t('camp.ck.w.local'), channels.length > 0 && t('camp.ck.w.channels', { channels: listed(channels) }),
        (design.holdout ?? 0.5) > 0 ? t('camp.ck.w.holdout', { p: percent(design.holdout ?? 0.5, 0), n: held == null ? '–' : counted(held), rest: held == null ? '–' : counted(reach() - held) }) : t('camp.ck.w.noholdout'), design.global_holdout !== false && t('camp.ck.w.global'), entry.trigger || entry.every ? againSaid(entry.again) : null, told.value?.seconds > 0 && t('camp.ck.w.takes', { d: duration(told.value.seconds) }),
      ].filter(Boolean);
    }
    const launch = action(async () => {
      if (!await ask({ title: t('camp.ck.launchtitle'), body: will().join('\n'), action: t('camp.ck.launch') })) return;
      p.changed(await api.post(path + '/launch')); toast(t('camp.ck.launched')); setQuery({ tab: 'live' });
    }, { failed: error => { toast.error(error); approval.reload({ quiet: true }); } });
    const stopped = () => p.problems.count > 0 || checks.data?.checks.some(one => one.level === 'stop');
    const waits = () => approval.data?.needed && approval.data.standing !== 'approved';

    const list = data => html`<ul class="camp-checks">${p.problems.count > 0 && html`<li class="bad">${icon('x', 14)}<span>${t('camp.p.wrong', { n: p.problems.count })}</span><button type="button" class="btn sm" @click=${p.toProblem}>${t('camp.ck.seeproblem')}</button></li>`}
      ${data.checks.filter(one => one.code !== 'problems').map(one => html`<li key=${one.code} class=${LEVELS[one.level][0]}>${icon(LEVELS[one.level][1], 14)}<span>${checkSaid(one, toDoc(p.campaign.design).nodes)}</span></li>`)}</ul>`;
    const word = data => { const open = data.requests.find(one => !one.decision), said = data.requests.filter(one => one.decision);
      return html`<div class="stack"><p class="row wrap"><${Badge} kind=${STANDING[data.standing]} text=${t('camp.ck.st.' + data.standing)} />${data.reach != null && html`<span class="mut sm num">${t('camp.ck.reach')} ${counted(data.reach)}</span>`}</p>
        ${open && html`<div class="camp-request"><p class="sm mut">${t('camp.ck.askedby', { name: nameOf(open.asked_by) })} · <${Ago} at=${open.asked_at} /></p>${open.note && html`<p>${open.note}</p>`}
          <div class="actions"><button type="button" class="btn pri" disabled=${!data.may_decide} @click=${() => decide(open, true)}>${icon('check', 14)}${t('camp.ck.approve')}</button><button type="button" class="btn" disabled=${!data.may_decide} @click=${() => decide(open, false)}>${t('camp.ck.refuse')}</button></div>${data.why_not && html`<p class="mut sm">${t('camp.ck.whynot.' + data.why_not)}</p>`}</div>`}
        ${data.standing === 'lost' && html`<${Changes} campaign=${p.campaign} approval=${data} />`}
        ${!['approved', 'asked'].includes(data.standing) && p.campaign.status === 'draft' && html`<div class="actions"><button type="button" class=${'btn' + (data.needed ? ' pri' : '')} disabled=${stopped()} @click=${request}>${icon('shield', 14)}${t('camp.ck.ask')}</button></div>`}
        ${said.length > 0 && html`<ol class="camp-said-list">${said.map(one => html`<li key=${one.id}>${icon(one.decision === 'approved' ? 'check' : 'x', 13)}<span>${t(one.decision === 'approved' ? 'camp.ck.approvedby' : 'camp.ck.refusedby', { name: nameOf(one.decided_by) })} · <${Ago} at=${one.decided_at} />${one.comment && html`<br /><span class="mut">${one.comment}</span>`}</span></li>`)}</ol>`}
        <p class="hint">${t('camp.ck.bound')}</p></div>`; };
    const parts = (title, values, nameOf) => Object.keys(values ?? {}).length > 0 && html`<${Panel} title=${title}><${Bars} label=${title} rows=${Object.entries(values).sort((a, b) => b[1] - a[1]).map(([name, value]) => ({ name: nameOf(name), value }))} format=${v => num(v)} /><//>`;
    const several = () => new Set((told.value?.people ?? []).filter(one => one.language).map(one => one.channel + one.language)).size > 1;
    const said = w => w.subject || w.body || reason(w.reason) || t('camp.ck.' + w.outcome);
    const columns = () => [
      { key: 'name', title: t('camp.who'), cls: 'camp-short', value: w => w.name || w.person, render: w => html`<span class="cut" title=${w.name || w.person}>${w.name || w.person}</span>` }, { key: 'outcome', title: t('camp.ck.outcome'), cls: 'nowrap', value: w => w.outcome + reason(w.reason), render: w => html`<${Badge} kind=${OUTCOMES[w.outcome]} text=${t('camp.ck.' + w.outcome)} />${w.reason && html` <span class="mut sm">${reason(w.reason)}</span>`}` },
      ...(several() ? [{ key: 'channel', title: t('camp.channel'), cls: 'nowrap', value: w => [w.channel && channelName(w.channel), w.language && code('lang', w.language)].filter(Boolean).join(' · ') }] : []), { key: 'subject', title: t('camp.ck.what'), cls: 'camp-rest', sort: false, render: w => { const text = w.ways.length ? w.ways.map(said).join(' / ') : w.subject || w.body; return html`<span class="cut" title=${text}>${text || '–'}</span>`; } },
    ];
    const dry = it => html`<div class="stats camp-wide">${[['looked', it.looked_at], ...['send', 'either', 'hold', 'later', 'skip', 'fail'].filter(name => name in it.outcomes || ['send', 'hold', 'skip'].includes(name)).map(name => [name, it.outcomes[name] ?? 0])].map(([name, n]) => html`<${Stat} key=${name} label=${t('camp.ck.' + name)} value=${num(n)} note=${name === 'send' && it.at_most > it.at_least ? t('camp.ck.range', { a: num(it.at_least), b: num(it.at_most) }) : ''} />`)}${it.seconds != null && html`<${Stat} label=${t('camp.ck.takes')} value=${duration(it.seconds)} />`}</div>
      <div class="camp-three"><${Panel} title=${t('camp.ck.whynot')}>${Object.keys(it.reasons).length ? html`<${Bars} label=${t('camp.ck.whynot')} rows=${Object.entries(it.reasons).sort((a, b) => b[1] - a[1]).map(([name, value]) => ({ name: reason(name), value }))} format=${v => num(v)} />` : html`<p class="mut">${t('camp.ck.nonewhy')}</p>`}<//>${parts(t('camp.ck.bychannel'), it.channels, channelName)}${parts(t('camp.ck.bylang'), it.languages, name => code('lang', name))}</div>
      ${it.forks.length > 0 && html`<${Forks} of=${it.forks} whole=${it.unfolded} />`}
      <div class="camp-sample"><${Panel} title=${t('camp.ck.sample')} flush=${true}><${Table} label=${t('camp.ck.sample')} columns=${columns()} rows=${it.people} rowKey=${w => w.person + (w.node ?? '')} open=${w => { chosen.value = w; }} rowClass=${w => w === chosen.value ? 'on' : ''} empty=${{ icon: 'people', title: t('camp.ck.none') }} /><//>
        <${Panel} title=${t('camp.ck.person')}>${chosen.value ? html`<p class="row"><b class="cut">${chosen.value.name || chosen.value.person}</b><span class="grow"></span><a class="text sm" href=${'/people/' + chosen.value.person}>${t('camp.person')}</a></p>${(chosen.value.ways.length ? chosen.value.ways : [chosen.value]).map((w, i, all) => html`${all.length > 1 && html`<p class="camp-way"><${Badge} kind=${OUTCOMES[w.outcome]} text=${t('camp.ck.' + w.outcome)} /></p>`}${w.outcome === 'send' || w.body ? html`<article key=${i} class="camp-letter plain"><h3>${w.subject}</h3><pre>${w.body}</pre></article>` : html`<p key=${i} class="mut">${reason(w.reason) || '–'}</p>`}`)}` : html`<p class="mut">${t('camp.ck.choose')}</p>`}<//></div>`;
    return () => html`<div class="camp-check"><div class="camp-check-main"><${Panel} title=${t('camp.ck.dry')} tools=${html`<button type="button" class=${'btn sm' + (told.value ? '' : ' pri')} disabled=${run.busy || p.problems.count > 0} @click=${() => run.run()}>${icon('play', 13)}${t(run.busy ? 'camp.ck.running' : told.value ? 'camp.ck.again' : 'camp.ck.run')}</button>`}><p class="mut sm">${t('camp.ck.dryabout')}</p>${far.value && html`<${Progress} done=${far.value.done ?? 0} total=${far.value.total ?? 0} label=${t('camp.ck.running')} cancel=${cancel} />`}<//>${told.value && dry(told.value)}</div>
      <aside class="camp-check-side"><${Panel} title=${t('camp.ck.list')}><${Loaded} of=${checks} skeleton="text" n=${6} show=${list} /><//><${Panel} title=${t('camp.ck.approval')}><${Loaded} of=${approval} skeleton="text" n=${4} show=${word} /><//>
        ${p.campaign.status === 'finished' ? html`<${Panel} title=${t('camp.ck.over')}><p>${t('camp.ck.ended')}</p><//>` : html`<${Panel} title=${t('camp.ck.will')}><ul class="camp-will">${will().map((line, i) => html`<li key=${i}>${line}</li>`)}</ul>
          ${['draft', 'stopped'].includes(p.campaign.status) ? html`<div class="actions"><button type="button" class="btn pri" disabled=${launch.busy || stopped() || waits()} @click=${launch.run}>${icon('play', 14)}${t(p.campaign.status === 'draft' ? 'camp.ck.launch' : 'camp.ck.relaunch')}</button></div>${stopped() ? html`<p class="mut sm">${t('camp.ck.blocked')}</p>` : waits() && html`<p class="mut sm">${t('camp.ck.needs')}</p>`}` : html`<p class="mut sm">${t('camp.ck.islive')}</p>`}<//>`}</aside></div>`;
  },
};
