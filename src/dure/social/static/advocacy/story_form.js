// One story: written while it is a draft, then asked for, approved by somebody else, run, ended, withdrawn.
import { action, api, ask, askForm, boot, Failed, html, icon, load, nextTick, reactive, sentence, Skeleton, t, toast, useGuard, watch } from '../../web/kit.js';
import { endOf, firstDay, lastDay, startOf } from './days.js';
import { lengthOn } from './length.js';
import { nameOf, Phase, teamOf } from './names.js';
import { TEAMS } from './words.js';

const EMPTY = { title: '', url: '', about: '', texts: [{ language: 'ko', network: '', text: '' }, { language: 'en', network: '', text: '' }], networks: ['linkedin', 'x'], teams: [], campaign: '', starts: '', ends: '' };
const SAMPLE = 'https://dure.example/l/xxxxxxxxx', EDITABLE = ['draft', 'in_review', 'approved'];
const shown = one => ({ title: one.title, url: one.url, about: one.about, texts: one.texts.map(text => ({ ...text })), networks: [...one.networks], teams: [...one.teams], campaign: one.campaign, starts: firstDay(one.starts_at), ends: lastDay(one.ends_at) });

export const StoryForm = {
  props: ['id', 'networks', 'close', 'changed', 'made'],
  setup(p) {
    const fresh = p.id === 'new';
    const one = fresh ? reactive({ data: null, error: null }) : load(signal => api.get('/advocacy/stories/' + p.id, { signal }), { keep: true });
    const rules = load(signal => api.get('/advocacy/rules', { signal })), users = load(signal => api.get('/users', { signal }));
    const it = reactive({ ...structuredClone(EMPTY), wrong: {}, before: fresh ? JSON.stringify(EMPTY) : '' });
    const typed = () => { const { wrong, before, ...rest } = it; return JSON.stringify(rest); };
    const begin = () => { if (one.data) { Object.assign(it, shown(one.data), { wrong: {} }); it.before = typed(); } };
    watch(() => one.data, (now, was) => { if (now && (!was || !dirty())) begin(); });
    const dirty = () => it.before && typed() !== it.before;
    useGuard(dirty, () => ask({ title: t('adv.leave'), body: t('adv.leavebody'), action: t('adv.leavego'), danger: true }));
    const named = id => users.data?.users.find(user => user.id === id)?.name ?? id;
    const open = () => fresh || (one.data && EDITABLE.includes(one.data.state) && one.data.may.edit), ends = () => open() || one.data?.state === 'running';
    const body = () => ({ title: it.title, url: it.url, about: it.about, texts: it.texts.filter(text => text.text.trim()), networks: it.networks, teams: it.teams, campaign: it.campaign, starts_at: startOf(it.starts), ends_at: endOf(it.ends) });
    const failed = error => {
      if (error.field && error.field !== 'version' && error.field !== 'state') { it.wrong = { [error.field === 'target' ? 'url' : error.field]: error.data?.over ? t('adv.over', { n: error.data.over }) + ' · ' + netName(error.data.network) : sentence(error) }; nextTick(() => document.querySelector('.adv-form [aria-invalid=true]')?.focus()); } else if (error.status === 409) { one.reload?.({ quiet: true }); toast(t('adv.conflict'), { kind: 'bad' }); } else toast.error(error);
    };
    const netName = name => { const found = p.networks.find(net => net.name === name); return found ? nameOf(found) : name; };
    const settled = data => { one.set(data); begin(); p.changed(); };
    const save = action(async () => {
      it.wrong = {};
      if (fresh) { const made = await api.post('/advocacy/stories', body()); it.before = ''; p.made(made); toast(t('adv.saved')); return made; }
      settled(await api.put('/advocacy/stories/' + p.id, { ...body(), version: one.data.version }));
      toast(t('adv.saved')); return one.data;
    }, { failed });
    const act = action(async (name, sent) => { it.wrong = {}; settled(await api.post('/advocacy/stories/' + p.id + '/' + name, sent)); toast(t('adv.moved', { name: t('adv.t.' + one.data.state) })); }, { failed });
    const submit = async () => { if (dirty() && !await save.run()) return; act.run('submit', { version: one.data.version }); };
    const back = async () => { const said = await askForm({ title: t('adv.return'), fields: [{ name: 'comment', label: t('adv.comment'), type: 'textarea', required: true }], submit: values => values, submitLabel: t('adv.return') }); if (said) act.run('return', { version: one.data.version, comment: said.comment }); };
    const withdraw = async () => { const said = await askForm({ title: t('adv.withdrawask'), body: t('adv.withdrawbody'), fields: [{ name: 'comment', label: t('adv.reason'), optional: true }], submit: values => values, submitLabel: t('adv.withdraw'), danger: true }); if (said) act.run('withdraw', { comment: said.comment ?? '' }); };

    const line = language => rules.data?.disclosed ? (rules.data.disclosure[language] ?? '').replace('{company}', boot.workspace?.org_name ?? '') : '';
    const counted = text => { const nets = (text.network ? [text.network] : it.networks).map(name => p.networks.find(net => net.name === name)).filter(net => net?.most); return nets.map(net => { const inside = !net.composer.includes('{url}'), whole = text.text.trim() + (line(text.language) && !text.text.includes(line(text.language)) ? '\n\n' + line(text.language) : '') + (inside ? '\n\n' + SAMPLE : ''); return { net, n: lengthOn(net, whole, inside || net.pasted ? '' : SAMPLE) }; }).map(({ net, n }) => html`<span key=${net.name} class=${'num nowrap' + (n > net.most ? ' poor' : '')}>${nameOf(net)} ${n}/${net.most}</span>`); };
    const wrongText = name => it.wrong[name] && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${it.wrong[name]}</p>`;
    const field = (name, label, type = 'text', off = !open()) => html`<label class="stack adv-field"><span class="sm">${label}</span>${type === 'area' ? html`<textarea class="input" rows="2" name=${name} readonly=${off} aria-invalid=${it.wrong[name] ? 'true' : null} value=${it[name]} @input=${e => { it[name] = e.target.value; }}></textarea>` : html`<input class="input" type=${type} name=${name} readonly=${off} aria-invalid=${it.wrong[name] ? 'true' : null} value=${it[name]} @input=${e => { it[name] = e.target.value; }} />`}${wrongText(name)}</label>`;
    const toggle = (name, value, label) => html`<label key=${value} class=${'adv-chip' + (it[name].includes(value) ? ' on' : '')}><input type="checkbox" disabled=${!open()} checked=${it[name].includes(value)} @change=${e => { it[name] = e.target.checked ? [...it[name], value] : it[name].filter(other => other !== value); }} />${label}</label>`;
    const text = (text, i) => html`<li key=${i} class="stack adv-suggested"><div class="row wrap"><select class="input" aria-label=${t('adv.texts')} disabled=${!open()} value=${text.language} @change=${e => { text.language = e.target.value; }}>${['ko', 'en'].map(value => html`<option key=${value} value=${value} selected=${text.language === value}>${t('adv.' + value)}</option>`)}</select>
        <select class="input" aria-label=${t('adv.network')} disabled=${!open()} value=${text.network} @change=${e => { text.network = e.target.value; }}><option value="" selected=${!text.network}>${t('adv.any')}</option>${it.networks.map(name => html`<option key=${name} value=${name} selected=${text.network === name}>${netName(name)}</option>`)}</select><span class="grow"></span>
        ${open() && it.texts.length > 1 && html`<button type="button" class="btn ghost ico sm" aria-label=${t('adv.remove')} title=${t('adv.remove')} @click=${() => it.texts.splice(i, 1)}>${icon('x', 13)}</button>`}</div>
      <textarea class="input" rows="3" aria-label=${t('adv.text')} readonly=${!open()} aria-invalid=${it.wrong[`texts[${i}].text`] ? 'true' : null} value=${text.text} @input=${e => { text.text = e.target.value; }}></textarea>
      ${text.text.trim() && html`<div class="row wrap sm mut">${counted(text)}${line(text.language) && html`<span class="cut">+ ${line(text.language)}</span>`}</div>`}${wrongText(`texts[${i}].text`)}${wrongText(`texts[${i}].network`)}</li>`;
    const head = () => one.data && html`<div class="stack"><div class="row wrap"><${Phase} state=${one.data.state} /><span class="mut sm">${t('adv.by')} ${named(one.data.author)}</span>${one.data.approved_by && html`<span class="mut sm">${t('adv.approvedby')} ${named(one.data.approved_by)}</span>`}${one.data.origin.kind === 'post' && html`<a class="sm social-link" href=${'/publishing/' + one.data.origin.id}>${t('adv.from')}${icon('arrow', 12)}</a>`}</div>
      ${one.data.comment && html`<p class="notice warn sm">${icon('info', 14)}<span>${one.data.state === 'withdrawn' ? t('adv.reason').replace(/ \(.*/, '') : t('adv.sentback')}: ${one.data.comment}</span></p>`}${one.data.state === 'running' && html`<p class="notice sm">${icon('info', 14)}<span>${t('adv.runningnote')}</span></p>`}</div>`;
    const buttons = () => {
      const data = one.data, busy = act.busy || save.busy;
      return html`<div class="adv-buttons row wrap">${ends() && html`<button type="submit" class=${'btn' + (fresh ? ' pri' : '')} disabled=${busy || !(dirty() || fresh)}>${t(fresh ? 'adv.create' : 'adv.keep')}</button>`}
        ${data?.state === 'draft' && html`<button type="button" class="btn pri" disabled=${busy} @click=${submit}>${icon('send', 14)}${t(rules.data && !rules.data.approval ? 'adv.submitfree' : 'adv.submit')}</button>`}
        ${data?.state === 'in_review' && html`<button type="button" class="btn pri" disabled=${busy || !data.may.approve || dirty()} @click=${() => act.run('approve', { version: data.version })}>${icon('check', 14)}${t('adv.approve')}</button><button type="button" class="btn" disabled=${busy} @click=${back}>${t('adv.return')}</button>${data.may.why && html`<span class="mut sm">${t('adv.' + data.may.why)}</span>`}`}
        <span class="grow"></span>${data?.state === 'running' && html`<button type="button" class="btn" disabled=${busy} @click=${() => act.run('end')}>${t('adv.end')}</button>`}
        ${data && !['ended', 'withdrawn'].includes(data.state) && html`<button type="button" class="btn danger" disabled=${busy} @click=${withdraw}>${t('adv.withdraw')}</button>`}</div>`;
    };
    return () => html`<div><header class="social-top row"><b class="cut">${fresh ? t('adv.newtitle') : one.data?.title}</b><span class="grow"></span><button type="button" class="btn ghost ico sm" aria-label=${t('adv.close')} title=${t('adv.close')} @click=${p.close}>${icon('x', 14)}</button></header>
      ${one.error && !one.data ? html`<${Failed} error=${one.error} retry=${one.reload} />` : !fresh && !one.data ? html`<${Skeleton} kind="text" n=${8} />` : html`<form class="stack adv-pad adv-form" @submit=${e => { e.preventDefault(); save.run(); }}>${head()}
        ${field('title', t('adv.title'))}${field('url', t('adv.url'), 'url')}${field('about', t('adv.about'), 'area')}
        <fieldset class="stack"><legend class="sm">${t('adv.networks')}</legend><div class="adv-chips">${p.networks.map(net => toggle('networks', net.name, nameOf(net)))}</div>${wrongText('networks')}</fieldset>
        <fieldset class="stack"><legend class="sm">${t('adv.teams')}</legend><div class="adv-chips">${!it.teams.length && html`<span class="tag">${t('adv.everybody')}</span>`}${TEAMS.map(team => toggle('teams', team, teamOf(team)))}</div></fieldset>
        <section class="stack"><div class="row"><h3>${t('adv.texts')}</h3><span class="grow"></span>${open() && html`<button type="button" class="btn sm" @click=${() => it.texts.push({ language: 'ko', network: it.networks[0] ?? '', text: '' })}>${icon('plus', 13)}${t('adv.addtext')}</button>`}</div>${wrongText('texts')}<ul class="adv-texts">${it.texts.map(text)}</ul></section>
        <div class="adv-days">${field('starts', t('adv.starts'), 'date')}${field('ends', t('adv.ends'), 'date', !ends())}${field('campaign', t('adv.campaign'))}</div>${wrongText('ends_at')}${buttons()}</form>`}</div>`;
  },
};
