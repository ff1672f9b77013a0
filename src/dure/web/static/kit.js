// Everything a view needs, in one import: import { html, load, api, t, words, Table } from '../web/kit.js'
export {
  h, Fragment, ref, shallowRef, reactive, shallowReactive, readonly, markRaw, toRaw, unref, computed, watch, watchEffect,
  onMounted, onUnmounted, onBeforeUnmount, onUpdated, onScopeDispose, nextTick, provide, inject,
} from '../vendor/vue.js';
export { html } from './html.js';
export { boot, state, remember, setLang, setTheme } from './state.js';
export { words, t, inLang, particle } from './words.js';
export {
  num, short, signed, percent, points, count, money, exact, date, shortDate, time, dateTime, ago, minute, duration, isoDay, today, when, zone, compare, listed,
} from './format.js';
export { api, ApiError, load, action, cancelled } from './api.js';
export { route, go, setQuery, href, useGuard } from './router.js';
export { listen, listenSoon, overhear, useLive, reloadOn } from './live.js';
export { keys, useKeys, nameOf, isTyping, modKey } from './keys.js';
export { offer, acts, openPalette, fits } from './palette.js';
export { toast } from './toast.js';
export { Dialog, openDialog, ask, askForm } from './dialog.js';
export { Menu } from './menu.js';
export { Table } from './table.js';
export { Form, Field } from './form.js';
export { Holes, Picks } from './holes.js';
export { choose } from './choose.js';
export { Line, Bars, Columns, Funnel, Heat, Spark, Sankey, Rank, Journey, Tree } from './chart.js';
export { color } from './charts/frame.js';
export { Skeleton, Empty, Failed, Progress, Loaded, sentence } from './states.js';
export { Avatar, hue } from './avatar.js';
export { icon, ICONS } from './icons.js';
export { useTop, sidebar, notices, NavItem } from './frame.js';
export { Panel, Stat, Tabs, Badge, Ago } from './pieces.js';
export { draws, Drawn } from './drawn.js';
