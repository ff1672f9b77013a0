// To whom the segment was handed over, and handing it over.
import { Ago, api, askForm, date, html, isoDay, t, Table, toast } from '../../web/kit.js';
import { endOfDay } from '../days.js';
import { FUNCTIONS } from '../words.js';

export const handOver = (segment, reload) => askForm({
  title: t('seg.handover'), submitLabel: t('seg.handover'),
  fields: [
    { name: 'to', label: t('seg.to'), type: 'select', required: true, initial: 'marketing', options: FUNCTIONS.map(name => ({ value: name, label: t('seg.f.' + name) })) },
    { name: 'purpose', label: t('seg.purpose'), required: true, hint: t('seg.purposehint'), autofocus: true },
    { name: 'expires', label: t('seg.until'), type: 'date', optional: true, initial: isoDay(Date.now() + 14 * 86400000) },
    { name: 'control', label: t('seg.control'), type: 'number', unit: '%', min: 0, max: 99, initial: 50, hint: t('seg.controlhint') },
  ],
  submit: async v => {
    const made = await api.post(`/segments/${segment.id}/hand-over`, { to: v.to, purpose: v.purpose, control_share: (v.control ?? 50) / 100, ...(v.expires ? { expires: endOfDay(v.expires, true) } : {}) });
    toast(t('seg.handed', { n: made.size, c: made.control }));
    reload({ quiet: true });
    return made;
  },
});

export const Handovers = {
  props: ['segment', 'reload'],
  setup(p) {
    const columns = () => [
      { key: 'to', title: t('seg.to'), cls: 'nowrap', value: h => t('seg.f.' + h.to) }, { key: 'purpose', title: t('seg.purpose'), sort: false, value: h => h.purpose },
      { key: 'treated', title: t('seg.treated'), num: true, cls: 'nowrap', value: h => h.treated }, { key: 'control', title: t('seg.kept'), num: true, value: h => h.control },
      { key: 'expires_at', title: t('seg.until'), value: h => h.expires_at ?? '', render: h => h.expires_at ? date(h.expires_at) : '–' },
      { key: 'at', title: t('seg.when'), value: h => h.at, render: h => html`<${Ago} at=${h.at} />` },
    ];
    return () => html`<${Table} label=${t('seg.handovers')} columns=${columns()} rows=${p.segment.handovers}
      empty=${{ icon: 'send', title: t('seg.nohandovers'), ...(p.segment.size ? { action: { label: t('seg.handover'), run: () => handOver(p.segment, p.reload) } } : {}) }} />`;
  },
};
