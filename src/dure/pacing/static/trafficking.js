// From booked to on air: set up, looked at by a second person, switched on.
import { html, api, t, dateTime, icon, Panel, askForm, toast } from '../web/kit.js';

const STEPS = ['open', 'trafficked', 'approved', 'live'];

export const GettingOnAir = {
  props: ['item', 'people', 'changed'],
  setup(p) {
    const post = async (path, body = {}) => { try { await api.post(`/line-items/${p.item.id}/${path}`, body); p.changed(); } catch (error) { toast.error(error); } };
    const reject = async () => { if (await askForm({ title: t('pacing.t.reject'), submitLabel: t('pacing.t.reject'), fields: [{ name: 'reason', label: t('pacing.t.problem'), type: 'textarea', required: true, autofocus: true, rows: 2 }],
      submit: async v => { await api.post(`/line-items/${p.item.id}/qa/reject`, { reason: v.reason }); return true; } })) p.changed(); };
    const who = id => p.people.get((id ?? '').replace(/^user:/, '')) ?? id;
    const by = step => ({ trafficked: p.item.trafficked_at && [p.item.trafficked_by, p.item.trafficked_at], approved: p.item.approved_at && [p.item.approved_by, p.item.approved_at], live: p.item.launched_at && ['', p.item.launched_at] })[step];
    return () => {
      const at = STEPS.indexOf(p.item.trafficking);
      const button = (label, run, pri) => html`<button type="button" class=${'btn sm ' + (pri ? 'pri' : '')} @click=${run}>${label}</button>`;
      const tools = { open: () => button(t('pacing.t.done'), () => post('trafficked'), true), trafficked: () => [button(t('pacing.t.reject'), reject), button(t('pacing.t.approve'), () => post('qa/approve'), true)], approved: () => button(t('pacing.t.golive'), () => post('live'), true) }[p.item.trafficking];
      return html`<${Panel} title=${t('pacing.t.title')} tools=${tools ? html`<span class="row">${tools()}</span>` : null}><ol class="pacing-steps">${STEPS.map((step, i) => html`<li key=${step} class=${i < at ? 'done' : i === at ? 'now' : ''} aria-current=${i === at ? 'step' : null}>
        ${icon(i < at || p.item.trafficking === 'live' ? 'check' : i === at ? 'right' : 'clock', 14)}<span><b>${t('pacing.t.' + step)}</b>${by(step) && html`<span class="mut sm">${[who(by(step)[0]), dateTime(by(step)[1])].filter(Boolean).join(' · ')}</span>`}</span></li>`)}</ol>
        ${p.item.trafficking === 'trafficked' && html`<p class="mut sm">${t('pacing.t.second')}</p>`}<//>`;
    };
  },
};
