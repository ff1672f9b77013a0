// The builder's small fields. Each knows its place in the question (`field`) and is marked when the server refuses it.
import { html, icon, inject, t, words } from '../../web/kit.js';
import { durationOf } from '../drafts.js';
import { Combobox } from './combobox.js';
import './words.js';

export const WRONG = 'mx-wrong';   // provided: () => the refusal {field, message} or null

const DURATIONS = ['5m', '30m', '1h', '6h', '1d', '3d', '7d', '14d', '30d', '90d'];

words({
  ko: { 'in.s': '{n}초', 'in.m': '{n}분', 'in.h': '{n}시간', 'in.d': '{n}일', 'in.w': '{n}주' },
  en: { 'in.s': '{n} {n|second|seconds}', 'in.m': '{n} {n|minute|minutes}', 'in.h': '{n} {n|hour|hours}', 'in.d': '{n} {n|day|days}',
    'in.w': '{n} {n|week|weeks}' },
});

// `7d` as people read it.
export function inWords(text) {
  const found = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text ?? '');
  return found ? t('in.' + found[2], { n: Number(found[1]) }) : text;
}

// The refusal's sentence if it is about `field` or something within it (`exactly`: about `field` alone).
export function useWrong() {
  const wrong = inject(WRONG, () => null);
  return (field, exactly = false) => {
    const it = field && wrong();
    if (!it?.field) return null;
    return it.field === field || (!exactly && (it.field.startsWith(field + '.') || it.field.startsWith(field + '['))) ? it.message : null;
  };
}

// What is wrong with a list as a whole.
export const Wrong = {
  props: ['field'],
  setup(p) {
    const wrongAt = useWrong();
    return () => { const wrong = wrongAt(p.field, true); return wrong ? html`<span
      class="wrong-text" role="alert">${icon('warn', 12)}${wrong}</span>` : null; };
  },
};

// A label over whatever stands in the slot.
export const Labelled = {
  props: ['label', 'field', 'group'],
  setup(p, { slots }) {
    const wrongAt = useWrong();
    return () => {
      const wrong = wrongAt(p.field), tag = p.group ? 'div' : 'label';
      return html`<${tag} class=${'mx-choice' + (wrong ? ' wrong' : '')}>${p.label && html`<span class="mut sm">${p.label}</span>`}
        ${slots.default?.()}${wrong && html`<span class="wrong-text" role="alert">${icon('warn', 12)}${wrong}</span>`}<//>`;
    };
  },
};

export const Choice = {
  props: ['label', 'value', 'options', 'change', 'field', 'bare'],   // options [[value, text]]
  setup(p) {
    const select = () => html`<select class="input" aria-label=${p.label} value=${String(p.value)}
      @change=${e => p.change(p.options[e.target.selectedIndex][0])}>
      ${p.options.map(([value, text]) => html`<option key=${value} value=${String(value)} selected=${value === p.value}>${text}</option>`)}</select>`;
    return () => p.bare ? select() : html`<${Labelled} label=${p.label} field=${p.field}>${select()}<//>`;
  },
};

export const Whole = {
  props: ['label', 'value', 'change', 'field', 'min', 'max'],
  setup: p => () => html`<${Labelled} label=${p.label} field=${p.field}><input class="input num" type="number" min=${p.min} max=${p.max} value=${p.value}
    @change=${e => { const n = Math.round(Number(e.target.value)); if (e.target.value !== '' && Number.isFinite(n)) p.change(n); }} /><//>`,
};

export const Text = {
  props: ['label', 'value', 'change', 'field', 'placeholder'],
  setup: p => () => html`<${Labelled} label=${p.label} field=${p.field}><input class="input" type="text" value=${p.value ?? ''} placeholder=${p.placeholder}
    @change=${e => p.change(e.target.value.trim() || undefined)} /><//>`,
};

export const Duration = {
  props: ['label', 'value', 'change', 'field', 'choices'],
  setup(p) {
    const wrongAt = useWrong();
    return () => html`<${Labelled} group=${true} label=${p.label} field=${p.field}><${Combobox} label=${p.label} value=${p.value}
      clears=${false} wrong=${wrongAt(p.field)}
      show=${inWords} read=${durationOf} list=${() => ({ items: (p.choices ?? DURATIONS).map(value => ({ value })) })} change=${p.change} /><//>`;
  },
};

export const Check = {
  props: ['label', 'value', 'change'],
  setup: p => () => html`<label class="row sm b-check"><input type="checkbox" checked=${!!p.value}
    @change=${e => p.change(e.target.checked)} />${p.label}</label>`,
};

export const choices = (values, prefix = 'b.') => values.map(v => [v, t(prefix + v)]);
export const intervals = (q, set, values = ['hour', 'day', 'week', 'month']) => html`<${Choice} label=${t('b.interval')} field="interval" value=${q.interval}
  options=${choices(values)} change=${interval => set({ interval })} />`;
export const weekStart = (q, set) => q.interval === 'week' && html`<${Choice} label=${t('b.weekstart')} field="week_start" value=${q.week_start ?? 'monday'}
  options=${choices(['monday', 'sunday'])} change=${week_start => set({ week_start })} />`;
