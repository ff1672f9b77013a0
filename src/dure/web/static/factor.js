// Setting up a second factor, at the sign-in page and under My security: the picture, the first code, recovery codes.
import { ref } from '../vendor/vue.js';
import { api } from './api.js';
import { Form } from './form.js';
import { html } from './html.js';
import { icon } from './icons.js';
import { t, words } from './words.js';

words({
  ko: { 'factor.scan': '인증 앱으로 이 그림을 찍고 앱에 나온 여섯 자리 코드를 적으세요.', 'factor.typed': '찍을 수 없으면 이 글자를 넣으세요', 'factor.code': '코드', 'factor.confirm': '확인',
    'factor.kept': '복구 코드를 보관하세요', 'factor.keptbody': '휴대전화를 잃으면 이 코드로 들어옵니다. 하나에 한 번씩이고, 다시 보여 드리지 않습니다.', 'factor.save': '파일로 저장', 'factor.done': '보관했습니다' },
  en: { 'factor.scan': 'Scan this with an authenticator app, then enter the six digits that it shows.', 'factor.typed': 'If you cannot scan it, type this', 'factor.code': 'Code', 'factor.confirm': 'Confirm',
    'factor.kept': 'Keep your recovery codes', 'factor.keptbody': 'They let you in when your phone is lost. Each works once, and they are not shown again.', 'factor.save': 'Save as a file', 'factor.done': 'I have kept them' },
});

// The picture comes from our own server as SVG; as an image it runs nothing.
export const Authenticator = {
  props: ['begun', 'done'],
  setup: p => {
    const shown = 'data:image/svg+xml;utf8,' + encodeURIComponent(p.begun.picture.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"'));
    const fields = [{ name: 'code', label: t('factor.code'), required: true, autofocus: true, autocomplete: 'one-time-code' }];
    return () => html`<div class="stack"><p>${t('factor.scan')}</p><img src=${shown} width="180" height="180" alt=${p.begun.secret} />
      <p class="mut sm">${t('factor.typed')}: <code class="mono select">${p.begun.secret.replace(/(.{4})/g, '$1 ')}</code></p>
      <${Form} fields=${fields} submitLabel=${t('factor.confirm')} submit=${async values => p.done(await api.post('/security/authenticator/confirm', values, { quiet: true }))} /></div>`;
  },
};

export const Recovery = {
  props: ['codes', 'done'],
  setup: p => {
    const saved = ref('');
    const save = () => { saved.value ||= URL.createObjectURL(new Blob([p.codes.join('\n') + '\n'], { type: 'text/plain' }));
      Object.assign(document.createElement('a'), { href: saved.value, download: 'dure-recovery-codes.txt' }).click(); };
    return () => html`<div class="stack"><p>${t('factor.keptbody')}</p><pre class="mono select codes">${p.codes.join('\n')}</pre>
      <div class="actions end"><button type="button" class="btn" @click=${save}>${t('factor.save')}</button>
      <button type="button" class="btn pri" @click=${p.done}>${icon('check')}${t('factor.done')}</button></div></div>`;
  },
};
