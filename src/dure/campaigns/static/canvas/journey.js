// A campaign's design as the canvas works on it: nodes whose ways on all stand in `next`, the first one first; and back again.
export const KINDS = ['message', 'delay', 'wait', 'branch', 'split', 'update', 'webhook', 'hand_over', 'exit'];
export const CHANNELS = ['email', 'push', 'web_push', 'in_app', 'sms', 'webhook', 'post'];
export const ICONS = { delay: 'clock', wait: 'bell', branch: 'filter', split: 'segment', message: 'send', update: 'tag', webhook: 'globe', hand_over: 'reply', exit: 'flag' };
export const CHANNEL_ICONS = { email: 'mail', push: 'bell', web_push: 'globe', in_app: 'board', sms: 'chat', webhook: 'link', post: 'hash' };
export const iconOf = node => node.kind === 'message' ? CHANNEL_ICONS[node.channel] ?? 'send' : ICONS[node.kind] ?? 'info';

export const ends = node => node.kind === 'exit';
export function outcomes(node) {
  if (node.kind === 'wait') return ['then', 'else'];
  if (node.kind === 'branch') return [...node.when.map(one => one.key), 'else'];
  if (node.kind === 'split') return node.arms.map(arm => arm.name);
  return [];
}

const kept = value => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined && one !== null));

export function toDoc(design) {
  const nodes = (design.nodes ?? []).map(node => {
    const { next, then, else: other, ...rest } = node;
    // What stands at its default is left out by the server.
    if (rest.items) rest.items = { kind: 'together', count: 3, ...rest.items };
    if (node.kind === 'wait') return { ...rest, next: kept({ then, else: other }) };
    if (node.kind === 'branch') return { ...rest, when: node.when.map(({ next: to, ...one }, i) => ({ key: 'w' + (i + 1), ...one })), next: kept({ ...Object.fromEntries(node.when.map((one, i) => ['w' + (i + 1), one.next])), else: other }) };
    if (node.kind === 'split') return { ...rest, arms: node.arms.map(({ next: to, ...arm }) => arm), next: kept(Object.fromEntries(node.arms.map(arm => [arm.name, arm.next]))) };
    return next ? { ...rest, next } : rest;
  });
  const { start, ...rest } = design;
  return { ...rest, nodes: [...nodes.filter(node => node.id === start), ...nodes.filter(node => node.id !== start)] };
}

export function toDesign(doc) {
  const nodes = doc.nodes.map(({ next, ...node }) => {
    const to = way => (typeof next === 'string' ? next : next?.[way]) ?? null;
    if (node.kind === 'wait') return { ...node, then: to('then'), else: to('else') };
    if (node.kind === 'branch') return { ...node, when: node.when.map(({ key, ...one }) => ({ ...one, next: to(key) })), else: to('else') };
    if (node.kind === 'split') return { ...node, arms: node.arms.map(arm => ({ ...arm, next: to(arm.name) })) };
    return node.kind === 'exit' ? node : { ...node, next: typeof next === 'string' ? next : null };
  });
  return { ...doc, start: doc.nodes[0]?.id ?? '', nodes, goal: doc.goal?.event ? doc.goal : null };
}

// A new node of a kind, as far as it can be filled in without asking.
export function fresh(kind, lang, channel = 'email') {
  return {
    delay: { for: '1d' }, wait: { event: { event: '' }, within: '2d' }, branch: { when: [{ key: 'w1', rule: null }] },
    split: { arms: [{ name: 'A', share: 0.5 }, { name: 'B', share: 0.5 }] }, message: { channel, texts: { [lang]: blank(channel) } }, update: { traits: {} },
    webhook: { method: 'POST', url: '', headers: {}, body: '' }, hand_over: { to: 'channel', channel: '', text: '' }, exit: {},
  }[kind];
}
export const blank = channel => ({ email: { subject: '', preheader: '', body: '' }, push: { title: '', body: '' }, web_push: { title: '', body: '' }, sms: { body: '' }, in_app: { form: 'card', title: '', body: '' }, webhook: { body: '' }, post: { to: '', text: '' } })[channel];
// Ids are read in lists of people and events: they say what the step is.
export const wishedId = (kind, channel) => kind === 'message' ? channel : kind;

export const messages = doc => doc.nodes.filter(node => node.kind === 'message');
export const languages = doc => [...new Set(messages(doc).flatMap(node => Object.keys(node.texts ?? {})))];

// The parts of "36h": [36, 'h'].
export const parts = text => { const found = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text ?? ''); return found ? [Number(found[1]), found[2]] : [null, 'd']; };
