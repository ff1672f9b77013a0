// Information barriers: groups of people who may not write to each other.
import { ago, api, ask, Badge, boot, Dialog, Failed, Field, html, icon, load, Menu, openDialog, reactive, ref, Table, t, toast, words } from '../web/kit.js';

words({
  ko: {
    'barriers.title': '정보 차단', 'barriers.primary': '그룹', 'barriers.from': '차단할 상대', 'barriers.what': '막는 것', 'barriers.changed': '바뀐 때', 'barriers.direct': '다이렉트 메시지와 통화', 'barriers.rooms': '같은 비공개 채널', 'barriers.rooms.hint': '한 비공개 채널에 함께 있을 수도 없습니다',
    'barriers.add': '차단 만들기', 'barriers.edit': '고치기', 'barriers.delete': '없애기', 'barriers.delete.ask': '이 차단을 없앨까요?', 'barriers.delete.body': '두 쪽이 다시 서로에게 쓸 수 있습니다.', 'barriers.saved': '정보 차단을 바꿨습니다', 'barriers.none': '정보 차단이 없습니다', 'barriers.none.body': '서로 메시지를 주고받으면 안 되는 그룹이 있으면 여기에서 나눕니다.', 'barriers.more': '차단 관리', 'barriers.save': '저장', 'barriers.cancel': '취소', 'barriers.n': '{name} ({n}명)', 'barriers.hint': '이미 있던 대화는 읽을 수만 있게 됩니다.',
    'barriers.function.product': '프로덕트', 'barriers.function.marketing': '마케팅', 'barriers.function.sales': '영업', 'barriers.function.ad_ops': '광고 운영', 'barriers.function.social': '소셜', 'barriers.function.care': '고객 응대', 'barriers.function.people': '피플', 'barriers.function.press': '홍보', 'barriers.function.executives': '경영진',
  },
  en: {
    'barriers.title': 'Barriers', 'barriers.primary': 'Group', 'barriers.from': 'Kept from', 'barriers.what': 'What is kept apart', 'barriers.changed': 'Changed', 'barriers.direct': 'Direct messages and calls', 'barriers.rooms': 'One private channel', 'barriers.rooms.hint': 'Nor may they sit in one private channel',
    'barriers.add': 'Add a barrier', 'barriers.edit': 'Change', 'barriers.delete': 'Remove', 'barriers.delete.ask': 'Remove this barrier?', 'barriers.delete.body': 'Both sides can write to each other again.', 'barriers.saved': 'The barrier was changed', 'barriers.none': 'No information barriers', 'barriers.none.body': 'Groups that must not exchange messages are kept apart here.', 'barriers.more': 'Look after the barrier', 'barriers.save': 'Save', 'barriers.cancel': 'Cancel', 'barriers.n': '{name} ({n})', 'barriers.hint': 'Conversations that there are become read-only.',
    'barriers.function.product': 'Product', 'barriers.function.marketing': 'Marketing', 'barriers.function.sales': 'Sales', 'barriers.function.ad_ops': 'Ad operations', 'barriers.function.social': 'Social', 'barriers.function.care': 'Care', 'barriers.function.people': 'People', 'barriers.function.press': 'Press', 'barriers.function.executives': 'Executives',
  },
});

const at = '/organisation/barriers', changes = reactive({ n: 0 });
const nameOf = group => group.id.startsWith('function:') ? t('barriers.' + group.id.replace(':', '.')) : group.name;

const Edit = {
  props: ['barrier', 'groups', 'close'],
  setup(p) {
    const of = reactive({ primary: p.barrier?.primary ?? '', groups: new Set(p.barrier?.groups ?? []), rooms: p.barrier?.rooms ?? false }), error = ref(null), busy = ref(false);
    async function save(event) {
      event.preventDefault();
      busy.value = true; error.value = null;
      const body = { primary: of.primary, groups: [...of.groups].filter(id => id !== of.primary), rooms: of.rooms };
      try {
        await (p.barrier ? api.put(`${at}/${p.barrier.id}`, body) : api.post(at, body));
        toast(t('barriers.saved')); changes.n += 1; p.close(true);
      } catch (failure) { error.value = failure; } finally { busy.value = false; }
    }
    const pick = (id, on) => { if (on) of.groups.add(id); else of.groups.delete(id); };
    const label = group => t('barriers.n', { name: nameOf(group), n: group.people });
    return () => html`<${Dialog} title=${t(p.barrier ? 'barriers.edit' : 'barriers.add')} @close=${() => p.close(false)}><form class="stack" @submit=${save}>
      <${Field} name="primary" type="select" label=${t('barriers.primary')} required=${true} value=${of.primary} options=${p.groups.map(group => ({ value: group.id, label: label(group) }))} change=${value => { of.primary = value; }} />
      <fieldset class="stack" style="border:0;padding:0;margin:0;max-height:220px;overflow:auto"><legend class="sm">${t('barriers.from')}</legend>${p.groups.filter(group => group.id !== of.primary).map(group => html`<label class="row" key=${group.id}>
        <input type="checkbox" name=${group.id} checked=${of.groups.has(group.id)} @change=${event => pick(group.id, event.target.checked)} />${label(group)}</label>`)}</fieldset>
      <${Field} name="rooms" type="switch" label=${t('barriers.rooms')} hint=${t('barriers.rooms.hint')} value=${of.rooms} change=${value => { of.rooms = value; }} />
      <p class="mut sm">${t('barriers.hint')}</p>${error.value && html`<${Failed} error=${error.value} small=${true} />`}
      <div class="actions end"><button type="button" class="btn" @click=${() => p.close(false)}>${t('barriers.cancel')}</button>
        <button type="submit" class="btn pri" disabled=${busy.value || !of.primary || !of.groups.size}>${t('barriers.save')}</button></div></form><//>`;
  },
};

async function add() {
  try { openDialog(Edit, { groups: (await api.get(at)).groups }); } catch (error) { toast.error(error); }
}

export const Barriers = {
  setup() {
    const listed = load(signal => api.get(at, { signal }), { watch: () => changes.n });
    const may = ['owner', 'admin'].includes(boot.org_role);
    const named = id => { const found = listed.data?.groups.find(group => group.id === id); return found ? nameOf(found) : id; };
    async function remove(one) {
      if (!await ask({ title: t('barriers.delete.ask'), body: t('barriers.delete.body'), action: t('barriers.delete'), danger: true })) return;
      try { await api.del(`${at}/${one.id}`); toast(t('barriers.saved')); changes.n += 1; } catch (error) { toast.error(error); }
    }
    const items = one => [
      { label: t('barriers.edit'), icon: 'edit', run: () => openDialog(Edit, { barrier: one, groups: listed.data.groups }) },
      { label: t('barriers.delete'), icon: 'trash', danger: true, run: () => remove(one) },
    ];
    const columns = () => [
      { key: 'primary', title: t('barriers.primary'), value: one => named(one.primary), render: one => html`<b>${named(one.primary)}</b>` },
      { key: 'groups', title: t('barriers.from'), sort: false, render: one => html`<span class="row wrap">${one.groups.map(id => html`<${Badge} key=${id} text=${named(id)} />`)}</span>` },
      { key: 'rooms', title: t('barriers.what'), sort: false, render: one => html`<span class="row wrap"><${Badge} kind="warn" text=${t('barriers.direct')} />${one.rooms && html`<${Badge} kind="bad" text=${t('barriers.rooms')} />`}</span>` },
      { key: 'changed_at', title: t('barriers.changed'), width: 120, render: one => html`<span class="mut">${ago(one.changed_at)}</span>` },
      ...(may ? [{ key: 'acts', title: '', sort: false, width: 48, render: one => html`<${Menu} label=${t('barriers.more')} icon="more" cls="btn ghost ico sm" items=${items(one)} />` }] : []),
    ];
    return () => html`<${Table} label=${t('barriers.title')} columns=${columns()} rows=${listed.data?.barriers} loading=${listed.loading} error=${listed.error} retry=${listed.reload}
      empty=${{ icon: 'lock', title: t('barriers.none'), body: t('barriers.none.body'), ...(may ? { action: { label: t('barriers.add'), run: add } } : {}) }} />`;
  },
};

export const AddBarrier = () => html`<button type="button" class="btn pri" @click=${add}>${icon('plus')}${t('barriers.add')}</button>`;
