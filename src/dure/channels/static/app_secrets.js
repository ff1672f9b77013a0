// Secrets that are shown once, each with a button that copies it.
import { Dialog, html, icon, openDialog, t, toast } from '../web/kit.js';
import './apps_words.js';

export async function copy(text) {
  try { await navigator.clipboard.writeText(text); toast(t('apps.copied')); } catch { toast.error(t('apps.copy.failed')); }
}

const Once = {
  props: ['title', 'secrets', 'close'],
  setup: p => () => html`<${Dialog} title=${p.title} wide=${true} onClose=${() => p.close()}><div class="stack">
    <div class="notice warn">${icon('warn')} <b>${t('apps.once')}</b> ${t('apps.once.body')}</div>
    <dl class="stack">${p.secrets.map(one => html`<div key=${one.label}><dt class="mut sm">${one.label}</dt><dd class="apps-secret"><code class="mono">${one.value}</code>
      <button type="button" class="btn sm" aria-label=${`${t('apps.copy')}: ${one.label}`} @click=${() => copy(one.value)}>${icon('copy', 14)}${t('apps.copy')}</button></dd></div>`)}</dl>
    <div class="actions end"><button type="button" class="btn pri" autofocus @click=${() => p.close()}>${t('apps.done')}</button></div></div><//>`,
};

// secrets: {label, value}; closes only by hand.
export const showOnce = (title, ...secrets) => openDialog(Once, { title, secrets });
