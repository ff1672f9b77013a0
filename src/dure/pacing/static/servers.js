// Connected ad servers: what they are asked for, when they last answered, what they refused.
import { html, api, load, reloadOn, useTop, useKeys, t, inLang, icon, Ago, Badge, Loaded, Menu, Panel, ask, askForm, toast } from '../web/kit.js';
import { Ways } from './status.js';
import './server_words.js';

export default {
  props: ['params', 'query'],
  setup() {
    const servers = load(signal => api.get('/ad-servers', { signal }));
    reloadOn(servers, 'pacing');
    const again = () => servers.reload({ quiet: true });
    const kinds = () => servers.data?.kinds ?? [];
    const fieldsOf = (kind, one) => kind.settings.map(s => ({ name: s.secret ? 'secret' : s.name, label: inLang(s.title), required: s.required && !(s.secret && one), optional: !s.required || (s.secret && !!one), type: s.secret ? 'textarea' : 'text', rows: 2, hint: s.secret && one?.has_secret ? t('pacing.s.kept') : s.hint?.ko ? inLang(s.hint) : undefined }));
    const split = (kind, v) => ({ settings: Object.fromEntries(kind.settings.filter(s => !s.secret && v[s.name]).map(s => [s.name, v[s.name]])), ...(v.secret ? { secret: v.secret } : {}) });
    const add = async kind => {
      const made = await askForm({ title: inLang(kind.title), submitLabel: t('pacing.s.connect'), fields: [{ name: 'name', label: t('pacing.s.name'), required: true, autofocus: true, initial: kind.kind, hint: t('pacing.s.namehint') }, ...fieldsOf(kind, null)],
        submit: async v => { await api.post('/ad-servers', { kind: kind.kind, name: v.name, ...split(kind, v) }); return true; } });
      if (made) { toast(t('pacing.s.added')); again(); }
    };
    const edit = async one => {
      const kind = kinds().find(k => k.kind === one.kind);
      if (kind && await askForm({ title: one.name, submitLabel: t('pacing.save'), values: one.settings, fields: fieldsOf(kind, one), submit: async v => { await api.patch('/ad-servers/' + one.id, split(kind, v)); return true; } })) again();
    };
    const change = async (one, body) => { try { await api.patch('/ad-servers/' + one.id, body); again(); } catch (error) { toast.error(error); } };
    const remove = async one => { if (!await ask({ title: t('pacing.s.removing', { name: one.name }), body: t('pacing.s.stays'), action: t('pacing.s.remove'), danger: true })) return;
      try { await api.del('/ad-servers/' + one.id); again(); } catch (error) { toast.error(error); } };
    const choose = async () => { if (kinds().length === 1) return add(kinds()[0]);
      const picked = await askForm({ title: t('pacing.s.connect'), submitLabel: t('pacing.s.next'), fields: [{ name: 'kind', label: t('pacing.s.kind'), type: 'choice', required: true, initial: kinds()[0]?.kind, options: kinds().map(k => ({ value: k.kind, label: inLang(k.title) })) }], submit: async v => v.kind });
      if (picked) await add(kinds().find(k => k.kind === picked)); };
    useKeys({ n: [choose, 'pacing.s.connect'] }, 'pacing.keys');
    useTop({ title: () => t('pacing.title'), tools: () => html`<${Ways} at="ad-servers" /><button type="button" class="btn pri sm" @click=${choose}>${icon('plus', 14)}${t('pacing.s.connect')}</button>` });
    const state = one => !one.enabled ? html`<${Badge} icon="pause" text=${t('pacing.s.off')} />` : one.failures ? html`<${Badge} kind="bad" text=${t('pacing.s.failing', { n: one.failures })} />` : one.pulled_at ? html`<${Badge} kind="ok" text=${t('pacing.s.on')} />` : html`<${Badge} kind="info" icon="clock" text=${t('pacing.s.first')} />`;
    const card = one => html`<${Panel} key=${one.id} title=${one.name} note=${inLang(kinds().find(k => k.kind === one.kind)?.title ?? { ko: one.kind, en: one.kind })}
      tools=${html`<${Menu} label=${t('pacing.more')} icon="more" cls="btn ghost ico sm" items=${[{ label: t('pacing.s.edit'), icon: 'edit', run: () => edit(one) }, { label: t('pacing.s.now'), icon: 'refresh', run: () => change(one, { enabled: true }) },
        { label: t('pacing.s.restart'), icon: 'download', run: () => change(one, { from_the_start: true }) }, { label: t(one.enabled ? 'pacing.s.switchoff' : 'pacing.s.switchon'), icon: one.enabled ? 'pause' : 'play', run: () => change(one, { enabled: !one.enabled }) }, null, { label: t('pacing.s.remove'), icon: 'trash', danger: true, run: () => remove(one) }]} />`}>
      <div class="row wrap">${state(one)}<span class="mut sm">${t('pacing.s.pulled')} <${Ago} at=${one.pulled_at} /></span></div>
      ${one.error && html`<p class="sm poor pacing-said">${one.error}</p>`}
      <dl class="facts sm">${Object.entries(one.settings).map(([name, value]) => [html`<dt key=${name}>${inLang(kinds().find(k => k.kind === one.kind)?.settings.find(s => s.name === name)?.title ?? { ko: name, en: name })}</dt>`, html`<dd key=${name + 'v'} class="mono pacing-said">${value}</dd>`])}</dl><//>`;
    const show = data => [...data.ad_servers.map(card), html`<${Panel} key="csv" title=${t('pacing.s.csv')}><p class="sm">${t('pacing.s.csvbody')}</p><pre class="mono sm pacing-said">dure import deliveries report.csv --source megaphone --dry-run</pre><//>`];
    return () => html`<div class="page" data-scroll><${Loaded} of=${servers} show=${show} skeleton="cards" n=${2} /></div>`;
  },
};
