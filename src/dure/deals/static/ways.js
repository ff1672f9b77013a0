// The ways from one screen of deals to the others, in the top bar.
import { html, go, Menu, t, words } from '../web/kit.js';

words({
  ko: { 'deals.ways': '거래 화면', 'deals.way.board': '보드', 'deals.way.table': '표', 'deals.way.forecast': '예측', 'deals.way.more': '더 보기',
    'deals.way.duplicates': '중복 정리', 'deals.way.import': '가져오기', 'deals.way.settings': '파이프라인 설정' },
  en: { 'deals.ways': 'Screens of deals', 'deals.way.board': 'Board', 'deals.way.table': 'Table', 'deals.way.forecast': 'Forecast', 'deals.way.more': 'More',
    'deals.way.duplicates': 'Duplicates', 'deals.way.import': 'Import', 'deals.way.settings': 'Pipeline settings' },
});

const PATHS = { board: '/deals', table: '/deals/table', forecast: '/deals/forecast' };
const MORE = { duplicates: ['/deals/duplicates', 'copy'], import: ['/deals/import', 'download'], settings: ['/deals/settings', 'cog'] };

export const Ways = {
  props: ['at'],
  setup: p => () => html`<nav class="row deals-ways" aria-label=${t('deals.ways')}>
    <span class="seg">${Object.entries(PATHS).map(([name, path]) => html`<a key=${name} class=${name === p.at ? 'on' : ''} href=${path} aria-current=${name === p.at ? 'page' : null}>${t('deals.way.' + name)}</a>`)}</span>
    <${Menu} label=${t('deals.way.more')} icon="more" cls="btn ghost ico sm" items=${Object.entries(MORE).map(([name, [path, icon]]) => ({ label: t('deals.way.' + name), icon, checked: p.at === name, run: () => go(path) }))} /></nav>`,
};
