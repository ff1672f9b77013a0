// An app's home: the page that an app makes for this person, a tab beside their messages with its bot.
import { api, Empty, html, load, Loaded, onMounted, onScopeDispose, ref, t, Tabs, toast, watch } from '../web/kit.js';
import './block_words.js';
import { blocks } from './blocks.js';
import { directory } from './directory_of_people.js';
import { onHome } from './modal.js';
import { failure } from './pressing.js';
import { channelNames } from './rooms.js';

// The bot one talks to in a direct conversation, null where it is a person.
export const botOf = (room, people) => room?.kind === 'im' ? room.people.find(id => people[id]?.bot) ?? null : null;

// props: room, bot, tab (home or messages), change(tab). Where the app has no home there is nothing to choose.
export const HomeTabs = {
  props: ['room', 'bot', 'tab', 'change'],
  setup(p) {
    const enabled = ref(false);
    onMounted(async () => {
      try { enabled.value = (await api.get(`/interactions/home/${p.bot}`, { quiet: true })).enabled; } catch { /* a partner's app has no home here */ }
      if (enabled.value) opened(p.room, p.bot, 'messages');
    });
    const change = tab => { p.change(tab); if (tab === 'messages') opened(p.room, p.bot, tab); };
    return () => enabled.value ? html`<div class="home-tabs"><${Tabs} label=${t('ch.home')} value=${p.tab} change=${change} items=${[{ value: 'home', label: t('ch.home') }, { value: 'messages', label: t('ch.home.messages') }]} /></div>` : null;
  },
};

// props: room (the conversation with the bot), bot (its user id), people
export const AppHome = {
  props: ['room', 'bot', 'people'],
  setup(p) {
    const home = load(signal => api.get(`/interactions/home/${p.bot}`, { signal }), { watch: () => p.bot, keep: false });
    onScopeDispose(onHome(what => { if (what.app === home.data?.app) home.reload({ quiet: true }); }));
    // The app hears that it was opened, and may make the page only then.
    watch(() => p.bot, () => { opened(p.room, p.bot, 'home'); }, { immediate: true });
    return () => html`<section class="home" aria-label=${t('ch.home')}><${Loaded} of=${home} skeleton="cards" n=${3} show=${got => got.view
      ? html`<div class="home-page bk">${blocks(got.view.blocks, directory.named(p.people), channelNames.value, { view: got.view.id, app: got.app })}</div>`
      : html`<${Empty} icon="bot" title=${t('ch.home.none')} body=${t('ch.home.none.body', { app: got.name })} />`} /></section>`;
  },
};

export async function opened(room, bot, tab) {
  try { await api.post(`/interactions/home/${bot}/opened`, { tab, channel: room.id }, { quiet: true }); } catch (error) { toast(failure(error), { kind: 'bad' }); }
}
