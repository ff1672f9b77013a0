import { html, useTop, useLive, ref, icon } from '../web/kit.js';
export default { props: ['params', 'query'], setup(p) {
  const lines = ref([]);
  useTop({ title: () => html`${icon('hash')}${p.params.id}` });
  useLive(() => 'channel:' + p.params.id, e => { lines.value = [...lines.value, e.text]; });
  return () => html`<div class="view pad"><p id="channel">${p.params.id}</p><ul id="lines">${lines.value.map(l => html`<li>${l}</li>`)}</ul></div>`;
} };
