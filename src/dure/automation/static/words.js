// What the automation screens say, and definitions as sentences.
import { num, state, t, words } from '../web/kit.js';

export { useKinds } from './kinds.js';

words({
  ko: {
    'auto.edit': '편집', 'auto.test': '시험', 'auto.note': '무엇을 왜 바꿨나요', 'auto.notehint': '버전 기록에 남습니다', 'auto.undo': '되돌리기', 'auto.retries': '시도 횟수', 'auto.decidenote': '메모',
    'auto.list': '자동화', 'auto.recipes': '레시피', 'auto.failed': '실패한 실행', 'auto.name': '이름', 'auto.when': '언제', 'auto.today': '오늘 실행', 'auto.failures': '오늘 실패', 'auto.underway': '진행 중', 'auto.version': '버전', 'auto.on': '켜짐', 'auto.off': '꺼짐', 'auto.recipe': '레시피',
    'auto.none': '아직 자동화가 없습니다', 'auto.nonebody': '준비된 레시피를 켜면 바로 일하기 시작합니다.', 'auto.seerecipes': '레시피 보기', 'auto.nofailed': '실패한 실행이 없습니다', 'auto.nofailedbody': '모든 단계가 끝까지 갔습니다.', 'auto.norecipes': '레시피가 없습니다',
    'auto.switchedon': '{name}(을/를) 켰습니다', 'auto.switchedoff': '{name}(을/를) 껐습니다', 'auto.turnon': '켜기', 'auto.open': '열기', 'auto.switch': '{name} 켜고 끄기', 'auto.stopped': '멈춤',
    'auto.every': '{d}마다', 'auto.at': '{days} {at}', 'auto.daily': '매일', 'auto.byhand': '손으로 시작할 때', 'auto.event': '‘{event}’ 때',
    'auto.flow': '흐름', 'auto.runs': '실행 기록', 'auto.norun': '아직 실행되지 않았습니다', 'auto.norunbody': '조건에 맞는 이벤트가 오면 여기에 한 줄씩 쌓입니다.', 'auto.once': '한 번의 기준', 'auto.keyevent': '이벤트마다', 'auto.keysubject': '대상마다 한 번', 'auto.keyvalue': '{key} 값마다 한 번', 'auto.bulk': '대량', 'auto.lane': '줄', 'auto.interactive': '즉시',
    'auto.end': '끝', 'auto.yes': '예', 'auto.no': '아니요', 'auto.timeout': '시간이 지나면', 'auto.outcome.event': '이벤트가 오면', 'auto.outcome.settled': '사람이 알린 결과', 'auto.outcome.answer': '답하면', 'auto.next1': '다음', 'auto.wait': '기다리기', 'auto.wait_event': '이벤트 기다리기', 'auto.branch': '갈림길', 'auto.split': '나누기', 'auto.approve': '사람에게 묻기', 'auto.ask': '양식 묻기', 'auto.each': '항목마다', 'auto.run': '다른 자동화 실행', 'auto.set': '값에 이름 붙이기', 'auto.outside': '외부 호출',
    'auto.subject': '대상', 'auto.status': '상태', 'auto.started': '시작', 'auto.took': '걸린 시간', 'auto.error': '오류', 'auto.automation': '자동화', 'auto.running': '진행 중', 'auto.waiting': '대기', 'auto.done': '끝남', 'auto.statusfailed': '실패', 'auto.statusstopped': '중지됨',
    'auto.ready': '차례를 기다림', 'auto.claimed': '호출 중', 'auto.dead': '실패', 'auto.unknown': '결과 모름', 'auto.skipped': '건너뜀', 'auto.retrying': '다시 시도 예정', 'auto.attempts': '{n}번 시도', 'auto.inputs': '입력', 'auto.outputs': '출력', 'auto.trigger': '시작한 이벤트', 'auto.retryhere': '여기서 다시', 'auto.retry': '다시 시도', 'auto.skip': '건너뛰고 계속', 'auto.stop': '중지', 'auto.stopask': '이 실행을 중지할까요?', 'auto.stopbody': '남은 단계는 하지 않습니다. 이미 한 일은 남습니다.', 'auto.again': '다시 시작했습니다', 'auto.nosteps': '아직 지나온 단계가 없습니다',
    'auto.hand': '손으로 실행', 'auto.handsubject': '대상', 'auto.handhint': '거래나 사람의 ID. 비워도 됩니다', 'auto.handdone': '실행을 시작했습니다', 'auto.drywhy': '조건에 맞지 않은 까닭',
    'auto.decided': '결정을 남겼습니다', 'auto.saved': '버전 {n}(으로/로) 저장했습니다', 'auto.json': '정의는 JSON이어야 합니다', 'auto.new': '새 자동화', 'auto.made': '{name}(을/를) 만들었습니다', 'auto.more': '더 보기', 'auto.all': '전체', 'auto.onhook': '웹훅이 올 때', 'auto.onrecord': '기록에서 손으로 ({type})', 'auto.monthly': '매월 {day}', 'auto.businessdays': '영업일', 'auto.fallsbelow': '{prop} 값이 {v} 아래로 내려갈 때', 'auto.risesabove': '{prop} 값이 {v} 위로 올라갈 때', 'auto.queued': '차례를 기다림', 'auto.dropped': '한도를 넘어 버려짐', 'auto.limit.per_subject_per': '한도: 같은 대상을 너무 빨리 다시 시작함', 'auto.limit.runs_per_hour': '한도: 한 시간에 시작할 수 있는 수를 넘음', 'auto.limit.at_once': '한도: 한꺼번에 진행할 수 있는 수를 넘음',
    'auto.stopped.depth': '실행이 꼬리를 물고 {depth}번 이어져 멈췄습니다 (‘{event}’). 고친 뒤 다시 켜세요.', 'auto.stopped.rate': '스스로 일으킨 실행이 1분에 {runs}건을 넘어 멈췄습니다 (‘{event}’). 고친 뒤 다시 켜세요.',
  },
  en: {
    'auto.edit': 'Edit', 'auto.test': 'Test', 'auto.note': 'What was changed, and why', 'auto.notehint': 'kept in the list of versions', 'auto.undo': 'Undo', 'auto.retries': 'Attempts', 'auto.decidenote': 'Note',
    'auto.list': 'Automations', 'auto.recipes': 'Recipes', 'auto.failed': 'Failed runs', 'auto.name': 'Name', 'auto.when': 'When', 'auto.today': 'Runs today', 'auto.failures': 'Failed today', 'auto.underway': 'Under way', 'auto.version': 'Version', 'auto.on': 'On', 'auto.off': 'Off', 'auto.recipe': 'Recipe',
    'auto.none': 'No automations yet', 'auto.nonebody': 'Switch on a ready recipe and it starts to work.', 'auto.seerecipes': 'See the recipes', 'auto.nofailed': 'No run has failed', 'auto.nofailedbody': 'Every step came to its end.', 'auto.norecipes': 'There are no recipes',
    'auto.switchedon': '{name} is on', 'auto.switchedoff': '{name} is off', 'auto.turnon': 'Switch on', 'auto.open': 'Open', 'auto.switch': 'Switch {name}', 'auto.stopped': 'Stopped',
    'auto.every': 'Every {d}', 'auto.at': '{days} at {at}', 'auto.daily': 'Every day', 'auto.byhand': 'When started by hand', 'auto.event': 'On “{event}”',
    'auto.flow': 'Flow', 'auto.runs': 'Runs', 'auto.norun': 'It has not run yet', 'auto.norunbody': 'Each event that meets its conditions becomes a line here.', 'auto.once': 'Once for each', 'auto.keyevent': 'event', 'auto.keysubject': 'subject', 'auto.keyvalue': 'value of {key}', 'auto.bulk': 'bulk', 'auto.lane': 'Lane', 'auto.interactive': 'interactive',
    'auto.end': 'End', 'auto.yes': 'Yes', 'auto.no': 'No', 'auto.timeout': 'After the time', 'auto.outcome.event': 'When it comes', 'auto.outcome.settled': 'Said by a person', 'auto.outcome.answer': 'When answered', 'auto.next1': 'Next', 'auto.wait': 'Wait', 'auto.wait_event': 'Wait for an event', 'auto.branch': 'Branch', 'auto.split': 'Split', 'auto.approve': 'Ask a person', 'auto.ask': 'Ask a form', 'auto.each': 'For each item', 'auto.run': 'Run another automation', 'auto.set': 'Name values', 'auto.outside': 'calls out',
    'auto.subject': 'Subject', 'auto.status': 'Status', 'auto.started': 'Started', 'auto.took': 'Took', 'auto.error': 'Error', 'auto.automation': 'Automation', 'auto.running': 'Running', 'auto.waiting': 'Waiting', 'auto.done': 'Done', 'auto.statusfailed': 'Failed', 'auto.statusstopped': 'Stopped',
    'auto.ready': 'In line', 'auto.claimed': 'Calling', 'auto.dead': 'Failed', 'auto.unknown': 'Outcome unknown', 'auto.skipped': 'Skipped', 'auto.retrying': 'Will be tried again', 'auto.attempts': '{n} {n|attempt|attempts}', 'auto.inputs': 'Input', 'auto.outputs': 'Output', 'auto.trigger': 'The event that started it', 'auto.retryhere': 'Retry from here', 'auto.retry': 'Try again', 'auto.skip': 'Skip and go on', 'auto.stop': 'Stop', 'auto.stopask': 'Stop this run?', 'auto.stopbody': 'What is left is not done. What was done stays.', 'auto.again': 'It is under way again', 'auto.nosteps': 'No step was taken yet',
    'auto.hand': 'Run by hand', 'auto.handsubject': 'Subject', 'auto.handhint': 'The id of a deal or a person; may be empty', 'auto.handdone': 'The run was started', 'auto.drywhy': 'Why others did not',
    'auto.decided': 'The decision is kept', 'auto.saved': 'Saved as version {n}', 'auto.json': 'A definition is JSON', 'auto.new': 'New automation', 'auto.made': '{name} was made', 'auto.more': 'More', 'auto.all': 'All', 'auto.onhook': 'When a webhook comes', 'auto.onrecord': 'By hand on a record ({type})', 'auto.monthly': 'Day {day} of the month', 'auto.businessdays': 'business days', 'auto.fallsbelow': 'When {prop} falls below {v}', 'auto.risesabove': 'When {prop} rises above {v}', 'auto.queued': 'In line', 'auto.dropped': 'Dropped by a limit', 'auto.limit.per_subject_per': 'Limit: too soon again for the same subject', 'auto.limit.runs_per_hour': 'Limit: more than may begin within an hour', 'auto.limit.at_once': 'Limit: more than may be under way at once',
    'auto.stopped.depth': 'Stopped: its runs caused one another {depth} times in a row (“{event}”). Change it, then switch it on again.', 'auto.stopped.rate': 'Stopped: its own runs caused more than {runs} runs of it within a minute (“{event}”). Change it, then switch it on again.',
  },
});

const UNITS = { ko: { s: '초', m: '분', h: '시간', d: '일', w: '주' }, en: { s: ' s', m: ' min', h: ' h', d: ' d', w: ' w' } };
const WEEK = { ko: { mon: '월', tue: '화', wed: '수', thu: '목', fri: '금', sat: '토', sun: '일' }, en: { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' } };

export const DAYS = () => WEEK[state.lang];

// "1d 12h" as people say it.
export const lasting = text => String(text).replace(/([\d.]+)\s*([smhdw])/g, (all, n, unit) => n + UNITS[state.lang][unit]);

// What starts a run, as a sentence.
export function trigger(definition, kinds) {
  const it = definition.trigger ?? {};
  if (it.kind) return kinds.trigger(it.kind);
  if (it.crosses) return t(it.crosses.below != null ? 'auto.fallsbelow' : 'auto.risesabove', { prop: it.crosses.prop, v: num(it.crosses.below ?? it.crosses.above, 4) });
  if (it.event) return t('auto.event', { event: kinds.event(it.event) });
  if (it.every) return t('auto.every', { d: lasting(it.every) });
  if (it.at || it.monthday) return t('auto.at', { days: it.monthday ? t('auto.monthly', { day: it.monthday }) : it.days?.length ? it.days.map(day => day === 'business' ? t('auto.businessdays') : DAYS()[day]).join('·') : t('auto.daily'), at: it.at ?? '' });
  if (it.hook) return t('auto.onhook');
  if (it.record) return t('auto.onrecord', { type: it.record.type });
  return t('auto.byhand');
}

const OPS = { '=': '=', '!=': '≠', '>': '>', '>=': '≥', '<': '<', '<=': '≤', in: '∈', not_in: '∉', contains: '∋', set: '✓', not_set: '∅' };

// A filter as a short text.
export const filter = it => `${it.prop || '…'} ${OPS[it.op ?? '=']}${['set', 'not_set'].includes(it.op) ? '' : ' ' + (Array.isArray(it.value) ? it.value.join(', ') : typeof it.value === 'number' ? num(it.value) : it.value)}`;

// An outcome of a node: yes, no, the event came, the time passed, or the name of a part.
export const way = outcome => ({ '': t('auto.next1'), yes: t('auto.yes'), no: t('auto.no'), timeout: t('auto.timeout'), event: t('auto.outcome.event'), answer: t('auto.outcome.answer'), done: t('auto.done'), failed: t('auto.statusfailed'), settled: t('auto.outcome.settled') })[outcome] ?? went(outcome);

// What a run is about, for people: the name that its event carries, else the subject.
export const about = run => run.event?.properties?.name || run.about || run.subject;

// What makes a trigger the same one.
export function once(definition) {
  const key = definition.trigger.key ?? 'event';
  return key === 'event' || key === 'subject' ? t('auto.key' + key) : t('auto.keyvalue', { key: key.replace('event.properties.', '') });
}

// Why a run went no further, where that is a code: a limit that dropped it. Else what the step itself said.
export const went = error => error?.startsWith('limit:') ? t('auto.limit.' + error.slice(6)) : error;

// Why an automation was stopped: for feeding itself. What was stopped by an earlier release says so in English only.
export const whyStopped = (it, kinds) => it.stopped ? t('auto.stopped.' + it.stopped.reason, { ...it.stopped, event: kinds.event(it.stopped.cause) }) : it.stopped_because;

// A state's badge: [kind, text, icon].
const RUN = { running: ['info', 'auto.running', 'play'], waiting: ['warn', 'auto.waiting', 'clock'], done: ['ok', 'auto.done'], failed: ['bad', 'auto.statusfailed'], stopped: ['', 'auto.statusstopped', 'pause'], queued: ['', 'auto.queued', 'clock'], dropped: ['', 'auto.dropped', 'x'] };
const STEP = { ready: ['info', 'auto.ready', 'clock'], claimed: ['info', 'auto.claimed', 'play'], waiting: ['warn', 'auto.waiting', 'clock'], done: ['ok', 'auto.done'], failed: ['warn', 'auto.retrying', 'refresh'], dead: ['bad', 'auto.dead'], unknown: ['bad', 'auto.unknown', 'info'], skipped: ['', 'auto.skipped', 'arrow'] };
const badge = ([kind, key, icon]) => ({ kind, text: t(key), icon });
export const runBadge = status => badge(RUN[status] ?? ['', status]);
export const stepBadge = status => badge(STEP[status] ?? ['', status]);

// Seconds between two moments, null while it goes on.
export const took = it => it.ended_at ? (new Date(it.ended_at) - new Date(it.started_at)) / 1000 : null;
