// One post: a text for all, a column for each network as it will look there, and what is said about it.
import { action, api, ask, askForm, dateTime, Field, go, html, icon, load, Loaded, ref, reloadOn, t, toast, today, useKeys, useTop, Menu, state as shell } from '../../web/kit.js';
import '../words.js';
import './words.js';
import { Talk } from './talk.js';
import { useNames, usePause } from './pause.js';
import { useWriting } from './writing.js';
import { Variant } from './variant.js';
import { clockOf, dayOf, moment, zoneName } from './zoned.js';

const LOCKED = ['in_review', 'approved', 'scheduled'], LANGUAGES = ['ko', 'en', 'ja', 'zh'];

export default {
  props: ['params', 'query'],
  setup(p) {
    const id = p.params.id, { named } = useNames(), pause = usePause(named);
    const whole = load(async signal => { const found = await api.get('/publishing/posts/' + id, { signal }); writing.begin(found); return found; });
    const places = load(signal => api.get('/publishing/places', { signal }));
    const figures = load(async signal => ['published', 'partly', 'unknown'].includes(whole.data?.plan.state) ? api.get(`/publishing/posts/${id}/figures`, { signal, quiet: true }) : { figures: [] }, { watch: () => whole.data?.plan.state, keep: true });
    const writing = useWriting(id, named, now => whole.set(now)), it = writing.it;
    reloadOn(whole, 'social');
    const again = () => whole.reload({ quiet: true });
    const at = ref(null), plan = () => whole.data?.plan, act = (fn, said) => action(async (...given) => { if (!await writing.save() && writing.dirty()) return; await fn(...given); if (said) toast(t(said)); await again(); }, { failed: error => { toast.error(error); again(); } });
    const base = '/publishing/posts/' + id;
    const submit = act(note => api.post(base + '/submit', { note }), 'pub.submitted');
    const askApproval = () => askForm({ title: t('pub.submit'), submitLabel: t('pub.submit'), fields: [{ name: 'note', label: t('pub.note'), type: 'textarea', optional: true, autofocus: true }], values: {}, submit: values => submit.run(values.note ?? '') });
    const decide = act((approve, comment) => api.post(base + '/decision', { approve, hash: whole.data.hash, comment }));
    const back = () => askForm({ title: t('pub.return'), submitLabel: t('pub.return'), fields: [{ name: 'comment', label: t('pub.reason'), type: 'textarea', required: true, autofocus: true }], values: {}, submit: values => decide.run(false, values.comment) });
    const schedule = act(due_at => api.post(base + '/schedule', { due_at }));
    const unschedule = act(() => api.put(base + '/time', { due_at: null }), 'pub.untimed');
    const timed = act(due_at => api.put(base + '/time', { due_at }));
    const retry = act(() => api.post(base + '/retry', {}), 'pub.retried');
    const copy = action(async () => { const made = await api.post(base + '/copy', {}); toast(t('pub.copied')); go('/publishing/' + made.plan.id); }, { failed: toast.error });
    const remove = action(async () => { if (!await ask({ title: t('pub.remove'), body: t('pub.removeask'), action: t('pub.remove'), danger: true })) return; await api.del(base); writing.drop(); toast(t('pub.removed')); go('/publishing'); }, { failed: toast.error });
    // A story of advocacy is made of the post, once; its own links are added there.
    const offer = action(async () => {
      const one = plan(), url = it.rendered.flatMap(each => each.links)[0]?.written ?? one.variants.find(each => each.url)?.url ?? '';
      await api.post('/advocacy/stories', { title: one.content.title, url, texts: [{ language: one.content.language || 'ko', text: one.content.text }], campaign: one.content.campaign, post: id });
      toast(t('pub.offered'), { action: { label: t('pub.open'), run: () => go('/advocacy') } });
    }, { failed: toast.error });
    const needed = () => pause.rules.data?.approval !== false;
    const problems = () => it.rendered.some(one => one.problems.length) || !it.content?.wordings.length;
    useKeys({ 'mod+s': [e => { e?.preventDefault?.(); writing.save(); }, 'pub.keysave'], e: [() => mayDecide() && decide.run(true, ''), 'pub.keyapprove'], x: [() => mayDecide() && back(), 'pub.keyreturn'] }, 'pub.keys');
    const mayDecide = () => plan()?.state === 'in_review' && !whole.data.why_not;

    const chosen = () => at.value ?? (plan()?.due_at ? { day: dayOf(plan().due_at), clock: clockOf(plan().due_at) } : { day: '', clock: '' });
    const setTime = value => { at.value = value; if (value.day && value.clock) timed.run(moment(value.day, value.clock).toISOString()).then(() => { at.value = null; }); };
    const when = () => html`<div class="row wrap pub-when"><span class="sm mut">${t('pub.when')}</span><input class="input sm" type="date" aria-label=${t('pub.date')} min=${today()} value=${chosen().day} @change=${e => setTime({ ...chosen(), day: e.target.value, clock: chosen().clock || '10:00' })} />
      <input class="input sm" type="time" aria-label=${t('pub.time')} value=${chosen().clock} @change=${e => setTime({ ...chosen(), clock: e.target.value })} /><span class="mut sm">${zoneName(shell.lang)}</span>${plan().due_at && html`<button type="button" class="btn ghost sm" @click=${() => unschedule.run()}>${t(plan().state === 'scheduled' ? 'pub.unschedule' : 'pub.untime')}</button>`}</div>`;

    const buttons = () => {
      const state = plan()?.state;
      if (!state || !it.content) return null;
      const main = [];
      if (state === 'draft' && needed()) main.push(html`<button type="button" class="btn pri sm" key="s" disabled=${submit.busy || problems()} @click=${askApproval}>${icon('check', 14)}${t('pub.submit')}</button>`);
      if (state === 'in_review') main.push(html`<button type="button" class="btn sm" key="r" disabled=${decide.busy || !mayDecide()} title=${whole.data.why_not ? t('pub.why.' + whole.data.why_not) : ''} @click=${back}>${t('pub.return')}</button><button type="button" class="btn pri sm" key="a" disabled=${decide.busy || !mayDecide()} title=${whole.data.why_not ? t('pub.why.' + whole.data.why_not) : ''} @click=${() => decide.run(true, '')}>${icon('check', 14)}${t('pub.approve')}</button>`);
      if (state === 'approved' || (!needed() && ['draft', 'approved'].includes(state))) main.push(html`<button type="button" class="btn sm" key="n" disabled=${schedule.busy || problems()} @click=${() => schedule.run(new Date(Date.now() + 2000).toISOString())}>${icon('send', 14)}${t('pub.publishnow')}</button>${plan().due_at && html`<button type="button" class="btn pri sm" key="d" disabled=${schedule.busy || problems()} @click=${() => schedule.run(plan().due_at)}>${icon('clock', 14)}${t('pub.schedule')}</button>`}`);
      if (['failed', 'partly'].includes(state)) main.push(html`<button type="button" class="btn pri sm" key="t" disabled=${retry.busy} @click=${() => retry.run()}>${icon('refresh', 14)}${t('pub.retry')}</button>`);
      if (['approved', 'scheduled', 'published', 'partly'].includes(state)) main.push(html`<button type="button" class="btn sm" key="o" disabled=${offer.busy} @click=${() => offer.run()}>${icon('people', 14)}${t('pub.offer')}</button>`);
      return main;
    };
    const kept = () => html`<span class=${'sm nowrap pub-kept k-' + it.state} role="status">${t({ saved: 'pub.saved', saving: 'pub.saving', unsaved: 'pub.unsaved', offline: 'pub.offline', wrong: 'pub.wrongsave' }[it.state])}</span>`;
    useTop({ title: () => plan() ? html`<a href="/publishing">${t('pub.calendar')}</a> / ${it.content?.title ?? ''}` : t('pub.calendar'), tools: () => plan() && html`${kept()}<span class=${'pub-state s-' + plan().state}>${t('pub.s.' + plan().state)}</span>${buttons()}
      <${Menu} label=${t('pub.edit')} icon="more" items=${[{ label: t('pub.copy'), icon: 'copy', run: () => copy.run() }, { label: t('pub.remove'), icon: 'trash', danger: true, run: () => remove.run() }]} />` });

    const chosenPlaces = () => html`<div class="pub-places" role="group" aria-label=${t('pub.where')}>${(places.data?.places ?? []).map(one => {
      const on = it.content.wordings.some(each => each.source === one.id), fate = plan().variants.find(each => each.wording.source === one.id)?.fate;
      return html`<button type="button" key=${one.id} class=${'btn sm' + (on ? ' on' : '')} aria-pressed=${String(on)} disabled=${it.locked || ['said', 'unknown'].includes(fate)} @click=${() => { it.content.wordings = on ? it.content.wordings.filter(each => each.source !== one.id) : [...it.content.wordings, { source: one.id, text: null, title: '', place: '', utm: {} }]; }}>${on && icon('check', 12)}${one.name}</button>`;
    })}</div>`;
    const wrong = name => it.wrong?.field === name ? it.wrong.message : '';
    const field = (name, more) => html`<${Field} name=${name} value=${it.content[name]} error=${wrong(name)} disabled=${it.locked} change=${value => { it.content[name] = value ?? ''; }} ...${more} />`;
    const unlock = () => { it.locked = false; };
    const show = data => it.content && html`<div class="pub-compose"><div class="pub-main stack">
        ${LOCKED.includes(data.plan.state) && it.locked && html`<div class="notice row"><span class="grow">${data.plan.state === 'in_review' ? t('pub.waits', { who: named(data.reviews[0]?.asked_by) }) : t('pub.approvedby', { who: named(data.plan.approved_by) })}${data.plan.state === 'scheduled' && ` · ${data.plan.due_at && new Date(data.plan.due_at) > new Date() ? t('pub.scheduled', { at: dateTime(data.plan.due_at) }) : t('pub.soon')}`}<br /><span class="mut sm">${t('pub.locked')}</span></span><button type="button" class="btn sm" @click=${unlock}>${icon('edit', 14)}${t('pub.unlock')}</button></div>`}
        ${field('title', { label: t('pub.title') })}${field('text', { label: t('pub.text'), type: 'textarea', rows: 8, hint: t('pub.texthint') })}
        <div class="pub-pair">${field('campaign', { label: t('pub.campaign'), hint: t('pub.campaignhint') })}${field('language', { label: t('pub.language'), type: 'select', options: LANGUAGES.map(value => ({ value, label: t('social.' + value) })) })}</div>
        <div class="stack"><span class="sm mut">${t('pub.where')}</span>${chosenPlaces()}</div>${!['publishing', 'published', 'unknown', 'partly', 'failed'].includes(data.plan.state) && when()}
        <label class="row sm"><input type="checkbox" checked=${it.evergreen} disabled=${it.locked} @change=${e => { it.evergreen = e.target.checked; }} /> ${t('pub.evergreen')} <span class="mut">${t('pub.evergreenhint')}</span></label>
        ${data.plan.original && html`<a class="sm" href=${'/publishing/' + data.plan.original}>${t('pub.copyof')}</a>`}<p class="mut sm">${t('pub.media')}</p>
        <${Talk} whole=${data} places=${places.data?.places ?? []} named=${named} reload=${again} locked=${it.locked} restore=${content => { it.content = JSON.parse(JSON.stringify(content)); }} /></div>
      <div class="pub-columns">${it.content.wordings.map(one => html`<${Variant} key=${one.source} wording=${one} content=${it.content} post=${id} locked=${it.locked} reload=${again} place=${(places.data?.places ?? []).find(each => each.id === one.source)}
        variant=${data.plan.variants.find(each => each.wording.source === one.source)} shown=${it.rendered.find(each => each.source === one.source)} figure=${figures.data?.figures.find(each => each.source === one.source)} remove=${() => { it.content.wordings = it.content.wordings.filter(each => each !== one); }} />`)}</div></div>`;
    return () => html`<div class="view fill pub-view">${pause.banner()}<${Loaded} of=${whole} skeleton="text" show=${show} /></div>`;
  },
};
