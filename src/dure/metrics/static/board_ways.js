// What leads out of a board: saved views, links for people without an account, delivery to a channel.
import { action, api, askForm, boot, compare, date, Dialog, Form, html, icon, Loaded, load, openDialog, ref, t, toast } from '../web/kit.js';
import { asQuery, barOf } from './bar.js';
import './board_words.js';

export const mayShare = () => ['owner', 'admin'].includes(boot.me.role);

// Saves the bar that is shown as a view; returns it.
export const saveView = (board, bar) => askForm({
  title: t('bd.saveview'), submitLabel: t('bd.saveview'),
  fields: [{ name: 'name', label: t('bd.viewname'), required: true, autofocus: true }, { name: 'shared', label: t('bd.viewshared'), type: 'switch' }],
  submit: async v => { const view = await api.post(`/boards/${encodeURIComponent(board)}/views`, { name: v.name, shared: v.shared, bar }); toast(t('bd.viewkept')); return view; },
});

export async function removeView(board, view, reload) {
  const path = `/boards/${encodeURIComponent(board)}/views`;
  try { await api.del(`${path}/${view.id}`); } catch (error) { toast.error(error); return; }
  reload();
  toast.undo(t('bd.viewgone'), async () => { await api.post(path, { name: view.name, shared: view.shared, bar: view.bar }); reload(); });
}

// The address's query of a saved view.
export const queryOf = view => asQuery(barOf({ ...view.bar, where: view.bar.where && JSON.stringify(view.bar.where) }));

const copied = async text => { try { await navigator.clipboard.writeText(text); toast(t('bd.copied')); } catch (error) { toast.error(error); } };

const ShareDialog = {
  props: ['board', 'bar', 'close'],
  setup(p) {
    const path = `/boards/${encodeURIComponent(p.board.id)}/shares`, made = ref(null);
    const links = load(signal => api.get(path, { signal }));
    const make = async v => {
      const body = { bar: p.bar, any_range: v.any_range, people: v.people, ...(v.days ? { expires_at: new Date(Date.now() + v.days * 86400000).toISOString() } : {}) };
      made.value = await api.post(path, body);
      links.reload({ quiet: true });
    };
    const revoke = action(async share => { await api.del(`${path}/${share.id}`); toast(t('bd.revokedone')); links.reload({ quiet: true }); }, { failed: toast.error });
    const stands = s => s.revoked_at ? t('bd.revoked') : s.expires_at && new Date(s.expires_at) < new Date() ? t('bd.over') : '';
    const list = d => !d.shares.length ? html`<p class="mut sm">${t('bd.nolinks')}</p>` : html`<ul class="bd-links">${d.shares.map(s => html`<li key=${s.id} class=${stands(s) ? 'mut' : ''}><code>${s.hint}…</code>
      <span class="sm">${stands(s) || (s.expires_at ? t('bd.until', { when: date(s.expires_at) }) : t('bd.never'))}</span><span class="mut sm num">${s.uses ? t('bd.uses', { n: s.uses }) : t('bd.neverused')}</span>${s.people && html`<span class="tag">${t('bd.sharepeople')}</span>`}<span class="grow"></span>
      ${!stands(s) && html`<button type="button" class="btn sm" @click=${() => revoke.run(s)}>${t('bd.revoke')}</button>`}</li>`)}</ul>`;
    const fields = () => [
      { name: 'days', label: t('bd.ends'), type: 'select', required: true, options: [...[7, 30, 90].map(n => ({ value: n, label: t('bd.endsin', { n }) })), { value: 0, label: t('bd.never') }] },
      { name: 'any_range', label: t('bd.anyrange'), type: 'switch' }, { name: 'people', label: t('bd.sharepeople'), type: 'switch', hint: t('bd.sharepeoplehint') }];
    return () => html`<${Dialog} title=${t('bd.share')} wide=${true} onClose=${() => p.close()}><div class="stack"><p class="said">${t('bd.sharelead')}</p>
      ${made.value ? html`<div class="notice" role="status">${icon('link')}<div class="grow"><b>${t('bd.shareonce')}</b><input class="input bd-address" readonly aria-label=${t('bd.share')} value=${made.value.url} @focus=${e => e.target.select()} /></div><button type="button" class="btn" @click=${() => copied(made.value.url)}>${icon('copy')}${t('bd.copy')}</button></div>`
        : html`<${Form} fields=${fields()} values=${{ days: 30, any_range: false, people: false }} submit=${make} submitLabel=${t('bd.sharemake')} />`}
      <h3>${t('bd.links')}</h3><${Loaded} of=${links} show=${list} n=${2} /></div><//>`;
  },
};
export const shareBoard = props => openDialog(ShareDialog, props);

const DAYS = { weekly: ['mon'], weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'], everyday: [] };

// The channels there are, or none where this house has none.
export async function channels() {
  try { return (await api.get('/channels')).channels.map(c => c.name).filter(Boolean).sort(compare); } catch { return []; }
}

// Makes the automation that posts a board, out of the ready recipe.
export async function deliver(board, name, bar) {
  const [{ recipes }, rooms] = await Promise.all([api.get('/automations/recipes'), channels()]);
  const recipe = recipes.find(one => one.id === 'board-weekly');
  return askForm({
    title: t('bd.deliver'), body: t('bd.deliverlead'), submitLabel: t('bd.deliver'),
    values: { channel: rooms.includes('product') ? 'product' : rooms[0] ?? '', days: 'weekly', time: '09:00', last: bar.last ?? 7, picture: true },
    fields: [
      rooms.length ? { name: 'channel', label: t('bd.channel'), type: 'select', required: true, options: rooms.map(value => ({ value, label: '#' + value })) } : { name: 'channel', label: t('bd.channel'), required: true },
      { name: 'days', label: t('bd.days'), type: 'choice', options: Object.keys(DAYS).map(value => ({ value, label: t('bd.' + value) })) }, { name: 'time', label: t('bd.time'), type: 'time', required: true },
      { name: 'last', label: t('bd.range'), type: 'select', required: true, options: [...new Set([1, 7, 30, 90, bar.last ?? 7])].sort((a, b) => a - b).map(n => ({ value: n, label: t('bd.last', { n }) })) },
      { name: 'picture', label: t('bd.picture'), type: 'switch', hint: t('bd.picturehint') },
    ],
    submit: async v => {
      const definition = structuredClone(recipe.definition), [card, post] = definition.nodes, { from, to, ...kept } = bar;
      Object.assign(definition.trigger, { at: v.time, days: DAYS[v.days] });
      card.with = { board, bar: { ...kept, last: v.last }, picture: v.picture };
      post.with.channel = v.channel;
      const made = await api.post('/automations', { name: t('bd.delivername', { name }), definition });
      toast(t('bd.delivered'), { action: { label: t('bd.seeauto'), run: () => location.assign('/automations/' + made.id) } });
      return made;
    },
  });
}

