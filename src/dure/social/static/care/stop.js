// A hard stop: something was said after one began to write.
import { Ago, Dialog, html, t } from '../../web/kit.js';
import './words.js';

// props: newer [{kind, by, name, text, at}], close(true to send anyway)
export const Stop = {
  props: ['newer', 'close'],
  setup: p => () => html`<${Dialog} title=${t('care.stop')} onClose=${() => p.close(false)}>
    <div class="stack"><p>${t('care.stopbody')}</p><ul class="care-newer">${p.newer.map(one => html`<li key=${one.seq}><div class="row sm"><b>${one.name || (one.kind === 'reply' ? t('care.colleague') : t('care.customer'))}</b><span class="mut"><${Ago} at=${one.at} /></span></div><p class="care-said">${one.text || t('care.deleted')}</p></li>`)}</ul>
    <div class="actions end"><button type="button" class="btn danger" @click=${() => p.close(true)}>${t('care.sendanyway')}</button><button type="button" class="btn pri" autofocus @click=${() => p.close(false)}>${t('care.lookfirst')}</button></div></div><//>`,
};
