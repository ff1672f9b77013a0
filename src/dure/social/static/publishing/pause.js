// The switch for a crisis: one click halts every post; a person lets them go on.
import { action, api, ask, dateTime, html, icon, load, reloadOn, t, toast } from '../../web/kit.js';
import './words.js';

// rules: a load() of /publishing/rules; named(id) the name of a colleague.
export const usePause = (named, after = () => {}) => {
  const rules = load(signal => api.get('/publishing/rules', { signal }));
  reloadOn(rules, 'social');
  const pause = action(async () => { rules.set(await api.post('/publishing/pause', {})); toast(t('pub.pausedone')); }, { failed: toast.error });
  const resume = action(async () => {
    if (!await ask({ title: t('pub.resume'), body: t('pub.resumeask'), action: t('pub.resume') })) return;
    const now = await api.post('/publishing/resume', {});
    rules.set(now); toast(now.held.length ? t('pub.held', { n: now.held.length }) : t('pub.resumed')); after();
  }, { failed: toast.error });
  const button = () => rules.data && !rules.data.paused_at && html`<button type="button" class="btn sm danger pub-pause" disabled=${pause.busy} @click=${() => pause.run()}>${icon('pause', 14)}${t('pub.pause')}</button>`;
  const banner = () => rules.data?.paused_at && html`<div class="notice bad pub-paused" role="status">${icon('pause', 16)}<b>${t('pub.paused')}</b><span class="mut grow cut">${t('pub.pausedby', { who: named(rules.data.paused_by), at: dateTime(rules.data.paused_at) })}${rules.data.paused_why && ` · ${rules.data.paused_why}`}</span>
    <button type="button" class="btn sm" disabled=${resume.busy} @click=${() => resume.run()}>${icon('play', 14)}${t('pub.resume')}</button></div>`;
  return { rules, button, banner };
};

// Names of colleagues by id, for whatever says who did something.
export const useNames = () => {
  const users = load(signal => api.get('/users', { signal, quiet: true }), {});
  const people = () => (users.data?.users ?? []).filter(one => !one.deleted && !one.is_bot);
  return { people, named: id => (users.data?.users ?? []).find(one => one.id === id)?.name ?? (id || '–') };
};
