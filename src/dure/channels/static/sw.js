// The part of Dure that a browser keeps when no page is open: it shows what is pushed and opens where that leads.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));

self.addEventListener('push', event => {
  let told = {};
  try { told = event.data?.json() ?? {}; } catch { /* shown without words rather than not at all: browsers ask for it */ }
  event.waitUntil(self.registration.showNotification(told.title || 'Dure', {
    body: told.body || '', tag: told.tag || 'dure', renotify: true, data: { url: told.url || '/' },
  }));
});

self.addEventListener('notificationclick', event => {
  event.notification.close();
  const url = new URL(event.notification.data?.url || '/', self.location.origin);
  if (url.origin !== self.location.origin) return;
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const page = open.find(one => new URL(one.url).origin === url.origin);
    if (!page) return self.clients.openWindow(url.href);
    await page.focus();
    page.postMessage({ open: url.pathname + url.search });
  })());
});
