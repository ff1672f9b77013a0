// Changing what one said, in its place: Enter saves, Esc leaves it as it was.
import { api, ask, html, nextTick, onMounted, ref, t, toast } from '../web/kit.js';
import { decode, encode } from './encoding.js';
import { channelNames } from './rooms.js';
import { guardOf } from './guarded.js';
import { remove } from './deletion.js';
import { pathOf } from './reactions.js';

export const editing = ref('');   // the ts of the message that is being changed

// props: m, people
export const Edit = {
  props: ['m', 'people'],
  setup(p) {
    const before = decode(p.m.text, p.people, channelNames.value);
    const text = ref(before.text), field = ref(), busy = ref(false);
    const grow = () => { const el = field.value; if (el) { el.style.height = 'auto'; el.style.height = Math.min(el.scrollHeight + 2, innerHeight * 0.5) + 'px'; el.parentNode.scrollIntoView({ block: 'nearest' }); } };
    const done = () => { editing.value = ''; nextTick(() => document.querySelector('.ch-main .ch-compose textarea')?.focus({ preventScroll: true })); };
    onMounted(() => { grow(); field.value.focus(); field.value.setSelectionRange(text.value.length, text.value.length); });
    async function save() {
      if (busy.value) return;
      if (text.value === before.text) { done(); return; }
      if (!text.value.trim()) { done(); remove(p.m); return; }
      busy.value = true;
      const body = { text: encode(text.value, before.mentions) };
      try {
        await api.patch(pathOf(p.m), body).catch(async error => {
          const guard = guardOf(error);
          if (guard?.action !== 'warn' || !await ask({ title: t('gd.warned'), body: `${guard.rules.join(', ')}: ${guard.excerpt}`, action: t('gd.anyway') })) throw error;
          await api.patch(pathOf(p.m), { ...body, heeded: true });
        });
        done();
      } catch (error) { if (guardOf(error)?.action === 'keep') { toast(t('gd.kept')); dispatchEvent(new Event('dure:kept')); done(); } else toast.error(error); } finally { busy.value = false; }
    }
    function key(event) {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); save(); }
      if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); done(); }
      event.stopPropagation();
    }
    return () => html`<div class="ch-edit"><textarea ref=${field} class="input" rows="1" value=${text.value} aria-label=${t('ch.edit')}
      @input=${event => { text.value = event.target.value; grow(); }} @keydown=${key}></textarea>
      <div class="actions"><button type="button" class="btn sm pri" disabled=${busy.value} @click=${save}>${t('ch.save')}</button>
        <button type="button" class="btn sm" @click=${done}>${t('ch.cancel')}</button><span class="mut sm">${t('ch.edit.keys')}
          </span></div></div>`;
  },
};
