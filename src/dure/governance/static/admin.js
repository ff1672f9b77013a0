// Who is in the workspace, which tokens are out, and how the server is.
import {
  api, ask, askForm, Avatar, Badge, boot, html, icon, load, Loaded, Panel, ref, Table, t, toast, useTop, words, computed, route, setQuery, openDialog, Dialog,
} from '../web/kit.js';
import { AdminNav } from './admin_nav.js';
import { AddBarrier, Barriers } from './barriers.js';
import { Audit, AuditTools } from './audit.js';
import { Directory } from './directory.js';
import { Everywhere, OpenButton } from './everywhere.js';
import { Hosts } from './hosts.js';
import { channelsByName, endOf, idsOf, People } from './people.js';
import { isReady } from './ready.js';
import { Roles } from './roles.js';
import { Rules } from './rules.js';
import { Keeping } from './signin/keeping.js';

words({
  ko: {
    'admin.heading': '사람과 권한', 'admin.who': '사람', 'admin.ruled': '규칙', 'admin.machine': '시스템', 'admin.users': '사람', 'admin.tokens': '토큰', 'admin.server': '서버', 'admin.name': '이름', 'admin.email': '이메일', 'admin.role': '역할', 'admin.function': '팀', 'admin.title': '직책', 'admin.state': '상태', 'admin.active': '활성', 'admin.gone': '비활성', 'admin.bot': '봇',
    'admin.owner': '소유자', 'admin.admin': '관리자', 'admin.member': '구성원', 'admin.guest': '게스트',
    'admin.product': '프로덕트', 'admin.marketing': '마케팅', 'admin.sales': '영업', 'admin.ad_ops': '광고 운영', 'admin.social': '소셜', 'admin.care': '고객 응대', 'admin.people': '피플', 'admin.press': '홍보', 'admin.executives': '경영진', 'admin.none': '없음',
    'admin.invite': '사람 추가', 'admin.invited': '{name} 님을 추가했습니다', 'admin.link': '로그인 링크', 'admin.linkbody': '한 번만 쓸 수 있고 하루 뒤에 사라집니다. 본인에게만 전하세요.', 'admin.copy': '복사', 'admin.copied': '복사했습니다',
    'admin.off': '접근 끝내기', 'admin.offask': '{name} 님의 접근을 끝낼까요?', 'admin.offbody': '로그인과 토큰이 바로 끊깁니다. 쓴 글과 기록은 남습니다.', 'admin.offdone': '{name} 님의 접근을 끝냈습니다',
    'admin.kind': '종류', 'admin.holder': '가진 이', 'admin.hint': '앞자리', 'admin.scopes': '범위', 'admin.revoked': '폐기됨', 'admin.newtoken': '토큰 만들기', 'admin.tokenonce': '이 토큰은 지금 한 번만 보입니다', 'admin.revoke': '폐기', 'admin.revokeask': '이 토큰을 폐기할까요?', 'admin.revokebody': '이 토큰을 쓰는 프로그램은 바로 멈춥니다.',
    'admin.user': '사용자', 'admin.app': '앱', 'admin.holderhint': '사용자의 이메일 또는 앱 이름', 'admin.scopeshint': '* 은 모든 권한입니다',
    'admin.part': '부분', 'admin.detail': '내용', 'admin.fine': '정상', 'admin.broken': '문제', 'admin.workspace': '워크스페이스', 'admin.zone': '시간대', 'admin.currency': '통화', 'admin.org': '조직', 'admin.id': 'ID', 'admin.empty': '아직 아무도 없습니다', 'admin.emptybody': '함께 일할 사람을 추가하세요.',
    'admin.part.state': '상태 저장소', 'admin.part.log': '이벤트 로그', 'admin.part.followers': '뒤따르는 작업', 'admin.headcount': '{n}명',
  },
  en: {
    'admin.heading': 'People and access', 'admin.who': 'Who', 'admin.ruled': 'Rules', 'admin.machine': 'System', 'admin.users': 'People', 'admin.tokens': 'Tokens', 'admin.server': 'Server', 'admin.name': 'Name', 'admin.email': 'E-mail', 'admin.role': 'Role', 'admin.function': 'Team', 'admin.title': 'Title', 'admin.state': 'State', 'admin.active': 'Active', 'admin.gone': 'Deactivated', 'admin.bot': 'Bot',
    'admin.owner': 'Owner', 'admin.admin': 'Admin', 'admin.member': 'Member', 'admin.guest': 'Guest',
    'admin.product': 'Product', 'admin.marketing': 'Marketing', 'admin.sales': 'Sales', 'admin.ad_ops': 'Ad operations', 'admin.social': 'Social', 'admin.care': 'Care', 'admin.people': 'People', 'admin.press': 'Press', 'admin.executives': 'Executives', 'admin.none': 'None',
    'admin.invite': 'Add a person', 'admin.invited': '{name} was added', 'admin.link': 'Sign-in link', 'admin.linkbody': 'It works once and is gone after a day. Hand it to nobody else.', 'admin.copy': 'Copy', 'admin.copied': 'Copied',
    'admin.off': 'Deactivate', 'admin.offask': 'End the access of {name}?', 'admin.offbody': 'Sessions and tokens stop at once. What they wrote stays.', 'admin.offdone': '{name} has no access any more',
    'admin.kind': 'Kind', 'admin.holder': 'Held by', 'admin.hint': 'Begins with', 'admin.scopes': 'Scopes', 'admin.revoked': 'Revoked', 'admin.newtoken': 'Make a token', 'admin.tokenonce': 'This token is shown only now', 'admin.revoke': 'Revoke', 'admin.revokeask': 'Revoke this token?', 'admin.revokebody': 'Programs that use it stop at once.',
    'admin.user': 'User', 'admin.app': 'App', 'admin.holderhint': "A user's e-mail, or an app's name", 'admin.scopeshint': '* is every right',
    'admin.part': 'Part', 'admin.detail': 'Detail', 'admin.fine': 'Fine', 'admin.broken': 'Trouble', 'admin.workspace': 'Workspace', 'admin.zone': 'Time zone', 'admin.currency': 'Currency', 'admin.org': 'Organisation', 'admin.id': 'ID', 'admin.empty': 'Nobody here yet', 'admin.emptybody': 'Add the people you work with.',
    'admin.part.state': 'State', 'admin.part.log': 'Event log', 'admin.part.followers': 'Followers', 'admin.headcount': '{n} {n|person|people}',
  },
});

const TEAMS = ['product', 'marketing', 'sales', 'ad_ops', 'social', 'care', 'people', 'press', 'executives'];
const team = name => name ? t('admin.' + name) : t('admin.none');

// A secret that is shown once, with a button that copies it.
const Once = {
  props: ['title', 'body', 'secret', 'close'],
  setup: p => () => html`<${Dialog} title=${p.title} @close=${p.close}><div class="stack"><p class="mut">${p.body}</p><code class="mono" style="overflow-wrap:anywhere;user-select:all">${p.secret}</code>
    <div class="actions end"><button type="button" class="btn pri" @click=${async () => { await navigator.clipboard?.writeText(p.secret); toast(t('admin.copied')); }}>${icon('check')}${t('admin.copy')}</button></div></div><//>`,
};

export default {
  setup() {
    const tab = ref(route.query.tab ?? 'users'), users = load(signal => api.get('/users', { signal })), tokens = load(signal => api.get('/tokens', { signal })), server = load(isReady);
    const people = computed(() => (users.data?.users ?? []).filter(u => !u.is_bot));

    async function invite() {
      const channels = await channelsByName(), guest = values => values.role === 'multi' || values.role === 'single';
      await askForm({
        title: t('admin.invite'), submitLabel: t('admin.invite'), fields: [
          { name: 'name', label: t('admin.name'), required: true, autofocus: true }, { name: 'email', label: t('admin.email'), type: 'email', required: true },
          { name: 'function', label: t('admin.function'), type: 'select', placeholder: t('admin.none'), options: TEAMS.map(value => ({ value, label: team(value) })) },
          { name: 'role', label: t('admin.role'), type: 'select', required: true, options: ['admin', 'member', 'multi', 'single'].map(value => ({ value, label: t(value === 'multi' || value === 'single' ? 'people.' + value : 'admin.' + value) })), initial: 'member' },
          { name: 'channels', label: t('people.channels'), type: 'tokens', hint: t('people.channelhint'), options: Object.keys(channels), required: true, when: guest },
          { name: 'day', label: t('people.lastday'), type: 'date', hint: t('people.lasthint'), optional: true, when: guest },
          { name: 'title', label: t('admin.title'), optional: true },
        ],
        submit: async values => {
          const user = guest(values)
            ? await api.post('/organisation/guests', { name: values.name, email: values.email, guest: values.role, channels: idsOf(values.channels, channels), expires_at: endOf(values.day) })
            : await api.post('/users', { ...values, function: values.function ?? '' });
          toast(t('admin.invited', { name: user.name })); users.reload({ quiet: true }); link(user);
        },
      });
    }
    async function link(user) {
      const made = await api.post(`/users/${user.id}/sign-in-link`);
      openDialog(Once, { title: t('admin.link'), body: t('admin.linkbody'), secret: made.url });
    }
    async function off(user) {
      if (!await ask({ title: t('admin.offask', { name: user.name }), body: t('admin.offbody'), action: t('admin.off'), danger: true })) return;
      await api.del('/users/' + user.id); toast(t('admin.offdone', { name: user.name })); users.reload({ quiet: true });
    }
    async function make() {
      await askForm({
        title: t('admin.newtoken'), submitLabel: t('admin.newtoken'), fields: [
          { name: 'kind', label: t('admin.kind'), type: 'choice', options: ['user', 'bot', 'app'].map(value => ({ value, label: t('admin.' + value) })), initial: 'user', required: true },
          { name: 'holder', label: t('admin.holder'), hint: t('admin.holderhint'), required: true, initial: boot.me.email }, { name: 'scopes', label: t('admin.scopes'), hint: t('admin.scopeshint'), type: 'tokens', initial: ['*'], required: true },
        ],
        submit: async values => { const made = await api.post('/tokens', values); tokens.reload({ quiet: true }); openDialog(Once, { title: t('admin.newtoken'), body: t('admin.tokenonce'), secret: made.token }); },
      });
    }
    async function revoke(token) {
      if (!await ask({ title: t('admin.revokeask'), body: t('admin.revokebody'), action: t('admin.revoke'), danger: true })) return;
      await api.del('/tokens/' + token.id); tokens.reload({ quiet: true });
    }

    useTop({
      title: () => html`<h1>${t('admin.heading')}</h1>`,
      tools: () => html`${tab.value === 'users' && html`<button type="button" class="btn pri" @click=${invite}>${icon('plus')}${t('admin.invite')}</button>`}${tab.value === 'tokens' && html`<button type="button" class="btn pri" @click=${make}>${icon('plus')}${t('admin.newtoken')}</button>`}${tab.value === 'whole' && boot.org_role !== 'auditor' && html`<${OpenButton} />`}${tab.value === 'barriers' && boot.org_role !== 'auditor' && html`<${AddBarrier} />`}${tab.value === 'audit' && html`<${AuditTools} />`}`,
    });

    const tokenColumns = () => [
      { key: 'hint', title: t('admin.hint'), cls: 'mono' }, { key: 'kind', title: t('admin.kind'), value: k => t('admin.' + k.kind) }, { key: 'holder', title: t('admin.holder') }, { key: 'scopes', title: t('admin.scopes'), value: k => k.scopes.join(', '), cls: 'mut' },
      { key: 'revoked', title: t('admin.state'), render: k => k.revoked ? html`<${Badge} text=${t('admin.revoked')} />` : html`<${Badge} kind="ok" text=${t('admin.active')} />` },
      { key: 'acts', title: '', sort: false, width: 90, render: k => !k.revoked && html`<button type="button" class="btn sm" @click=${() => revoke(k)}>${t('admin.revoke')}</button>` },
    ];
    const space = boot.workspace, facts = [['admin.org', space.org_name], ['admin.workspace', space.name], ['admin.id', space.id], ['admin.zone', space.timezone], ['admin.currency', space.currency]];
    const open = value => { tab.value = value; setQuery({ tab: value === 'users' ? '' : value, action: '', actor: '', entity: '', from: '', to: '' }); };
    const groups = () => [
      { title: t('admin.who'), items: [{ value: 'users', label: t('admin.users'), count: people.value.length || null }, { value: 'roles', label: t('roles.title') }, { value: 'tokens', label: t('admin.tokens') }] },
      { title: t('admin.ruled'), items: [{ value: 'rules', label: t('rules.title') }, { value: 'signin', label: t('keep.title') }, ...(boot.org_role ? [{ value: 'barriers', label: t('barriers.title') }] : [])] },
      { title: t('admin.org'), items: boot.org_role ? [{ value: 'whole', label: t('whole.title') }, { value: 'directory', label: t('dir.title') }, { value: 'audit', label: t('audit.title') }] : [] },
      { title: t('admin.machine'), items: [{ value: 'server', label: t('admin.server') }] },
    ];
    return () => html`<div class="admin"><${AdminNav} label=${t('admin.heading')} groups=${groups()} value=${tab.value} change=${open} /><div class="view">
      ${tab.value === 'users' && html`<${People} key=${people.value.length} users=${users} link=${link} off=${off} />`}
      ${tab.value === 'roles' && html`<${Roles} />`}
      ${tab.value === 'tokens' && html`<${Table} label=${t('admin.tokens')} columns=${tokenColumns()} rows=${tokens.data?.tokens} loading=${tokens.loading} error=${tokens.error} retry=${tokens.reload} />`}
      ${tab.value === 'rules' && html`<${Rules} />`}
      ${tab.value === 'signin' && html`<${Keeping} />`}
      ${tab.value === 'whole' && html`<${Everywhere} />`}
      ${tab.value === 'directory' && html`<${Directory} />`}
      ${tab.value === 'barriers' && html`<${Barriers} />`}
      ${tab.value === 'audit' && html`<${Audit} />`}
      ${tab.value === 'server' && html`<div class="page"><${Panel} title=${t('admin.workspace')}><dl class="stack">${facts.map(([key, value]) => html`<div class="row" key=${key}><dt class="mut" style="width:120px">${t(key)}</dt><dd>${value}</dd></div>`)}</dl><//><${Hosts} />
        <${Panel} title=${t('admin.server')}><${Loaded} of=${server} show=${data => html`<div class="stack">${Object.entries(data.parts).map(([name, part]) => html`<div class="row" key=${name}><span class="mut" style="width:120px">${t('admin.part.' + name)}</span>${part.ok ? html`<${Badge} kind="ok" text=${t('admin.fine')} />` : html`<${Badge} kind="bad" text=${t('admin.broken')} />`}<span class="cut mut">${part.detail}</span></div>`)}</div>`} /><//></div>`}
    </div></div>`;
  },
};
