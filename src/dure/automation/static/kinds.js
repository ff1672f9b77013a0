// What automations are built from, asked once a minute at most: steps, triggers, events, and the engine's own nodes.
import { api, inLang, reactive, t } from '../web/kit.js';

const kept = reactive({ data: null, error: null });
let keptAt = 0, asked = null;

// Asks for the kinds and gives words and shapes of them; before they have come, names stand for themselves.
export function useKinds() {
  if (!asked && Date.now() - keptAt > 60_000) {
    asked = api.get('/automations/kinds').then(data => { kept.data = data; keptAt = Date.now(); kept.error = null; }, error => { kept.error = error; }).finally(() => { asked = null; });
  }
  return kinds;
}

const find = (list, name) => kept.data?.[list]?.find(it => it.name === name);
const own = name => { const key = 'auto.' + name, text = t(key); return text === key ? null : text; };

export const kinds = {
  get data() { return kept.data; },
  get error() { return kept.error; },
  step: name => own(name) ?? (find('steps', name) ? inLang(find('steps', name).title) : name),
  event: name => find('events', name) ? inLang(find('events', name).title) : name,
  trigger: name => find('triggers', name) ? inLang(find('triggers', name).title) : name,
  triggerKind: name => find('triggers', name),
  about: name => { const it = find('steps', name); return it?.about && Object.keys(it.about).length ? inLang(it.about) : ''; },
  outside: name => !!find('steps', name)?.outside,
  known: name => !kept.data || !!find('steps', name) || !!find('control', name),
  isControl: name => !!find('control', name),
  fields: name => (find('control', name) ?? find('steps', name))?.inputs ?? [],
  inputs: name => kinds.fields(name).map(it => it.name),
  outputs: name => find('steps', name)?.outputs ?? [],
  triggerFields: () => kept.data?.trigger ?? [],
  hasTrigger: name => !!kept.data?.trigger?.some(it => it.name === name),
  definitionFields: () => kept.data?.definition ?? [],
  properties: event => find('events', event)?.properties ?? {},
  things: () => kept.data?.things ?? [],
  // The ways out of a node beside failing: a split's are the names of its parts.
  outcomes: node => node.kind === 'split' ? Object.keys(node.with?.parts ?? {}) : find('control', node.kind)?.outcomes ?? OUTCOMES[node.kind] ?? [],
};

// Before the kinds have come, so that a flow is drawn at once.
const OUTCOMES = { branch: ['yes', 'no'], wait_event: ['event', 'timeout'], approve: ['yes', 'no', 'timeout'] };

export const ICONS = { wait: 'clock', wait_event: 'bell', branch: 'filter', split: 'segment', approve: 'person', end: 'flag', ask: 'list', each: 'copy', run: 'bolt', set: 'tag', 'http.request': 'globe' };
const SLICES = { channels: 'hash', deals: 'board', pacing: 'gauge', social: 'mega', segments: 'segment', campaigns: 'mail', people: 'people', metrics: 'chart', governance: 'person', automation: 'bolt' };
export const iconOf = kind => ICONS[kind] ?? SLICES[String(kind).split('.')[0]] ?? 'bolt';
export const iconOfSlice = slice => SLICES[slice] ?? 'bolt';
