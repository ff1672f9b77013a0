// Everything of the workspace stands still, or goes on: a line above the automations, and the button that does it.
import { action, Ago, api, askForm, html, icon, load, reloadOn, t, toast, words } from '../web/kit.js';
import { person } from './options.js';

words({
  ko: { 'auto.pauseall': '모두 멈춤', 'auto.resumeall': '다시 시작', 'auto.pausedall': '모든 자동화가 멈춰 있습니다', 'auto.pausebody': '새 실행은 시작하지 않고, 진행 중인 실행은 그 자리에서 기다립니다. 다시 시작하면 이어서 갑니다.', 'auto.pausereason': '왜 멈추나요', 'auto.resumed': '자동화가 다시 움직입니다', 'auto.pausedby': '{name}', 'auto.heldn': '실행 {n}건이 기다림' },
  en: { 'auto.pauseall': 'Pause all', 'auto.resumeall': 'Resume', 'auto.pausedall': 'All automations are paused', 'auto.pausebody': 'No run starts, and runs under way wait where they are. Resuming lets them go on.', 'auto.pausereason': 'Why', 'auto.resumed': 'Automations move again', 'auto.pausedby': 'by {name}', 'auto.heldn': '{n} {n|run waits|runs wait}' },
});

export function usePause() {
  const it = load(signal => api.get('/automations/paused', { signal }));
  reloadOn(it, 'automation');
  const pause = () => askForm({
    title: t('auto.pauseall'), body: t('auto.pausebody'), danger: true, submitLabel: t('auto.pauseall'), fields: [{ name: 'reason', label: t('auto.pausereason'), type: 'textarea', rows: 2, autofocus: true, required: true }],
    submit: async values => { it.set(await api.post('/automations/pause', { reason: values.reason })); },
  });
  const resume = action(async () => { it.set(await api.post('/automations/resume')); toast(t('auto.resumed')); }, { failed: toast.error });
  return { it, pause, resume, get paused() { return !!it.data?.paused; },
    line() {
      const held = it.data?.paused;
      return held && html`<div class="notice warn row auto-paused" role="status">${icon('pause')}<b>${t('auto.pausedall')}</b><span class="cut">${held.reason}</span><span class="mut sm nowrap">${held.paused_by && t('auto.pausedby', { name: person(held.paused_by) })} · <${Ago} at=${held.paused_at} />${held.held > 0 && ' · ' + t('auto.heldn', { n: held.held })}</span><button type="button" class="btn sm" disabled=${resume.busy} @click=${resume.run}>${icon('play', 13)}${t('auto.resumeall')}</button></div>`;
    } };
}
