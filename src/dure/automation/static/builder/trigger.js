// What starts it: the trigger with its settings, the conditions, what makes a trigger the same one, and limits.
import { choose, Field, Holes, html, icon, t, words } from '../../web/kit.js';
import { kinds } from '../kinds.js';
import { DAYS, once, trigger as said } from '../words.js';
import { Input } from './fields.js';
import { Filters } from './filters.js';
import { triggerChoices } from './picker.js';

words({
  ko: { 'auto.change': '바꾸기', 'auto.starts': '시작', 'auto.only': '조건', 'auto.onlyhint': '모두 맞아야 시작합니다.', 'auto.same': '한 번의 기준', 'auto.samevalue': '값마다 한 번', 'auto.samepath': '경로나 서식', 'auto.aboutwhat': '실행의 대상', 'auto.aboutauto': '저절로', 'auto.person': '사람', 'auto.object': '대상 물건', 'auto.account': '고객사', 'auto.other': '다른 경로', 'auto.lanehint': '사람이 수만 명이면 대량', 'auto.limits': '한도', 'auto.runs_per_hour': '시간당 실행', 'auto.at_once': '동시에', 'auto.per_subject_per': '대상마다 한 번, 이 기간에', 'auto.over': '넘으면', 'auto.over.wait': '차례를 기다림', 'auto.over.drop': '버림', 'auto.business': '영업일', 'auto.eventname': '이벤트 이름', 'auto.timeofday': '시각', 'auto.monthday': '매월', 'auto.monthdayhint': '1, -1, first business, last business', 'auto.interval': '간격', 'auto.hookaddress': '저장하면 주소가 만들어집니다.', 'auto.recordtype': '기록의 종류' },
  en: { 'auto.change': 'Change', 'auto.starts': 'Starts', 'auto.only': 'Conditions', 'auto.onlyhint': 'All must hold for it to start.', 'auto.same': 'Once for each', 'auto.samevalue': 'value', 'auto.samepath': 'Path or template', 'auto.aboutwhat': 'A run is about', 'auto.aboutauto': 'automatic', 'auto.person': 'person', 'auto.object': 'object', 'auto.account': 'account', 'auto.other': 'another path', 'auto.lanehint': 'bulk for tens of thousands of people', 'auto.limits': 'Limits', 'auto.runs_per_hour': 'Runs an hour', 'auto.at_once': 'At once', 'auto.per_subject_per': 'Once a subject, in', 'auto.over': 'Beyond that', 'auto.over.wait': 'wait in line', 'auto.over.drop': 'drop', 'auto.business': 'business days', 'auto.eventname': 'Event name', 'auto.timeofday': 'Time of day', 'auto.monthday': 'Day of the month', 'auto.monthdayhint': '1, -1, first business, last business', 'auto.interval': 'Interval', 'auto.hookaddress': 'Its address is made when it is saved.', 'auto.recordtype': 'Type of record' },
});
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export const TriggerForm = {
  props: ['doc', 'change', 'scope', 'errors'],
  setup(p) {
    const trigger = () => p.doc.trigger ?? {};
    const set = (values, of) => { const next = { ...trigger(), ...values }; for (const name of Object.keys(next)) if (next[name] === undefined || next[name] === '') delete next[name]; p.change({ ...p.doc, trigger: next }, of); };
    async function pick() {
      const it = await choose(t('auto.choosetrigger'), triggerChoices());
      if (!it) return;
      const { key, subject, zone } = trigger();
      p.change({ ...p.doc, trigger: { ...it.trigger, ...(key && it.trigger.event && { key }), ...(subject && it.trigger.event && { subject }), ...(zone && { zone }) } });
    }
    const wrong = place => p.errors(`trigger.${place}`);
    const line = (label, body, error) => html`<div class=${'field' + (error ? ' wrong' : '')}><label>${label}</label>${body}${error && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${error}</p>`}</div>`;
    const text = (name, label, more = {}) => line(label, html`<${Holes} value=${String(trigger()[name] ?? '')} plain=${true} label=${label} change=${value => set({ [name]: value }, name)} ...${more} />`, wrong(name));

    const days = () => { const it = trigger(), all = kinds.triggerFields().some(one => one.name === 'monthday') ? ['business', ...WEEK] : WEEK;
      return line(t('auto.f.days'), html`<div class="seg auto-days">${all.map(day => html`<button type="button" key=${day} aria-pressed=${String((it.days ?? []).includes(day))} @click=${() => set({ days: toggled(it.days ?? [], day, all) })}>${day === 'business' ? t('auto.business') : DAYS()[day]}</button>`)}</div>`, wrong('days')); };
    const toggled = (list, day, all) => { const next = list.includes(day) ? list.filter(it => it !== day) : [...list.filter(it => day === 'business' ? false : it !== 'business'), day]; const sorted = all.filter(it => next.includes(it)); return sorted.length ? sorted : undefined; };

    function own() {
      const it = trigger(), kind = it.kind && kinds.triggerKind(it.kind);
      if (it.kind) return kind ? kind.inputs.map(field => html`<${Input} key=${it.kind + field.name} field=${field} value=${it.with?.[field.name]} scope=${null} event=${kind.event} error=${wrong('with.' + field.name)} errors=${p.errors} place=${'trigger.with.' + field.name}
        change=${value => { const given = { ...it.with, [field.name]: value }; if (value === undefined) delete given[field.name]; set({ with: given, event: undefined, where: undefined }, field.name); }} />`) : null;
      if (it.hook) return html`<p class="mut">${t('auto.hookaddress')}</p>${line(t('auto.f.signature'), html`<${Holes} value=${it.hook.signature ?? ''} plain=${true} label=${t('auto.f.signature')} placeholder="X-Hub-Signature-256" change=${value => set({ hook: value ? { signature: value } : {} }, 'hook')} />`, wrong('hook.signature'))}`;
      if (it.record) return line(t('auto.recordtype'), html`<${Holes} value=${it.record.type ?? ''} plain=${true} label=${t('auto.recordtype')} options=${kinds.things().map(value => ({ value, label: value }))} change=${type => set({ record: { type } }, 'record')} />`, wrong('record.type'));
      if (it.every !== undefined) return text('every', t('auto.interval'), { placeholder: '15m', options: ['5m', '15m', '1h', '6h', '1d'].map(value => ({ value, label: value })) });
      if (it.at !== undefined || it.monthday !== undefined) return html`${text('at', t('auto.timeofday'), { placeholder: '09:00' })}${days()}${kinds.hasTrigger('monthday') && text('monthday', t('auto.monthday'), { placeholder: t('auto.monthdayhint'), change: value => set({ monthday: /^-?\d+$/.test(value) ? Number(value) : value }, 'monthday') })}${text('zone', t('auto.f.zone'), { placeholder: 'Asia/Seoul' })}`;
      if (it.event !== undefined) return html`${text('event', t('auto.eventname'), { options: (kinds.data?.events ?? []).map(one => ({ value: one.name, label: kinds.event(one.name), hint: one.name })) })}
        ${it.crosses && ['prop', 'above', 'below', 'of'].map(name => html`<${Input} key=${name} field=${{ name, form: name === 'prop' || name === 'of' ? 'text' : 'number', required: name === 'prop' }} value=${it.crosses[name]} scope=${null} error=${wrong('crosses.' + name)} change=${value => { const next = { ...it.crosses, [name]: value }; if (value === undefined) delete next[name]; set({ crosses: next }, 'crosses' + name); }} />`)}
        <${Filters} value=${it.where} change=${where => set({ where: where.length ? where : undefined }, 'where')} event=${it.event} scope=${p.scope} errors=${p.errors} place="trigger.where" />`;
      return null;
    }
    const KEYS = ['event', 'subject'], SUBJECTS = ['', 'person', 'object', 'account'];
    return () => {
      const it = trigger(), key = it.key ?? 'event', eventful = it.event !== undefined || it.kind || it.hook, limits = kinds.definitionFields().some(one => one.name === 'limits') || p.doc.limits;
      return html`<div class="stack"><section class="auto-part"><h3>${t('auto.starts')}</h3><div class="row"><b class="cut">${said(p.doc, kinds)}</b><span class="grow"></span><button type="button" class="btn sm" data-first @click=${pick}>${icon('edit', 13)}${t('auto.change')}</button></div>
        ${p.errors('trigger') && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${p.errors('trigger')}</p>`}${wrong('kind') && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${wrong('kind')}</p>`}${own()}</section>
        <section class="auto-part"><h3>${t('auto.only')}</h3><p class="mut sm">${t('auto.onlyhint')}</p><${Filters} value=${p.doc.conditions} change=${list => { const next = { ...p.doc, conditions: list }; if (!list.length) delete next.conditions; p.change(next, 'conditions'); }} event=${it.event ?? kinds.triggerKind(it.kind)?.event} scope=${p.scope} errors=${p.errors} place="conditions" /></section>
        ${eventful && html`<section class="auto-part"><h3>${t('auto.same')}</h3><div class="row wrap"><div class="seg">${KEYS.map(value => html`<button type="button" key=${value} aria-pressed=${String(key === value)} @click=${() => set({ key: value === 'event' ? undefined : value })}>${t('auto.key' + value)}</button>`)}<button type="button" aria-pressed=${String(!KEYS.includes(key))} @click=${() => set({ key: 'event.properties.' })}>${t('auto.samevalue')}</button></div>
          ${!KEYS.includes(key) && html`<${Holes} value=${key} plain=${true} label=${t('auto.samepath')} options=${p.scope.map(one => ({ value: one.path, label: one.path, hint: one.hint }))} change=${value => set({ key: value }, 'key')} />`}</div>${wrong('key') && html`<p class="wrong-text">${wrong('key')}</p>`}
          <h3>${t('auto.aboutwhat')}</h3><div class="row wrap"><div class="seg">${SUBJECTS.map(value => html`<button type="button" key=${value} aria-pressed=${String((it.subject ?? '') === value)} @click=${() => set({ subject: value || undefined })}>${t('auto.' + (value || 'aboutauto'))}</button>`)}<button type="button" aria-pressed=${String(!SUBJECTS.includes(it.subject ?? ''))} @click=${() => set({ subject: 'event.properties.' })}>${t('auto.other')}</button></div>
          ${!SUBJECTS.includes(it.subject ?? '') && html`<${Holes} value=${it.subject} plain=${true} label=${t('auto.samepath')} options=${p.scope.map(one => ({ value: one.path, label: one.path }))} change=${value => set({ subject: value }, 'subject')} />`}</div>${wrong('subject') && html`<p class="wrong-text">${wrong('subject')}</p>`}</section>`}
        <section class="auto-part"><h3>${t('auto.lane')}</h3><div class="row wrap"><div class="seg">${['interactive', 'bulk'].map(lane => html`<button type="button" key=${lane} aria-pressed=${String((p.doc.lane ?? 'interactive') === lane)} @click=${() => { const next = { ...p.doc, lane }; if (lane === 'interactive') delete next.lane; p.change(next); }}>${t('auto.' + lane)}</button>`)}</div><span class="mut sm">${t('auto.lanehint')}</span></div></section>
        ${limits && html`<section class="auto-part"><h3>${t('auto.limits')}</h3><div class="auto-limits">${[['runs_per_hour', 'number'], ['at_once', 'number'], ['per_subject_per', 'text']].map(([name, form]) => html`<${Input} key=${name} field=${{ name, form, required: false }} label=${t('auto.' + name)} value=${p.doc.limits?.[name]} scope=${null} error=${p.errors('limits.' + name)} change=${value => limit(name, value)} />`)}
          ${p.doc.limits && html`<${Field} name="over" label=${t('auto.over')} type="choice" options=${['wait', 'drop'].map(value => ({ value, label: { ko: t('auto.over.' + value), en: t('auto.over.' + value) } }))} value=${p.doc.limits.over ?? 'wait'} change=${value => limit('over', value === 'wait' ? undefined : value)} />`}</div></section>`}</div>`;
    };
    function limit(name, value) {
      const limits = { ...p.doc.limits, [name]: value };
      if (value === undefined) delete limits[name];
      const next = { ...p.doc, limits };
      if (!Object.keys(limits).length) delete next.limits;
      p.change(next, 'limits' + name);
    }
  },
};
