// Changing what one proves oneself with asks for a proof: what answers `proof_needed` is asked for and tried again.
import { api, askForm, html, icon, openDialog, Dialog, ref, t, words } from '../../web/kit.js';
import { canPasskey, usePasskey } from '../../web/passkey.js';

words({
  ko: { 'proof.title': '본인 확인', 'proof.body': '보안 설정을 바꾸려면 먼저 본인임을 보여 주세요. 15분 동안 유효합니다.', 'proof.password': '비밀번호', 'proof.code': '인증 앱 코드 또는 복구 코드', 'proof.go': '확인', 'proof.key': '패스키로 확인' },
  en: { 'proof.title': 'Is it you?', 'proof.body': 'Show that it is you before you change how you sign in. It holds for fifteen minutes.', 'proof.password': 'Password', 'proof.code': 'Authenticator or recovery code', 'proof.go': 'Continue', 'proof.key': 'Use a passkey' },
});

const Choose = {
  props: ['security', 'close'],
  setup: p => {
    const bad = ref('');
    const byKey = async () => {
      try {
        const credential = await usePasskey(await api.post('/signin/passkey/begin', {}, { quiet: true }));
        if (!credential) return;
        await api.post('/security/proof', { credential }, { quiet: true }); p.close(true);
      } catch (error) { bad.value = error.message; }
    };
    const other = async () => { p.close(await byText(p.security)); };
    return () => html`<${Dialog} title=${t('proof.title')} @close=${() => p.close(false)}><div class="stack"><p class="mut">${t('proof.body')}</p>
      ${bad.value && html`<div class="notice bad" role="alert">${icon('warn')}${bad.value}</div>`}
      <button type="button" class="btn pri" @click=${byKey}>${icon('lock')}${t('proof.key')}</button>
      <button type="button" class="btn" @click=${other}>${t(p.security.factors.code || !p.security.password ? 'proof.code' : 'proof.password')}</button></div><//>`;
  },
};

async function byText(security) {
  const code = security.factors.code || !security.password;
  const field = code ? { name: 'code', label: t('proof.code'), required: true, autofocus: true, autocomplete: 'one-time-code' }
    : { name: 'password', type: 'password', label: t('proof.password'), required: true, autofocus: true, autocomplete: 'current-password' };
  let held = false;
  await askForm({ title: t('proof.title'), submitLabel: t('proof.go'), fields: [field], submit: async values => { await api.post('/security/proof', values, { quiet: true }); held = true; } });
  return held;
}

// What `act` answers; false where the person did not show that it is them.
export async function proven(security, act) {
  try { return await act(); } catch (error) {
    if (error.code !== 'proof_needed') throw error;
    const held = security.passkeys.length && canPasskey() ? await openDialog(Choose, { security }) : await byText(security);
    return held ? act() : false;
  }
}
