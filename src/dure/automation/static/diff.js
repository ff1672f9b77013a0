// The difference between two definitions as lines: what came, what went, what was one thing and is another.
import { html, icon, inLang, t, words } from '../web/kit.js';

words({
  ko: { 'auto.same2': '다른 것이 없습니다', 'auto.wasbefore': '전', 'auto.isafter': '후' },
  en: { 'auto.same2': 'There is no difference', 'auto.wasbefore': 'before', 'auto.isafter': 'after' },
});
const SIGN = { added: 'plus', removed: 'x', changed: 'edit' };

export const Differences = {
  props: ['changes'],
  setup: p => () => !p.changes.length ? html`<p class="mut">${t('auto.same2')}</p>` : html`<ol class="auto-diff">${p.changes.map((one, i) => html`<li key=${i} class=${one.what}><span class="auto-sign">${icon(SIGN[one.what], 13)}</span><div><b>${inLang(one.said)}</b>
    ${one.before != null && html`<pre class="auto-json was"><span class="sr">${t('auto.wasbefore')}: </span>${written(one.before)}</pre>`}${one.after != null && html`<pre class="auto-json is"><span class="sr">${t('auto.isafter')}: </span>${written(one.after)}</pre>`}</div></li>`)}</ol>`,
};
const written = value => typeof value === 'string' ? value : JSON.stringify(value, null, 1).replace(/\n\s+/g, ' ').replace(/\n/g, ' ');
