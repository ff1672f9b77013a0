// Mentions picked by chance: whether each was read rightly. What is said here measures the reader and does not teach it.
import { action, api, Badge, Empty, html, icon, inLang, load, Loaded, percent, reactive, state, t, toast, useKeys } from '../../web/kit.js';
import { networkName } from '../words.js';

const FIELDS = ['sentiment', 'intent', 'topic'];

export const Judge = {
  setup() {
    const picked = load(signal => api.get('/reader/audit', { signal, query: { limit: 20 } }));
    const vocabulary = load(signal => api.get('/mentions/vocabulary', { signal }));
    const says = reactive({});
    const judge = action(async one => {
      await api.post('/reader/audit/' + encodeURIComponent(one.id), { ...says });
      for (const name of Object.keys(says)) delete says[name];
      const left = picked.data.mentions.filter(other => other.id !== one.id);
      if (left.length) picked.set({ mentions: left }); else await picked.reload();
    }, { failed: toast.error });
    const first = () => picked.data?.mentions[0];
    useKeys({ y: [() => first() && !judge.busy && judge.run(first()), () => t('reading.keyright')] }, 'reading.keys');

    const options = name => name === 'sentiment' ? ['1', '0', '-1'].map(value => [value, t('reading.sentiment.' + value)])
      : Object.entries(vocabulary.data?.[name === 'intent' ? 'intents' : 'topics'] ?? {}).map(([value, title]) => [value, inLang(title)]);
    const pick = (one, name) => html`<label class="reading-field"><span class="mut sm">${t('reading.head.' + name)}</span><select class="input" value=${String(says[name] ?? one[name])} disabled=${judge.busy}
      @change=${e => { const value = name === 'sentiment' ? Number(e.target.value) : e.target.value; if (value === one[name]) delete says[name]; else says[name] = value; }}>
      ${options(name).map(([value, label]) => html`<option key=${value} value=${value} selected=${String(says[name] ?? one[name]) === value}>${label}</option>`)}</select></label>`;
    const show = data => {
      const one = data.mentions[0];
      if (!one) return html`<${Empty} icon="check" title=${t('reading.alljudged')} body=${t('reading.alljudgedbody')} />`;
      const changed = Object.keys(says).length > 0;
      return html`<div class="reading-judge stack" key=${one.id}><div class="row sm mut"><span class="tag">${networkName(one.network, state.lang)}</span><span class="cut">${one.author || one.handle}</span><span class="grow"></span><span class="num">${t('reading.left', { n: data.mentions.length })}</span></div>
        <p class="reading-full">${one.text}</p>
        <div class="reading-fields">${FIELDS.map(name => pick(one, name))}</div>
        <div class="row"><button type="button" class="btn pri" disabled=${judge.busy} @click=${() => judge.run(one)}>${icon('check')}${t(changed ? 'reading.setright' : 'reading.isright')}</button>
          <span class="mut sm num">${t('reading.confidence', { n: percent(one.confidence, 0), feeling: percent(one.feeling, 0) })}</span>${one.spam >= 0.5 && html`<${Badge} kind="warn" text=${t('reading.maybe', { n: percent(one.spam, 0) })} />`}</div></div>`;
    };
    return () => html`<div class="reading-narrow"><p class="mut">${t('reading.judgenote')}</p><${Loaded} of=${picked} show=${show} skeleton="text" /></div>`;
  },
};
