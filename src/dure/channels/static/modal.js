// Modals that apps open before this person: up to three, one over the other. A reload closes them on the screen; the app
// keeps its own account of them and may open another.
import { api, boot, Dialog, html, icon, nextTick, openDialog, overhear, reactive, ref, t, toast, watch } from '../web/kit.js';
import './block_words.js';
import { blocks } from './blocks.js';
import { directory } from './directory_of_people.js';
import { failure, forget, screen, stateOf, valueIn } from './pressing.js';
import { channelNames } from './rooms.js';
import { startShortcuts } from './shortcuts.js';
import { plain } from './words_of_blocks.js';

const stack = reactive([]);   // views, the lowest first
const listeners = new Set();  // who else hears of views: an app's home
let shown = false;

export const onHome = fn => { listeners.add(fn); return () => listeners.delete(fn); };

export function startModals() {
  startShortcuts();
  overhear(`user:${boot.me.id}`, what => {
    if (what.kind !== 'view') return;
    if (what.do === 'home') listeners.forEach(fn => fn(what));
    else if (what.do === 'update') { if (stack.some(view => view.id === what.view)) fetchView(what); else listeners.forEach(fn => fn(what)); }
    else if (!what.screen || what.screen === screen) fetchView(what);
  });
}

async function fetchView(what) {
  try {
    const { view } = await api.get(`/views/${what.view}`);
    if (what.do === 'open') empty();
    lay(view);
  } catch (error) { if (what.do !== 'update') toast(failure(error), { kind: 'bad' }); }
}

// Puts a view in its place: over the one it belongs to, or instead of its older self.
function lay(view) {
  const at = stack.findIndex(one => one.id === view.id);
  if (at >= 0) stack[at] = view; else stack.push(view);
  directory.want();
  if (shown) return;
  shown = true;
  openDialog(Modal).then(() => { shown = false; });
}
function empty() { for (const view of stack.splice(0)) forget({ view: view.id }); }
function pop() { const view = stack.pop(); if (view) forget({ view: view.id }); }

const placeOf = view => ({ view: view.id, app: view.app_id });
const inputs = view => view.blocks.filter(block => block.type === 'input' && block.element).map(block => ({ block, id: block.block_id, element: block.element }));

// What stands in every field, those untouched included.
function filled(view) {
  const at = placeOf(view), values = { ...stateOf(at).values };
  for (const { id, element } of inputs(view)) values[id] = { ...values[id], [element.action_id]: valueIn(at, id, element) };
  return values;
}

// What a field lacks, in the reader's language; the server looks again.
function lacking({ block, id, element }, view) {
  const value = valueIn(placeOf(view), id, element);
  if (value == null || value === '' || (Array.isArray(value) && !value.length)) return block.optional ? '' : t('ch.must');
  if (element.type === 'plain_text_input' && value.length < (element.min_length ?? 0)) return t('ch.must.min', { n: element.min_length });
  if (element.type === 'email_text_input' && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value)) return t('ch.must.email');
  if (element.type === 'url_text_input' && !/^https?:\/\//.test(value)) return t('ch.must.url');
  if (element.type === 'number_input') {
    if (!/^-?\d+(\.\d+)?$/.test(value)) return t('ch.must.number');
    if (!element.is_decimal_allowed && value.includes('.')) return t('ch.must.whole');
    if (element.min_value != null && Number(value) < Number(element.min_value)) return t('ch.must.least', { n: String(element.min_value) });
    if (element.max_value != null && Number(value) > Number(element.max_value)) return t('ch.must.most', { n: String(element.max_value) });
  }
  return '';
}

const Modal = {
  props: ['close'],
  setup(p) {
    const busy = ref(false), failed = ref(''), body = ref();
    const top = () => stack.at(-1);
    const focus = (css = 'input:not([type=hidden]),textarea,select,.bk-pick-open') => nextTick(() => (body.value?.querySelector('[autofocus]') ?? body.value?.querySelector(css) ?? body.value?.closest('dialog')?.querySelector('.btn.pri'))?.focus());
    watch(() => top()?.id, id => { failed.value = ''; if (id) focus(); else p.close(); });
    watch(() => stack.length, () => { if (!stack.length) p.close(); });
    focus();
    const tell = (view, cleared) => api.post(`/views/${view.id}/close`, { cleared, state: filled(view) }, { quiet: true }).catch(() => { /* it is closed here; the app has closed it before */ });
    function back() { const view = top(); if (!view || busy.value) return; if (view.clear_on_close) return all(); tell(view, false); pop(); }
    function all() { const view = top(); if (!view || busy.value) return; tell(view, true); empty(); }
    async function send() {
      const view = top(), it = stateOf(placeOf(view));
      it.errors = Object.fromEntries(inputs(view).map(one => [one.id, lacking(one, view)]).filter(([, text]) => text));
      if (Object.keys(it.errors).length) { wrong(); return; }
      busy.value = true; failed.value = '';
      try {
        const done = await api.post(`/views/${view.id}/submit`, { state: filled(view) });
        if (done.action === 'errors') { it.errors = done.errors; wrong(); }
        else if (done.action === 'update' || done.action === 'push') lay(done.view);
        else if (done.action === 'clear') empty();
        else { const at = stack.findIndex(one => one.id === view.id); if (at >= 0) { stack.splice(at, 1); forget(placeOf(view)); } }
      } catch (error) {
        if (error.status === 404 && error.code === 'not_found') { toast(t('ch.modal.gone')); empty(); } else if (error.field && view.blocks.some(b => b.block_id === error.field)) { it.errors = { [error.field]: error.message }; wrong(); } else failed.value = failure(error);
      } finally { busy.value = false; }
    }
    const wrong = () => nextTick(() => { const first = body.value?.querySelector('.wrong'); first?.scrollIntoView({ block: 'nearest' }); first?.querySelector('input,textarea,select,button')?.focus(); });
    return () => {
      const view = top();
      if (!view) return null;
      return html`<${Dialog} bare=${true} label=${plain(view.title)} onClose=${back}><form class="md-form" @submit=${event => { event.preventDefault(); send(); }} novalidate>
        <header class="md-head">${stack.length > 1 && html`<button type="button" class="btn ghost ico" aria-label=${plain(view.close) || t('ch.modal.close')} @click=${back}>${icon('back')}</button>`}<h2 class="grow cut">${plain(view.title)}</h2>
          <button type="button" class="btn ghost ico" aria-label=${stack.length > 1 ? t('ch.modal.all') : t('ch.modal.close')} @click=${all}>${icon('x')}</button></header>
        <div class="md-body bk" ref=${body} key=${view.id}>${blocks(view.blocks, directory.named(), channelNames.value, placeOf(view))}</div>
        <footer class="md-foot"><span class="grow poor sm" role="alert">${failed.value}</span><button type="button" class="btn" @click=${back}>${plain(view.close) || t('ch.modal.close')}</button>
          ${view.submit && html`<button type="submit" class="btn pri" disabled=${busy.value || view.submit_disabled} aria-busy=${busy.value ? 'true' : null}>${busy.value ? t('ch.modal.sent') : plain(view.submit)}</button>`}</footer></form><//>`;
    };
  },
};
