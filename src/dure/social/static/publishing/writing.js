// A draft being written: kept by itself a moment after each change, and on this device until the server has it.
import { api, onScopeDispose, openDialog, reactive, remember, toast, watch } from '../../web/kit.js';
import { Met } from './met.js';

const copy = value => JSON.parse(JSON.stringify(value));
const DELAY = 900;

// id: the post's; named: names of colleagues; saved(whole): what the server keeps now.
export function useWriting(id, named, saved) {
  const it = reactive({ content: null, version: 0, evergreen: false, state: 'saved', wrong: null, rendered: [], locked: false });
  let kept = '', timer = 0, looking = 0, busy = false, again = false, gone = false;
  const place = 'post:' + id, now = () => JSON.stringify([it.content, it.evergreen]);
  const dirty = () => !!it.content && now() !== kept;

  function begin(whole, { force = false } = {}) {
    if (dirty() && !force) { it.locked = ['in_review', 'approved', 'scheduled'].includes(whole.plan.state) && it.locked; return; }
    it.content = copy(whole.plan.content); it.version = whole.plan.version; it.evergreen = whole.plan.evergreen; it.rendered = whole.rendered; it.wrong = null;
    kept = now(); it.state = 'saved';
    it.locked = !['draft', 'partly', 'failed'].includes(whole.plan.state);
    const left = remember(place);
    // Written on this device, and never taken by the server: nobody loses it with a closed tab.
    if (left?.content && JSON.stringify(left.content) === JSON.stringify(whole.plan.content)) remember(place, null);   // it was taken, and the answer lost
    else if (left?.content && left.version === whole.plan.version && !it.locked) { it.content = left.content; it.evergreen = left.evergreen; } else if (left?.content && !it.locked) meet(whole, left.content);
  }
  async function save() {
    clearTimeout(timer);
    if (!dirty() || gone) return true;
    if (busy) { again = true; return false; }
    busy = true; it.state = 'saving';
    const sent = now();
    try {
      const whole = await api.put('/publishing/posts/' + id, { version: it.version, content: it.content, evergreen: it.evergreen });
      it.version = whole.plan.version; kept = sent; it.wrong = null;
      if (!dirty()) { it.rendered = whole.rendered; it.state = 'saved'; remember(place, null); }
      saved(whole);
    } catch (error) {
      it.state = error.status === 0 ? 'offline' : 'wrong';
      if (error.code === 'conflict' && error.data?.content) { busy = false; await meet(await api.get('/publishing/posts/' + id), it.content); return false; }
      it.wrong = error;
      if (error.status === 0) timer = setTimeout(save, 5000);
    } finally { busy = false; }
    if (again) { again = false; return save(); }
    return !dirty();
  }
  // Two texts met: both are shown, and the one that is not taken stays among the versions.
  async function meet(whole, mine) {
    const answer = await openDialog(Met, { mine, theirs: whole.plan.content, who: named(whole.plan.changed_by) });
    remember(place, null);
    if (answer === 'mine') { it.version = whole.plan.version; it.content = copy(mine); kept = JSON.stringify([whole.plan.content, whole.plan.evergreen]); await save(); return; }
    try { await api.post(`/publishing/posts/${id}/versions`, { content: mine }); } catch (error) { toast.error(error); remember(place, { content: mine, version: it.version, evergreen: it.evergreen }); }
    begin(whole, { force: true }); saved(whole);
  }
  const look = async () => {
    try { it.rendered = (await api.post('/publishing/preview', it.content, { quiet: true })).rendered; } catch (error) { if (error.status === 422) it.wrong = error; }
  };
  watch(now, () => {
    if (!dirty()) return;
    it.state = 'unsaved'; remember(place, { content: it.content, version: it.version, evergreen: it.evergreen });
    clearTimeout(timer); clearTimeout(looking);
    timer = setTimeout(save, DELAY); looking = setTimeout(look, 220);
  });
  onScopeDispose(() => { clearTimeout(timer); clearTimeout(looking); save(); });
  return { it, begin, save, dirty, drop: () => { gone = true; remember(place, null); } };
}
