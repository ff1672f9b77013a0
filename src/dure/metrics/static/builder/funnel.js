// A funnel's steps and how they are counted.
import { html, icon, Menu, t } from '../../web/kit.js';
import { Breakdown } from './breakdown.js';
import { Check, Choice, Duration, Whole, Wrong, choices } from './fields.js';
import { Selector } from './selector.js';

const MOST = 20;

export function funnel(q, set) {
  const put = (i, step) => set({ steps: q.steps.map((one, k) => k === i ? step : one) });
  const move = (i, by) => { const steps = [...q.steps]; steps.splice(i + by, 0, ...steps.splice(i, 1)); set({ steps }); };
  const menu = i => [
    ...(i && q.order !== 'any' ? [{ label: t('b.optional'), checked: !!q.steps[i].optional, run: () => put(i, { ...q.steps[i], optional: q.steps[i].optional ? undefined : true }) }] : []),
    { label: t('b.up'), icon: 'up', disabled: !i, run: () => move(i, -1) },
      { label: t('b.down'), icon: 'down', disabled: i === q.steps.length - 1, run: () => move(i, 1) }, null,
    { label: t('b.remove'), icon: 'x', disabled: q.steps.length < 2, run: () => set({ steps: q.steps.filter((_, k) => k !== i), ...within(q, q.steps.length - 1) }) },
  ];
  return html`<h3>${t('b.steps')}</h3>${q.steps.map((step, i) => html`<${Selector} key=${i} value=${step} letter=${String(i + 1)}
    label=${t('b.step', { n: i + 1 })} any=${true}
      field=${`steps[${i}]`} change=${s => put(i, s)} tools=${html`<${Menu} label=${`${t('b.more')}: ${t('b.step', { n: i + 1 })}`}
        icon="more" cls="btn ghost ico sm" items=${menu(i)} />`}>
      ${step.optional && html`<span class="tag">${t('b.optional')}</span>`}<//>`)}
    <${Wrong} field="steps" />${q.steps.length < MOST && html`<button type="button" class="btn sm ghost b-add"
      @click=${() => set({ steps: [...q.steps, { event: '' }] })}>${icon('plus', 14)}${t('b.addstep')}</button>`}
    <div class="b-two"><${Duration} label=${t('b.window')} field="window" value=${q.window ?? '7d'} change=${window => set({ window })} />
      <${Choice} label=${t('b.order')} field="order" value=${q.order ?? 'ordered'} options=${choices(['ordered', 'strict', 'any'])}
        change=${order => set({ order })} />
      <${Choice} label=${t('b.reentry')} field="reentry" value=${q.reentry ?? 'any'} options=${choices(['any', 'first'], 'b.reentry.')}
        change=${reentry => set({ reentry })} /></div>
    ${excluded(q, set)}<${Breakdown} question=${q} set=${set} event=${q.steps[0]?.event} attributed=${true} />${also(q, set)}`;
}

function excluded(q, set) {
  const list = q.exclude ?? [], put = (i, x) => set({ exclude: list.map((one, k) => k === i ? x : one) });
  const ends = q.steps.map((_, i) => [i, t('b.step', { n: i + 1 })]);
  if (q.steps.length < 2) return null;
  return html`${list.length > 0 && html`<h3>${t('b.exclude')}</h3>`}${list.map((x, i) => html`<${Selector} key=${i} value=${x}
    label=${t('b.exclude')} field=${`exclude[${i}]`}
      change=${s => put(i, s)} remove=${() => set({ exclude: list.length > 1 ? list.filter((_, k) => k !== i) : undefined })}><div class="b-two">
      <${Choice} label=${t('b.fromstep')} field=${`exclude[${i}].from`} value=${x.from ?? 0} options=${ends.slice(0, -1)}
        change=${from => put(i, { ...x, from, to: Math.max(x.to ?? 1, from + 1) })} />
      <${Choice} label=${t('b.tostep')} field=${`exclude[${i}].to`} value=${x.to ?? 1} options=${ends.slice((x.from ?? 0) + 1)}
        change=${to => put(i, { ...x, to })} /></div><//>`)}
    <${Wrong} field="exclude" /><button type="button" class="btn sm ghost b-add"
      @click=${() => set({ exclude: [...list, { event: '', from: 0, to: 1 }] })}>${icon('plus', 14)}${t('b.addexclude')}</button>`;
}

function also(q, set) {
  const ends = q.steps.map((s, i) => [i, `${i + 1}. ${s.event || '…'}`]), last = q.steps.length - 1, times = part => set({ times: { ...q.times, ...part } });
  return html`<h3>${t('b.also')}</h3>
    ${last > 0 && html`<${Check} label=${t('b.times')} value=${q.times} change=${on => set({ times: on ? { from: 0, bins: 20 } : undefined })} />`}
    ${q.times && html`<div class="b-two b-under"><${Choice} label=${t('b.from')} field="times.from" value=${q.times.from ?? 0}
      options=${ends.slice(0, -1)} change=${from => times({ from, ...(q.times.to <= from ? { to: from + 1 } : {}) })} />
      <${Choice} label=${t('b.to')} field="times.to" value=${q.times.to ?? last} options=${ends.slice((q.times.from ?? 0) + 1)} change=${to => times({ to })} />
      <${Whole} label=${t('b.bins')} field="times.bins" min="1" max="200" value=${q.times.bins ?? 20} change=${bins => times({ bins })} /></div>`}
    <${Check} label=${t('b.overtime')} value=${q.trend} change=${on => set({ trend: on ? { interval: 'day' } : undefined })} />
    ${q.trend && html`<div class="b-two b-under"><${Choice} label=${t('b.interval')} field="trend.interval"
      value=${q.trend.interval ?? 'day'} options=${choices(['hour', 'day', 'week', 'month'])}
      change=${interval => set({ trend: { ...q.trend, interval } })} /></div>`}`;
}

// What names steps by their number must still mean one after a step is gone.
function within(q, count) {
  const last = count - 1;
  return {
    ...(q.exclude && { exclude: q.exclude.filter(x => (x.to ?? 1) <= last) }),
    ...(q.times && { times: last > 0 && (q.times.from ?? 0) < last ? { ...q.times, to: q.times.to > last ? undefined : q.times.to } : undefined }),
    ...(q.breakdown?.step > last && { breakdown: { ...q.breakdown, step: last } }),
  };
}
