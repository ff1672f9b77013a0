// What a moment of a customer's timeline says, in one line.
import { inLang, money, num, shortDate, t, words } from '../web/kit.js';
import './words.js';

words({
  ko: { 'cm.moved': '{from} → {to}', 'cm.began': '{to} 단계로 시작', 'cm.amount': '금액 {a} → {b}', 'cm.close': '마감 {a} → {b}', 'cm.created': '할 일: {text}', 'cm.done': '끝낸 할 일: {text}', 'cm.meeting': '미팅: {text}', 'cm.note': '노트: {text}', 'cm.delivered': '{name}: {n}회 노출', 'cm.private': '비공개 채널의 일' },
  en: { 'cm.moved': '{from} → {to}', 'cm.began': 'Began in {to}', 'cm.amount': 'Amount {a} → {b}', 'cm.close': 'Close date {a} → {b}', 'cm.created': 'Task: {text}', 'cm.done': 'Task done: {text}', 'cm.meeting': 'Meeting: {text}', 'cm.note': 'Note: {text}', 'cm.delivered': '{name}: {n} impressions', 'cm.private': 'In a private channel' },
});

const named = f => f.subject ?? f.title ?? f.name ?? f.text ?? '';

export function sentence({ kind, what, actor_name: who, facts: f }, stages = {}) {
  const stage = of => inLang(typeof of === 'object' && of ? of : stages[of] ?? { ko: STAGES[of] ?? of ?? '', en: of ?? '' });
  if (kind === 'message') return t('cu.said', { name: who || '?', text: f.text });
  if (kind === 'shared') return t('cu.shared', { name: who || '?', text: f.title });
  if (kind === 'stage') return f.from ? t('cm.moved', { from: stage(f.from), to: stage(f.to) }) : t('cm.began', { to: stage(f.to) });
  if (kind === 'change') return [f.amount && t('cm.amount', { a: money(f.amount[0], f.currency), b: money(f.amount[1], f.currency) }), f.close_date && t('cm.close', { a: shortDate(f.close_date[0]), b: shortDate(f.close_date[1]) })].filter(Boolean).join(' · ') || t('cu.k.change');
  if (kind === 'task') return t(what === 'done' ? 'cm.done' : 'cm.created', { text: named(f) });
  if (kind === 'meeting') return t('cm.meeting', { text: named(f) });
  if (kind === 'note') return t('cm.note', { text: named(f) });
  if (kind === 'delivery') return t('cm.delivered', { name: named(f), n: num(f.impressions ?? 0) });
  return [t('cu.k.' + kind), named(f)].filter(Boolean).join(': ');
}
// The names of the stages that every pipeline begins with; a customer's own deals bring theirs.
const STAGES = { Prospecting: '발굴', Qualified: '검토', Proposal: '제안', Negotiation: '협상', 'Closed Won': '수주', 'Closed Lost': '실주' };
