// Bring in from Slack: exports that were uploaded, and how it goes with each.
import { Ago, api, Badge, go, html, icon, load, onScopeDispose, Progress, shallowReactive, t, Table, toast, useTop } from '../web/kit.js';
import { bytes } from './files.js';
import './slack_words.js';

export const KIND = { reading: 'info', ready: 'warn', waiting: 'info', running: 'info', done: 'ok', failed: 'bad', cancelled: '', gone: '' };
export const going = one => one.state === 'reading' || one.state === 'waiting' || one.state === 'running';

export default {
  setup() {
    const listed = load(signal => api.get('/movings', { signal }));
    const people = load(async signal => Object.fromEntries((await api.get('/channels/people', { signal })).people.map(one => [one.id, one])));
    const sending = shallowReactive({ name: '', done: 0, call: null });
    const timer = setInterval(() => { if (listed.data?.movings.some(going)) listed.reload({ quiet: true }); }, 1000);
    onScopeDispose(() => { clearInterval(timer); sending.call?.abort(); });

    function send(file) {
      const call = new XMLHttpRequest();
      Object.assign(sending, { name: file.name, done: 0, call });
      call.open('PUT', `/api/v1/moving-files?name=${encodeURIComponent(file.name)}`);
      call.setRequestHeader('x-dure-client', 'web');
      call.upload.onprogress = event => { if (event.lengthComputable) sending.done = event.loaded / event.total; };
      const ended = () => { sending.call = null; };
      call.onload = () => {
        ended();
        let said = null;
        try { said = JSON.parse(call.responseText); } catch { /* a proxy between here and there answered */ }
        if (call.status === 201 && said?.id) { toast(t('mv.sent')); go('/admin/slack/' + said.id); }
        else toast(said?.error?.message ?? t('mv.offline'), { kind: 'bad', seconds: 10 });
      };
      call.onerror = () => { ended(); toast(t('mv.offline'), { kind: 'bad' }); };
      call.onabort = ended;
      call.send(file);
    }
    function pick() {
      const field = Object.assign(document.createElement('input'), { type: 'file', accept: '.zip,application/zip' });
      field.onchange = () => { if (field.files[0]) send(field.files[0]); };
      field.click();
    }
    useTop({ title: () => html`<h1>${t('mv.title')}</h1>`, tools: () => !listed.error && html`<button type="button" class="btn pri" disabled=${Boolean(sending.call)} @click=${pick}>${icon('plus')}${t('mv.new')}</button>` });

    const columns = () => [
      { key: 'made_at', title: t('mv.when'), width: 110, render: one => html`<${Ago} at=${one.made_at} />` },
      { key: 'name', title: t('mv.file'), render: one => html`<a class="cut" href=${'/admin/slack/' + one.id}>${one.name}</a>` },
      { key: 'made_by', title: t('mv.by'), width: 120, value: one => people.data?.[one.made_by]?.name ?? one.made_by },
      { key: 'state', title: t('mv.state'), width: 320, render: one => html`<span class="row"><${Badge} kind=${KIND[one.state]} text=${t('mv.s.' + one.state)} />
        ${(one.state === 'running' || one.state === 'done') && html`<span class="mut num cut">${t('mv.running', { d: one.progress.days, a: one.progress.days_all, m: one.progress.messages, f: one.progress.files })}</span>`}
        ${one.state === 'failed' && html`<span class="poor cut" title=${one.why}>${one.why}</span>`}</span>` },
      { key: 'size', title: t('mv.size'), num: true, width: 90, render: one => bytes(one.size) },
    ];
    return () => html`<div class="view fill">
      ${sending.call && html`<div class="mv-sending"><${Progress} done=${sending.done} total=${1} label=${`${t('mv.sending')} · ${sending.name}`} cancel=${() => sending.call?.abort()} /></div>`}
      <${Table} label=${t('mv.title')} columns=${columns()} rows=${listed.data?.movings} loading=${listed.loading} error=${listed.error} retry=${listed.reload}
        open=${one => go('/admin/slack/' + one.id)} empty=${{ icon: 'send', title: t('mv.none'), body: t('mv.none.body'), action: { label: t('mv.new'), run: pick } }} /></div>`;
  },
};
