// The groups that the organisation's directory keeps: who is in each, and what it feeds.
import { Ago, api, ask, Avatar, Badge, boot, Dialog, Empty, Field, html, icon, load, onScopeDispose, openDialog, ref, t, Table, toast, words } from '../web/kit.js';

words({
  ko: {
    'dir.title': '디렉터리 그룹', 'dir.group': '그룹', 'dir.people': '사람', 'dir.seats': '자리를 주는 워크스페이스', 'dir.channels': '지키는 채널', 'dir.barriers': '정보 차단', 'dir.changed': '바뀐 때', 'dir.find': '그룹이나 사람 찾기', 'dir.external': '디렉터리의 ID', 'dir.made': '만든 때', 'dir.close': '닫기',
    'dir.none': '디렉터리에서 온 그룹이 없습니다', 'dir.none.body': '회사의 디렉터리(SCIM)를 연결하면 그룹과 사람이 여기에 보입니다.', 'dir.nofit': '맞는 그룹이 없습니다', 'dir.nofit.body': '다른 이름으로 찾아보세요.', 'dir.nobody': '아무도 없습니다', 'dir.nothing': '아직 아무것도 정하지 않습니다. 워크스페이스, 비공개 채널, 정보 차단에서 쓸 수 있습니다.',
    'dir.link': '워크스페이스', 'dir.link.none': '연결 안 함', 'dir.link.hint': '구성원이 이 워크스페이스에 자리를 얻습니다. 그룹을 떠나면 그 자리도 끝납니다.', 'dir.link.ask': '연결을 바꿀까요?', 'dir.link.body': '{n}명이 {from}에서 이 그룹으로 얻은 자리를 잃습니다.', 'dir.link.change': '바꾸기', 'dir.linked': '연결을 바꿨습니다',
    'dir.rooms': '비공개 채널에도', 'dir.apart': '{names}(과/와) 떨어져 있음', 'dir.n': '{n}명', 'dir.archived': '보관됨', 'dir.feeds': '정하는 것', 'dir.members': '{n}명의 구성원',
    'dir.function.product': '프로덕트', 'dir.function.marketing': '마케팅', 'dir.function.sales': '영업', 'dir.function.ad_ops': '광고 운영', 'dir.function.social': '소셜', 'dir.function.care': '고객 응대', 'dir.function.people': '피플', 'dir.function.press': '홍보', 'dir.function.executives': '경영진',
  },
  en: {
    'dir.title': 'Directory groups', 'dir.group': 'Group', 'dir.people': 'People', 'dir.seats': 'Gives seats in', 'dir.channels': 'Channels kept for it', 'dir.barriers': 'Barriers', 'dir.changed': 'Changed', 'dir.find': 'Find a group or a person', 'dir.external': 'Id in the directory', 'dir.made': 'Made', 'dir.close': 'Close',
    'dir.none': 'No groups came from a directory', 'dir.none.body': 'Connect the company’s directory (SCIM), and its groups and people appear here.', 'dir.nofit': 'No such group', 'dir.nofit.body': 'Look for another name.', 'dir.nobody': 'Nobody is in it', 'dir.nothing': 'It decides nothing yet. Workspaces, private channels and barriers can go by it.',
    'dir.link': 'Workspace', 'dir.link.none': 'None', 'dir.link.hint': 'Its people get seats in this workspace; a seat ends with their leaving the group.', 'dir.link.ask': 'Change the link?', 'dir.link.body': '{n} {n|person loses|people lose} the seat in {from} that this group gave.', 'dir.link.change': 'Change', 'dir.linked': 'The link was changed',
    'dir.rooms': 'in private channels, too', 'dir.apart': 'Kept from {names}', 'dir.n': '{n}', 'dir.archived': 'archived', 'dir.feeds': 'What it decides', 'dir.members': '{n} {n|person|people} in it',
    'dir.function.product': 'Product', 'dir.function.marketing': 'Marketing', 'dir.function.sales': 'Sales', 'dir.function.ad_ops': 'Ad operations', 'dir.function.social': 'Social', 'dir.function.care': 'Care', 'dir.function.people': 'People', 'dir.function.press': 'Press', 'dir.function.executives': 'Executives',
  },
});

// One group with its people and all that goes by it. props: group, of, may, changed, close
const Group = {
  props: ['group', 'of', 'may', 'changed', 'close'],
  setup(p) {
    const typed = ref(''), busy = ref(false), workspace = ref(p.group.workspace);
    async function link(value) {
      const before = workspace.value;
      if (value === before || busy.value) return;
      if (before && !await ask({ title: t('dir.link.ask'), body: t('dir.link.body', { n: p.group.members.length, from: p.of.space(before) }), action: t('dir.link.change'), danger: true })) return;
      busy.value = true;
      try {
        await api.put(`/organisation/groups/${p.group.id}/workspace`, { workspace: value });
        workspace.value = value; toast(t('dir.linked')); p.changed();
      } catch (error) { toast.error(error); } finally { busy.value = false; }
    }
    const fits = one => one.name.toLowerCase().includes(typed.value.trim().toLowerCase());
    return () => {
      const g = p.group, channels = p.of.channels(g.id), barriers = p.of.barriers(g.id), shown = g.members.filter(fits);
      return html`<${Dialog} title=${g.name} wide=${true} onClose=${() => p.close(null)}><div class="dir-group">
        <section class="stack"><h3>${t('dir.feeds')}</h3>
          ${p.may ? html`<${Field} name="workspace" type="select" label=${t('dir.link')} required=${true} hint=${t('dir.link.hint')} value=${workspace.value} disabled=${busy.value} options=${[{ value: '', label: t('dir.link.none') }, ...p.of.spaces()]} change=${value => link(value ?? '')} />`
            : html`<p><span class="mut">${t('dir.link')}</span> ${workspace.value ? p.of.space(workspace.value) : t('dir.link.none')}</p>`}
          ${channels.length > 0 && html`<div><h4 class="mut sm">${t('dir.channels')}</h4><ul class="dir-list">${channels.map(one => html`<li key=${one.channel} class="row">${icon('lock', 13)}<span class="cut grow">${one.name || one.channel}</span><span class="mut sm">${p.of.space(one.workspace)}</span>${one.archived && html`<${Badge} text=${t('dir.archived')} />`}</li>`)}</ul></div>`}
          ${barriers.length > 0 && html`<div><h4 class="mut sm">${t('dir.barriers')}</h4><ul class="dir-list">${barriers.map(one => html`<li key=${one.id} class="row">${icon('shield', 13)}<span class="grow">${t('dir.apart', { names: p.of.apart(one, g.id) })}</span>${one.rooms && html`<span class="mut sm">${t('dir.rooms')}</span>`}</li>`)}</ul></div>`}
          ${!workspace.value && !channels.length && !barriers.length && html`<p class="mut">${t('dir.nothing')}</p>`}
          <dl class="facts"><dt>${t('dir.external')}</dt><dd class="mono cut">${g.external_id || '–'}</dd><dt>${t('dir.made')}</dt><dd><${Ago} at=${g.created_at} /></dd><dt>${t('dir.changed')}</dt><dd><${Ago} at=${g.changed_at} /></dd></dl></section>
        <section class="stack"><h3>${t('dir.members', { n: g.members.length })}</h3>
          ${g.members.length > 8 && html`<input class="input" type="search" value=${typed.value} placeholder=${t('dir.find')} aria-label=${t('dir.find')} @input=${event => { typed.value = event.target.value; }} />`}
          ${g.members.length === 0 ? html`<p class="mut">${t('dir.nobody')}</p>` : html`<ul class="dir-list dir-people">${shown.slice(0, 500).map(one => html`<li key=${one.id} class="row"><${Avatar} name=${one.name} seed=${one.id} size="s" /><span class="cut">${one.name}</span></li>`)}</ul>`}</section>
      </div><div class="actions end"><button type="button" class="btn" @click=${() => p.close(null)}>${t('dir.close')}</button></div><//>`;
    };
  },
};

export const Directory = {
  setup() {
    const may = boot.org_role === 'owner' || boot.org_role === 'admin', typed = ref('');
    const groups = load(signal => api.get('/organisation/groups', { signal }));
    const spaces = load(signal => api.get('/organisation/workspaces', { signal })), barriers = load(signal => api.get('/organisation/barriers', { signal })), rooms = load(signal => api.get('/organisation/channels-of-groups', { signal }));
    let timer = setInterval(() => { if (document.visibilityState === 'visible') groups.reload({ quiet: true }); }, 60_000);
    onScopeDispose(() => clearInterval(timer));
    const nameOf = id => id.startsWith('function:') ? t('dir.' + id.replace(':', '.')) : groups.data?.groups.find(one => one.id === id)?.name ?? id;
    const of = {
      spaces: () => (spaces.data?.workspaces ?? []).map(one => ({ value: one.id, label: one.name })),
      space: id => spaces.data?.workspaces.find(one => one.id === id)?.name ?? id,
      channels: id => (rooms.data?.channels ?? []).filter(one => one.group === id),
      barriers: id => (barriers.data?.barriers ?? []).filter(one => one.primary === id || one.groups.includes(id)),
      apart: (one, id) => (one.primary === id ? one.groups : [one.primary]).map(nameOf).join(', '),
    };
    const open = group => openDialog(Group, { group, of, may, changed: () => groups.reload({ quiet: true }) });
    const fits = group => { const said = typed.value.trim().toLowerCase(); return !said || group.name.toLowerCase().includes(said) || group.members.some(one => one.name.toLowerCase().includes(said)); };
    const more = (list, show) => list.length === 0 ? html`<span class="mut">–</span>` : html`<span class="cut" title=${list.map(show).join(', ')}>${list.slice(0, 2).map(show).join(', ')}${list.length > 2 && html` <span class="mut sm">+${list.length - 2}</span>`}</span>`;
    const columns = () => [
      { key: 'name', title: t('dir.group'), cls: 'dir-long', width: '24%', render: g => html`<span class="row">${icon('people', 14)}<b class="cut">${g.name}</b></span>` },
      { key: 'members', title: t('dir.people'), num: true, width: 72, value: g => g.members.length },
      { key: 'workspace', title: t('dir.seats'), width: 130, value: g => g.workspace ? of.space(g.workspace) : '', render: g => g.workspace ? html`<${Badge} kind="info" text=${of.space(g.workspace)} />` : html`<span class="mut">–</span>` },
      { key: 'channels', title: t('dir.channels'), cls: 'dir-long', width: '24%', sort: g => of.channels(g.id).length, render: g => more(of.channels(g.id), one => one.name || one.channel) },
      { key: 'barriers', title: t('dir.barriers'), cls: 'dir-long', width: '24%', sort: g => of.barriers(g.id).length, render: g => more(of.barriers(g.id), one => t('dir.apart', { names: of.apart(one, g.id) })) },
      { key: 'changed_at', title: t('dir.changed'), width: 96, render: g => html`<${Ago} at=${g.changed_at} />` },
    ];
    const failed = () => groups.error ?? barriers.error ?? rooms.error ?? spaces.error;
    return () => html`<div class="dir">${(groups.data?.groups.length ?? 0) > 0 && html`<input class="input dir-find" type="search" value=${typed.value} placeholder=${t('dir.find')} aria-label=${t('dir.find')} @input=${event => { typed.value = event.target.value; }} />`}
      ${failed() && groups.data && html`<div class="notice warn">${icon('warn')}<span class="grow">${failed().message}</span></div>`}
      ${groups.data?.groups.length && !groups.data.groups.some(fits) ? html`<${Empty} icon="find" title=${t('dir.nofit')} body=${t('dir.nofit.body')} />`
        : html`<${Table} label=${t('dir.title')} columns=${columns()} rows=${groups.data?.groups.filter(fits)} loading=${groups.loading} error=${groups.error} retry=${groups.reload} open=${open} empty=${{ icon: 'people', title: t('dir.none'), body: t('dir.none.body') }} />`}</div>`;
  },
};
