// What a message consists of on its channel, each part a text with holes. What is wrong is said under its field, by line.
import { Holes, html, icon, nextTick, ref, t, words } from '../../web/kit.js';
import { Line, Seg } from '../canvas/fields.js';

words({
  ko: {
    'camp.t.subject': '제목', 'camp.t.preheader': '미리보기 글', 'camp.t.body': '본문', 'camp.t.mjml': 'MJML', 'camp.t.title': '제목', 'camp.t.url': '누르면 갈 주소', 'camp.t.image': '그림 주소', 'camp.t.form': '모양', 'camp.t.card': '카드', 'camp.t.banner': '배너', 'camp.t.button': '단추', 'camp.t.expires': '보이는 기간', 'camp.t.text': '글', 'camp.t.to': '채널', 'camp.t.plain': '글로', 'camp.t.expireshint': '예: 3d. 비우면 계속', 'camp.t.tomjml': 'MJML로', 'camp.t.line': '{n}번째 줄로', 'camp.t.chars': '{n}자', 'camp.t.short': '단문 {n}/90바이트', 'camp.t.long': '장문 {n}/2,000바이트', 'camp.t.preheaderhint': '받은 편지함에서 제목 옆에 보입니다', 'camp.t.swap': '쓰는 법',
  },
  en: {
    'camp.t.subject': 'Subject', 'camp.t.preheader': 'Preheader', 'camp.t.body': 'Body', 'camp.t.mjml': 'MJML', 'camp.t.title': 'Title', 'camp.t.url': 'Where it leads', 'camp.t.image': 'Address of a picture', 'camp.t.form': 'Form', 'camp.t.card': 'Card', 'camp.t.banner': 'Banner', 'camp.t.button': 'Button', 'camp.t.expires': 'Shown for', 'camp.t.text': 'Text', 'camp.t.to': 'Channel', 'camp.t.plain': 'Text', 'camp.t.expireshint': 'such as 3d; empty for ever', 'camp.t.tomjml': 'MJML', 'camp.t.line': 'Go to line {n}', 'camp.t.chars': '{n} {n|character|characters}', 'camp.t.short': 'Short, {n}/90 bytes', 'camp.t.long': 'Long, {n}/2,000 bytes', 'camp.t.preheaderhint': 'shown beside the subject in the inbox', 'camp.t.swap': 'Written as',
  },
});

// name, rows, more
const FIELDS = {
  email: [['subject'], ['preheader'], ['body', 13]], push: [['title'], ['body', 4], ['url'], ['image']], web_push: [['title'], ['body', 4], ['url'], ['image']], sms: [['body', 7]],
  in_app: [['title'], ['body', 4], ['button'], ['url'], ['image'], ['expires']], webhook: [['body', 12]], post: [['to'], ['text', 7]],
};
export const fieldsOf = (channel, text) => channel === 'email' && text.mjml != null ? [['subject'], ['preheader'], ['mjml', 18]] : FIELDS[channel] ?? [];

// How Korean carriers count a text: two bytes for what is not ASCII.
const bytes = text => [...text].reduce((sum, one) => sum + (one.charCodeAt(0) < 128 ? 1 : 2), 0);
const START = body => `<mjml>\n  <mj-body>\n    <mj-section>\n      <mj-column>\n        <mj-text>${(body || '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br />')}</mj-text>\n      </mj-column>\n    </mj-section>\n  </mj-body>\n</mjml>`;

// props: node, lang, text, change(text, of), errors(name) → {message, line}, scope, locked
export const TextFields = {
  props: ['node', 'text', 'change', 'wrong', 'scope', 'locked'],
  setup(p) {
    const box = ref();
    const set = (name, value) => p.change({ ...p.text, [name]: value }, name);
    // To the line that is wrong: the cursor stands in it, and it is chosen.
    function toLine(name, line) {
      const field = box.value?.querySelector(`[data-field="${name}"] textarea, [data-field="${name}"] input`);
      if (!field) return;
      const lines = field.value.split('\n'), from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
      nextTick(() => { field.focus(); field.setSelectionRange(from, from + (lines[line - 1] ?? '').length); const high = parseFloat(getComputedStyle(field).lineHeight) || 20; field.scrollTop = Math.max(0, (line - 3) * high); });
    }
    const note = name => { const value = p.text[name] ?? '';
      if (p.node.channel === 'sms' && name === 'body') { const n = bytes(value); return t(n <= 90 ? 'camp.t.short' : 'camp.t.long', { n }); }
      return ['subject', 'title', 'preheader'].includes(name) && value ? t('camp.t.chars', { n: [...value].length }) : name === 'expires' ? t('camp.t.expireshint') : ''; };
    function swap(how) {
      const { mjml, body, ...rest } = p.text;
      p.change(how === 'mjml' ? { ...rest, mjml: mjml ?? START(body) } : { ...rest, body: body || String(mjml ?? '').replace(/<br\s*\/?>/g, '\n').replace(/<[^>]+>/g, '').replace(/\n\s*\n+/g, '\n\n').trim() });
    }
    return () => html`<fieldset class=${`camp-form camp-texts ${p.node.channel}`} disabled=${p.locked} ref=${box}>${p.node.channel === 'email' && html`<div class="row"><span class="mut sm">${t('camp.t.swap')}</span><${Seg} label=${t('camp.t.swap')} value=${p.text.mjml != null ? 'mjml' : 'plain'} options=${[['plain', t('camp.t.plain')], ['mjml', t('camp.t.tomjml')]]} change=${swap} /></div>`}
      ${p.node.channel === 'in_app' && html`<${Line} label=${t('camp.t.form')}><${Seg} label=${t('camp.t.form')} value=${p.text.form || 'card'} options=${[['card', t('camp.t.card')], ['banner', t('camp.t.banner')]]} change=${form => set('form', form)} /><//>`}
      ${fieldsOf(p.node.channel, p.text).map(([name, rows]) => { const wrong = p.wrong(name); return html`<div class=${'field' + (wrong ? ' wrong' : '')} key=${name} data-field=${name}><span class="camp-label row"><span>${t('camp.t.' + name)}</span><span class="grow"></span><span class="mut sm num">${note(name)}</span></span>
        <${Holes} value=${p.text[name] ?? ''} rows=${rows} mono=${name === 'mjml' || p.node.channel === 'webhook'} scope=${['to', 'expires'].includes(name) ? null : p.scope} plain=${['to', 'expires'].includes(name)} label=${t('camp.t.' + name)} invalid=${!!wrong} change=${value => set(name, value)} />
        ${wrong && html`<p class="wrong-text" role="alert">${icon('warn', 14)}<span>${wrong.message}</span>${wrong.line && rows && html`<button type="button" class="link" @click=${() => toLine(name, wrong.line)}>${t('camp.t.line', { n: wrong.line })}</button>`}</p>`}</div>`; })}</fieldset>`;
  },
};
