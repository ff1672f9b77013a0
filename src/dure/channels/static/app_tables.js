// The tables of an app's page: tokens, webhooks, where it is installed, what was sent to it.
import { Ago, api, Badge, Failed, html, icon, load, minute, num, Panel, reloadOn, Skeleton, t, Table, toast } from '../web/kit.js';
import './apps_words.js';

const mono = text => html`<code class="mono">${text}</code>`;
const button = (label, run) => html`<button type="button" class="btn sm" @click=${run}>${icon('plus', 14)}${label}</button>`;

export const Tokens = {
  props: ['app', 'make', 'revoke'],
  setup(p) {
    const columns = () => [
      { key: 'kind', title: t('apps.kind'), width: 90, value: one => t('apps.kind.' + one.kind) }, { key: 'hint', title: t('apps.hint'), width: 120, render: one => mono(one.hint) },
      { key: 'scopes', title: t('apps.scopes'), value: one => one.scopes.join(', '), cls: 'mut' }, { key: 'created_at', title: t('apps.at'), width: 120, render: one => html`<${Ago} at=${one.created_at} />` },
      { key: 'revoked', title: t('apps.state'), width: 110, render: one => one.revoked ? html`<${Badge} text=${t('apps.revoked')} />` : html`<${Badge} kind="ok" text=${t('apps.active')} />` },
      { key: 'acts', title: '', sort: false, width: 90, render: one => !one.revoked && html`<button type="button" class="btn sm" @click=${() => p.revoke(one)}>${t('apps.revoke')}</button>` },
    ];
    return () => html`<${Panel} title=${t('apps.tokens')} wide=${true} flush=${true} tools=${button(t('apps.token.new'), p.make)}>
      <${Table} label=${t('apps.tokens')} columns=${columns()} rows=${p.app.tokens} empty=${{ icon: 'lock', title: t('apps.tokens.none'), body: t('apps.tokens.none.body') }} /><//>`;
  },
};

export const Webhooks = {
  props: ['app', 'channels', 'make', 'revoke', 'who'],
  setup(p) {
    const name = id => { const room = p.channels.find(one => one.id === id); return room ? '#' + room.name : t('apps.private'); };
    const columns = () => [
      { key: 'channel', title: t('apps.channel'), value: one => name(one.channel), render: one => html`<a href=${`/channels/${one.channel}`}>${name(one.channel)}</a>` },
      { key: 'by', title: t('apps.made'), value: one => p.who(one.created_by) }, { key: 'created_at', title: t('apps.at'), width: 130, render: one => html`<${Ago} at=${one.created_at} />` },
      { key: 'used_at', title: t('apps.used'), width: 130, render: one => one.used_at ? html`<${Ago} at=${one.used_at} />` : html`<span class="mut">${t('apps.unused')}</span>` },
      { key: 'acts', title: '', sort: false, width: 90, render: one => html`<button type="button" class="btn sm" @click=${() => p.revoke(one)}>${t('apps.revoke')}</button>` },
    ];
    const here = () => p.app.state !== 'available';
    return () => html`<${Panel} title=${t('apps.webhooks')} wide=${true} flush=${true} tools=${here() && button(t('apps.webhook.new'), p.make)}>
      <${Table} label=${t('apps.webhooks')} columns=${columns()} rows=${p.app.webhooks} empty=${{ icon: 'link', title: t('apps.webhooks.none'), body: t(here() ? 'apps.webhooks.none.body' : 'apps.webhooks.off') }} /><//>`;
  },
};

export const Installations = {
  props: ['app', 'who', 'workspace'],
  setup(p) {
    const columns = () => [
      { key: 'workspace', title: t('apps.installations'), render: one => one.here ? html`<b>${p.workspace.name}</b> <span class="mut">${t('apps.here')}</span>` : html`<code class="mono">${one.workspace}</code>` },
      { key: 'by', title: t('apps.by'), value: one => one.here ? p.who(one.by) : '–' }, { key: 'at', title: t('apps.when'), width: 130, render: one => html`<${Ago} at=${one.at} />` },
      { key: 'state', title: t('apps.state'), width: 150, render: one => one.removed_at ? html`<${Badge} text=${t('apps.removed')} />` : html`<${Badge} kind="ok" text=${t('apps.installed')} />` },
    ];
    return () => html`<${Panel} title=${t('apps.installations')} wide=${true} flush=${true}>
      <${Table} label=${t('apps.installations')} rowKey="workspace" columns=${columns()} rows=${p.app.installations} empty=${{ icon: 'building', title: t('apps.installations.none') }} /><//>`;
  },
};

const KIND = { waiting: 'info', sent: 'info', acknowledged: 'ok', failed: 'bad', dropped: 'bad' };

// What was told, in words: what it was, and of whom. Names that we have no words for are the protocol's own.
const said = (word, key) => { const text = t(key); return text === key ? word : text; };
const wordOf = (word, who) => /^[UW][A-Z0-9]{6,}$/.test(word) ? who(word) : said(word, 'apps.told.' + word);

export const Deliveries = {
  props: ['id', 'who'],
  setup(p) {
    const sent = load(signal => api.get(`/apps/${p.id}/deliveries`, { signal }), { watch: () => minute.value });
    reloadOn(sent, () => `app:${p.id}`);
    const columns = () => [
      { key: 'kind', title: t('apps.what'), width: 140, value: one => said(one.kind, 'apps.told.' + one.kind) }, { key: 'summary', title: '', sort: false, cls: 'mut', render: one => one.summary.split(' · ').map(word => wordOf(word, p.who)).join(' · ') },
      { key: 'state', title: t('apps.state'), width: 130, render: one => html`<${Badge} kind=${KIND[one.state]} text=${t('apps.d.' + one.state)} />` },
      { key: 'attempts', title: t('apps.tries'), num: true, width: 70, render: one => num(one.attempts) }, { key: 'why', title: t('apps.why'), width: 160, render: one => mono(one.why) },
      { key: 'created_at', title: t('apps.when'), width: 130, render: one => html`<${Ago} at=${one.sent_at ?? one.created_at} />` },
      // What a person asked is answered at once or not at all; what happened can be told later.
      { key: 'acts', title: '', sort: false, width: 120, render: one => one.kind === 'events_api' && ['failed', 'dropped'].includes(one.state) && html`<button type="button" class="btn sm" @click=${() => again(one)}>${t('apps.retry')}</button>` },
    ];
    async function again(one) {
      try { await api.post(`/apps/${p.id}/deliveries/${one.id}/retry`); } catch (error) { toast.error(error); }
      sent.reload({ quiet: true });
    }
    const inside = () => {
      if (sent.error?.status === 404) return html`<p class="mut apps-off">${t('apps.deliveries.off')}</p>`;
      if (sent.error) return html`<${Failed} error=${sent.error} retry=${sent.reload} small=${true} />`;
      if (!sent.data) return html`<${Skeleton} kind="rows" n=${3} />`;
      return html`<${Table} label=${t('apps.deliveries')} columns=${columns()} rows=${sent.data.deliveries} empty=${{ icon: 'send', title: t('apps.deliveries.none') }} />`;
    };
    return () => html`<${Panel} title=${t('apps.deliveries')} note=${sent.data && t('apps.connections', { n: sent.data.connections })} wide=${true} flush=${true}>${inside()}<//>`;
  },
};
