// Opening hours: calendars by name with a week and days of their own, and which team goes by which.
import { action, api, ask, askForm, boot, Empty, html, icon, load, Loaded, Panel, reactive, ref, t, toast, useGuard, useTop, watch } from '../web/kit.js';
import { DAYS, Week } from './hours_week.js';
import './hours_words.js';

const EVERYBODY = 'everybody', WORKDAY = [['09:00', '18:00']];
const NEW = () => ({ id: '', name: t('hours.office'), zone: boot.workspace.timezone, week: DAYS.map((_, i) => i < 5 ? structuredClone(WORKDAY) : []), days: [], version: 0 });
const copy = one => JSON.parse(JSON.stringify(one));
const zones = () => Intl.supportedValuesOf?.('timeZone') ?? [];

export default {
  setup() {
    const held = load(signal => api.get('/opening-hours', { signal }), { keep: true });
    const draft = reactive({ one: null }), kept = ref('');
    const dirty = () => draft.one !== null && JSON.stringify(draft.one) !== kept.value;
    const take = one => { draft.one = copy(one); kept.value = one.id ? JSON.stringify(draft.one) : ''; };
    const leave = async () => !dirty() || ask({ title: t('hours.leave'), action: t('hours.discard'), danger: true });
    const choose = async one => { if (await leave()) take(one); };
    watch(() => held.data, data => { if (data && draft.one === null && data.calendars.length) take(data.calendars[0]); }, { immediate: true });
    useGuard(dirty, leave);

    const save = action(async () => {
      const { id, ...told } = draft.one, saved = id ? await api.put('/opening-hours/' + id, told) : await api.post('/opening-hours', told);
      take(saved); toast(t('hours.saved')); held.reload({ quiet: true });
    }, { failed: toast.error });
    const remove = action(async () => {
      if (!await ask({ title: t('hours.removeask', { name: draft.one.name }), action: t('hours.remove'), danger: true })) return;
      await api.del('/opening-hours/' + draft.one.id); draft.one = null; kept.value = ''; held.reload({ quiet: true });
    }, { failed: toast.error });
    const give = action(async (team, hours) => { const { teams } = await api.put('/opening-hours/teams/' + (team || EVERYBODY), { hours: hours || null }); held.set({ ...held.data, teams }); toast(t('hours.given')); }, { failed: toast.error });

    const put = days => { const by = Object.fromEntries(draft.one.days.map(one => [one.date, one])); for (const one of days) by[one.date] = one; draft.one.days = Object.values(by).sort((a, b) => a.date < b.date ? -1 : 1); };
    const addDay = () => askForm({
      title: t('hours.addday'), submitLabel: t('hours.add'), fields: [{ name: 'date', label: t('hours.date'), type: 'date', required: true, autofocus: true }, { name: 'name', label: t('hours.dayname'), optional: true },
        { name: 'from', label: t('hours.from'), type: 'time', optional: true, hint: t('hours.closedhint') }, { name: 'to', label: t('hours.to'), type: 'time', optional: true }],
      submit: async v => put([{ date: v.date, name: v.name ?? '', spans: v.from && v.to ? [[v.from, v.to]] : [] }]),
    });
    const paste = () => askForm({
      title: t('hours.paste'), submitLabel: t('hours.read'), fields: [{ name: 'text', label: t('hours.list'), type: 'textarea', rows: 10, required: true, autofocus: true, hint: t('hours.listhint'), placeholder: '2027-01-01 신정\n2027-02-06 ~ 2027-02-08 설날\n2026-12-31 종무식 09:00-12:00' }],
      submit: async v => { const { days } = await api.post('/opening-hours/days', { text: v.text }); put(days); toast(t('hours.readn', { n: days.length })); },
    });
    const file = async e => {
      const [picked] = e.target.files; e.target.value = '';
      if (!picked) return;
      try { const { days } = await api.post('/opening-hours/days', { text: await picked.text() }); put(days); toast(t('hours.readn', { n: days.length })); } catch (error) { toast.error(error); }
    };

    const day = (one, i) => html`<tr key=${one.date}><td class="num nowrap">${one.date} <span class="mut">${t('hours.d' + (new Date(one.date + 'T00:00:00Z').getUTCDay() + 6) % 7)}</span></td><td>${one.name || html`<span class="mut">–</span>`}</td><td class="num">${one.spans.length ? one.spans.map(([from, to]) => `${from}–${to}`).join(', ') : html`<span class="mut">${t('hours.closed')}</span>`}</td>
      <td class="r"><button type="button" class="btn ghost ico sm" aria-label=${t('hours.removeday', { day: one.date })} title=${t('hours.removeday', { day: one.date })} @click=${() => draft.one.days.splice(i, 1)}>${icon('x', 14)}</button></td></tr>`;
    const editor = () => html`<${Panel} title=${draft.one.id ? draft.one.name : t('hours.new')} wide=${true}><div class="stack">
      <div class="hours-head"><label><span class="mut sm">${t('hours.name')}</span><input class="input" value=${draft.one.name} @input=${e => { draft.one.name = e.target.value; }} /></label>
        <label><span class="mut sm">${t('hours.zone')}</span><input class="input" list="hours-zones" value=${draft.one.zone} @input=${e => { draft.one.zone = e.target.value; }} /><datalist id="hours-zones">${zones().map(one => html`<option key=${one} value=${one}></option>`)}</datalist></label></div>
      <${Week} week=${draft.one.week} change=${week => { draft.one.week = week; }} />
      <div class="row wrap"><h3>${t('hours.days')}</h3><span class="mut sm">${t('hours.daysnote')}</span><span class="grow"></span><button type="button" class="btn sm" @click=${addDay}>${icon('plus', 14)}${t('hours.addday')}</button><button type="button" class="btn sm" @click=${paste}>${t('hours.paste')}</button>
        <label class="btn sm">${t('hours.file')}<input type="file" class="sr" accept=".ics,.txt,.csv" @change=${file} /></label></div>
      ${draft.one.days.length ? html`<div class="hours-days"><table class="table small"><tbody>${draft.one.days.map(day)}</tbody></table></div>` : html`<p class="mut sm">${t('hours.nodays')}</p>`}
      <div class="actions">${draft.one.id && html`<button type="button" class="btn ghost danger" disabled=${remove.busy} @click=${() => remove.run()}>${t('hours.remove')}</button>`}<span class="grow"></span>${dirty() && html`<button type="button" class="btn ghost" @click=${() => { const back = held.data?.calendars.find(one => one.id === draft.one.id) ?? held.data?.calendars[0]; if (back) take(back); else { draft.one = null; kept.value = ''; } }}>${t('hours.discard')}</button>`}<button type="button" class="btn pri" disabled=${!dirty() || save.busy} @click=${() => save.run()}>${t('hours.save')}</button></div></div><//>`;
    const teams = data => html`<${Panel} title=${t('hours.teams')} note=${t('hours.teamsnote')} wide=${true}><div class="hours-teams">${['', ...data.functions].map(team => html`<label key=${team}><span class=${team ? '' : 'strong'}>${team ? t('hours.t.' + team) : t('hours.everybody')}</span>
      <select class="input sm" value=${data.teams[team] ?? ''} disabled=${give.busy} @change=${e => give.run(team, e.target.value)}><option value="" selected=${!data.teams[team]}>${t(team ? 'hours.asall' : 'hours.always')}</option>${data.calendars.map(one => html`<option key=${one.id} value=${one.id} selected=${data.teams[team] === one.id}>${one.name}</option>`)}</select></label>`)}</div><//>`;
    const show = data => html`<div class="page">${(data.calendars.length > 1 || (draft.one && !draft.one.id && data.calendars.length)) ? html`<div class="w row wrap">${data.calendars.map(one => html`<button type="button" key=${one.id} class=${'btn sm' + (draft.one?.id === one.id ? ' on' : '')} aria-pressed=${String(draft.one?.id === one.id)} @click=${() => choose(one)}>${one.name}</button>`)}</div>` : null}
      ${draft.one ? editor() : html`<div class="w"><${Empty} icon="clock" title=${t('hours.none')} body=${t('hours.nonebody')} action=${{ label: t('hours.new'), run: () => take(NEW()), icon: 'plus' }} /></div>`}${data.calendars.length ? teams(data) : null}</div>`;
    useTop({ tools: () => html`<button type="button" class="btn pri" @click=${() => choose(NEW())}>${icon('plus')}${t('hours.new')}</button>` });
    return () => html`<div class="view"><${Loaded} of=${held} show=${show} /></div>`;
  },
};
