// Make-goods of a line item: proposed, approved or declined, booked as a line item of its own.
import { html, api, load, reloadOn, t, num, shortDate, icon, Badge, Loaded, Panel, askForm, toast, isoDay } from '../web/kit.js';

const LOOK = { proposed: 'info', approved: 'ok', declined: '', booked: 'ok' };
const DAY = 86400000;

export const Makegoods = {
  props: ['item', 'changed'],
  setup(p) {
    const list = load(signal => api.get(`/line-items/${p.item.id}/makegoods`, { signal }), { watch: () => p.item.id });
    reloadOn(list, 'pacing');
    const done = () => { list.reload({ quiet: true }); p.changed(); };
    const propose = async () => {
      const short = Math.max(1, p.item.goal - (p.item.ended_at ? p.item.delivered : p.item.middle ?? p.item.delivered));
      const made = await askForm({
        title: t('pacing.m.propose'), submitLabel: t('pacing.m.propose'), values: { units: short, start_day: isoDay(Date.now() + DAY), end_day: isoDay(Date.now() + 14 * DAY) },
        fields: [
          { name: 'units', label: t('pacing.m.units'), type: 'number', required: true, min: 1, autofocus: true }, { name: 'start_day', label: t('pacing.start'), type: 'date', required: true },
          { name: 'end_day', label: t('pacing.end'), type: 'date', required: true }, { name: 'reason', label: t('pacing.m.reason'), type: 'textarea', optional: true, rows: 2 },
        ],
        submit: async v => { await api.post(`/line-items/${p.item.id}/makegoods`, { ...v, reason: v.reason ?? '' }); return true; },
      });
      if (made) { toast(t('pacing.m.made')); done(); }
    };
    const post = async (path, body = {}) => { try { await api.post(path, body); done(); } catch (error) { toast.error(error); } };
    const row = m => html`<li key=${m.id}><span class="row wrap"><${Badge} kind=${LOOK[m.status]} icon=${m.status === 'declined' ? 'x' : null} text=${t('pacing.m.' + m.status)} /><b class="num">${num(m.units)}</b><span class="mut sm num">${shortDate(m.start_day)}–${shortDate(m.end_day)}</span><span class="grow"></span>
        ${m.status === 'proposed' && html`<button type="button" class="btn sm" @click=${() => post(`/makegoods/${m.id}/decide`, { approved: false })}>${t('pacing.m.no')}</button><button type="button" class="btn sm pri" @click=${() => post(`/makegoods/${m.id}/decide`, { approved: true })}>${t('pacing.m.yes')}</button>`}
        ${m.status === 'approved' && html`<button type="button" class="btn sm pri" @click=${() => post(`/makegoods/${m.id}/book`)}>${t('pacing.m.book')}</button>`}
        ${m.status === 'booked' && html`<a class="btn sm" href=${'/pacing/' + m.booked}>${t('pacing.m.open')}</a>`}</span>${m.reason && html`<span class="mut sm">${m.reason}</span>`}</li>`;
    const show = data => data.makegoods.length ? html`<ul class="pacing-list">${data.makegoods.map(row)}</ul>` : html`<p class="mut sm">${t('pacing.m.none')}</p>`;
    return () => html`<${Panel} title=${t('pacing.m.title')} tools=${html`<button type="button" class="btn sm" @click=${propose}>${icon('plus', 14)}${t('pacing.m.propose')}</button>`}><${Loaded} of=${list} show=${show} n=${1} /><//>`;
  },
};
