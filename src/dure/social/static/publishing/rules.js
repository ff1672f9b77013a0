// The rules of publishing: whose word it takes, and the tags of every link.
import { action, api, boot, Field, html, load, Loaded, Panel, Picks, reactive, t, toast, useGuard, useTop, ask, watch } from '../../web/kit.js';
import { TAGS } from './words.js';
import { useNames, usePause } from './pause.js';

export default {
  setup() {
    const may = ['owner', 'admin'].includes(boot.me.role), draft = reactive({ rules: null, wrong: {} }), { people, named } = useNames(), pause = usePause(named);
    const found = load(signal => api.get('/publishing/rules', { signal }));
    const begin = data => { draft.rules = JSON.parse(JSON.stringify(data)); draft.wrong = {}; };
    watch(() => found.data, data => { if (data && !draft.rules) begin(data); });
    const changed = () => draft.rules && found.data && ['approval', 'own', 'approvers', 'utm', 'tracked'].some(name => JSON.stringify(draft.rules[name]) !== JSON.stringify(found.data[name]));
    const save = action(async () => {
      const { approval, own, approvers, utm, tracked } = draft.rules;
      const now = await api.put('/publishing/rules', { version: found.data.version, approval, own, approvers, tracked, utm: Object.fromEntries(Object.entries(utm).filter(([, value]) => value)) });
      found.set(now); begin(now); toast(now.back ? t('pub.back', { n: now.back }) : t('pub.rulessaved'));
    }, { failed: error => { draft.wrong = error.field ? { [error.field]: error.message } : {}; toast.error(error); } });
    useGuard(() => changed(), () => ask({ title: t('pub.rules'), body: t('pub.unsaved'), action: t('pub.remove'), danger: true }));
    useTop({ title: () => html`<a href="/publishing">${t('pub.calendar')}</a> / ${t('pub.rules')}`, tools: () => html`${pause.button()}${may && html`<button type="button" class="btn pri sm" disabled=${save.busy || !changed()} @click=${() => save.run()}>${t('pub.save')}</button>`}` });
    const show = () => draft.rules && html`<div class="page">${!may && html`<p class="mut w">${t('pub.onlyadmin')}</p>`}
      <${Panel} title=${t('pub.approval')}><div class="stack"><${Field} name="approval" type="switch" label=${t('pub.needed')} disabled=${!may} value=${draft.rules.approval} change=${v => { draft.rules.approval = v; }} />
        <${Field} name="own" type="switch" label=${t('pub.ownok')} disabled=${!may || !draft.rules.approval} value=${draft.rules.own} change=${v => { draft.rules.own = v; }} />
        <div class="stack"><span class="sm">${t('pub.approvers')}</span><${Picks} value=${draft.rules.approvers} change=${v => { if (may) draft.rules.approvers = v; }} options=${people().map(one => ({ value: one.id, label: one.name }))} /><span class="mut sm">${t('pub.approvershint')}</span></div></div><//>
      <${Panel} title=${t('pub.template')}><div class="stack"><p class="mut sm">${t('pub.templatehint')}</p>${TAGS.map(name => html`<${Field} key=${name} name=${name} label=${name} disabled=${!may} error=${draft.wrong['utm.' + name]} value=${draft.rules.utm[name] ?? ''} change=${v => { draft.rules.utm[name] = v ?? ''; }} />`)}
        <${Field} name="tracked" type="switch" label=${t('pub.trackon')} hint=${t(found.data.trackable ? 'pub.tracked' : 'pub.untracked')} disabled=${!may} value=${draft.rules.tracked} change=${v => { draft.rules.tracked = v; }} /></div><//></div>`;
    return () => html`<div class="view">${pause.banner()}<${Loaded} of=${found} skeleton="cards" n=${2} show=${show} /></div>`;
  },
};
