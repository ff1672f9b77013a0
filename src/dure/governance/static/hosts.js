// Which outside hosts automations may call. An empty list allows every public one.
import { api, askForm, Badge, boot, html, load, Loaded, Panel, t, toast, words } from '../web/kit.js';

words({
  ko: {
    'hosts.title': '자동화가 부를 수 있는 주소', 'hosts.any': '정한 목록이 없어 공개된 주소는 모두 부를 수 있습니다.', 'hosts.some': '이 목록의 호스트만 부를 수 있습니다.', 'hosts.change': '목록 바꾸기', 'hosts.hosts': '호스트',
    'hosts.hint': 'hooks.example 또는 *.example. 비우면 공개된 주소를 모두 허용합니다. 사설망은 서버 설정이 따로 막습니다.', 'hosts.saved': '바꿨습니다',
  },
  en: {
    'hosts.title': 'Addresses that automations may call', 'hosts.any': 'There is no list, so every public address may be called.', 'hosts.some': 'Only the hosts of this list may be called.', 'hosts.change': 'Change the list', 'hosts.hosts': 'Hosts',
    'hosts.hint': 'hooks.example or *.example. An empty list allows every public address; private networks are kept out by the server\'s settings.', 'hosts.saved': 'Changed',
  },
});

export const Hosts = {
  setup() {
    const listed = load(signal => api.get('/allowed-hosts', { signal })), may = ['owner', 'admin'].includes(boot.me.role);
    const change = () => askForm({
      title: t('hosts.title'), submitLabel: t('hosts.change'),
      fields: [{ name: 'hosts', label: t('hosts.hosts'), hint: t('hosts.hint'), type: 'tokens', initial: listed.data?.hosts ?? [], optional: true, autofocus: true }],
      submit: async values => { await api.put('/allowed-hosts', { hosts: values.hosts ?? [] }); toast(t('hosts.saved')); listed.reload({ quiet: true }); },
    });
    return () => html`<${Panel} title=${t('hosts.title')}><${Loaded} of=${listed} show=${data => html`<div class="stack"><p class="mut">${t(data.hosts.length ? 'hosts.some' : 'hosts.any')}</p>
      ${data.hosts.length > 0 && html`<div class="row wrap">${data.hosts.map(host => html`<${Badge} key=${host} text=${host} />`)}</div>`}
      ${may && html`<div><button type="button" class="btn sm" @click=${change}>${t('hosts.change')}</button></div>`}</div>`} /><//>`;
  },
};
