// Signing in, for administrators: who has no second factor, the organisation's providers, open invitations.
import { Ago, api, ask, askForm, Badge, boot, computed, Dialog, html, icon, load, openDialog, Panel, Table, t, toast, words } from '../../web/kit.js';

words({
  ko: {
    'keep.title': '로그인', 'keep.people': '사람들', 'keep.person': '사람', 'keep.ways': '로그인 수단', 'keep.factor': '두 번째 수단', 'keep.none': '없음', 'keep.lacks': '있어야 하는데 없음', 'keep.devices': '기기', 'keep.out': '모두 로그아웃', 'keep.outask': '{name} 님을 모든 기기에서 로그아웃할까요?', 'keep.outbody': '다시 로그인해야 합니다.', 'keep.help': '수단 지우기', 'keep.helpask': '{name} 님의 두 번째 수단을 지울까요?', 'keep.helpbody': '인증 앱, 패스키, 복구 코드와 모든 로그인이 사라집니다. 휴대전화를 잃은 사람을 도울 때 쓰세요.', 'keep.done': '했습니다',
    'keep.password': '비밀번호', 'keep.app': '인증 앱', 'keep.key': '패스키 {n}', 'keep.provider': '제공자', 'keep.missing': '{n}명은 규칙이 요구하는 두 번째 수단이 아직 없습니다.',
    'keep.providers': '제공자 (OpenID Connect)', 'keep.add': '제공자 추가', 'keep.change': '바꾸기', 'keep.drop': '지우기', 'keep.dropask': '{name} 제공자를 지울까요?', 'keep.dropbody': '이 제공자로는 더 로그인할 수 없습니다.', 'keep.name': '이름', 'keep.issuer': '발급자 주소', 'keep.client': '클라이언트 ID', 'keep.secret': '클라이언트 비밀', 'keep.secrethint': '비우면 그대로 둡니다', 'keep.domains': '이메일 도메인', 'keep.joins': '누가 들어오나', 'keep.known': '이미 아는 사람만', 'keep.seat': '새 사람에게 자리를 줌', 'keep.enabled': '켬', 'keep.back': '제공자에 등록할 돌아올 주소', 'keep.noproviders': '제공자가 없습니다', 'keep.noprovidersbody': '조직의 계정으로 로그인하게 하려면 제공자를 추가하세요.',
    'keep.invitations': '초대', 'keep.invite': '메일로 초대', 'keep.email': '이메일', 'keep.role': '역할', 'keep.state': '상태', 'keep.letter': '편지', 'keep.sent': '보냄', 'keep.again': '다시 보내기', 'keep.revoke': '거두기', 'keep.noinvites': '초대가 없습니다', 'keep.link': '초대 링크', 'keep.linkbody': '편지를 보내지 못했습니다. 이 링크를 직접 전하세요. 한 번만 보여 드립니다.',
    'invite.open': '기다림', 'invite.accepted': '받음', 'invite.revoked': '거둠', 'invite.expired': '지남', 'fate.sent': '보냄', 'fate.again': '보내지 못함', 'fate.lost': '보내지 못함', 'fate.': '', 'role.admin': '관리자', 'role.member': '구성원', 'role.guest': '게스트', 'role.owner': '소유자',
  },
  en: {
    'keep.title': 'Signing in', 'keep.people': 'People', 'keep.person': 'Person', 'keep.ways': 'Signs in by', 'keep.factor': 'Second factor', 'keep.none': 'None', 'keep.lacks': 'Needed and missing', 'keep.devices': 'Devices', 'keep.out': 'Sign out', 'keep.outask': 'Sign {name} out on every device?', 'keep.outbody': 'They have to sign in again.', 'keep.help': 'Clear factors', 'keep.helpask': 'Clear the second factors of {name}?', 'keep.helpbody': 'Authenticator, passkeys, recovery codes and every sign-in of theirs end. For somebody who lost their phone.', 'keep.done': 'Done',
    'keep.password': 'password', 'keep.app': 'Authenticator', 'keep.key': '{n} {n|passkey|passkeys}', 'keep.provider': 'provider', 'keep.missing': '{n} {n|person lacks|people lack} the second factor that the rules ask for.',
    'keep.providers': 'Providers (OpenID Connect)', 'keep.add': 'Add a provider', 'keep.change': 'Change', 'keep.drop': 'Remove', 'keep.dropask': 'Remove the provider {name}?', 'keep.dropbody': 'Nobody signs in through it any more.', 'keep.name': 'Name', 'keep.issuer': 'Issuer', 'keep.client': 'Client ID', 'keep.secret': 'Client secret', 'keep.secrethint': 'Empty: as it is', 'keep.domains': 'E-mail domains', 'keep.joins': 'Who comes in', 'keep.known': 'Only who is known here', 'keep.seat': 'Gives new people a seat', 'keep.enabled': 'On', 'keep.back': 'Return address to register with the provider', 'keep.noproviders': 'No providers', 'keep.noprovidersbody': 'Add one so that people sign in with the organisation\'s own accounts.',
    'keep.invitations': 'Invitations', 'keep.invite': 'Invite by e-mail', 'keep.email': 'E-mail', 'keep.role': 'Role', 'keep.state': 'State', 'keep.letter': 'Letter', 'keep.sent': 'Sent', 'keep.again': 'Send again', 'keep.revoke': 'Take back', 'keep.noinvites': 'No invitations', 'keep.link': 'Invitation link', 'keep.linkbody': 'No letter went out. Hand this link over yourself; it is shown this once.',
    'invite.open': 'Waiting', 'invite.accepted': 'Accepted', 'invite.revoked': 'Taken back', 'invite.expired': 'Expired', 'fate.sent': 'Sent', 'fate.again': 'Not sent', 'fate.lost': 'Not sent', 'fate.': '', 'role.admin': 'Admin', 'role.member': 'Member', 'role.guest': 'Guest', 'role.owner': 'Owner',
  },
});

const Link = { props: ['url', 'close'], setup: p => () => html`<${Dialog} title=${t('keep.link')} @close=${p.close}><div class="stack"><p class="mut">${t('keep.linkbody')}</p><code class="mono select">${p.url}</code></div><//>` };

export const Keeping = {
  setup() {
    const org = !!boot.org_role, mayOrg = ['owner', 'admin'].includes(boot.org_role);
    const people = load(signal => api.get('/signin/people', { signal })), invites = load(signal => api.get('/invitations', { signal }));
    const providers = org ? load(signal => api.get('/signin/providers', { signal })) : null;
    const missing = computed(() => (people.data?.people ?? []).filter(one => one.demanded && !one.code && !one.passkeys).length);
    const tried = (list, what) => async (...given) => { try { if (await what(...given) !== false) toast(t('keep.done')); } catch (error) { toast.error(error); } list.reload({ quiet: true }); };
    const out = tried(people, async one => await ask({ title: t('keep.outask', { name: one.name }), body: t('keep.outbody'), action: t('keep.out'), danger: true }) ? api.del(`/users/${one.id}/devices`) : false);
    const help = tried(people, async one => await ask({ title: t('keep.helpask', { name: one.name }), body: t('keep.helpbody'), action: t('keep.help'), danger: true }) ? api.del(`/users/${one.id}/second-factor`) : false);
    const drop = one => tried(providers, async () => await ask({ title: t('keep.dropask', { name: one.name }), body: t('keep.dropbody'), action: t('keep.drop'), danger: true }) ? api.del('/signin/providers/' + one.id) : false)();
    const revoke = tried(invites, one => api.del('/invitations/' + one.id));
    const linked = made => { if (made?.url) openDialog(Link, { url: made.url }); return made; };
    const again = tried(invites, async one => linked(await api.post(`/invitations/${one.id}/again`)));
    const invite = () => askForm({ title: t('keep.invite'), submitLabel: t('keep.invite'), fields: [{ name: 'email', label: t('keep.email'), type: 'email', required: true, autofocus: true },
      { name: 'role', label: t('keep.role'), type: 'choice', required: true, initial: 'member', options: ['admin', 'member', 'guest'].map(value => ({ value, label: t('role.' + value) })) }],
      submit: async values => { linked(await api.post('/invitations', values)); invites.reload({ quiet: true }); } });
    const edit = one => askForm({ title: t(one ? 'keep.change' : 'keep.add'), submitLabel: t(one ? 'keep.change' : 'keep.add'), fields: [
      { name: 'name', label: t('keep.name'), required: true, autofocus: true, initial: one?.name }, { name: 'issuer', label: t('keep.issuer'), type: 'url', required: true, initial: one?.said.issuer, placeholder: 'https://accounts.example.com' },
      { name: 'client_id', label: t('keep.client'), required: true, initial: one?.said.client_id }, { name: 'secret', label: t('keep.secret'), type: 'password', hint: one ? t('keep.secrethint') : '', optional: true, autocomplete: 'off' },
      { name: 'domains', label: t('keep.domains'), type: 'tokens', initial: one?.domains ?? [], optional: true }, { name: 'joins', label: t('keep.joins'), type: 'choice', required: true, initial: one?.joins ?? 'known', options: ['known', 'seat'].map(value => ({ value, label: t('keep.' + value) })) },
      { name: 'enabled', label: t('keep.enabled'), type: 'switch', initial: one?.enabled ?? true }],
      submit: async values => { const said = { ...values, secret: values.secret ?? '', domains: values.domains ?? [] }; await (one ? api.put('/signin/providers/' + one.id, { ...said, workspace: one.workspace }) : api.post('/signin/providers', said)); providers.reload({ quiet: true }); } });
    const button = (label, run) => html`<button type="button" class="btn sm" @click=${run}>${label}</button>`;
    const peopleColumns = [{ key: 'name', title: t('keep.person'), width: 150 }, { key: 'email', title: t('keep.email'), cls: 'mut nowrap', width: 260, render: one => html`<span class="cut" title=${one.email}>${one.email}</span>` },
      { key: 'ways', title: t('keep.ways'), cls: 'mut', width: 140, value: one => [one.password && t('keep.password'), one.passkeys && t('keep.key', { n: one.passkeys }), one.provider && t('keep.provider')].filter(Boolean).join(', ') || '–' },
      { key: 'factor', title: t('keep.factor'), width: 130, sort: one => +one.code + one.passkeys, render: one => one.code || one.passkeys ? html`<${Badge} kind="ok" text=${one.code ? t('keep.app') : t('keep.key', { n: one.passkeys })} />` : one.demanded ? html`<${Badge} kind="bad" text=${t('keep.lacks')} />` : html`<span class="mut">${t('keep.none')}</span>` },
      { key: 'sessions', title: t('keep.devices'), num: true, width: 70 },
      { key: 'acts', title: '', sort: false, width: 190, render: one => one.id !== boot.me.id && html`<span class="row">${one.sessions > 0 && button(t('keep.out'), () => out(one))}${(one.code || one.passkeys > 0) && button(t('keep.help'), () => help(one))}</span>` }];
    const providerColumns = [{ key: 'name', title: t('keep.name'), render: one => html`<span class="row">${one.name}${one.enabled && html`<${Badge} kind="ok" text=${t('keep.enabled')} />`}</span>` }, { key: 'issuer', title: t('keep.issuer'), cls: 'mut', value: one => one.said.issuer }, { key: 'domains', title: t('keep.domains'), value: one => one.domains.join(', ') }, { key: 'joins', title: t('keep.joins'), value: one => t('keep.' + one.joins) },
      { key: 'acts', title: '', sort: false, width: 160, render: one => mayOrg && html`<span class="row">${button(t('keep.change'), () => edit(one))}${button(t('keep.drop'), () => drop(one))}</span>` }];
    const inviteColumns = [{ key: 'email', title: t('keep.email'), width: 220 }, { key: 'role', title: t('keep.role'), width: 90, value: one => t('role.' + one.role) }, { key: 'state', title: t('keep.state'), render: one => html`<${Badge} kind=${one.state === 'open' ? '' : one.state === 'accepted' ? 'ok' : ''} text=${t('invite.' + one.state)} />` }, { key: 'fate', title: t('keep.letter'), value: one => t('fate.' + one.fate) }, { key: 'sent_at', title: t('keep.sent'), render: one => html`<${Ago} at=${one.sent_at} />` },
      { key: 'acts', title: '', sort: false, width: 180, render: one => one.state === 'open' && html`<span class="row">${button(t('keep.again'), () => again(one))}${button(t('keep.revoke'), () => revoke(one))}</span>` }];
    return () => html`<div class="page">${missing.value > 0 && html`<div class="notice warn w" role="status">${icon('warn')}${t('keep.missing', { n: missing.value })}</div>`}
      <${Panel} title=${t('keep.people')} wide=${true}><${Table} label=${t('keep.people')} columns=${peopleColumns} rows=${people.data?.people} loading=${people.loading} error=${people.error} retry=${people.reload} /><//>
      ${org && html`<${Panel} title=${t('keep.providers')} wide=${true}><div class="stack"><div class="row"><span class="mut grow sm">${t('keep.back')}: <code class="mono select">${providers.data?.redirect_uri}</code></span>${mayOrg && html`<button type="button" class="btn sm" @click=${() => edit()}>${icon('plus')}${t('keep.add')}</button>`}</div>
        <${Table} label=${t('keep.providers')} columns=${providerColumns} rows=${providers.data?.providers} loading=${providers.loading} error=${providers.error} retry=${providers.reload} empty=${{ icon: 'lock', title: t('keep.noproviders'), body: t('keep.noprovidersbody') }} /></div><//>`}
      <${Panel} title=${t('keep.invitations')} wide=${true}><div class="stack"><div class="row"><span class="grow"></span><button type="button" class="btn sm" @click=${invite}>${icon('plus')}${t('keep.invite')}</button></div>
        <${Table} label=${t('keep.invitations')} columns=${inviteColumns} rows=${invites.data?.invitations} loading=${invites.loading} error=${invites.error} retry=${invites.reload} empty=${{ icon: 'people', title: t('keep.noinvites') }} /></div><//></div>`;
  },
};
