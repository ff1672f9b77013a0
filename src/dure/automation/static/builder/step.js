// One step's form: its fields by type, how it is called, how often it is tried and where it goes when it fails.
import { Field, Holes, html, icon, inLang, t, words } from '../../web/kit.js';
import { iconOf, kinds } from '../kinds.js';
import { nodeTitle } from './canvas.js';
import { Input } from './fields.js';
import { way } from '../words.js';

words({
  ko: { 'auto.steptitle': '보일 이름', 'auto.stepid': 'ID', 'auto.retrieshint': '비우면 5번', 'auto.onfail': '실패하면', 'auto.onfailnone': '실행이 실패함', 'auto.leads': '다음', 'auto.leadsend': '끝', 'auto.more2': '실패했을 때', 'auto.badid': '영문자로 시작하고 영문자, 숫자, -, _만', 'auto.takenid': '이미 쓰는 ID입니다', 'auto.nokind': '이 종류의 단계가 없습니다: {kind}', 'auto.nofields': '설정할 것이 없습니다', 'auto.answers': '답하는 값' },
  en: { 'auto.steptitle': 'Shown as', 'auto.stepid': 'Id', 'auto.retrieshint': '5 when empty', 'auto.onfail': 'If it fails', 'auto.onfailnone': 'the run fails', 'auto.leads': 'Next', 'auto.leadsend': 'End', 'auto.more2': 'When it fails', 'auto.badid': 'Begins with a letter; letters, digits, - and _ only', 'auto.takenid': 'This id is taken', 'auto.nokind': 'There is no such kind of step: {kind}', 'auto.nofields': 'Nothing to set', 'auto.answers': 'It answers' },
});

export const StepForm = {
  props: ['doc', 'node', 'change', 'rename', 'scope', 'errors', 'place'],
  setup(p) {
    const set = (values, of) => p.change({ ...p.doc, nodes: p.doc.nodes.map(one => { if (one.id !== p.node.id) return one; const next = { ...one, ...values }; for (const name of Object.keys(values)) if (values[name] === undefined) delete next[name]; return next; }) }, of && p.node.id + of);
    const give = (name, value) => { const given = { ...p.node.with, [name]: value }; if (value === undefined) delete given[name]; set({ with: given }, name); };
    const others = () => p.doc.nodes.filter(one => one.id !== p.node.id).map(one => ({ value: one.id, label: { ko: `${nodeTitle(one)} (${one.id})`, en: `${nodeTitle(one)} (${one.id})` } }));
    const checkId = text => !/^[A-Za-z][\w-]{0,59}$/.test(text) ? t('auto.badid') : p.doc.nodes.some(one => one.id === text && one.id !== p.node.id) ? t('auto.takenid') : '';
    const to = (outcome, value) => {
      if (!outcome) { set({ next: value ?? undefined }); return; }
      const ways = kinds.outcomes(p.node), before = typeof p.node.next === 'string' ? Object.fromEntries(ways.map(one => [one, p.node.next])) : { ...p.node.next };
      if (value) before[outcome] = value; else delete before[outcome];
      set({ next: Object.keys(before).length ? before : undefined });
    };
    const goes = outcome => outcome ? (typeof p.node.next === 'string' ? p.node.next : p.node.next?.[outcome]) ?? null : typeof p.node.next === 'string' ? p.node.next : null;
    const events = () => p.node.kind === 'wait_event' ? p.node.with?.event : p.doc.trigger?.event;
    return () => {
      const { node } = p, fields = kinds.fields(node.kind).filter(field => !(node.kind === 'each' && field.name === 'do')), outcomes = kinds.outcomes(node), outputs = kinds.outputs(node.kind);
      return html`<div class="stack" key=${node.id}><section class="auto-part"><div class="row"><span class="auto-dot">${icon(iconOf(node.kind), 15)}</span><b class="cut">${kinds.step(node.kind)}</b><span class="grow"></span><code class="mut sm">${node.kind}</code></div>
        ${kinds.about(node.kind) && html`<p class="mut sm">${kinds.about(node.kind)}</p>`}${!kinds.known(node.kind) && html`<p class="notice bad row">${icon('warn')}${t('auto.nokind', { kind: node.kind })}</p>`}
        ${p.errors(p.place + '.with') && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${p.errors(p.place + '.with')}</p>`}
        ${fields.map(field => html`<${Input} key=${node.id + field.name} field=${field} value=${node.with?.[field.name]} change=${value => give(field.name, value)} scope=${p.scope} event=${events()} error=${p.errors(`${p.place}.with.${field.name}`)} errors=${p.errors} place=${`${p.place}.with.${field.name}`} />`)}
        ${!fields.length && html`<p class="mut sm">${t('auto.nofields')}</p>`}${outputs.length > 0 && html`<p class="mut sm">${t('auto.answers')}: ${outputs.map(one => html`<code key=${one.name} class="tag">${`steps.${node.id}.${one.name}`}</code> `)}</p>`}</section>
        ${node.kind !== 'end' && html`<section class="auto-part"><h3>${t('auto.leads')}</h3>${(outcomes.length ? outcomes : ['']).map(outcome => html`<${Field} key=${outcome} name=${'next' + outcome} label=${outcome ? way(outcome) : ''} type="select" options=${others()} placeholder=${t('auto.leadsend')} value=${goes(outcome)} change=${value => to(outcome, value)} error=${p.errors(`${p.place}.next${outcome ? '.' + outcome : ''}`)} />`)}</section>`}
        ${!kinds.isControl(node.kind) && html`<section class="auto-part"><h3>${t('auto.more2')}</h3><div class="auto-limits"><${Input} field=${{ name: 'retries', form: 'number', required: false }} label=${`${t('auto.retries')} (${t('auto.retrieshint')})`} value=${node.retries} scope=${null} change=${value => set({ retries: value }, 'retries')} error=${p.errors(p.place + '.retries')} />
          <${Field} name="on_error" label=${t('auto.onfail')} type="select" options=${others()} placeholder=${t('auto.onfailnone')} value=${node.on_error ?? null} change=${value => set({ on_error: value ?? undefined })} error=${p.errors(p.place + '.on_error')} /></div></section>`}
        <section class="auto-part"><div class="auto-limits"><${Field} name="title" label=${t('auto.steptitle')} value=${typeof node.title === 'object' && node.title ? inLang(node.title) : node.title ?? ''} placeholder=${kinds.step(node.kind)} change=${value => set({ title: value || undefined }, 'title')} />
          <${Id} id=${node.id} check=${checkId} rename=${p.rename} error=${p.errors(p.place + '.id')} /></div></section></div>`;
    };
  },
};

// An id changes when its field is left: on the way it may be anything.
const Id = {
  props: ['id', 'check', 'rename', 'error'],
  data: () => ({ typed: null }),
  render() {
    const wrong = this.typed !== null && this.typed !== this.id ? this.check(this.typed) : '';
    const leave = () => { const text = this.typed; this.typed = null; if (text && text !== this.id && !this.check(text)) this.rename(this.id, text); };
    return html`<div class=${'field' + (wrong || this.error ? ' wrong' : '')}><label>${t('auto.stepid')}</label><${Holes} value=${this.typed ?? this.id} plain=${true} mono=${true} label=${t('auto.stepid')} change=${text => { this.typed = text; }} blur=${leave} invalid=${!!wrong} />
      ${(wrong || this.error) && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${wrong || this.error}</p>`}</div>`;
  },
};
