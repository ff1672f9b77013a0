// The address to which another system sends what starts an automation; it is a secret and can be made anew.
import { action, api, ask, html, icon, load, t, toast, words } from '../web/kit.js';

words({
  ko: { 'auto.hook': '웹훅 주소', 'auto.hookbody': '이 주소로 POST한 JSON이 이벤트의 속성이 됩니다. 주소를 아는 사람은 누구나 시작할 수 있습니다.', 'auto.copy': '복사', 'auto.copied': '복사했습니다', 'auto.renew': '주소 새로 만들기', 'auto.renewbody': '지금 주소는 바로 쓸 수 없게 됩니다.', 'auto.signedby': '서명 키 ({header})' },
  en: { 'auto.hook': 'Webhook address', 'auto.hookbody': 'JSON that is posted there becomes the event’s properties. Whoever knows the address can start it.', 'auto.copy': 'Copy', 'auto.copied': 'Copied', 'auto.renew': 'Make a new address', 'auto.renewbody': 'The address of now ends at once.', 'auto.signedby': 'Signing key ({header})' },
});

export const Hook = {
  props: ['automation'],
  setup(p) {
    const path = `/automations/${p.automation.id}/hook`, hook = load(signal => api.get(path, { signal, quiet: true }));
    const copy = async text => { await navigator.clipboard.writeText(text); toast(t('auto.copied')); };
    const renew = action(async () => { if (await ask({ title: t('auto.renew'), body: t('auto.renewbody'), action: t('auto.renew'), danger: true })) hook.set(await api.post(path + '/renew')); }, { failed: toast.error });
    const line = (label, value) => html`<div class="row"><span class="mut sm nowrap">${label}</span><code class="cut grow">${value}</code><button type="button" class="btn sm" @click=${() => copy(value)}>${icon('copy', 13)}${t('auto.copy')}</button></div>`;
    return () => hook.data && html`<section class="auto-hook" aria-label=${t('auto.hook')}>${line(t('auto.hook'), hook.data.url.startsWith('http') ? hook.data.url : location.origin + hook.data.path)}${hook.data.key && line(t('auto.signedby', { header: hook.data.header }), hook.data.key)}
      <div class="row"><span class="mut sm grow">${t('auto.hookbody')}</span><button type="button" class="btn sm" disabled=${renew.busy} @click=${renew.run}>${icon('refresh', 13)}${t('auto.renew')}</button></div></section>`;
  },
};
