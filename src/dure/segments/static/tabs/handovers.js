// To whom the segment was handed over, and handing it over.
import { Ago, date, go, html, t, Table } from '../../web/kit.js';
import { handOver } from '../handover_dialog.js';
import '../words.js';

export const Handovers = {
  props: ['segment', 'reload'],
  setup(p) {
    const columns = () => [
      { key: 'to', title: t('seg.to'), cls: 'nowrap', value: h => t('seg.f.' + h.to) }, { key: 'purpose', title: t('seg.purpose'), sort: false, value: h => h.purpose },
      { key: 'treated', title: t('seg.treated'), num: true, cls: 'nowrap', value: h => h.treated }, { key: 'control', title: t('seg.kept'), num: true, value: h => h.control },
      { key: 'expires_at', title: t('seg.until'), value: h => h.expires_at ?? '', render: h => h.expires_at ? date(h.expires_at) : '–' },
      { key: 'at', title: t('seg.when'), value: h => h.at, render: h => html`<${Ago} at=${h.at} />` },
    ];
    return () => html`<${Table} label=${t('seg.handovers')} columns=${columns()} rows=${p.segment.handovers} open=${h => go('/handovers/' + h.id)}
      empty=${{ icon: 'send', title: t('seg.nohandovers'), ...(p.segment.size ? { action: { label: t('seg.handover'), run: async () => { const made = await handOver(p.segment); if (made) go('/handovers/' + made.id); } } } : {}) }} />`;
  },
};
