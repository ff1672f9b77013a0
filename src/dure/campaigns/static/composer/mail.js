// A letter as a mail program shows it, in a frame that runs nothing of what is in it.
import { html, onBeforeUnmount, onMounted, ref, remember, t, watch, words } from '../../web/kit.js';
import { Seg } from '../canvas/fields.js';

words({
  ko: { 'camp.m.desktop': '넓게', 'camp.m.mobile': '휴대폰', 'camp.m.light': '밝게', 'camp.m.dark': '어둡게', 'camp.m.width': '너비', 'camp.m.theme': '바탕', 'camp.m.nosubject': '(제목 없음)', 'camp.m.letter': '메일 미리보기', 'camp.m.from': '보내는 사람' },
  en: { 'camp.m.desktop': 'Desktop', 'camp.m.mobile': 'Mobile', 'camp.m.light': 'Light', 'camp.m.dark': 'Dark', 'camp.m.width': 'Width', 'camp.m.theme': 'Theme', 'camp.m.nosubject': '(no subject)', 'camp.m.letter': 'Preview of the letter', 'camp.m.from': 'From' },
});

const Frame = {
  props: ['content', 'dark'],
  setup(p) {
    const el = ref(), high = ref(300);
    const send = () => el.value?.contentWindow?.postMessage({ html: p.content, dark: p.dark }, '*');
    const hear = e => { if (e.source !== el.value?.contentWindow) return; if (e.data?.ready) send(); if (e.data?.height > 0) high.value = Math.min(2400, e.data.height + 2); };
    onMounted(() => addEventListener('message', hear));
    onBeforeUnmount(() => removeEventListener('message', hear));
    watch(() => [p.content, p.dark], send);
    return () => html`<iframe ref=${el} class="camp-frame" title=${t('camp.m.letter')} sandbox="allow-scripts" src="/api/v1/campaigns/letter-frame" height=${high.value}></iframe>`;
  },
};

// props: content {title, text, html, preheader}, from, to
export const Mail = {
  props: ['content', 'from', 'to'],
  setup(p) {
    const width = ref(remember('camp-mail-width') ?? 'desktop'), dark = ref(false);
    const plain = text => `<pre style="font:15px/1.6 -apple-system,'Apple SD Gothic Neo','Malgun Gothic','Noto Sans CJK KR',sans-serif;white-space:pre-wrap;overflow-wrap:anywhere;margin:0;padding:16px">${text.replace(/[&<>]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c])}</pre>`;
    return () => html`<div class="camp-mailbox"><div class="row wrap"><${Seg} label=${t('camp.m.width')} value=${width.value} options=${[['desktop', t('camp.m.desktop')], ['mobile', t('camp.m.mobile')]]} change=${v => { width.value = v; remember('camp-mail-width', v); }} />
        <${Seg} label=${t('camp.m.theme')} value=${dark.value} options=${[[false, t('camp.m.light')], [true, t('camp.m.dark')]]} change=${v => { dark.value = v; }} /></div>
      <article class=${`camp-letter ${width.value}`} data-theme=${dark.value ? 'dark' : 'light'}><header><b class="camp-subject">${p.content.title || t('camp.m.nosubject')}</b>${p.content.preheader && html`<span class="mut sm cut">${p.content.preheader}</span>`}
        <span class="mut sm cut">${[p.from, p.to && '→ ' + p.to].filter(Boolean).join(' ')}</span></header><${Frame} content=${p.content.html || plain(p.content.text ?? '')} dark=${dark.value} /></article></div>`;
  },
};
