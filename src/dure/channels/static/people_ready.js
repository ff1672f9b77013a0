// What runs beside every page: being here, counting what is unread for me, saying one's status from Ctrl-K.
import { acts, api, askForm, boot, go, t, toast } from '../web/kit.js';
import './people_words.js';
import { startNotices } from './notifying.js';
import { startPresence } from './presence.js';

if (boot.me.id) { startPresence(); startNotices(); }

async function status() {
  const values = await askForm({
    title: t('pn.status'),
    fields: [{ name: 'status_text', label: t('pn.status.text'), autofocus: true, optional: true }, { name: 'status_emoji', label: t('pn.status.emoji'), hint: t('pn.status.emoji.hint'), optional: true }],
    submit: given => api.patch('/channels/profile', { status_text: given.status_text ?? '', status_emoji: given.status_emoji ?? '', status_expiration: 0 }),
  });
  if (values) toast(t('pn.saved'));
}

acts([
  { title: { ko: '내 상태 바꾸기', en: 'Set my status' }, icon: 'smile', run: status },
  { title: { ko: '알림 설정', en: 'Notification settings' }, icon: 'cog', run: () => go('/settings/notifications') },
]);
