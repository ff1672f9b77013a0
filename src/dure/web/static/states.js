// What a view shows when it has no data yet, none at all, or could not get it; and long work.
import { html } from './html.js';
import { state } from './state.js';
import { icon } from './icons.js';
import { t, words } from './words.js';
import { duration, percent } from './format.js';

words({
  ko: {
    'state.failed': '불러오지 못했습니다', 'state.kept': '이미 저장된 내용은 그대로 있습니다.', 'state.retry': '다시 시도', 'state.cancel': '취소',
    'state.loading': '불러오는 중',
    'error.offline': '서버에 연결할 수 없습니다. 네트워크를 확인해 주세요.', 'error.timeout': '서버가 제때 답하지 않았습니다.',
    'error.malformed_answer': '서버의 답을 읽을 수 없습니다.',
    'error.internal': '서버에서 문제가 생겼습니다. 기록해 두었습니다.', 'error.not_allowed': '이 작업을 할 권한이 없습니다.',
    'error.not_found': '여기에 없거나 볼 수 없는 항목입니다.',
    'error.unavailable': '지금은 할 수 없습니다. 잠시 뒤에 다시 시도해 주세요.', 'error.too_many': '요청이 너무 많습니다. 잠시 뒤에 다시 시도해 주세요.',
    'error.view': '이 화면을 그리다가 문제가 생겼습니다.',
    'error.number': '오류 번호 {id}', 'progress.left': '약 {left} 남음',
  },
  en: {
    'state.failed': 'Could not load this', 'state.kept': 'What was saved before is still there.', 'state.retry': 'Try again',
    'state.cancel': 'Cancel', 'state.loading': 'Loading',
    'error.offline': 'The server cannot be reached. Check the network.', 'error.timeout': 'The server did not answer in time.',
    'error.malformed_answer': 'The server’s answer could not be read.',
    'error.internal': 'Something went wrong on the server; it was logged.', 'error.not_allowed': 'Your role does not allow this.',
    'error.not_found': 'It is not here, or you may not see it.',
    'error.unavailable': 'This cannot be done right now. Try again in a moment.',
    'error.too_many': 'Too many requests. Try again in a moment.', 'error.view': 'This screen could not be drawn.',
    'error.number': 'Error number {id}', 'progress.left': 'about {left} left',
  },
});

// What to tell a person about an error: ours by its code in their language, else the server's own sentence.
export function sentence(error) {
  if (error?.name !== 'ApiError') return t('error.view');
  if (error.data?.[state.lang]) return error.data[state.lang];   // the server said it in both languages
  const key = 'error.' + error.code, text = t(key);
  return text !== key ? text : error.message;
}

// Grey shapes where the content will be: kind 'rows' (default), 'cards', 'chart', 'text'; n of them.
export const Skeleton = {
  props: { kind: { default: 'rows' }, n: { default: 6 } },
  setup: p => () => html`<div class=${'skels ' + p.kind} role="status" aria-label=${t('state.loading')}>
    ${Array.from({ length: p.kind === 'chart' ? 1 : p.n }, (_, i) => html`<div class="skel" key=${i}></div>`)}</div>`,
};

// Nothing here yet: what belongs here and the one next thing to do. action: {label, run, icon} or {label, href}.
export const Empty = {
  props: ['icon', 'title', 'body', 'action', 'second'],
  setup: p => () => html`<div class="empty">${p.icon && html`<span class="empty-icon">${icon(p.icon, 24)}</span>`}<h2>
    ${p.title}</h2>${p.body && html`<p>${p.body}</p>`}
    ${(p.action || p.second) && html`<div class="actions">${button(p.action, 'btn pri')}${button(p.second, 'btn')}</div>`}</div>`,
};
const button = (a, cls) => a && (a.href ? html`<a class=${cls} href=${a.href}>${a.icon && icon(a.icon)}${a.label}</a>`
  : html`<button type="button" class=${cls} @click=${a.run}>${a.icon && icon(a.icon)}${a.label}</button>`);

// What failed, what was kept, and a way to try again.
export const Failed = {
  props: ['error', 'retry', 'title', 'small'],
  setup: p => () => html`<div class=${'empty failed' + (p.small ? ' small' : '')} role="alert"><span class="empty-icon">
    ${icon('warn', 24)}</span><h2>${p.title ?? t('state.failed')}</h2>
    <p>${sentence(p.error)} ${p.error?.status === 0 && t('state.kept')}</p>${p.error?.data?.request_id && html`<p
      class="mut sm num">${t('error.number', { id: p.error.data.request_id })}</p>`}
    ${p.retry && html`<div class="actions"><button type="button" class="btn" @click=${() => p.retry()}>
      ${icon('refresh')}${t('state.retry')}</button></div>`}</div>`,
};

// Long work: done of total, what it is doing, seconds left if known, and Cancel.
export const Progress = {
  props: ['done', 'total', 'label', 'left', 'cancel'],
  setup: p => () => {
    const share = p.total ? Math.min(1, p.done / p.total) : null;
    return html`<div class="progress"><div class="row"><span>${p.label}</span><span class="grow"></span><span class="num mut">
      ${[share !== null && percent(share, 0), p.left != null && t('progress.left', { left: duration(p.left) })].filter(Boolean).join(' · ')}</span>
      ${p.cancel && html`<button type="button" class="btn sm" @click=${p.cancel}>${t('state.cancel')}</button>`}</div>
      <progress max="1" ...${share === null ? {} : { value: share }} aria-label=${p.label}></progress></div>`;
  },
};

// Shows a `load()` as it is: skeleton, failure, emptiness, or the content made by `show(data)`.
//   html`<${Loaded} of=${deals} show=${data => …} empty=${data => !data.length && {title, body, action}} skeleton="cards" />`
export const Loaded = {
  props: ['of', 'show', 'empty', 'skeleton', 'n'],
  setup: p => () => {
    const it = p.of;
    if (it.data === null || it.data === undefined) {
      return it.error ? html`<${Failed} error=${it.error} retry=${it.reload} />` : html`<${Skeleton} kind=${p.skeleton ?? 'rows'} n=${p.n ?? 6} />`;
    }
    const nothing = p.empty?.(it.data);
    return html`${it.error && html`<div class="notice bad" role="alert">${icon('warn')}${sentence(it.error)}<button type="button"
      class="btn sm" @click=${() => it.reload()}>${t('state.retry')}</button></div>`}
      ${nothing ? html`<${Empty} ...${nothing} />` : p.show(it.data)}`;
  },
};
