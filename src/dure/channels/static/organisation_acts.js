// What one does with channels of the organisation: one by one, and many at once.
import { api, ask, askForm, choose, Dialog, Failed, html, openDialog, reactive, ref, t, toast } from '../web/kit.js';
import './rules_words.js';

const path = room => `/organisation/channels/${room.id}`;
const told = async promise => { try { await promise; toast(t('orgch.done')); return true; } catch (error) { toast.error(error); return false; } };

export const change = (room, what) => told(api.patch(path(room), what));

export async function rename(room) {
  return askForm({
    title: t('orgch.rename'), submitLabel: t('orgch.save'), values: { name: room.name }, fields: [{ name: 'name', label: t('orgch.name'), required: true, autofocus: true }],
    submit: values => api.patch(path(room), { name: values.name }),
  });
}
export async function convert(room) {
  const kind = room.private ? 'public' : 'private';
  if (!await ask({ title: t(`orgch.${kind}.ask`, { name: room.name }), body: t(`orgch.${kind}.body`), action: t('orgch.to' + kind) })) return false;
  return change(room, { private: !room.private });
}
export async function remove(room) {
  if (!await ask({ title: t('orgch.delete.ask', { name: room.name }), body: t('orgch.delete.body'), action: t('orgch.delete'), danger: true })) return false;
  return told(api.del(path(room)));
}
export async function create(workspaces) {
  return askForm({
    title: t('orgch.new'), submitLabel: t('orgch.new'), fields: [
      { name: 'name', label: t('orgch.name'), required: true, autofocus: true }, { name: 'purpose', label: t('orgch.purpose'), optional: true },
      { name: 'where', label: t('orgch.new.where'), type: 'select', required: true, initial: '*', options: [{ value: '*', label: t('orgch.reach.whole') }, ...workspaces.map(one => ({ value: one.id, label: one.name }))] },
      { name: 'private', label: t('orgch.is.private'), type: 'switch' },
    ],
    submit: async ({ name, purpose, where, private: hidden }) => {
      const whole = where === '*';
      const made = await api.post('/organisation/channels', { name, purpose: purpose ?? '', private: !!hidden, whole, workspace: whole ? '' : where });
      toast(t('orgch.made', { name: made.name }));
      return made;
    },
  });
}

const Reach = {
  props: ['room', 'workspaces', 'close'],
  setup(p) {
    const whole = ref(p.room.reach === 'whole'), chosen = reactive(new Set(p.room.workspaces)), error = ref(null), busy = ref(false);
    async function save(event) {
      event.preventDefault();
      busy.value = true; error.value = null;
      try {
        await api.put(path(p.room) + '/workspaces', { whole: whole.value, workspaces: whole.value ? [] : [...chosen] });
        toast(t('orgch.done')); p.close(true);
      } catch (failure) { error.value = failure; } finally { busy.value = false; }
    }
    const pick = (id, on) => { if (on) chosen.add(id); else chosen.delete(id); };
    return () => html`<${Dialog} title=${t('orgch.reach') + ': #' + p.room.name} @close=${() => p.close(false)}><form class="stack" @submit=${save}>
      <p class="mut sm">${t('orgch.reach.body')}</p>
      <label class="row"><input type="checkbox" name="whole" checked=${whole.value} @change=${event => { whole.value = event.target.checked; }} /><b>${t('orgch.reach.whole')}</b></label>
      <div class="stack" style="max-height:260px;overflow:auto">${p.workspaces.map(one => html`<label class="row" key=${one.id}><input type="checkbox" name=${one.id} disabled=${whole.value} checked=${whole.value || chosen.has(one.id)}
        @change=${event => pick(one.id, event.target.checked)} />${one.name}</label>`)}</div>
      ${!whole.value && !chosen.size && html`<p class="poor sm">${t('orgch.one')}</p>`}${error.value && html`<${Failed} error=${error.value} small=${true} />`}
      <div class="actions end"><button type="button" class="btn" @click=${() => p.close(false)}>${t('orgch.cancel')}</button>
        <button type="submit" class="btn pri" disabled=${busy.value || (!whole.value && !chosen.size)}>${t('orgch.save')}</button></div></form><//>`;
  },
};
export const openReach = (room, workspaces) => openDialog(Reach, { room, workspaces });

// → the act on many channels that was begun, or null
export async function many(act, channels, workspaces) {
  let workspace = '';
  if (act === 'move') {
    const to = await choose(t('orgch.moveto'), [{ items: workspaces.map(one => ({ value: one.id, title: one.name })) }]);
    if (!to) return null;
    workspace = to.value;
  } else if (!await ask({ title: t(`orgch.bulk.${act}.ask`, { n: channels.length }), body: t(act === 'delete' ? 'orgch.delete.body' : 'orgch.bulk.archive.body'), action: t('orgch.' + act), danger: act === 'delete' })) return null;
  try { return await api.post('/organisation/bulk', { act, channels, workspace }); } catch (error) { toast.error(error); return null; }
}
