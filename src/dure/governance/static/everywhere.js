// The whole organisation: its workspaces, its people with a role in each, and who looks after the whole.
import { api, ask, askForm, Avatar, Badge, boot, computed, html, icon, load, Menu, Table, t, toast, words } from '../web/kit.js';

words({
  ko: {
    'whole.title': '조직', 'whole.person': '사람', 'whole.seats': '워크스페이스', 'whole.role': '조직에서의 역할', 'whole.open': '워크스페이스 만들기', 'whole.name': '이름', 'whole.zone': '시간대', 'whole.zonehint': '비우면 이곳과 같습니다. 예: Asia/Tokyo', 'whole.opened': '{name} 워크스페이스를 만들었습니다',
    'whole.owner': '소유자', 'whole.admin': '관리자', 'whole.auditor': '감사자', 'whole.none': '없음', 'whole.ask': '{name} 님의 조직 역할을 바꿀까요?', 'whole.askbody': '{role}: {what}', 'whole.change': '바꾸기', 'whole.done': '역할을 바꿨습니다', 'whole.gone': '떠남',
    'whole.is.owner': '조직의 모든 것을 정하고 다른 소유자를 정합니다.', 'whole.is.admin': '워크스페이스를 만들고 조직 전체의 규칙을 정합니다.', 'whole.is.auditor': '조직의 사람과 워크스페이스를 볼 수만 있습니다.', 'whole.is.none': '워크스페이스에서의 역할만 남습니다.',
    'whole.seat.owner': '소유자', 'whole.seat.admin': '관리자', 'whole.seat.member': '구성원', 'whole.seat.guest': '게스트',
  },
  en: {
    'whole.title': 'Organisation', 'whole.person': 'Person', 'whole.seats': 'Workspaces', 'whole.role': 'Role in the organisation', 'whole.open': 'Open a workspace', 'whole.name': 'Name', 'whole.zone': 'Time zone', 'whole.zonehint': 'Empty means that of this one. For example Asia/Tokyo', 'whole.opened': 'The workspace {name} was opened',
    'whole.owner': 'Owner', 'whole.admin': 'Admin', 'whole.auditor': 'Auditor', 'whole.none': 'None', 'whole.ask': 'Change what {name} is in the organisation?', 'whole.askbody': '{role}: {what}', 'whole.change': 'Change', 'whole.done': 'The role was changed', 'whole.gone': 'Left',
    'whole.is.owner': 'decides everything of the organisation, and who else owns it.', 'whole.is.admin': 'opens workspaces and sets the rules of the whole.', 'whole.is.auditor': 'sees people and workspaces of the organisation and changes nothing.', 'whole.is.none': 'only the roles in workspaces stay.',
    'whole.seat.owner': 'owner', 'whole.seat.admin': 'admin', 'whole.seat.member': 'member', 'whole.seat.guest': 'guest',
  },
});

const ROLES = ['owner', 'admin', 'auditor', ''], word = role => t('whole.' + (role || 'none'));

export async function openWorkspace() {
  await askForm({
    title: t('whole.open'), submitLabel: t('whole.open'),
    fields: [{ name: 'name', label: t('whole.name'), required: true, autofocus: true }, { name: 'timezone', label: t('whole.zone'), hint: t('whole.zonehint'), optional: true }],
    submit: async values => {
      const made = await api.post('/workspaces', { name: values.name, timezone: values.timezone ?? '' });
      toast(t('whole.opened', { name: made.name }));
      await api.post('/session/workspace', { workspace: made.id });
      location.assign('/');
    },
  });
}

export const Everywhere = {
  setup() {
    const people = load(signal => api.get('/organisation/people', { signal })), spaces = load(signal => api.get('/organisation/workspaces', { signal }));
    const named = computed(() => Object.fromEntries((spaces.data?.workspaces ?? []).map(one => [one.id, one.name])));
    const may = boot.org_role === 'owner' || boot.org_role === 'admin';
    async function change(person, role) {
      const what = t('whole.is.' + (role || 'none'));
      if (!await ask({ title: t('whole.ask', { name: person.name }), body: t('whole.askbody', { role: word(role), what }), action: t('whole.change') })) return;
      await api.put(`/organisation/people/${person.id}/role`, { role });
      toast(t('whole.done')); people.reload({ quiet: true });
    }
    const roles = person => ROLES.filter(role => boot.org_role === 'owner' || (role !== 'owner' && person.org_role !== 'owner'))
      .map(role => ({ label: word(role), checked: person.org_role === role, run: () => person.org_role !== role && change(person, role) }));
    const columns = () => [
      { key: 'name', title: t('whole.person'), render: p => html`<span class="row"><${Avatar} name=${p.name} size="s" seed=${p.id} /><span class="cut">${p.name}</span><span class="mut cut">${p.email}</span></span>` },
      { key: 'seats', title: t('whole.seats'), sort: p => Object.keys(p.seats).length, render: p => p.gone ? html`<${Badge} text=${t('whole.gone')} />` : html`<span class="row wrap">${Object.entries(p.seats).map(([id, role]) => html`<${Badge} key=${id} text=${(named.value[id] ?? id) + ' · ' + t('whole.seat.' + role)} />`)}</span>` },
      { key: 'org_role', title: t('whole.role'), width: 200, sort: p => ROLES.indexOf(p.org_role), render: p => may && !p.gone && roles(p).length ? html`<${Menu} label=${t('whole.role')} text=${word(p.org_role)} items=${roles(p)} />` : word(p.org_role) },
    ];
    return () => html`<${Table} label=${t('whole.title')} columns=${columns()} rows=${people.data?.people} loading=${people.loading} error=${people.error} retry=${people.reload} />`;
  },
};

export const OpenButton = () => html`<button type="button" class="btn pri" @click=${openWorkspace}>${icon('plus')}${t('whole.open')}</button>`;
