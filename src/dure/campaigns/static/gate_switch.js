// The kill switch: one click stops all sending; a named person lets it go on with a reason.
import { action, api, Ago, askForm, Badge, dateTime, html, icon, load, Loaded, Panel, reloadOn, t, Table, toast } from '../web/kit.js';
import './gate_words.js';

const CODES = ['paused', 'stopped', 'bounced', 'complained', 'failed', 'balance'];

export const Switch = {
  setup() {
    const found = load(signal => api.get('/sending', { signal }));
    reloadOn(found, 'campaigns');
    const users = load(async signal => Object.fromEntries((await api.get('/users', { signal, quiet: true })).users.map(one => [one.id, one.name])));
    const named = id => users.data?.[id] ?? (id || '–');
    const stop = action(async () => { found.set(await api.post('/sending/stop', {})); toast(t('gate.stopdone')); }, { failed: toast.error });
    const resume = () => askForm({
      title: t('gate.resume'), submitLabel: t('gate.resume'), fields: [{ name: 'reason', label: t('gate.reason'), hint: t('gate.resumebody'), type: 'text', required: true, autofocus: true }],
      submit: async values => { found.set(await api.post('/sending/resume', { reason: values.reason ?? '' })); toast(t('gate.resumed')); },
    });
    const state = data => data.stopped
      ? html`<div class="gate-state stopped" role="status">${icon('pause', 20)}<div class="grow stack"><b>${t('gate.stopped')}</b><span class="mut sm">${t('gate.stoppedby', { who: named(data.stopped.by), at: dateTime(data.stopped.at) })}${data.stopped.reason && ` · ${data.stopped.reason}`}</span></div>
          <button type="button" class="btn" @click=${resume}>${icon('play', 14)} ${t('gate.resume')}</button></div>`
      : html`<div class="gate-state" role="status">${icon('send', 20)}<div class="grow stack"><b>${t('gate.running')}</b><span class="mut sm">${t('gate.runningbody')}</span></div>
          <button type="button" class="btn danger" disabled=${stop.busy} @click=${() => stop.run()}>${icon('pause', 14)} ${t('gate.stop')}</button></div>`;
    // What a campaign was put on hold for is a code; what a person wrote is their own words.
    const why = h => h.campaign && CODES.includes(h.reason) ? t('gate.why.' + h.reason) : h.reason;
    const columns = () => [
      { key: 'campaign', title: t('gate.what'), value: h => h.campaign, render: h => h.campaign ? html`<a href=${'/campaigns/' + h.campaign}>${t('gate.one')}</a>` : html`<${Badge} text=${t('gate.all')} />` },
      { key: 'at', title: t('gate.when'), value: h => h.at, render: h => html`<${Ago} at=${h.at} />` },
      { key: 'reason', title: t('gate.reason'), sort: false, render: h => html`<span class="cut" title=${why(h)}>${why(h) || '–'}</span>` },
      { key: 'ended', title: t('gate.until'), value: h => h.ended_at ?? '', render: h => h.ended_at ? html`<span class="cut" title=${`${named(h.ended_by)} ${h.ended_reason}`}><${Ago} at=${h.ended_at} /> ${named(h.ended_by)} ${h.ended_reason}</span>` : '–' },
    ];
    return () => html`<${Loaded} of=${found} skeleton="text" show=${data => html`<div class="gate-switch">${state(data)}
      ${data.past.length > 0 && html`<${Panel} title=${t('gate.past')} flush=${true}><${Table} label=${t('gate.past')} columns=${columns()} rows=${data.past.slice(0, 10)} rowKey=${h => h.campaign + h.at} /><//>`}</div>`} />`;
  },
};
