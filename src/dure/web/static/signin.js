// The sign-in page: e-mail and password, posted as JSON to /api/v1/session.
import { createApp } from '../vendor/vue.js';
import { api, ApiError } from './api.js';
import { Form } from './form.js';
import { html } from './html.js';
import { icon } from './icons.js';
import { boot, setLang, setTheme, state } from './state.js';
import { t, words } from './words.js';

words({
  ko: { 'signin.title': '로그인', 'signin.email': '이메일', 'signin.password': '비밀번호', 'signin.go': '로그인',
    'signin.wrong': '이메일이나 비밀번호가 맞지 않습니다.', 'signin.lead': '프로덕트, 마케팅, 영업, 광고 운영, 소셜 팀이 한자리에서 일합니다.',
    'signin.link': '초대나 로그인 링크를 받았다면 그 링크를 열면 됩니다.', 'signin.lang': 'English', 'signin.theme': '밝게/어둡게' },
  en: { 'signin.title': 'Sign in', 'signin.email': 'E-mail', 'signin.password': 'Password', 'signin.go': 'Sign in',
    'signin.wrong': 'That e-mail and password do not belong together.',
    'signin.lead': 'Product, marketing, sales, ad operations and social, working in one place.',
    'signin.link': 'If you were sent an invitation or a sign-in link, open that link instead.', 'signin.lang': '한국어',
    'signin.theme': 'Light or dark' },
});

const fields = () => [
  { name: 'email', label: t('signin.email'), type: 'email', required: true, autocomplete: 'username', autofocus: true },
  { name: 'password', label: t('signin.password'), type: 'password', required: true, autocomplete: 'current-password' },
];

async function signIn(values) {
  try {
    await api.post('/session', values, { quiet: true });
  } catch (error) {
    if (error.status === 401) throw new ApiError({ code: 'not_signed_in', message: t('signin.wrong'), field: 'password', status: 401 });
    throw error;
  }
  const here = location.pathname.startsWith('/sign-in') ? '/' : location.pathname + location.search;
  const next = new URL(new URLSearchParams(location.search).get('next') ?? here, location.origin);
  const to = next.origin === location.origin ? next.pathname + next.search : '/';
  if (to === location.pathname + location.search) location.reload(); else location.assign(to);
}

const SignIn = {
  setup: () => () => html`<main class="door"><div class="door-card"><div class="brand"><i></i><span>${boot.product}</span></div><h1>
    ${t('signin.title')}</h1><p class="mut">${t('signin.lead')}</p>
    <${Form} fields=${fields()} submit=${signIn} submitLabel=${t('signin.go')} /><p class="mut sm">${t('signin.link')}</p></div>
    <div class="door-foot"><button type="button" class="btn ghost" @click=${() => setLang(state.lang === 'ko' ? 'en' : 'ko')}>
      ${icon('globe')}${t('signin.lang')}</button>
    <button type="button" class="btn ghost ico" aria-label=${t('signin.theme')}
      @click=${() => setTheme(state.dark ? 'light' : 'dark')}>${icon(state.dark ? 'sun' : 'moon')}</button></div></main>`,
};

document.title = boot.product;
createApp(SignIn).mount('#app');
