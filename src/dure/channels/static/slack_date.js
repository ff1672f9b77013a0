// Moments as apps write them: `<!date^1392734382^{date_short} at {time}|Feb 18, 2014>`, in the reader's language and zone.
import { ago, boot, isoDay, state, t, today, zone } from '../web/kit.js';

const kept = new Map();
function format(options) {
  const key = state.lang + zone() + JSON.stringify(options);
  if (!kept.has(key)) kept.set(key, new Intl.DateTimeFormat(state.lang === 'ko' ? 'ko-KR' : 'en-US', { timeZone: zone(), ...options }));
  return kept.get(key);
}

function pretty(at, otherwise) {
  const days = Math.round((Date.parse(isoDay(at)) - Date.parse(today())) / 86_400_000);
  const near = { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }[days];
  return near ? t('ch.day.' + near) : otherwise;
}

const day = { year: 'numeric', month: 'long', day: 'numeric' }, short = { year: 'numeric', month: 'short', day: 'numeric' }, long = { weekday: 'long', ...day };
const WORDS = {
  date_num: at => isoDay(at),
  date_slash: at => isoDay(at).replaceAll('-', '/'),
  date: at => format(day).format(at), date_pretty: at => pretty(at, format(day).format(at)),
  date_short: at => format(short).format(at), date_short_pretty: at => pretty(at, format(short).format(at)),
  date_long: at => format(long).format(at), date_long_pretty: at => pretty(at, format(long).format(at)),
  date_long_full: at => format(long).format(at),
  day_divider_pretty: at => pretty(at, format({ weekday: 'long', month: 'long', day: 'numeric' }).format(at)),
  time: at => format({ hour: 'numeric', minute: '2-digit' }).format(at),
  time_secs: at => format({ hour: 'numeric', minute: '2-digit', second: '2-digit' }).format(at),
  ago: at => ago(at),
};

// A moment as the clock on the workspace's wall shows it, for a field: `2026-12-01T09:30`; and back to seconds.
export function onTheWall(seconds) {
  const part = Object.fromEntries(format({ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', numberingSystem: 'latn', calendar: 'iso8601' }).formatToParts(new Date(seconds * 1000)).map(one => [one.type, one.value.replace(/\D/g, '')]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}
export function fromTheWall(text) {
  const as = Date.parse(text + 'Z') / 1000;
  if (Number.isNaN(as)) return null;
  // The zone's distance from UTC is asked at the moment itself; twice, for the hour at which it changes.
  let at = as;
  for (let turn = 0; turn < 2; turn++) at = as - (Date.parse(onTheWall(at) + 'Z') / 1000 - at);
  return at;
}

// What is to be read; `otherwise` where the moment or the format makes no sense.
export function slackDate(seconds, form, otherwise = '') {
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime()) || !boot || typeof form !== 'string') return otherwise;
  return form.replace(/\{(\w+)\}/g, (whole, word) => WORDS[word]?.(at) ?? whole);
}
