// A rule inside another screen's form: the builder as it is, with how many it is now below. Nothing is kept here.
import { computed, html, icon, inLang, num, provide, ref, t, watch } from '../../web/kit.js';
import { WRONG } from '../../metrics/builder/fields.js';
import { said } from '../said.js';
import '../words.js';
import { Group } from './group.js';
import { useSize } from './live.js';
import { withNames } from './names.js';
import { closed, fresh, opened } from './rule.js';

const NONE = { kind: 'all', of: [] };

// props: value (a rule or null), change(rule or null); needed: whether there must be one; errors(place): what the other
// screen knows to be wrong; place: what it calls the rule.
export const RuleOf = {
  props: ['value', 'change', 'needed', 'errors', 'place'],
  setup(p) {
    // The outermost group stays as it was chosen while only one condition is in it, so what is shown is kept here.
    const rule = ref(p.value ? opened(p.value) : null), same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
    const sent = () => rule.value?.of.length ? closed(rule.value) : null;
    watch(() => p.value, now => { if (!same(now ?? null, sent())) rule.value = now ? opened(now) : null; });
    const put = next => { rule.value = next?.of.length ? next : null; p.change(sent()); };
    const live = useSize(computed(() => rule.value ?? NONE), { course: false });
    provide(WRONG, () => live.wrong ? { field: live.wrong.field?.replace(/^rule/, p.place), message: said(live.wrong.message) } : null);
    const begin = kind => () => put({ kind: 'all', of: [fresh(kind)] });
    function size() {
      if (!rule.value) return html`<span class="mut">${t(p.needed ? 'seg.fill' : 'sb.everybody')}</span>`;
      if (live.wrong) return html`<span class="poor">${icon('warn', 13)} ${said(live.wrong.message)}</span>`;
      if (!live.seen) return html`<span class="mut">${t(live.busy ? 'seg.counting' : 'seg.fill')}</span>`;
      const { seen } = live;
      return html`<b class=${'num' + (live.busy ? ' mut' : '')}>${t('sb.nowmany', { n: seen.exact ? num(seen.size) : t('sb.about', { n: seen.size }) })}</b> <span class="mut">${withNames(inLang(seen.words))}</span>`;
    }
    return () => {
      const wrong = p.errors?.(p.place);
      return html`<div class="seg-within">${rule.value ? html`<${Group} outer=${true} value=${rule.value} place=${p.place} deep=${1} change=${put} />`
        : html`<div class="row wrap"><button type="button" class="btn sm" @click=${begin('in')}>${icon('segment', 13)}${t('sb.pick')}</button><button type="button" class="btn sm" @click=${begin('did')}>${icon('plus', 13)}${t('sb.make')}</button></div>`}
        ${wrong && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${wrong}</p>`}<p class="sm seg-nowmany" role="status">${size()}</p></div>`;
    };
  },
};
