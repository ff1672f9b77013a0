// The people behind a number, kept as a segment: fixed dates, or a range that moves with the day; given to a team if wanted.
import { api, askForm, go, t, toast, words } from '../web/kit.js';
import './words.js';

words({
  ko: {
    'mx.segsave': '세그먼트로 저장', 'mx.segname': '세그먼트 이름', 'mx.segrange': '기간', 'mx.segfixed': '{from} – {to}', 'mx.segmoves': '매일 최근 30일',
    'mx.segrangehint': '움직이는 기간은 다시 계산할 때마다 그날까지 셉니다.', 'mx.segteam': '인계할 팀', 'mx.segpurpose': '목적', 'mx.segpurposehint': '받는 팀이 이 사람들과 무엇을 하려는지. 절반은 대조군으로 남습니다.',
    'mx.segsaved': '{n}명을 세그먼트로 저장했습니다', 'mx.seggiven': '{n}명을 저장하고 {team} 팀에 인계했습니다', 'mx.segopen': '세그먼트 열기',
  },
  en: {
    'mx.segsave': 'Save as segment', 'mx.segname': 'Segment name', 'mx.segrange': 'Range', 'mx.segfixed': '{from} – {to}', 'mx.segmoves': 'the last 30 days, every day',
    'mx.segrangehint': 'A range that moves counts up to the day on which it is computed.', 'mx.segteam': 'Hand over to', 'mx.segpurpose': 'Purpose', 'mx.segpurposehint': 'What the team will do with these people. Half of them stay as a control group.',
    'mx.segsaved': '{n} {n|person|people} saved as a segment', 'mx.seggiven': '{n} {n|person|people} saved and handed over to {team}', 'mx.segopen': 'Open segment',
  },
});

// Which interval or cohort a cell is of hangs on where the range begins, so only a cell of the whole range can move.
const canMove = cell => cell.interval == null && cell.cohort == null;
const TEAMS = ['product', 'marketing', 'sales', 'ad_ops', 'social', 'care', 'people', 'press', 'executives'];

export const canBeSegment = question => (question.by ?? 'person') === 'person';

export async function saveAsSegment(question, { limit, after, ...cell }, title) {
  const day = text => String(text ?? '').slice(0, 10), { from, to, ...open } = question, dated = !!(from || to);
  const made = await askForm({
    title: t('mx.segsave'), submitLabel: t('mx.segsave'),
    fields: [
      { name: 'name', label: t('mx.segname'), required: true, autofocus: true, initial: title },
      ...(dated && canMove(cell) ? [{ name: 'moves', label: t('mx.segrange'), type: 'choice', initial: false, hint: t('mx.segrangehint'),
        options: [{ value: false, label: t('mx.segfixed', { from: day(from), to: day(to) }) }, { value: true, label: t('mx.segmoves') }] }] : []),
      { name: 'team', label: t('mx.segteam'), type: 'select', optional: true, options: TEAMS.map(value => ({ value, label: t('mx.' + value) })) },
      { name: 'purpose', label: t('mx.segpurpose'), required: true, hint: t('mx.segpurposehint'), when: v => !!v.team },
    ],
    submit: async v => ({ ...await api.post('/segments', { name: v.name, rule: { kind: 'counted', question: v.moves ? open : question, cell } }), team: v.team, purpose: v.purpose }),
  });
  if (!made) return null;
  const action = { label: () => t('mx.segopen'), run: () => go('/segments/' + made.id) };
  let said = t('mx.segsaved', { n: made.size });
  if (made.team) {
    try { await api.post(`/segments/${made.id}/hand-over`, { to: made.team, purpose: made.purpose }); said = t('mx.seggiven', { n: made.size, team: t('mx.' + made.team) }); }
    catch (error) { toast.error(error); }
  }
  toast(said, { action, seconds: 10 });
  return made;
}
