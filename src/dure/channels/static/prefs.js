// Who may write in a channel, answer in it and call everybody; how many it holds.
import { api, choose, Dialog, Field, Failed, html, icon, load, openDialog, reactive, ref, Skeleton, t, toast, watch } from '../web/kit.js';
import './rules_words.js';
import { directory, everybody } from './directory.js';

const KINDS = ['everyone', 'ra', 'admin', 'owner', 'org_admin', 'named'];
const kindOf = who => who.type[0] ?? 'named';
const sent = (kind, users) => ({ type: kind === 'named' ? [] : [kind], user: users });

// props: path (the channel's at either door), name, close(changed)
const Prefs = {
  props: ['path', 'name', 'close'],
  setup(p) {
    const got = load(signal => api.get(p.path.startsWith('/organisation') ? p.path : p.path + '/prefs', { signal })), people = load(signal => everybody(signal));
    const rules = reactive({ post: 'everyone', thread: 'everyone', also: [], mentions: true, limit: 0 }), error = ref(null), busy = ref(false);
    watch(() => got.data, answer => {
      if (!answer) return;
      const { who_can_post: post, can_thread: thread, enable_at_here: here, membership_limit: limit } = answer.prefs;
      Object.assign(rules, {
        post: kindOf(post), thread: kindOf(thread), mentions: here.enabled, limit: limit?.value ?? 0,
        also: [...new Set([...post.user, ...thread.user])],
      });
    }, { immediate: true });
    const name = id => directory[id]?.name ?? t('ch.prefs.unknown');
    async function add() {
      const all = Object.values(people.data ?? {}).filter(one => !one.deleted && !rules.also.includes(one.id));
      const one = await choose(t('ch.prefs.also.add'), [{ items: all.map(it => ({ value: it.id, title: it.name, hint: it.title, icon: it.bot ? 'bot' : 'person' })) }]);
      if (one) rules.also.push(one.value);
    }
    async function save(event) {
      event.preventDefault();
      busy.value = true; error.value = null;
      try {
        await api.put(p.path + '/prefs', {
          who_can_post: sent(rules.post, rules.also), can_thread: sent(rules.thread, rules.also),
          enable_at_here: { enabled: rules.mentions }, enable_at_channel: { enabled: rules.mentions }, membership_limit: { value: Number(rules.limit) || 0 },
        });
        toast(t('ch.prefs.saved')); p.close(true);
      } catch (failure) { error.value = failure; } finally { busy.value = false; }
    }
    const who = key => html`<${Field} name=${'prefs.' + key} type="select" label=${t('ch.prefs.' + key)} value=${rules[key]} required=${true}
      options=${KINDS.map(value => ({ value, label: t('ch.prefs.' + value) }))} change=${value => { rules[key] = value; }} />`;
    const limited = () => rules.post !== 'everyone' || rules.thread !== 'everyone';
    const also = () => html`<div class="stack"><span class="sm">${t('ch.prefs.also')}</span><div class="row wrap">
      ${rules.also.map(id => html`<span class="tag" key=${id}>${name(id)}<button type="button" class="btn ghost ico sm" aria-label=${t('ch.prefs.remove', { name: name(id) })}
        @click=${() => { rules.also = rules.also.filter(one => one !== id); }}>${icon('x', 12)}</button></span>`)}
      <button type="button" class="btn sm" @click=${add}>${icon('plus', 14)}${t('ch.prefs.also.add')}</button></div><span class="mut sm">${t('ch.prefs.also.hint')}</span></div>`;
    return () => html`<${Dialog} title=${t('ch.prefs.of', { name: p.name })} @close=${() => p.close(false)}>
      ${got.error ? html`<${Failed} error=${got.error} retry=${got.reload} />` : !got.data ? html`<${Skeleton} n=${4} />` : html`<form class="stack" @submit=${save}>
        ${who('post')}${who('thread')}${limited() && also()}
        <${Field} name="prefs.mentions" type="switch" label=${t('ch.prefs.mentions')} value=${rules.mentions} change=${value => { rules.mentions = value; }} />
        <${Field} name="prefs.limit" type="number" label=${t('ch.prefs.limit')} hint=${t('ch.prefs.limit.hint')} min=${0} value=${rules.limit} change=${value => { rules.limit = value; }} />
        ${error.value && html`<${Failed} error=${error.value} small=${true} />`}
        <div class="actions end"><button type="button" class="btn" @click=${() => p.close(false)}>${t('orgch.cancel')}</button>
          <button type="submit" class="btn pri" disabled=${busy.value}>${t('orgch.save')}</button></div></form>`}<//>`;
  },
};

export const openPrefs = (path, name) => openDialog(Prefs, { path, name });
