// The audit trail as a page of its own, for auditors who look after nothing else.
import { html, t, useTop } from '../web/kit.js';
import { Audit, AuditTools } from './audit.js';

export default {
  setup() {
    useTop({ title: () => html`<h1>${t('audit.title')}</h1>`, tools: () => html`<${AuditTools} />` });
    return () => html`<div class="view"><${Audit} /></div>`;
  },
};
