// Own line icons on a 24-unit grid.
import { h } from '../vendor/vue.js';

export const ICONS = {
  arrow: 'M5 12h14M13 6l6 6-6 6', back: 'M19 12H5M11 6l-6 6 6 6', bell: 'M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4',
  board: 'M4 5h4v14H4zM10 5h4v9h-4zM16 5h4v6h-4z',
  bolt: 'M13 3 5 14h6l-1 7 8-11h-6z', book: 'M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11',
  bot: 'M5 9h14v10H5zM12 9V5M9 14h.01M15 14h.01M2 13v3M22 13v3',
  building: 'M5 21V4h10v17M15 9h4v12M3 21h18M8 8h4M8 12h4M8 16h4', calendar: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4',
  chart: 'M4 4v16h16M8 15l4-5 3 3 5-7', chat: 'M4 5h16v11H9l-5 4z',
  check: 'M5 12.5l4.5 4.5L19 7', clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2',
  cog: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M5.3 5.3l2.1 2.1M16.6 16.6l2.1 2.1M5.3 18.7l2.1-2.1M16.6 7.4l2.1-2.1',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1', down: 'M6 9l6 6 6-6', download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  edit: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3', eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  file: 'M6 3h8l5 5v13H6zM14 3v5h5', filter: 'M4 5h16l-6 8v6l-4-2v-4z', find: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4.5 4.5',
  flag: 'M5 21V4h11l-2 4 2 4H5', gauge: 'M4 17a8.5 8.5 0 1 1 16 0M12 15l4-5',
  globe: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
  grip: 'M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01', hash: 'M5 9h14M5 15h14M10 4 8 20M16 4l-2 16',
  heart: 'M12 20S4 15 4 9a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 6-8 11-8 11z',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z', inbox: 'M4 5h16v14H4zM4 13h5l1 2h4l1-2h5',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8h.01',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01', lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  mail: 'M3 6h18v13H3zM3 7l9 7 9-7', mega: 'M4 10v4h3l8 4V6l-8 4zM18.5 9a4.5 4.5 0 0 1 0 6', menu: 'M4 7h16M4 12h16M4 17h16',
  mic: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4',
  moon: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z', more: 'M5 12h.01M12 12h.01M19 12h.01', out: 'M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9',
  'paper-clip': 'M20 11l-8 8a5 5 0 0 1-7-7l8-8a3.5 3.5 0 0 1 5 5l-8 8a2 2 0 0 1-3-3l7-7',
  pause: 'M8 5v14M16 5v14',
  people: 'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM3 20c0-4 3-6 6-6s6 2 6 6M16 5.5a3.5 3.5 0 0 1 0 6M17 14.5c2.5.5 4 2.5 4 5.5',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-4.5 4-6.5 8-6.5s8 2 8 6.5', play: 'M7 5l12 7-12 7z',
  plus: 'M12 5v14M5 12h14', refresh: 'M20 11A8 8 0 0 0 5.5 7L4 9M4 4v5h5M4 13a8 8 0 0 0 14.5 4l1.5-2M20 20v-5h-5',
  reply: 'M10 6l-6 6 6 6M4 12h9c4 0 7 2 7 7', segment: 'M12 3a9 9 0 1 0 9 9h-9zM15.5 3.2A9 9 0 0 1 20.8 8.5h-5.3z',
  send: 'M4 12 20 4l-6 16-3-7z',
  shield: 'M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6z',
  smile: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 14c2 3 6 3 8 0M9 9.5h.01M15 9.5h.01', sort: 'M8 9l4-4 4 4M8 15l4 4 4-4',
  star: 'M12 4l2.5 5.2 5.5.8-4 4 1 5.6-5-2.7-5 2.7 1-5.6-4-4 5.5-.8z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5',
  table: 'M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9', tag: 'M4 4h8l8 8-8 8-8-8zM8.5 8.5h.01',
  target: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z',
  thread: 'M4 5h16v10H9l-5 4zM8 9h8M8 12h5', trash: 'M5 7h14M10 4h4M7 7l1 13h8l1-13M10 11v5M14 11v5',
  trend: 'M3 17l6-6 4 4 8-9M15 6h6v6', undo: 'M8 5 4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3', up: 'M6 15l6-6 6 6',
  warn: 'M12 4 2.5 20h19zM12 10v4M12 17h.01', x: 'M6 6l12 12M18 6 6 18',
};

export function icon(name, size = 16) {
  return h('svg', {
    class: 'icon', width: size, height: size, viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor',
    'stroke-width': /^(more|grip)$/.test(name) ? 2.6 : 1.8,
    'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true',
  }, [h('path', { d: ICONS[name] ?? ICONS.info })]);
}
