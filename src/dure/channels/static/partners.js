// Partners: organisations on other servers. Paired by a code, compared by a fingerprint, and how it goes with each.
import { ago, api, ask, askForm, Badge, Dialog, html, icon, Empty, load, Loaded, openDialog, Panel, t, toast, useTop, words } from '../web/kit.js';
import { offer } from './offer_by_link.js';
import './partner_words.js';

words({
  ko: {
    'fed.heading': '파트너 서버', 'fed.pair': '코드 입력', 'fed.show': '코드 보이기', 'fed.code': '한 번만 쓰는 코드', 'fed.codebody': '상대 회사의 관리자가 자기 서버에 이 주소와 코드를 입력합니다. 15분 동안 한 번만 쓸 수 있습니다.',
    'fed.address': '주소', 'fed.codefield': '상대 서버에 보이는 코드', 'fed.go': '연결', 'fed.none': '파트너 서버가 없습니다', 'fed.nonebody': '다른 회사의 Dure 서버와 채널을 함께 쓰려면 한쪽에서 코드를 보이고 다른 쪽에서 입력하세요.',
    'fed.compare': '지문 비교 필요', 'fed.active': '연결됨', 'fed.ended': '끝남', 'fed.unreached': '닿지 않음', 'fed.fingerprint': '지문', 'fed.comparehint': '상대 관리자와 전화 등 다른 길로 이 숫자를 읽어 주고, 똑같을 때만 확인하세요.', 'fed.match': '똑같습니다', 'fed.confirmed': '확인했습니다',
    'fed.heard': '마지막 연락', 'fed.never': '아직 없음', 'fed.waiting': '보낼 것', 'fed.ahead': '받을 것', 'fed.channels': '함께 쓰는 채널', 'fed.since': '{ago}부터 기다림', 'fed.again': '다시 시도: {ago}',
    'fed.rotate': '키 바꾸기', 'fed.rotateask': '이 파트너에게 쓰는 키를 바꿀까요?', 'fed.rotatebody': '새 키를 지금 키로 서명해 보냅니다. 상대가 받으면 새 키를 씁니다. 지문도 바뀝니다.', 'fed.rotated': '새 키를 보냈습니다',
    'fed.end': '끝내기', 'fed.endask': '{name}(과/와)의 파트너 관계를 끝낼까요?', 'fed.endbody': '함께 쓰던 채널이 모두 끊기고 상대의 파일을 볼 수 없습니다.', 'fed.done': '끝냈습니다', 'fed.refused': '받아들이지 못한 것', 'fed.self': '이 서버의 주소: {address}',
  },
  en: {
    'fed.heading': 'Partner servers', 'fed.pair': 'Enter a code', 'fed.show': 'Show a code', 'fed.code': 'A code for one use', 'fed.codebody': 'An administrator of the other company enters this address and code on their server. It works once, for fifteen minutes.',
    'fed.address': 'Address', 'fed.codefield': 'The code that the other server shows', 'fed.go': 'Connect', 'fed.none': 'No partner servers yet', 'fed.nonebody': 'To share channels with another company’s Dure server, show a code on one side and enter it on the other.',
    'fed.compare': 'Compare the fingerprint', 'fed.active': 'Connected', 'fed.ended': 'Ended', 'fed.unreached': 'Not reached', 'fed.fingerprint': 'Fingerprint', 'fed.comparehint': 'Read these digits to the other administrator by another way, such as a call, and confirm only if theirs are the same.', 'fed.match': 'They match', 'fed.confirmed': 'Confirmed',
    'fed.heard': 'Last contact', 'fed.never': 'Not yet', 'fed.waiting': 'To send', 'fed.ahead': 'To come', 'fed.channels': 'Shared channels', 'fed.since': 'waits since {ago}', 'fed.again': 'tries again {ago}',
    'fed.rotate': 'Change the key', 'fed.rotateask': 'Change the key that this partner knows?', 'fed.rotatebody': 'The new key goes to them signed by the old one, and is used once they have it. The fingerprint changes.', 'fed.rotated': 'The new key is on its way',
    'fed.end': 'End', 'fed.endask': 'End the partnership with {name}?', 'fed.endbody': 'Every channel that is shared with them is disconnected, and their files are out of reach.', 'fed.done': 'The partnership ended', 'fed.refused': 'Could not be taken', 'fed.self': 'This server’s address: {address}',
  },
});

// A refusal in our own words, also at the field it is about.
function told(failure) {
  const key = 'error.' + failure.code, said = t(key);
  return said === key ? failure : Object.assign(failure, { data: { ...failure.data, ko: said, en: said } });
}

const Code = {
  props: ['made', 'close'],
  setup: p => () => html`<${Dialog} title=${t('fed.code')} @close=${p.close}><div class="stack"><p class="mut">${t('fed.codebody')}</p>
    <dl class="facts"><dt>${t('fed.address')}</dt><dd><code class="mono" style="user-select:all">${p.made.address}</code></dd>
    <dt>${t('fed.code')}</dt><dd><code class="mono" style="user-select:all;font-size:18px">${p.made.code}</code></dd></dl></div><//>`,
};

export default {
  setup() {
    const listed = load(signal => api.get('/partners', { signal }));
    const again = () => listed.reload({ quiet: true });
    async function show() {
      try { openDialog(Code, { made: await api.post('/partners/codes') }); } catch (failure) { toast.error(failure); }
    }
    const pair = () => askForm({
      title: t('fed.pair'), submitLabel: t('fed.go'), fields: [
        { name: 'address', label: t('fed.address'), required: true, autofocus: true, placeholder: 'https://dure.example.com' }, { name: 'code', label: t('fed.codefield'), required: true },
      ],
      submit: async values => {
        try { await api.post('/partners', values); } catch (failure) { throw told(failure); }
        again();
      },
    });
    async function act(how, done) {
      try { await how(); toast(t(done)); } catch (failure) { toast.error(failure); }
      again();
    }
    const offering = async one => { if (await offer([one])) again(); };
    const confirm = one => act(() => api.post(`/partners/${one.id}/confirm`, { fingerprint: one.fingerprint }), 'fed.confirmed');
    async function rotate(one) {
      if (await ask({ title: t('fed.rotateask'), body: t('fed.rotatebody'), action: t('fed.rotate') })) await act(() => api.post(`/partners/${one.id}/rotate`), 'fed.rotated');
    }
    async function end(one) {
      if (await ask({ title: t('fed.endask', { name: one.name }), body: t('fed.endbody'), action: t('fed.end'), danger: true })) await act(() => api.del('/partners/' + one.id), 'fed.done');
    }
    const badge = one => one.state === 'active' ? one.problem ? html`<${Badge} kind="bad" text=${t('fed.unreached')} />` : html`<${Badge} kind="ok" text=${t('fed.active')} />`
      : html`<${Badge} kind=${one.state === 'compare' ? 'warn' : ''} text=${t('fed.' + one.state)} />`;
    const card = one => html`<${Panel} key=${one.id} title=${one.name}><div class="stack">
      <div class="row wrap">${badge(one)}<span class="mut mono">${one.address}</span></div>
      ${one.state === 'compare' && html`<div class="notice warn"><div class="stack"><span>${t('fed.comparehint')}</span>
        <code class="mono" style="font-size:18px;letter-spacing:1px">${one.fingerprint}</code>
        <div class="actions"><button type="button" class="btn pri" @click=${() => confirm(one)}>${icon('check')}${t('fed.match')}</button></div></div></div>`}
      ${one.problem && one.state === 'active' && html`<div class="notice warn">${icon('globe')}<div class="grow"><span>${t('fed.why.' + one.problem)}${one.again_at ? ` (${t('fed.again', { ago: ago(one.again_at) })})` : ''}</span>
        ${one.error && html`<details class="sm mut"><summary>${t('fed.detail')}</summary><code class="mono" style="overflow-wrap:anywhere">${one.error}</code></details>`}</div></div>`}
      ${one.restored && html`<div class="notice warn">${icon('clock')}<span class="grow">${t('fed.restored.' + one.restored, { ago: ago(one.restored_at) })}</span></div>`}
      <dl class="facts"><dt>${t('fed.heard')}</dt><dd>${one.heard_at ? ago(one.heard_at) : t('fed.never')}</dd>
        <dt>${t('fed.channels')}</dt><dd>${one.channels}</dd>
        <dt>${t('fed.waiting')}</dt><dd>${one.waiting}${one.oldest ? ` · ${t('fed.since', { ago: ago(one.oldest) })}` : ''}</dd>
        <dt>${t('fed.ahead')}</dt><dd>${one.ahead}</dd>
        ${one.state === 'active' && [html`<dt>${t('fed.fingerprint')}</dt>`, html`<dd class="mono">${one.fingerprint}</dd>`]}</dl>
      ${one.refused.length > 0 && html`<section><h3>${t('fed.refused')}</h3><ul>${one.refused.slice(0, 5).map(it => html`<li key=${it.n} class="sm"><span class="mono">${it.kind}</span> ${it.why} <span class="mut">${ago(it.at)}</span></li>`)}</ul></section>`}
      ${one.state !== 'ended' && html`<div class="actions">${one.state === 'active' && html`<button type="button" class="btn sm pri" @click=${() => offering(one)}>${icon('plus', 14)}${t('fed.offer')}</button>`}
        ${one.state === 'active' && html`<button type="button" class="btn sm" @click=${() => rotate(one)}>${t('fed.rotate')}</button>`}
        <button type="button" class="btn sm" @click=${() => end(one)}>${t('fed.end')}</button></div>`}</div><//>`;
    useTop({
      title: () => html`<h1>${t('fed.heading')}</h1>`,
      tools: () => html`<button type="button" class="btn" @click=${show}>${icon('lock')}${t('fed.show')}</button><button type="button" class="btn pri" @click=${pair}>${icon('plus')}${t('fed.pair')}</button>`,
    });
    return () => html`<div class="page"><${Loaded} of=${listed} n=${3} show=${data => html`<div class="stack">
      <p class="mut">${t('fed.self', { address: data.address })}</p>
      ${data.partners.length ? data.partners.map(card) : html`<${Empty} icon="globe" title=${t('fed.none')} body=${t('fed.nonebody')} />`}</div>`} /></div>`;
  },
};
