// The rules of sending: what a workspace demands of everything that leaves, and the switch that stops it all.
import { action, api, boot, computed, Field, html, icon, load, Loaded, Panel, reactive, t, toast, useGuard, ask, useTop, watch } from '../web/kit.js';
import { Playgrounds, Recorded } from './gate_playground.js';
import { Switch } from './gate_switch.js';
import { CHANNELS } from './gate_words.js';

const copy = value => JSON.parse(JSON.stringify(value));

export default {
  setup() {
    const may = ['owner', 'admin'].includes(boot.me.role), draft = reactive({ rules: null, held: null, wrong: {}, choice: '' });
    const found = load(signal => api.get('/sending/rules', { signal }));
    // The global holdout is the experiments' one: campaigns ask for it, and it is set from here too.
    const everybody = load(signal => api.get('/experiments/holdout', { signal }));
    watch(() => everybody.data, data => { if (data) draft.held = { share: data.share, rotate_days: data.rotate_days }; });
    const heldChanged = () => draft.held && everybody.data && ['share', 'rotate_days'].some(name => draft.held[name] !== everybody.data[name]);
    watch(() => found.data, data => { if (data) { draft.rules = copy(data.rules); draft.wrong = {}; } });
    const rulesChanged = () => draft.rules && found.data && JSON.stringify(draft.rules) !== JSON.stringify(found.data.rules), changed = computed(() => rulesChanged() || heldChanged());
    const save = action(async () => {
      if (heldChanged()) everybody.set({ ...everybody.data, ...await api.put('/experiments/holdout', draft.held) });
      if (rulesChanged()) found.set(await api.put('/sending/rules', draft.rules));
      toast(t('gate.saved'));
    }, {
      failed: error => { draft.wrong = error.field ? { [error.field]: error.message } : {}; toast.error(error); },
    });
    useGuard(() => changed.value, () => ask({ title: t('gate.title'), body: t('gate.undo'), action: t('gate.undo'), danger: true }));
    useTop({ tools: () => may && changed.value && html`<button type="button" class="btn sm ghost" @click=${() => { draft.rules = copy(found.data.rules); draft.held = { share: everybody.data.share, rotate_days: everybody.data.rotate_days }; draft.wrong = {}; }}>${t('gate.undo')}</button>
      <button type="button" class="btn sm pri" disabled=${save.busy} @click=${() => save.run()}>${t('gate.save')}</button>` });
    const channels = () => [{ value: '', label: t('gate.any') }, ...CHANNELS.map(value => ({ value, label: t('gate.ch.' + value) }))];
    const field = (name, of, key, more) => html`<${Field} key=${name} name=${name} disabled=${!may} value=${of[key]} error=${draft.wrong[name]} change=${v => { of[key] = v; }} ...${more} />`;
    const whole = v => v ?? 0;
    const choice = names => names.map(value => ({ value, label: t('gate.' + value) }));

    const consent = r => html`<${Panel} title=${t('gate.consent')}><div class="stack"><p class="mut">${t('gate.consenthint')}</p>${field('consent', r, 'consent', { type: 'choice', label: t('gate.consent'), options: choice(['opt_out', 'opt_in']) })}
      ${Object.keys(r.choices).length > 0 && html`<ul class="gate-list" aria-label=${t('gate.choices')}>${Object.entries(r.choices).map(([name, value]) => html`<li key=${name} class="row"><span class="mono grow cut">${name}</span>
        <${Field} name=${'choice ' + name} type="select" required=${true} disabled=${!may} value=${value} options=${choice(['opt_out', 'opt_in'])} change=${v => { r.choices[name] = v; }} />
        ${may && html`<button type="button" class="btn ico ghost sm" aria-label=${t('gate.remove')} @click=${() => { delete r.choices[name]; }}>${icon('x', 14)}</button>`}</li>`)}</ul>`}
      ${may && html`<form class="row gate-add" @submit=${e => { e.preventDefault(); const name = draft.choice.trim(); if (name) { r.choices[name] = 'opt_in'; draft.choice = ''; } }}><${Field} name="choicename" label="" placeholder=${t('gate.choicename')} value=${draft.choice} change=${v => { draft.choice = v; }} options=${CHANNELS} /><button class="btn sm" disabled=${!draft.choice.trim()}>${icon('plus', 14)} ${t('gate.addchoice')}</button></form>`}</div><//>`;

    const caps = r => html`<${Panel} title=${t('gate.caps')} wide=${true}><div class="stack"><p class="mut">${t('gate.capshint')}</p>
      ${r.caps.length === 0 && html`<p class="notice warn">${t('gate.nocaps')}</p>`}
      ${r.caps.map((cap, i) => html`<div class="gate-cap" key=${i}>${field(`caps[${i}].most`, cap, 'most', { type: 'number', label: t('gate.most') })}
        ${field(`caps[${i}].per`, cap, 'per', { type: 'select', required: true, label: t('gate.per'), options: choice(['rolling', 'day', 'week']) })}
        ${cap.per === 'rolling' ? field(`caps[${i}].hours`, cap, 'hours', { type: 'number', label: t('gate.hours') }) : html`<span></span>`}
        ${field(`caps[${i}].channel`, cap, 'channel', { type: 'select', required: true, label: t('gate.channel'), options: channels() })}
        ${field(`caps[${i}].topic`, cap, 'topic', { label: t('gate.topic'), placeholder: t('gate.any') })}
        ${may && html`<button type="button" class="btn ico ghost" aria-label=${t('gate.remove')} @click=${() => { r.caps.splice(i, 1); }}>${icon('trash', 16)}</button>`}</div>`)}
      ${may && html`<div><button type="button" class="btn sm" @click=${() => { r.caps.push({ most: 3, per: 'week', hours: 24, channel: '', topic: '' }); }}>${icon('plus', 14)} ${t('gate.addcap')}</button></div>`}
      <div class="gate-pair">${field('horizon_hours', r, 'horizon_hours', { type: 'number', label: t('gate.horizon'), unit: t('gate.hours'), hint: t('gate.horizonhint') })}</div></div><//>`;

    const hours = r => html`<${Panel} title=${t('gate.quiet')}><div class="stack"><${Field} name="quiet" type="switch" label=${t('gate.quieton')} disabled=${!may} value=${!!r.quiet} change=${on => { r.quiet = on ? { start: '21:00', end: '08:00' } : null; }} />
      ${r.quiet && html`<div class="gate-pair">${field('quiet.start', r.quiet, 'start', { type: 'time', label: t('gate.start') })}${field('quiet.end', r.quiet, 'end', { type: 'time', label: t('gate.end') })}</div>`}<p class="mut sm">${t('gate.quiethint')}</p>
      <h4 class="gate-head">${t('gate.business')}</h4><div class="gate-pair">${field('business.start', r.business, 'start', { type: 'time', label: t('gate.start') })}${field('business.end', r.business, 'end', { type: 'time', label: t('gate.end') })}</div><p class="mut sm">${t('gate.businesshint')}</p></div><//>`;

    const holdout = () => html`<${Panel} title=${t('gate.holdout')}><div class="stack"><p class="mut">${t('gate.holdouthint')}</p><${Loaded} of=${everybody} skeleton="text" n=${2} show=${() => draft.held && html`<div class="gate-pair">
      <${Field} name="share" type="number" disabled=${!may} label=${t('gate.share')} unit="%" error=${draft.wrong.share} value=${typeof draft.held.share === 'number' ? Math.round(draft.held.share * 1e4) / 100 : draft.held.share} change=${v => { draft.held.share = typeof v === 'number' ? v / 100 : whole(v); }} />
      <${Field} name="rotate_days" type="number" disabled=${!may} label=${t('gate.rotate')} unit=${t('gate.days')} hint=${t('gate.rotatehint')} error=${draft.wrong.rotate_days} value=${draft.held.rotate_days} change=${v => { draft.held.rotate_days = whole(v); }} /></div>`} /></div><//>`;

    const approval = r => html`<${Panel} title=${t('gate.approval')}><div class="stack">${field('approval.demanded', r.approval, 'demanded', { type: 'choice', label: t('gate.demanded'), options: choice(['never', 'above', 'always']) })}
      ${field('approval.above', r.approval, 'above', { type: 'number', label: t('gate.number'), unit: t('gate.people') })}
      ${field('approval.own', r.approval, 'own', { type: 'choice', label: t('gate.own'), options: [{ value: 'below', label: t('gate.below') }, { value: 'never', label: t('gate.ownnever') }] })}<p class="mut sm">${t('gate.approvalhint')}</p></div><//>`;

    const rate = (r, name, key) => html`<${Field} name=${`rates.${name}.${key}`} type="number" disabled=${!may} label="" error=${draft.wrong[`rates.${name}.${key}`]} value=${r.rates[name]?.[key] || null}
      change=${v => { const now = { second: 0, minute: 0, ...r.rates[name], [key]: v ?? 0 }; if (now.second || now.minute) r.rates[name] = now; else delete r.rates[name]; }} />`;
    const rates = r => html`<${Panel} title=${t('gate.rates')}><div class="stack"><p class="mut">${t('gate.rateshint')}</p><table class="gate-table"><thead><tr><th scope="col">${t('gate.channel')}</th><th scope="col">${t('gate.second')}</th><th scope="col">${t('gate.minute')}</th></tr></thead>
      <tbody>${[...new Set([...CHANNELS.filter(c => c !== 'in_app' && c !== 'post'), ...Object.keys(r.rates)])].map(name => html`<tr key=${name}><th scope="row">${CHANNELS.includes(name) ? t('gate.ch.' + name) : name}</th><td>${rate(r, name, 'second')}</td><td>${rate(r, name, 'minute')}</td></tr>`)}</tbody></table></div><//>`;

    const percent = (of, name) => html`<${Field} name=${`watch.${name}.share`} type="number" label="" unit="%" disabled=${!may} error=${draft.wrong[`watch.${name}.share`]} value=${typeof of.share === 'number' ? Math.round(of.share * 1e4) / 100 : of.share} change=${v => { of.share = typeof v === 'number' ? v / 100 : whole(v); }} />`;
    const watching = r => html`<${Panel} title=${t('gate.watch')}><div class="stack"><${Field} name="watch.on" type="switch" label=${t('gate.watchon')} disabled=${!may} value=${r.watch.on} change=${v => { r.watch.on = v; }} />
      <table class="gate-table"><thead><tr><th scope="col">${t('gate.sign')}</th><th scope="col">${t('gate.limit')}</th><th scope="col">${t('gate.least')}</th></tr></thead><tbody>
      ${['bounced', 'complained', 'failed'].map(name => html`<tr key=${name}><th scope="row">${t('gate.' + name)}</th><td>${percent(r.watch[name], name)}</td><td>${field(`watch.${name}.least`, r.watch[name], 'least', { type: 'number', label: '' })}</td></tr>`)}
      <tr><th scope="row" colspan="2">${t('gate.balance')}</th><td>${field('watch.balance_least', r.watch, 'balance_least', { type: 'number', label: '' })}</td></tr></tbody></table></div><//>`;

    const seeds = r => html`<${Panel} title=${t('gate.seeds')}><div class="stack"><${Field} name="seeds" type="tokens" label=${t('gate.seeds')} disabled=${!may} value=${r.seeds} hint=${t('gate.seedshint')} error=${Object.entries(draft.wrong).find(([name]) => name.startsWith('seeds'))?.[1]} change=${v => { r.seeds = v; }} /></div><//>`;

    return () => html`<div class="view"><div class="gate-top"><${Switch} />${!may && html`<p class="mut">${t('gate.read')}</p>`}</div>
      <${Loaded} of=${found} skeleton="cards" n=${4} show=${() => { const r = draft.rules; return r && html`<div class="page">${caps(r)}${consent(r)}${hours(r)}${approval(r)}${holdout()}${rates(r)}${watching(r)}${seeds(r)}<${Playgrounds} may=${may} />${boot.workspace.playground_of && html`<${Recorded} />`}</div>`; }} /></div>`;
  },
};
