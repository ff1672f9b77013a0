// A campaign's parts as short sentences: what a step does, how people come in, when they may come again.
import { html, num, percent, t, words } from '../../web/kit.js';
import { channelName, DAYS, lasting } from '../words.js';

words({
  ko: {
    'camp.k.delay': '기다리기', 'camp.k.wait': '이벤트 기다리기', 'camp.k.branch': '갈림길', 'camp.k.split': '나누기', 'camp.k.message': '메시지', 'camp.k.update': '특성 바꾸기', 'camp.k.webhook': '바깥 호출', 'camp.k.hand_over': '사람에게 넘기기', 'camp.k.exit': '나가기',
    'camp.k.delay.about': '얼마 동안, 또는 어느 시각까지', 'camp.k.wait.about': '기다리는 동안 하는지 본다', 'camp.k.branch.about': '규칙에 맞는지에 따라', 'camp.k.split.about': '정한 몫대로 우연히, 늘 같은 쪽으로', 'camp.k.update.about': '그 사람의 특성에 값을 적는다', 'camp.k.webhook.about': '다른 시스템의 주소를 부른다', 'camp.k.hand_over.about': '채널이나 딜로', 'camp.k.exit.about': '여기서 여정이 끝난다',
    'camp.w.for': '{d} 기다림', 'camp.w.until': '{when}까지', 'camp.w.then': '하면', 'camp.w.else': '{d} 안에 안 하면', 'camp.w.elseuntil': '{when}까지 안 하면', 'camp.w.otherwise': '그 밖에', 'camp.w.noevent': '이벤트를 고르세요', 'camp.w.notext': '아직 글이 없습니다', 'camp.w.norule': '규칙 {n}', 'camp.w.noaddress': '주소가 없습니다', 'camp.w.notraits': '바꿀 특성이 없습니다', 'camp.w.end': '끝',
    'camp.w.personzone': '그 사람의 시간으로', 'camp.w.workzone': '우리 시간으로', 'camp.w.any': '아무 날', 'camp.w.tochannel': '#{name} 채널로', 'camp.w.todeal': '딜로',
    'camp.e.once': '{at}에 한 번', 'camp.e.now': '시작하면 바로 한 번', 'camp.e.every': '{days} {time}', 'camp.e.daily': '매일', 'camp.e.monthly': '매월 {day}일', 'camp.e.trigger': '‘{event}’ 때', 'camp.e.notrigger': '시작할 이벤트를 고르세요', 'camp.e.nowhen': '언제인지 고르세요', 'camp.e.everybody': '모두', 'camp.e.audience': '대상이 정해짐', 'camp.e.segment': '세그먼트에 있는 사람',
    'camp.a.never': '한 사람은 평생 한 번만 들어옵니다.', 'camp.a.entry': '들어온 지 {d} 지나면 다시 들어올 수 있습니다', 'camp.a.send': '마지막으로 받은 지 {d} 지나면 다시 들어올 수 있습니다', 'camp.a.exit': '나간 지 {d} 지나면 다시 들어올 수 있습니다', 'camp.a.most': '{rule}. 모두 {n}번까지입니다.', 'camp.a.unbounded': '{rule}. 몇 번이든 됩니다.',
    'camp.op.=': '{p} = {v}', 'camp.op.set': '{p} 있음', 'camp.op.not_set': '{p} 없음',
  },
  en: {
    'camp.k.delay': 'Delay', 'camp.k.wait': 'Wait for an event', 'camp.k.branch': 'Branch', 'camp.k.split': 'Split', 'camp.k.message': 'Message', 'camp.k.update': 'Update traits', 'camp.k.webhook': 'Call out', 'camp.k.hand_over': 'Hand over', 'camp.k.exit': 'Exit',
    'camp.k.delay.about': 'for a while, or until a time of day', 'camp.k.wait.about': 'see whether they do it meanwhile', 'camp.k.branch.about': 'by whether a rule holds', 'camp.k.split.about': 'by chance in set shares, the same way each time', 'camp.k.update.about': 'writes values to the person’s traits', 'camp.k.webhook.about': 'calls an address of another system', 'camp.k.hand_over.about': 'to a channel or a deal', 'camp.k.exit.about': 'the journey ends here',
    'camp.w.for': 'Waits {d}', 'camp.w.until': 'until {when}', 'camp.w.then': 'does it', 'camp.w.else': 'not within {d}', 'camp.w.elseuntil': 'not until {when}', 'camp.w.otherwise': 'otherwise', 'camp.w.noevent': 'Choose an event', 'camp.w.notext': 'No text yet', 'camp.w.norule': 'Rule {n}', 'camp.w.noaddress': 'No address', 'camp.w.notraits': 'No traits to change', 'camp.w.end': 'End',
    'camp.w.personzone': 'their own time', 'camp.w.workzone': 'our time', 'camp.w.any': 'any day', 'camp.w.tochannel': 'to #{name}', 'camp.w.todeal': 'to a deal',
    'camp.e.once': 'Once, {at}', 'camp.e.now': 'Once, as soon as it is launched', 'camp.e.every': '{days} at {time}', 'camp.e.daily': 'Every day', 'camp.e.monthly': 'Day {day} of each month', 'camp.e.trigger': 'On “{event}”', 'camp.e.notrigger': 'Choose the event that begins it', 'camp.e.nowhen': 'Choose when', 'camp.e.everybody': 'Everybody', 'camp.e.audience': 'An audience is set', 'camp.e.segment': 'Who is in a segment',
    'camp.a.never': 'Each person enters once in their life.', 'camp.a.entry': 'They may enter again {d} after they entered', 'camp.a.send': 'They may enter again {d} after they last got a message', 'camp.a.exit': 'They may enter again {d} after they left', 'camp.a.most': '{rule}, {n} {n|time|times} in all.', 'camp.a.unbounded': '{rule}, any number of times.',
    'camp.op.=': '{p} = {v}', 'camp.op.set': '{p} is known', 'camp.op.not_set': '{p} is not known',
  },
});

export const kindName = node => node.kind === 'message' ? channelName(node.channel) : t('camp.k.' + node.kind);

// A step by its id, in the canvas's words, numbered where several are alike; one that is gone is known by its id alone.
export function stepName(nodes, id) {
  const node = nodes.find(one => one.id === id), alike = node ? nodes.filter(one => kindName(one) === kindName(node)) : [];
  return !node ? id || '–' : alike.length > 1 ? `${kindName(node)} ${alike.indexOf(node) + 1}` : kindName(node);
}

const SIGNS = { '!=': '≠', '>=': '≥', '<=': '≤', in: '∈', not_in: '∉', contains: '∋' };
export const filterSaid = it => ['set', 'not_set'].includes(it.op) ? t('camp.op.' + it.op, { p: it.prop }) : `${it.prop} ${SIGNS[it.op] ?? it.op} ${Array.isArray(it.value) ? it.value.join(', ') : it.value ?? ''}`;
export const eventSaid = one => one?.event ? [one.event, ...(one.where ?? []).map(filterSaid)].join(' · ') : t('camp.w.noevent');
export const untilSaid = until => [until.days?.length ? until.days.map(day => DAYS()[day]).join('·') : '', until.time, t(until.zone === 'person' ? 'camp.w.personzone' : 'camp.w.workzone')].filter(Boolean).join(' ');

// The words on a way out of a node.
export function wayName(node, outcome) {
  if (node.kind === 'split') { const arm = node.arms.find(one => one.name === outcome), all = node.arms.reduce((sum, one) => sum + Number(one.share || 0), 0); return `${outcome} ${all ? percent(Number(arm?.share ?? 0) / all, 0) : ''}`; }
  if (node.kind === 'wait') return outcome === 'then' ? t('camp.w.then') : node.within ? t('camp.w.else', { d: lasting(node.within) }) : node.until ? t('camp.w.elseuntil', { when: untilSaid(node.until) }) : t('camp.w.otherwise');
  if (outcome === 'else') return t('camp.w.otherwise');
  const at = node.when?.findIndex(one => one.key === outcome) ?? -1;
  return at < 0 ? outcome : ruleSaid(node.when[at].rule) || t('camp.w.norule', { n: at + 1 });
}

// A rule in a few words, for a chip; the server's own sentence is shown where there is room for it.
export function ruleSaid(rule) {
  if (!rule) return '';
  if (rule.kind === 'did') return `${rule.event}${rule.at_least > 1 ? ' ≥ ' + num(rule.at_least) : ''}${rule.at_most != null ? ' ≤ ' + num(rule.at_most) : ''}${rule.within ? ' · ' + lasting(rule.within) : ''}`;
  if (rule.kind === 'not') return '¬ ' + ruleSaid(rule.of);
  if (rule.kind === 'trait') return filterSaid(rule);
  if (rule.kind === 'last_seen') return `${rule.event && rule.event !== '*' ? rule.event : '*'} > ${lasting(rule.over ?? rule.under ?? '')}`;
  if (rule.kind === 'in') return t('camp.e.segment');
  if (rule.kind === 'share') return percent(rule.share, 0);
  if (rule.of?.length) return rule.of.map(ruleSaid).join(rule.kind === 'any' ? ' / ' : ' + ');
  return '';
}

// What a card says below its name: one or two short lines.
export function summary(node, lang) {
  if (node.kind === 'message') { const text = node.texts?.[lang] ?? Object.values(node.texts ?? {})[0] ?? {}; return text.subject || text.title || text.body || text.text || (text.mjml ? 'MJML' : '') || t('camp.w.notext'); }
  if (node.kind === 'delay') return [node.for && t('camp.w.for', { d: lasting(node.for) }), node.until && t('camp.w.until', { when: untilSaid(node.until) })].filter(Boolean).join(' · ');
  if (node.kind === 'wait') return eventSaid(node.event);
  if (node.kind === 'branch') return node.when.map(one => ruleSaid(one.rule)).filter(Boolean).join(' / ') || t('camp.k.branch.about');
  if (node.kind === 'split') return node.arms.map(arm => arm.name).join(' / ');
  if (node.kind === 'update') return Object.keys(node.traits ?? {}).join(', ') || t('camp.w.notraits');
  if (node.kind === 'webhook') return node.url ? `${node.method ?? 'POST'} ${node.url}` : t('camp.w.noaddress');
  if (node.kind === 'hand_over') return node.to === 'deal' ? t('camp.w.todeal') : t('camp.w.tochannel', { name: node.channel || '…' });
  return node.reason && node.reason !== 'exit' ? node.reason : '';
}

export function entrySaid(doc, atSaid = text => text) {
  const { entry = {}, kind } = doc;
  const byAudience = kind === 'journey' && !entry.trigger && !entry.every;
  if (kind === 'once' || byAudience || (kind === 'journey' && entry.at)) return entry.at ? t('camp.e.once', { at: atSaid(entry.at) }) : t('camp.e.now');
  if (kind === 'recurring' || (kind === 'journey' && entry.every)) return entry.every?.time ? t('camp.e.every', { days: entry.every.day ? t('camp.e.monthly', { day: entry.every.day }) : entry.every.days?.length ? entry.every.days.map(day => DAYS()[day]).join('·') : t('camp.e.daily'), time: entry.every.time }) : t('camp.e.nowhen');
  return entry.trigger?.event ? t('camp.e.trigger', { event: eventSaid(entry.trigger) }) : t('camp.e.notrigger');
}
export function againSaid(again) {
  if (!again) return t('camp.a.never');
  const rule = t('camp.a.' + (again.clock ?? 'entry'), { d: lasting(again.after) });
  return again.most ? t('camp.a.most', { rule, n: Number(again.most) }) : t('camp.a.unbounded', { rule });
}
export const holes = text => String(text).split(/(\{\{.*?\}\}|\{%.*?%\})/s).map((part, i) => i % 2 ? html`<code class="camp-hole" key=${i}>${part.slice(2, -2).trim()}</code>` : part);
