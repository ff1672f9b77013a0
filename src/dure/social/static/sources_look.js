// How a source looks: its state in words and a sign, what it can, on what ground it is read.
import { html, Ago, Badge, boot, inLang, onMounted, onUnmounted, t } from '../web/kit.js';
import './sources_words.js';

const ABILITIES = ['pull', 'stream', 'hear', 'upload', 'reply', 'publish', 'edits', 'deletions'];
const BASIS = { official: ['ok', 'check'], own_data: ['info', 'person'], terms_restricted: ['warn', 'warn'] };

// Asking writes no event while nothing new comes: what is under way is looked at every few seconds.
export function lookAgain(loaded, hurried) {
  let timer = 0, count = 0;
  onMounted(() => { timer = setInterval(() => { count += 1; if (!document.hidden && (hurried() || count % 8 === 0)) loaded.reload({ quiet: true }); }, 2500); });
  onUnmounted(() => clearInterval(timer));
}
const soon = at => at && new Date(at) - Date.now() < 5000;
export const underWay = source => source.state === 'on' && source.ways.some(way => soon(way.due_at));

export const mayConnect = () => ['owner', 'admin'].includes(boot.me.role);
export const worst = source => source.ways.filter(way => way.trouble).sort((a, b) => b.failures - a.failures)[0];
export const lastOf = (source, name) => source.ways.map(way => way[name]).filter(Boolean).sort().at(-1) ?? null;
export const nextOf = source => source.state === 'on' ? source.ways.filter(way => way.kind !== 'history').map(way => way.due_at).filter(Boolean).sort()[0] ?? null : null;
export const broughtBy = source => source.ways.reduce((sum, way) => sum + way.brought, 0);

// When it is asked next: what is a moment away is not `just now`.
export const Next = { props: ['at'], setup: p => () => p.at && new Date(p.at) - Date.now() < 60_000 ? html`<span>${t('src.soon')}</span>` : html`<${Ago} at=${p.at} />` };
export const SourceState = { props: ['of'], setup: p => () => {
  const source = p.of, bad = worst(source);
  if (source.state === 'paused') return html`<${Badge} icon="pause" text=${t('src.paused')} />`;
  if (bad?.trouble.code === 'busy') return html`<${Badge} kind="info" icon="clock" text=${t('src.waiting')} />`;
  if (bad) return html`<${Badge} kind="bad" icon="warn" text=${t('src.failing', { n: bad.failures })} />`;
  if (lastOf(source, 'ok_at')) return html`<${Badge} kind="ok" icon="check" text=${t('src.on')} />`;
  return source.ways.some(way => way.due_at) ? html`<${Badge} kind="info" icon="clock" text=${t('src.first')} />` : html`<${Badge} icon="clock" text=${t('src.listening')} />`;
} };
export const Can = { props: ['of'], setup: p => () => html`<span class="social-src-can">${ABILITIES.filter(one => p.of.includes(one)).map(one => html`<span key=${one} class="tag">${t('src.can.' + one)}</span>`)}</span>` };
export const Basis = { props: ['of'], setup: p => () => html`<${Badge} kind=${BASIS[p.of]?.[0]} icon=${BASIS[p.of]?.[1]} text=${t('src.basis.' + p.of)} />` };
export const Trouble = { props: ['of'], setup: p => () => html`<div class="notice bad social-src-said" role="status"><span>${inLang(p.of.said ?? { ko: p.of.code, en: p.of.code })}${p.of.detail && html`<br /><span class="mono sm">${p.of.detail}</span>`}</span></div>` };
