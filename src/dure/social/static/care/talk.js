// One conversation: how it stands, what was said, and where one writes.
import { action, api, boot, Failed, html, icon, Menu, nextTick, ref, Skeleton, state, t, toast, watch, dateTime } from '../../web/kit.js';
import { networkName } from '../words.js';
import { Composer } from './composer.js';
import { Entry } from './entry.js';
import { Flag } from './list.js';
import './words.js';

// props: of (a load of {conversation, entries}), acts, people, names, saved, after, typing, sent, manage, put, close, panel(), wide
export const Talk = {
  props: ['of', 'acts', 'people', 'names', 'saved', 'after', 'typing', 'sent', 'manage', 'put', 'close', 'panel', 'wide'],
  setup(p) {
    const older = ref([]), whole = ref(false), said = ref(), writer = ref(null);
    const talk = () => p.of.data.conversation, at = e => `/conversations/${talk().id}/replies/${e.id}`;
    const entries = () => [...older.value, ...p.of.data.entries];
    watch(() => p.of.data?.conversation.id, () => { older.value = []; whole.value = false; });
    // The newest is in sight, unless one reads further up.
    watch(() => p.of.data?.entries.at(-1)?.id, async (now, before) => {
      const box = said.value, near = !box || box.scrollHeight - box.scrollTop - box.clientHeight < 160;
      await nextTick();
      if (said.value && (near || !before)) said.value.scrollTop = said.value.scrollHeight;
    }, { flush: 'pre' });
    const earlier = action(async () => {
      const first = entries()[0], got = await api.get('/conversations/' + talk().id, { query: { before: first.seq, limit: 100 } });
      older.value = [...got.entries, ...older.value]; whole.value = got.entries.length < 100;
    }, { failed: toast.error });
    const outcome = action(async fn => { p.sent(await fn()); }, { failed: error => { toast.error(error); p.sent(null); } });
    const again = e => outcome.run(() => api.post(at(e) + '/again', {}));
    const settle = (e, there) => outcome.run(() => api.post(at(e) + '/settle', { said: there }));
    const discard = e => outcome.run(async () => { await api.del(`/conversations/${talk().id}/drafts/${e.id}`); return null; });
    const put = it => { writer.value = it; p.put?.(it); };

    const tools = one => {
      const a = p.acts, mine = one.assignee === boot.me.id, done = one.state === 'resolved';
      return html`<div class="row care-tools">
        <${Menu} cls="btn sm care-assignee" label=${t('care.assignee')} text=${one.assignee ? p.names[one.assignee] ?? one.assignee : t('care.nobody')} align="start" items=${[{ label: t(mine ? 'care.giveback' : 'care.takeit'), hint: 'A', icon: 'person', run: () => a.take(one) }, null, ...p.people.map(who => ({ label: who.name, checked: who.id === one.assignee, run: () => a.assign(one, who.id, one.assignee) }))]} />
        <${Menu} cls="btn sm" label=${t('care.team')} text=${t('social.' + one.team)} align="start" items=${[{ label: t('care.transfer'), hint: 'M', icon: 'send', run: () => a.transfer(one) }]} />
        <${Menu} cls="btn sm" label=${t('care.priority')} text=${t('care.' + one.priority)} align="start" items=${['urgent', 'high', 'normal', 'low'].map(name => ({ label: t('care.' + name), checked: name === one.priority, run: () => a.setPriority(one, name) }))} />
        <span class="grow"></span>
        ${!done && html`<button type="button" class="btn sm ghost" title=${t('care.snooze') + ' (S)'} @click=${() => a.snooze(one)}>${icon('moon', 14)}<span class="care-long">${t('care.snooze')}</span></button><button type="button" class=${'btn sm ghost' + (one.state === 'waiting' ? ' on' : '')} title=${t('care.wait') + ' (W)'} @click=${() => a.wait(one)}>${icon('pause', 14)}<span class="care-long">${t('care.wait')}</span></button>`}
        <button type="button" class=${'btn sm' + (done ? '' : ' pri')} title=${t(done ? 'care.reopen' : 'care.resolve') + ' (E)'} @click=${() => a.resolve(one)}>${icon(done ? 'refresh' : 'check', 14)}${t(done ? 'care.reopen' : 'care.resolve')}</button></div>`;
    };
    return () => {
      if (p.of.error && !p.of.data) return html`<section class="care-talk"><${Failed} error=${p.of.error} retry=${p.of.reload} /></section>`;
      if (!p.of.data) return html`<section class="care-talk"><${Skeleton} kind="text" n=${6} /></section>`;
      const one = talk(), shown = entries(), before = shown[0]?.seq > 1 && !whole.value;
      return html`<section class="care-talk" aria-label=${one.author || one.handle}>
        <header class="care-top"><div class="row"><button type="button" class="btn ghost sm ico care-back" aria-label=${t('social.back')} @click=${p.close}>${icon('back', 14)}</button><b class="cut">${one.subject || one.author || one.handle || t('care.customer')}</b><span class="tag">${networkName(one.network, state.lang)}</span><${Flag} talk=${one} />${one.state === 'snoozed' && html`<span class="mut sm">${t('care.until', { at: dateTime(one.snoozed_until) })}</span>`}<span class="grow"></span><button type="button" class=${'btn sm ghost ico' + (p.wide ? ' on' : '')} aria-label=${t('care.panel')} title=${t('care.panel') + ' (I)'} @click=${p.panel}>${icon('person', 14)}</button></div>${tools(one)}</header>
        <div class="care-entries" ref=${said} data-scroll>${before && html`<div class="row care-more"><button type="button" class="btn sm" disabled=${earlier.busy} @click=${earlier.run}>${t('care.earlier')}</button></div>`}
          <ol>${shown.map(e => html`<${Entry} key=${e.id} e=${e} names=${p.names} busy=${outcome.busy} again=${again} settle=${settle} discard=${discard} edit=${it => writer.value?.use(it.text)} use=${it => writer.value?.use(it.text, { draft: it.id })} />`)}</ol></div>
        <${Composer} talk=${one} answers=${p.of.data.answers} people=${p.people} names=${p.names} saved=${p.saved} after=${p.after} typing=${p.typing} sent=${p.sent} manage=${p.manage} put=${put} /></section>`;
    };
  },
};
