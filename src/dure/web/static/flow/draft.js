// A document under the pen: every change can be undone, typing in one field is one change, and what is not saved yet is kept
// on this device.
import { computed, reactive, shallowReactive } from '../../vendor/vue.js';
import { remember } from '../state.js';

const LONGEST = 200, PAUSE = 1200;

export function useDraft(key) {
  const it = shallowReactive({ name: '', doc: null, base: null, baseName: '' });
  const past = [], future = [], steps = reactive({ past: 0, future: 0 });
  let last = '', lastAt = 0;
  const count = () => { steps.past = past.length; steps.future = future.length; };
  const keep = () => remember(key, it.dirty ? { doc: it.doc, name: it.name, version: it.version, at: Date.now() } : null);
  const dirty = computed(() => !!it.doc && (it.name !== it.baseName || JSON.stringify(it.doc) !== it.base));

  // `of` names what is being typed in: changes of the same field that follow closely are one step back.
  function change(doc, of = '') {
    const now = Date.now();
    if (JSON.stringify(doc) === JSON.stringify(it.doc)) return;
    if (!of || of !== last || now - lastAt > PAUSE) { past.push(it.doc); if (past.length > LONGEST) past.shift(); }
    future.length = 0; last = of; lastAt = now;
    it.doc = doc; count(); keep();
  }
  function step(from, to) {
    if (!from.length) return false;
    to.push(it.doc); it.doc = from.pop(); last = ''; count(); keep();
    return true;
  }
  return Object.defineProperties(it, Object.getOwnPropertyDescriptors({
    change,
    undo: () => step(past, future), redo: () => step(future, past), steps,
    rename(name) { it.name = name; keep(); },
    // What is published now, and what is drawn: the draft that was left here before, or the same.
    begin(name, doc, version, draft = null) {
      Object.assign(it, { baseName: name, base: JSON.stringify(doc), version, name: draft?.name ?? name, doc: draft?.doc ?? doc });
      past.length = future.length = 0; count();
    },
    left: () => remember(key),
    forget: () => remember(key, null),
    get dirty() { return dirty.value; },
  }));
}
