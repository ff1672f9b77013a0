// How long what is said is kept, by kind; and what is held for the law.
import { Ago, api, ask, askForm, Badge, boot, date, Field, html, icon, load, Loaded, Panel, t, Table, toast, useTop } from '../web/kit.js';
import './keeping_words.js';
import { nameable } from './named.js';

const KINDS = ['public', 'private', 'dm', 'files'], CHOICES = { 'retention.edits': 'edits', 'retention.override': 'override', 'messages.delete': 'delete' };
const org = () => ['owner', 'admin'].includes(boot.org_role), mayHere = () => ['owner', 'admin'].includes(boot.me.role);
const length = value => value == null ? t('kp.unsaid') : value === 'forever' ? t('kp.forever') : t('kp.days', { n: value });

export default {
  setup() {
    const policies = load(async signal => Object.fromEntries((await api.get('/policies', { signal })).policies.map(one => [one.name, one])));
    const over = load(signal => api.get('/retention', { signal }));
    const holds = load(signal => boot.org_role ? api.get('/holds', { signal }) : Promise.resolve({ holds: [] }));
    const known = load(() => boot.org_role ? nameable() : Promise.resolve({ people: [], channels: [] }));
    const called = (ids, all) => ids.slice(0, 3).map(id => all?.find(one => one.value === id)?.label ?? id).join(', ') + (ids.length > 3 ? ` +${ids.length - 3}` : '');
    const covers = h => [h.people.length ? called(h.people, known.data?.people) : t('kp.legal.everybody'), h.channels.length ? '#' + called(h.channels, known.data?.channels).replaceAll(', ', ', #') : t('kp.legal.all')].join(' · ');
    async function put(name, whole, value) {
      try { await api.put('/policies/' + name, { value, whole }); toast(t('kp.saved')); } catch (error) { toast.error(error); } finally { policies.reload({ quiet: true }); }
    }
    async function change(kind, whole) {
      const rule = policies.data['retention.' + kind], now = whole ? rule.whole : rule.here;
      await askForm({
        title: `${t('kp.' + kind)} · ${t(whole ? 'kp.whole' : 'kp.here')}`, submitLabel: t('kp.change'), values: { ever: now === 'forever', days: typeof now === 'number' ? now : null },
        fields: [
          { name: 'ever', label: t('kp.ever'), type: 'switch' },
          { name: 'days', label: t('kp.days.label'), type: 'number', min: 1, max: 36499, hint: t('kp.change.hint'), optional: true, when: v => !v.ever },
        ],
        async submit(values) {
          const value = values.ever ? 'forever' : values.days ?? null;
          if (typeof value === 'number' && !await ask({ title: t('kp.change'), body: t('kp.shorten', { kind: t('kp.' + kind), n: value }), action: t('kp.change'), danger: true })) return null;
          return api.put('/policies/retention.' + kind, { value, whole });
        },
      });
      policies.reload({ quiet: true });
    }
    async function place() {
      const { people, channels } = await nameable();
      const made = await askForm({
        title: t('kp.legal.new'), submitLabel: t('kp.legal.new'), fields: [
          { name: 'name', label: t('kp.legal.name'), required: true, autofocus: true, max: 200 }, { name: 'note', label: t('kp.legal.note'), type: 'textarea', rows: 2, optional: true },
          { name: 'people', label: t('kp.legal.people'), type: 'tokens', hint: t('kp.legal.people.hint'), options: people, only: true }, { name: 'channels', label: t('kp.legal.channels'), type: 'tokens', hint: t('kp.legal.channels.hint'), options: channels, only: true },
          { name: 'since', label: t('kp.legal.since'), type: 'date', optional: true }, { name: 'until', label: t('kp.legal.until'), type: 'date', optional: true },
        ],
        submit: v => api.post('/holds', { name: v.name, note: v.note ?? '', people: v.people, channels: v.channels, since: v.since ? v.since + 'T00:00:00Z' : null, until: v.until ? v.until + 'T23:59:59Z' : null }),
      });
      if (made) { toast(t('kp.legal.placed')); holds.reload({ quiet: true }); }
    }
    async function release(hold) {
      if (!await ask({ title: t('kp.legal.ask', { name: hold.name }), body: t('kp.legal.askbody'), action: t('kp.legal.release'), danger: true })) return;
      try { await api.del('/holds/' + hold.id); } catch (error) { toast.error(error); }
      holds.reload({ quiet: true });
    }
    useTop({ title: () => html`<h1>${t('kp.title')}</h1>`, tools: () => org() && html`<button type="button" class="btn pri" @click=${place}>${icon('plus')}${t('kp.legal.new')}</button>` });
    const cell = (kind, whole, may) => rule => html`<span class="row">${length(whole ? rule.whole : rule.here)}${may && html`<button type="button" class="btn ghost ico sm" aria-label=${`${t('kp.change')}: ${t('kp.' + kind(rule))}, ${t(whole ? 'kp.whole' : 'kp.here')}`} @click=${() => change(kind(rule), whole)}>${icon('edit', 14)}</button>`}</span>`;
    const kindOf = rule => rule.name.split('.')[1];
    const columns = () => [
      { key: 'name', title: t('kp.kind'), width: 240, sort: false, value: rule => t('kp.' + kindOf(rule)) }, { key: 'whole', title: t('kp.whole'), width: 260, sort: false, render: cell(kindOf, true, org()) },
      { key: 'here', title: t('kp.here'), width: 260, sort: false, render: cell(kindOf, false, mayHere()) }, { key: 'holds', title: t('kp.holds'), sort: false, render: rule => html`<${Badge} kind="ok" text=${length(rule.holds)} />` },
    ];
    const choice = (rule, whole, may) => {
      const head = 'kp.' + CHOICES[rule.name] + '.', value = whole ? rule.whole : rule.here;
      if (!may) return value == null ? t('kp.unsaid') : t(head + value);
      const from = !whole && rule.whole != null ? rule.values.slice(rule.values.indexOf(rule.whole)) : rule.values;
      return html`<${Field} name=${rule.name + whole} type="select" value=${value} placeholder=${t('kp.unsaid')} options=${from.map(one => ({ value: one, label: t(head + one) }))} change=${chosen => put(rule.name, whole, chosen)} />`;
    };
    const choiceColumns = () => [
      { key: 'name', title: t('kp.more'), width: 240, sort: false, value: rule => t('kp.' + CHOICES[rule.name]) }, { key: 'whole', title: t('kp.whole'), width: 260, sort: false, render: rule => choice(rule, true, org()) },
      { key: 'here', title: t('kp.here'), width: 260, sort: false, render: rule => choice(rule, false, mayHere()) }, { key: 'holds', title: t('kp.holds'), sort: false, render: rule => html`<${Badge} kind="ok" text=${t('kp.' + CHOICES[rule.name] + '.' + rule.holds)} />` },
    ];
    const holdColumns = () => [
      { key: 'name', title: t('kp.legal.name'), render: h => html`<span class="cut" title=${h.note}><b>${h.name}</b>${h.note && html` <span class="mut">${h.note}</span>`}</span>` },
      { key: 'who', title: t('kp.legal.who'), sort: false, render: h => html`<span class="cut" title=${covers(h)}>${covers(h)}</span>`, cls: 'mut' },
      { key: 'since', title: t('kp.legal.since'), width: 110, value: h => h.since ? date(h.since) : '–', cls: 'mut' }, { key: 'until', title: t('kp.legal.until'), width: 110, value: h => h.until ? date(h.until) : '–', cls: 'mut' },
      { key: 'kept', title: t('kp.legal.kept'), num: true, width: 80 },
      { key: 'state', title: t('gd.state'), width: 100, sort: false, render: h => html`<${Badge} kind=${h.released_at ? '' : 'warn'} text=${t(h.released_at ? 'kp.legal.released' : 'kp.legal.open')} />` },
      { key: 'acts', title: '', sort: false, width: 100, render: h => !h.released_at && org() && html`<button type="button" class="btn sm" @click=${() => release(h)}>${t('kp.legal.release')}</button>` },
    ];
    const purge = data => html`<div class="stack">${data.purge?.began_at ? html`<p>${data.purge.ended_at ? html`<${Ago} at=${data.purge.ended_at} /> · ${t('kp.purge.done', { n: data.purge.messages, f: data.purge.files })}` : t('kp.purge.running', { n: data.purge.messages })}</p>` : html`<p class="mut">${t('kp.purge.never')}</p>`}
      <h3>${t('kp.own')}</h3>${data.channels.length ? html`<ul class="gd-examples">${data.channels.map(one => html`<li key=${one.channel} class="row"><a class="grow cut" href=${'/channels/' + one.channel}>#${one.name}</a><span class="num">${t('kp.days', { n: one.days })}</span></li>`)}</ul>` : html`<p class="mut">${t('kp.own.none')}</p>`}</div>`;
    return () => html`<div class="view"><div class="page"><${Panel} title=${t('kp.lengths')} wide=${true} flush=${true}><${Table} label=${t('kp.lengths')} columns=${columns()} rows=${policies.data && KINDS.map(kind => policies.data['retention.' + kind])} rowKey="name" loading=${policies.loading} error=${policies.error} retry=${policies.reload} />
        ${policies.data && html`<${Table} label=${t('kp.title')} columns=${choiceColumns()} rows=${Object.keys(CHOICES).map(name => policies.data[name])} rowKey="name" />`}<//>
      ${boot.org_role && html`<${Panel} title=${t('kp.legal')} note=${t('kp.legal.body')} wide=${true} flush=${true}><${Table} label=${t('kp.legal')} columns=${holdColumns()} rows=${holds.data?.holds} loading=${holds.loading} error=${holds.error} retry=${holds.reload} empty=${{ icon: 'lock', title: t('kp.legal.none'), ...(org() ? { action: { label: t('kp.legal.new'), run: place } } : {}) }} /><//>`}
      <${Panel} title=${t('kp.purge')}><${Loaded} of=${over} show=${purge} /><//></div></div>`;
  },
};
