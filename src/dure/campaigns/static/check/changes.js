// What is different between two designs, a line a difference.
import { html, icon, t, words } from '../../web/kit.js';
import { kindName } from '../canvas/said.js';
import { code } from '../words.js';

words({
  ko: { 'camp.ch.title': '승인 뒤 바뀐 것', 'camp.ch.none': '글, 대상, 일정은 같습니다. 쓰는 세그먼트나 실험, 그 플래그가 바뀌었습니다.', 'camp.ch.was': '전', 'camp.ch.is': '후', 'camp.ch.added': '단계 추가', 'camp.ch.removed': '단계 삭제', 'camp.ch.name': '이름', 'camp.ch.kind': '종류', 'camp.ch.entry': '들어오는 법', 'camp.ch.exits': '나가는 규칙', 'camp.ch.goal': '목표', 'camp.ch.window': '목표를 세는 기간', 'camp.ch.holdout': '대조군', 'camp.ch.global_holdout': '전체 대조군', 'camp.ch.priority': '급한 정도', 'camp.ch.topic': '성격', 'camp.ch.start': '처음 단계', 'camp.ch.experiment': '실험', 'camp.ch.unknown': '무엇이 승인되었는지 알 수 없습니다' },
  en: { 'camp.ch.title': 'Changed since it was approved', 'camp.ch.none': 'Words, audience and schedule are the same. What it stands on changed: a segment, its experiment or one of that one’s flags.', 'camp.ch.was': 'before', 'camp.ch.is': 'now', 'camp.ch.added': 'Step added', 'camp.ch.removed': 'Step removed', 'camp.ch.name': 'Name', 'camp.ch.kind': 'Kind', 'camp.ch.entry': 'How people come in', 'camp.ch.exits': 'Exit rules', 'camp.ch.goal': 'Goal', 'camp.ch.window': 'The goal counts for', 'camp.ch.holdout': 'Control', 'camp.ch.global_holdout': 'Global holdout', 'camp.ch.priority': 'Priority', 'camp.ch.topic': 'Topic', 'camp.ch.start': 'First step', 'camp.ch.experiment': 'Experiment', 'camp.ch.unknown': 'What was approved cannot be known' },
});

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
// What is chosen from a list, in the words of that list.
const named = (key, value) => key === 'topic' && value ? code('topic', value) : key === 'kind' && value ? t('camp.' + value) : value;
// [{what, place, before, after}] between two designs, node by node and part by part.
export function changesOf(before, after) {
  const found = [], old = new Map(before.nodes.map(node => [node.id, node])), now = new Map(after.nodes.map(node => [node.id, node]));
  for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(key => key !== 'nodes')) {
    if (same(before[key], after[key])) continue;
    const parts = key === 'entry' || key === 'name' ? [...new Set([...Object.keys(before[key] ?? {}), ...Object.keys(after[key] ?? {})])].filter(part => !same(before[key]?.[part], after[key]?.[part])) : [null];
    for (const part of parts) found.push({ what: 'changed', place: [t('camp.ch.' + key), part].filter(Boolean).join(' · '), before: named(key, part ? before[key]?.[part] : before[key]), after: named(key, part ? after[key]?.[part] : after[key]) });
  }
  for (const [id, node] of old) if (!now.has(id)) found.push({ what: 'removed', place: `${t('camp.ch.removed')} · ${kindName(node)} (${id})` });
  for (const [id, node] of now) {
    const was = old.get(id);
    if (!was) { found.push({ what: 'added', place: `${t('camp.ch.added')} · ${kindName(node)} (${id})` }); continue; }
    for (const key of [...new Set([...Object.keys(was), ...Object.keys(node)])]) {
      if (same(was[key], node[key])) continue;
      if (key !== 'texts') { found.push({ what: 'changed', place: `${kindName(node)} (${id}) · ${key}`, before: was[key], after: node[key] }); continue; }
      for (const lang of [...new Set([...Object.keys(was.texts ?? {}), ...Object.keys(node.texts ?? {})])]) for (const part of [...new Set([...Object.keys(was.texts?.[lang] ?? {}), ...Object.keys(node.texts?.[lang] ?? {})])]) {
        if (!same(was.texts?.[lang]?.[part], node.texts?.[lang]?.[part])) found.push({ what: 'changed', place: `${kindName(node)} (${id}) · ${code('lang', lang)} · ${code('t', part)}`, before: was.texts?.[lang]?.[part], after: node.texts?.[lang]?.[part] });
      }
    }
  }
  return found;
}

const written = value => value == null ? '–' : typeof value === 'string' ? value : JSON.stringify(value, null, 1).replace(/\n\s+/g, ' ').replace(/\n/g, ' ');
export const Differences = {
  props: ['changes'],
  setup: p => () => html`<ol class="camp-diff">${p.changes.map((one, i) => html`<li key=${i} class=${one.what}>${icon({ added: 'plus', removed: 'x', changed: 'edit' }[one.what], 13)}<div><b>${one.place}</b>${one.what === 'changed' && html`<pre class="was"><span class="sr">${t('camp.ch.was')}: </span>${written(one.before)}</pre><pre class="is"><span class="sr">${t('camp.ch.is')}: </span>${written(one.after)}</pre>`}</div></li>`)}</ol>`,
};

// What was approved last beside what it is now.
export const Changes = {
  props: ['campaign', 'approval'],
  setup(p) {
    return () => {
      const last = p.approval.requests.find(one => one.decision === 'approved' || !one.decision), found = last?.design ? changesOf(last.design, p.campaign.design) : null;
      return html`<section class="camp-changes"><h3>${t('camp.ch.title')}</h3>${found === null ? html`<p class="mut sm">${t('camp.ch.unknown')}</p>` : found.length ? html`<${Differences} changes=${found} />` : html`<p class="mut sm">${t('camp.ch.none')}</p>`}</section>`;
    };
  },
};
