// What is to be done about a record, what was written down, what was handed over: tasks, meetings, notes, files.
import { html, action, api, askForm, boot, date, dateTime, icon, isoDay, load, Loaded, reactive, reloadOn, t, toast, today, words } from '../../web/kit.js';
import { nameOfUser, userOptions } from '../create.js';

words({
  ko: { 'dw.tasks': '할 일', 'dw.addtask': '할 일 추가', 'dw.subject': '제목', 'dw.due': '기한', 'dw.owner': '담당자', 'dw.notasks': '할 일이 없습니다', 'dw.done': '끝냈습니다: {name}', 'dw.reopen': '되돌리기', 'dw.donecount': '끝낸 할 일 {n}개', 'dw.meet': '미팅 잡기', 'dw.meetings': '미팅', 'dw.day': '날짜', 'dw.time': '시간', 'dw.long': '길이(분)', 'dw.place': '장소', 'dw.held': '했음', 'dw.note': '노트 쓰기', 'dw.notehint': '통화 내용, 미팅 메모…', 'dw.keep': '남기기', 'dw.kept': '노트를 남겼습니다', 'dw.files': '파일', 'dw.addfile': '파일·링크 추가', 'dw.filename': '이름', 'dw.link': '링크', 'dw.nofiles': '파일이 없습니다', 'dw.upload': '올리기', 'dw.late': '기한이 지났습니다', 'dw.drop': '{name} 빼기', 'dw.bylink': '링크', 'dw.orupload': '파일 올리기' },
  en: { 'dw.tasks': 'Tasks', 'dw.addtask': 'Add a task', 'dw.subject': 'Subject', 'dw.due': 'Due', 'dw.owner': 'Owner', 'dw.notasks': 'Nothing to do', 'dw.done': 'Done: {name}', 'dw.reopen': 'Undo', 'dw.donecount': '{n} {n|task|tasks} done', 'dw.meet': 'Book a meeting', 'dw.meetings': 'Meetings', 'dw.day': 'Day', 'dw.time': 'Time', 'dw.long': 'Minutes', 'dw.place': 'Place', 'dw.held': 'Held', 'dw.note': 'Write a note', 'dw.notehint': 'What was said on the phone, in the meeting…', 'dw.keep': 'Keep', 'dw.kept': 'The note is kept', 'dw.files': 'Files', 'dw.addfile': 'Add a file or link', 'dw.filename': 'Name', 'dw.link': 'Link', 'dw.nofiles': 'No files', 'dw.upload': 'Upload', 'dw.late': 'Past its day', 'dw.drop': 'Remove {name}', 'dw.bylink': 'Link', 'dw.orupload': 'Upload a file' },
});

const about = id => JSON.stringify([{ prop: 'about', op: '=', value: id }]);

export const Tasks = {
  props: ['about', 'people', 'changed', 'owner'],
  setup(p) {
    const tasks = load(signal => api.get('/tasks', { signal, query: { filters: about(p.about), sort: 'due', limit: 100 } }), { watch: () => p.about });
    const meetings = load(signal => api.get('/meetings', { signal, query: { filters: about(p.about), sort: '-starts_at', limit: 20 } }), { watch: () => p.about });
    reloadOn(tasks, 'deals'); reloadOn(meetings, 'deals');
    const after = what => { what.reload({ quiet: true }); p.changed?.(); };
    const add = () => askForm({
      title: t('dw.addtask'), submitLabel: t('dw.addtask'),
      fields: [{ name: 'subject', label: t('dw.subject'), required: true, autofocus: true }, { name: 'due', label: t('dw.due'), type: 'date', optional: true, initial: isoDay(Date.now() + 7 * 86400000) }, { name: 'owner', label: t('dw.owner'), type: 'select', required: true, options: userOptions(p.people), initial: p.owner ?? boot.me.id }],
      submit: v => api.post('/tasks', { about: p.about, subject: v.subject, due: v.due || null, owner: v.owner }),
    }).then(made => made && after(tasks));
    const meet = () => askForm({
      title: t('dw.meet'), submitLabel: t('dw.meet'),
      fields: [{ name: 'subject', label: t('dw.subject'), required: true, autofocus: true }, { name: 'day', label: t('dw.day'), type: 'date', required: true, initial: isoDay(Date.now() + 86400000) }, { name: 'time', label: t('dw.time'), type: 'time', required: true, initial: '14:00' }, { name: 'long', label: t('dw.long'), type: 'number', required: true, initial: 60, min: 5 }, { name: 'place', label: t('dw.place'), optional: true }],
      submit: v => { const starts = atZone(v.day, v.time); return api.post('/meetings', { about: p.about, subject: v.subject, starts_at: new Date(starts).toISOString(), ends_at: new Date(starts + v.long * 60000).toISOString(), place: v.place ?? '', owner: boot.me.id }); },
    }).then(made => made && after(meetings));
    const tick = async (task, status) => { try { await api.patch('/tasks/' + task.id, { status }); if (status === 'done') toast.undo(t('dw.done', { name: task.subject }), async () => { await api.patch('/tasks/' + task.id, { status: 'open' }); after(tasks); }); after(tasks); } catch (error) { toast.error(error); } };
    const hold = async m => { try { await api.patch('/meetings/' + m.id, { status: 'held' }); after(meetings); } catch (error) { toast.error(error); } };
    const show = data => {
      const open = data.tasks.filter(k => k.status !== 'done'), done = data.tasks.length - open.length, soon = (meetings.data?.meetings ?? []).filter(m => m.status === 'booked').toReversed();
      return html`${soon.length > 0 && html`<ul class="deals-tasks">${soon.map(m => html`<li key=${m.id}>${icon('calendar', 14)}<span class="grow">${m.subject}<span class="mut sm"> ${dateTime(m.starts_at)}${m.place && ' · ' + m.place}</span></span>${Date.parse(m.starts_at) < Date.now() && html`<button type="button" class="btn sm" @click=${() => hold(m)}>${t('dw.held')}</button>`}</li>`)}</ul>`}
        ${open.length ? html`<ul class="deals-tasks">${open.map(k => html`<li key=${k.id}><input type="checkbox" aria-label=${k.subject} checked=${false} @change=${() => tick(k, 'done')} /><span class="grow">${k.subject}<span class=${'sm ' + (k.due && k.due < today() ? 'poor' : 'mut')} title=${k.due && k.due < today() ? t('dw.late') : null}> ${[k.due && date(k.due), nameOfUser(p.people, k.owner)].filter(Boolean).join(' · ')}</span></span></li>`)}</ul>` : html`<p class="mut sm">${t('dw.notasks')}</p>`}
        ${done > 0 && html`<p class="mut sm">${t('dw.donecount', { n: done })}</p>`}`;
    };
    return () => html`<section class="deals-block" data-tasks><header><h3>${t('dw.tasks')}</h3><span class="grow"></span><button type="button" class="btn ghost ico sm" aria-label=${t('dw.meet')} title=${t('dw.meet')} @click=${meet}>${icon('calendar', 14)}</button><button type="button" class="btn ghost ico sm" aria-label=${t('dw.addtask')} title=${t('dw.addtask')} @click=${add}>${icon('plus', 14)}</button></header><${Loaded} of=${tasks} show=${show} skeleton="text" n=${2} /></section>`;
  },
};

// A wall clock's time in the workspace's zone as a moment.
function atZone(day, time) {
  const guess = Date.parse(`${day}T${time}:00Z`), parts = new Intl.DateTimeFormat('en-GB', { timeZone: boot.workspace.timezone, dateStyle: 'short', timeStyle: 'short' }).formatToParts(guess).reduce((o, x) => ({ ...o, [x.type]: x.value }), {});
  return guess - (Date.parse(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:00Z`) - guess);
}

export const NoteBox = {
  props: ['about', 'changed'],
  setup(p) {
    const note = reactive({ text: '' });
    const keep = action(async () => { if (!note.text.trim()) return; await api.post('/notes', { about: p.about, text: note.text.trim() }); note.text = ''; toast(t('dw.kept')); p.changed(); }, { failed: toast.error });
    return () => html`<form class="deals-note" @submit=${e => { e.preventDefault(); keep.run(); }}><textarea class="input" rows="2" aria-label=${t('dw.note')} placeholder=${t('dw.notehint')} value=${note.text} @input=${e => { note.text = e.target.value; }} @keydown=${e => { if (e.key === 'Enter' && (e.metaKey || e.ctrlKey) && !e.isComposing) { e.preventDefault(); keep.run(); } }}></textarea>
      ${note.text.trim() && html`<div class="actions end"><button class="btn pri sm" disabled=${keep.busy}>${t('dw.keep')}</button></div>`}</form>`;
  },
};

export const Files = {
  props: ['about', 'changed'],
  setup(p) {
    const files = load(signal => api.get('/attachments', { signal, query: { filters: about(p.about), limit: 50 } }), { watch: () => p.about });
    reloadOn(files, 'deals');
    const after = () => { files.reload({ quiet: true }); p.changed?.(); };
    const add = () => askForm({ title: t('dw.addfile'), submitLabel: t('dw.addfile'), fields: [{ name: 'name', label: t('dw.filename'), required: true, autofocus: true }, { name: 'url', label: t('dw.link'), type: 'url', required: true, placeholder: 'https://' }], submit: v => api.post('/attachments', { about: p.about, name: v.name, url: v.url }) }).then(made => made && after());
    const drop = async f => { try { await api.del('/attachments/' + f.id); after(); toast.undo(t('dw.drop', { name: f.name }), async () => { await api.post(`/attachments/${f.id}/restore`); after(); }); } catch (error) { toast.error(error); } };
    const show = data => data.attachments.length ? html`<ul class="deals-people">${data.attachments.map(f => html`<li key=${f.id}>${icon(f.url ? 'link' : 'paper-clip', 14)}<a class="grow cut" href=${f.url || '/api/v1/files/' + f.file} target="_blank" rel="noopener">${f.name}</a><button type="button" class="btn ghost ico sm" aria-label=${t('dw.drop', { name: f.name })} @click=${() => drop(f)}>${icon('x', 12)}</button></li>`)}</ul>` : html`<p class="mut sm">${t('dw.nofiles')}</p>`;
    return () => html`<section class="deals-block"><header><h3>${t('dw.files')}</h3><span class="grow"></span><button type="button" class="btn ghost ico sm" aria-label=${t('dw.addfile')} title=${t('dw.addfile')} @click=${add}>${icon('plus', 14)}</button></header><${Loaded} of=${files} show=${show} skeleton="text" n=${1} /></section>`;
  },
};
