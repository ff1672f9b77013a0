// Adding a tile, or changing one: a metric of the catalogue, a question from Explore, or a text.
import { api, askForm, inLang, t, toast } from '../web/kit.js';
import './board_words.js';

// Puts what is shown elsewhere (a question of Explore, a metric of the catalogue) on a board: pin({question}, title), pin({metric}).
export async function pin(what, title = '') {
  const { boards } = await api.get('/boards');
  return askForm({
    title: t('bd.pin'), submitLabel: t('bd.pin'),
    values: { board: boards[0]?.id ?? null, look: what.question ? 'chart' : 'number', size: 1, title_ko: title, title_en: title },
    fields: [
      { name: 'board', label: t('bd.board'), type: 'select', required: true, options: boards.map(b => ({ value: b.id, label: inLang({ ko: b.name_ko, en: b.name_en }) })) },
      { name: 'title_ko', label: t('bd.title_ko'), required: !!what.question }, { name: 'title_en', label: t('bd.title_en'), required: !!what.question },
      { name: 'size', label: t('bd.size'), type: 'choice', options: sizes() }, { name: 'look', label: t('bd.look'), type: 'choice', options: looks() },
    ],
    submit: async ({ board: id, ...tile }) => {
      const board = boards.find(b => b.id === id), tiles = board.tiles.map(one => Object.fromEntries(Object.entries(one).filter(([, v]) => v != null)));
      await api.put('/boards/' + encodeURIComponent(id), { name_ko: board.name_ko, name_en: board.name_en, tiles: [...tiles, { ...tile, ...what }] });
      toast(t('bd.pinned'));
      return id;
    },
  });
}

const sizes = () => [1, 2, 3].map(n => ({ value: n, label: t('bd.columns', { n }) }));
const looks = () => ['number', 'chart', 'table'].map(value => ({ value, label: t('bd.' + value) }));

// The question in an address of Explore, or null.
export function questionIn(address) {
  try {
    const query = new URL(address.trim(), location.origin).searchParams;
    if (query.get('metric')) return { metric: query.get('metric') };
    const question = JSON.parse(query.get('q') ?? '');
    return question?.kind ? { question } : null;
  } catch { return null; }
}

export async function askTile(tile) {
  const { metrics } = await api.get('/metrics');
  const kind = tile?.text != null ? 'text' : tile?.question ? 'question' : 'metric';
  return askForm({
    title: t(tile ? 'bd.edit' : 'bd.add'), submitLabel: t(tile ? 'al.save' : 'bd.add'),
    values: { what: kind, metric: tile?.metric ?? metrics[0]?.id ?? null, address: tile?.question ? `${location.origin}/explore?q=${encodeURIComponent(JSON.stringify(tile.question))}` : '', text: tile?.text ?? '', title_ko: tile?.title_ko ?? '', title_en: tile?.title_en ?? '', size: tile?.size ?? 1, look: tile?.look ?? 'number' },
    fields: [
      { name: 'what', label: t('bd.what'), type: 'choice', options: ['metric', 'question', 'text'].map(value => ({ value, label: t('bd.' + value) })) },
      { name: 'metric', label: t('bd.choosemetric'), type: 'select', required: true, autofocus: true, options: metrics.map(m => ({ value: m.id, label: inLang({ ko: m.name_ko, en: m.name_en }) })), when: v => v.what === 'metric' },
      { name: 'address', label: t('bd.address'), type: 'textarea', rows: 3, required: true, hint: t('bd.addresshint'), when: v => v.what === 'question', check: v => questionIn(v) ? '' : t('bd.addresswrong') },
      { name: 'text', label: t('bd.text'), type: 'textarea', rows: 6, required: true, hint: t('bd.texthint'), when: v => v.what === 'text' },
      { name: 'title_ko', label: t('bd.title_ko'), hint: t('bd.titlehint') , when: v => v.what === 'metric' },
      { name: 'title_en', label: t('bd.title_en'), when: v => v.what === 'metric' },
      { name: 'title_ko', label: t('bd.title_ko'), required: true, when: v => v.what === 'question' },
      { name: 'title_en', label: t('bd.title_en'), required: true, when: v => v.what === 'question' },
      { name: 'size', label: t('bd.size'), type: 'choice', options: sizes() },
      { name: 'look', label: t('bd.look'), type: 'choice', when: v => v.what !== 'text', options: looks() },
    ],
    submit: v => {
      const base = { size: v.size, title_ko: v.title_ko ?? '', title_en: v.title_en ?? '' };
      if (v.what === 'text') return { ...base, text: v.text };
      return v.what === 'metric' ? { ...base, metric: v.metric, look: v.look } : { ...base, ...questionIn(v.address), look: v.look };
    },
  });
}
