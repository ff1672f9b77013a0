// Short messages at the lower edge. What destroys is done at once and can be undone for ten seconds.
//   toast('저장했습니다')   toast.undo('딜을 지웠습니다', () => api.post('/deals/…/restore'))   toast.error(error)
import { shallowReactive } from '../vendor/vue.js';
import { html } from './html.js';
import { icon } from './icons.js';
import { sentence } from './states.js';
import { t, words } from './words.js';

words({ ko: { 'toast.undo': '되돌리기', 'toast.close': '닫기', 'toast.undone': '되돌렸습니다' }, en: { 'toast.undo': 'Undo',
  'toast.close': 'Close', 'toast.undone': 'Undone' } });

const list = shallowReactive([]);
let next = 1;

export function toast(text, { kind = 'ok', action, seconds = 5 } = {}) {
  const it = { id: next++, text, kind, action, seconds, timer: 0 };
  list.push(it);
  if (list.length > 4) remove(list[0]);
  run(it);
  return () => remove(it);
}
toast.error = (error, options) => toast(typeof error === 'string' ? error : sentence(error), { kind: 'bad', seconds: 8, ...options });
toast.undo = (text, undo) => toast(text, {
  seconds: 10,
  action: { label: () => t('toast.undo'), async run() { try { await undo(); toast(t('toast.undone'));
    } catch (error) { toast.error(error); } } },
});

function run(it) { it.timer = setTimeout(remove, it.seconds * 1000, it); }
function remove(it) { clearTimeout(it.timer); const i = list.indexOf(it); if (i >= 0) list.splice(i, 1); }

export const Toasts = {
  // A message under the pointer or with the focus stays.
  setup: () => () => html`<div class="toasts" role="status" aria-live="polite">${list.map(it => html`<div
    class=${'toast ' + it.kind} key=${it.id} @mouseenter=${() => clearTimeout(it.timer)} @mouseleave=${() => run(it)}
    @focusin=${() => clearTimeout(it.timer)} @focusout=${() => run(it)}>${icon(it.kind === 'bad' ? 'warn' : 'check')}<span>
      ${it.text}</span>
    ${it.action && html`<button type="button" class="btn sm" @click=${() => { remove(it); it.action.run(); }}>
      ${typeof it.action.label === 'function' ? it.action.label() : it.action.label}</button>`}
    <button type="button" class="btn ghost ico sm" aria-label=${t('toast.close')} @click=${() => remove(it)}>
      ${icon('x', 14)}</button></div>`)}</div>`,
};
