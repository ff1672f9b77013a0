// html`…` makes Vue vnodes. A call site is parsed once; nothing is evaluated, so `script-src 'self'` is enough.
//   html`<li class=${c} @click=${f}>${text}</li>`   html`<${Component} a=${1} ...${props}>child<//>`
import { h, Fragment } from '../vendor/vue.js';

const MARK = '\u0001';
const VOID = new Set(['area', 'br', 'col', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr']);
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0', times: '×', middot: '·', rarr: '→', hellip: '…' };
const ATTRIBUTE = /\.\.\.\u0001(\d+)\u0001|([^\s=>/\u0001]+)(?:=(?:"([^"]*)"|'([^']*)'|((?:[^\s>"'/]|\/(?!>))+)))?/g;
const TOKEN = new RegExp(
  '<!--[^]*?-->|<(/?)([\\w-]+|\u0001\\d+\u0001)?((?:\\s+(?:\\.\\.\\.\u0001\\d+\u0001|[^\\s=>/\u0001]+' +
  '(?:=(?:"[^"]*"|\'[^\']*\'|(?:[^\\s>"\'/]|/(?!>))+))?))*)\\s*(/?)>|[^<]+', 'g');
const parsed = new WeakMap();

export function html(strings, ...values) {
  let tree = parsed.get(strings);
  if (!tree) parsed.set(strings, tree = parse(strings));
  if (tree.length === 1 && typeof tree[0] === 'object') return build(tree[0], values);
  const kids = [];
  for (const node of tree) append(node, values, kids);
  return h(Fragment, null, kids);
}

function parse(strings) {
  const source = strings.reduce((text, part, i) => text + part + (i < strings.length - 1 ? MARK + i + MARK : ''), '');
  const root = { tag: '', kids: [] }, stack = [root];
  for (const [whole, closing, tag, attributes, selfClosing] of source.matchAll(TOKEN)) {
    const top = stack.at(-1);
    if (whole[0] !== '<') texts(whole, top.kids);
    else if (whole.startsWith('<!--')) continue;
    else if (closing) {
      if (tag && VOID.has(tag)) continue;
      if (stack.length === 1 || (tag && !slotOf(tag) && tag !== top.tag)) throw new SyntaxError(`html: ${whole} closes <${top.tag}> in ${source.slice(0, 120)}`);
      stack.pop();
    } else if (tag) {
      const node = { tag, props: [], kids: [] };
      for (const a of attributes.matchAll(ATTRIBUTE)) node.props.push(a[1] ? [null, +a[1]] : [named(a[2]), a[3] ?? a[4] ?? a[5] ?? true]);
      top.kids.push(node);
      if (!selfClosing && !VOID.has(tag)) stack.push(node);
    }
  }
  if (stack.length > 1) throw new SyntaxError(`html: <${stack.at(-1).tag}> is not closed in ${source.slice(0, 120)}`);
  return root.kids;
}

function texts(whole, kids) {
  for (const part of whole.split(/(\u0001\d+\u0001)/)) {
    const slot = slotOf(part);
    if (slot) kids.push(+slot);
    else if (part.trim() || (part && !part.includes('\n'))) {
      kids.push(part.replace(/\s*\n\s*/g, ' ').replace(/&(\w+);/g, (all, name) => ENTITIES[name] ?? all));
    }
  }
}

function append(node, values, out) {
  if (typeof node !== 'number') return out.push(typeof node === 'string' ? node : build(node, values));
  const value = values[node];
  if (Array.isArray(value)) return out.push(h(Fragment, null, value));
  return out.push(value == null || value === false || value === true ? null : value);
}

function build(node, values) {
  const props = {}, kids = [];
  for (const [name, value] of node.props) {
    if (name === null) Object.assign(props, values[value]);
    else props[name] = typeof value === 'string' ? fill(value, values) : value;
  }
  for (const kid of node.kids) append(kid, values, kids);
  const slot = slotOf(node.tag), tag = slot ? values[+slot] : node.tag;
  return h(tag, props, typeof tag === 'string' ? kids : kids.length ? { default: () => kids } : undefined);
}

const slotOf = text => /^\u0001(\d+)\u0001$/.exec(text)?.[1];
const named = name => name[0] === '@' ? 'on' + name[1].toUpperCase() + name.slice(2) : name;
function fill(text, values) {
  const slot = slotOf(text);
  return slot ? values[+slot] : text.replace(/\u0001(\d+)\u0001/g, (_, i) => values[i] ?? '');
}
