// The creatives of a line item: awaited, received and checked, approved or rejected.
import { html, api, load, reloadOn, t, num, shortDate, icon, Badge, Loaded, Menu, Panel, askForm, toast } from '../web/kit.js';

const LOOK = { missing: ['warn', 'clock'], received: ['bad', 'pause'], checking: ['info', 'eye'], approved: ['ok', 'check'], rejected: ['bad', 'x'], live: ['ok', 'play'] };
const THERE = new Set(['checking', 'approved', 'live']);
const kindName = kind => { const said = t('pacing.c.k.' + kind); return said.startsWith('pacing.') ? kind : said; };
const given = [
  ['file_type', 'pacing.c.type', 'text'], ['bytes', 'pacing.c.bytes', 'number'], ['seconds', 'pacing.c.seconds', 'number'], ['width', 'pacing.c.width', 'number'], ['height', 'pacing.c.height', 'number'],
  ['url', 'pacing.c.url', 'url'], ['ad_id', 'pacing.c.adid', 'text'], ['disclosure', 'pacing.c.disclosure', 'text'],
];
const handed = v => Object.fromEntries(given.filter(([name]) => v[name] !== '' && v[name] != null).map(([name]) => [name, v[name]]));

export const Creatives = {
  props: ['item', 'changed'],
  setup(p) {
    const list = load(signal => api.get(`/line-items/${p.item.id}/creatives`, { signal }), { watch: () => p.item.id }), kinds = load(signal => api.get('/creative-rules', { signal }));
    reloadOn(list, 'pacing');
    const done = () => { list.reload({ quiet: true }); p.changed(); };
    const add = async () => {
      const made = await askForm({
        title: t('pacing.c.add'), submitLabel: t('pacing.c.add'),
        fields: [
          { name: 'name', label: t('pacing.name'), required: true, autofocus: true },
          { name: 'kind', label: t('pacing.c.kind'), type: 'select', required: true, initial: 'audio', options: Object.keys(kinds.data?.kinds ?? { audio: 1 }).map(value => ({ value, label: kindName(value) })) },
          { name: 'due', label: t('pacing.c.due'), type: 'date', optional: true },
        ],
        submit: async v => { await api.post(`/line-items/${p.item.id}/creatives`, { name: v.name, kind: v.kind, due: v.due || null }); return true; },
      });
      if (made) done();
    };
    const asks = kind => { const spec = kinds.data?.kinds?.[kind] ?? {}; return { file_type: spec.file_types?.length, bytes: spec.max_bytes, seconds: spec.max_seconds, width: spec.sizes?.length, height: spec.sizes?.length, url: spec.url, ad_id: spec.ad_id, disclosure: spec.disclosure }; };
    const receive = async one => {
      const wanted = asks(one.kind), fields = given.filter(([name]) => wanted[name]).map(([name, label, type]) => ({ name, label: t(label), type, optional: true }));
      const got = await askForm({ title: t('pacing.c.receive'), submitLabel: t('pacing.c.receive'), values: one, fields: fields.length ? fields : [{ name: 'url', label: t('pacing.c.url'), type: 'url', optional: true }],
        submit: async v => api.post(`/creatives/${one.id}/receive`, handed(v)) });
      if (got) { toast(t(got.reasons?.length ? 'pacing.c.held' : 'pacing.c.ok')); done(); }
    };
    const decide = async (one, status) => {
      try {
        if (status === 'rejected') { if (!await askForm({ title: t('pacing.c.reject'), submitLabel: t('pacing.c.reject'), fields: [{ name: 'reason', label: t('pacing.c.why'), type: 'textarea', required: true, autofocus: true, rows: 2 }],
          submit: async v => { await api.post(`/creatives/${one.id}/status`, { status, reason: v.reason }); return true; } })) return; }
        else await api.post(`/creatives/${one.id}/status`, { status });
        done();
      } catch (error) { toast.error(error); }
    };
    const row = one => html`<li key=${one.id}><span class="row wrap"><${Badge} kind=${LOOK[one.status][0]} icon=${LOOK[one.status][1]} text=${t('pacing.c.' + one.status)} /><b class="grow cut" title=${one.name}>${one.name}</b><span class="mut sm">${kindName(one.kind)}</span>
        <${Menu} label=${t('pacing.more')} icon="more" cls="btn ghost ico sm" items=${[
          { label: t('pacing.c.receive'), icon: 'inbox', run: () => receive(one) }, { label: t('pacing.c.approve'), icon: 'check', disabled: !['checking', 'rejected'].includes(one.status), run: () => decide(one, 'approved') },
          { label: t('pacing.c.reject'), icon: 'x', danger: true, disabled: one.status === 'missing' || one.status === 'rejected', run: () => decide(one, 'rejected') }]} /></span>
      ${(one.reasons.length > 0 || one.reason || (one.due && one.status === 'missing')) && html`<span class="mut sm">${[...one.reasons.map(code => t('pacing.c.r.' + code)), one.reason, one.status === 'missing' && one.due && t('pacing.c.duesay', { date: shortDate(one.due) })].filter(Boolean).join(' · ')}</span>`}</li>`;
    const tools = () => html`<button type="button" class="btn sm" @click=${add}>${icon('plus', 14)}${t('pacing.c.add')}</button>`;
    const show = data => data.creatives.length ? html`<ul class="pacing-list">${data.creatives.map(row)}</ul>` : html`<p class="mut sm">${t('pacing.c.none')}</p>`;
    return () => html`<${Panel} title=${t('pacing.c.title')} note=${p.item.creatives_wanted ? t('pacing.c.of', { n: num((list.data?.creatives ?? []).filter(one => THERE.has(one.status)).length), m: num(p.item.creatives_wanted) }) : ''} tools=${tools()}><${Loaded} of=${list} show=${show} n=${2} /><//>`;
  },
};
