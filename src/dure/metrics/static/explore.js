// Explore: build a question on the left, read its answer on the right. The address holds the question.
import { html, api, load, ref, computed, watch, useTop, setQuery, t, icon, Tabs, Loaded, Empty, askForm, toast, inLang } from '../web/kit.js';
import { Answer } from './answer.js';
import { Builder, KINDS, blank, ready } from './builder.js';
import { Names } from './inputs.js';
import './words.js';

const range = () => { const { from, to } = blank('trend'); return { from, to }; };
const parsed = text => { try { const q = JSON.parse(text); return KINDS.includes(q?.kind) ? { ...range(), ...q } : null; } catch { return null; } };

export default {
  props: ['params', 'query'],
  setup(props) {
    const question = ref(parsed(props.query.q) ?? blank('trend')), look = ref('chart'), metric = ref(null);
    const names = load(signal => api.get('/events/names', { signal }));
    const main = computed(() => { const q = question.value; return q.steps?.[0]?.event ?? q.series?.[0]?.event ?? q.start?.event ?? q.event ?? ''; });
    const props_ = load(signal => api.get('/events/properties', { signal, query: { event: main.value === '*' ? '' : main.value } }), { watch: () => main.value, keep: true });
    const asked = computed(() => ready(question.value));
    const answer = load(async signal => {
      if (props.query.metric) {
        const found = await api.post('/query', { kind: 'metric', metric: props.query.metric }, { signal });
        metric.value = found.metric; question.value = tidy(found.question);
        return found;
      }
      return asked.value ? api.post('/query', asked.value, { signal }) : null;
    }, { watch: () => props.query.metric ?? JSON.stringify(asked.value), keep: true });
    const change = q => { question.value = q; metric.value = null; setQuery({ q: JSON.stringify(q), metric: null }); };
    watch(() => props.query.q, text => { const q = parsed(text); if (q && JSON.stringify(q) !== JSON.stringify(question.value)) question.value = q; });
    watch(() => names.data, d => { if (!props.query.q && !props.query.metric && !main.value && d?.events.length) question.value = blank('trend', d.events[0].name); });

    const keep = async () => {
      const raw = asked.value; if (!raw) return;
      const { from, to, breakdown, compare, ...body } = raw;
      await askForm({
        title: t('mx.keep'), submitLabel: t('mx.keep'),
        fields: [
          { name: 'name_ko', label: t('mx.nameko'), required: true, autofocus: true }, { name: 'name_en', label: t('mx.nameen'), required: true },
          { name: 'function', label: t('mx.function'), type: 'select', optional: true, options: ['product', 'marketing', 'sales', 'ad_ops', 'social', 'care'].map(value => ({ value, label: t('mx.' + value) })) },
          { name: 'unit', label: t('mx.unit'), type: 'select', options: [['count', 'mx.number'], ['percent', 'mx.share'], ['seconds', 'mx.seconds']].map(([value, word]) => ({ value, label: t(word) })), initial: raw.kind === 'trend' ? 'count' : 'percent' },
          { name: 'direction', label: t('mx.direction'), type: 'select', options: ['up', 'down'].map(value => ({ value, label: t('mx.' + value) })), initial: 'up' },
          { name: 'target', label: t('mx.target'), type: 'number', optional: true },
        ],
        submit: async v => { await api.post('/metrics', { ...Object.fromEntries(Object.entries(v).filter(([, one]) => one !== '' && one != null)), question: body }); toast(t('mx.kept')); return true; },
      });
    };
    useTop({
      title: () => metric.value ? t('mx.metric', { name: inLang({ ko: metric.value.name_ko, en: metric.value.name_en }) }) : t('mx.explore'),
      tools: () => html`<div class="seg" role="group" aria-label=${t('mx.look')}>${['chart', 'table'].map(v => html`<button type="button" key=${v} aria-pressed=${String(look.value === v)} @click=${() => { look.value = v; }}>${t('mx.' + v)}</button>`)}</div>
        ${['trend', 'funnel', 'retention'].includes(question.value.kind) && html`<button type="button" class="btn sm" disabled=${!asked.value} @click=${keep}>${icon('plus', 14)}${t('mx.keep')}</button>`}`,
    });
    return () => html`<div class="view fill mx"><${Names} id="mx-events" names=${names.data?.events} /><${Names} id="mx-props" names=${props_.data?.properties} />
      <div class="mx-tabs"><${Tabs} label=${t('mx.kind')} value=${question.value.kind} change=${kind => change(blank(kind, main.value))} items=${KINDS.map(value => ({ value, label: t('mx.' + value) }))} /></div>
      <div class="mx-split"><${Builder} question=${question.value} change=${change} /><div class="mx-pane" data-scroll>${asked.value || props.query.metric
        ? html`<${Loaded} of=${answer} skeleton="chart" n=${1} show=${a => a && html`<${Answer} answer=${a} metric=${metric.value} look=${look.value} />`} />`
        : html`<${Empty} icon="chart" title=${t('mx.ask')} body=${t('mx.askbody')} />`}</div></div></div>`;
  },
};

// A question as an answer repeats it, without what the builder does not show.
function tidy(q) {
  const day = text => text?.slice(0, 10);
  return { ...q, from: day(q.from), to: day(q.to) };
}
