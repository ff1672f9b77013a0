// The manifest's editor: checked while one writes, each mistake named with its place.
import { action, api, Dialog, html, icon, openDialog, onUnmounted, ref, sentence, state, t } from '../web/kit.js';
import './apps_words.js';

const EXAMPLE = `display_information:
  name: Deal Desk
  description: Watches deals and answers questions about them
features:
  bot_user:
    display_name: dealdesk
    always_online: true
  slash_commands:
    - command: /deal
      description: Shows a deal
      usage_hint: "[name]"
oauth_config:
  scopes:
    bot:
      - app_mentions:read
      - chat:write
      - commands
settings:
  event_subscriptions:
    bot_events:
      - app_mention
  interactivity:
    is_enabled: true
  socket_mode_enabled: true
`;

const Editor = {
  props: ['title', 'text', 'label', 'send', 'close'],
  setup(p) {
    const text = ref(p.text ?? ''), found = ref(null), field = ref(), refused = ref('');
    let timer = 0, asked = 0;
    async function check() {
      const mine = ++asked;
      if (!text.value.trim()) { found.value = null; return; }
      try {
        const answer = await api.post('/apps/validate', { manifest: text.value });
        if (mine === asked) found.value = answer;
      } catch (error) { if (mine === asked) refused.value = sentence(error); }
    }
    function write(value) { text.value = value; refused.value = ''; clearTimeout(timer); timer = setTimeout(check, 300); }
    onUnmounted(() => clearTimeout(timer));
    if (p.text) check();
    const send = action(async () => {
      try { p.close(await p.send(text.value)); } catch (error) {
        if (error.code === 'invalid_manifest') found.value = { errors: error.data.errors, scopes: [] };
        else refused.value = sentence(error);
      }
    });
    // Puts the cursor on the line that a mistake is on.
    function show(error) {
      const lines = text.value.split('\n'), line = Math.max(error.line, 1) - 1, at = lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);
      field.value.focus(); field.value.setSelectionRange(at, at + (lines[line] ?? '').length);
      field.value.scrollTop = Math.max(0, (line - 4) * 19);
    }
    const mistakes = errors => html`<div><p class="wrong-text" role="status">${icon('warn', 14)}${t('apps.wrong', { n: errors.length })}</p>
      <ul class="apps-wrong">${errors.map((error, i) => html`<li key=${i}><button type="button" @click=${() => show(error)}><span class="mut num nowrap">${error.line ? t('apps.line', { n: error.line }) : '–'}</span><code class="mono">${error.pointer}</code><span>${state.lang === 'ko' ? error.korean : error.message}</span></button></li>`)}</ul></div>`;
    const asks = scopes => html`<div class="stack" role="status"><p class="good row">${icon('check', 14)}${t('apps.right')}</p>
      <p class="mut sm">${scopes.length ? html`${t('apps.asks')}: ${scopes.map(one => one[state.lang]).join(', ')}` : t('apps.asks.none')}</p></div>`;
    return () => html`<${Dialog} title=${p.title} wide=${true} onClose=${() => p.close(null)}><form class="apps-manifest" @submit=${event => { event.preventDefault(); send.run(); }}>
      <div class="row"><label class="mut sm grow" for="apps-manifest">${t('apps.manifest.hint')}</label>${!text.value && html`<button type="button" class="btn sm" @click=${() => write(EXAMPLE)}>${t('apps.example')}</button>`}</div>
      <textarea ref=${field} id="apps-manifest" class="input" spellcheck="false" autofocus wrap="off" aria-label=${t('apps.manifest')} value=${text.value} @input=${event => write(event.target.value)}></textarea>
      ${refused.value && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${refused.value}</p>`}
      ${found.value && (found.value.errors.length ? mistakes(found.value.errors) : asks(found.value.scopes))}
      <div class="actions end"><button type="button" class="btn" @click=${() => p.close(null)}>${t('apps.cancel')}</button>
        <button type="submit" class="btn pri" disabled=${send.busy || !text.value.trim()}>${p.label}</button></div></form><//>`;
  },
};

// `send(text)` saves it; its answer is this one's, or null where somebody thought better of it.
export const editManifest = (title, text, label, send) => openDialog(Editor, { title, text, label, send });
