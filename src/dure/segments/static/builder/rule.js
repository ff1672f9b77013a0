// Rules as the builder handles them: kinds of conditions, what a new one looks like, whether one is filled in.

export const GROUPS = [
  ['did', ['did', 'last_seen', 'first_seen', 'frequency', 'amount', 'sequence']],
  ['who', ['trait', 'account', 'share']],
  ['known', ['in', 'metric', 'campaign', 'counted']],
];

const NEW = {
  did: () => ({ kind: 'did', event: '', within: '28d' }),
  last_seen: () => ({ kind: 'last_seen', over: '14d' }),
  first_seen: () => ({ kind: 'first_seen', under: '7d' }),
  frequency: () => ({ kind: 'frequency', event: '', per: 'week', periods: 4, at_least: 2 }),
  amount: () => ({ kind: 'amount', event: '', prop: '', measure: 'sum', op: '>=', value: 1, within: '28d' }),
  sequence: () => ({ kind: 'sequence', steps: [{ event: '' }, { event: '' }], span: '1d' }),
  trait: () => ({ kind: 'trait', prop: '', op: '=', value: '' }),
  account: () => ({ kind: 'trait', of: 'account', prop: '', op: '=', value: '' }),
  share: () => ({ kind: 'share', share: 0.1, seed: 'share' }),
  in: () => ({ kind: 'in', segment: '' }),
  metric: () => ({ kind: 'metric', metric: '', op: '>=', value: 1, within: '28d' }),
  campaign: () => ({ kind: 'campaign', what: 'got', within: '28d' }),
};
export const fresh = kind => NEW[kind]();

// An account's trait is a kind of its own on the screen.
export const kindOf = rule => rule.kind === 'trait' && rule.of === 'account' ? 'account' : rule.kind;
export const isGroup = rule => rule.kind === 'all' || rule.kind === 'any';

// A condition turned into another kind keeps what both have.
export function turned(rule, kind) {
  const made = fresh(kind), kept = {};
  for (const name of ['event', 'where', 'prop', 'value', 'op', 'within', 'before']) if (name in made && rule[name] != null && rule[name] !== '') kept[name] = rule[name];
  if (kept.op && kind !== 'trait' && kind !== 'account' && !['>=', '<=', '=', '>', '<'].includes(kept.op)) delete kept.op;
  if (typeof made.value === 'number' && typeof kept.value !== 'number') delete kept.value;
  return { ...made, ...kept };
}

const named = one => !!one.event?.trim() && (one.where ?? []).every(f => f.prop && (['set', 'not_set'].includes(f.op) || f.value !== '' && f.value != null));
const READY = {
  did: named, frequency: named, amount: r => named(r) && !!r.prop, sequence: r => [...r.steps, ...(r.without ?? [])].every(named),
  last_seen: r => !!(r.over || r.under), first_seen: r => !!(r.over || r.under),
  trait: r => !!r.prop && (['set', 'not_set'].includes(r.op) || r.value !== '' && r.value != null), in: r => !!r.segment, metric: r => !!r.metric,
};
// Whether the rule says something whole; until then nothing is asked.
export function ready(rule) {
  if (!rule) return false;
  if (rule.kind === 'not') return ready(rule.of);
  if (isGroup(rule)) return rule.of.length > 0 && rule.of.every(ready);
  return READY[rule.kind]?.(rule) ?? true;
}

// The outermost is always a group, so that a condition can be put beside it; one condition alone is sent alone.
export const opened = rule => isGroup(rule) ? rule : { kind: 'all', of: [rule] };
export const closed = rule => isGroup(rule) && rule.of.length === 1 ? rule.of[0] : rule;

// What is empty is left out, so that the rule says what was meant.
export function put(rule, part) {
  const next = { ...rule, ...part };
  for (const [name, value] of Object.entries(next)) if (value === undefined || value === null || value === '' && name === 'campaign') delete next[name];
  return next;
}
