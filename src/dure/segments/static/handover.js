// One handover: its terms, what came of it beside the control, its lists, and what was sent out.
import { Ago, api, ask, askForm, Badge, boot, date, dateTime, go, html, icon, inLang, load, Loaded, num, openDialog, Panel, percent, reloadOn, Stat, t, Table, toast, useTop } from '../web/kit.js';
import './handovers_words.js';
import { isOpen } from './handovers.js';
import { PeopleList } from './people_list.js';
import './words.js';

// What is needed to save a file that a POST answers with.
async function saved(path, body, name) {
  const answer = await fetch('/api/v1' + path, { method: 'POST', headers: { 'content-type': 'application/json', 'x-dure-client': 'web' }, body: JSON.stringify(body) });
  if (!answer.ok) { const told = await answer.json().catch(() => null); throw Object.assign(new Error(told?.error?.message ?? answer.statusText), told?.error); }
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(await answer.blob()), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export default {
  props: ['params', 'query'],
  setup(props) {
    const path = () => '/handovers/' + props.params.id;
    const found = load(signal => api.get(path(), { signal }), { watch: () => props.params.id });
    reloadOn(found, () => 'segment:' + found.data?.segment);
    const admin = ['owner', 'admin'].includes(boot.me?.role);
    const end = async () => { if (await ask({ title: t('hov.end'), body: t('hov.endask'), action: t('hov.end'), danger: true })) try { await api.post(path() + '/end'); found.reload({ quiet: true }); } catch (error) { toast.error(error); } };
    const send = async () => {
      const targets = (await api.get('/exports/targets').catch(() => null))?.targets ?? [];
      await askForm({
        title: t('hov.export'), submitLabel: t('hov.export'),
        fields: [
          { name: 'kind', label: t('hov.how'), type: 'choice', initial: 'csv', options: ['csv', 'webhook', 's3'].map(value => ({ value, label: t('hov.' + value) })) },
          { name: 'form', label: t('hov.form'), type: 'select', initial: 'contract', options: ['contract', 'google', 'meta'].map(value => ({ value, label: t('hov.' + value) })), when: v => v.kind !== 'webhook' },
          { name: 'url', label: t('hov.url'), type: 'url', required: true, when: v => v.kind === 'webhook' },
          { name: 'target', label: t('hov.target'), type: 'select', required: true, options: targets.map(x => ({ value: x.id, label: x.name })), hint: targets.length ? '' : t('hov.notargets'), when: v => v.kind === 's3' },
          { name: 'country', label: t('hov.country'), initial: '82', hint: t('hov.countryhint') },
        ],
        submit: async v => {
          const body = { kind: v.kind, form: v.kind === 'webhook' ? 'contract' : v.form, place: v.kind === 'webhook' ? v.url : v.kind === 's3' ? v.target : '', country: v.country || '82' };
          if (v.kind === 'csv') await saved(path() + '/exports', body, `handover-${props.params.id}-${v.form}.csv`);
          else { const made = await api.post(path() + '/exports', body); if (made.state !== 'done') toast(`${t('hov.state.' + made.state)}: ${made.said}`, { kind: 'bad' }); else toast(t('hov.sent', { n: made.people })); }
          found.reload({ quiet: true });
          return true;
        },
      });
    };
    useTop({
      title: () => html`<h1>${found.data ? inLang(found.data.name) : ''}</h1>${found.data && html`<span class="mut sm nowrap">${t('hov.fromto', { a: t('seg.f.' + found.data.from), b: t('seg.f.' + found.data.to) })}</span>`}`,
      tools: () => found.data && html`<button type="button" class="btn sm ghost" @click=${() => go('/segments/' + found.data.segment)}>${icon('segment', 14)} ${t('hov.segment')}</button>
        ${isOpen(found.data) && html`<button type="button" class="btn sm" @click=${end}>${icon('flag', 14)} ${t('hov.end')}</button>${admin && html`<button type="button" class="btn sm pri" @click=${send}>${icon('out', 14)} ${t('hov.export')}</button>`}`}`,
    });
    const list = control => openDialog(PeopleList, { title: t(control ? 'hov.control5' : 'hov.treated'), path: path() + '/people', query: { control } });
    const half = (name, h, other) => { const rate = h.people ? h.reached / h.people : 0, most = Math.max(rate, other.people ? other.reached / other.people : 0, 0.0001); return html`<div class="hov-half"><span>${t(name)}</span><span class="hov-bar"><span style=${`width:${rate / most * 100}%`} class=${name === 'hov.treated' ? 'on' : ''}></span></span><b class="num">${percent(rate)}</b><span class="mut sm num nowrap">${num(h.reached)} / ${num(h.people)}</span></div>`; };
    const outcome = data => !data.outcome ? html`<p class="mut">${t('hov.nogoal')}</p>` : html`${half('hov.treated', data.outcome.treated, data.outcome.control)}${half('hov.control', data.outcome.control, data.outcome.treated)}<p>${inLang(data.outcome.words)}</p>`;
    const columns = () => [
      { key: 'kind', title: t('hov.how'), sort: false, value: e => t('hov.' + e.kind) }, { key: 'form', title: t('hov.form'), sort: false, value: e => t('hov.' + e.form) },
      { key: 'state', title: '', sort: false, render: e => html`<${Badge} kind=${{ done: 'ok', failed: 'bad', unknown: 'warn' }[e.state]} text=${t('hov.state.' + e.state)} /> <span class="mut sm">${e.said}</span>` },
      { key: 'people', title: t('hov.people'), num: true, sort: false, value: e => num(e.people) }, { key: 'without', title: t('hov.without'), sort: false, cls: 'mut sm nowrap', value: e => t('hov.withoutnote', { c: e.without_consent, a: e.without_address }) },
      { key: 'at', title: t('hov.at'), sort: false, render: e => html`<${Ago} at=${e.at} />` },
    ];
    const show = data => html`<div class="page"><section class="panel w"><p>${data.purpose}</p><p class="mut sm">${t('hov.purposes', { n: num(data.size), c: num(data.control) })} · ${data.ended_at ? `${t('hov.ended')} ${dateTime(data.ended_at)}` : data.expires_at ? `${t('hov.until')} ${date(data.expires_at)}` : t('hov.never')}${data.goal ? ` · ${t('hov.goal')} ${data.goal.event} (${data.window})` : ''}</p></section>
      <div class="stats w"><${Stat} label=${t('hov.treated')} value=${num(data.treated)} /><${Stat} label=${t('hov.control')} value=${num(data.control)} note=${percent(data.control_share)} /><${Stat} label=${t('hov.refused')} value=${num(data.refused)} /><${Stat} label=${t('hov.at')} value=${html`<${Ago} at=${data.at} />`} /></div>
      <${Panel} title=${t('hov.outcome')} note=${data.outcome ? t('hov.asof', { d: dateTime(data.outcome.until) }) : ''}>${outcome(data)}<//>
      <${Panel} title=${t('hov.lists')} note=${t('hov.listsnote')}>${isOpen(data) ? html`<div class="actions"><button type="button" class="btn" @click=${() => list(false)}>${icon('people', 14)} ${t('hov.treated')} ${num(data.treated)}</button><button type="button" class="btn" disabled=${!data.control} @click=${() => list(true)}>${icon('lock', 14)} ${t('hov.control5')} ${num(data.control)}</button></div>` : html`<p class="mut">${t('hov.closed')}</p>`}<//>
      <${Panel} title=${t('hov.exports')} flush=${true} wide=${true}><${Table} label=${t('hov.exports')} columns=${columns()} rows=${data.exports} empty=${{ icon: 'out', title: t('hov.noexports') }} /><//></div>`;
    return () => html`<div class="view"><${Loaded} of=${found} skeleton="cards" n=${4} show=${show} /></div>`;
  },
};
