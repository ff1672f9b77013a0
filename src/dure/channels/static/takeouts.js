// Exports: asked for, how far they are, fetched while they last.
import { Ago, api, ask, askForm, Badge, dateTime, html, icon, load, onScopeDispose, t, Table, toast, useTop } from '../web/kit.js';
import { bytes } from './files.js';
import './keeping_words.js';
import { nameable } from './named.js';

const KIND = { waiting: 'info', running: 'info', done: 'ok', failed: 'bad', cancelled: '', gone: '' };
const going = one => one.state === 'waiting' || one.state === 'running';

export default {
  setup() {
    const listed = load(signal => api.get('/takeouts', { signal }));
    const people = load(async signal => Object.fromEntries((await api.get('/channels/people', { signal })).people.map(one => [one.id, one])));
    const timer = setInterval(() => { if (listed.data?.takeouts.some(going)) listed.reload({ quiet: true }); }, 1000);
    onScopeDispose(() => clearInterval(timer));
    async function begin() {
      const known = await nameable();
      const made = await askForm({
        title: t('ex.new'), submitLabel: t('ex.new'), values: { kind: 'compliance' }, fields: [
          { name: 'kind', label: t('ex.kind'), type: 'choice', required: true, options: ['compliance', 'leaving'].map(value => ({ value, label: t('ex.' + value) })), hint: ['compliance', 'leaving'].map(value => `${t('ex.' + value)}: ${t(`ex.${value}.body`)}`).join(' ') },
          { name: 'people', label: t('ex.people'), type: 'tokens', hint: t('kp.legal.people.hint'), options: known.people, only: true, when: v => v.kind === 'compliance' }, { name: 'channels', label: t('ex.channels'), type: 'tokens', hint: t('kp.legal.channels.hint'), options: known.channels, only: true, when: v => v.kind === 'compliance' },
          { name: 'since', label: t('kp.legal.since'), type: 'date', optional: true, when: v => v.kind === 'compliance' }, { name: 'until', label: t('kp.legal.until'), type: 'date', optional: true, when: v => v.kind === 'compliance' },
        ],
        submit: v => api.post('/takeouts', { kind: v.kind, people: v.people ?? [], channels: v.channels ?? [], since: v.since ? v.since + 'T00:00:00Z' : null, until: v.until ? v.until + 'T23:59:59Z' : null }),
      });
      if (made) { toast(t('ex.began')); listed.reload({ quiet: true }); }
    }
    async function end(one) {
      if (!await ask({ title: t(going(one) ? 'ex.cancel.ask' : 'ex.delete.ask'), body: t(`ex.${one.kind}`), action: t(going(one) ? 'ex.cancel' : 'ex.delete'), danger: true })) return;
      try { await api.del('/takeouts/' + one.id); } catch (error) { toast.error(error); }
      listed.reload({ quiet: true });
    }
    useTop({ title: () => html`<h1>${t('ex.title')}</h1>`, tools: () => !listed.error && html`<button type="button" class="btn pri" @click=${begin}>${icon('plus')}${t('ex.new')}</button>` });
    const columns = () => [
      { key: 'made_at', title: t('ex.when'), width: 110, render: one => html`<${Ago} at=${one.made_at} />` }, { key: 'kind', title: t('ex.kind'), width: 120, value: one => t('ex.' + one.kind) },
      { key: 'made_by', title: t('ex.by'), width: 120, value: one => people.data?.[one.made_by]?.name ?? one.made_by },
      { key: 'state', title: t('ex.state'), render: one => html`<span class="row"><${Badge} kind=${KIND[one.state]} text=${t('ex.s.' + one.state)} />${one.state === 'running' && html`<span class="mut num cut">${t('ex.progress', { d: one.channels_done, a: one.channels_all, m: one.messages })}</span>`}${one.state === 'failed' && html`<span class="poor cut">${one.why}</span>`}${one.state === 'done' && html`<span class="mut cut">${t('ex.until', { at: dateTime(one.gone_at) })}</span>`}</span>` },
      { key: 'size', title: t('ex.size'), num: true, width: 90, render: one => one.size ? bytes(one.size) : '–' },
      { key: 'acts', title: '', sort: false, width: 190, render: one => html`<span class="actions end">${one.state === 'done' && html`<a class="btn sm" href=${one.file} download="">${t('ex.fetch')}</a>`}${(going(one) || one.state === 'done') && html`<button type="button" class="btn ghost sm" @click=${() => end(one)}>${t(going(one) ? 'ex.cancel' : 'ex.delete')}</button>`}</span>` },
    ];
    return () => html`<div class="view fill"><${Table} label=${t('ex.title')} columns=${columns()} rows=${listed.data?.takeouts} loading=${listed.loading} error=${listed.error} retry=${listed.reload} empty=${{ icon: 'file', title: t('ex.none'), body: t('ex.none.body'), action: { label: t('ex.new'), run: begin } }} /></div>`;
  },
};
