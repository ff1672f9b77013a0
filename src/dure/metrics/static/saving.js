// Keeping a question: as a metric of the catalogue, as a tile of a board, as a link.
import { api, askForm, t, toast, words } from '../web/kit.js';
import { pin } from './tile_form.js';
import { titleText } from './titles.js';
import './words.js';

words({
  ko: { 's.money': '금액', 's.board': '보드에 추가', 's.link': '링크 복사', 's.linked': '링크를 복사했습니다', 's.nocopy': '복사하지 못했습니다. 주소창의 주소를 쓰세요.' },
  en: { 's.money': 'Money', 's.board': 'Add to a board', 's.link': 'Copy link', 's.linked': 'Link copied', 's.nocopy': 'Could not copy. Use the address in the address bar.' },
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
      { name: 'function', label: t('mx.function'), type: 'select', optional: true, options: choices(['product', 'marketing', 'sales', 'ad_ops', 'social', 'care', 'people', 'press', 'executives']) },
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

// A metric stays a metric on the board; another question is a tile of its own.
export const addToBoard = question => question.kind === 'metric' ? pin({ metric: question.metric }) : pin({ question }, titleText(question));

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
