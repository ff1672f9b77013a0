// Trying an automation before it works: with one event that may be changed, or against everything of the past month.
import { action, api, Badge, Columns, dateTime, Dialog, Field, html, icon, inLang, isoDay, num, onUnmounted, openDialog, ref, shallowReactive, shallowRef, shortDate, t, Tabs, toast, words } from '../web/kit.js';
import { fieldName, Json } from './builder/fields.js';
import { nodeTitle } from './builder/canvas.js';
import { kinds, useKinds } from './kinds.js';
import { named } from './options.js';
import { Blocks } from './preview.js';
import { lines } from './stream.js';
import { about, stepBadge, way } from './words.js';

words({
  ko: { 'auto.try': '시험해 보기', 'auto.tryone': '이벤트 하나로', 'auto.trymonth': '지난 한 달로', 'auto.trybody': '아무것도 보내지 않고 남기지 않습니다. 기다림은 바로 지나갑니다.', 'auto.lastevents': '최근 이벤트', 'auto.theevent': '이벤트 (고칠 수 있음)', 'auto.trygo': '시험', 'auto.noevents': '이 이벤트는 아직 한 번도 오지 않았습니다', 'auto.noeventsbody': '오른쪽에 JSON을 적어 시험할 수 있습니다.', 'auto.wouldnot': '시작하지 않습니다', 'auto.would': '이렇게 움직였을 것입니다', 'auto.month.run': '지난 한 달로 돌려 보기', 'auto.month.going': '{day}까지 봤습니다', 'auto.month.stop': '멈춤', 'auto.month.of': '이벤트 {of}건 가운데 {n}건을 봤습니다.', 'auto.month.result': '{n}번 실행되었을 것입니다', 'auto.month.met': '{n}건이 조건에 맞았습니다.', 'auto.month.lived': '처음 {n}번을 끝까지 따라가 봤습니다.', 'auto.month.dead': '그 가운데 {n}번은 실패했을 것입니다.', 'auto.month.events': '이벤트가 너무 많아 최근 것만 봤습니다.', 'auto.month.seconds': '시간이 다 되어 여기까지 봤습니다.', 'auto.month.cancelled': '멈췄습니다. 여기까지 본 것입니다.', 'auto.month.ran': '실행', 'auto.month.metonly': '조건에 맞았으나 이미 실행됨', 'auto.month.each': '하나하나', 'auto.month.only': '실패한 것만', 'auto.month.schedule': '정해진 때 {n}번', 'auto.month.none': '한 번도 실행되지 않았을 것입니다', 'auto.month.moretoshow': '{n}개 더 보기', 'auto.month.loaded': '다른 곳에서 불러온 과거도 봅니다 (실제로는 시작하지 않음)' },
  en: { 'auto.try': 'Try it', 'auto.tryone': 'With one event', 'auto.trymonth': 'Over the past month', 'auto.trybody': 'Nothing is sent and nothing is kept. Waits pass at once.', 'auto.lastevents': 'Last events', 'auto.theevent': 'The event (may be changed)', 'auto.trygo': 'Try', 'auto.noevents': 'This event has not come yet', 'auto.noeventsbody': 'Write its JSON at the right to try it.', 'auto.wouldnot': 'It would not start', 'auto.would': 'It would have done this', 'auto.month.run': 'Try the past month', 'auto.month.going': 'looked at until {day}', 'auto.month.stop': 'Stop', 'auto.month.of': 'Looked at {n} of {of} {of|event|events}.', 'auto.month.result': 'It would have run {n} {n|time|times}', 'auto.month.met': '{n} met the conditions.', 'auto.month.lived': 'The first {n} were followed to their end.', 'auto.month.dead': '{n} of them would have failed.', 'auto.month.events': 'There are too many events; only the latest were looked at.', 'auto.month.seconds': 'Time was up; this is how far it got.', 'auto.month.cancelled': 'Stopped; this is how far it got.', 'auto.month.ran': 'would have run', 'auto.month.metonly': 'met, but had run already', 'auto.month.each': 'Each of them', 'auto.month.only': 'Failures only', 'auto.month.schedule': 'Due {n} {n|time|times}', 'auto.month.none': 'It would not have run once', 'auto.month.moretoshow': 'Show {n} more', 'auto.month.loaded': 'Look at the past that was loaded from elsewhere too (it starts nothing in earnest)' },
});

export const openTrial = props => openDialog(Trial, props);

const Trial = {
  props: ['automation', 'doc', 'close'],
  setup(p) {
    useKinds();
    const tab = ref('one');
    return () => html`<${Dialog} title=${`${t('auto.try')}${p.automation?.name ? ' · ' + p.automation.name : ''}`} wide=${true} onClose=${() => p.close()}><div class="auto-trial">
      <${Tabs} label=${t('auto.try')} value=${tab.value} change=${value => { tab.value = value; }} items=${[{ value: 'one', label: t('auto.tryone') }, { value: 'month', label: t('auto.trymonth') }]} />
      <p class="mut sm">${t('auto.trybody')}</p>${tab.value === 'one' ? html`<${One} doc=${p.doc} />` : html`<${Month} doc=${p.doc} />`}</div><//>`;
  },
};

const One = {
  props: ['doc'],
  setup(p) {
    const past = shallowRef(null), event = shallowRef(null), result = shallowRef(null), at = ref(0);
    const name = () => p.doc.trigger?.event ?? kinds.triggerKind(p.doc.trigger?.kind)?.event;
    if (name()) api.get('/automations/past-events', { query: { event: name(), limit: 30 }, quiet: true }).then(({ events }) => { past.value = events; if (events.length) { event.value = events[0]; go.run(); } else event.value = sample(); }, error => { past.value = []; event.value = sample(); toast.error(error); });
    else { past.value = []; }
    const sample = () => ({ event: name(), object: '', message_id: 'test', time: new Date().toISOString(), properties: Object.fromEntries(Object.keys(kinds.properties(name())).map(key => [key, ''])) });
    const go = action(async () => { result.value = await api.post('/automations/dry-run', { definition: p.doc, event: event.value ?? null }); }, { failed: toast.error });
    if (!name()) go.run();
    const titled = one => one.properties?.name || one.object || one.distinct_id || one.properties?.text || one.message_id;
    return () => html`<div class=${name() ? 'auto-one' : ''}>${name() && html`<div class="stack auto-one-in"><label class="mut sm">${t('auto.lastevents')} · ${kinds.event(name())}</label>
        ${past.value === null ? html`<div class="skel line"></div>` : !past.value.length ? html`<p class="notice">${t('auto.noevents')}. ${t('auto.noeventsbody')}</p>` : html`<ul class="auto-events" role="listbox" aria-label=${t('auto.lastevents')}>${past.value.map((one, i) => html`<li key=${i} role="option" data-row tabindex=${i === at.value ? 0 : -1} aria-selected=${String(i === at.value)} @click=${() => { at.value = i; event.value = one; go.run(); }}
          @keydown=${e => { const by = { ArrowDown: 1, ArrowUp: -1 }[e.key]; if (by) { e.preventDefault(); e.currentTarget.parentElement.children[i + by]?.click(); e.currentTarget.parentElement.children[i + by]?.focus(); } }}><span class="cut">${titled(one)}</span><time class="mut sm">${dateTime(one.time)}</time></li>`)}</ul>`}
        <label class="mut sm">${t('auto.theevent')}</label><${Json} value=${event.value} rows=${12} label=${t('auto.theevent')} change=${value => { event.value = value; }} /><div class="actions end"><button type="button" class="btn pri" disabled=${go.busy} @click=${go.run}>${icon('play')}${t('auto.trygo')}</button></div></div>`}
      <div class="auto-one-out" aria-busy=${go.busy ? 'true' : null}>${result.value && (result.value.runs.length ? html`<div class="stack"><b>${t('auto.would')}</b><${Steps} run=${result.value.runs[0]} doc=${p.doc} /></div>`
        : html`<div class="notice warn">${icon('info')}<span><b>${t('auto.wouldnot')}</b> ${result.value.refused.map((why, i) => html`<code key=${i}>${why}</code>`)}</span></div>`)}</div></div>`;
  },
};

const SHOWN = 50;
// Every day of the stretch, those without events too.
function everyDay(since, until) { const out = []; for (let at = new Date(since); at <= new Date(until); at = new Date(at.getTime() + 86_400_000)) out.push(isoDay(at)); if (out.at(-1) !== isoDay(until)) out.push(isoDay(until)); return out; }
const Month = {
  props: ['doc'],
  setup(p) {
    const it = shallowReactive({ tally: null, runs: [], busy: false, cancelled: false, shown: SHOWN, failed: false });
    let under = null;
    const loaded = one => one.prop === 'loaded' && one.op === 'not_set', leavesOut = [...(p.doc.trigger?.where ?? []), ...(p.doc.conditions ?? [])].some(loaded), past = ref(true);
    // Acts that were brought in from elsewhere are the past one wants to see here, though nothing is started by them.
    const doc = () => !leavesOut || !past.value || p.doc.trigger.kind ? p.doc : { ...p.doc, trigger: { ...p.doc.trigger, where: (p.doc.trigger.where ?? []).filter(one => !loaded(one)) }, conditions: (p.doc.conditions ?? []).filter(one => !loaded(one)) };
    async function start() {
      under?.stop();
      Object.assign(it, { tally: null, runs: [], busy: true, cancelled: false, shown: SHOWN });
      const mine = under = lines('/automations/dry-run/month', { definition: doc() }, line => {
        if (mine !== under) return;
        if (line.run) it.runs = [...it.runs, line.run];
        if (line.tally ?? line.done) it.tally = line.tally ?? line.done;
      });
      try { const whole = await mine.done; if (mine === under) it.cancelled = !whole; } catch (error) { toast.error(error); } finally { if (mine === under) it.busy = false; }
    }
    onUnmounted(() => under?.stop());
    start();
    const latest = () => Object.entries(it.tally?.days ?? {}).filter(([, day]) => day.met || day.started).map(([day]) => day).sort().at(-1);
    const chart = ({ days, since, until }) => { const names = everyDay(since, until), of = name => days[name] ?? { started: 0, met: 0 }; return html`<${Columns} label=${t('auto.trymonth')} height=${150} x=${names.map(name => shortDate(name))} parts=${[{ name: t('auto.month.ran'), values: names.map(name => of(name).started) }, { name: t('auto.month.metonly'), values: names.map(name => of(name).met - of(name).started) }]} />`; };
    return () => {
      const { tally } = it, timed = !p.doc.trigger?.event && !p.doc.trigger?.kind, dead = (tally?.endings.failed ?? 0), runs = it.failed ? it.runs.filter(run => run.status === 'failed') : it.runs;
      return html`<div class="stack auto-month">${leavesOut && html`<${Field} name="loaded" type="switch" label=${t('auto.month.loaded')} value=${past.value} change=${value => { past.value = value; start(); }} />`}
        ${it.busy && html`<div class="progress"><div class="row"><span>${tally && latest() ? t('auto.month.going', { day: shortDate(latest()) }) : '…'}</span><span class="grow"></span><span class="num mut">${tally && `${num(tally.looked_at)} / ${num(tally.events)}`}</span><button type="button" class="btn sm" @click=${() => under?.stop()}>${t('auto.month.stop')}</button></div><progress max="1" ...${tally?.events ? { value: tally.looked_at / tally.events } : {}}></progress></div>`}
        ${tally && html`<p class="auto-verdict">${tally.started || it.busy ? t('auto.month.result', { n: tally.started }) : t('auto.month.none')}</p>
          <p class="mut">${timed ? t('auto.month.schedule', { n: tally.started }) : t('auto.month.of', { n: tally.looked_at, of: tally.events })} ${!timed && t('auto.month.met', { n: tally.met })} ${tally.lived < tally.started && !it.busy && t('auto.month.lived', { n: tally.lived })} ${dead > 0 && html`<b class="poor">${t('auto.month.dead', { n: dead })}</b>`}
            ${tally.stopped && html` <b>${t('auto.month.' + tally.stopped)}</b>`}${it.cancelled && html` <b>${t('auto.month.cancelled')}</b>`}</p>
          ${tally.started > 0 && chart(tally)}
          ${!tally.started && !it.busy && Object.keys(tally.refused).length > 0 && html`<div><b>${t('auto.drywhy')}</b><ul class="auto-why">${Object.entries(tally.refused).sort(([, a], [, b]) => b - a).slice(0, 8).map(([why, n]) => html`<li key=${why}><code>${why}</code> <span class="mut num">${num(n)}</span></li>`)}</ul></div>`}`}
        ${it.runs.length > 0 && html`<div class="row"><h3>${t('auto.month.each')}</h3><span class="grow"></span>${dead > 0 && html`<button type="button" class="btn sm" aria-pressed=${String(it.failed)} @click=${() => { it.failed = !it.failed; }}>${t('auto.month.only')}</button>`}</div>
          ${runs.slice(0, it.shown).map((run, i) => html`<details key=${run.key + i} class="auto-would"><summary data-row><${Badge} ...${stepBadge(run.status === 'failed' ? 'dead' : 'done')} /><b class="cut">${about(run) || '–'}</b><span class="mut sm">${run.steps[0] && dateTime(run.steps[0].at)}</span>${run.error && html`<span class="poor cut">${run.error}</span>`}</summary><${Steps} run=${run} doc=${p.doc} /></details>`)}
          ${runs.length > it.shown && html`<button type="button" class="btn" @click=${() => { it.shown += SHOWN; }}>${t('auto.month.moretoshow', { n: Math.min(SHOWN, runs.length - it.shown) })}</button>`}`}</div>`;
    };
  },
};

// The steps of a run that would have been: what each would have been given; a message as it would look.
export const Steps = {
  props: ['run', 'doc'],
  setup: p => () => html`${p.run.error && html`<p class="notice bad row">${icon('warn')}${p.run.error}</p>`}<ol class="auto-flow">${p.run.steps.map((step, i) => { const node = p.doc?.nodes?.find(one => one.id === step.node); return html`<li class="auto-node" key=${i}><span class=${'auto-dot ' + stepBadge(step.status).kind}>${i + 1}</span><div class="auto-box">
    <div class="row wrap"><b>${node ? nodeTitle(node) : kinds.step(step.kind)}</b>${step.outcome && step.outcome !== 'error' && html`<span class="tag">${way(step.outcome)}</span>`}${step.status === 'dead' && html`<${Badge} ...${stepBadge(step.status)} />`}<span class="grow"></span><span class="mut sm">${dateTime(step.at)}</span></div>
    ${step.error && html`<span class="poor">${step.error}</span>`}<${Given} value=${step.inputs} /></div></li>`; })}</ol>`,
};

// A value as people know it: users and channels by their names.
const KINDS = [[/^(users?|members|owner|creator|assignee|people|team)$/, 'user'], [/^channel$/, 'channel']];
function readable(name, value) {
  const kind = KINDS.find(([pattern]) => pattern.test(name))?.[1];
  if (kind && Array.isArray(value) && value.every(one => typeof one === 'string')) return value.map(one => named(kind, one)).join(', ');
  if (typeof value === 'string') return kind ? named(kind, value) : value;
  return value?.ko && value?.en ? inLang(value) : html`<code>${JSON.stringify(value)}</code>`;
}

// What went into a step: blocks as a message, the rest as names and values.
export const Given = {
  props: ['value'],
  setup: p => () => {
    if (p.value == null || typeof p.value !== 'object') return p.value == null ? null : html`<pre class="auto-json">${String(p.value)}</pre>`;
    const { blocks, ...rest } = p.value, shown = Object.entries(rest).filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && !value.length));
    return html`${shown.length > 0 && html`<dl class="facts sm">${shown.map(([name, value]) => [html`<dt key=${name + 't'}>${fieldName(name)}</dt>`, html`<dd class="auto-value" key=${name}>${readable(name, value)}</dd>`])}</dl>`}
      ${Array.isArray(blocks) && blocks.length > 0 && html`<div class="auto-preview"><${Blocks} blocks=${blocks} /></div>`}`;
  },
};
