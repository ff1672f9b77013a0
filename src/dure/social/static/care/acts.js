// What is done to a conversation, by keys, buttons and in bulk; each tells what became of it.
import { api, askForm, boot, choose, state, t, toast } from '../../web/kit.js';
import './words.js';
import { askUntil } from './times.js';

export const PRIORITIES = ['urgent', 'high', 'normal', 'low'];
export const FUNCTIONS = ['care', 'product', 'sales', 'marketing', 'social', 'ad_ops', 'people', 'press', 'executives'];

// people() → [{id, name}], changed(conversation?) after something changed
export function useActs({ people, changed }) {
  const at = id => '/conversations/' + id;
  const nameOf = id => people().find(one => one.id === id)?.name ?? id;
  async function act(fn, said) {
    try { const now = await fn(); changed(now); if (said) toast(said); return now; }
    catch (error) { toast.error(error); changed(); return null; }
  }
  // Compare and set: of two who take it at once, one hears who was first.
  async function assign(talk, to, expect) {
    try {
      changed(await api.put(at(talk.id) + '/assignee', { assignee: to, ...(expect === undefined ? {} : { expect }) }));
      toast(to === boot.me.id ? t('care.tookit') : to ? t('care.assignedto', { name: nameOf(to) }) : t('care.givenback'));
    } catch (error) {
      if (error.code === 'conflict' && error.field === 'assignee') toast(error.data?.assignee ? t('care.has', { name: error.data.name || nameOf(error.data.assignee) }) : t('care.hasnobody'), { kind: 'warn' });
      else toast.error(error);
      changed();
    }
  }
  const take = talk => talk && assign(talk, talk.assignee === boot.me.id ? '' : boot.me.id, talk.assignee);
  const pickPerson = () => choose(t('care.assign'), [{ group: t('care.assignee'), items: [{ value: '', title: t('care.nobody'), icon: 'x' }, ...people().map(one => ({ value: one.id, title: one.name, hint: one.title, icon: 'person' }))] }]);
  const give = async talk => { const picked = talk && await pickPerson(); if (picked) await assign(talk, picked.value, talk.assignee); };
  const put = (talk, state, until) => act(() => api.put(at(talk.id) + '/state', { state, ...(until ? { until } : {}) }), t('care.did.' + state));
  const resolve = talk => talk && put(talk, talk.state === 'resolved' ? 'open' : 'resolved');
  const wait = talk => talk && put(talk, talk.state === 'waiting' ? 'open' : 'waiting');
  const snooze = async talk => { const until = talk && await askUntil(); if (until) await put(talk, 'snoozed', until); };
  const setPriority = (talk, priority) => act(() => api.put(at(talk.id) + '/priority', { priority }));
  const pickPriority = () => choose(t('care.priority'), [{ group: t('care.priority'), items: PRIORITIES.map(one => ({ value: one, title: t('care.' + one), icon: 'flag' })) }]);
  const rank = async talk => { const picked = talk && await pickPriority(); if (picked) await setPriority(talk, picked.value); };
  const transfer = async talk => {
    if (!talk) return;
    const now = await askForm({ title: t('care.transfer'), fields: [
      { name: 'team', label: t('care.team'), type: 'select', required: true, options: FUNCTIONS.filter(one => one !== talk.team).map(one => ({ value: one, label: t('social.' + one) })) },
      { name: 'note', label: t('care.transfernote'), type: 'textarea', optional: true, rows: 3, hint: t('care.transferhint') }],
      values: { team: FUNCTIONS.find(one => one !== talk.team), note: '' }, submit: values => api.put(at(talk.id) + '/team', { team: values.team, note: values.note ?? '' }), submitLabel: t('care.transfer') });
    if (now) { changed(now); toast(t('care.transferred', { name: t('social.' + now.team) })); }
  };

  async function bulk(ids, kind, more = {}) {
    try {
      const { results } = await api.post('/conversations/bulk', { ids, act: kind, ...more });
      const failed = results.filter(one => !one.done);
      toast(failed.length ? t('care.bulkfailed', { n: failed.length, why: failed[0].error.data?.[state.lang] ?? failed[0].error.message }) : t('care.bulkdone', { n: results.length }), failed.length ? { kind: 'warn' } : {});
    } catch (error) { toast.error(error); }
    changed();
  }
  const many = {
    assign: async ids => { const picked = await pickPerson(); if (picked) await bulk(ids, 'assign', { value: picked.value }); },
    take: ids => bulk(ids, 'assign', { value: boot.me.id }),
    priority: async ids => { const picked = await pickPriority(); if (picked) await bulk(ids, 'priority', { value: picked.value }); },
    team: async ids => { const picked = await choose(t('care.transfer'), [{ group: t('care.team'), items: FUNCTIONS.map(one => ({ value: one, title: t('social.' + one), icon: 'people' })) }]); if (picked) await bulk(ids, 'team', { value: picked.value }); },
    snooze: async ids => { const until = await askUntil(); if (until) await bulk(ids, 'snooze', { until }); },
    wait: ids => bulk(ids, 'wait'), resolve: ids => bulk(ids, 'resolve'), reopen: ids => bulk(ids, 'reopen'),
  };
  return { take, give, assign, resolve, wait, snooze, rank, setPriority, transfer, put, many };
}
