// A channel's charter: the card that whoever has not read it sees first, and the pane with all of it, its past, its editor.
import { action, ago, api, Avatar, duration, Empty, Failed, html, icon, load, ref, remember, Skeleton, t, toast, useKeys, useLive } from '../web/kit.js';
import './charter_words.js';
import { CharterEditor } from './charter_editor.js';
import { pageText } from './page_text.js';

const minute = n => `${String(Math.floor(n / 60) % 24).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`;
const later = remember('charters-later') ?? {};

function useCharter(p) {
  const found = load(signal => api.get(`/channels/${p.room.id}/charter`, { signal, quiet: true }), { watch: () => p.room.id, keep: false });
  useLive(() => `channel:${p.room.id}`, event => { if (/^(Charter|Channel Shared|Channel Unshared)/.test(event.event) || event.properties.what === 'response_minutes') found.reload({ quiet: true }); }, { reset: () => found.reload({ quiet: true }) });
  return found;
}

// Days with the same hours together, in the reader's letters for them.
function openHours({ week, zone }) {
  const days = [...t('ct.day')], runs = [];
  week.forEach((spans, n) => {
    const said = spans.map(([from, to]) => `${minute(from)}–${minute(to)}`).join(', '), last = runs.at(-1);
    if (last?.said === said) last.to = n; else runs.push({ from: n, to: n, said });
  });
  return runs.filter(run => run.said).map(run => `${run.from === run.to ? days[run.from] : `${days[run.from]}–${days[run.to]}`} ${run.said}`).join(' · ') + ` (${zone})`;
}

const promise = standard => standard.minutes ? t('ct.in', { for: duration(standard.minutes * 60) }) : t('ct.nostandard');

// props: room, show(): opens the pane
export const CharterCard = {
  props: ['room', 'show'],
  setup(p) {
    const found = useCharter(p), put = ref(false);
    const read = action(async () => { await api.post(`/channels/${p.room.id}/charter/read`, { version: found.data.charter.version }); found.set({ ...found.data, unread: false }); }, { failed: toast.error });
    const away = () => { later[p.room.id] = Date.now(); remember('charters-later', later); put.value = true; };
    return () => {
      const it = found.data;
      if (!it || !p.room.member) return null;
      if (it.wanted && it.may_write && !put.value && Date.now() - (later[p.room.id] ?? 0) > 7 * 86_400_000) {
        return html`<div class="notice warn ct-card">${icon('shield', 14)}<span class="grow">${t('ct.wanted')}</span><button type="button" class="btn sm ghost" @click=${away}>${t('ct.later')}</button><button type="button" class="btn sm pri" @click=${p.show}>${t('ct.write')}</button></div>`;
      }
      if (!it.unread) return null;
      return html`<section class="ct-card ct-first" aria-label=${t('ct.title')}><div class="row">${icon('shield', 14)}<b class="grow">${it.read ? t('ct.unread.changed', { n: it.charter.version }) : t('ct.unread')}</b><span class="mut sm nowrap">${t('ct.standard')} ${promise(it.standard)}</span></div>
        <p class="ct-short">${it.charter.purpose}</p>
        <div class="actions end"><button type="button" class="btn sm" @click=${p.show}>${t('ct.open')}</button><button type="button" class="btn sm pri" disabled=${read.busy} @click=${read.run}>${icon('check', 14)}${t('ct.read')}</button></div></section>`;
    };
  },
};

// props: room, close
export const CharterPane = {
  props: ['room', 'close'],
  setup(p) {
    const found = useCharter(p), editing = ref(false), past = ref(null), looked = ref(null);
    const read = action(async () => { await api.post(`/channels/${p.room.id}/charter/read`, { version: found.data.charter.version }); await found.reload({ quiet: true }); }, { failed: toast.error });
    async function history() {
      past.value = []; looked.value = null;
      try { past.value = await api.get(`/channels/${p.room.id}/charter/versions`); } catch (error) { toast.error(error); past.value = null; }
    }
    useKeys({ Escape: [() => { if (!editing.value) p.close(); }, 'dialog.close'] }, 'ch.keys');
    const saved = async () => { editing.value = false; toast(t('ct.saved')); await found.reload({ quiet: true }); };

    const person = (one, people) => html`<li key=${one.user} class="row"><${Avatar} name=${people[one.user]?.name ?? '?'} seed=${one.user} size="m" /><span class="grow"><b>${people[one.user]?.name ?? one.user}</b>${people[one.user]?.org && html` <span class="tag ch-org">${icon('globe', 12)}${people[one.user].org}</span>`}<br /><span class="mut">${one.reason}</span></span></li>`;
    const place = (one, n) => html`<li key=${n}>${one.what}${one.channel && html` → <a class="ch-at" href=${'/channels/' + one.channel}>#${one.name}</a>`}</li>`;
    const whole = (one, people, standard) => html`<div class="pg-text">${pageText(one.purpose)}</div>
      ${standard && html`<section><h3>${t('ct.standard')}</h3><p class="ct-promise"><b>${promise(standard)}</b>${standard.team && html` <span class="tag">${t('fn.' + standard.team)}</span>`}</p>
        <p class="mut sm">${t('ct.hours')}: ${standard.always ? t('ct.always') : openHours(standard)}</p></section>`}
      ${one.belongs.length > 0 && html`<section><h3>${t('ct.belongs')}</h3><ul class="ct-people">${one.belongs.map(who => person(who, people))}</ul></section>`}
      ${one.places.length > 0 && html`<section><h3>${t('ct.places')}</h3><ul class="ct-places">${one.places.map(place)}</ul></section>`}`;
    const pasts = () => html`<div class="ch-scroll"><button type="button" class="btn sm pg-back" @click=${() => { if (looked.value) looked.value = null; else past.value = null; }}>${icon('back', 14)}${t(looked.value ? 'ct.past' : 'ct.past.back')}</button>
      ${looked.value ? whole(looked.value, past.value.people, null) : html`<ul class="pg-past">${(past.value.versions ?? []).map(one => html`<li key=${one.version}><button type="button" class="btn ghost" @click=${() => { looked.value = one; }}><b>${one.version}</b><span class="cut">${past.value.people[one.by]?.name ?? one.by}</span><span class="mut sm nowrap">${ago(one.at)}</span></button></li>`)}</ul>`}</div>`;
    const body = () => {
      if (found.error && !found.data) return html`<div class="ch-scroll"><${Failed} error=${found.error} retry=${found.reload} /></div>`;
      const it = found.data;
      if (!it) return html`<div class="ch-scroll"><${Skeleton} kind="text" n=${8} /></div>`;
      if (editing.value) return html`<${CharterEditor} room=${p.room} found=${it} cancel=${() => { editing.value = false; }} saved=${saved} />`;
      if (past.value) return pasts();
      if (!it.charter) return html`<div class="ch-scroll"><${Empty} icon="shield" title=${t('ct.none')} body=${t(it.may_write ? 'ct.none.body' : 'ct.none.reader')} ...${it.may_write ? { action: { label: t('ct.write'), run: () => { editing.value = true; } } } : {}} /></div>`;
      return html`<div class="ch-scroll">${it.unread && p.room.member && html`<div class="notice">${icon('info', 14)}<span class="grow">${it.read ? t('ct.unread.changed', { n: it.charter.version }) : t('ct.unread')}</span><button type="button" class="btn sm pri" disabled=${read.busy} @click=${read.run}>${t('ct.read')}</button></div>`}
        ${whole(it.charter, it.people, it.standard)}
        <p class="mut sm">${t('ct.by', { n: it.charter.version, name: it.people[it.charter.by]?.name ?? '?', when: ago(it.charter.at) })} · ${t('ct.readers', { n: it.readers, members: it.members })}</p></div>`;
    };
    return () => html`<aside class="ch-pane pg-pane" aria-label=${t('ct.title')}><header><h2 class="grow">${t('ct.title')}</h2>
      ${found.data?.charter && !editing.value && html`<button type="button" class="btn ghost ico" aria-label=${t('ct.past')} title=${t('ct.past')} aria-pressed=${String(Boolean(past.value))} @click=${() => { if (past.value) past.value = null; else history(); }}>${icon('clock')}</button>${found.data.may_write && html`<button type="button" class="btn sm" @click=${() => { past.value = null; editing.value = true; }}>${icon('edit', 14)}${t('ct.edit')}</button>`}`}
      <button type="button" class="btn ghost ico" aria-label=${t('dialog.close')} @click=${p.close}>${icon('x')}</button></header>${body()}</aside>`;
  },
};
