// From a mention to its conversation; where there is none, one is opened.
import { action, api, go, html, icon, t, toast } from '../../web/kit.js';
import './words.js';

// props: mention
export const ToInbox = {
  props: ['mention'],
  setup(p) {
    const open = action(async () => go('/inbox?c=' + (await api.post('/conversations', { mention: p.mention.id })).id), { failed: toast.error });
    return () => html`<div class="row"><button type="button" class="btn sm" disabled=${open.busy} @click=${open.run}>${icon('inbox', 14)}${t('care.openinbox')}</button></div>`;
  },
};
