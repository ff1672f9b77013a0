// What one may mean while typing: @people and groups, #channels, :emoji:, /commands.
import { Avatar, boot, html, icon, nextTick, t } from '../web/kit.js';
import { emoji, findEmoji } from './emoji.js';
import { score } from './matching.js';
import { label, mark, partners, rooms } from './rooms.js';
import { bonus } from './uses.js';

const MOST = 8;
const EVERYBODY = ['here', 'channel'];

// What stands before the caret: {kind, typed, start}, or null.
export function wantedAt(text, caret) {
  const before = text.slice(0, caret);
  const command = /^\/([\p{L}\p{N}_-]*)$/u.exec(before);
  if (command) return { kind: '/', typed: command[1], start: 0 };
  const m = /(?:^|[\s(])([@#])([\p{L}\p{N}_.\-]*)$/u.exec(before);
  if (m) return { kind: m[1], typed: m[2], start: caret - m[2].length - 1 };
  const short = /(?:^|[\s(])(:)([\p{L}\p{N}_+'\-]{1,40})$/u.exec(before);
  if (short && !/^\d+$/.test(short[2])) return { kind: ':', typed: short[2], start: caret - short[2].length - 1 };
  return null;
}

// → [{key, shown, means, title, hint, picture}]; `shown` is put in, `means` is what is kept for it.
export function choices(wanted, { people = {}, commands = [], groups = [], everybody = true }) {
  if (!wanted) return [];
  const best = (list, names) => list.map(it => ({ it, fit: Math.max(...names(it).map(name => score(name ?? '', wanted.typed))) }))
    .filter(x => x.fit >= 1).sort((a, b) => b.fit - a.fit).map(x => x.it).slice(0, MOST);
  switch (wanted.kind) {
    case '@': return [
      ...best(Object.values(people).filter(one => !one.deleted && !one.apart), one => [one.name, one.title && `${one.name} ${one.title}`]).map(person),
      ...best(groups, one => [one.handle, one.name]).map(group),
      ...EVERYBODY.filter(name => everybody !== false && name.startsWith(wanted.typed.toLowerCase())).map(all),
    ].slice(0, MOST);
    case '#': return best(rooms.list.filter(room => room.kind === 'channel'), room => [room.name])
      .sort((a, b) => bonus(b.id) - bonus(a.id)).map(channel);
    case ':': return findEmoji(wanted.typed, MOST).map(smiley);
    default: return best(commands, one => [one.name]).map(command);
  }
}
const person = one => ({
  key: one.id, shown: '@' + one.name, means: `<@${one.id}>`, title: one.name + (one.id === boot.me.id ? ` (${t('ch.me')})` : ''),
  hint: one.org || one.title, picture: html`<${Avatar} name=${one.name} seed=${one.id} size="s" />`,
});
const group = one => ({
  key: one.id, shown: '@' + one.handle, means: `<!subteam^${one.id}>`, title: '@' + one.handle, hint: one.name, picture: icon('people'),
});
const all = name => ({ key: name, shown: '@' + name, means: `<!${name}>`, title: '@' + name, hint: t('ch.at.' + name), picture: icon('mega') });
const channel = room => ({
  key: room.id, shown: '#' + room.name, means: `<#${room.id}>`, title: label(room), picture: icon(mark(room)),
  hint: partners(room).map(side => side.org_name).join(', ') || room.purpose,
});
const smiley = one => ({
  key: one.name, shown: `:${one.name}:`, title: `:${one.name}:`, hint: one.ko, picture: html`<span class="ch-emo">${emoji(one.name)}</span>`,
});
function command(one) {
  const name = '/' + one.name.replace(/^\//, '');
  return { key: name, shown: name, title: name, hint: [one.usage, one.about].filter(Boolean).join(' · '), picture: icon('bolt') };
}

export const Choices = {
  props: ['id', 'items', 'at', 'choose'],
  setup: p => () => html`<ul class="ch-mentions" role="listbox" id=${p.id} aria-label=${t('ch.mention')}>${p.items.map((one, i) => html`<li
    key=${one.key} id=${`${p.id}-${i}`} role="option" aria-selected=${String(i === p.at)} ref=${el => { if (i === p.at) nextTick(() => el?.scrollIntoView({ block: 'nearest' })); }}
    @mousedown=${event => { event.preventDefault(); p.choose(one); }}>${one.picture}<span>${one.title}</span><span class="mut sm cut">${one.hint}</span></li>`)}</ul>`,
};
