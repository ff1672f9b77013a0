// The application: sidebar, top bar, the page of the address, and what floats above all of them.
import { createApp, computed, nextTick, onErrorCaptured, onMounted, ref, shallowRef, watch, watchEffect } from '../vendor/vue.js';
import { api, cancelled } from './api.js';
import { Avatar } from './avatar.js';
import { Dialog, Dialogs, openDialog } from './dialog.js';
import { NavItem, notices, sections, top } from './frame.js';
import { html } from './html.js';
import { icon } from './icons.js';
import { keys, modKey, registry, shown, startKeys } from './keys.js';
import { startLive } from './live.js';
import { Menu } from './menu.js';
import { acts, openPalette, Palette } from './palette.js';
import { go, route, start } from './router.js';
import { boot, setLang, setTheme, state } from './state.js';
import { Empty, Failed, Skeleton } from './states.js';
import { toast, Toasts } from './toast.js';
import { inLang, t, words } from './words.js';

words({
  ko: {
    'app.skip': '본문으로 건너뛰기', 'app.today': '오늘', 'app.channels': '채널', 'app.work': '업무', 'app.grow': '성장', 'app.admin': '관리',
    'app.search': '검색 또는 이동', 'app.lang': 'English', 'app.theme': '밝게/어둡게', 'app.menu': '메뉴', 'app.spaces': '워크스페이스', 'app.close': '닫기',
    'app.live': '실시간', 'app.connecting': '연결 중', 'app.waiting': '다시 연결 중', 'app.off': '연결 끊김',
    'app.offline': '오프라인입니다. 쓰던 글은 이 기기에 남아 있고, 연결되면 이어집니다.', 'app.signout': '로그아웃', 'app.keys': '단축키',
    'app.404': '이 주소에는 아무것도 없습니다', 'app.404body': '옮겨졌거나 볼 권한이 없는 화면일 수 있습니다.', 'app.home': '홈으로', 'app.newer': '새 버전이 있습니다',
    'app.newerbody': '화면을 새로 불러오면 이어서 쓸 수 있습니다.', 'app.reload': '새로 불러오기',
    'keys.go': '이동', 'keys.here': '이 화면', 'keys.all': '어디서나', 'keys.help': '단축키 보기', 'keys.search': '검색 또는 이동',
    'keys.theme': '밝게/어둡게', 'keys.lists': '목록', 'keys.next': '다음', 'keys.previous': '이전', 'keys.open': '열기', 'keys.pick': '선택',
    'keys.send': '양식 보내기',
  },
  en: {
    'app.skip': 'Skip to content', 'app.today': 'Today', 'app.channels': 'Channels', 'app.work': 'Work', 'app.grow': 'Grow',
    'app.admin': 'Admin', 'app.search': 'Search or jump to', 'app.lang': '한국어', 'app.theme': 'Light or dark', 'app.menu': 'Menu', 'app.spaces': 'Workspaces',
    'app.close': 'Close',
    'app.live': 'Live', 'app.connecting': 'Connecting', 'app.waiting': 'Reconnecting', 'app.off': 'Disconnected',
    'app.offline': 'You are offline. What you were writing stays on this device and goes on when you are back.',
    'app.signout': 'Sign out', 'app.keys': 'Keyboard shortcuts',
    'app.404': 'There is nothing at this address', 'app.404body': 'It may have moved, or you may not have the right to see it.',
    'app.home': 'Go home', 'app.newer': 'There is a newer version', 'app.newerbody': 'Load the page again to go on.',
    'app.reload': 'Load again',
    'keys.go': 'Go to', 'keys.here': 'This page', 'keys.all': 'Everywhere', 'keys.help': 'Show shortcuts',
    'keys.search': 'Search or jump to', 'keys.theme': 'Light or dark', 'keys.lists': 'Lists', 'keys.next': 'Next',
    'keys.previous': 'Previous', 'keys.open': 'Open', 'keys.pick': 'Select', 'keys.send': 'Send a form',
  },
});

const GROUPS = ['today', 'channels', 'work', 'grow', 'admin'];
const drawer = ref(false);
const turnTheme = () => setTheme(state.dark ? 'light' : 'dark');
const turnLang = () => setLang(state.lang === 'ko' ? 'en' : 'ko');
const signOut = async () => { try { await api.del('/session', { quiet: true });
  } catch (error) { if (error.status !== 401) { toast.error(error); return; } } location.assign('/sign-in'); };

// A view that throws shows that it failed; the rest of the application goes on. An error in a click is only told.
const Boundary = {
  props: ['name'],
  setup(p, { slots }) {
    const error = shallowRef(null);
    onErrorCaptured((failure, _, info) => {
      if (cancelled(failure)) return false;
      console.error(failure);
      if (/#runtime-[2-7]$|handler|watcher/.test(info)) toast.error(failure); else error.value = failure;
      return false;
    });
    watch(() => p.name, () => { error.value = null; });
    return () => error.value ? html`<div class="view"><${Failed} error=${error.value} retry=${() => { error.value = null;
      }} /></div>` : slots.default?.();
  },
};

const View = {
  setup() {
    const component = shallowRef(null), error = shallowRef(null);
    let wanted = null;
    watch(() => route.page?.module, async module => {
      wanted = module; error.value = null; component.value = null;
      if (!module) return;
      try {
        const found = (await import('../' + module)).default;
        if (wanted === module) component.value = found;
      } catch (failure) { if (wanted === module) { console.error(failure); error.value = failure; } }
    }, { immediate: true });
    return () => {
      if (!route.page) return html`<div class="view"><${Empty} icon="find"
        title=${t('app.404')} body=${t('app.404body')} action=${{ label: t('app.home'), href: '/' }} /></div>`;
      if (error.value) return html`<div class="view"><${Empty} icon="refresh"
        title=${t('app.newer')} body=${t('app.newerbody')} action=${{ label: t('app.reload'), run: () => location.reload() }} /></div>`;
      const name = route.page.name + JSON.stringify(route.params);
      return component.value ? html`<${Boundary} name=${name}><${component.value}
        key=${name} params=${route.params} query=${route.query} /><//>` : html`<div class="view pad"><${Skeleton} /></div>`;
    };
  },
};

// Where somebody has a seat in several workspaces, the brand leads to the others.
const change = async workspace => { try { await api.post('/session/workspace', { workspace }); location.assign('/'); } catch (error) { toast.error(error); } };
const Brand = () => boot.workspaces?.length
  ? html`<${Menu} label=${t('app.spaces')} cls="brand" align="start" items=${boot.workspaces.map(one => ({ label: one.name, checked: one.id === boot.workspace.id, run: () => one.id !== boot.workspace.id && change(one.id) }))}>
    <i></i><span>${boot.workspace.name}</span>${icon('down', 14)}<//>`
  : html`<a class="brand" href="/"><i></i><span>${boot.workspace?.name ?? boot.product}</span></a>`;

const Sidebar = () => html`<nav class="side" id="side" aria-label=${t('app.menu')}><${Brand} />
  ${GROUPS.map(group => {
    const pages = (boot.pages ?? []).filter(p => p.group === group && !p.path.includes('{')), section = sections.get(group);
    if (!pages.length && !section) return null;
    return html`<div class="side-group" key=${group}>${group !== 'today' && html`<div class="sec"><span>${t('app.' + group)}</span>
      ${section?.action && html`<button type="button" class="btn ghost ico sm" aria-label=${inLang(section.action.label)}
      title=${inLang(section.action.label)} @click=${section.action.run}>
      ${icon(section.action.icon ?? 'plus', 14)}</button>`}</div>`}
      ${pages.map(p => html`<${NavItem}
        key=${p.name} path=${p.path} label=${inLang(p.title)} icon=${p.icon} count=${section?.counts?.()[p.name]} />`)}
      ${section?.items && html`<${Section} section=${section} />`}${section?.body && html`<${section.body} />`}</div>`;
  })}</nav>`;
const Section = { props: ['section'], setup: p => () => p.section.items().map(it => html`<${NavItem} key=${it.path} ...${it} />`) };

const Top = () => {
  const parts = top.value, title = parts?.title?.() ?? inLang(route.page?.title);
  const live = state.network ? state.live : 'off';
  return html`<header class="top"><button type="button" class="btn ghost ico burger" aria-label=${t('app.menu')}
    aria-expanded=${String(drawer.value)} aria-controls="side" @click=${() => { drawer.value = !drawer.value; }}>
    ${icon('menu', 18)}</button>
    <h1>${title}</h1><div class="tools">${parts?.tools?.()}</div><span class="grow"></span>
    <span class=${'state ' + live} role="status">${t('app.' + live)}</span>
    <button type="button" class="find" aria-label=${t('app.search')} @click=${openPalette}>${icon('find')}<span>
      ${t('app.search')}</span><kbd>${modKey === '⌘' ? '⌘K' : 'Ctrl K'}</kbd></button>
    <button type="button" class="btn ghost lang" lang=${state.lang === 'ko' ? 'en' : 'ko'} @click=${turnLang}>
      ${t('app.lang')}</button>
    <button type="button" class="btn ghost ico" aria-label=${t('app.theme')} title=${t('app.theme')} @click=${turnTheme}>
      ${icon(state.dark ? 'sun' : 'moon')}</button>
    ${boot.me && html`<${Menu} label=${boot.me.name} cls="me" items=${[...(boot.pages ?? []).filter(p => p.name === 'my-security').map(p => ({ label: inLang(p.title), icon: p.icon, run: () => go(p.path) })), { label: t('app.keys'), icon: 'info', hint: '?', run: showKeys }, null, { label: t('app.signout'), icon: 'out', run: signOut }]}>
      <${Avatar} name=${boot.me.name} seed=${boot.me.id} image=${boot.me.image} size="m" /><//>`}</header>`;
};

const KeyHelp = {
  props: ['close'],
  setup(p) {
    const groups = computed(() => Map.groupBy([...registry].sort((a, b) => b.here - a.here), row => row.group));
    return () => html`<${Dialog} title=${t('app.keys')} wide=${true} onClose=${() => p.close()}><div class="keyhelp">
      ${[...groups.value].map(([group, rows]) => html`<section key=${group}><h3>${t(group)}</h3><dl>${rows.map(row => html`<div
      key=${row.name}><dt>${typeof row.label === 'function' ? row.label() : t(row.label)}</dt><dd>
      ${shown(row.name).map((part, i) => html`${i > 0 && ' '}${part.map(k => html`<kbd>
      ${k}</kbd>`)}`)}</dd></div>`)}</dl></section>`)}</div><//>`;
  },
};
let helping = false;
async function showKeys() { if (helping) return; helping = true; await openDialog(KeyHelp); helping = false; }

// The sidebar shows where one is, also when what stands above comes later; who scrolled it themselves is left alone.
let scrolled = false;
function inSight() {
  const side = document.getElementById('side'), at = side?.querySelector('[aria-current=page]')?.getBoundingClientRect();
  if (!at || scrolled) return;
  const { top, bottom } = side.getBoundingClientRect();
  if (at.bottom > bottom) side.scrollTop += at.bottom - bottom + 48; else if (at.top < top) side.scrollTop -= top - at.top + 48;
}

const App = {
  setup() {
    watch(() => route.path, () => { drawer.value = false; });
    watch(() => route.path, () => { scrolled = false; nextTick(inSight); });
    onMounted(() => {
      const side = document.getElementById('side'), grown = new ResizeObserver(inSight);
      for (const group of side.querySelectorAll('.side-group')) grown.observe(group);
      for (const name of ['wheel', 'pointerdown', 'keydown']) side.addEventListener(name, () => { scrolled = true; }, { passive: true });
    });
    watchEffect(() => { const title = inLang(route.page?.title);
      document.title = (title ? title + ' · ' : '') + (boot.workspace?.name ?? boot.product); });
    return () => html`<a class="skip" href="#main">${t('app.skip')}</a>
      <div class=${'shell' + (drawer.value ? ' drawer' : '')} @keydown=${e => { if (e.key === 'Escape') drawer.value = false; }}>
        <${Sidebar} /><div class="scrim" @click=${() => { drawer.value = false; }}></div>
      <main class="main" id="main" tabindex="-1"><${Top} />${!state.network && html`<div class="offline" role="status">
        ${icon('warn')}${t('app.offline')}</div>`}${state.network && [...notices.values()].map(line => line())}<${View} /></main></div>
      <${Dialogs} /><${Palette} /><${Toasts} />`;
  },
};

keys({ 'mod+k': [openPalette, 'keys.search'], '?': [showKeys, 'keys.help'], 'shift+t': [turnTheme, 'keys.theme'] }, 'keys.all');
keys(Object.fromEntries((boot.pages ?? []).filter(p => p.key).map(p => [`g ${p.key}`, [() => go(p.path), () => inLang(p.title)]])), 'keys.go');
keys({ j: [() => intoList(1), 'keys.next'], k: [() => intoList(-1), 'keys.previous'], Enter: [null, 'keys.open'], x: [null, 'keys.pick'], 'mod+Enter': [null, 'keys.send'] }, 'keys.lists');
acts([
  { title: () => t('app.lang'), icon: 'globe', run: turnLang }, { title: () => t('app.theme'), icon: 'moon', run: turnTheme },
  { title: () => t('app.keys'), icon: 'info', run: showKeys }, { title: () => t('app.signout'), icon: 'out', run: signOut },
]);

// j or k outside a list goes into the page's first one: a table's row, or whatever carries data-row.
function intoList(by) {
  const rows = [...document.querySelectorAll('#main .table tbody tr[tabindex], #main [data-row]')];
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement.closest?.('[data-row],tr'));
  rows[at < 0 ? Math.max(0, rows.findIndex(r => r.tabIndex === 0)) : Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
}

addEventListener('unhandledrejection', event => {
  if (cancelled(event.reason)) { event.preventDefault(); return; }
  if (event.reason?.name === 'ApiError') { event.preventDefault(); toast.error(event.reason); }
});

start();
startKeys();
startLive();
for (const module of new Set((boot.pages ?? []).map(p => p.startup).filter(Boolean))) import('../' + module).catch(error => console.error(error));
const app = createApp(App);
app.config.errorHandler = error => { if (!cancelled(error)) { console.error(error); toast.error(error); } };
nextTick(() => app.mount('#app'));
