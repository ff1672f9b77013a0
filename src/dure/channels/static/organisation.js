// The channels of the organisation over all its workspaces, for those who look after it.
import {
  ago, api, Badge, boot, Empty, html, icon, load, Menu, num, onUnmounted, Progress, ref, shallowRef, t, Table, toast, useTop, watch,
} from '../web/kit.js';
import { change, convert, create, many, openReach, remove, rename } from './organisation_acts.js';
import { openPrefs } from './prefs.js';

const KINDS = ['public', 'private', 'archived', 'org_shared', 'org_wide', 'external_shared'], A_PAGE = 50;
const SORTS = { name: 'name', members: 'member_count', last_ts: 'activity' };

export default {
  setup() {
    const may = ['owner', 'admin'].includes(boot.org_role);
    const typed = ref(''), asked = ref(''), workspace = ref(''), kind = ref(''), sort = ref({ key: 'name', dir: 1 }), chosen = shallowRef(new Set()), doing = shallowRef(null);
    let timer, beat;
    watch(typed, now => { clearTimeout(timer); timer = setTimeout(() => { asked.value = now.trim(); }, 200); });
    onUnmounted(() => { clearTimeout(timer); clearTimeout(beat); });
    const query = after => ({
      query: asked.value, workspace: workspace.value, kinds: kind.value === 'archived' ? 'archived' : [kind.value, 'archived_exclude'].filter(Boolean).join(','),
      sort: SORTS[sort.value.key] ?? 'name', descending: sort.value.dir < 0, after, limit: A_PAGE,
    });
    const found = load(signal => api.get('/organisation/channels', { signal, query: query(0) }), {
      watch: () => [asked.value, workspace.value, kind.value, sort.value.key, sort.value.dir], now: !!boot.org_role,
    });
    const loadingMore = ref(false);
    async function more() {
      if (!found.data?.next || loadingMore.value) return;
      loadingMore.value = true;
      try {
        const next = await api.get('/organisation/channels', { query: query(found.data.next) });
        found.set({ ...next, channels: [...found.data.channels, ...next.channels] });
      } catch (error) { toast.error(error); } finally { loadingMore.value = false; }
    }
    const spaces = () => found.data?.workspaces ?? [], named = id => spaces().find(one => one.id === id)?.name ?? id;
    const after = async promise => { if (await promise) found.reload({ quiet: true }); };

    async function begin(act) {
      const bulk = await many(act, [...chosen.value], spaces());
      if (!bulk) return;
      chosen.value = new Set();
      doing.value = bulk;
      follow(bulk.id);
    }
    async function follow(id) {
      try { doing.value = await api.get('/organisation/bulk/' + id); } catch (error) { toast.error(error); doing.value = null; return; }
      if (!doing.value.ended_at) { beat = setTimeout(() => follow(id), 700); return; }
      const failed = Object.values(doing.value.failed);
      if (failed.length) toast(t('orgch.bulk.failed', { n: failed.length, why: [...new Set(failed)].join(', ') }), { kind: 'bad' });
      else toast(t('orgch.bulk.done', { n: doing.value.done }));
      doing.value = null;
      found.reload({ quiet: true });
    }

    const items = room => [
      { label: t('orgch.reach'), icon: 'globe', run: () => after(openReach(room, spaces())) }, { label: t('ch.prefs'), icon: 'edit', disabled: room.archived, run: () => after(openPrefs(`/organisation/channels/${room.id}`, '#' + room.name)) },
      { label: t('orgch.rename'), icon: 'edit', disabled: room.archived, run: () => after(rename(room)) }, { label: t(room.private ? 'orgch.topublic' : 'orgch.toprivate'), icon: 'lock', run: () => after(convert(room)) },
      ...(room.reach === 'whole' && !room.private && !room.archived ? [null, ...['', 'default', 'mandatory'].map(standing => ({ label: t('orgch.standing.' + (standing || 'none')), checked: room.standing === standing, run: () => after(change(room, { standing })) }))] : []),
      null, { label: t(room.archived ? 'orgch.unarchive' : 'orgch.archive'), icon: 'lock', run: () => after(change(room, { archived: !room.archived })) }, { label: t('orgch.delete'), icon: 'trash', danger: true, run: () => after(remove(room)) },
    ];
    const columns = () => [
      { key: 'name', title: t('orgch.name'), render: room => html`<span class="row">${icon(room.private ? 'lock' : 'hash', 14)}<b class="cut" title=${room.purpose}>${room.name}</b>
        ${room.archived && html`<${Badge} text=${t('orgch.archived')} />`}${room.standing && html`<${Badge} kind="info" text=${t('ch.standing.' + room.standing)} />`}</span>` },
      { key: 'where', title: t('orgch.where'), sort: false, width: 250, render: room => room.reach === 'whole' ? html`<${Badge} kind="info" icon="globe" text=${t('orgch.reach.whole')} />`
        : html`<span class="row cut" title=${room.workspaces.map(named).join(', ')}>${room.workspaces.slice(0, 2).map(id => html`<span class="tag" key=${id}>${named(id)}</span>`)}${room.workspaces.length > 2 && html`<span class="mut sm">+${num(room.workspaces.length - 2)}</span>`}</span>` },
      { key: 'members', title: t('orgch.members'), num: true, width: 80, render: room => num(room.members) },
      { key: 'last_ts', title: t('orgch.active'), width: 120, render: room => html`<span class="mut">${room.last_ts > '1' ? ago(room.last_ts) : '–'}</span>` },
      { key: 'outside', title: t('orgch.outside'), sort: false, width: 90, render: room => room.outside.length > 0 ? html`<span class="tag ch-org">${icon('globe', 12)}${num(room.outside.length)}</span>` : null },
      { key: 'rules', title: t('orgch.rules'), sort: false, width: 170, render: room => html`<span class="row">${room.limited && html`<${Badge} kind="warn" text=${t('orgch.limited')} />`}${room.kept_for_groups > 0 && html`<${Badge} text=${t('orgch.kept', { n: room.kept_for_groups })} />`}</span>` },
      ...(may ? [{ key: 'acts', title: '', sort: false, width: 48, render: room => html`<${Menu} label=${t('orgch.more', { name: room.name })} icon="more" cls="btn ghost ico sm" items=${items(room)} />` }] : []),
    ];
    const pick = (label, at, options) => html`<select class="input" style="width:auto;max-width:140px" aria-label=${label} value=${at.value} @change=${event => { at.value = event.target.value; }}>
      ${options.map(([value, text]) => html`<option key=${value} value=${value} selected=${value === at.value}>${text}</option>`)}</select>`;
    useTop({
      title: () => t('orgch.title'),
      tools: () => boot.org_role && html`<input class="input ch-filter" type="search" value=${typed.value} placeholder=${t('orgch.find')} aria-label=${t('orgch.find')} @input=${event => { typed.value = event.target.value; }} />
        ${pick(t('orgch.workspace'), workspace, [['', t('orgch.all')], ...spaces().map(one => [one.id, one.name])])}${pick(t('orgch.kind'), kind, [['', t('orgch.any')], ...KINDS.map(one => [one, t('orgch.' + one)])])}
        ${may && html`<button type="button" class="btn pri" @click=${() => after(create(spaces()))}>${icon('plus')}${t('orgch.new')}</button>`}`,
    });
    const bulk = () => html`${['archive', 'move', 'delete'].map(act => html`<button key=${act} type="button" class=${'btn sm' + (act === 'delete' ? ' danger' : '')} @click=${() => begin(act)}>${t('orgch.' + act)}</button>`)}`;
    return () => !boot.org_role ? html`<div class="view pad"><${Empty} icon="lock" title=${t('orgch.noright')} body=${t('orgch.noright.body')} /></div>`
      : html`<div class="view fill">${doing.value && html`<div class="pad" role="status" style="padding:8px 16px"><${Progress} done=${doing.value.done} total=${doing.value.total} label=${t('orgch.bulk.' + doing.value.act)} /></div>`}
        <${Table} label=${t('orgch.title')} columns=${columns()} rows=${found.data?.channels} loading=${found.loading} error=${found.error} retry=${found.reload}
          sort=${sort.value} onSort=${now => { sort.value = now; }} more=${more} hasMore=${!!found.data?.next} loadingMore=${loadingMore.value}
          ...${may ? { selection: chosen.value, onSelect: now => { chosen.value = now; }, bulk } : {}}
          empty=${{ icon: 'find', title: t('orgch.none'), body: t('orgch.none.body') }} /></div>`;
  },
};
