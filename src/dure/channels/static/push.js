// This browser's own push: whether it can, whether it does, turning it on.
import { api } from '../web/kit.js';

export const can = () => 'serviceWorker' in navigator && 'PushManager' in window && isSecureContext;
export const denied = () => typeof Notification !== 'undefined' && Notification.permission === 'denied';

const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const name = () => (/(Edg|Firefox|Chrome|Safari)\//.exec(navigator.userAgent)?.[1] ?? 'Web').replace('Edg', 'Edge') + ' · ' + (navigator.userAgentData?.platform ?? navigator.platform ?? '');

// Asks the person, subscribes at the browser's maker and tells the server; false where the person said no.
export async function turnOn(key) {
  if (await Notification.requestPermission() !== 'granted') return false;
  const worker = await navigator.serviceWorker.register('/sw.js');
  await navigator.serviceWorker.ready;
  const wanted = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  let made;
  try { made = await worker.pushManager.subscribe(wanted); } catch {
    await (await worker.pushManager.getSubscription())?.unsubscribe();   // one with another server's key
    made = await worker.pushManager.subscribe(wanted);
  }
  await api.post('/channels/notices/devices', { endpoint: made.endpoint, p256dh: text(made.getKey('p256dh')), auth: text(made.getKey('auth')), label: name() });
  return true;
}
