// The door: e-mail and password, a passkey, a provider; then what is owed. Also links of letters: a new password, an invitation.
import { createApp, ref } from '../vendor/vue.js';
import { api, ApiError } from './api.js';
import { Authenticator, Recovery } from './factor.js';
import { Form } from './form.js';
import { html } from './html.js';
import { icon } from './icons.js';
import { canPasskey, makePasskey, usePasskey } from './passkey.js';
import { boot, setLang, setTheme, state } from './state.js';
import { sentence } from './states.js';
import { t, words } from './words.js';

words({
  ko: { 'signin.title': '로그인', 'signin.email': '이메일', 'signin.password': '비밀번호', 'signin.go': '로그인',
    'signin.wrong': '이메일이나 비밀번호가 맞지 않습니다.', 'signin.lead': '프로덕트, 마케팅, 영업, 광고 운영, 소셜 팀이 한자리에서 일합니다.',
    'signin.link': '초대나 로그인 링크를 받았다면 그 링크를 열면 됩니다.', 'signin.lang': 'English', 'signin.theme': '밝게/어둡게',
    'signin.passkey': '패스키로 로그인', 'signin.through': '{name}(으로/로) 로그인', 'signin.forgot': '비밀번호를 잊었나요?', 'signin.back': '처음으로',
    'signin.second': '한 번 더 확인', 'signin.secondbody': '인증 앱에 나온 여섯 자리 코드나 복구 코드를 적으세요.', 'signin.keybody': '패스키로 한 번 더 확인하세요. 패스키가 없으면 복구 코드를 적으세요.', 'signin.code': '코드', 'signin.check': '확인', 'signin.usekey': '패스키로 확인',
    'signin.setup': '두 번째 확인 수단을 만드세요', 'signin.setupbody': '규칙에 따라, 들어오기 전에 비밀번호 말고도 본인임을 보일 수단이 있어야 합니다.', 'signin.makekey': '패스키 만들기', 'signin.makeapp': '인증 앱 쓰기', 'signin.mykey': '내 패스키',
    'signin.reset': '비밀번호 다시 정하기', 'signin.resetbody': '가입한 이메일을 적으면 한 시간 동안 쓸 수 있는 링크를 보냅니다.', 'signin.send': '링크 받기', 'signin.sent': '그런 사람이 있다면 메일을 보냈습니다. 받은편지함을 확인하세요.',
    'signin.new': '새 비밀번호', 'signin.newhint': '{n}자 이상', 'signin.set': '비밀번호 정하기', 'signin.invited': '{org}의 {workspace}에 초대받았습니다', 'signin.by': '{name} 님이 {email} 주소로 초대했습니다.', 'signin.name': '이름', 'signin.join': '들어가기', 'signin.joinkey': '비밀번호 대신 패스키로', 'signin.knownbody': '이미 이 조직의 구성원입니다. 자리를 받은 뒤 늘 하던 대로 로그인하세요.', 'signin.take': '자리 받기', 'signin.seated': '자리를 받았습니다. 이제 로그인하세요.' },
  en: { 'signin.title': 'Sign in', 'signin.email': 'E-mail', 'signin.password': 'Password', 'signin.go': 'Sign in',
    'signin.wrong': 'That e-mail and password do not belong together.',
    'signin.lead': 'Product, marketing, sales, ad operations and social, working in one place.',
    'signin.link': 'If you were sent an invitation or a sign-in link, open that link instead.', 'signin.lang': '한국어',
    'signin.theme': 'Light or dark', 'signin.passkey': 'Sign in with a passkey', 'signin.through': 'Sign in with {name}', 'signin.forgot': 'Forgot your password?', 'signin.back': 'Start over',
    'signin.second': 'One more check', 'signin.secondbody': 'Enter the six digits of your authenticator app, or a recovery code.', 'signin.keybody': 'Show it with your passkey. Without it, enter a recovery code.', 'signin.code': 'Code', 'signin.check': 'Check', 'signin.usekey': 'Use a passkey',
    'signin.setup': 'Set up a second factor', 'signin.setupbody': 'The rules ask that you can prove it is you by more than a password before you come in.', 'signin.makekey': 'Make a passkey', 'signin.makeapp': 'Use an authenticator app', 'signin.mykey': 'My passkey',
    'signin.reset': 'A new password', 'signin.resetbody': 'Enter your e-mail and we send a link that works for an hour.', 'signin.send': 'Send the link', 'signin.sent': 'If there is such a person, a letter is on its way. Look at your inbox.',
    'signin.new': 'New password', 'signin.newhint': 'At least {n} characters', 'signin.set': 'Set the password', 'signin.invited': 'You are invited to {workspace} of {org}', 'signin.by': '{name} invited {email}.', 'signin.name': 'Name', 'signin.join': 'Come in', 'signin.joinkey': 'A passkey instead of a password', 'signin.knownbody': 'You are of this organisation already. Take your seat, then sign in as always.', 'signin.take': 'Take the seat', 'signin.seated': 'The seat is yours. Now sign in.' },
});

const [, kind, secret] = location.pathname.match(/^\/(reset|invitation)\/([\w-]+)$/) ?? [];
const asked = new URLSearchParams(location.search);
const step = ref(kind ?? 'start'), about = ref(null), told = ref(''), bad = ref(asked.get('refused') ?? ''), codes = ref([]), offered = ref({ providers: [], passkeys: false });

function onward() {
  const here = kind || location.pathname.startsWith('/sign-in') ? '/' : location.pathname + location.search;
  const next = new URL(asked.get('next') ?? here, location.origin);
  return next.origin === location.origin ? next.pathname + next.search : '/';
}
function enter() { const to = onward(); if (to === location.pathname + location.search) location.reload(); else location.assign(to); }
// After every step: in, or on to what is owed.
function go(answer) { bad.value = ''; told.value = ''; if (answer?.owes) { about.value = answer; step.value = answer.owes; } else enter(); }
const tried = what => async (...given) => { bad.value = ''; try { return await what(...given); } catch (error) { bad.value = sentence(error); } };

async function signIn(values) {
  try { go(await api.post('/session', values, { quiet: true })); } catch (error) {
    if (error.status === 401) throw new ApiError({ code: 'not_signed_in', message: t('signin.wrong'), field: 'password', status: 401 });
    throw error;
  }
}
const byPasskey = tried(async () => {
  const credential = await usePasskey(await api.post('/signin/passkey/begin', {}, { quiet: true }));
  if (credential) go(await api.post('/signin/passkey', { credential }, { quiet: true }));
});
const through = tried(async provider => { location.assign((await api.post('/signin/openid/' + provider.id, { onward: onward() }, { quiet: true })).url); });
function kept(answer) { if (answer.recovery.length) { codes.value = answer.recovery; step.value = 'codes'; } else enter(); }
const makeKey = tried(async () => {
  const credential = await makePasskey(await api.post('/security/passkeys/begin', {}, { quiet: true }));
  if (credential) kept(await api.post('/security/passkeys', { name: t('signin.mykey'), credential }, { quiet: true }));
});
const makeApp = tried(async () => { about.value = await api.post('/security/authenticator', {}, { quiet: true }); step.value = 'app'; });
const accept = async values => {
  const answer = await api.post('/signin/invitation/' + secret, values, { quiet: true });
  if (about.value.known) { told.value = t('signin.seated'); step.value = 'start'; } else go(answer);
};
const startOver = () => { bad.value = told.value = ''; if (kind) location.assign('/sign-in'); else step.value = 'start'; };

const back = () => html`<button type="button" class="btn ghost" @click=${startOver}>${t('signin.back')}</button>`;
const newPassword = (least, more = {}) => ({ name: 'password', label: t('signin.new'), type: 'password', hint: t('signin.newhint', { n: least }), autocomplete: 'new-password', ...more });
const key = (label, run, cls = 'btn') => html`<button type="button" class=${cls} @click=${run}>${icon('lock')}${label}</button>`;
const mayKey = () => offered.value.passkeys && canPasskey();

const steps = {
  start: () => [t('signin.title'), html`<p class="mut">${t('signin.lead')}</p>
    <${Form} key="start" submit=${signIn} submitLabel=${t('signin.go')} fields=${[
      { name: 'email', label: t('signin.email'), type: 'email', required: true, autocomplete: 'username', autofocus: true },
      { name: 'password', label: t('signin.password'), type: 'password', required: true, autocomplete: 'current-password' }]} />
    <div class="stack">${offered.value.providers.map(one => html`<button type="button" class="btn" key=${one.id} @click=${() => through(one)}>${t('signin.through', { name: one.name })}</button>`)}
      ${mayKey() && key(t('signin.passkey'), byPasskey)}
      <button type="button" class="btn ghost" @click=${() => { step.value = 'forgot'; }}>${t('signin.forgot')}</button></div><p class="mut sm">${t('signin.link')}</p>`],
  second: () => { const ways = about.value.ways;
    return [t('signin.second'), html`<p class="mut">${t(ways.includes('code') ? 'signin.secondbody' : 'signin.keybody')}</p>
    ${ways.includes('passkey') && mayKey() && html`<div class="stack">${key(t('signin.usekey'), byPasskey)}</div>`}
    ${(ways.includes('code') || ways.includes('recovery')) && html`<${Form} key="second" submitLabel=${t('signin.check')} submit=${async values => go(await api.post('/signin/code', values, { quiet: true }))}
      fields=${[{ name: 'code', label: t('signin.code'), required: true, autofocus: true, autocomplete: 'one-time-code' }]} />`}${back()}`]; },
  setup: () => [t('signin.setup'), html`<p class="mut">${t('signin.setupbody')}</p><div class="stack">${mayKey() && key(t('signin.makekey'), makeKey, 'btn pri')}
    <button type="button" class="btn" @click=${makeApp}>${t('signin.makeapp')}</button>${back()}</div>`],
  app: () => [t('signin.setup'), html`<${Authenticator} begun=${about.value} done=${kept} />${back()}`],
  codes: () => [t('factor.kept'), html`<${Recovery} codes=${codes.value} done=${enter} />`],
  forgot: () => [t('signin.reset'), told.value ? back() : html`<p class="mut">${t('signin.resetbody')}</p><${Form} key="forgot" submitLabel=${t('signin.send')}
    submit=${async values => { await api.post('/signin/reset', values, { quiet: true }); told.value = t('signin.sent'); }}
    fields=${[{ name: 'email', label: t('signin.email'), type: 'email', required: true, autocomplete: 'username', autofocus: true }]} />${back()}`],
  reset: () => [t('signin.reset'), about.value ? html`<p class="mut">${about.value.email}</p><${Form} key="reset" submitLabel=${t('signin.set')} fields=${[newPassword(about.value.least, { required: true, autofocus: true })]}
    submit=${async values => go(await api.post('/signin/reset/' + secret, values, { quiet: true }))} />` : back()],
  invitation: () => { const it = about.value; if (!it) return [t('signin.title'), back()];
    const title = t('signin.invited', it), by = html`<p class="mut">${t('signin.by', { name: it.invited_by || it.org, email: it.email })}</p>`;
    if (it.known) return [title, html`${by}<p>${t('signin.knownbody')}</p><div class="actions"><button type="button" class="btn pri" @click=${tried(() => accept({}))}>${t('signin.take')}</button></div>`];
    const name = { name: 'name', label: t('signin.name'), required: true, autofocus: true, autocomplete: 'name', initial: it.name };
    return [title, html`${by}<${Form} key=${'join' + it.bare} submitLabel=${t(it.bare ? 'signin.makekey' : 'signin.join')} submit=${accept} fields=${it.bare ? [name] : [name, newPassword(it.least, { required: true })]} />
      ${mayKey() && !it.bare && html`<div class="stack">${key(t('signin.joinkey'), () => { about.value = { ...it, bare: true }; })}</div>`}`]; },
};

const SignIn = {
  setup: () => () => {
    const [title, body] = steps[step.value]();
    return html`<main class="door"><div class="door-card"><div class="brand"><i></i><span>${boot.product}</span></div><h1>${title}</h1>
    ${bad.value && html`<div class="notice bad" role="alert">${icon('warn')}${bad.value}</div>`}${told.value && html`<div class="notice" role="status">${icon('check')}${told.value}</div>`}
    ${body}</div>
    <div class="door-foot"><button type="button" class="btn ghost" @click=${() => setLang(state.lang === 'ko' ? 'en' : 'ko')}>
      ${icon('globe')}${t('signin.lang')}</button>
    <button type="button" class="btn ghost ico" aria-label=${t('signin.theme')}
      @click=${() => setTheme(state.dark ? 'light' : 'dark')}>${icon(state.dark ? 'sun' : 'moon')}</button></div></main>`;
  },
};

async function begin() {
  try {
    const now = await api.get('/signin', { quiet: true });
    offered.value = now;
    if (kind) about.value = await api.get(`/signin/${kind}/${secret}`, { quiet: true });
    else if (now.owes) { about.value = now; step.value = now.owes; }
  } catch (error) { if (error.status !== 404 || kind) bad.value = sentence(error); }
}

document.title = boot.product;
begin().finally(() => createApp(SignIn).mount('#app'));
