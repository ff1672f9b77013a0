// One export of Slack: what is in it, how it is brought in, how far it is, what was left out.
import { action, api, ask, Badge, Field, html, icon, load, Loaded, num, onScopeDispose, Panel, Progress, ref, Stat, t, Tabs, toast, useTop } from '../web/kit.js';
import { going, KIND } from './slack.js';
import { leftTable } from './slack_left.js';
import { peopleTable } from './slack_people.js';
import { roomsTable } from './slack_rooms.js';
import './slack_words.js';

const fresh = () => ({ people: 'deactivated', match: {}, rooms: {}, private: false, direct: false, files: 'leave' });

export default {
  props: ['params'],
  setup(p) {
    const choices = ref(null), tab = ref('rooms'), path = () => '/movings/' + p.params.id;
    const one = load(async signal => {
      const found = await api.get(path(), { signal });
      choices.value ??= { ...fresh(), ...found.choices };
      return found;
    }, { watch: () => p.params.id });
    const people = load(async signal => Object.fromEntries((await api.get('/channels/people', { signal })).people.map(each => [each.id, each])));
    const timer = setInterval(() => { if (one.data && going(one.data)) one.reload({ quiet: true }); }, 700);
    onScopeDispose(() => clearInterval(timer));
    const set = changed => { choices.value = { ...choices.value, ...changed }; };

    const start = action(async () => {
      const chosen = one.data.preview.rooms.filter(room => coming(room, choices.value));
      const m = chosen.reduce((sum, room) => sum + room.messages, 0);
      if (!await ask({ title: t('mv.start.ask', { m }), body: t('mv.start.body'), action: t('mv.start') })) return;
      await api.post(path() + '/start', { ...choices.value, rooms: Object.fromEntries(Object.entries(choices.value.rooms).map(([id, { do: what, into, name }]) => [id, { do: what, into, name }])) });
      toast(t('mv.started'));
      await one.reload({ quiet: true });
    }, { failed: toast.error });
    const end = action(async () => {
      const kind = one.data.state === 'waiting' || one.data.state === 'running' ? 'cancel' : 'remove';
      if (!await ask({ title: t(`mv.${kind}.ask`), body: t(`mv.${kind}.body`), action: t('mv.' + kind), danger: true })) return;
      await api.del(path());
      await one.reload({ quiet: true });
    }, { failed: toast.error });

    const decided = state => ['ready', 'cancelled', 'failed', 'done'].includes(state);
    useTop({
      title: () => html`<h1 class="row"><a href="/admin/slack">${t('mv.title')}</a><span class="mut">/</span><span class="cut">${one.data?.name ?? ''}</span></h1>`,
      tools: () => one.data && html`${one.data.state !== 'gone' && html`<button type="button" class="btn" disabled=${end.busy} @click=${end.run}>${t(one.data.state === 'waiting' || one.data.state === 'running' ? 'mv.cancel' : 'mv.remove')}</button>`}
        ${decided(one.data.state) && one.data.preview && html`<button type="button" class="btn pri" disabled=${start.busy} @click=${start.run}>${icon('send')}${t({ ready: 'mv.start', done: 'mv.repeat' }[one.data.state] ?? 'mv.again')}</button>`}`,
    });

    const facts = data => {
      const rooms = data.preview.rooms, those = data.preview.people, done = data.progress, began = data.state !== 'ready';
      const first = rooms.map(room => room.first).filter(Boolean).sort()[0], last = rooms.map(room => room.last).filter(Boolean).sort().at(-1);
      const total = name => rooms.reduce((sum, room) => sum + room[name], 0);
      const count = test => rooms.filter(test).length, bots = those.filter(each => each.kind === 'bot').length, known = those.filter(each => each.match && each.kind !== 'bot').length;
      return html`<div class="stats">
        <${Stat} label=${t('mv.rooms')} value=${num(rooms.length)} note=${t('mv.r.note', { n: count(room => room.state === 'new'), t: count(room => room.state === 'taken'), k: count(room => room.state === 'known'), a: count(room => room.archived) })} />
        <${Stat} label=${t('mv.people')} value=${num(those.length)} note=${t('mv.p.note', { m: known, n: those.length - bots - known, b: bots })} />
        <${Stat} label=${t('mv.messages')} value=${began ? `${num(done.messages)} / ${num(total('messages'))}` : num(total('messages'))} note=${t('mv.m.note')} />
        <${Stat} label=${t('mv.files')} value=${began ? `${num(done.files)} / ${num(total('files'))}` : num(total('files'))} note=${t('mv.f.note')} />
        <${Stat} label=${t('mv.days')} value=${first ? first.replaceAll('-', '.') : '–'} note=${last ? '– ' + last.replaceAll('-', '.') : ''} /></div>`;
    };
    const options = data => {
      const has = kinds => data.preview.rooms.filter(room => kinds.includes(room.kind)).length;
      const hidden = has(['private']), direct = has(['im', 'mpim']);
      const why = n => !n ? t('mv.private.none') : !data.may_private ? t('mv.private.no') : '';
      const toggle = (name, label, n) => html`<${Field} ...${{ name, type: 'switch', label, hint: why(n), disabled: !n || !data.may_private }} value=${choices.value[name]} change=${on => { if (n && data.may_private) set({ [name]: on }); }} />`;
      return html`<${Panel} title=${t('mv.how')} wide=${true}><div class="mv-how">
        <${Field} ...${{ name: 'people', type: 'choice', label: t('mv.newcomers'), hint: t('mv.newcomers.hint'), options: ['deactivated', 'active'].map(value => ({ value, label: t('mv.' + value) })) }} value=${choices.value.people} change=${value => set({ people: value })} />
        <div class="stack">${toggle('private', t('mv.private', { n: hidden }), hidden)}${toggle('direct', t('mv.direct', { n: direct }), direct)}
        <${Field} ...${{ name: 'files', type: 'switch', label: t('mv.fetch'), hint: t('mv.fetch.hint') }} value=${choices.value.files === 'fetch'} change=${on => set({ files: on ? 'fetch' : 'leave' })} /></div></div><//>`;
    };
    const under = data => {
      if (data.state === 'reading') return html`<${Progress} label=${t('mv.reading')} done=${data.progress.days} total=${data.progress.days_all} />`;
      if (data.state === 'waiting') return html`<${Progress} label=${t('mv.waits')} done=${0} total=${0} cancel=${end.run} />`;
      if (data.state === 'running') return html`<${Progress} label=${t('mv.running', { d: data.progress.days, a: data.progress.days_all, m: data.progress.messages, f: data.progress.files })} done=${data.progress.days} total=${data.progress.days_all} cancel=${end.run} />`;
      if (data.state === 'failed') return html`<div class="notice bad" role="alert">${icon('warn')}<span class="grow">${t('mv.unread')} <span class="mut sm">${data.why}</span></span></div>`;
      return html`<div class="row"><${Badge} kind=${KIND[data.state]} text=${t('mv.s.' + data.state)} />
        ${data.progress.held > 0 && html`<span class="row">${t('mv.held')} <b class="num">${num(data.progress.held)}</b> <a href="/admin/guarding">${t('mv.held.link')}</a></span>`}</div>`;
    };
    const show = data => html`<div class="mv-page">${under(data)}
      ${data.preview && choices.value && html`${facts(data)}${decided(data.state) && options(data)}
        <${Tabs} label=${t('mv.title')} value=${tab.value} change=${value => { tab.value = value; }} items=${[
          { value: 'rooms', label: t('mv.rooms'), count: data.preview.rooms.length }, { value: 'people', label: t('mv.people'), count: data.preview.people.length },
          { value: 'left', label: t(data.state === 'ready' ? 'mv.left' : 'mv.left.done'), count: leftTable.count(data) }]} />
        ${tab.value === 'rooms' ? roomsTable(data, choices.value, set, coming) : tab.value === 'people' ? peopleTable(data, choices.value, set, people.data ?? {}) : leftTable(data, path())}`}</div>`;
    return () => html`<div class="view pad"><${Loaded} of=${one} show=${show} skeleton="rows" /></div>`;
  },
};

// Whether a conversation is brought in as it is chosen now.
export function coming(room, choices) {
  if (choices.rooms[room.id]?.do === 'skip') return false;
  return room.kind === 'public' || (room.kind === 'private' ? choices.private : choices.direct);
}
