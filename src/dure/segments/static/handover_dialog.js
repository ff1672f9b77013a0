// Handing a segment over: to whom, what for, how long, by which goal it is judged, how many are left alone.
import { api, askForm, date, inLang, isoDay, num, t, toast } from '../web/kit.js';
import { endOfDay } from './days.js';
import { isOpen } from './handovers.js';
import './handovers_words.js';
import { FUNCTIONS } from './words.js';

const shareOf = share => num(share * 100, 1) + '%';

// Lots are drawn by person and segment: of two shares the larger holds back everybody that the smaller does.
function warned(open) {
  if (!open.length) return null;
  const most = Math.max(...open.map(h => h.control_share));
  return [...open.map(h => t('hov.stillopen', { d: date(h.at), to: t('seg.f.' + h.to), purpose: h.purpose, p: shareOf(h.control_share) })), ...most ? [t('hov.stays', { p: shareOf(most) })] : []];
}

export async function handOver(segment) {
  const [{ scores }, { handovers }, events] = await Promise.all([api.get('/scores'), api.get('/handovers', { query: { segment: segment.id } }), api.get('/events/names', { quiet: true }).then(found => found.events.map(one => one.name), () => undefined)]);
  const teams = FUNCTIONS.map(name => ({ value: name, label: t('seg.f.' + name) })), scored = scores.filter(s => s.model);
  return askForm({
    title: t('hov.do') + ' · ' + inLang(segment.name), submitLabel: t('hov.do'), warning: warned(handovers.filter(isOpen)),
    fields: [
      { name: 'purpose', label: t('hov.purpose'), required: true, hint: t('hov.purposehint'), autofocus: true },
      { name: 'from', label: t('hov.from'), type: 'select', initial: 'product', options: teams }, { name: 'to', label: t('hov.to'), type: 'select', initial: 'marketing', options: teams },
      { name: 'goal', label: t('hov.goal'), optional: true, options: events, hint: t('hov.goalhint') },
      { name: 'window', label: t('hov.window'), hint: t('hov.windowhint'), initial: '14d', when: v => !!v.goal },
      { name: 'expires', label: t('hov.until'), type: 'date', optional: true, initial: isoDay(Date.now() + 14 * 86400000) },
      { name: 'control', label: t('hov.share'), type: 'number', unit: '%', min: 0, max: 99, initial: 50, hint: t('hov.sharehint') },
      ...(scored.length ? [{ name: 'score', label: t('hov.score'), type: 'select', initial: '', hint: t('hov.scorehint'), options: [{ value: '', label: t('hov.noscore') }, ...scored.map(s => ({ value: s.id, label: inLang(s.name) }))] }] : []),
    ],
    submit: async v => {
      const made = await api.post(`/segments/${segment.id}/hand-over`, {
        to: v.to, from_team: v.from, purpose: v.purpose, control_share: (v.control ?? 50) / 100, score: v.score ?? '',
        ...(v.expires ? { expires: endOfDay(v.expires, true) } : {}), ...(v.goal?.trim() ? { goal: { event: v.goal.trim() }, window: v.window || '14d' } : {}),
      });
      toast(t('hov.done', { n: made.treated, c: made.control, r: made.refused }));
      return made;
    },
  });
}
