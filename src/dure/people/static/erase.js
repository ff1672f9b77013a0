// A person's own rights: handing out what is held of them, and erasing them. For administrators.
import { action, api, askForm, boot, Dialog, go, html, icon, Menu, num, onMounted, onUnmounted, openDialog, ref, t, toast, words } from '../web/kit.js';
import { called } from './words.js';

words({
  ko: {
    'erase.rights': '개인정보 요청', 'erase.export': '모든 데이터 내려받기', 'erase.erase': '지우기…', 'erase.title': '{name} 지우기',
    'erase.body': '이벤트, 속성, 메시지, 실행 기록과 디스크에 남은 것까지 지웁니다. 지우기 시작하기까지 {n}초 동안은 되돌릴 수 있고, 그 뒤에는 되돌릴 수 없습니다. 다른 사람이 쓴 글에서는 이 사람을 가리키는 말만 가립니다.',
    'erase.why': '이유', 'erase.typed': '확인을 위해 {word}(을/를) 그대로 적으세요', 'erase.differs': '적은 것이 다릅니다.', 'erase.go': '지우기',
    'erase.request': '본인의 요청', 'erase.consent_withdrawn': '동의 철회', 'erase.objection': '처리 반대', 'erase.no_longer_needed': '더는 필요 없음', 'erase.unlawful': '적법하지 않은 처리', 'erase.legal_duty': '법적 의무', 'erase.child': '아동의 데이터',
    'erase.waits': '{n}초 뒤에 시작합니다. 그때까지는 되돌릴 수 있습니다.', 'erase.runs': '지우는 중입니다. 이 창을 닫아도 계속됩니다.', 'erase.stop': '취소', 'erase.hide': '닫기',
    'erase.done': '지웠습니다. 증명 번호 {id}', 'erase.incomplete': '지웠지만 아직 남은 곳이 있습니다. 아래 표를 직접 확인하세요.', 'erase.stopped': '취소했습니다. 아무것도 지우지 않았습니다.', 'erase.where': '보관한 곳', 'erase.rows': '건수',
  },
  en: {
    'erase.rights': 'Data requests', 'erase.export': 'Download everything held', 'erase.erase': 'Erase…', 'erase.title': 'Erase {name}',
    'erase.body': 'Removes events, traits, messages and runs, on disk too. For {n} {n|second|seconds} it can be taken back; once it has begun it cannot be undone. In what others wrote only the words that point at this person are blanked.',
    'erase.why': 'Reason', 'erase.typed': 'Type {word} to confirm', 'erase.differs': 'That is something else.', 'erase.go': 'Erase',
    'erase.request': 'Their own request', 'erase.consent_withdrawn': 'Consent withdrawn', 'erase.objection': 'Objection', 'erase.no_longer_needed': 'No longer needed', 'erase.unlawful': 'Unlawful processing', 'erase.legal_duty': 'Legal duty', 'erase.child': 'A child’s data',
    'erase.waits': 'Begins in {n} {n|second|seconds}. Until then it can be taken back.', 'erase.runs': 'Erasing. It goes on when this is closed.', 'erase.stop': 'Take back', 'erase.hide': 'Close',
    'erase.done': 'Erased. Proof {id}', 'erase.incomplete': 'Erased, but something is left: look at these tables by hand.', 'erase.stopped': 'Taken back. Nothing was erased.', 'erase.where': 'Held by', 'erase.rows': 'Rows',
  },
});

const REASONS = ['request', 'consent_withdrawn', 'objection', 'no_longer_needed', 'unlawful', 'legal_duty', 'child'];
// Long enough to see that it is the wrong person.
const GRACE = 30;

export const mayErase = () => ['owner', 'admin'].includes(boot.me.role);

// The menu on a person's page; nothing for those who may not.
export const rights = person => mayErase() && html`<${Menu} label=${t('erase.rights')} icon="more" align="start" items=${[
  { label: t('erase.export'), icon: 'file', run: () => location.assign(`/api/v1/people/${person.id}/export`) },
  null,
  { label: t('erase.erase'), icon: 'trash', danger: true, run: () => erase(person) },
]} />`;

async function erase(person) {
  const word = person.distinct_ids[0] || person.id;
  const asked = await askForm({
    title: t('erase.title', { name: called(person) }), body: t('erase.body', { n: GRACE }), submitLabel: t('erase.go'),
    danger: true, ready: values => (values.typed ?? '').trim() === word,
    fields: [
      { name: 'reason', label: t('erase.why'), type: 'select', required: true, initial: 'request', options: REASONS.map(value => ({ value, label: t('erase.' + value) })) },
      { name: 'typed', label: t('erase.typed', { word }), required: true, autocomplete: 'off', check: text => text.trim() === word ? null : t('erase.differs') },
    ],
    submit: values => api.post(`/people/${person.id}/erasure`, { reason: values.reason, wait: GRACE }),
  });
  if (asked?.id && await openDialog(Erasing, { asked, name: called(person) })) go('/people');
}

// How far it is, and a way back until it begins. Closes with whether the person is gone.
const Erasing = {
  props: ['asked', 'name', 'close'],
  setup(p) {
    const it = ref(p.asked), left = ref(GRACE), began = Date.now();
    let timer;
    async function look() {
      left.value = Math.max(0, GRACE - Math.round((Date.now() - began) / 1000));
      try { it.value = await api.get('/erasures/' + it.value.id); } catch (error) { if (error.code !== 'offline') { toast.error(error); return; } }
      if (!it.value.over) timer = setTimeout(look, 1000);
    }
    onMounted(look);
    onUnmounted(() => clearTimeout(timer));
    const back = action(async () => { await api.del('/erasures/' + it.value.id); toast(t('erase.stopped')); p.close(false); });
    const close = () => p.close(it.value.state !== 'asked' && it.value.state !== 'cancelled');
    const said = () => it.value.state === 'asked' ? t('erase.waits', { n: left.value })
      : it.value.state === 'done' ? t('erase.done', { id: it.value.id })
      : it.value.state === 'incomplete' ? t('erase.incomplete') : t('erase.runs');
    return () => html`<${Dialog} title=${t('erase.title', { name: p.name })} onClose=${close}><div class="stack erase-progress">
      <p role="status">${said()}</p>
      ${!it.value.over && it.value.state === 'running' && html`<p class="mut sm row">${icon('clock', 14)}<span>${it.value.error || it.value.stage}</span></p>`}
      ${it.value.over && html`<table class="table"><thead><tr><th>${t('erase.where')}</th><th class="num">${t('erase.rows')}</th></tr></thead>
        <tbody>${Object.entries({ ...it.value.counts, ...it.value.remains }).map(([where, rows]) => html`<tr key=${where}><td>${where}</td><td class="num">${num(rows)}</td></tr>`)}</tbody></table>`}
      <div class="actions end">${it.value.state === 'asked' && html`<button type="button" class="btn" disabled=${back.busy} @click=${() => back.run()}>${t('erase.stop')}</button>`}
        <button type="button" autofocus class="btn pri" @click=${close}>${t('erase.hide')}</button></div></div><//>`;
  },
};
