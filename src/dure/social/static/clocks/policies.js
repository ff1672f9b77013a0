// Policies: who is promised what, in order; changed on the screen and only then saved.
import { action, api, ask, boot, Empty, html, icon, load, Loaded, Panel, reactive, ref, t, toast, useGuard, watch } from '../../web/kit.js';
import './words.js';

const KINDS = ['first', 'next', 'resolve'], SENDING = ['off', 'ask', 'reply', 'email'], DAY = 480;
const listed = text => text.split(',').map(one => one.trim()).filter(Boolean);

// '1h 30m', '45', '2d' in minutes; null for nothing, NaN for what is no time.
export function minutes(text) {
  const plain = String(text ?? '').trim().toLowerCase();
  if (!plain) return null;
  if (/^\d+$/.test(plain)) return Number(plain);
  const parts = [...plain.matchAll(/(\d+(?:\.\d+)?)\s*(d|h|m|일|시간|분)/g)];
  if (!parts.length || plain.replace(/(\d+(?:\.\d+)?)\s*(d|h|m|일|시간|분)/g, '').trim()) return NaN;
  return Math.round(parts.reduce((sum, [, n, unit]) => sum + Number(n) * ({ d: DAY, 일: DAY, h: 60, 시간: 60 }[unit] ?? 1), 0));
}
export function spelled(n) {
  if (n === null || n === undefined) return '';
  const days = n % DAY === 0 && n >= 2 * DAY ? n / DAY : 0, hours = days ? 0 : Math.floor(n / 60), rest = days ? 0 : n % 60;
  return [days && `${days}d`, hours && `${hours}h`, rest && `${rest}m`].filter(Boolean).join(' ');
}

let made = 0;
const draftOf = one => ({ key: made += 1, id: one.id, name: one.name, teams: [...(one.teams ?? [])], priorities: [...(one.priorities ?? [])], networks: (one.networks ?? []).join(', '), tiers: (one.tiers ?? []).join(', '), ...Object.fromEntries(KINDS.map(kind => [kind, spelled(one[kind])])) });
const fresh = () => `p-${Date.now().toString(36)}-${made += 1}`;

export const Policies = {
  props: ['query'],
  setup() {
    const held = load(signal => api.get('/response-policies', { signal })), may = ['owner', 'admin'].includes(boot.me.role);
    const draft = reactive({ policies: [], silent: '', survey: 'off' }), kept = ref(''), version = ref(0);
    const plain = () => ({ policies: draft.policies.map(one => ({ id: one.id, name: one.name, teams: one.teams, priorities: one.priorities, networks: listed(one.networks), tiers: listed(one.tiers), ...Object.fromEntries(KINDS.map(kind => [kind, minutes(one[kind])])) })), silent: minutes(draft.silent), survey: draft.survey });
    const now = () => JSON.stringify([draft.policies.map(({ key, ...one }) => one), draft.silent, draft.survey]);
    const dirty = () => kept.value !== '' && now() !== kept.value;
    const take = data => { Object.assign(draft, { policies: data.policies.map(draftOf), silent: spelled(data.silent), survey: data.survey }); version.value = data.version; kept.value = now(); };
    watch(() => held.data, data => { if (data && !dirty()) take(data); }, { immediate: true });
    useGuard(dirty, () => ask({ title: t('clock.leave'), action: t('clock.discard'), danger: true }));
    const wrong = text => Number.isNaN(minutes(text));
    const save = action(async () => {
      const bad = [...draft.policies.flatMap(one => KINDS.map(kind => one[kind])), draft.silent].find(wrong);
      if (bad !== undefined) { toast(t('clock.badtime', { text: bad }), { kind: 'bad' }); return; }
      const saved = await api.put('/response-policies', { ...plain(), version: version.value });
      take(saved); held.set({ ...held.data, ...saved });
      toast(t('clock.saved'), { action: { label: t('clock.retime'), run: () => retime.run() }, seconds: 12 });
    }, { failed: toast.error });
    const retime = action(async () => {
      if (!await ask({ title: t('clock.retimeask'), body: t('clock.retimebody'), action: t('clock.retime') })) return;
      const { conversations } = await api.post('/response-policies/retime'); toast(t('clock.retimed', { n: conversations }));
    }, { failed: toast.error });
    const add = () => draft.policies.push(draftOf({ id: fresh(), name: t('clock.new'), first: 240 }));
    const usual = () => { draft.policies = [{ name: t('clock.r.urgent'), priorities: ['urgent'], first: 30, next: 30, resolve: 240 }, { name: t('clock.r.high'), priorities: ['high'], first: 60, next: 60, resolve: 480 }, { name: t('clock.r.usual'), first: 240, next: 240, resolve: 960 }].map(one => draftOf({ id: fresh(), ...one })); };
    const shift = (i, by) => { const [one] = draft.policies.splice(i, 1); draft.policies.splice(i + by, 0, one); };
    const toggle = (list, value) => { const at = list.indexOf(value); if (at < 0) list.push(value); else list.splice(at, 1); };
    const chips = (label, list, all, word) => html`<div class="clock-cond" role="group" aria-label=${label}><span class="mut sm">${label}</span><div class="clock-chips">${!list.length && html`<span class="tag mut">${t('clock.any')}</span>`}${all.map(one => html`<button type="button" key=${one} class=${'clock-pickchip' + (list.includes(one) ? ' on' : '')} disabled=${!may} aria-pressed=${String(list.includes(one))} @click=${() => toggle(list, one)}>${word(one)}</button>`)}</div></div>`;
    const typed = (one, name, label, hint) => html`<label class="clock-cond"><span class="mut sm">${label}</span><input class="input sm" disabled=${!may} placeholder=${hint} value=${one[name]} @input=${e => { one[name] = e.target.value; }} /></label>`;
    const time = (of, name, label) => html`<label class="clock-time"><span class="mut sm">${label}</span><input class="input sm num" disabled=${!may} aria-invalid=${wrong(of[name]) ? 'true' : null} placeholder=${t('clock.never')} title=${t('clock.hint')} value=${of[name]} @input=${e => { of[name] = e.target.value; }} /></label>`;
    const card = (one, i, data) => html`<li class="clock-policy" key=${one.key}><span class="mut num">${i + 1}</span>
      <div class="stack"><input class="input sm clock-name" aria-label=${t('clock.name')} disabled=${!may} value=${one.name} @input=${e => { one.name = e.target.value; }} />
        <div class="clock-times">${KINDS.map(kind => time(one, kind, t('clock.kind.' + kind)))}</div></div>
      <div class="clock-conds">${chips(t('clock.priorities'), one.priorities, data.priorities, v => t('clock.p.' + v))}${chips(t('clock.teams'), one.teams, data.functions, v => t('social.' + v))}
        <div class="clock-two">${typed(one, 'networks', t('clock.networks'), t('clock.networkshint'))}${typed(one, 'tiers', t('clock.tiers'), t('clock.tiershint'))}</div></div>
      <div class="clock-moves">${[['up', -1, i === 0], ['down', 1, i === draft.policies.length - 1]].map(([way, by, off]) => html`<button type="button" key=${way} class="btn ghost ico sm" disabled=${off || !may} aria-label=${t('clock.' + way)} title=${t('clock.' + way)} @click=${() => shift(i, by)}>${icon(way, 14)}</button>`)}
        <button type="button" class="btn ghost ico sm" disabled=${!may} aria-label=${t('clock.remove')} title=${t('clock.remove')} @click=${() => draft.policies.splice(i, 1)}>${icon('trash', 14)}</button></div></li>`;
    const show = data => html`<div class="stack"><p class="mut sm">${t('clock.order')} ${t('clock.hint')}. ${may ? html`<a href="/opening-hours">${t('clock.hours')}</a>` : t('clock.admin')}</p>
      <${Panel} title=${t('clock.policies')} flush=${true} tools=${may && html`<button type="button" class="btn sm" @click=${add}>${icon('plus', 14)}${t('clock.add')}</button>`}>
        ${draft.policies.length ? html`<ol class="clock-policies">${draft.policies.map((one, i) => card(one, i, data))}</ol>` : html`<${Empty} icon="clock" title=${t('clock.nopolicies')} body=${t('clock.nopoliciesbody')} action=${may ? { label: t('clock.start'), run: usual, icon: 'plus' } : null} />`}<//>
      <${Panel}><div class="clock-more"><div><label class="clock-cond"><b class="sm">${t('clock.silent')}</b><input class="input sm num clock-short" disabled=${!may} aria-invalid=${wrong(draft.silent) ? 'true' : null} placeholder=${t('clock.never')} value=${draft.silent} @input=${e => { draft.silent = e.target.value; }} /></label><p class="mut sm">${t('clock.silenthint')}</p></div>
        <div><label class="clock-cond"><b class="sm">${t('clock.survey')}</b><select class="input sm" disabled=${!may} value=${draft.survey} @change=${e => { draft.survey = e.target.value; }}>${SENDING.map(one => html`<option key=${one} value=${one} selected=${draft.survey === one}>${t('clock.s.' + one)}</option>`)}</select></label><p class="mut sm">${t('clock.surveyhint')}</p></div></div><//>
      ${may && html`<div class="actions clock-save"><button type="button" class="btn ghost" disabled=${retime.busy || dirty()} @click=${() => retime.run()}>${t('clock.retime')}</button><span class="grow"></span><span class="mut sm">${dirty() ? '' : t('clock.unchanged')}</span>
        ${dirty() && html`<button type="button" class="btn ghost" @click=${() => take(held.data)}>${t('clock.discard')}</button>`}<button type="button" class="btn pri" disabled=${!dirty() || save.busy} @click=${() => save.run()}>${t('clock.save')}</button></div>`}</div>`;
    return () => html`<div class="clock-page"><${Loaded} of=${held} show=${show} /></div>`;
  },
};
