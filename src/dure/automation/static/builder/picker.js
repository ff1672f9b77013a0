// What a builder chooses from: triggers and steps, in groups.
import { t, words } from '../../web/kit.js';
import { iconOf, iconOfSlice, kinds } from '../kinds.js';

words({
  ko: { 'auto.addstep': '단계 추가', 'auto.choosetrigger': '무엇이 시작합니까', 'auto.g.own': '때와 손', 'auto.g.flow': '흐름', 'auto.g.http': '바깥', 'auto.g.channels': '채널', 'auto.g.deals': '거래', 'auto.g.pacing': '페이싱', 'auto.g.social': '소셜', 'auto.g.segments': '세그먼트', 'auto.g.campaigns': '캠페인', 'auto.g.people': '사람', 'auto.g.metrics': '지표', 'auto.g.governance': '구성원', 'auto.g.automation': '자동화', 'auto.g.app': '제품', 'auto.g.ingest': '들어오는 이벤트',
    'auto.t.every': '일정한 간격으로', 'auto.t.at': '정해진 시각에', 'auto.t.hook': '웹훅이 올 때', 'auto.t.crosses': '값이 선을 넘을 때', 'auto.t.record': '기록에서 손으로', 'auto.t.hand': '손으로 시작할 때', 'auto.t.event': '다른 이벤트…', 'auto.t.everyhint': '예: 15분마다', 'auto.t.athint': '예: 영업일 아침 9시', 'auto.t.hookhint': '바깥 시스템이 주소를 부를 때', 'auto.t.crosseshint': '예: 달성률이 90% 아래로 내려갈 때', 'auto.t.recordhint': '거래 화면의 단추 등', 'auto.t.handhint': '사람이나 API가 시작', 'auto.t.eventhint': '이름을 직접 적습니다' },
  en: { 'auto.addstep': 'Add a step', 'auto.choosetrigger': 'What starts it', 'auto.g.own': 'Time and hand', 'auto.g.flow': 'Flow', 'auto.g.http': 'Outside', 'auto.g.channels': 'Channels', 'auto.g.deals': 'Deals', 'auto.g.pacing': 'Pacing', 'auto.g.social': 'Social', 'auto.g.segments': 'Segments', 'auto.g.campaigns': 'Campaigns', 'auto.g.people': 'People', 'auto.g.metrics': 'Metrics', 'auto.g.governance': 'Members', 'auto.g.automation': 'Automations', 'auto.g.app': 'Product', 'auto.g.ingest': 'Incoming events',
    'auto.t.every': 'At an interval', 'auto.t.at': 'At a time of day', 'auto.t.hook': 'When a webhook comes', 'auto.t.crosses': 'When a value crosses a line', 'auto.t.record': 'By hand on a record', 'auto.t.hand': 'When started by hand', 'auto.t.event': 'Another event…', 'auto.t.everyhint': 'such as every 15 minutes', 'auto.t.athint': 'such as 9:00 on business days', 'auto.t.hookhint': 'another system calls an address', 'auto.t.crosseshint': 'such as progress falling below 90 %', 'auto.t.recordhint': 'a button on a deal', 'auto.t.handhint': 'by a person or the API', 'auto.t.eventhint': 'by its name' },
});

const groupName = slice => { const key = 'auto.g.' + slice, text = t(key); return text === key ? slice : text; };

// Every trigger there is: [{group, items: [{value, title, hint, icon, trigger}]}]
export function triggerChoices() {
  const own = [['every', { every: '1h' }, 'calendar'], ['at', { at: '09:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] }, 'calendar'], ['hook', { hook: {} }, 'globe'], ['record', { record: { type: 'deal' } }, 'play'], ['hand', {}, 'play'], ['event', { event: '' }, 'bolt']]
    .filter(([name]) => ['hand', 'event'].includes(name) || kinds.hasTrigger(name))
    .map(([name, trigger, sign]) => ({ value: name, title: t('auto.t.' + name), hint: t(`auto.t.${name}hint`), icon: sign, trigger }));
  if (kinds.hasTrigger('crosses')) own.splice(3, 0, { value: 'crosses', title: t('auto.t.crosses'), hint: t('auto.t.crosseshint'), icon: 'trend', trigger: { event: 'Line Item Paced', crosses: { prop: 'progress', below: 0.9 } } });
  const slices = new Map();
  const into = (slice, item) => { if (!slices.has(slice)) slices.set(slice, []); slices.get(slice).push(item); };
  for (const it of kinds.data?.triggers ?? []) into(it.name.split('.')[0], { value: it.name, title: kinds.trigger(it.name), hint: it.name, icon: iconOfSlice(it.name.split('.')[0]), trigger: { kind: it.name, with: {} } });
  for (const it of kinds.data?.events ?? []) into(it.slice, { value: it.name, title: kinds.event(it.name), hint: it.name, icon: iconOfSlice(it.slice), trigger: { event: it.name } });
  return [...[...slices].sort(([a], [b]) => order(a) - order(b)).map(([slice, items]) => ({ group: groupName(slice), items })), { group: t('auto.g.own'), items: own }];
}

export function stepChoices() {
  const slices = new Map();
  for (const it of kinds.data?.steps ?? []) {
    const slice = it.name.split('.')[0];
    if (!slices.has(slice)) slices.set(slice, []);
    slices.get(slice).push({ value: it.name, title: kinds.step(it.name), hint: it.name, about: kinds.about(it.name), icon: iconOf(it.name) });
  }
  const flow = (kinds.data?.control ?? []).map(it => ({ value: it.name, title: kinds.step(it.name), hint: '', icon: iconOf(it.name) }));
  return [{ group: t('auto.g.flow'), items: flow }, ...[...slices].sort(([a], [b]) => order(a) - order(b)).map(([slice, items]) => ({ group: groupName(slice), items }))];
}
const ORDER = ['channels', 'deals', 'pacing', 'social', 'segments', 'campaigns', 'people', 'metrics', 'governance', 'app', 'automation', 'http'];
const order = slice => ORDER.indexOf(slice) < 0 ? 50 : ORDER.indexOf(slice);
