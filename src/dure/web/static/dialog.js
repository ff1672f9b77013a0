// Modal dialogs on the browser's own <dialog>: focus stays inside and goes back where it was.
//   const ok = await ask({title, body, action: '지우기', danger: true})
//   const values = await askForm({title, fields, values, submit: values => api.post(…), submitLabel, warning: line or lines})
//   const result = await openDialog(Component, props)   Component gets props and `close(result)`
import { markRaw, onMounted, onBeforeUnmount, ref, shallowReactive } from '../vendor/vue.js';
import { html } from './html.js';
import { icon } from './icons.js';
import { Form } from './form.js';
import { t, words } from './words.js';

words({ ko: { 'dialog.close': '닫기', 'dialog.cancel': '취소', 'dialog.ok': '확인' }, en: { 'dialog.close': 'Close',
  'dialog.cancel': 'Cancel', 'dialog.ok': 'OK' } });

const open = shallowReactive([]);
let next = 1;

export const Dialog = {
  props: ['title', 'wide', 'bare', 'label'],
  emits: ['close'],
  setup(p, { slots, emit }) {
    const el = ref();
    let back = null;
    onMounted(() => {
      back = document.activeElement;
      el.value.showModal();
      el.value.querySelector('[autofocus],.dialog-body input,.dialog-body select,.dialog-body textarea')?.focus();
    });
    onBeforeUnmount(() => { el.value?.close(); if (back?.isConnected) back.focus({ preventScroll: true }); });
    const cancel = event => { event.preventDefault(); emit('close'); };
    // A click beside a form would throw away what was typed.
    const outside = event => { if (event.target === el.value && !el.value.querySelector('form')) emit('close'); };
    return () => html`<dialog ref=${el} class=${'dialog' + (p.wide ? ' wide' : '') + (p.bare ? ' bare' : '')}
      aria-label=${p.label ?? p.title} @cancel=${cancel} @mousedown=${outside}>
      ${!p.bare && html`<header><h2>${p.title}</h2><button type="button" class="btn ghost ico" aria-label=${t('dialog.close')}
        @click=${() => emit('close')}>${icon('x')}</button></header>`}
      <div class="dialog-body">${slots.default?.()}</div></dialog>`;
  },
};

export function openDialog(component, props = {}) {
  return new Promise(resolve => {
    const it = { id: next++, component: markRaw(component), props, close(result) { const i = open.indexOf(it);
      if (i >= 0) open.splice(i, 1); resolve(result); } };
    open.push(it);
  });
}

export const ask = options => openDialog(Ask, options);
export const askForm = options => openDialog(AskForm, options);

const Ask = {
  props: ['title', 'body', 'action', 'danger', 'close'],
  setup: p => () => html`<${Dialog} title=${p.title} onClose=${() => p.close(false)}><p class="said">${p.body}</p>
    <div class="actions end"><button type="button" class="btn" @click=${() => p.close(false)}>${t('dialog.cancel')}</button>
    <button type="button" autofocus class=${'btn ' + (p.danger ? 'danger' : 'pri')} @click=${() => p.close(true)}>
      ${p.action ?? t('dialog.ok')}</button></div><//>`,
};

const AskForm = {
  props: ['title', 'body', 'warning', 'fields', 'values', 'submit', 'submitLabel', 'wide', 'danger', 'ready', 'close'],
  setup: p => () => html`<${Dialog} title=${p.title} wide=${p.wide} onClose=${() => p.close(null)}>${p.body && html`<p class="said">
    ${p.body}</p>`}
    ${p.warning && html`<div class="notice warn said" role="note">${icon('warn')}<div>${[p.warning].flat().map((line, i) => html`<p key=${i}>${line}</p>`)}</div></div>`}
    <${Form} fields=${p.fields} values=${p.values} submitLabel=${p.submitLabel} danger=${p.danger} ready=${p.ready} cancel=${() => p.close(null)}
      submit=${async values => { const answer = await p.submit?.(values); p.close(answer ?? values); }} /><//>`,
};

export const Dialogs = { setup: () => () => open.map(it => html`<${it.component}
  key=${it.id} ...${it.props} close=${it.close} />`) };
