// Every app: those that are installed for everybody, all of them for who governs.
import { api, Badge, boot, go, html, icon, load, ref, reloadOn, t, Table, Tabs, toast, useTop } from '../web/kit.js';
import { Wanted } from './app_wanted.js';
import './apps_words.js';
import { editManifest } from './app_manifest.js';
import { showOnce } from './app_secrets.js';

const KIND = { installed: 'ok', wants_more: 'warn', available: null };

export const appState = app => html`<${Badge} kind=${KIND[app.state]} text=${t('apps.' + app.state)} />`;

export default {
  setup() {
    const governs = ['owner', 'admin'].includes(boot.me.role);
    const tab = ref('here');
    const apps = load(signal => api.get('/apps', { signal }));
    reloadOn(apps, 'governance');
    async function create() {
      const made = await editManifest(t('apps.new'), '', t('apps.create'), manifest => api.post('/apps', { manifest }));
      if (!made) return;
      const secrets = ['client_id', 'client_secret', 'signing_secret', 'verification_token'].map(name => ({ label: t('apps.' + name), value: made.credentials[name] }));
      await showOnce(t('apps.created', { name: made.app.name }), ...secrets);
      toast(t('apps.created', { name: made.app.name }));
      go(`/apps/${made.app.id}`);
    }
    useTop({ title: () => t('apps.title'), tools: () => html`${boot.me.role !== 'guest' && html`<${Tabs} label=${t('apps.title')} value=${tab.value} change=${value => { tab.value = value; }} items=${[{ value: 'here', label: t('aa.here') }, { value: 'more', label: t('aa.more') }]} />`}${governs && html`<button type="button" class="btn pri" @click=${create}>${icon('plus')}${t('apps.new')}</button>`}` });
    const columns = () => [
      { key: 'name', title: t('apps.name'), render: app => html`<span class="apps-name">${icon('bot')}<b class="cut">${app.name}</b><span class="mut cut">${app.description || (app.from_manifest ? '' : t('apps.by_command'))}</span></span>` },
      { key: 'commands', title: t('apps.commands'), sort: false, cls: 'apps-list-commands', render: app => html`<span class="apps-tags">${app.commands.map(one => html`<span class="tag mono" key=${one.command} title=${one.description}>${one.command}</span>`)}</span>` },
      { key: 'state', title: t('apps.state'), width: 160, render: appState },
    ];
    return () => tab.value === 'more' ? html`<div class="view fill"><${Wanted} /></div>` : html`<div class="view fill"><${Table} label=${t('apps.title')} columns=${columns()} rows=${apps.data?.apps} loading=${apps.loading} error=${apps.error} retry=${apps.reload} open=${governs ? app => go(`/apps/${app.id}`) : undefined}
      empty=${{ icon: 'bot', title: t('apps.none'), body: t(governs ? 'apps.none.body' : 'apps.none.member'), ...(governs && { action: { label: t('apps.new'), run: create } }) }} /></div>`;
  },
};
