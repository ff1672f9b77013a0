// Every handover: from whom to whom, what for, until when, and how it stands.
import { Ago, api, Badge, date, go, html, inLang, load, num, reloadOn, t, Table } from '../web/kit.js';
import './handovers_words.js';
import './words.js';

export const isOpen = h => !h.ended_at && (!h.expires_at || new Date(h.expires_at) > new Date());

export default {
  props: ['params', 'query'],
  setup() {
    const found = load(async signal => {
      const [{ handovers }, { segments }] = await Promise.all([api.get('/handovers', { signal }), api.get('/segments', { signal })]);
      const names = Object.fromEntries(segments.map(s => [s.id, s.name]));
      return handovers.map(h => ({ ...h, name: names[h.segment] ?? { ko: h.segment, en: h.segment } }));
    });
    reloadOn(found, 'segments');
    const columns = () => [
      { key: 'name', title: t('hov.segment'), value: h => inLang(h.name), render: h => html`<b class="cut">${inLang(h.name)}</b>` },
      { key: 'purpose', title: t('hov.purpose'), sort: false, render: h => html`<span class="cut">${h.purpose}</span>` },
      { key: 'to', title: t('hov.to'), cls: 'nowrap', value: h => t('hov.fromto', { a: t('seg.f.' + h.from), b: t('seg.f.' + h.to) }) },
      { key: 'treated', title: t('hov.treated'), num: true, value: h => h.treated, render: h => num(h.treated) }, { key: 'control', title: t('hov.control'), num: true, value: h => h.control, render: h => num(h.control) },
      { key: 'goal', title: t('hov.goal'), value: h => h.goal?.event ?? '–', cls: 'mut' },
      { key: 'until', title: t('hov.until'), cls: 'nowrap', value: h => h.expires_at ?? '', render: h => html`<span class="row">${h.expires_at ? date(h.expires_at) : t('hov.never')}<${Badge} kind=${isOpen(h) ? 'ok' : ''} text=${t(isOpen(h) ? 'hov.open' : 'hov.ended')} /></span>` },
      { key: 'at', title: t('hov.at'), value: h => h.at, render: h => html`<${Ago} at=${h.at} />` },
    ];
    return () => html`<div class="view fill"><${Table} label=${t('hov.title')} columns=${columns()} rows=${found.data} loading=${found.loading} error=${found.error} retry=${found.reload}
      empty=${{ icon: 'send', title: t('hov.none'), body: t('hov.nonebody') }} open=${h => go('/handovers/' + h.id)} /></div>`;
  },
};
