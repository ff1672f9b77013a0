// A line above every screen while the log is late: nothing is lost, but answers are old.
import { api, boot, duration, html, icon, notices, route, shallowRef, t, words } from '../web/kit.js';

words({
  ko: { 'late.behind': '이벤트는 안전하게 받고 있지만, 지금 보이는 답은 {for} 전까지의 것입니다.', 'late.down': '이벤트는 안전하게 받고 있지만, 이벤트 로그가 답하지 않아 분석 화면이 멈춰 있습니다.', 'late.more': '상태 보기' },
  en: { 'late.behind': 'Events are accepted and safe, but answers are {for} behind.', 'late.down': 'Events are accepted and safe, but the event log does not answer, so analytics stand still.', 'late.more': 'Show status' },
});

const EVERY = 60_000, LATE = 60, status = shallowRef(null);

async function look() {
  if (document.hidden) return;
  try {
    status.value = await api.get('/status', { quiet: true });
  } catch (error) {
    if (error.status === 403) clearInterval(timer);   // a guest is not told
    status.value = null;
  }
}
const timer = boot.me ? setInterval(look, EVERY) : null;
if (boot.me) look();

notices.set('late', () => {
  const s = status.value, down = s && !s.parts.log.ok;
  if (!s || route.path === '/status' || (!down && s.answers_behind_seconds <= LATE)) return null;
  const shown = (boot.pages ?? []).some(page => page.name === 'status');
  return html`<div class="offline late" role="status">${icon('clock')}<span>${down ? t('late.down') : t('late.behind', { for: duration(s.answers_behind_seconds) })}</span>${shown && html`<a class="btn sm ghost" href="/status">${t('late.more')}</a>`}</div>`;
});
