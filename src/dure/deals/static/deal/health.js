// How a deal is doing: the score with the parts it is made of, and its chance of being won with the reasons.
import { html, Ago, icon, num, percent, t, words, date, duration } from '../../web/kit.js';
import '../forecast/words.js';

words({
  ko: {
    'dh.title': '거래 상태', 'dh.band.good': '좋음', 'dh.band.fair': '보통', 'dh.band.poor': '나쁨', 'dh.young': '3일이 지나면 점수를 매깁니다', 'dh.none': '곧 계산합니다', 'dh.closed': '끝난 거래는 점수를 매기지 않습니다', 'dh.of': '{n}점', 'dh.all': '모든 항목', 'dh.unknown': '아직 모름', 'dh.points': '{got}/{of}', 'dh.heard': '고객이 마지막으로 쓴 때', 'dh.at': '계산',
    'dh.p.momentum': '모멘텀', 'dh.p.threads': '연결된 고객', 'dh.p.stage_age': '단계에 머문 날', 'dh.p.slips': '마감 연기', 'dh.p.overdue': '마감', 'dh.p.questions': '답하지 않은 질문', 'dh.p.latency': '고객 응답 속도', 'dh.p.balance': '대화 균형', 'dh.p.next_step': '다음 일정',
    'dh.s.momentum': '수주한 거래의 {rank}보다 활발', 'dh.s.momentum0': '최근 활동 {momentum}', 'dh.s.threads': '최근 30일 고객 {people}명과 대화', 'dh.s.roles': '대화 기록은 없고 등록된 담당자 {roles}명', 'dh.s.power': '결정권자가 없습니다', 'dh.s.stage_age': '{days}일째, 수주한 거래는 보통 {usual}일 안', 'dh.s.stage_age0': '{days}일째', 'dh.s.stalled': '멈춰 있습니다', 'dh.s.slips': '{slips}번 미뤘습니다', 'dh.s.slips0': '미룬 적 없음', 'dh.s.overdue': '{days}일 지났습니다', 'dh.s.overdue0': '아직 남았습니다',
    'dh.s.questions': '{open}개가 하루 넘게 기다립니다', 'dh.s.questions0': '모두 답했습니다', 'dh.s.latency': '요즘 {hours}, 전에는 {before}', 'dh.s.balance': '고객 {theirs}, 우리 {ours} (28일)', 'dh.s.dated': '날짜가 있습니다', 'dh.s.written': '적혀 있지만 날짜가 없습니다', 'dh.s.step0': '없습니다',
    'dh.chance': '수주 확률', 'dh.usual': '보통 {v}', 'dh.why.young': '3일이 안 됐습니다', 'dh.why.beyond': '끝난 어떤 거래보다 오래됐습니다', 'dh.stageprob': '단계 확률 {p}', 'dh.rateonly': '모든 거래에 같은 수주율', 'dh.moves': '{p} 올림', 'dh.lowers': '{p} 내림',
    'dh.u.days': '{n}일', 'dh.u.times': '{n}번', 'dh.u.acts': '{n}건',
  },
  en: {
    'dh.title': 'Health', 'dh.band.good': 'Good', 'dh.band.fair': 'Fair', 'dh.band.poor': 'Poor', 'dh.young': 'Scored after three days', 'dh.none': 'Being computed', 'dh.closed': 'Closed deals have no score', 'dh.of': '{n} points', 'dh.all': 'All parts', 'dh.unknown': 'not known yet', 'dh.points': '{got}/{of}', 'dh.heard': 'Customer last wrote', 'dh.at': 'Computed',
    'dh.p.momentum': 'Momentum', 'dh.p.threads': 'People at the customer', 'dh.p.stage_age': 'Days in stage', 'dh.p.slips': 'Close date moved', 'dh.p.overdue': 'Close date', 'dh.p.questions': 'Open questions', 'dh.p.latency': 'Customer’s answers', 'dh.p.balance': 'Balance', 'dh.p.next_step': 'Next step',
    'dh.s.momentum': 'livelier than {rank} of won deals', 'dh.s.momentum0': 'recent activity {momentum}', 'dh.s.threads': '{people} {people|person wrote|people wrote} in 30 days', 'dh.s.roles': 'no messages; {roles} {roles|contact|contacts} named', 'dh.s.power': 'no decision maker', 'dh.s.stage_age': '{days} days; won deals left within {usual}', 'dh.s.stage_age0': '{days} days', 'dh.s.stalled': 'it stands still', 'dh.s.slips': 'moved out {slips} {slips|time|times}', 'dh.s.slips0': 'never moved out', 'dh.s.overdue': '{days} {days|day|days} past', 'dh.s.overdue0': 'still ahead',
    'dh.s.questions': '{open} wait longer than a day', 'dh.s.questions0': 'all answered', 'dh.s.latency': 'now {hours}, before {before}', 'dh.s.balance': '{theirs} theirs, {ours} ours in 28 days', 'dh.s.dated': 'it has a date', 'dh.s.written': 'written down, without a date', 'dh.s.step0': 'none',
    'dh.chance': 'Chance of winning', 'dh.usual': 'usually {v}', 'dh.why.young': 'younger than three days', 'dh.why.beyond': 'older than any deal that ever ended', 'dh.stageprob': 'stage says {p}', 'dh.rateonly': 'the same win rate for every deal', 'dh.moves': '{p} up', 'dh.lowers': '{p} down',
    'dh.u.days': '{n} {n|day|days}', 'dh.u.times': '{n} {n|time|times}', 'dh.u.acts': '{n}',
  },
});

export const KIND = { good: 'ok', fair: 'warn', poor: 'bad' };
const hours = h => h == null ? '–' : duration(h * 3600);

// What a part rests on, as a sentence.
function said({ name, facts: f, value }) {
  if (name === 'momentum') return f.rank == null ? t('dh.s.momentum0', { momentum: num(f.momentum, 1) }) : t('dh.s.momentum', { rank: percent(f.rank, 0) });
  if (name === 'threads') return [f.people || value === 0 ? t('dh.s.threads', { people: f.people }) : t('dh.s.roles', { roles: f.roles }), f.roles > 0 && !f.decision_maker && t('dh.s.power')].filter(Boolean).join(', ');
  if (name === 'stage_age') return [f.usual ? t('dh.s.stage_age', { days: num(f.days), usual: num(f.usual) }) : t('dh.s.stage_age0', { days: num(f.days) }), f.stalled && t('dh.s.stalled')].filter(Boolean).join(', ');
  if (name === 'slips') return f.slips ? t('dh.s.slips', { slips: f.slips }) : t('dh.s.slips0');
  if (name === 'overdue') return f.days ? t('dh.s.overdue', { days: f.days }) : t('dh.s.overdue0');
  if (name === 'questions') return f.open ? t('dh.s.questions', { open: f.open }) : t('dh.s.questions0');
  if (name === 'latency') return t('dh.s.latency', { hours: hours(f.hours), before: hours(f.before) });
  if (name === 'balance') return t('dh.s.balance', { theirs: f.theirs, ours: f.ours });
  return t(f.step ? 'dh.s.' + f.step : 'dh.s.step0');
}

// A score as a badge that says its band in words; small enough for a card.
export const Score = {
  props: ['of', 'long'],
  setup: p => () => p.of?.score == null ? null : html`<span class=${'badge deals-score ' + KIND[p.of.band]} title=${[`${t('dh.title')}: ${t('dh.band.' + p.of.band)}`, ...p.of.reasons.map(r => t('dh.p.' + r))].join(' · ')}>${icon('heart', 12)}<span class="num">${p.of.score}</span>${p.long && t('dh.band.' + p.of.band)}</span>`,
};

export const Health = {
  props: ['health', 'closed'],
  setup: p => () => {
    const h = p.health;
    if (!h || h.score == null) return html`<p class="mut sm">${t(p.closed ? 'dh.closed' : h?.why === 'young' ? 'dh.young' : 'dh.none')}</p>`;
    const reasons = h.reasons.map(name => h.parts.find(part => part.name === name)).filter(Boolean);
    const look = part => part.value >= 0.7 ? ['ok', 'check'] : part.value >= 0.4 ? ['warn', 'clock'] : ['bad', 'warn'];
    return html`<div class="dh"><div class="row"><${Score} of=${h} long=${true} /><span class="dh-bar" role="img" aria-label=${t('dh.of', { n: h.score })}><i class=${KIND[h.band]} style=${`width:${h.score}%`}></i></span></div>
      <ul class="dh-reasons">${reasons.map(part => html`<li key=${part.name} class=${look(part)[0]}>${icon(look(part)[1], 14)}<span><b>${t('dh.p.' + part.name)}</b> <span class="mut">${said(part)}</span></span></li>`)}</ul>
      <details><summary class="mut sm">${t('dh.all')}</summary><ul class="dh-parts">${h.parts.map(part => html`<li key=${part.name}><span>${t('dh.p.' + part.name)}</span><span class="mut sm">${part.value == null ? t('dh.unknown') : said(part)}</span><span class="num sm mut">${part.value == null ? '–' : t('dh.points', { got: num(part.weight * part.value, 1), of: part.weight })}</span></li>`)}</ul>
      <p class="mut sm">${h.last_theirs && html`${t('dh.heard')}: ${date(h.last_theirs)} · `}${t('dh.at')} <${Ago} at=${h.computed_at} /></p></details></div>`;
  },
};

const shown = (name, v) => ['stage', 'owner', 'product', 'account', 'sector'].includes(name) ? percent(v, 0)
  : ['age', 'stage_age', 'due', 'quiet'].includes(name) ? t('dh.u.days', { n: Math.round(v) }) : name === 'slips' ? t('dh.u.times', { n: Math.round(v) }) : name === 'amount' ? num(v) : t('dh.u.acts', { n: Math.round(v) });

export const Chance = {
  props: ['chance', 'probability', 'closed'],
  setup: p => () => {
    const c = p.chance;
    if (p.closed || !c) return null;
    return html`<div class="dh"><div class="row"><b class="dh-chance num">${c.chance == null ? '–' : percent(c.chance, 0)}</b><span class="mut sm">${c.chance == null ? t('dh.why.' + c.why) : t('dh.stageprob', { p: percent(p.probability / 100, 0) })}</span></div>
      ${c.chance != null && !c.reasons?.length && html`<p class="mut sm">${t('dh.rateonly')}</p>`}
      <ul class="dh-reasons">${(c.reasons ?? []).map(r => html`<li key=${r.name} class=${r.effect > 0 ? 'ok' : 'bad'}>${icon(r.effect > 0 ? 'up' : 'down', 14)}<span><b>${t('fc.f.' + r.name)}</b> <span class="num">${shown(r.name, r.value)}</span> <span class="mut sm">${t('dh.usual', { v: shown(r.name, r.typical) })} · ${t(r.effect > 0 ? 'dh.moves' : 'dh.lowers', { p: percent(Math.abs(r.effect), 1) })}</span></span></li>`)}</ul></div>`;
  },
};
