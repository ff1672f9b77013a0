// Who is in the workspace as what: role, a guest's channels and end, roles of the organisation's own; all by keyboard.
import './rights_words.js';
import { api, ask, askForm, Avatar, Badge, boot, choose, computed, html, icon, isoDay, load, Menu, shortDate, Table, t, toast, words } from '../web/kit.js';

words({
  ko: {
    'people.guestof': '채널', 'people.until': '언제까지', 'people.own': '더한 역할', 'people.forever': '기한 없음', 'people.expired': '기한 끝남', 'people.multi': '여러 채널 게스트', 'people.single': '한 채널 게스트', 'people.more': '{n}개 채널',
    'people.setuntil': '기한 바꾸기', 'people.back': '다시 들이기', 'people.nountil': '기한 없애기', 'people.lastday': '마지막 날', 'people.lasthint': '그날이 지나면 로그인, 토큰, 연결이 바로 끊깁니다. 비우면 기한이 없습니다.', 'people.saved': '바꿨습니다', 'people.role': '역할 바꾸기', 'people.roleask': '{name} 님을 {role}(으로/로) 바꿀까요?', 'people.rolebody': '다음 동작부터 바로 적용됩니다.', 'people.change': '바꾸기',
    'people.give': '역할 주기', 'people.take': '{name} 역할 거두기', 'people.whole': '조직 전체', 'people.here': '이 워크스페이스', 'people.in': '#{name}', 'people.where': '어디서', 'people.which': '어떤 역할', 'people.norights': '사람을 관리하는 이만 볼 수 있습니다.', 'people.channels': '들어갈 채널', 'people.channelhint': '채널 이름을 적고 Enter. 한 채널 게스트는 하나만.', 'people.nochannel': '그런 채널이 없습니다: {name}', 'people.acts': '{name} 님', 'people.waiting': '초대 요청', 'people.approve': '승인', 'people.deny': '거절', 'people.by': '{name} 님이 요청', 'people.done': '처리했습니다',
  },
  en: {
    'people.guestof': 'Channels', 'people.until': 'Until', 'people.own': 'Added roles', 'people.forever': 'no end', 'people.expired': 'Time is over', 'people.multi': 'Guest, several channels', 'people.single': 'Guest, one channel', 'people.more': '{n} {n|channel|channels}',
    'people.setuntil': 'Change the end', 'people.back': 'Have back', 'people.nountil': 'No end', 'people.lastday': 'Last day', 'people.lasthint': 'After that day sessions, tokens and sockets end at once. Empty means no end.', 'people.saved': 'Changed', 'people.role': 'Change the role', 'people.roleask': 'Make {name} {role}?', 'people.rolebody': 'It holds from their next act on.', 'people.change': 'Change',
    'people.give': 'Give a role', 'people.take': 'Take {name} away', 'people.whole': 'whole organisation', 'people.here': 'this workspace', 'people.in': '#{name}', 'people.where': 'Where', 'people.which': 'Which role', 'people.norights': 'Only who looks after people sees this.', 'people.channels': 'Channels', 'people.channelhint': "A channel's name, then Enter. A guest of one channel has one.", 'people.nochannel': 'There is no channel {name}', 'people.acts': '{name}', 'people.waiting': 'Asked for', 'people.approve': 'Approve', 'people.deny': 'Deny', 'people.by': '{name} asked', 'people.done': 'Done',
  },
});

const KINDS = ['owner', 'admin', 'member', 'multi', 'single'];
export const kindOf = user => user.role === 'guest' ? user.guest || 'multi' : user.role;
export const kindName = kind => t((KINDS.indexOf(kind) < 3 ? 'admin.' : 'people.') + kind);
// The last moment of a day as the reader has it.
export const endOf = day => day ? new Date(day + 'T23:59:59').toISOString() : null;
// The workspace's channels by name; none where there are none to ask.
export const channelsByName = async () => {
  try { return Object.fromEntries((await api.get('/channels', { quiet: true })).channels.filter(one => one.kind === 'channel' || one.name).map(one => [one.name, one.id])); } catch { return {}; }
};
export const idsOf = (names, known) => names.map(raw => {
  const name = raw.replace(/^#/, '');
  if (!known[name]) throw Object.assign(new Error(t('people.nochannel', { name })), { field: 'channels' });
  return known[name];
});

export const People = {
  props: ['users', 'link', 'off', 'head'],
  setup(p) {
    const here = load(signal => api.get('/organisation/people/here', { signal })), table = load(signal => api.get('/roles', { signal })), asked = load(signal => api.get('/organisation/invite-requests', { signal }));
    const known = computed(() => Object.fromEntries((here.data?.people ?? []).map(one => [one.id, one])));
    const named = computed(() => Object.fromEntries((p.users.data?.users ?? []).map(one => [one.id, one.name])));
    const rows = computed(() => p.users.data && here.data && p.users.data.users.map(one => ({ ...one, ...(known.value[one.id] ?? {}), is_bot: one.is_bot, deleted: one.deleted || !!known.value[one.id]?.gone })));
    const again = () => { p.users.reload({ quiet: true }); here.reload({ quiet: true }); table.reload({ quiet: true }); };
    const mend = async act => { try { if (await act() !== false) { toast(t('people.saved')); again(); } } catch (error) { toast.error(error); } };
    const mayWhole = ['owner', 'admin'].includes(boot.org_role);

    const setRole = (user, kind) => mend(async () => {
      if (!await ask({ title: t('people.roleask', { name: user.name, role: kindName(kind) }), body: t('people.rolebody'), action: t('people.change') })) return false;
      const guest = kind === 'multi' || kind === 'single' ? kind : '';
      await api.put(`/organisation/people/${user.id}/seat`, { role: guest ? 'guest' : kind, guest, expires_at: guest ? user.expires_at : null });
    });
    const setUntil = user => askForm({
      title: t(user.gone ? 'people.back' : 'people.setuntil'), submitLabel: t('people.change'),
      fields: [{ name: 'day', label: t('people.lastday'), type: 'date', hint: t('people.lasthint'), autofocus: true, optional: true }], values: { day: user.expires_at && !user.gone ? isoDay(user.expires_at) : '' },
      submit: async values => { await api.put(`/organisation/people/${user.id}/expiry`, { expires_at: endOf(values.day) }); toast(t('people.saved')); again(); },
    });
    const give = async user => {
      const roles = table.data?.roles ?? [], channels = await channelsByName();
      const role = await choose(t('people.which'), [{ group: '', items: roles.map(one => ({ value: one.id, title: one.name, hint: one.description, about: one.rights.map(right => t('right.' + right)).join(', ') })) }]);
      if (!role) return;
      const places = [{ value: { whole: false, channel: '' }, title: t('people.here') }, ...(mayWhole ? [{ value: { whole: true, channel: '' }, title: t('people.whole') }] : []), ...Object.entries(channels).map(([name, id]) => ({ value: { whole: false, channel: id }, title: t('people.in', { name }) }))];
      const place = await choose(t('people.where'), [{ group: '', items: places }]);
      if (place) mend(() => api.post(`/roles/${role.value}/people`, { user: user.id, ...place.value }));
    };
    const take = (user, one) => mend(() => api.del(`/roles/${one.role}/people/${user.id}?whole=${one.workspace === ''}&channel=${one.channel}`));
    const decide = (request, answer) => mend(async () => { await api.post(`/organisation/invite-requests/${request.id}/${answer}`); asked.reload({ quiet: true }); });

    const acts = user => [
      ...(user.deleted ? [] : KINDS.filter(kind => boot.me.role === 'owner' || (kind !== 'owner' && user.role !== 'owner')).map(kind => ({ label: kindName(kind), checked: kindOf(user) === kind, run: () => kindOf(user) !== kind && setRole(user, kind) }))),
      ...(user.role === 'guest' && (!user.deleted || user.gone === 'expired') ? [null, { label: t(user.gone === 'expired' ? 'people.back' : 'people.setuntil'), icon: 'clock', run: () => setUntil(user) }] : []),
      ...(user.deleted || user.id === boot.me.id || !table.data?.roles.length ? [] : [null, { label: t('people.give'), icon: 'plus', run: () => give(user) }]),
      ...(user.deleted ? [] : (user.given ?? []).map(one => ({ label: t('people.take', { name: one.name }), icon: 'x', run: () => take(user, one) }))),
      ...(user.deleted || user.id === boot.me.id ? [] : [null, { label: t('admin.link'), icon: 'link', run: () => p.link(user) }, { label: t('admin.off'), danger: true, run: () => p.off(user) }]),
    ];
    const columns = () => [
      { key: 'name', title: t('admin.name'), render: u => html`<span class="row"><${Avatar} name=${u.name} size="s" seed=${u.id} /><span class="cut">${u.name}</span>${u.is_bot && html`<${Badge} icon="bolt" text=${t('admin.bot')} />`}${u.deleted && html`<${Badge} text=${t('admin.gone')} />`}<span class="mut cut sm mail">${u.email}</span></span>` },
      { key: 'function', title: t('admin.function'), width: 110, value: u => u.is_bot || !u.function ? '' : t('admin.' + u.function) },
      { key: 'role', title: t('admin.role'), width: 170, sort: u => KINDS.indexOf(kindOf(u)), render: u => u.is_bot ? '' : kindName(kindOf(u)) },
      { key: 'channels', title: t('people.guestof'), width: 170, sort: u => (u.channels ?? []).length, render: u => !u.channels?.length ? '' : u.channels.length < 3 ? html`<span class="cut">${u.channels.map(one => '#' + one.name).join(', ')}</span>` : html`<span title=${u.channels.map(one => '#' + one.name).join(', ')}>${t('people.more', { n: u.channels.length })}</span>` },
      { key: 'expires_at', title: t('people.until'), width: 100, sort: u => u.expires_at ?? '9', render: u => u.role !== 'guest' ? '' : u.gone === 'expired' ? html`<${Badge} kind="warn" text=${t('people.expired')} />` : u.expires_at ? shortDate(u.expires_at) : html`<span class="mut">${t('people.forever')}</span>` },
      { key: 'given', title: t('people.own'), width: 200, sort: u => (u.given ?? []).length, render: u => html`<span class="row wrap">${(u.given ?? []).map((one, i) => html`<${Badge} key=${i} kind="info" text=${one.name + ' · ' + (one.channel ? (u.channels?.find(c => c.id === one.channel) ? '#' + u.channels.find(c => c.id === one.channel).name : t('roles.level.channel')) : t(one.workspace ? 'people.here' : 'people.whole'))} />`)}</span>` },
      { key: 'acts', title: '', sort: false, width: 44, render: u => !u.is_bot && acts(u).length > 0 && html`<${Menu} label=${t('people.acts', { name: u.name })} icon="more" items=${acts(u)} />` },
    ];
    return () => html`<div class="people-tab">${(asked.data?.requests ?? []).length > 0 && html`<section class="people-asked" aria-label=${t('people.waiting')}><b>${t('people.waiting')}</b>${asked.data.requests.map(one => html`<div class="row" key=${one.id}><span class="cut">${one.name || one.email}</span><span class="mut cut sm">${one.email}</span><${Badge} text=${kindName(one.guest || 'member')} /><span class="mut sm cut">${t('people.by', { name: named.value[one.asked_by] ?? one.asked_by })}${one.reason && ' · ' + one.reason}</span><span class="grow"></span><button type="button" class="btn sm pri" @click=${() => decide(one, 'approve')}>${t('people.approve')}</button><button type="button" class="btn sm" @click=${() => decide(one, 'deny')}>${t('people.deny')}</button></div>`)}</section>`}
      <${Table} label=${t('admin.users')} columns=${columns()} rows=${rows.value} loading=${p.users.loading || here.loading} error=${p.users.error ?? here.error} retry=${() => { p.users.reload(); here.reload(); }} empty=${{ icon: 'people', title: t('admin.empty'), body: t('admin.emptybody') }} /></div>`;
  },
};
