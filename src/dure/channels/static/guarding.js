// Rules of what may not be said: made, tried on past messages, and what met them.
import { Ago, api, ask, askForm, Badge, boot, Dialog, html, icon, load, onScopeDispose, openDialog, Progress, ref, t, Table, Tabs, toast, useTop } from '../web/kit.js';
import './keeping_words.js';
import { nameable } from './named.js';

const DETECTORS = ['resident_number', 'card', 'iban', 'key', 'contacts'], ACTIONS = ['warn', 'mask', 'keep', 'refuse'];
const TEAMS = ['product', 'marketing', 'sales', 'ad_ops', 'social', 'care', 'people', 'press', 'executives'];
const KIND = { warn: 'info', mask: 'info', keep: 'warn', refuse: 'bad', waiting: 'warn', noted: 'info', stopped: 'bad', let: 'ok', removed: '' };
const options = (names, head) => names.map(value => ({ value, label: t(head + value) }));
const lines = text => (text ?? '').split('\n').map(one => one.trim()).filter(Boolean);
const mayWhole = () => ['owner', 'admin'].includes(boot.org_role);

function fields(known) {
  return [
    { name: 'name', label: t('gd.name'), required: true, autofocus: true, max: 100 },
    ...DETECTORS.map(name => ({ name, label: t('gd.d.' + name), type: 'switch' })),
    { name: 'confidence', label: t('gd.confidence'), type: 'choice', hint: t('gd.confidence.hint'), options: options(['sure', 'likely'], 'gd.'), when: v => v.resident_number },
    { name: 'words', label: t('gd.words'), type: 'textarea', rows: 3, hint: t('gd.words.hint'), optional: true },
    { name: 'patterns', label: t('gd.patterns'), type: 'textarea', rows: 2, hint: t('gd.patterns.hint'), optional: true },
    { name: 'unreadable', label: t('gd.unreadable'), type: 'switch', hint: t('gd.unreadable.hint') },
    { name: 'least', label: t('gd.least'), type: 'number', min: 1, max: 1000 },
    { name: 'action', label: t('gd.does'), type: 'select', required: true, options: options(ACTIONS, 'gd.a.') },
    { name: 'where', label: t('gd.where'), type: 'select', required: true, options: options(['everywhere', 'shared', 'channels'], 'gd.') },
    { name: 'channels', label: t('gd.channels'), type: 'tokens', hint: t('gd.channels.hint'), options: known.channels, only: true, when: v => v.where === 'channels' },
    { name: 'except_functions', label: t('gd.except'), type: 'tokens', hint: t('gd.pick'), options: TEAMS.map(value => ({ value, label: t('answers.t.' + value) })), only: true, optional: true },
    { name: 'except_people', label: t('gd.except.people'), type: 'tokens', hint: t('gd.pick'), options: known.people, only: true, optional: true },
    ...(mayWhole() ? [{ name: 'whole', label: t('gd.whole'), type: 'switch' }] : []),
    { name: 'enabled', label: t('gd.enabled'), type: 'switch' },
  ];
}

const shown = rule => ({ ...rule, words: rule.words.join('\n'), patterns: rule.patterns.join('\n'), ...Object.fromEntries(DETECTORS.map(name => [name, rule.detectors.includes(name)])) });
const EMPTY = { name: '', action: 'warn', detectors: ['resident_number'], patterns: [], words: [], confidence: 'sure', least: 1, where: 'everywhere', channels: [], except_people: [], except_functions: [], unreadable: false, enabled: false, whole: false };
const body = v => ({
  name: v.name, action: v.action, detectors: DETECTORS.filter(name => v[name]), patterns: lines(v.patterns), words: lines(v.words), confidence: v.confidence || 'sure', least: v.least ?? 1,
  where: v.where, channels: v.where === 'channels' ? v.channels : [], except_people: v.except_people, except_functions: v.except_functions, unreadable: v.unreadable ?? false, enabled: v.enabled, whole: v.whole ?? false,
});
const bare = rule => body(shown(rule));

// A rule tried on what was said before: progress, how many, examples.
const Trial = {
  props: ['rule', 'close'],
  setup(p) {
    const trial = ref(null), days = ref(90);
    let timer = 0;
    const look = async () => {
      try { trial.value = await api.get('/guards/trials/' + trial.value.id); } catch (error) { toast.error(error); return; }
      if (trial.value.state === 'running') timer = setTimeout(look, 700);
    };
    async function begin() {
      try { trial.value = await api.post('/guards/trials', { rule: bare(p.rule), days: days.value }); look(); } catch (error) { toast.error(error); }
    }
    const cancel = async () => { clearTimeout(timer); trial.value = await api.del('/guards/trials/' + trial.value.id); };
    onScopeDispose(() => clearTimeout(timer));
    begin();
    return () => html`<${Dialog} title=${`${t('gd.try')}: ${p.rule.name}`} wide=${true} onClose=${() => p.close(null)}>
      <div class="stack">${trial.value && html`<${Progress} done=${trial.value.state === 'done' ? 1 : trial.value.looked} total=${trial.value.state === 'done' ? 1 : trial.value.total} label=${t('gd.try.looked', { n: trial.value.looked })} cancel=${trial.value.state === 'running' ? cancel : null} />
        <p role="status"><b>${t('gd.try.hits', { n: trial.value.hits })}</b>${trial.value.state !== 'running' && html` <span class="mut">${t('gd.try.' + trial.value.state)}</span>`}</p>
        ${trial.value.examples.length > 0 && html`<ul class="gd-examples">${trial.value.examples.map(one => html`<li key=${one.channel + one.ts}><span class="mono sm">${one.excerpt}</span></li>`)}</ul>`}`}
      <div class="actions end"><button type="button" class="btn pri" @click=${() => p.close(null)}>${t('gd.close')}</button></div></div><//>`;
  },
};

export default {
  setup() {
    const tab = ref('rules'), state = ref('');
    const rules = load(signal => api.get('/guards', { signal }));
    const found = load(signal => api.get('/guards/violations', { signal, query: { state: state.value } }), { watch: () => state.value });
    const people = load(async signal => Object.fromEntries((await api.get('/channels/people', { signal })).people.map(one => [one.id, one])));
    const again = () => rules.reload({ quiet: true });
    async function edit(rule) {
      const known = await nameable();
      const made = await askForm({
        title: t(rule ? 'gd.edit' : 'gd.new'), fields: fields(known), values: shown(rule ?? EMPTY), submitLabel: t(rule ? 'gd.edit' : 'gd.new'), wide: true,
        submit: values => rule ? api.put('/guards/' + rule.id, body({ ...values, whole: values.whole ?? rule.whole })) : api.post('/guards', body(values)),
      });
      if (made) { toast(t(made.rule?.enabled ?? made.enabled ? 'gd.saved' : 'gd.saved.off')); again(); }
    }
    async function toggle(rule) {
      try { await api.put('/guards/' + rule.id, { ...bare(rule), enabled: !rule.enabled }); toast(t('gd.saved')); } catch (error) { toast.error(error); }
      again();
    }
    async function drop(rule) {
      if (!await ask({ title: t('gd.delete.ask', { name: rule.name }), body: t('gd.delete.body'), action: t('gd.delete'), danger: true })) return;
      try { await api.del('/guards/' + rule.id); } catch (error) { toast.error(error); }
      again();
    }
    async function decide(one, how) {
      if (how === 'remove' && !await ask({ title: t('gd.remove.ask'), body: one.excerpt, action: t('gd.remove'), danger: true })) return;
      try { await api.post(`/guards/violations/${one.id}/${how}`); toast(t(how === 'let' ? 'gd.done.let' : 'gd.done.removed')); } catch (error) { toast.error(error); }
      found.reload({ quiet: true });
    }
    const waiting = () => found.data?.counts.waiting ?? 0;
    useTop({
      title: () => html`<h1>${t('gd.title')}</h1>`,
      tools: () => html`<${Tabs} label=${t('gd.title')} value=${tab.value} change=${value => { tab.value = value; }} items=${[{ value: 'rules', label: t('gd.rules') }, { value: 'found', label: t('gd.violations'), count: waiting() || null }]} />
        <button type="button" class="btn pri" @click=${() => edit(null)}>${icon('plus')}${t('gd.new')}</button>`,
    });
    const looks = rule => [...rule.detectors.map(name => t('gd.d.' + name)), ...(rule.words.length ? [`${t('gd.words')} ${rule.words.length}`] : []), ...(rule.patterns.length ? [`${t('gd.patterns')} ${rule.patterns.length}`] : []), ...(rule.unreadable ? [t('gd.unreadable.short')] : [])].join(', ');
    const may = rule => !rule.whole || mayWhole();
    const act = (run, label) => html`<button type="button" class="btn ghost sm" @click=${event => { event.stopPropagation(); run(); }}>${label}</button>`;
    const ruleColumns = () => [
      { key: 'name', title: t('gd.name'), render: r => html`<b class="cut">${r.name}</b>` },
      { key: 'looks', title: t('gd.looks'), value: looks, cls: 'mut gd-looks' },
      { key: 'action', title: t('gd.does'), width: 190, value: r => ACTIONS.indexOf(r.action), render: r => html`<${Badge} kind=${KIND[r.action]} text=${t('gd.a.' + r.action)} />` },
      { key: 'where', title: t('gd.where'), width: 150, value: r => t('gd.' + r.where), cls: 'mut' },
      { key: 'whole', title: t('gd.of'), value: r => t(r.whole ? 'gd.whole' : 'gd.here'), cls: 'mut nowrap' },
      { key: 'enabled', title: t('gd.state'), width: 64, render: r => html`<${Badge} kind=${r.enabled ? 'ok' : ''} text=${t(r.enabled ? 'gd.on' : 'gd.off')} />` },
      { key: 'acts', title: '', sort: false, width: 310, render: r => may(r) && html`<span class="actions end">${act(() => openDialog(Trial, { rule: r }), t('gd.try'))}${act(() => toggle(r), t(r.enabled ? 'gd.turn.off' : 'gd.turn.on'))}${act(() => drop(r), t('gd.delete'))}</span>` },
    ];
    const foundColumns = () => [
      { key: 'at', title: t('gd.when'), width: 96, render: v => html`<${Ago} at=${v.at} />` },
      { key: 'user', title: t('gd.who'), width: 110, value: v => people.data?.[v.user]?.name ?? v.user },
      { key: 'what', title: t('gd.what'), width: 130, value: v => t('gd.w.' + v.what), render: v => html`<span class="cut">${t('gd.w.' + v.what)}${v.channel_name && html` <span class="mut">#${v.channel_name}</span>`}</span>` },
      { key: 'rules', title: t('gd.rules'), width: 140, value: v => v.rules.map(one => one.name).join(', ') },
      { key: 'excerpt', title: t('gd.excerpt'), sort: false, render: v => v.unread ? html`<span class="cut" title=${v.excerpt}><${Badge} kind="warn" text=${t('gd.u.' + v.unread)} /> <span class="sm">${v.excerpt}</span></span>` : html`<span class="mono sm cut" title=${v.excerpt}>${v.excerpt}</span>` },
      { key: 'state', title: t('gd.state'), width: 90, value: v => t('gd.s.' + v.state), render: v => html`<${Badge} kind=${KIND[v.state]} text=${t('gd.s.' + v.state)} />` },
      { key: 'acts', title: '', sort: false, width: 210, render: v => ['waiting', 'noted'].includes(v.state) && html`<span class="actions end">${act(() => decide(v, 'let'), t(v.state === 'waiting' ? 'gd.let' : 'gd.seen'))}${act(() => decide(v, 'remove'), t('gd.remove'))}</span>` },
    ];
    const states = () => ['', 'waiting', 'noted', 'stopped', 'let', 'removed'].map(value => ({ value, label: t('gd.s.' + (value || 'all')), count: found.data?.counts[value] || null }));
    return () => html`<div class="view fill">${tab.value === 'rules'
      ? html`<${Table} label=${t('gd.rules')} columns=${ruleColumns()} rows=${rules.data?.rules} loading=${rules.loading} error=${rules.error} retry=${rules.reload} open=${rule => may(rule) && edit(rule)} empty=${{ icon: 'lock', title: t('gd.none'), body: t('gd.none.body'), action: { label: t('gd.new'), run: () => edit(null) } }} />`
      : html`<div class="gd-states"><${Tabs} label=${t('gd.state')} value=${state.value} change=${value => { state.value = value; }} items=${states()} /></div><${Table} label=${t('gd.violations')} columns=${foundColumns()} rows=${found.data?.violations} loading=${found.loading} error=${found.error} retry=${found.reload} empty=${{ icon: 'check', title: t('gd.v.none'), body: t('gd.v.none.body') }} />`}</div>`;
  },
};
