// One segment: its rule, how its size went, and what its tabs tell.
import { action, api, Ago, ask, computed, Dialog, go, html, icon, inLang, Line, load, Loaded, Menu, num, openDialog, askForm, reloadOn, setQuery, signed, Stat, t, Tabs, toast, useTop } from '../web/kit.js';
import { campaignNames } from './builder/names.js';
import { handOver } from './handover_dialog.js';
import { changeOf, ruleSaid } from './list.js';
import { moments } from './days.js';
import { said } from './said.js';
import { SheetDialog } from './sheet.js';
import { TABS } from './tabs.js';
import './words.js';

export default {
  props: ['params', 'query'],
  setup(props) {
    const path = () => '/segments/' + props.params.id;
    const segment = load(signal => api.get(path(), { signal }), { watch: () => props.params.id });
    reloadOn(segment, () => 'segment:' + props.params.id);
    campaignNames();
    const tabs = computed(() => TABS.filter(tab => !segment.data || (tab.shown?.(segment.data) ?? true)));
    const tab = computed(() => tabs.value.find(one => one.value === props.query.tab) ?? tabs.value[0]);
    const again = () => segment.reload({ quiet: true });
    const compute = action(async () => {
      const done = await api.post(path() + '/compute', undefined, { seconds: 180 });
      toast(t('seg.computednow', { n: done.size, in: done.entered, out: done.left }));
      again();
    }, { failed: toast.error });
    const check = action(async () => {
      const found = await api.post(path() + '/compute?full=true', undefined, { seconds: 300 });
      toast(found.missing + found.extra ? t('seg.checkedoff', found) : t('seg.checked', { n: found.size }));
      again();
    }, { failed: toast.error });
    const remove = async () => {
      if (await ask({ title: inLang(segment.data.name), body: t('seg.deleteask'), action: t('seg.delete'), danger: true }))
        try { await api.del(path()); go('/segments'); } catch (error) { toast(said(error.message), { kind: 'bad' }); }
    };
    const list = () => askForm({
      title: t('seg.listpeople'), submitLabel: t('seg.listpeople'),
      fields: [{ name: 'add', label: t('seg.add'), hint: t('seg.addhint'), type: 'tokens', optional: true, autofocus: true }, { name: 'remove', label: t('seg.takeout'), type: 'tokens', optional: true }],
      submit: async v => {
        const done = await api.post(path() + '/people', { add: v.add ?? [], remove: v.remove ?? [] });
        toast(t('seg.listed', { in: done.entered, out: done.left }));
        again();
      },
    });
    const sheet = async () => { const done = await openDialog(SheetDialog, { path: path(), Dialog }); if (done) { toast(t('seg.listed', { in: done.entered, out: done.left })); again(); } };
    const listed = () => segment.data?.rule.kind === 'listed', byHand = () => listed() && !segment.data.filled;
    const more = () => [
      { label: t('seg.campaign'), icon: 'mega', href: `/campaigns/new?kind=once&segment=${props.params.id}` },
      ...listed() ? [] : [{ label: t('seg.check'), icon: 'check', disabled: check.busy, run: () => check.run() }],
      ...segment.data?.built_in ? [] : [{ label: t('sb.editname'), icon: 'edit', href: path() + '/edit' }, null, { label: t('seg.delete'), icon: 'trash', danger: true, run: remove }],
    ];
    useTop({
      title: () => html`<h1>${segment.data ? inLang(segment.data.name) : ''}</h1>`,
      tools: () => segment.data && html`${byHand() ? html`<button type="button" class="btn sm" @click=${sheet}>${icon('file', 14)} CSV</button><button type="button" class="btn sm" @click=${list}>${icon('people', 14)} ${t('seg.listpeople')}</button>`
        : !listed() && html`<button type="button" class="btn sm" disabled=${compute.busy} @click=${() => compute.run()}>${icon('refresh', 14)} ${t('seg.compute')}</button><a class="btn sm" href=${path() + '/edit'}>${icon('edit', 14)} ${t('seg.editrule')}</a>`}
        <button type="button" class="btn sm pri" disabled=${!segment.data.size} @click=${async () => { const made = await handOver(segment.data); if (made) go('/handovers/' + made.id); }}>${icon('send', 14)} ${t('seg.handover')}</button>
        <${Menu} cls="btn sm ghost ico" icon="more" label=${t('seg.more')} items=${more()} />`,
    });
    const show = data => {
      const last = data.sizes.at(-1), by = changeOf(data);
      return html`<div class="seg-page"><header class="seg-about">${!(data.filled && inLang(data.about)) && html`<p>${ruleSaid(data)}</p>`}${inLang(data.about) && html`<p class="mut sm">${inLang(data.about)}</p>`}</header>
        <div class="stats"><${Stat} label=${t('seg.size')} value=${num(data.size)} note=${data.computed_at ? html`<${Ago} at=${data.computed_at} />` : t('seg.never')} />
          <${Stat} label=${t('seg.change')} value=${by == null ? '–' : signed(by)} /><${Stat} label=${t('seg.entered')} value=${num(last?.entered)} /><${Stat} label=${t('seg.left')} value=${num(last?.left)} /></div>
        ${data.sizes.length > 1 && html`<div class="seg-line"><${Line} label=${t('seg.trend')} height=${150} x=${moments(data.sizes.map(s => s.at))} series=${[{ name: t('seg.size'), values: data.sizes.map(s => s.size), area: true }]} format=${v => num(v)} /></div>`}
        <${Tabs} label=${inLang(data.name)} value=${tab.value.value} change=${value => setQuery({ tab: value === tabs.value[0].value ? undefined : value })} items=${tabs.value.map(one => ({ value: one.value, label: one.label(), count: one.count?.(data) || undefined }))} />
        <section class="seg-tab" key=${tab.value.value + data.id}><${tab.value.view} segment=${data} reload=${segment.reload} /></section></div>`;
    };
    return () => html`<div class="view"><${Loaded} of=${segment} skeleton="cards" n=${4} show=${show} /></div>`;
  },
};
