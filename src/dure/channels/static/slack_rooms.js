// The conversations of an export, and where each of them goes.
import { api, askForm, Badge, choose, html, icon, Menu, num, t, Table, toast } from '../web/kit.js';

export function roomsTable(data, choices, set, coming) {
  const open = data.state === 'ready' || data.state === 'cancelled' || data.state === 'failed' || data.state === 'done';
  const put = (room, choice) => {
    const rooms = { ...choices.rooms };
    if (choice) rooms[room.id] = { do: 'bring', into: '', name: '', ...choice }; else delete rooms[room.id];
    set({ rooms });
  };
  async function into(room) {
    const { channels } = await api.get('/channels');
    const fitting = channels.filter(each => each.kind === 'channel' && !each.external && (each.private || room.kind === 'public'));
    const found = await choose(t('mv.into.pick'), [{ group: '', items: fitting.map(each => ({ value: each.id, title: '#' + each.name, name: each.name, icon: each.private ? 'lock' : 'hash' })) }]);
    if (found) put(room, { do: 'into', into: found.value, label: found.name });
  }
  async function named(room) {
    const made = await askForm({ title: t('mv.do.name'), submitLabel: t('mv.do.name').replace('…', ''), values: { name: choices.rooms[room.id]?.name || room.name }, fields: [{ name: 'name', label: t('mv.name'), required: true, autofocus: true, max: 80 }], submit: v => v });
    if (made) put(room, { name: made.name.trim() });
  }
  const direct = room => room.kind === 'im' || room.kind === 'mpim';
  const goes = room => {
    const choice = choices.rooms[room.id];
    if (choice?.do === 'skip') return t('mv.do.skip');
    if (!coming(room, choices)) return t('mv.off');
    if (room.state === 'known') return t('mv.do.known');
    if (choice?.do === 'into') return t('mv.into', { name: choice.label ?? choice.into });
    if (choice?.name) return t('mv.named', { name: choice.name });
    if (direct(room)) return t('mv.do.direct');
    return t(room.state === 'taken' ? 'mv.do.numbered' : 'mv.do.bring');
  };
  const span = ({ first, last }) => !first ? '–' : first === last ? first : `${first} – ${last.slice(last.slice(0, 4) === first.slice(0, 4) ? 5 : 0)}`;
  const standing = room => t(direct(room) && room.state === 'new' ? 'mv.st.direct' : 'mv.st.' + room.state);
  const called = room => direct(room) ? room.members.map(id => data.preview.people.find(each => each.id === id)?.name ?? id).join(', ') : room.name;
  const items = room => [
    { label: t('mv.do.bring'), run: () => put(room, null), checked: !choices.rooms[room.id] },
    ...(direct(room) || room.state === 'known' ? [] : [{ label: t('mv.do.name'), run: () => named(room) }, { label: t('mv.do.into'), run: () => into(room).catch(toast.error) }]),
    { label: t('mv.do.skip'), run: () => put(room, { do: 'skip' }), checked: choices.rooms[room.id]?.do === 'skip' },
  ];
  const columns = [
    { key: 'name', title: t('mv.room'), value: called, render: room => html`<span class="row"><span class="mut" title=${t('mv.k.' + room.kind)}>${icon(room.kind === 'public' ? 'hash' : room.kind === 'private' ? 'lock' : 'people', 14)}</span><span class="cut">${called(room)}</span>${room.archived && html`<span class="tag">${t('mv.archived')}</span>`}</span>` },
    { key: 'messages', title: t('mv.messages'), num: true, width: 90, render: room => num(room.messages) },
    { key: 'files', title: t('mv.files'), num: true, width: 70, render: room => num(room.files) },
    { key: 'first', title: t('mv.days'), width: 190, render: room => html`<span class="num mut nowrap">${span(room)}</span>` },
    { key: 'state', title: t('mv.state'), width: 110, value: room => standing(room), render: room => html`<${Badge} kind=${{ new: 'ok', taken: 'warn', known: 'info' }[room.state]} text=${standing(room)} />` },
    { key: 'do', title: t('mv.do'), width: 200, sort: false, render: room => open ? html`<${Menu} text=${goes(room)} label=${`${called(room)}: ${t('mv.do')}`} cls="btn ghost sm mv-menu" items=${items(room)} />` : html`<span class="mut">${goes(room)}</span>` },
  ];
  return html`<${Table} label=${t('mv.rooms')} columns=${columns} rows=${data.preview.rooms} rowClass=${room => coming(room, choices) ? '' : 'mut'} />`;
}
