// Writing a charter: purpose, who belongs and why, the standard, what goes elsewhere; begun from a template of its topic.
import { action, api, html, icon, load, ref, sentence, state, t } from '../web/kit.js';
import './charter_words.js';
import { rooms } from './rooms.js';

export const TEAMS = ['product', 'marketing', 'sales', 'ad_ops', 'social', 'care', 'people', 'press', 'executives'];

// props: room, found (as the server told it), cancel(), saved()
export const CharterEditor = {
  props: ['room', 'found', 'cancel', 'saved'],
  setup(p) {
    const was = p.found.charter;
    const draft = ref({
      purpose: was?.purpose ?? '', team: was?.team ?? '', minutes: p.found.standard.minutes ?? 0,
      belongs: (was?.belongs ?? []).map(one => ({ ...one })), places: (was?.places ?? []).map(one => ({ what: one.what, channel: one.channel })),
    });
    const set = change => { draft.value = { ...draft.value, ...change }; };
    const change = (list, n, what) => set({ [list]: draft.value[list].map((one, i) => i === n ? { ...one, ...what } : one) });
    const drop = (list, n) => set({ [list]: draft.value[list].filter((_, i) => i !== n) });
    const members = load(async signal => (await api.get(`/channels/${p.room.id}/members`, { signal })).members.filter(one => !one.bot));
    const templates = load(async signal => was ? {} : (await api.get('/charter-templates', { signal, quiet: true })).templates);
    function begin(topic) {
      const one = templates.data?.[topic];
      if (one) set({ purpose: one[state.lang].purpose, team: one.team, minutes: draft.value.minutes || one.minutes, places: one[state.lang].places.map(what => ({ what, channel: '' })) });
    }
    const save = action(async () => {
      const it = draft.value;
      await api.put(`/channels/${p.room.id}/charter`, {
        purpose: it.purpose, team: it.team, minutes: Number(it.minutes) || null, version: was?.version ?? 0,
        belongs: it.belongs.filter(one => one.user), places: it.places.filter(one => one.what.trim()),
      });
      await p.saved();
    });
    const others = () => rooms.list.filter(one => one.kind === 'channel' && one.id !== p.room.id).sort((a, b) => a.name.localeCompare(b.name, 'ko'));
    const select = (value, options, label, pick) => html`<select class="input" aria-label=${label} @change=${e => pick(e.target.value)}>${options.map(([key, text]) => html`<option key=${key} value=${key} selected=${key === value}>${text}</option>`)}</select>`;
    const rowOf = (list, n, inner) => html`<div class="ct-edit-row" key=${list + n}>${inner}<button type="button" class="btn ghost ico sm" aria-label=${t('ct.remove')} title=${t('ct.remove')} @click=${() => drop(list, n)}>${icon('x', 14)}</button></div>`;
    const people = one => [['', t('ct.person')], ...(members.data ?? []).map(who => [who.id, who.org ? `${who.name} · ${who.org}` : who.name]), ...(one.user && !(members.data ?? []).some(who => who.id === one.user) ? [[one.user, p.found.people[one.user]?.name ?? one.user]] : [])];
    return () => {
      const it = draft.value;
      return html`<form class="ct-edit" @submit=${e => { e.preventDefault(); save.run(); }}>
        ${!was && templates.data && html`<div class="row wrap ct-starts"><span class="mut sm">${t('ct.template')}</span>${Object.keys(templates.data).map(topic => html`<button key=${topic} type="button" class="btn sm" @click=${() => begin(topic)}>${t('cu.topic.' + topic)}</button>`)}</div>`}
        <label class="ct-field"><span>${t('ct.purpose')}</span><textarea class="input" rows="5" maxlength="4000" required value=${it.purpose} @input=${e => set({ purpose: e.target.value })}></textarea></label>
        <div class="ct-pair"><label class="ct-field"><span>${t('ct.minutes')}</span><input class="input num" type="number" min="0" max="43200" value=${it.minutes} @input=${e => set({ minutes: e.target.value })} /><span class="mut sm">${t('ct.minutes.hint')}</span></label>
          <div class="ct-field"><span>${t('ct.team')}</span>${select(it.team, [['', t('ct.team.all')], ...TEAMS.map(team => [team, t('fn.' + team)])], t('ct.team'), team => set({ team }))}</div></div>
        <fieldset class="ct-field"><legend>${t('ct.belongs')}</legend>
          ${it.belongs.map((one, n) => rowOf('belongs', n, html`${select(one.user, people(one), t('ct.person'), user => change('belongs', n, { user }))}<input class="input" maxlength="200" value=${one.reason} placeholder=${t('ct.reason')} aria-label=${t('ct.reason')} @input=${e => change('belongs', n, { reason: e.target.value })} />`))}
          <button type="button" class="btn sm" @click=${() => set({ belongs: [...it.belongs, { user: '', reason: '' }] })}>${icon('plus', 14)}${t('ct.add.person')}</button></fieldset>
        <fieldset class="ct-field"><legend>${t('ct.places')}</legend>
          ${it.places.map((one, n) => rowOf('places', n, html`<input class="input" maxlength="200" value=${one.what} placeholder=${t('ct.what')} aria-label=${t('ct.what')} @input=${e => change('places', n, { what: e.target.value })} />${select(one.channel, [['', t('ct.nowhere')], ...others().map(room => [room.id, '#' + room.name])], t('ct.where'), channel => change('places', n, { channel }))}`))}
          <button type="button" class="btn sm" @click=${() => set({ places: [...it.places, { what: '', channel: '' }] })}>${icon('plus', 14)}${t('ct.add.place')}</button></fieldset>
        ${save.error && html`<p class="poor sm" role="alert">${save.error.status === 409 ? t('ct.conflict') : sentence(save.error)}</p>`}
        <div class="actions"><button type="submit" class="btn pri" disabled=${save.busy}>${t('ct.save')}</button><button type="button" class="btn" @click=${p.cancel}>${t('ct.cancel')}</button></div></form>`;
    };
  },
};
