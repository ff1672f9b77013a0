// Keeping a question: as a metric of the catalogue, as a tile of a board, as a link.
import { api, askForm, inLang, t, toast, words } from '../web/kit.js';
import { titleText } from './titles.js';
import './words.js';

words({
  ko: { 's.money': '금액', 's.board': '보드에 추가', 's.title': '제목', 's.which': '보드', 's.newboard': '새 보드 이름', 's.new': '새 보드',
    's.added': '보드에 추가했습니다', 's.link': '링크 복사', 's.linked': '링크를 복사했습니다', 's.nocopy': '복사하지 못했습니다. 주소창의 주소를 쓰세요.' },
  en: { 's.money': 'Money', 's.board': 'Add to a board', 's.title': 'Title', 's.which': 'Board', 's.newboard': 'Name of the new board',
    's.new': 'New board', 's.added': 'Added to the board', 's.link': 'Copy link', 's.linked': 'Link copied',
    's.nocopy': 'Could not copy. Use the address in the address bar.' },
});

export const MEASURABLE = ['trend', 'funnel', 'retention'];
const UNITS = { trend: 'count', funnel: 'percent', retention: 'percent' };

export function keepAsMetric(question) {
  const { from, to, breakdown, compare, times, trend, moving_average, ...body } = question;
  const choices = (values, word = v => 'mx.' + v) => values.map(value => ({ value, label: t(word(value)) }));
  return askForm({
    title: t('mx.keep'), submitLabel: t('mx.keep'),
    fields: [
      { name: 'name_ko', label: t('mx.nameko'), required: true, autofocus: true }, { name: 'name_en', label: t('mx.nameen'), required: true },
      { name: 'function', label: t('mx.function'), type: 'select', optional: true, options: choices(['product', 'marketing', 'sales', 'ad_ops', 'social', 'care']) },
      { name: 'unit', label: t('mx.unit'), type: 'select', initial: UNITS[question.kind], options: choices(['count', 'percent', 'seconds', 'money'], v => ({ count: 'mx.number', percent: 'mx.share', seconds: 'mx.seconds', money: 's.money' })[v]) },
      { name: 'direction', label: t('mx.direction'), type: 'select', initial: 'up', options: choices(['up', 'down']) },
      { name: 'target', label: t('mx.target'), type: 'number', optional: true },
    ],
    submit: async v => {
      await api.post('/metrics', { ...Object.fromEntries(Object.entries(v).filter(([, one]) => one !== '' && one != null)), question: body });
      toast(t('mx.kept'));
      return true;
    },
  });
}

const NEW = '+';
export async function addToBoard(question) {
  let boards;
  try { boards = (await api.get('/boards')).boards; } catch (error) { toast.error(error); return; }
  const tile = question.kind === 'metric' ? () => ({ metric: question.metric }) : title => ({ question, title });
  await askForm({
    title: t('s.board'), submitLabel: t('s.board'),
    fields: [
      ...(question.kind === 'metric' ? [] : [{ name: 'title', label: t('s.title'), required: true, initial: titleText(question), autofocus: true }]),
      { name: 'board', label: t('s.which'), type: 'select', required: true, initial: boards[0]?.id ?? NEW,
        options: [...boards.map(b => ({ value: b.id, label: inLang({ ko: b.name_ko, en: b.name_en }) })), { value: NEW, label: t('s.new') }] },
      { name: 'name', label: t('s.newboard'), required: true, when: v => v.board === NEW },
    ],
    submit: async v => {
      const board = boards.find(b => b.id === v.board);
      if (board) {
        const now = (await api.get('/boards')).boards.find(b => b.id === board.id) ?? board;
        await api.put('/boards/' + encodeURIComponent(board.id), { ...now, tiles: [...now.tiles, tile(v.title)] });
      } else await api.post('/boards', { name_ko: v.name, name_en: v.name, tiles: [tile(v.title)] });
      toast(t('s.added'));
      return true;
    },
  });
}

// The clipboard is only there over TLS or at home; else the old way.
export async function copied(text, said) {
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else {
      const field = Object.assign(document.createElement('textarea'), { value: text });
      document.body.append(field);
      field.select();
      const done = document.execCommand('copy');
      field.remove();
      if (!done) throw new Error('refused');
    }
    toast(said);
  } catch { toast.error(t('s.nocopy')); }
}
