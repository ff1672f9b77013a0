// What the test of words asks the kit in the browser.
import * as kit from '../web/kit.js';

export default function ask() {
  kit.words({ ko: { 'x.a': '{name}(을/를) {n}건', 'x.b': '{to}(으로/로) 옮겼습니다' }, en: { 'x.a': '{n} {n|deal|deals} of {name}' } });
  const out = [];
  kit.setLang('ko'); out.push(kit.t('x.a', { name: '한빛', n: 1200 }), kit.t('x.a', { name: '새벽커머스', n: 1 }), kit.t('x.b', { to: '서울' }), kit.t('x.b', { to: '제안' }));
  kit.setLang('en'); out.push(kit.t('x.a', { name: 'Acme', n: 1 }), kit.t('x.a', { name: 'Acme', n: 2 }), kit.t('x.c'));
  return out;
}
