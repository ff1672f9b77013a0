// What the test of template asks the kit in the browser.
import { html, h } from '../web/kit.js';
import { render } from '../vendor/vue.js';

export default function ask() {
  const draw = vnode => { const at = document.createElement('div'); render(vnode, at); return at.innerHTML; };
  const Kind = (props, { slots }) => h('b', { title: props.a }, slots.default?.());
  const errors = [];
  for (const wrong of [() => html`<p><b></p>`, () => html`<p>`]) { try { wrong(); } catch (e) { errors.push(e.name); } }
  return [
    draw(html`<p class=${'a'} data-x="1-${2}">${'<i>'} &amp; ${0}${null}${false}</p>`),
    draw(html`<ul>${[1, 2].map(n => html`<li key=${n}>${n}</li>`)}</ul>`),
    draw(html`<${Kind} a=${3}>in<//>`), draw(html`<a href=/x/${4}>b</a>`), draw(html`<svg><path d="M0 0" /><text>t</text></svg>`),
    draw(html`<input disabled ...${{ value: 'v' }} /><br>
      end`), errors,
  ];
}
