// People an hour beside what was to be expected, with the spikes marked.
import { api, boot, html, inLang, Line, load, Loaded, num, Panel, ref, reloadOn, shortDate, state, t } from '../web/kit.js';

export const Volume = {
  props: ['topic', 'topics'],
  setup(p) {
    const days = ref(7);
    const volume = load(signal => api.get('/mentions/volume', { signal, query: { topic: p.topic, days: days.value } }), { watch: () => [p.topic, days.value], keep: true });
    reloadOn(volume, 'social');
    const span = () => html`<span class="seg" role="group">${[2, 7, 30].map(n => html`<button type="button" key=${n}
      aria-pressed=${String(days.value === n)} @click=${() => { days.value = n; }}>${t('social.days', { n })}</button>`)}</span>`;
    const name = () => p.topic ? `${t('social.volume')} · ${inLang(p.topics?.[p.topic] ?? {}) || p.topic}` : t('social.volume');
    return () => html`<${Panel} title=${name()} note=${t('social.volumenote')} tools=${span()}>
      <${Loaded} of=${volume} skeleton="chart" show=${data => html`<${Line} label=${name()} height=${168} x=${hours(data, days.value)}
        format=${v => num(v, v < 10 && v % 1 ? 1 : 0)} unfinished=${1} marks=${marks(data)} series=${[
          { name: t('social.voices'), values: data.seen, area: true, dash: 0, color: 'var(--c1)' },
          { name: t('social.usual'), values: data.expected, dash: 1, color: 'var(--fg-2)' },
          { name: t('social.alarm'), values: data.upper, dash: 2, color: 'var(--c2)' },
        ]} />`} /><//>`;
  },
};

const HOUR = 3_600_000;

function hours(data, days) {
  const zone = boot.workspace.timezone, start = Date.parse(data.start);
  const hour = new Intl.DateTimeFormat('en', { hour: '2-digit', hourCycle: 'h23', timeZone: zone });
  const weekday = new Intl.DateTimeFormat(state.lang, { weekday: 'short', timeZone: zone });
  return data.seen.map((_, i) => {
    const at = new Date(start + i * HOUR);
    return `${days > 7 ? shortDate(at) : weekday.format(at)} ${hour.format(at)}${state.lang === 'ko' ? '시' : 'h'}`;
  });
}

// Spikes that began in the same hour share a mark. At the right edge its name would lie over the names of the lines.
function marks(data) {
  const at = new Map();
  for (const spike of data.spikes) {
    const i = Math.floor((Date.parse(spike.started_at) - Date.parse(data.start)) / HOUR);
    if (i >= 0 && i < data.seen.length) at.set(i, [...(at.get(i) ?? []), inLang(spike.topic_title)]);
  }
  return [...at].map(([i, names]) => ({ at: i, label: i < data.seen.length * 0.9 ? names.join(', ') : '' }));
}
