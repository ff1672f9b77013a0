// A metric's definition in place: a small button beside a number that says what it counts, who owns it and whether it is verified.
//   html`<${Definition} metric=${metric} />` with a metric of the catalogue, or id="weekly-listeners"
import { html, api, load, ref, onUnmounted, nextTick, t, icon, Badge, date, Loaded } from '../web/kit.js';
import { nameOf, said } from './catalogue/said.js';
import { written } from './written.js';

let serial = 0, known = null;
// All metrics by their ids, asked once a page and again after a minute.
export function catalogue() {
  if (!known || Date.now() - known.at > 60_000) known = { at: Date.now(), all: api.get('/metrics').then(d => Object.fromEntries(d.metrics.map(m => [m.id, m])), error => { known = null; throw error; }) };
  return known.all;
}

export const Definition = {
  props: ['metric', 'id', 'name'],   // name: what it is called until the catalogue has come
  setup(p) {
    const open = ref(false), button = ref(), box = ref(), place = ref(''), name = `mx-def-${++serial}`;
    const all = load(() => catalogue(), { now: false });
    const metric = () => p.metric ?? all.data?.[p.id];
    const outside = e => { if (!box.value?.contains(e.target) && !button.value?.contains(e.target)) hide(false); };
    async function show() {
      open.value = true;
      if (!all.data) all.reload();
      document.addEventListener('pointerdown', outside, true);
      await nextTick();
      const b = button.value.getBoundingClientRect(), below = b.bottom + 240 < innerHeight || b.top < 240;
      place.value = `left:${Math.max(8, Math.min(b.left - 8, innerWidth - 348))}px;` + (below ? `top:${b.bottom + 4}px` : `bottom:${innerHeight - b.top + 4}px`);
      box.value?.focus();
    }
    function hide(back = true) { if (!open.value) return; open.value = false; document.removeEventListener('pointerdown', outside, true); if (back) button.value?.focus(); }
    onUnmounted(() => document.removeEventListener('pointerdown', outside, true));
    const key = e => { if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); hide(); } };
    const body = m => html`<header><b>${nameOf(m)}</b>${m.verified && html`<${Badge} kind="ok" text=${t('mx.verified')} />`}</header>
      <p>${said(m, all.data ?? {})}</p>${about(m) && html`<p class="mut sm">${about(m)}</p>`}
      <p class="mut sm row wrap">${m.function && html`<span class="tag">${t('mx.' + m.function)}</span>`}${m.target != null && html`<span class="num">${t('mx.goal', { v: written(m.target, m) })}</span>`}${m.updated_at && html`<span>${t('mc.version')} ${m.version} · ${date(m.updated_at, { weekday: false })}</span>`}</p>
      <a class="sm" href=${'/metrics/catalogue/' + encodeURIComponent(m.id)}>${t('mc.more')}</a>`;
    return () => html`<span class="mx-defat"><button ref=${button} type="button" class="btn ghost ico sm" aria-label=${t('mc.about', { name: nameOf(metric()) || p.name || p.id })} title=${t('mc.definition')} aria-expanded=${String(open.value)} aria-controls=${name}
      @click=${e => { e.preventDefault(); e.stopPropagation(); open.value ? hide() : show(); }}>${icon('info', 14)}</button>
      ${open.value && html`<div ref=${box} id=${name} class="mx-defbox" role="dialog" aria-label=${t('mc.about', { name: nameOf(metric()) || p.name || p.id })} tabindex="-1" style=${place.value} @keydown=${key} @click=${e => e.stopPropagation()}>
        ${metric() ? body(metric()) : html`<${Loaded} of=${all} skeleton="text" n=${3} show=${() => html`<p class="mut">${t('mc.nothing')}</p>`} />`}</div>`}</span>`;
  },
};

const about = m => { const text = nameOf({ name_ko: m.about_ko, name_en: m.about_en }); return text || ''; };
