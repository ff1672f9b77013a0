// What a rule said to who writes: a warning that can be heeded or not, and what waits for an administrator.
import { api, html, icon, load, onScopeDispose, t, toast, useLive } from '../web/kit.js';
import './keeping_words.js';

export const guardOf = error => error?.data?.guard ?? null;

// Which rule said what about a message that did not go. props: guard
export const Said = ({ guard }) => html`<span class="ch-guard">${icon('warn', 13)}<span>${t(guard.action === 'warn' ? 'gd.warned' : guard.action === 'keep' ? 'gd.kept' : 'gd.refused')}: <b>${guard.rules.join(', ')}</b> ${guard.unread && t('gd.unread.said', { why: t('gd.u.' + guard.unread) })} <span class="mono sm">${guard.excerpt}</span></span></span>`;
Said.props = ['guard'];

// Above the composer: what of one's own waits here. props: channel, thread
export const Waiting = {
  props: ['channel', 'thread'],
  setup(p) {
    const mine = load(signal => api.get('/guards/waiting', { signal }), { keep: true });
    useLive(() => 'channel:' + p.channel, event => { if (event.event.startsWith('Guard ') || (event.event === 'Message Posted' && mine.data?.waiting?.length)) mine.reload({ quiet: true }); });
    const kept = () => mine.reload({ quiet: true });
    addEventListener('dure:kept', kept);
    onScopeDispose(() => removeEventListener('dure:kept', kept));
    const takeBack = async one => { try { await api.del('/guards/waiting/' + one.id); } catch (error) { toast.error(error); } kept(); };
    return () => {
      const here = (mine.data?.waiting ?? []).filter(one => one.channel === p.channel && (one.thread_ts || null) === (p.thread ?? null));
      return here.length > 0 && html`<div class="ch-waits sm" role="status"><p>${icon('lock', 13)}${t('gd.waits', { n: here.length })}</p>
        <ul>${here.map(one => html`<li key=${one.id} class="row"><span class="cut grow">${one.text || t('gd.w.' + one.what)}</span><span class="mut cut">${one.rules.map(r => r.name).join(', ')}</span><button type="button" class="btn ghost sm" @click=${() => takeBack(one)}>${t('gd.takeback')}</button></li>`)}</ul></div>`;
    };
  },
};
