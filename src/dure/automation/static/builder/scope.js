// What a hole of a step may name: the event, the run, what earlier steps answered, and what is known of people and records.
import { kinds } from '../kinds.js';

const EVENT = ['event.object', 'event.person', 'event.account', 'event.time', 'event.event', 'event.actor', 'event.distinct_id', 'event.source'];
const RUN = ['run.subject', 'run.id', 'run.name', 'run.started_at', 'run.site', 'run.zone'];
const TRAITS = { person: ['name', 'email', 'plan', 'language'], account: ['name', 'industry'], deal: ['name', 'stage', 'amount', 'owner', 'account', 'close_date'] };

export function scopeOf(doc, order, id = null, title = node => kinds.step(node.kind)) {
  const found = Object.entries(kinds.properties(doc.trigger?.event ?? kinds.triggerKind(doc.trigger?.kind)?.event ?? '')).map(([name, hint]) => ({ path: 'event.properties.' + name, hint }));
  const before = id === null ? [] : order.slice(0, Math.max(order.indexOf(id), 0));
  for (const one of before.reverse()) {
    const node = doc.nodes.find(it => it.id === one), hint = title(node);
    if (node.kind === 'wait_event') found.push(...Object.keys(kinds.properties(node.with?.event)).map(name => ({ path: `steps.${one}.event.properties.${name}`, hint })), { path: `steps.${one}.event.object`, hint });
    else if (node.kind === 'approve') found.push({ path: `steps.${one}.decision`, hint });
    else if (node.kind === 'ask') found.push(...(node.with?.fields ?? []).map(field => ({ path: `steps.${one}.${field.name}`, hint })));
    else if (node.kind === 'set') found.push(...Object.keys(node.with?.values ?? {}).map(name => ({ path: `steps.${one}.${name}`, hint })));
    else found.push(...kinds.outputs(node.kind).map(field => ({ path: `steps.${one}.${field.name}`, hint })));
    if (node.on_error) found.push({ path: `steps.${one}.error`, hint });
  }
  if (doc.nodes.some(node => node.kind === 'each' && node.with?.do)) found.push({ path: 'item', hint: '' });
  found.push(...EVENT.map(path => ({ path, hint: '' })), ...RUN.map(path => ({ path, hint: '' })));
  for (const thing of kinds.things()) found.push(...(TRAITS[thing] ?? ['name']).map(name => ({ path: `${thing}.${name}`, hint: '' })));
  return found;
}
