// Offering a channel to a partner on another server: by a link, or to an e-mail with the link in a letter.
import { api, askForm, Dialog, html, icon, openDialog, t } from '../web/kit.js';
import './connections_words.js';
import './partner_words.js';
import { copyText } from './message_tools.js';
import { rooms } from './rooms.js';

const Link = {
  props: ['made', 'email', 'close'],
  setup: p => () => html`<${Dialog} title=${t('fed.link.title')} @close=${p.close}><div class="stack"><p>${t('fed.link.body')}</p>
    <code class="mono" style="user-select:all;overflow-wrap:anywhere">${p.made.link}</code>
    ${p.made.state === 'requested' && html`<div class="notice warn">${icon('clock')}<span class="grow">${t('fed.link.requested')}</span></div>`}
    ${p.email && html`<p class="mut">${t(p.made.letter ? 'fed.link.letter' : 'fed.link.noletter', { email: p.email })}</p>`}
    <div class="actions"><button type="button" class="btn pri" @click=${() => copyText(p.made.link, t('fed.link.copied'))}>${icon('copy')}${t('fed.link.copy')}</button></div></div><//>`,
};

// `partners`: those who can be reached; one of them is chosen where there are several. Resolves once something was offered.
export async function offer(partners) {
  const own = rooms.list.filter(one => one.kind === 'channel' && one.home && one.member !== false && !one.archived && !one.reach);
  let email = '';
  const made = await askForm({
    title: partners.length === 1 ? t('fed.offer.title', { name: partners[0].name }) : t('fed.offer'), submitLabel: t('fed.offer.go'), body: own.length ? '' : t('fed.offer.none'),
    fields: [
      ...(partners.length > 1 ? [{ name: 'partner', label: t('fed.offer.pick'), type: 'select', required: true, options: partners.map(one => ({ value: one.id, label: one.name })) }] : []),
      { name: 'channel', label: t('fed.offer.channel'), type: 'select', required: true, options: own.map(one => ({ value: one.id, label: '#' + one.name })) },
      { name: 'email', label: t('fed.offer.email'), type: 'email', optional: true, hint: t('fed.offer.email.hint') },
      { name: 'limited', label: t('cn.share.limited'), type: 'switch', hint: t('cn.share.limited.hint') },
    ],
    submit: values => {
      email = (values.email ?? '').trim();
      return api.post(`/partners/${values.partner ?? partners[0].id}/offers`, { channel: values.channel, email, limited: !!values.limited, link: true });
    },
  });
  if (made) await openDialog(Link, { made, email });
  return made;
}
