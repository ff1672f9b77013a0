// Whom the rule holds for, by a trait or by stage: the commonest values with their shares.
import { api, computed, html, load, num, percent, ref, sentence, t } from '../../web/kit.js';
import { Combobox } from '../../metrics/builder/combobox.js';
import { propertyNames } from '../../metrics/names.js';
import '../stages_words.js';
import { closed, ready } from './rule.js';

const STAGE = '*';

export const Breakdown = {
  props: ['rule', 'seen'],
  setup(p) {
    const by = ref('');
    // Asked when the size is known: what is still being written is not counted twice.
    const asked = computed(() => by.value && p.seen?.exact && ready(closed(p.rule)) ? JSON.stringify({ rule: closed(p.rule), trait: by.value === STAGE ? '' : by.value }) : null);
    const found = load(async signal => asked.value ? await api.post('/segments/breakdown', JSON.parse(asked.value), { signal, quiet: true, seconds: 120 }) : null, { watch: () => asked.value });
    const named = value => { return by.value === STAGE ? t('stg.' + value) : value; };
    const row = (label, people, all, quiet) => html`<li key=${label} class=${quiet ? 'mut' : ''}><span class="cut">${label}</span><span class="num">${num(people)}</span><span class="num mut">${percent(people / all, 0)}</span><i style=${{ width: `${100 * people / all}%` }}></i></li>`;
    const rows = it => [...it.values.map(one => row(named(one.value), one.people, it.people)), it.others > 0 && row(t('sb.bd.others'), it.others, it.people, true), it.without > 0 && row(t('sb.bd.without'), it.without, it.people, true)];
    return () => html`<section class="seg-broken"><h3>${t('sb.bd')}</h3><${Combobox} label=${t('sb.bd')} placeholder=${t('sb.bd.none')} value=${by.value} show=${v => v === STAGE ? t('sb.bd.stage') : v} first=${[{ value: STAGE, label: t('sb.bd.stage') }]} list=${() => propertyNames('Identified')} change=${value => { by.value = value ?? ''; }} />
      ${asked.value && (found.error ? html`<p class="poor sm">${sentence(found.error)}</p>` : found.loading && !found.data ? html`<p class="mut sm">${t('seg.counting')}</p>` : found.data?.people ? html`<ol class=${found.loading ? 'waiting' : ''}>${rows(found.data)}</ol>` : html`<p class="mut sm">${t('seg.nobody')}</p>`)}</section>`;
  },
};
