// One app: what it is, may do, offers and hears; its tokens, webhooks, places, and what was sent to it.
import { api, Ago, ask, askForm, boot, compare, go, html, icon, load, Loaded, Menu, Panel, reloadOn, state, t, toast, useLive, useTop } from '../web/kit.js';
import './apps_words.js';
import { editManifest } from './app_manifest.js';
import { copy, showOnce } from './app_secrets.js';
import { Deliveries, Installations, Tokens, Webhooks } from './app_tables.js';
import { appState } from './apps.js';

const words = one => one[state.lang];
const scopeList = scopes => html`<ul class="apps-scopes">${scopes.map(one => html`<li key=${one.scope}>${icon('check', 13)}<span>${words(one)}</span>${words(one) !== one.scope && html`<code class="mono mut">${one.scope}</code>`}</li>`)}</ul>`;

export default {
  props: ['params'],
  setup(p) {
    const path = () => `/apps/${p.params.id}`;
    const app = load(signal => api.get(path(), { signal }), { watch: () => p.params.id, keep: false });
    const people = load(async signal => Object.fromEntries((await api.get('/users', { signal })).users.map(user => [user.id, user.name])));
    const channels = load(async signal => (await api.get('/channels', { signal })).channels.filter(room => room.kind === 'channel'));
    const again = () => app.reload({ quiet: true });
    reloadOn(app, 'governance');
    useLive(() => `app:${p.params.id}`, again);
    // An act with its errors told, and what it changed shown.
    const does = act => async (...given) => { try { await act(...given); } catch (error) { toast.error(error); } again(); };

    const install = does(async () => {
      const { token, app: now } = await api.post(`${path()}/install`);
      app.set(now);
      await showOnce(t('apps.install'), { label: t('apps.kind.bot.long'), value: token });
    });
    const uninstall = does(async () => {
      const name = app.data.name;
      if (!await ask({ title: t('apps.uninstall.ask', { name }), body: t('apps.uninstall.body'), action: t('apps.uninstall'), danger: true })) return;
      await api.del(`${path()}/install`);
      toast(t('apps.uninstalled', { name }));
    });
    async function remove() {
      const name = app.data.name;
      if (!await ask({ title: t('apps.delete.ask', { name }), body: t('apps.delete.body'), action: t('apps.delete'), danger: true })) return;
      try { await api.del(path()); toast(t('apps.deleted', { name })); go('/apps'); } catch (error) { toast.error(error); }
    }
    const rotate = secret => does(async () => {
      if (!await ask({ title: t('apps.rotate.' + secret), body: t('apps.rotate.ask'), action: t('apps.rotate'), danger: true })) return;
      const made = await api.post(`${path()}/rotate`, { secret });
      await showOnce(t('apps.' + secret), { label: t('apps.' + secret), value: made[secret] });
    });
    async function edit() {
      const saved = await editManifest(t('apps.manifest.edit'), JSON.stringify(app.data.manifest, null, 2), t('apps.save'), manifest => api.put(`${path()}/manifest`, { manifest }));
      if (!saved) return;
      app.set(saved.app);
      toast(t(saved.permissions_updated ? 'apps.saved.more' : 'apps.saved'));
    }
    async function makeToken() {
      const one = app.data, here = one.state !== 'available';
      await askForm({
        title: t('apps.token.new'), submitLabel: t('apps.token.new'), values: { kind: here ? 'bot' : 'app', scopes: [] },
        fields: [
          { name: 'kind', label: t('apps.kind'), type: 'choice', required: true, options: [...(here ? [{ value: 'bot', label: t('apps.kind.bot.long') }] : []), { value: 'app', label: t('apps.kind.app.long') }] },
          { name: 'scopes', label: t('apps.scopes'), hint: t('apps.scopes.hint'), type: 'tokens', optional: true, when: values => values.kind === 'bot' },
        ],
        submit: async values => { const made = await api.post(`${path()}/tokens`, { kind: values.kind, scopes: values.kind === 'bot' ? values.scopes ?? [] : [] }); again(); showOnce(t('apps.token.new'), { label: t(`apps.kind.${values.kind}.long`), value: made.token }); },
      });
    }
    async function makeWebhook() {
      await channels.reload({ quiet: true });
      const places = (channels.data ?? []).filter(room => room.home && !room.archived).sort((a, b) => compare(a.name, b.name));
      const placeOf = typed => places.find(room => room.name === typed.trim().replace(/^#/, ''));
      await askForm({
        title: t('apps.webhook.new'), submitLabel: t('apps.webhook.new'),
        fields: [{ name: 'channel', label: t('apps.channel'), required: true, autofocus: true, options: places.map(room => '#' + room.name), check: typed => placeOf(typed) ? '' : t('apps.channel.unknown') }],
        submit: async values => { const made = await api.post(`${path()}/webhooks`, { channel: placeOf(values.channel).id }); again(); showOnce(t('apps.webhook.new'), { label: t('apps.webhook.url'), value: made.url }); },
      });
    }
    const revokeToken = does(async token => {
      if (await ask({ title: t('apps.revoke.ask'), body: t('apps.revoke.body'), action: t('apps.revoke'), danger: true })) await api.del(`${path()}/tokens/${token.id}`);
    });
    const revokeWebhook = does(async hook => {
      if (await ask({ title: t('apps.webhook.ask'), body: t('apps.webhook.body'), action: t('apps.revoke'), danger: true })) await api.del(`${path()}/webhooks/${hook.id}`);
    });

    useTop({
      title: () => html`<a class="btn ghost ico" href="/apps" aria-label=${t('apps.back')} title=${t('apps.back')}>${icon('back')}</a><span class="cut">${app.data?.name ?? t('apps.title')}</span>${app.data && appState(app.data)}`,
      tools: () => app.data?.from_manifest && html`${app.data.asks.length > 0 && html`<button type="button" class=${'btn' + (app.data.state === 'installed' ? '' : ' pri')} @click=${install}>${t(app.data.state === 'available' ? 'apps.install' : 'apps.again')}</button>`}
        <${Menu} label=${t('apps.more')} icon="more" items=${[
          ...(app.data.mine ? [{ label: t('apps.manifest.edit'), icon: 'edit', run: edit }, null, ...['client_secret', 'signing_secret'].map(secret => ({ label: t('apps.rotate.' + secret), icon: 'refresh', run: rotate(secret) })), null] : []),
          ...(app.data.state === 'available' ? [] : [{ label: t('apps.uninstall'), icon: 'out', danger: true, run: uninstall }]),
          ...(app.data.mine ? [{ label: t('apps.delete'), icon: 'trash', danger: true, run: remove }] : []),
        ]} />`,
    });

    const who = id => people.data?.[id] ?? (id ? id : '–');
    const about = one => html`<${Panel} title=${t('apps.about')}><p class=${one.description ? '' : 'mut'}>${one.description || t(one.from_manifest ? 'apps.no_description' : 'apps.by_command')}</p>
      <dl class="facts"><dt>${t('apps.bot')}</dt><dd>${one.bot_name}</dd><dt>${t('apps.id')}</dt><dd class="mono">${one.id}</dd>
        ${one.from_manifest && html`<dt>${t('apps.client_id')}</dt><dd class="mono">${one.client_id}</dd><dt>${t('apps.made')}</dt><dd>${who(one.created_by)}, <${Ago} at=${one.created_at} /></dd><dt>${t('apps.changed')}</dt><dd><${Ago} at=${one.changed_at} /></dd>
          <dt>${t('apps.redirects')}</dt><dd>${one.redirect_urls.length ? one.redirect_urls.map(url => html`<div class="mono" key=${url}>${url}</div>`) : html`<span class="mut">${t('apps.no_redirects')}</span>`}</dd>
          ${one.redirect_urls.length > 0 && html`<dt>${t('apps.install_link')}</dt><dd class="apps-link"><code class="mono">${one.authorize_url}</code><button type="button" class="btn ghost ico sm" aria-label=${t('apps.copy')} title=${t('apps.copy')} @click=${() => copy(one.authorize_url)}>${icon('copy', 14)}</button></dd>`}`}</dl><//>`;
    const can = one => html`<${Panel} title=${t('apps.can')}>
      ${one.wants.length > 0 && html`<div class="notice warn">${icon('warn')}<span>${t('apps.wants', { list: one.wants.map(words).join(', ') })}</span><button type="button" class="btn sm" @click=${install}>${t('apps.again')}</button></div>`}
      ${one.state === 'available' ? html`<p class="mut">${t('apps.can.none')}</p>${scopeList(one.asks)}` : one.scopes.length ? scopeList(one.scopes) : html`<p class="mut">${t('apps.can.nothing')}</p>`}
      ${one.asks_user.length > 0 && html`<h3 class="mut sm">${t('apps.can.user')}</h3>${scopeList(one.asks_user)}`}<//>`;
    const offers = one => html`<${Panel} title=${t('apps.offers')}>${one.commands.length + one.shortcuts.length === 0 && html`<p class="mut">${t('apps.offers.none')}</p>`}
      <ul class="apps-scopes">${one.commands.map(command => html`<li key=${command.command}><code class="mono">${command.command} <span class="mut">${command.usage_hint}</span></code><span class="mut">${command.description}</span></li>`)}
        ${one.shortcuts.map(shortcut => html`<li key=${shortcut.callback_id}><b>${shortcut.name}</b><span class="tag">${t('apps.shortcut.' + shortcut.type)}</span><span class="mut">${shortcut.description}</span></li>`)}</ul><//>`;
    const hears = one => html`<${Panel} title=${t('apps.hears')}>
      <div class="apps-tags">${one.bot_events.length === 0 && html`<span class="mut">${t('apps.hears.none')}</span>`}${one.bot_events.map(event => html`<span class="tag mono" key=${event}>${event === '*' ? t('apps.hears.all') : event}</span>`)}</div>
      <dl class="facts"><dt>${t('apps.socket')}</dt><dd>${t(one.socket_mode ? 'apps.on' : 'apps.off')}</dd>
        ${one.events_url && html`<dt>${t('apps.events_url')}</dt><dd class="mono">${one.events_url}</dd>`}${one.interactivity_url && html`<dt>${t('apps.interactivity_url')}</dt><dd class="mono">${one.interactivity_url}</dd>`}</dl><//>`;
    return () => html`<div class="view"><${Loaded} of=${app} skeleton="cards" show=${one => html`<div class="page apps-page">${about(one)}${can(one)}${offers(one)}${hears(one)}
      <${Tokens} app=${one} make=${makeToken} revoke=${revokeToken} /><${Webhooks} app=${one} channels=${channels.data ?? []} make=${makeWebhook} revoke=${revokeWebhook} who=${who} />
      ${one.from_manifest && html`<${Installations} app=${one} who=${who} workspace=${boot.workspace} />`}${one.state === 'available' ? html`<${Panel} title=${t('apps.deliveries')} wide=${true}><p class="mut">${t('apps.deliveries.later')}</p><//>` : html`<${Deliveries} id=${one.id} key=${one.id} who=${who} />`}</div>`} /></div>`;
  },
};
