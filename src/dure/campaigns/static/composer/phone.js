// A phone that shows what would come: a push on its lock screen, a card or banner in the app, a text message.
import { boot, html, icon, minute, ref, state, t, time, words } from '../../web/kit.js';
import { Seg } from '../canvas/fields.js';
import { holes } from '../canvas/said.js';

words({
  ko: { 'camp.ph.now': '지금', 'camp.ph.phone': '휴대폰 미리보기', 'camp.ph.theme': '휴대폰 바탕', 'camp.ph.close': '닫기', 'camp.ph.sms': '문자 메시지', 'camp.ph.browser': '웹브라우저 알림', 'camp.ph.untitled': '제목', 'camp.ph.unwritten': '본문' },
  en: { 'camp.ph.now': 'now', 'camp.ph.phone': 'Preview on a phone', 'camp.ph.theme': 'Phone theme', 'camp.ph.close': 'Close', 'camp.ph.sms': 'Text message', 'camp.ph.browser': 'Browser notification', 'camp.ph.untitled': 'Title', 'camp.ph.unwritten': 'Body' },
});

const said = (text, empty) => text ? holes(text) : html`<span class="mut">${empty}</span>`;
const host = url => { try { return new URL(url).host; } catch { return url; } };
const picture = url => url && html`<div class="camp-pic">${icon('eye', 18)}<span class="cut">${host(url)}</span></div>`;
const app = () => boot.workspace?.name ?? 'Dure';

export const Phone = {
  props: ['channel', 'content'],
  setup(p) {
    const dark = ref(state.dark ?? false);
    const notice = c => html`<div class="camp-note"><span class="camp-app">${app().slice(0, 1)}</span><div class="camp-note-in"><div class="row sm mut"><span class="cut">${p.channel === 'web_push' ? location.host : app()}</span><span class="grow"></span><span>${t('camp.ph.now')}</span></div><b>${said(c.title, t('camp.ph.untitled'))}</b><p>${said(c.text, t('camp.ph.unwritten'))}</p>${picture(c.image)}</div></div>`;
    const lock = c => html`<div class="camp-lock"><p class="camp-clock num">${time(minute.value)}</p>${notice(c)}</div>`;
    const shapes = () => html`${[64, 40, 40, 52].map((h, i) => html`<i key=${i} style=${{ height: h + 'px' }}></i>`)}`;
    const inApp = c => { const form = c.more?.form || 'card', button = c.more?.button;
      return html`<div class="camp-inapp"><div class="camp-shapes" aria-hidden="true">${shapes()}</div>${form === 'banner' ? html`<div class="camp-banner"><div class="camp-note-in"><b>${said(c.title, t('camp.ph.untitled'))}</b>${c.text && html`<p>${holes(c.text)}</p>`}</div>${button && html`<span class="camp-do">${holes(button)}</span>`}<span class="mut">${icon('x', 14)}</span></div>`
        : html`<div class="camp-cardover"><span class="camp-shut mut">${icon('x', 14)}</span>${picture(c.image)}<b>${said(c.title, t('camp.ph.untitled'))}</b>${c.text && html`<p>${holes(c.text)}</p>`}${button && html`<span class="camp-do wide">${holes(button)}</span>`}</div>`}</div>`; };
    const sms = c => html`<div class="camp-sms"><p class="mut sm c">${t('camp.ph.sms')}</p><div class="camp-bubble">${said(c.text, t('camp.ph.unwritten'))}</div></div>`;
    return () => html`<div class="camp-phonebox"><${Seg} label=${t('camp.ph.theme')} value=${dark.value} options=${[[false, t('camp.m.light')], [true, t('camp.m.dark')]]} change=${v => { dark.value = v; }} />
      <div class="camp-phone" role="img" aria-label=${t('camp.ph.phone')} data-theme=${dark.value ? 'dark' : 'light'}><div class="camp-screen">${{ push: lock, web_push: lock, in_app: inApp, sms }[p.channel]?.(p.content)}</div></div></div>`;
  },
};
