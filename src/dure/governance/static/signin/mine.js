// My security: password, second factor, passkeys, devices, tokens.
import { Ago, api, ask, askForm, Badge, computed, Dialog, html, icon, load, Loaded, openDialog, Panel, Table, t, toast, words } from '../../web/kit.js';
import { Authenticator, Recovery } from '../../web/factor.js';
import { canPasskey, makePasskey } from '../../web/passkey.js';
import { proven } from './proof.js';

words({
  ko: {
    'mine.password': '비밀번호', 'mine.haspassword': '비밀번호가 있습니다.', 'mine.nopassword': '비밀번호가 없습니다.', 'mine.change': '비밀번호 바꾸기', 'mine.new': '새 비밀번호', 'mine.newhint': '{n}자 이상. 다른 기기는 모두 로그아웃됩니다.', 'mine.changed': '비밀번호를 바꿨습니다',
    'mine.factor': '두 번째 확인 수단', 'mine.on': '인증 앱을 씁니다', 'mine.off': '인증 앱을 쓰지 않습니다', 'mine.demanded': '규칙에 따라 있어야 합니다', 'mine.setup': '인증 앱 쓰기', 'mine.remove': '빼기', 'mine.removeask': '인증 앱을 뺄까요?', 'mine.removebody': '다음부터는 앱의 코드를 묻지 않습니다.', 'mine.recovery': '남은 복구 코드 {n}개', 'mine.renew': '새 복구 코드', 'mine.renewask': '복구 코드를 새로 만들까요?', 'mine.renewbody': '지금까지의 코드는 쓸 수 없게 됩니다.',
    'mine.passkeys': '패스키', 'mine.addkey': '패스키 추가', 'mine.keyname': '이름', 'mine.keyhint': '어느 기기의 것인지 알 수 있게', 'mine.nokeys': '패스키가 없습니다', 'mine.nokeysbody': '지문, 얼굴, PIN이나 보안 키로 비밀번호 없이 로그인합니다.', 'mine.used': '마지막 사용', 'mine.rename': '이름 바꾸기', 'mine.keyask': '‘{name}’ 패스키를 뺄까요?', 'mine.keybody': '이 패스키로는 더 로그인할 수 없습니다.', 'mine.added': '추가했습니다', 'mine.nobrowser': '이 주소나 브라우저에서는 패스키를 만들 수 없습니다.',
    'mine.devices': '로그인한 기기', 'mine.device': '기기', 'mine.means': '방법', 'mine.first': '처음', 'mine.last': '마지막', 'mine.here': '지금 이 기기', 'mine.end': '로그아웃', 'mine.endall': '다른 기기 모두 로그아웃', 'mine.endask': '다른 기기를 모두 로그아웃할까요?', 'mine.endbody': '이 기기만 남습니다.', 'mine.ended': '로그아웃했습니다', 'mine.unknown': '알 수 없는 기기',
    'mine.tokens': '내 토큰', 'mine.token': '토큰', 'mine.scopes': '권한', 'mine.revoke': '폐기', 'mine.revokeask': '토큰을 폐기할까요?', 'mine.revokebody': '이 토큰을 쓰는 프로그램이 바로 멈춥니다.', 'mine.notokens': '토큰이 없습니다', 'mine.once': '복구 코드',
    'means.password': '비밀번호', 'means.code': '인증 앱', 'means.recovery': '복구 코드', 'means.passkey': '패스키', 'means.provider': '조직의 제공자', 'means.link': '링크', 'means.switch': '워크스페이스 이동', 'means.': '모름',
  },
  en: {
    'mine.password': 'Password', 'mine.haspassword': 'You have a password.', 'mine.nopassword': 'You have no password.', 'mine.change': 'Change the password', 'mine.new': 'New password', 'mine.newhint': 'At least {n} characters. Every other device is signed out.', 'mine.changed': 'The password was changed',
    'mine.factor': 'Second factor', 'mine.on': 'An authenticator app is on', 'mine.off': 'No authenticator app', 'mine.demanded': 'The rules ask for one', 'mine.setup': 'Use an authenticator app', 'mine.remove': 'Remove', 'mine.removeask': 'Remove the authenticator app?', 'mine.removebody': 'Its codes will not be asked for any more.', 'mine.recovery': '{n} recovery {n|code|codes} left', 'mine.renew': 'New recovery codes', 'mine.renewask': 'Make new recovery codes?', 'mine.renewbody': 'The codes you have will not work any more.',
    'mine.passkeys': 'Passkeys', 'mine.addkey': 'Add a passkey', 'mine.keyname': 'Name', 'mine.keyhint': 'So that you know on which device it is', 'mine.nokeys': 'No passkeys yet', 'mine.nokeysbody': 'Sign in without a password: by finger, face, PIN or a security key.', 'mine.used': 'Last used', 'mine.rename': 'Rename', 'mine.keyask': 'Remove the passkey “{name}”?', 'mine.keybody': 'Nobody signs in with it any more.', 'mine.added': 'Added', 'mine.nobrowser': 'This address or browser makes no passkeys.',
    'mine.devices': 'Devices', 'mine.device': 'Device', 'mine.means': 'Signed in by', 'mine.first': 'First', 'mine.last': 'Last seen', 'mine.here': 'This device', 'mine.end': 'Sign out', 'mine.endall': 'Sign out every other device', 'mine.endask': 'Sign out every other device?', 'mine.endbody': 'Only this one stays.', 'mine.ended': 'Signed out', 'mine.unknown': 'Unknown device',
    'mine.tokens': 'My tokens', 'mine.token': 'Token', 'mine.scopes': 'Scopes', 'mine.revoke': 'Revoke', 'mine.revokeask': 'Revoke this token?', 'mine.revokebody': 'Programs that use it stop at once.', 'mine.notokens': 'No tokens', 'mine.once': 'Recovery codes',
    'means.password': 'password', 'means.code': 'authenticator', 'means.recovery': 'recovery code', 'means.passkey': 'passkey', 'means.provider': 'provider', 'means.link': 'link', 'means.switch': 'change of workspace', 'means.': 'unknown',
  },
});

const Codes = { props: ['codes', 'close'], setup: p => () => html`<${Dialog} title=${t('mine.once')} @close=${p.close}><${Recovery} codes=${p.codes} done=${p.close} /><//>` };
const App = { props: ['begun', 'close'], setup: p => () => html`<${Dialog} title=${t('mine.setup')} @close=${() => p.close(null)}><${Authenticator} begun=${p.begun} done=${p.close} /><//>` };

export default {
  setup() {
    const own = load(signal => api.get('/security', { signal })), again = () => own.reload({ quiet: true });
    const act = (what, done) => async (...given) => {
      try { const answer = await proven(own.data, () => what(...given)); if (answer === false) return; if (done) await done(answer); } catch (error) { toast.error(error); }
      again();
    };
    const codes = async answer => { if (answer?.recovery?.length) await openDialog(Codes, { codes: answer.recovery }); };
    const begin = act(() => api.post('/security/authenticator', {}, { quiet: true }), async begun => codes(await openDialog(App, { begun })));
    const remove = act(async () => await ask({ title: t('mine.removeask'), body: t('mine.removebody'), action: t('mine.remove'), danger: true }) ? api.del('/security/authenticator') : false);
    const renew = act(async () => await ask({ title: t('mine.renewask'), body: t('mine.renewbody'), action: t('mine.renew') }) ? api.post('/security/recovery-codes', {}, { quiet: true }) : false, codes);
    const addKey = act(async () => {
      const options = await api.post('/security/passkeys/begin', {}, { quiet: true });
      const credential = await makePasskey(options);
      if (!credential) return false;
      let made = false;
      await askForm({ title: t('mine.addkey'), submitLabel: t('mine.addkey'), fields: [{ name: 'name', label: t('mine.keyname'), hint: t('mine.keyhint'), required: true, autofocus: true }],
        submit: async values => { made = await api.post('/security/passkeys', { ...values, credential }, { quiet: true }); toast(t('mine.added')); } });
      return made;
    }, codes);
    const rename = key => askForm({ title: t('mine.rename'), submitLabel: t('mine.rename'), fields: [{ name: 'name', label: t('mine.keyname'), required: true, autofocus: true, initial: key.name }],
      submit: async values => { await api.put('/security/passkeys/' + key.id, values); again(); } });
    const dropKey = act(async key => await ask({ title: t('mine.keyask', { name: key.name }), body: t('mine.keybody'), action: t('mine.remove'), danger: true }) ? api.del('/security/passkeys/' + key.id) : false);
    const change = async () => {
      let wanted = null;
      await askForm({ title: t('mine.change'), submitLabel: t('mine.change'), fields: [{ name: 'password', type: 'password', label: t('mine.new'), hint: t('mine.newhint', { n: own.data.least }), required: true, autofocus: true, autocomplete: 'new-password' }],
        submit: async values => { try { await api.put('/security/password', values, { quiet: true }); toast(t('mine.changed')); } catch (error) { if (error.code !== 'proof_needed') throw error; wanted = values; } } });
      if (wanted) await act(() => api.put('/security/password', wanted, { quiet: true }), () => toast(t('mine.changed')))();
      again();
    };
    const end = act(device => api.del('/security/devices/' + device.id), () => toast(t('mine.ended')));
    const endAll = act(async () => await ask({ title: t('mine.endask'), body: t('mine.endbody'), action: t('mine.endall'), danger: true }) ? api.del('/security/devices') : false, () => toast(t('mine.ended')));
    const revoke = act(async token => await ask({ title: t('mine.revokeask'), body: t('mine.revokebody'), action: t('mine.revoke'), danger: true }) ? api.del('/security/tokens/' + token.id) : false);
    const button = (label, run, cls = 'btn sm') => html`<button type="button" class=${cls} @click=${run}>${label}</button>`;
    const others = computed(() => (own.data?.devices ?? []).some(one => !one.here));
    const keyColumns = [{ key: 'name', title: t('mine.keyname') }, { key: 'used', title: t('mine.used'), render: one => one.used ? html`<${Ago} at=${one.used} />` : '' },
      { key: 'acts', title: '', sort: false, width: 200, render: one => html`<span class="row">${button(t('mine.rename'), () => rename(one))}${button(t('mine.remove'), () => dropKey(one))}</span>` }];
    const deviceColumns = [{ key: 'device', title: t('mine.device'), width: 320, render: one => html`<span class="row"><span class="cut">${one.device || t('mine.unknown')}</span>${one.here && html`<${Badge} kind="ok" text=${t('mine.here')} />`}</span>` },
      { key: 'means', title: t('mine.means'), value: one => t('means.' + one.means) }, { key: 'first', title: t('mine.first'), render: one => html`<${Ago} at=${one.first} />` }, { key: 'last', title: t('mine.last'), render: one => html`<${Ago} at=${one.last} />` },
      { key: 'acts', title: '', sort: false, width: 110, render: one => !one.here && button(t('mine.end'), () => end(one)) }];
    const tokenColumns = [{ key: 'hint', title: t('mine.token'), cls: 'mono' }, { key: 'scopes', title: t('mine.scopes'), value: one => one.scopes.join(', '), cls: 'mut' },
      { key: 'acts', title: '', sort: false, width: 90, render: one => button(t('mine.revoke'), () => revoke(one)) }];
    return () => html`<div class=${own.data ? 'view' : 'view pad'}><${Loaded} of=${own} show=${it => html`<div class="page">
      <${Panel} title=${t('mine.password')}><div class="row"><span class="mut grow">${t(it.password ? 'mine.haspassword' : 'mine.nopassword')}</span>${button(t('mine.change'), change)}</div><//>
      <${Panel} title=${t('mine.factor')}><div class="stack"><div class="row"><span class="grow row">${it.factors.code ? html`<${Badge} kind="ok" text=${t('mine.on')} />` : html`<span class="mut">${t('mine.off')}</span>`}${it.demanded && html`<${Badge} text=${t('mine.demanded')} />`}</span>${it.factors.code ? button(t('mine.remove'), remove) : button(t('mine.setup'), begin)}</div>
        ${(it.factors.code || it.passkeys.length > 0) && html`<div class="row"><span class="mut grow">${t('mine.recovery', { n: it.factors.recovery })}</span>${button(t('mine.renew'), renew)}</div>`}</div><//>
      <${Panel} title=${t('mine.passkeys')} wide=${true}><div class="stack"><div class="row"><span class="mut grow">${t(canPasskey() ? 'mine.nokeysbody' : 'mine.nobrowser')}</span>${canPasskey() && html`<button type="button" class="btn sm" @click=${addKey}>${icon('plus')}${t('mine.addkey')}</button>`}</div>
        ${it.passkeys.length > 0 && html`<${Table} label=${t('mine.passkeys')} columns=${keyColumns} rows=${it.passkeys} />`}</div><//>
      <${Panel} title=${t('mine.devices')} wide=${true}><div class="stack"><${Table} label=${t('mine.devices')} columns=${deviceColumns} rows=${it.devices} />${others.value && html`<div>${button(t('mine.endall'), endAll)}</div>`}</div><//>
      <${Panel} title=${t('mine.tokens')} wide=${true}>${it.tokens.length ? html`<${Table} label=${t('mine.tokens')} columns=${tokenColumns} rows=${it.tokens} />` : html`<p class="mut">${t('mine.notokens')}</p>`}<//></div>`} /></div>`;
  },
};
