// Slash commands and shortcuts: what there is to choose from, and what is done with it.
import { api, fits, go, offer, reactive, t, toast } from '../web/kit.js';
import './block_words.js';
import { directory } from './directory_of_people.js';
import { failure, screen } from './pressing.js';
import { escape } from './text.js';

const KEPT = 60_000;
const known = reactive({ shortcuts: [] });
let lookedAt = 0, commands = { list: null, at: 0 };

async function look() {
  if (Date.now() - lookedAt < KEPT) return;
  lookedAt = Date.now();
  try { known.shortcuts = (await api.get('/shortcuts', { quiet: true })).shortcuts; } catch { /* what was known stays; it is asked again in a minute */ }
}

export function startShortcuts() {
  look();
  offer('shortcuts', async typed => {
    await look();
    return known.shortcuts.filter(one => one.kind === 'global').map(one => ({ title: one.name, hint: one.app_name, icon: 'bolt', fit: fits(`${one.name} ${one.app_name}`, typed), run: () => start(one) })).filter(one => one.fit >= 1).sort((a, b) => b.fit - a.fit).slice(0, 4);
  }, { ko: '앱 단축 작업', en: 'App shortcuts' });
}

async function start(one, message) {
  try { await api.post('/shortcuts', { app: one.app, callback_id: one.callback_id, screen, ...(message && { channel: message.channel, ts: message.ts }) }); } catch (error) { toast(failure(error), { kind: 'bad' }); }
}

// For a message's menu: [{label, hint, icon, run}].
export function messageShortcuts(message) {
  look();
  return known.shortcuts.filter(one => one.kind === 'message').map(one => ({ label: one.name, hint: one.app_name, icon: 'bolt', run: () => start(one, message) }));
}

// For the composer's completion: [{name, about, usage, app}], those of channels first told in the reader's language.
export async function slashCommands() {
  if (!commands.list || Date.now() - commands.at > KEPT) {
    const got = await api.get('/commands', { quiet: true });
    commands = { list: got.commands, at: Date.now() };
    directory.want();
  }
  return commands.list.map(one => {
    const key = 'ch.c.' + one.command.slice(1), usage = t(key + '.u');
    return one.app ? { name: one.command, about: [one.description, one.app_name].filter(Boolean).join(' · '), usage: one.usage_hint, app: one.app }
      : { name: one.command, about: t(key), usage: usage === key + '.u' ? '' : usage, app: '' };
  });
}

// Whether a line is meant as a command: a word with a slash before it, and no path.
export const isCommand = line => /^\/[^\s/]+(\s|$)/.test(line);

// Does what a line such as `/invite @mina` says. Throws an error that can be shown.
export async function runCommand(channel, line, thread) {
  const [, command, text = ''] = /^(\/[^\s/]+)\s*([^]*)$/.exec(line.trim()) ?? [];
  if (!command) return;
  try {
    const ran = await api.post('/commands', { command, text: await encoded(text), channel, thread: thread ?? '', screen });
    if (ran.go) go(`/channels/${ran.go}`);
  } catch (error) { throw Object.assign(error, { code: 'told', message: failure(error) }); }
}

// `@박준` and `#deals` as ids; the longest name that fits is meant.
async function encoded(text) {
  let out = escape(text);
  if (!/[@#]/.test(out)) return out;
  await directory.ready();
  const by = (a, b) => b.label.length - a.label.length;
  for (const one of [...directory.people].sort(by)) out = out.replaceAll('@' + escape(one.label), `<@${one.value}>`);
  for (const one of directory.rooms.filter(room => room.label.startsWith('#')).sort(by)) out = out.replaceAll(escape(one.label), `<#${one.value}>`);
  return out;
}
