// The permission table as it is in the code, and the organisation's own roles beside it.
import { action, api, ask, Badge, boot, computed, Dialog, Field, Form, html, icon, load, Loaded, openDialog, Panel, reactive, t, toast, words } from '../web/kit.js';
import './rights_words.js';

words({
  ko: {
    'roles.title': '역할', 'roles.table': '권한표', 'roles.hint': '모든 화면과 API가 이 표를 따릅니다. 줄은 권한, 칸은 역할입니다.', 'roles.right': '권한', 'roles.own': '조직에서 만든 역할', 'roles.make': '역할 만들기', 'roles.edit': '역할 고치기', 'roles.name': '이름', 'roles.about': '설명', 'roles.save': '저장', 'roles.remove': '역할 지우기',
    'roles.none': '만든 역할이 없습니다', 'roles.noneadmin': '역할은 기본 역할에 권한을 더합니다. 가진 권한만 넣을 수 있습니다.', 'roles.given': '{n}명', 'roles.adds': '더하는 권한', 'roles.saved': '역할을 저장했습니다', 'roles.removed': '역할을 지웠습니다', 'roles.removeask': '{name} 역할을 지울까요?', 'roles.removebody': '이 역할을 가진 {n}명에게서 권한이 바로 사라집니다.',
    'roles.yes': '있음', 'roles.no': '없음', 'roles.mine': '내 권한', 'roles.beyond': '내게 없는 권한',
    'roles.level.workspace': '워크스페이스', 'roles.level.channel': '채널', 'roles.level.organisation': '조직',
    'roles.owner': '소유자', 'roles.admin': '관리자', 'roles.member': '구성원', 'roles.multi': '여러 채널 게스트', 'roles.single': '한 채널 게스트', 'roles.org_owner': '조직 소유자', 'roles.org_admin': '조직 관리자', 'roles.org_auditor': '조직 감사자',
  },
  en: {
    'roles.title': 'Roles', 'roles.table': 'Permission table', 'roles.hint': 'Every screen and every API goes by this table: a line a right, a column a role.', 'roles.right': 'Right', 'roles.own': "The organisation's own roles", 'roles.make': 'Make a role', 'roles.edit': 'Change the role', 'roles.name': 'Name', 'roles.about': 'About', 'roles.save': 'Save', 'roles.remove': 'Remove the role',
    'roles.none': 'No roles of your own yet', 'roles.noneadmin': 'A role adds rights to what somebody is. You can only put in rights that you hold.', 'roles.given': '{n} {n|person|people}', 'roles.adds': 'Rights it adds', 'roles.saved': 'The role was saved', 'roles.removed': 'The role was removed', 'roles.removeask': 'Remove the role {name}?', 'roles.removebody': 'The {n} {n|person|people} who have it lose its rights at once.',
    'roles.yes': 'holds it', 'roles.no': 'does not', 'roles.mine': 'My rights', 'roles.beyond': 'not yours to give',
    'roles.level.workspace': 'Workspace', 'roles.level.channel': 'Channel', 'roles.level.organisation': 'Organisation',
    'roles.owner': 'Owner', 'roles.admin': 'Admin', 'roles.member': 'Member', 'roles.multi': 'Guest, several channels', 'roles.single': 'Guest, one channel', 'roles.org_owner': 'Org. owner', 'roles.org_admin': 'Org. admin', 'roles.org_auditor': 'Org. auditor',
  },
});

const LEVELS = ['workspace', 'channel', 'organisation'];
const grouped = rights => LEVELS.map(level => [level, rights.filter(one => one.level === level)]);
export const may = () => ['owner', 'admin'].includes(boot.org_role);

// One role: its name, what it is for, and a box for every right.
const Edit = {
  props: ['role', 'data', 'close'],
  setup(p) {
    const chosen = reactive(new Set(p.role?.rights ?? []));
    const save = async values => {
      const body = { name: values.name, description: values.description ?? '', rights: [...chosen] };
      await (p.role ? api.put('/roles/' + p.role.id, body) : api.post('/roles', body));
      toast(t('roles.saved')); p.close(true);
    };
    const fields = [{ name: 'name', label: t('roles.name'), required: true, autofocus: true }, { name: 'description', label: t('roles.about'), optional: true }];
    const flip = name => { chosen.has(name) ? chosen.delete(name) : chosen.add(name); };
    return () => html`<${Dialog} title=${t(p.role ? 'roles.edit' : 'roles.make')} wide=${true} @close=${() => p.close()}>
      <${Form} fields=${fields} values=${{ name: p.role?.name ?? '', description: p.role?.description ?? '' }} submit=${save} submitLabel=${t('roles.save')} cancel=${() => p.close()} ready=${() => chosen.size > 0}>
        <div class="roles-boxes">${grouped(p.data.rights).map(([level, rights]) => html`<fieldset key=${level}><legend>${t('roles.level.' + level)}</legend>${rights.map(one => { const mine = p.data.mine.includes(one.name); return html`<label key=${one.name} class=${mine ? '' : 'mut'} title=${mine ? one.name : t('roles.beyond')}><input type="checkbox" name=${one.name} checked=${chosen.has(one.name)} disabled=${!mine && !chosen.has(one.name)} @change=${() => flip(one.name)} />${t('right.' + one.name)}</label>`; })}</fieldset>`)}</div>
      <//><//>`;
  },
};

export const Roles = {
  setup() {
    const listed = load(signal => api.get('/roles', { signal }));
    async function edit(role) { if (await openDialog(Edit, { role, data: listed.data })) listed.reload({ quiet: true }); }
    async function remove(role) {
      if (!await ask({ title: t('roles.removeask', { name: role.name }), body: t('roles.removebody', { n: role.given }), action: t('roles.remove'), danger: true })) return;
      await api.del('/roles/' + role.id); toast(t('roles.removed')); listed.reload({ quiet: true });
    }
    const removing = action(remove, { failed: toast.error });
    const mark = (held, mine) => html`<td class=${held ? 'yes' : 'no'}>${held ? icon('check', 14) : ''}<span class="sr">${t(held ? 'roles.yes' : 'roles.no')}</span></td>`;
    const table = data => html`<div class="roles-scroll" tabindex="0" role="region" aria-label=${t('roles.table')}><table class="roles-table"><thead><tr><th scope="col">${t('roles.right')}</th>${data.columns.map(one => html`<th scope="col" key=${one}>${t('roles.' + one)}</th>`)}${data.roles.map(one => html`<th scope="col" key=${one.id} class="own">${one.name}</th>`)}<th scope="col">${t('roles.mine')}</th></tr></thead>
      ${grouped(data.rights).map(([level, rights]) => html`<tbody key=${level}><tr class="level"><th colspan=${data.columns.length + data.roles.length + 2} scope="rowgroup">${t('roles.level.' + level)}</th></tr>${rights.map(one => html`<tr key=${one.name}><th scope="row"><span>${t('right.' + one.name)}</span><code>${one.name}</code></th>${data.columns.map(column => mark(one.roles.includes(column)))}${data.roles.map(role => mark(role.rights.includes(one.name)))}${mark(data.mine.includes(one.name))}</tr>`)}</tbody>`)}</table></div>`;
    const own = data => data.roles.length
      ? html`<div class="roles-own">${data.roles.map(one => html`<div key=${one.id} class="roles-one"><div class="row"><b class="cut">${one.name}</b><span class="mut sm">${t('roles.given', { n: one.given })}</span><span class="grow"></span>${may() && html`<button type="button" class="btn sm" @click=${() => edit(one)}>${t('roles.edit')}</button><button type="button" class="btn sm" disabled=${removing.busy} @click=${() => removing.run(one)}>${t('roles.remove')}</button>`}</div>${one.description && html`<p class="mut sm">${one.description}</p>`}<div class="row wrap" aria-label=${t('roles.adds')}>${one.rights.map(right => html`<${Badge} key=${right} text=${t('right.' + right)} />`)}</div></div>`)}</div>`
      : html`<div class="roles-empty"><b>${t('roles.none')}</b><p class="mut">${t('roles.noneadmin')}</p></div>`;
    return () => html`<div class="page roles-page"><${Loaded} of=${listed} skeleton="rows" show=${data => html`<div class="stack">
      <${Panel} title=${t('roles.own')} tools=${may() && html`<button type="button" class="btn sm" @click=${() => edit(null)}>${icon('plus')}${t('roles.make')}</button>`}>${own(data)}<//>
      <${Panel} title=${t('roles.table')} note=${t('roles.hint')} flush=${true}>${table(data)}<//></div>`} /></div>`;
  },
};
