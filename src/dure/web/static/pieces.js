// Small parts of many screens: a panel, a figure with its change, tabs, a badge, a time that ages.
import { html } from './html.js';
import { icon } from './icons.js';
import { ago, dateTime, signed, when } from './format.js';
import { Spark } from './charts/spark.js';
import { t, words } from './words.js';

words({ ko: { 'piece.about': '이 숫자의 정의와 근거' }, en: { 'piece.about': 'What this figure means' } });

// A bordered box: props title, note, wide, tools (vnodes at the right of the title).
export const Panel = {
  props: ['title', 'note', 'wide', 'tools', 'flush'],
  setup: (p, { slots }) => () => html`<section class=${'panel' + (p.wide ? ' w' : '') + (p.flush ? ' flush' : '')}
    aria-label=${p.title}>${(p.title || p.tools) && html`<header><h2>${p.title}</h2>${p.note && html`<span class="mut sm">
    ${p.note}</span>`}<span class="grow"></span>${p.tools}</header>`}${slots.default?.()}</section>`,
};

// One figure: label, value (already written), change (share of one or points, already a number), good: 'up' | 'down',
// note (freshness), trend (numbers), about() opens its definition and rows.
export const Stat = {
  props: ['label', 'value', 'change', 'unit', 'good', 'note', 'trend', 'about', 'href'],
  setup: p => () => {
    const better = p.change ? (p.change > 0) === ((p.good ?? 'up') === 'up') : null;
    return html`<div class="stat"><div class="stat-label">${p.href ? html`<a href=${p.href}>
      ${p.label}</a>` : p.label}${p.about && html`<button type="button" class="btn ghost ico sm" aria-label=${t('piece.about')}
      title=${t('piece.about')} @click=${p.about}>${icon('info', 14)}</button>`}</div>
      <div class="stat-row"><span class="stat-value num">${p.value}</span>
        ${p.trend && html`<${Spark} values=${p.trend} label=${p.label} area=${true} />`}</div>
      <div class="stat-note sm">${p.change != null && html`<span
        class=${'num ' + (better === null ? 'mut' : better ? 'good' : 'poor')}>
        ${icon(p.change >= 0 ? 'up' : 'down', 12)}${signed(p.change * 100)}${p.unit ?? '%'}</span>`}<span class="mut">
        ${p.note}</span></div></div>`;
  },
};

// Tabs of one page: items [{value, label, count}], value, change(value).
export const Tabs = {
  props: ['items', 'value', 'change', 'label'],
  setup: p => () => {
    const key = (e, i) => { const to = { ArrowRight: i + 1, ArrowLeft: i - 1 }[e.key];
      const it = p.items[(to + p.items.length) % p.items.length]; if (it && to !== undefined) { e.preventDefault();
      p.change(it.value); e.currentTarget.parentElement.children[p.items.indexOf(it)].focus(); } };
    return html`<div class="tabs" role="tablist" aria-label=${p.label}>${p.items.map((it, i) => html`<button type="button"
      role="tab" key=${it.value} aria-selected=${String(it.value === p.value)} tabindex=${it.value === p.value ? 0 : -1}
      @click=${() => p.change(it.value)} @keydown=${e => key(e, i)}>${it.label}${it.count != null && html`<span class="mut sm num">
      ${it.count}</span>`}</button>`)}</div>`;
  },
};

// A state in words with a sign: kind ok, warn, bad, info, or none.
export const Badge = {
  props: ['kind', 'text', 'icon'],
  setup: p => () => html`<span class=${'badge ' + (p.kind ?? '')}>
    ${icon(p.icon ?? { ok: 'check', warn: 'clock', bad: 'warn', info: 'info' }[p.kind] ?? 'tag', 12)}${p.text}</span>`,
};

// "3분 전", growing older by itself; the exact time under the pointer.
export const Ago = { props: ['at'], setup: p => () => p.at ? html`<time datetime=${when(p.at).toISOString()}
  title=${dateTime(p.at)}>${ago(p.at)}</time>` : '–' };
