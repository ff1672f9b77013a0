// What the test of formats asks the kit in the browser.
import * as kit from '../web/kit.js';

export default function ask() {
  const both = fn => { const out = []; for (const lang of ['ko', 'en']) { kit.setLang(lang); out.push(fn()); } return out; };
  const at = '2025-11-15T05:03:00Z';
  return [
    both(() => kit.money(12_304_000_00)), both(() => kit.money(950)), both(() => kit.money(123_400_000_000_00)),
    both(() => kit.money(-25_000_000)), both(() => kit.money(123450, 'USD')), both(() => kit.exact(1234567)),
    both(() => kit.num(1234567)), both(() => kit.num(null)), both(() => kit.percent(0.3145)), both(() => kit.points(-0.021)),
    both(() => kit.date(at)), both(() => kit.date('2025-11-15')), both(() => kit.time(at)), both(() => kit.shortDate(at)),
    both(() => kit.time('1763182980.000100')), both(() => kit.isoDay('2025-11-14T15:30:00Z')),
    both(() => kit.ago(at, Date.parse(at) + 200e3)), both(() => kit.ago(at, Date.parse(at) + 10e3)),
    both(() => kit.ago(at, Date.parse(at) + 30 * 3600e3)), both(() => kit.duration(95)), both(() => kit.duration(90000)),
    both(() => kit.short(12345)), ['다온', 'Acme', '가람'].sort(kit.compare),
  ];
}
