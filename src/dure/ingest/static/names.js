// Names of events that nobody has approved yet, each with an example: approve, approve as another name, or refuse.
import { Ago, api, ask, askForm, Badge, html, icon, load, num, ref, t, Table, toast, useKeys } from '../web/kit.js';
import { actors, pretty } from './words.js';

const MODES = ['open', 'approve', 'closed'], KINDS = { waiting: 'warn', approved: 'ok', refused: 'bad' };

export default {
  props: ['query', 'changed'],
  setup(props) {
    const called = actors(), names = load(signal => api.get('/event-names', { signal })), open = ref(null);
    const opened = () => names.data?.names.find(one => one.name === open.value);
    const done = () => { names.reload({ quiet: true }); props.changed(); };

    async function setMode(mode) {
      const answer = await api.put('/event-names/mode', { mode });
      toast(t('names.set', { mode: t('names.' + mode) }) + (answer.approved ? ' · ' + t('names.known', { n: answer.approved }) : ''));
      done();
    }
    async function approve(one, becomes = '') {
      const answer = await api.put('/event-names', { name: one.name, state: 'approved', becomes });
      toast(t('names.done', { name: one.name, n: answer.released })); done();
    }
    async function merge(one) {
      await askForm({ title: one.name, submitLabel: t('names.ok'), fields: [{ name: 'becomes', label: t('names.target'), hint: t('names.targethint'), required: true, autofocus: true }], submit: values => approve(one, values.becomes) });
    }
    async function refuse(one) {
      if (!await ask({ title: t('names.askno', { name: one.name }), body: t('names.nobody', { n: one.held }), action: t('names.no'), danger: true })) return;
      const answer = await api.put('/event-names', { name: one.name, state: 'refused' });
      toast(t('names.dropped', { name: one.name, n: answer.dropped })); done();
    }
    // The keys act on the opened name, or on the row that has the focus.
    const meant = () => names.data?.names.find(one => one.name === document.activeElement?.closest?.('tr')?.dataset.key) ?? opened();
    const on = act => () => { const one = meant(); if (one) act(one); };
    useKeys({ a: [on(one => one.state !== 'approved' && approve(one)), 'names.ok'], m: [on(merge), 'names.merge'], r: [on(one => one.state !== 'refused' && refuse(one)), 'names.no'], Escape: [() => { open.value = null; }, 'sources.close'] }, 'names.queue');

    const acts = one => html`<span class="row" style="justify-content:flex-end">${one.state !== 'approved' && html`<button type="button" class=${'btn sm' + (one.state === 'waiting' ? ' pri' : '')} @click=${() => approve(one)}>${t('names.ok')}</button>`}${one.state === 'waiting' && html`<button type="button" class="btn sm" @click=${() => merge(one)}>${t('names.merge')}</button>`}${one.state !== 'refused' && html`<button type="button" class="btn sm" @click=${() => refuse(one)}>${t('names.no')}</button>`}</span>`;
    const columns = () => [
      { key: 'name', title: t('names.name'), render: one => html`<span class="row"><b class="cut">${one.name}</b>${one.becomes !== one.name && html`<span class="mut">${t('names.becomes', { name: one.becomes })}</span>`}</span>` },
      { key: 'state', title: t('names.state'), value: one => t('names.' + one.state), render: one => html`<${Badge} kind=${KINDS[one.state]} text=${t('names.' + one.state)} />` },
      ...(open.value ? [] : [{ key: 'source', title: t('sources.source'), render: one => one.source ? html`<span class="tag">${one.source}</span>` : '–' }]),
      { key: 'seen', title: t('names.seen'), num: true }, { key: 'held', title: t('names.held'), num: true },
      ...(open.value ? [] : [{ key: 'first_at', title: t('names.first'), render: one => html`<${Ago} at=${one.first_at} />` }, { key: 'last_at', title: t('names.last'), render: one => html`<${Ago} at=${one.last_at} />` }]),
      ...(open.value ? [] : [{ key: 'acts', title: '', sort: false, render: acts }]),
    ];
    const mode = () => names.data?.mode ?? 'open';
    const table = () => html`<${Table} label=${t('names.queue')} columns=${columns()} rows=${names.data?.names} rowKey="name" loading=${names.loading} error=${names.error} retry=${names.reload} open=${one => { open.value = open.value === one.name ? null : one.name; }} rowClass=${one => one.name === open.value ? 'ingest-open' : ''} empty=${{ icon: 'check', title: t('names.none'), body: t(mode() === 'open' ? 'names.noneopen' : 'names.noneapprove') }} />`;
    const side = one => html`<aside class="ingest-side" aria-label=${one.name}><header><h2 class="grow">${one.name}</h2><${Badge} kind=${KINDS[one.state]} text=${t('names.' + one.state)} /><button type="button" class="btn ghost ico sm" aria-label=${t('sources.close')} @click=${() => { open.value = null; }}>${icon('x', 14)}</button></header>
      <dl class="facts">${one.becomes !== one.name && html`<dt>${t('names.target')}</dt><dd>${one.becomes}</dd>`}<dt>${t('sources.source')}</dt><dd>${one.source || '–'}</dd><dt>${t('names.seen')}</dt><dd class="num">${num(one.seen)}</dd><dt>${t('names.held')}</dt><dd class="num">${num(one.held)}</dd><dt>${t('names.first')}</dt><dd><${Ago} at=${one.first_at} /></dd><dt>${t('names.last')}</dt><dd><${Ago} at=${one.last_at} /></dd>${one.decided_at && html`<dt>${t('names.decidedby')}</dt><dd><${Ago} at=${one.decided_at} /> · ${called(one.decided_by)}</dd>`}</dl>
      <div class="actions">${acts(one)}</div>${one.example && html`<div><h3>${t('sources.example')}</h3><pre class="mono sm ingest-code">${pretty(one.example)}</pre></div>`}</aside>`;
    return () => html`<div class="view fill ingest">
      <div class="ingest-bar"><span class="mut">${t('names.mode')}</span><div class="seg" role="group" aria-label=${t('names.mode')}>${MODES.map(value => html`<button type="button" key=${value} aria-pressed=${String(mode() === value)} @click=${() => setMode(value)}>${t('names.' + value)}</button>`)}</div>
        <span class="mut sm">${t('names.' + mode() + 'body')} ${mode() === 'approve' && names.data && t('names.bounds', { one: num(names.data.bounds.held_a_name), all: num(names.data.bounds.held_in_all) })}</span></div>
      ${opened() ? html`<div class="split ingest-split">${table()}${side(opened())}</div>` : table()}</div>`;
  },
};
