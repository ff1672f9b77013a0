// One metric: what it counts in words, its values, where it is used, and what each version changed.
import { html, api, load, computed, useTop, useKeys, setQuery, go, t, icon, isoDay, date, dateTime, shortDate, percent, Loaded, Line, Stat, Panel, Badge, Menu, action, ask, toast, openDialog, reloadOn } from '../../web/kit.js';
import { openAlerts } from '../alert.js';
import { keepMarks, marksOn } from '../marks.js';
import { written } from '../written.js';
import { catalogue } from '../definition.js';
import { nameOf, said } from './said.js';
import { EditMetric } from './edit.js';
import { Uses } from './impact.js';
import '../words.js';
import './words.js';

const DAY = 86400000, RANGES = [30, 90, 180];

export default {
  props: ['params', 'query'],
  setup(props) {
    const path = () => '/metrics/' + encodeURIComponent(props.params.id), days = computed(() => Number(props.query.days) || 90);
    const metric = load(signal => api.get(path(), { signal }), { watch: () => props.params.id, keep: false });
    const span = () => ({ from: isoDay(Date.now() - (days.value - 1) * DAY), to: isoDay(Date.now()) });
    const value = load(signal => api.get(path() + '/value', { signal, query: span() }), { watch: () => [props.params.id, days.value].join() });
    load(async signal => {
      const { annotations } = await api.get('/annotations', { signal, query: { ...span(), metric: props.params.id } });
      keepMarks(annotations);
      return annotations;
    }, { watch: () => [props.params.id, days.value].join() });
    const users = load(signal => api.get('/users', { signal, quiet: true })), all = load(() => catalogue());
    const person = id => (users.data?.users ?? []).find(u => u.id === id)?.name ?? (id ? '–' : '');
    reloadOn(metric, 'metrics');
    const edit = async () => { if (!metric.data) return; const saved = await openDialog(EditMetric, { metric: metric.data, users: users.data?.users ?? [] }); if (saved) { metric.reload(); value.reload(); } };
    const verify = action(async () => { await api.post(path() + '/verify', { verified: !metric.data.verified }); await metric.reload({ quiet: true }); if (metric.data.verified) toast(t('mc.verifieddone')); }, { failed: toast.error });
    const remove = async () => {
      if (!await ask({ title: t('mc.remove'), body: t('mc.removeask', { name: nameOf(metric.data) }), action: t('mc.remove'), danger: true })) return;
      try { await api.del(path()); toast(t('mc.removed')); go('/metrics/catalogue'); } catch (error) { toast.error(error.status === 409 ? error.message : error); }
    };
    useKeys({ e: [edit, 'mc.keyedit'], v: [() => verify.run(), 'mc.keyverify'] }, 'mc.keys');
    useTop({
      title: () => html`<a class="mut" href="/metrics/catalogue">${t('mc.title')}</a> <span class="mut">/</span> ${nameOf(metric.data)}`,
      tools: () => metric.data && html`<button type="button" class="btn sm" disabled=${verify.busy} @click=${verify.run}>${icon('check', 14)}${t(metric.data.verified ? 'mc.unverify' : 'mc.verify')}</button>
        <button type="button" class="btn sm" @click=${() => openAlerts({ metric: metric.data })}>${icon('bell', 14)}${t('al.alerts')}</button>
        <button type="button" class="btn sm" @click=${edit}>${icon('edit', 14)}${t('mc.edit')}</button>
        <${Menu} label=${t('mc.edit')} icon="more" cls="btn ghost ico sm" items=${[...(['formula', 'sql'].includes(metric.data.question.kind) ? [] : [{ label: t('mc.open'), icon: 'find', href: '/explore?metric=' + encodeURIComponent(metric.data.id) }, null]), { label: t('mc.remove'), icon: 'trash', danger: true, run: remove }]} />`,
    });

    const label = at => at.length > 10 ? at.slice(5, 16).replace('T', ' ') : shortDate(at);
    const picture = (v, m) => v.values.filter(n => n != null).length > 1 ? html`<${Line} label=${nameOf(m)} x=${v.intervals.map(label)} series=${[{ name: nameOf(m), values: v.values, area: true }, ...(m.target != null ? [{ name: t('mx.target'), values: v.values.map(() => m.target), dash: 1, color: 'var(--fg-2)' }] : [])]} format=${n => written(n, m)} height=${240} unfinished=${v.intervals.length - v.complete} marks=${marksOn(v)} />`
      : html`<p class="mut">${t('mc.noline')}</p>`;
    const stands = m => html`<${Loaded} of=${value} skeleton="chart" n=${1} show=${v => html`<div class="mc-stand"><${Stat} label=${t('mx.value')} value=${written(v.value, m)} change=${v.change} good=${m.direction} note=${t('mx.before', { v: written(v.previous, m) })} />
      <${Stat} label=${t('mx.target')} value=${m.target == null ? '–' : written(m.target, m)} note=${v.target_met == null ? t('mx.notarget') : t(v.target_met ? 'mx.met' : 'mx.notmet')} /></div>${picture(v, m)}`} />`;
    const range = () => html`<div class="seg" role="group" aria-label=${t('mx.range')}>${RANGES.map(n => html`<button type="button" key=${n} aria-pressed=${String(days.value === n)} @click=${() => setQuery({ days: n })}>${t('mc.days', { n })}</button>`)}</div>`;
    const show = m => html`<div class="mc-page"><div class="stack mc-main">
      <${Panel} title=${t('mc.line')} tools=${range()}>${stands(m)}<//>
      <${Panel} title=${t('mc.definition')}><p class="mc-said">${said(m, all.data ?? {})}</p>${about(m) && html`<p class="mut">${about(m)}</p>`}
        ${m.question.kind === 'formula' && html`<p class="row wrap">${Object.entries(m.question.metrics).map(([letter, id]) => html`<a class="tag" key=${letter} href=${'/metrics/catalogue/' + encodeURIComponent(id)}>${letter} · ${nameOf(all.data?.[id]) || id}</a>`)}</p>`}
        <details class="mx-defs"><summary>${t('mc.question')}</summary><pre class="mono sm mc-json">${JSON.stringify(m.question, null, 2)}</pre></details><//>
      <${Panel} title=${t('mc.history')}><ol class="mc-history">${m.history.map(one => html`<li key=${one.version}><b class="num">${one.version}</b> <span class="mut sm">${t('mc.by', { who: person(one.actor) || '–', when: dateTime(one.at) })}</span>
        ${one.changed.length ? html`<ul>${one.changed.map(c => html`<li key=${c.field}><b>${fieldSaid(c.field)}</b> <del>${shown(c.field, c.before, person)}</del> ${icon('arrow', 12)} <ins>${shown(c.field, c.after, person)}</ins></li>`)}</ul>` : html`<p class="mut sm">${t('mc.first')}</p>`}</li>`)}</ol><//></div>
      <aside class="stack"><${Panel}><dl class="facts"><dt>${t('mc.mark')}</dt><dd>${m.verified ? html`<${Badge} kind="ok" text=${t('mc.verifiedby', { who: person(m.verified_by), when: date(m.verified_at, { weekday: false }) })} />` : html`<span class="mut">${t('mc.unverified')}</span>`}</dd>
        <dt>${t('mc.team')}</dt><dd>${m.function ? t('mx.' + m.function) : '–'}</dd><dt>${t('mc.owner')}</dt><dd>${person(m.owner) || '–'}</dd>
        <dt>${t('mc.unit')}</dt><dd>${t(UNITS[m.unit])}</dd><dt>${t('mx.direction')}</dt><dd>${t('mx.' + m.direction)}</dd>
        <dt>${t('mc.tags')}</dt><dd class="row wrap">${m.tags.length ? m.tags.map(tag => html`<a class="tag" key=${tag} href=${'/metrics/catalogue?q=' + encodeURIComponent(tag)}>${tag}</a>`) : '–'}</dd><dt>${t('mc.version')}</dt><dd class="num">${m.version}</dd></dl><//>
      <${Panel} title=${t('mc.used')}>${m.uses.length ? html`<${Uses} uses=${m.uses} />` : html`<p class="mut sm">${t('mc.nouses')}</p>`}<//></aside></div>`;
    return () => html`<div class="view" data-scroll><${Loaded} of=${metric} skeleton="cards" n=${4} show=${show} /></div>`;
  },
};

const about = m => nameOf({ name_ko: m.about_ko, name_en: m.about_en });
const UNITS = { count: 'mx.count', percent: 'mx.share', seconds: 'mx.seconds', money: 'mc.money', number: 'mx.number' };

// What of a metric changed, by its place: `name_ko`, `tags[1]`, `question.series[0].event`.
const FIELDS = { name_ko: 'mx.nameko', name_en: 'mx.nameen', about_ko: 'mc.aboutko', about_en: 'mc.abouten', function: 'mc.team', owner: 'mc.owner', unit: 'mc.unit', currency: 'mc.currency', direction: 'mx.direction', target: 'mx.target', tags: 'mc.tags', verified: 'mc.mark', 'reading.at': 'mc.reading', 'reading.field': 'mc.field', 'reading.column': 'mc.column', 'reading.step': 'mc.step', 'reading.series': 'mc.series', 'question.formula': 'mc.formulatext' };
function fieldSaid(field) {
  const word = FIELDS[field.replace(/\[\d+\]$/, '')];
  if (word) return t(word);
  const [whole, ...rest] = field.split('.');
  return whole === 'question' && rest.length ? html`${t('mc.inquestion')} <code>${rest.join('.')}</code>` : whole === 'question' ? t('mc.inquestion') : html`<code>${field}</code>`;
}
function shown(field, value, person) {
  if (value === null || value === undefined || value === '') return t('mc.empty');
  if (typeof value === 'boolean') return t(value ? 'mc.yes' : 'mc.no');
  if (field === 'owner') return person(value);
  if (field === 'function' || field === 'direction') return t('mx.' + value);
  if (field === 'unit') return t(UNITS[value] ?? value);
  if (field === 'reading.at') return t('mc.at' + value);
  return typeof value === 'number' && value > 0 && value < 1 ? `${value} (${percent(value)})` : String(value);
}
