// What happened, as marks on lines over time; and the dialogs that write it down.
import { html, api, askForm, openDialog, Dialog, Table, Empty, boot, icon, t, date, dateTime, isoDay, shallowRef, toast, when } from '../web/kit.js';
import './words.js';
import './board_words.js';

const known = shallowRef([]);   // of the board that is open: [{id, at, text, function}]
export const keepMarks = list => { known.value = list ?? []; };
export const noted = () => known.value;

// The marks of a trend's answer: [{at: index, label}], several of one interval together.
export function marksOn(answer) {
  if (!known.value.length || !answer?.intervals?.length) return [];
  const starts = answer.intervals.map(at => at.slice(0, 10)), exact = answer.question?.interval === 'hour', times = exact ? answer.intervals.map(at => when(at).getTime()) : null;
  const found = new Map();
  for (const one of known.value) {
    const at = exact ? times.findLastIndex(start => start <= when(one.at).getTime()) : starts.findLastIndex(start => start <= isoDay(one.at));
    if (at >= 0) found.set(at, [...(found.get(at) ?? []), one.text]);
  }
  return [...found].map(([at, texts]) => ({ at, label: texts.join(' · ') }));
}

const teams = ['product', 'marketing', 'sales', 'ad_ops', 'social', 'care', 'people', 'press', 'executives'];

// Writes an annotation, or one anew. `board` is the one that is open.
export async function annotate({ board, note, at } = {}) {
  const local = note ? new Date(when(note.at)) : null;
  return askForm({
    title: t('bd.note'), submitLabel: t('al.save'),
    fields: [
      { name: 'text', label: t('bd.notetext'), required: true, autofocus: true },
      { name: 'day', label: t('bd.noteat'), type: 'date', required: true }, { name: 'time', label: t('bd.notetime'), type: 'time', optional: true },
      { name: 'function', label: t('bd.noteteam'), type: 'select', optional: true, options: teams.map(value => ({ value, label: t('mx.' + value) })) },
      { name: 'scope', label: t('bd.notescope'), type: 'choice', options: [{ value: 'all', label: t('bd.noteall') }, { value: 'here', label: t('bd.notehere') }] },
    ],
    values: { text: note?.text ?? '', day: note ? isoDay(note.at) : at ?? isoDay(Date.now()), time: note && local ? dateTime(note.at).slice(-5) : '', function: note?.function || null, scope: note?.board ? 'here' : 'all' },
    submit: async v => {
      const body = { at: v.time ? `${v.day}T${v.time}:00` : v.day, text: v.text, function: v.function ?? '', ...(v.scope === 'here' ? { board } : {}) };
      const saved = note ? await api.put('/annotations/' + note.id, body) : await api.post('/annotations', body);
      toast(t('bd.noted'));
      return saved;
    },
  });
}

const Notes = {
  props: ['board', 'reload', 'close'],
  setup(p) {
    const may = note => note.created_by === boot.me.id || ['owner', 'admin'].includes(boot.me.role);
    const edit = async note => { if (await annotate({ board: p.board, note })) p.reload(); };
    const remove = async note => {
      try { await api.del('/annotations/' + note.id); p.reload(); } catch (error) { toast.error(error); return; }
      const { at, text, board, metric } = note;
      toast.undo(t('bd.notegone'), async () => { await api.post('/annotations', { at, text, function: note.function, board, metric }); p.reload(); });
    };
    const add = async () => { if (await annotate({ board: p.board })) p.reload(); };
    const columns = [
      { key: 'at', title: t('bd.noteat'), width: 130, render: n => html`<span class="num nowrap">${date(n.at)}</span>` }, { key: 'text', title: t('bd.notetext') },
      { key: 'function', title: t('bd.noteteam'), width: 110, render: n => n.function ? html`<span class="tag">${t('mx.' + n.function)}</span>` : '–' },
      { key: 'acts', title: '', width: 84, sort: false, render: n => may(n) && html`<button type="button" class="btn ghost ico sm" aria-label=${t('al.edit')} title=${t('al.edit')} @click=${() => edit(n)}>${icon('edit', 14)}</button>
        <button type="button" class="btn ghost ico sm" aria-label=${t('al.remove')} title=${t('al.remove')} @click=${() => remove(n)}>${icon('trash', 14)}</button>` }];
    return () => html`<${Dialog} title=${t('bd.notes')} wide=${true} onClose=${() => p.close()}><div class="stack">
      ${known.value.length ? html`<${Table} label=${t('bd.notes')} rows=${known.value} rowKey="id" columns=${columns} />` : html`<${Empty} icon="flag" title=${t('bd.nonotes')} />`}
      <div class="actions end"><button type="button" class="btn pri" @click=${add}>${icon('plus')}${t('bd.noteadd')}</button></div></div><//>`;
  },
};
export const openNotes = props => openDialog(Notes, props);
