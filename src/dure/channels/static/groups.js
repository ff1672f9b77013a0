// User groups: who is called by one name.
import { api, ask, askForm, Avatar, Badge, boot, Dialog, Field, html, icon, load, openDialog, ref, t, Table, toast, useTop } from '../web/kit.js';
import './people_words.js';
import './words.js';
import { People } from './people.js';

const fields = () => [
  { name: 'name', label: t('ug.name'), required: true, max: 80 }, { name: 'handle', label: t('ug.handle'), hint: t('ug.handle.hint'), optional: true }, { name: 'description', label: t('ug.about'), optional: true },
];

// One group: its people, to be added to and taken from. Props group, people, close(result).
const Members = {
  props: ['group', 'people', 'close'],
  setup(p) {
    const group = ref(p.group);
    const keep = async users => { try { group.value = (await api.patch(`/usergroups/${group.value.id}`, { users })).group; } catch (error) { toast.error(error); } };
    const add = () => openDialog(People, { title: t('ug.add'), action: t('ug.add'), except: group.value.users, submit: async users => { await keep([...group.value.users, ...users]); return true; } });
    const take = user => { if (group.value.users.length < 2) toast(t('ug.last'), { kind: 'bad' }); else keep(group.value.users.filter(one => one !== user)); };
    return () => html`<${Dialog} title=${`${group.value.name} @${group.value.handle}`} @close=${() => p.close(true)}><div class="stack">
      ${group.value.users.length ? html`<ul class="ch-people ch-pick">${group.value.users.map(user => { const name = p.people[user]?.name ?? user; return html`<li key=${user}><${Avatar} name=${name} seed=${user} size="m" /><span class="grow cut">${name} <span class="mut sm">${p.people[user]?.title}</span></span><button type="button" class="btn ghost ico sm" aria-label=${t('ug.remove', { name })} @click=${() => take(user)}>${icon('x', 14)}</button></li>`; })}</ul>` : html`<p class="mut">${t('ug.empty')}</p>`}
      <div class="actions end"><button type="button" class="btn" @click=${add}>${icon('plus', 14)}${t('ug.add')}</button><button type="button" class="btn pri" @click=${() => p.close(true)}>${t('ug.done')}</button></div></div><//>`;
  },
};

export default {
  setup() {
    const all = ref(false), may = boot.me.role !== 'guest';
    const groups = load(async signal => (await api.get('/usergroups', { signal, query: { disabled: all.value } })).groups, { watch: () => all.value });
    const people = load(async signal => Object.fromEntries((await api.get('/channels/people', { signal })).people.map(one => [one.id, one])));
    const again = () => groups.reload({ quiet: true });
    async function show(group) { await openDialog(Members, { group, people: people.data ?? {} }); again(); }
    async function create() {
      const made = await askForm({ title: t('ug.new'), fields: fields(), submitLabel: t('ug.new'), submit: values => api.post('/usergroups', { ...values, handle: values.handle ?? '', description: values.description ?? '' }) });
      if (made?.group) { again(); show(made.group); }
    }
    async function edit(group) { if (await askForm({ title: t('ug.edit'), fields: fields(), values: group, submit: values => api.patch(`/usergroups/${group.id}`, values) })) again(); }
    async function toggle(group) {
      if (group.enabled && !await ask({ title: t('ug.off'), body: `@${group.handle}`, action: t('ug.off'), danger: true })) return;
      try { await api.patch(`/usergroups/${group.id}`, { enabled: !group.enabled }); again(); } catch (error) { toast.error(error); }
    }
    useTop({ title: () => t('ug.title'), tools: () => html`<${Field} name="all" type="switch" label=${t('ug.show')} value=${all.value} change=${value => { all.value = value; }} />${may && html`<button type="button" class="btn sm pri" @click=${create}>${icon('plus', 14)}${t('ug.new')}</button>`}` });
    const columns = () => [
      { key: 'name', title: t('ug.name'), render: it => html`<span class="row"><b class="cut">${it.name}</b><span class="tag">@${it.handle}</span></span>` },
      { key: 'description', title: t('ug.about'), render: it => html`<span class="mut cut">${it.description}</span>` },
      { key: 'users', title: t('ug.people'), width: 170, value: it => it.users.length, render: it => html`<span class="row">${it.users.slice(0, 4).map(user => html`<${Avatar} key=${user} name=${people.data?.[user]?.name ?? user} seed=${user} size="s" />`)}<span class="num">${it.users.length}</span></span>` },
      { key: 'enabled', title: t('ug.state'), width: 110, render: it => html`<${Badge} kind=${it.enabled ? 'ok' : 'warn'} text=${t(it.enabled ? 'ug.in' : 'ug.disabled')} />` },
      ...(may ? [{ key: 'acts', title: '', width: 190, sort: false, render: it => html`<span class="actions end"><button type="button" class="btn ghost sm" @click=${e => { e.stopPropagation(); edit(it); }}>${t('ug.edit')}</button><button type="button" class="btn ghost sm" @click=${e => { e.stopPropagation(); toggle(it); }}>${t(it.enabled ? 'ug.off' : 'ug.on')}</button></span>` }] : []),
    ];
    return () => html`<div class="view fill"><${Table} label=${t('ug.title')} columns=${columns()} rows=${groups.data} loading=${groups.loading} error=${groups.error} retry=${groups.reload} open=${may ? show : undefined}
      empty=${{ icon: 'people', title: t('ug.none'), body: t('ug.none.body'), ...(may ? { action: { label: t('ug.new'), run: create } } : {}) }} /></div>`;
  },
};
