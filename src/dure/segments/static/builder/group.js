// Groups of conditions in one another: all of them, or any; each can be turned round, moved and taken out.
import { html, icon, nextTick, ref, t } from '../../web/kit.js';
import { useWrong } from '../../metrics/builder/fields.js';
import { Leaf } from './leaf.js';
import { fresh, GROUPS, isGroup, kindOf, turned } from './rule.js';

const DEEPEST = 4;

const Add = {
  props: ['add', 'deep'],
  setup(p) {
    const choose = e => { const kind = e.target.value; e.target.value = ''; if (kind) p.add(fresh(kind)); };
    return () => html`<div class="row seg-add"><label class="btn sm ghost seg-addone">${icon('plus', 14)}${t('sb.add')}<select class="seg-hidden" aria-label=${t('sb.add')} value="" @change=${choose}>
      <option value=""></option>${GROUPS.map(([name, kinds]) => html`<optgroup key=${name} label=${t('sb.g.' + name)}>${kinds.filter(kind => kind !== 'counted').map(kind => html`<option key=${kind} value=${kind}>${t('sb.k.' + kind)}</option>`)}</optgroup>`)}</select></label>
      ${p.deep < DEEPEST && html`<button type="button" class="btn sm ghost" @click=${() => p.add({ kind: 'any', of: [fresh('did')] })}>${icon('copy', 14)}${t('sb.addgroup')}</button>`}</div>`;
  },
};

// A condition or a group, with what stands before it and the ways to move it.
const Node = {
  name: 'SegNode',
  props: ['value', 'change', 'remove', 'move', 'place', 'deep', 'joint'],
  setup(p) {
    const wrongAt = useWrong();
    return () => {
      const not = p.value.kind === 'not', inner = not ? p.value.of : p.value, place = not ? p.place + '.of' : p.place;
      const set = rule => p.change(not ? { kind: 'not', of: rule } : rule);
      const keys = e => { const by = e.altKey && { ArrowUp: -1, ArrowDown: 1 }[e.key]; if (by) { e.preventDefault(); e.stopPropagation(); p.move(by); } };
      const group = isGroup(inner), wrong = !group && wrongAt(place);
      return html`<li class=${'seg-node' + (group ? ' seg-isgroup' : '') + (wrong ? ' wrong' : '')} @keydown=${keys}>
        <span class="seg-joint mut sm" aria-hidden="true">${p.joint}</span>
        <div class="seg-body"><div class="row seg-head">
          <button type="button" class=${'btn sm seg-not' + (not ? ' on' : '')} aria-pressed=${String(not)} title=${t('sb.nothint')} @click=${() => p.change(not ? inner : { kind: 'not', of: inner })}>${t(not ? 'sb.not' : 'sb.is')}</button>
          ${group ? html`<${AllOrAny} value=${inner.kind} change=${kind => set({ ...inner, kind })} />` : inner.kind === 'counted' || inner.kind === 'listed' ? html`<b class="sm">${t('sb.k.counted')}</b>`
            : html`<select class="input seg-kind" aria-label=${t('sb.kind')} @change=${e => set(turned(inner, e.target.value))}>${GROUPS.map(([name, kinds]) => html`<optgroup key=${name} label=${t('sb.g.' + name)}>${kinds.filter(kind => kind !== 'counted').map(kind =>
              html`<option key=${kind} value=${kind} selected=${kind === kindOf(inner)}>${t('sb.k.' + kind)}</option>`)}</optgroup>`)}</select>`}
          <span class="grow"></span>
          <button type="button" class="btn ghost ico sm" aria-label=${t('sb.remove')} title=${t('sb.remove')} @click=${p.remove}>${icon('x', 14)}</button></div>
          ${group ? html`<${Group} value=${inner} change=${set} place=${place} deep=${p.deep + 1} />` : html`<${Leaf} value=${inner} change=${set} place=${place} />`}
          ${wrong && !wrongAt(place + '.event') && !wrongAt(place + '.where') && !wrongAt(place + '.steps') && html`<span class="wrong-text" role="alert">${icon('warn', 12)}${wrong}</span>`}</div></li>`;
    };
  },
};

const AllOrAny = {
  props: ['value', 'change'],
  setup: p => () => html`<span class="seg" role="group" aria-label=${t('sb.joined')}>${['all', 'any'].map(kind => html`<button type="button" key=${kind} aria-pressed=${String(kind === p.value)} @click=${() => p.change(kind)}>${t('sb.' + kind)}</button>`)}</span>`,
};

export const Group = {
  name: 'SegGroup',
  props: ['value', 'change', 'place', 'deep', 'outer'],
  setup(p) {
    const el = ref();
    const of = list => p.change({ ...p.value, of: list });
    const add = rule => { of([...p.value.of, rule]); nextTick(() => [...el.value.querySelectorAll(':scope > ol > li')].at(-1)?.querySelector('input,.cb input')?.focus()); };
    const move = (i, by) => {
      const list = [...p.value.of], to = i + by;
      if (to < 0 || to >= list.length) return;
      [list[i], list[to]] = [list[to], list[i]];
      of(list);
      nextTick(() => el.value.querySelectorAll(':scope > ol > li')[to]?.querySelector('button')?.focus());
    };
    return () => html`<div class="seg-group" ref=${el} role="group" aria-label=${t('sb.' + p.value.kind)}>
      ${p.outer && html`<div class="row seg-outer"><${AllOrAny} value=${p.value.kind} change=${kind => p.change({ ...p.value, kind })} /><span class="mut sm">${t('sb.ofthese')}</span></div>`}
      ${p.value.of.length > 0 && html`<ol>${p.value.of.map((rule, i) => html`<${Node} key=${i} value=${rule} place=${p.value.of.length === 1 && p.outer ? p.place : `${p.place}.of[${i}]`} deep=${p.deep ?? 1}
        joint=${i ? t(p.value.kind === 'all' ? 'sb.and' : 'sb.or') : ''} change=${next => of(p.value.of.map((one, k) => k === i ? next : one))} remove=${() => of(p.value.of.filter((_, k) => k !== i))} move=${by => move(i, by)} />`)}</ol>`}
      <${Add} add=${add} deep=${p.deep ?? 1} /></div>`;
  },
};
