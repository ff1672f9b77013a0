// What one does with a share: end it with a plain word of what each side keeps, change its rights, hand the host over.
import { api, ask, t, toast } from '../web/kit.js';
import './connections_words.js';

const tried = async (work, done) => { try { await work(); toast(t(done)); return true; } catch (error) { toast.error(error); return false; } };
// What each side keeps, in a few sentences. `one`: {home: whether we are the host, limited}.
const plainly = (one, org) => [t(one.home ? 'cn.cut.host' : one.limited ? 'cn.cut.we.limited' : 'cn.cut.we.full'), ...(one.home ? [t(one.limited ? 'cn.cut.limited' : 'cn.cut.full', { org })] : []), t('cn.cut.files')].join(' ');

// `mine`: our own workspace's id, which leaves where another is the host.
export async function disconnect(channel, one, org, mine) {
  if (!await ask({ title: t('cn.cut.title', { org }), body: plainly(one, org), action: t('cn.cut'), danger: true })) return false;
  return tried(() => api.del(`/channels/${channel}/shares/${one.home ? one.workspace : mine}`), 'cn.cut.done');
}
export async function disconnectAll(org, name, n) {
  if (!await ask({ title: t('cn.cut.title', { org: name }), body: `${t('cn.cut.n', { n })} ${t('cn.cut.files')}`, action: t('cn.cut.all'), danger: true })) return false;
  return tried(() => api.del(`/channels/connections/${org}`), 'cn.cut.done');
}
export const setRights = (channel, workspace, limited) => tried(() => api.put(`/channels/${channel}/shares/${workspace}`, { limited }), 'cn.rights.done');
export async function askTransfer(channel, workspace, org) {
  if (!await ask({ title: t('cn.transfer'), body: t('cn.transfer.ask', { org }), action: t('cn.transfer') })) return false;
  return tried(() => api.post(`/channels/${channel}/transfer`, { workspace }), 'cn.transfer.sent');
}
export const takeTransfer = channel => tried(() => api.post(`/channels/${channel}/transfer/take`), 'cn.transfer.done');
export const endTransfer = channel => tried(() => api.del(`/channels/${channel}/transfer`), 'cn.backed');
