// Who is needed in a channel: whom one might leave out and why, asked or taken out with one press; and the same for inviting.
import { api, ask, Avatar, html, icon, load, Loaded, ref, t, toast } from '../web/kit.js';
import './charter_words.js';

// What one should know before inviting: how many of each function are here. Null where it is not told.
export async function present(room) {
  try { return await api.get(`/channels/${room.id}/needed`, { quiet: true }); } catch { return null; /* the people can be chosen all the same */ }
}
export const already = (found, one) => found?.functions[one.function] ? t('nd.here', { n: found.functions[one.function], team: t('fn.' + one.function) }) : '';

// props: room, changed()
export const Needed = {
  props: ['room', 'changed'],
  setup(p) {
    const open = ref(false), asked = ref(new Set());
    const found = load(async signal => open.value ? api.get(`/channels/${p.room.id}/needed`, { signal }) : null, { watch: () => `${p.room.id} ${open.value}`, keep: false });
    async function askThem(one) {
      try { await api.post(`/channels/${p.room.id}/needed/${one.id}/ask`, {}); asked.value = new Set([...asked.value, one.id]); toast(t('nd.asked', { name: one.name })); } catch (error) { toast.error(error); }
    }
    async function takeOut(one) {
      if (!await ask({ title: t('nd.out'), body: t('nd.out.ask', { name: one.name }), action: t('nd.out'), danger: true })) return;
      try { await api.del(`/channels/${p.room.id}/members/${one.id}`); toast(t('nd.gone')); await found.reload({ quiet: true }); p.changed(); } catch (error) { toast.error(error); }
    }
    const why = (one, days) => [
      t('nd.' + one.why, { n: one.why === 'silent' ? one.quiet_days : days }),
      one.others > 0 && t('nd.others', { n: one.others, team: t('fn.' + one.function) }), one.active > 0 && t('nd.active', { n: one.active }),
      one.reason && t('nd.reason', { text: one.reason }),
    ].filter(Boolean).join(' · ');
    const row = (one, it) => html`<li key=${one.id} class="nd-row"><${Avatar} name=${one.name} seed=${one.id} size="m" /><span class="grow"><b>${one.name}</b> <span class="mut sm">${one.title || (one.function && t('fn.' + one.function))}</span><br />
      <span class="sm">${why(one, it.days)}</span></span>
      ${it.may_act && html`<span class="nd-acts"><button type="button" class="btn sm" disabled=${asked.value.has(one.id)} @click=${() => askThem(one)}>${t('nd.ask')}</button><button type="button" class="btn sm" @click=${() => takeOut(one)}>${t('nd.out')}</button></span>`}</li>`;
    const show = it => it && html`<p class="mut sm">${t('nd.balance', { inside: it.inside, outside: it.outside })}</p>
      ${it.suggested ? html`<ul class="nd-list">${it.members.filter(one => one.why).map(one => row(one, it))}</ul>` : html`<p class="row sm">${icon('check', 14)}${t('nd.none')}</p>`}`;
    return () => html`<section class="nd"><h3 class="row"><span class="grow">${t('nd.title')}</span>
      <button type="button" class="btn sm" aria-expanded=${String(open.value)} @click=${() => { open.value = !open.value; }}>${icon('find', 14)}${t('nd.look')}</button></h3>
      ${open.value && html`<p class="mut sm">${t('nd.about', { n: found.data?.days ?? 45 })}</p><${Loaded} of=${found} n=${3} show=${show} />`}</section>`;
  },
};
