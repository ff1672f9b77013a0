// The page that a conversation pins: read, ticked, written together, and how it was before.
import { ago, api, boot, dateTime, Empty, Failed, html, icon, load, nextTick, ref, remember, Skeleton, state, t, toast, useKeys, useLive, words } from '../web/kit.js';
import { AGENDA, AgendaBar } from './agenda.js';
import { pageText } from './page_text.js';
import { TEMPLATES } from './page_templates.js';
import { channelNames, partners } from './rooms.js';

words({
  ko: {
    'pg.title': '페이지', 'pg.none': '아직 페이지가 없습니다', 'pg.none.body': '안건, 이야기할 주제, 서로 지킬 것을 한곳에 적어 두세요. 이 채널의 모두가 함께 고칩니다.', 'pg.none.reader': '채널에 참여한 사람이 안건과 지킬 것을 여기에 적습니다.', 'pg.blank': '빈 페이지', 'pg.edit': '고치기', 'pg.save': '저장', 'pg.cancel': '취소', 'pg.name': '제목', 'pg.text': '내용', 'pg.untitled': '제목 없는 페이지',
    'pg.by': '{name} 님이 {when} 고침', 'pg.past': '지난 내용', 'pg.past.back': '지금 내용으로', 'pg.version': '{n}번째 판', 'pg.restore': '이 내용으로 되돌리기', 'pg.changed': '{name} 님이 방금 고쳤습니다. 저장하면 둘을 합칩니다.', 'pg.draft': '저장하지 않은 글이 남아 있었습니다', 'pg.drop': '버리기',
    'pg.conflict': '같은 곳을 {name} 님도 고쳤습니다. 아무것도 사라지지 않았습니다.', 'pg.theirs': '저장되어 있는 내용', 'pg.yours': '내가 쓴 내용', 'pg.keep': '내가 쓴 내용으로 저장', 'pg.take': '저장된 내용을 따르기', 'pg.saved': '저장했습니다',
    'pg.heading': '제목 줄', 'pg.check': '할 일', 'pg.list': '목록', 'pg.table': '표', 'pg.hint': '# 제목, - [ ] 할 일, **굵게**, [글](주소), @이름', 'pg.first': '처음 오셨네요. 이 채널에서 함께 일하는 방법입니다.', 'pg.understood': '확인했습니다', 'pg.moved': '방금 바뀐 항목이라 다시 불러왔습니다',
  },
  en: {
    'pg.title': 'Page', 'pg.none': 'No page yet', 'pg.none.body': 'Put the agenda, the topics and good manners in one place. Everybody in this channel writes it together.', 'pg.none.reader': 'Members of the channel put the agenda and good manners here.', 'pg.blank': 'Blank page', 'pg.edit': 'Edit', 'pg.save': 'Save', 'pg.cancel': 'Cancel', 'pg.name': 'Title', 'pg.text': 'Text', 'pg.untitled': 'Untitled page',
    'pg.by': '{name} changed it {when}', 'pg.past': 'History', 'pg.past.back': 'Back to the page', 'pg.version': 'Version {n}', 'pg.restore': 'Go back to this text', 'pg.changed': '{name} changed the page just now. Saving brings both together.', 'pg.draft': 'There was text that was not saved', 'pg.drop': 'Discard',
    'pg.conflict': '{name} changed the same lines. Nothing was lost.', 'pg.theirs': 'As it is saved', 'pg.yours': 'As you wrote it', 'pg.keep': 'Save as I wrote it', 'pg.take': 'Keep what is saved', 'pg.saved': 'Saved',
    'pg.heading': 'Heading', 'pg.check': 'Checklist', 'pg.list': 'List', 'pg.table': 'Table', 'pg.hint': '# heading, - [ ] to do, **bold**, [text](address), @name', 'pg.first': 'Welcome. This is how we work together in this channel.', 'pg.understood': 'Got it', 'pg.moved': 'This item had just changed; here it is anew',
  },
});

const SNIPPETS = { heading: '\n## ', check: '\n- [ ] ', list: '\n- ', table: '\n|  |  |\n| --- | --- |\n|  |  |\n' };
const MARKS = { heading: 'hash', check: 'check', list: 'list', table: 'table' };
const drafts = remember('page-drafts') ?? {};

// Whether somebody who comes into a shared channel for the first time is to be shown its page.
export async function firstEntry(room) {
  if (!room.member || !partners(room).length) return false;
  try { const got = await api.get(`/channels/${room.id}/page`, { quiet: true }); return Boolean(got.page && !got.seen); } catch { return false; /* the page can be opened by hand */ }
}

// props: room, close
export const PagePane = {
  props: ['room', 'close'],
  setup(p) {
    const base = () => `/channels/${p.room.id}/page`;
    const first = ref(false);
    const page = load(async signal => {
      const got = await api.get(base(), { signal });
      if (got.page && !got.seen) { first.value ||= partners(p.room).length > 0; api.post(`${base()}/seen`, {}, { quiet: true }).catch(() => { /* it is shown once more */ }); }
      return got;
    }, { watch: () => p.room.id, keep: false });
    const people = load(async signal => Object.fromEntries((await api.get(`/channels/${p.room.id}/members`, { signal })).members.map(one => [one.id, one])), { watch: () => p.room.id });
    const names = () => ({ ...page.data?.people, ...people.data });
    const name = id => names()[id]?.name ?? id;

    // -- writing
    const editing = ref(null), busy = ref(false), conflict = ref(null), problem = ref(null), moved = ref(''), field = ref();   // editing: {title, body, version}
    const keep = () => { if (editing.value) drafts[p.room.id] = { ...editing.value }; else delete drafts[p.room.id]; remember('page-drafts', drafts); };
    const shownAs = body => body.replace(/<@([UW][A-Z0-9]+)>/g, (all, id) => names()[id] ? '@' + names()[id].name : all);
    const keptAs = body => Object.values(names()).sort((a, b) => b.name.length - a.name.length).reduce((text, one) => text.replaceAll('@' + one.name, `<@${one.id}>`), body);
    function edit(text) {
      const it = page.data.page;
      editing.value = text ? { ...text, version: it?.version ?? 0 } : drafts[p.room.id] ?? { title: it?.title ?? '', body: shownAs(it?.body ?? ''), version: it?.version ?? 0 };
      conflict.value = null; problem.value = null; moved.value = ''; past.value = null; keep();
      nextTick(() => { field.value?.focus(); field.value?.setSelectionRange(0, 0); });
    }
    const stop = () => { editing.value = null; conflict.value = null; problem.value = null; keep(); };
    async function save(over) {
      if (busy.value) return;
      busy.value = true; problem.value = null;
      const { title, body, version } = editing.value;
      try {
        const got = await api.put(base(), { title, body: keptAs(body), version: over ?? version });
        page.set({ ...page.data, page: got.page, seen: true, people: { ...page.data.people, [boot.me.id]: names()[boot.me.id] ?? { name: boot.me.name } } });
        stop(); toast(t('pg.saved'));
      } catch (error) {
        if (error.status === 409 && error.data?.body !== undefined) conflict.value = error.data; else problem.value = error;
      } finally { busy.value = false; }
    }
    function put(what) {
      const el = field.value, at = el.selectionStart, before = el.value.slice(0, at), text = before && !before.endsWith('\n') ? SNIPPETS[what] : SNIPPETS[what].replace(/^\n/, '');
      editing.value = { ...editing.value, body: before + text + el.value.slice(el.selectionEnd) }; keep();
      nextTick(() => { el.focus(); el.selectionStart = el.selectionEnd = at + text.length; });
    }
    async function tick(line, text, done) {
      try { const got = await api.post(`${base()}/ticks`, { line, text, done }); page.set({ ...page.data, page: got.page }); } catch (error) {
        if (error.status === 409) { toast(t('pg.moved')); page.reload({ quiet: true }); } else toast.error(error);
      }
    }

    // -- how it was
    const past = ref(null), versions = ref(null), looked = ref(null);   // past: whether the list is open; looked: one version with its text
    async function history() {
      past.value = true; looked.value = null; versions.value = null;
      try { versions.value = await api.get(`${base()}/versions`); } catch (error) { toast.error(error); past.value = null; }
    }
    async function look(number) { try { looked.value = (await api.get(`${base()}/versions/${number}`)).version; } catch (error) { toast.error(error); } }

    useLive(() => `channel:${p.room.id}`, event => {
      if (!event.event.startsWith('Page ') || event.properties.version <= page.data?.page?.version && event.event === 'Page Changed') return;
      if (editing.value && event.properties.by !== boot.me.id) moved.value = name(event.properties.by);
      page.reload({ quiet: true });
    }, { reset: () => page.reload({ quiet: true }) });
    useKeys({ Escape: [() => { if (!editing.value) p.close(); }, 'dialog.close'] }, 'ch.keys');
    const key = e => {
      if (e.isComposing) return;
      if ((e.ctrlKey || e.metaKey) && (e.key === 'Enter' || e.key.toLowerCase() === 's')) { e.preventDefault(); save(); }
      if (e.key === 'Escape') { e.stopPropagation(); if (keptAs(editing.value.body) === (page.data.page?.body ?? '')) stop(); }
      if (e.key === 'Enter' && !e.shiftKey && !e.ctrlKey && !e.metaKey) goOn(e);
    };
    // A new line in a list begins as the one before; in an empty item it ends the list.
    function goOn(e) {
      const el = e.target, before = el.value.slice(0, el.selectionStart), line = before.slice(before.lastIndexOf('\n') + 1), m = /^(\s*)([-*+]|\d+[.)])(\s+(?:\[[ xX]\]\s+)?)(.*)$/.exec(line);
      if (!m || el.selectionStart !== el.selectionEnd) return;
      e.preventDefault();
      const begin = m[4] ? `\n${m[1]}${/\d/.test(m[2]) ? `${parseInt(m[2], 10) + 1}${m[2].slice(-1)}` : m[2]}${m[3].replace(/\[[xX]\]/, '[ ]')}` : '\n', from = m[4] ? before : before.slice(0, before.length - line.length);
      editing.value = { ...editing.value, body: from + begin + el.value.slice(el.selectionStart) }; keep();
      nextTick(() => { el.selectionStart = el.selectionEnd = (from + begin).length; });
    }

    // -- drawn
    const text = (body, ticked) => html`<div class="pg-text">${pageText(body, { names: names(), channels: channelNames.value, tick: ticked ? tick : null })}</div>`;
    const toolbar = () => html`<div class="pg-tools" role="toolbar" aria-label=${t('pg.text')}>${Object.keys(SNIPPETS).map(what => html`<button key=${what} type="button" class="btn ghost ico sm" aria-label=${t('pg.' + what)} title=${t('pg.' + what)} @click=${() => put(what)}>${icon(MARKS[what], 14)}</button>`)}<span class="mut sm cut">${t('pg.hint')}</span></div>`;
    const editor = () => {
      const it = editing.value, clash = conflict.value;
      return html`<form class="pg-edit" @submit=${e => { e.preventDefault(); save(clash?.version); }}>
        ${moved.value && !clash && html`<div class="notice">${icon('info', 14)}<span class="grow">${t('pg.changed', { name: moved.value })}</span></div>`}
        ${clash && html`<div class="notice warn" role="alert">${icon('warn', 14)}<span class="grow">${t('pg.conflict', { name: name(clash.by) })}</span></div>`}
        ${problem.value && html`<${Failed} small=${true} error=${problem.value} />`}
        <input class="input" value=${it.title} maxlength="200" placeholder=${t('pg.name')} aria-label=${t('pg.name')} @input=${e => { editing.value = { ...it, title: e.target.value }; keep(); }} />
        ${clash && html`<h3>${t('pg.theirs')}</h3><pre class="pg-theirs" tabindex="0" aria-label=${t('pg.theirs')}>${shownAs(clash.body)}</pre><h3>${t('pg.yours')}</h3>`}
        ${toolbar()}<textarea ref=${field} class="input" value=${it.body} aria-label=${t('pg.text')} maxlength="100000" @input=${e => { editing.value = { ...it, body: e.target.value }; keep(); }} @keydown=${key}></textarea>
        <div class="actions">${clash ? html`<button type="submit" class="btn pri" disabled=${busy.value}>${t('pg.keep')}</button><button type="button" class="btn" @click=${() => { stop(); page.reload({ quiet: true }); }}>${t('pg.take')}</button>`
          : html`<button type="submit" class="btn pri" disabled=${busy.value}>${t('pg.save')}</button><button type="button" class="btn" @click=${stop}>${t('pg.cancel')}</button>`}</div></form>`;
    };
    const other = () => state.lang === 'ko' ? 'en' : 'ko';
    const start = lang => edit({ title: TEMPLATES[lang].title, body: TEMPLATES[lang].body });
    const empty = () => page.data.may_write ? html`<${Empty} icon="book" title=${t('pg.none')} body=${t('pg.none.body')} />
      <div class="pg-starts"><button type="button" class="btn pri" @click=${() => start(state.lang)}>${icon('book', 14)}${TEMPLATES[state.lang].name}</button><button type="button" class="btn" @click=${() => start(other())}>${TEMPLATES[other()].name}</button><button type="button" class="btn ghost" @click=${() => edit({ title: '', body: '' })}>${t('pg.blank')}</button></div>`
      : html`<${Empty} icon="book" title=${t('pg.none')} body=${t('pg.none.reader')} />`;
    const pasts = () => html`<div class="ch-scroll"><button type="button" class="btn sm pg-back" @click=${() => { if (looked.value) looked.value = null; else past.value = null; }}>${icon('back', 14)}${t(looked.value ? 'pg.past' : 'pg.past.back')}</button>
      ${looked.value ? html`<div class="row"><b class="grow">${t('pg.version', { n: looked.value.version })}</b>${page.data.may_write && html`<button type="button" class="btn sm" @click=${() => edit({ title: looked.value.title, body: shownAs(looked.value.body) })}>${icon('undo', 14)}${t('pg.restore')}</button>`}</div><h2 class="pg-title">${looked.value.title || t('pg.untitled')}</h2>${text(looked.value.body)}`
        : !versions.value ? html`<${Skeleton} n=${5} />` : html`<ul class="pg-past">${versions.value.versions.map(one => html`<li key=${one.version}><button type="button" class="btn ghost" @click=${() => look(one.version)}><b>${t('pg.version', { n: one.version })}</b><span class="cut">${versions.value.people[one.by]?.name ?? one.by}</span><span class="mut sm nowrap" title=${dateTime(one.at)}>${ago(one.at)}</span></button></li>`)}</ul>`}</div>`;
    const body = () => {
      if (page.error && !page.data) return html`<div class="ch-scroll"><${Failed} error=${page.error} retry=${page.reload} /></div>`;
      if (!page.data) return html`<div class="ch-scroll"><${Skeleton} kind="text" n=${8} /></div>`;
      if (editing.value) return editor();
      if (past.value) return pasts();
      const it = page.data.page, left = drafts[p.room.id];
      const waiting = left && page.data.may_write && html`<div class="notice warn">${icon('edit', 14)}<span class="grow">${t('pg.draft')}</span><button type="button" class="btn sm" @click=${() => edit()}>${t('pg.edit')}</button><button type="button" class="btn ghost sm" @click=${() => { stop(); page.set({ ...page.data }); }}>${t('pg.drop')}</button></div>`;
      if (!it) return html`<div class="ch-scroll">${waiting}${empty()}</div>`;
      return html`<div class="ch-scroll">${first.value && html`<div class="notice">${icon('info', 14)}<span class="grow">${t('pg.first')}</span><button type="button" class="btn sm pri" @click=${() => { first.value = false; p.close(); }}>${t('pg.understood')}</button></div>`}${waiting}
        ${page.data.may_write && html`<${AgendaBar} room=${p.room} people=${people.data ?? {}} begun=${AGENDA.test(it.body)} changed=${() => page.reload({ quiet: true })} />`}
        <h2 class="pg-title">${it.title || t('pg.untitled')}</h2>${text(it.body, page.data.may_write)}<p class="mut sm">${t('pg.by', { name: name(it.by), when: ago(it.at) })}</p></div>`;
    };
    return () => html`<aside class="ch-pane pg-pane" aria-label=${t('pg.title')}><header><h2 class="grow">${t('pg.title')}</h2>
      ${page.data?.page && !editing.value && html`<button type="button" class="btn ghost ico" aria-label=${t('pg.past')} title=${t('pg.past')} aria-pressed=${String(Boolean(past.value))} @click=${() => { if (past.value) past.value = null; else history(); }}>${icon('clock')}</button>${page.data.may_write && html`<button type="button" class="btn sm" @click=${() => edit()}>${icon('edit', 14)}${t('pg.edit')}</button>`}`}
      <button type="button" class="btn ghost ico" aria-label=${t('dialog.close')} @click=${p.close}>${icon('x')}</button></header>${body()}</aside>`;
  },
};
