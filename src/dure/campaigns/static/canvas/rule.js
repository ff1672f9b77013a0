// A segment's rule made by hand, with how many people it holds for now, and the same in words.
import { api, computed, html, icon, inLang, load, num, onScopeDispose, ref, sentence, t, watch, words } from '../../web/kit.js';
import { Condition, eventNames, EventOf, Length, Line, propertiesOf, Seg } from './fields.js';

words({
  ko: {
    'camp.ru.all': '모두 맞는 사람', 'camp.ru.any': '하나라도 맞는 사람', 'camp.ru.did': '한 사람', 'camp.ru.not': '하지 않은 사람', 'camp.ru.last_seen': '오지 않은 지', 'camp.ru.trait': '특성', 'camp.ru.in': '세그먼트', 'camp.ru.notin': '세그먼트 밖', 'camp.ru.group': '묶음', 'camp.ru.add': '규칙 추가', 'camp.ru.drop': '이 규칙 빼기', 'camp.ru.kind': '무엇을 봅니까', 'camp.ru.least': '적어도', 'camp.ru.most': '많아야', 'camp.ru.within': '기간', 'camp.ru.ever': '전체 기간', 'camp.ru.times': '번', 'camp.ru.over': '이만큼 지남', 'camp.ru.segment': '세그먼트', 'camp.ru.choose': '고르세요', 'camp.ru.now': '지금 {n}명', 'camp.ru.counting': '세는 중…', 'camp.ru.everybody': '규칙이 없으면 아는 사람 모두입니다', 'camp.ru.fill': '규칙을 채우면 인원이 보입니다', 'camp.ru.other': '다른 곳에서 만든 규칙', 'camp.ru.none': '규칙 없음', 'camp.ru.make': '규칙 만들기', 'camp.ru.pick': '세그먼트 고르기',
  },
  en: {
    'camp.ru.all': 'All of these hold', 'camp.ru.any': 'At least one holds', 'camp.ru.did': 'Did', 'camp.ru.not': 'Did not', 'camp.ru.last_seen': 'Not seen for', 'camp.ru.trait': 'Trait', 'camp.ru.in': 'In a segment', 'camp.ru.notin': 'Not in a segment', 'camp.ru.group': 'Group', 'camp.ru.add': 'Add a rule', 'camp.ru.drop': 'Remove this rule', 'camp.ru.kind': 'What to look at', 'camp.ru.least': 'at least', 'camp.ru.most': 'at most', 'camp.ru.within': 'within', 'camp.ru.ever': 'ever', 'camp.ru.times': 'times', 'camp.ru.over': 'For longer than', 'camp.ru.segment': 'Segment', 'camp.ru.choose': 'Choose', 'camp.ru.now': '{n} {n|person|people} now', 'camp.ru.counting': 'Counting…', 'camp.ru.everybody': 'Without a rule it is everybody we know', 'camp.ru.fill': 'Fill in the rule to see how many', 'camp.ru.other': 'A rule made elsewhere', 'camp.ru.none': 'No rule', 'camp.ru.make': 'Make a rule', 'camp.ru.pick': 'Choose a segment',
  },
});

const LEAVES = ['did', 'not', 'last_seen', 'trait', 'in', 'notin'];
const segments = ref(null);
function known() {
  if (segments.value === null) { segments.value = []; api.get('/segments', { quiet: true }).then(found => { segments.value = found.segments; }, () => {}); }
  return segments.value;
}
export const segmentName = id => inLang(known().find(one => one.id === id)?.name) || id;

const begin = kind => ({
  did: { kind: 'did', event: '', within: '28d', at_least: 1 }, not: { kind: 'not', of: { kind: 'did', event: '', within: '7d' } }, last_seen: { kind: 'last_seen', over: '14d' }, trait: { kind: 'trait', prop: '', op: '=', value: '' },
  in: { kind: 'in', segment: '' }, notin: { kind: 'not', of: { kind: 'in', segment: '' } }, all: { kind: 'all', of: [] }, any: { kind: 'any', of: [] },
})[kind];
// What the form calls a rule: did, not (did), trait …; null where only its own screen can show it.
function formOf(rule) {
  if (rule.kind === 'not') return rule.of?.kind === 'did' ? 'not' : rule.of?.kind === 'in' ? 'notin' : null;
  return ['did', 'last_seen', 'trait', 'in', 'all', 'any'].includes(rule.kind) ? rule.kind : null;
}
const clean = value => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null && one !== undefined && one !== ''));
// Whether a rule can be asked for at all.
export function whole(rule) {
  if (!rule) return false;
  if (rule.kind === 'not') return whole(rule.of);
  if (rule.kind === 'all' || rule.kind === 'any') return rule.of.length > 0 && rule.of.every(whole);
  if (rule.kind === 'did') return !!rule.event;
  if (rule.kind === 'trait') return !!rule.prop && (['set', 'not_set'].includes(rule.op) || rule.value !== '' && rule.value != null);
  if (rule.kind === 'in') return !!rule.segment;
  return true;
}

const Leaf = {
  props: ['rule', 'change', 'drop', 'error'],
  setup(p) {
    const body = (rule, form) => {
      const set = more => p.change(clean({ ...rule, ...more }));
      if (form === 'did' || form === 'not') {
        const one = form === 'not' ? rule.of : rule, put = more => { const next = clean({ ...one, ...more }); if (next.where && !next.where.length) delete next.where; p.change(form === 'not' ? { kind: 'not', of: next } : next); };
        return html`<${EventOf} value=${one} label="" change=${({ event, where }) => put({ event, where })} />
          <div class="camp-did">${form === 'did' && html`<label class="row sm"><span class="mut">${t('camp.ru.least')}</span><input class="input num" type="number" min="1" aria-label=${t('camp.ru.least')} value=${one.at_least ?? 1} @input=${e => put({ at_least: e.target.value === '' ? null : Number(e.target.value) })} /></label>
            <label class="row sm"><span class="mut">${t('camp.ru.most')}</span><input class="input num" type="number" min="1" aria-label=${t('camp.ru.most')} value=${one.at_most ?? ''} @input=${e => put({ at_most: e.target.value === '' ? null : Number(e.target.value) })} /></label>`}
            <label class="row sm"><span class="mut nowrap">${t('camp.ru.within')}</span><select class="input" aria-label=${t('camp.ru.within')} value=${one.within ?? ''} @change=${e => put({ within: e.target.value || null })}>${periods(one.within).map(d => html`<option key=${d} value=${d} selected=${d === (one.within ?? '')}>${d ? d.replace(/(\d+)([smhdw])/, (all, n, unit) => n + t('camp.d.' + unit)) : t('camp.ru.ever')}</option>`)}</select></label></div>`;
      }
      if (form === 'last_seen') return html`<${Length} label=${t('camp.ru.over')} value=${rule.over} change=${over => set({ over })} />`;
      if (form === 'trait') return html`<${Condition} value=${rule} props=${[]} change=${next => p.change({ kind: 'trait', ...next })} />`;
      if (form === 'in' || form === 'notin') { const id = form === 'in' ? rule.segment : rule.of.segment; return html`<${SegmentOf} value=${id} change=${segment => p.change(form === 'in' ? { kind: 'in', segment } : { kind: 'not', of: { kind: 'in', segment } })} />`; }
      return html`<p class="mut sm">${t('camp.ru.other')} <code class="tag">${rule.kind}</code></p>`;
    };
    return () => { const form = formOf(p.rule); return html`<div class=${'camp-leaf' + (p.error ? ' wrong' : '')}><div class="row"><select class="input" aria-label=${t('camp.ru.kind')} value=${form ?? 'other'} @change=${e => p.change(begin(e.target.value))}>
      ${[...LEAVES, ...(form === null ? ['other'] : [])].map(kind => html`<option key=${kind} value=${kind} selected=${kind === (form ?? 'other')}>${t('camp.ru.' + kind)}</option>`)}</select><span class="grow"></span>${p.drop && html`<button type="button" class="btn ghost ico sm" aria-label=${t('camp.ru.drop')} title=${t('camp.ru.drop')} @click=${p.drop}>${icon('x', 14)}</button>`}</div>${body(p.rule, form)}${p.error && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${p.error}</p>`}</div>`; };
  },
};
const periods = own => [...new Set(['', '1d', '3d', '7d', '14d', '28d', '90d', own ?? ''])].filter((one, i, all) => all.indexOf(one) === i);

export const SegmentOf = {
  props: ['value', 'change'],
  setup: p => () => html`<select class="input" aria-label=${t('camp.ru.segment')} value=${p.value ?? ''} @change=${e => p.change(e.target.value)}><option value="">${t('camp.ru.choose')}</option>${known().map(one => html`<option key=${one.id} value=${one.id} selected=${one.id === p.value}>${inLang(one.name)}${one.size != null ? ` (${num(one.size)})` : ''}</option>`)}${p.value && !known().some(one => one.id === p.value) && html`<option value=${p.value} selected>${p.value}</option>`}</select>`,
};

const Group = {
  props: ['rule', 'change', 'drop', 'depth', 'errors', 'place'],
  setup(p) {
    const put = (i, one) => p.change({ ...p.rule, of: p.rule.of.map((old, j) => j === i ? one : old) }), out = i => p.change({ ...p.rule, of: p.rule.of.filter((_, j) => j !== i) });
    const add = kind => p.change({ ...p.rule, of: [...p.rule.of, begin(kind)] });
    return () => html`<div class=${'camp-group' + (p.depth ? ' inner' : '')}><div class="row"><${Seg} label=${t('camp.ru.kind')} value=${p.rule.kind} options=${[['all', t('camp.ru.all')], ['any', t('camp.ru.any')]]} change=${kind => p.change({ ...p.rule, kind })} /><span class="grow"></span>${p.drop && html`<button type="button" class="btn ghost ico sm" aria-label=${t('camp.ru.drop')} title=${t('camp.ru.drop')} @click=${p.drop}>${icon('x', 14)}</button>`}</div>
      ${p.rule.of.map((one, i) => ['all', 'any'].includes(one.kind) ? html`<${Group} key=${i} rule=${one} depth=${p.depth + 1} change=${next => put(i, next)} drop=${() => out(i)} errors=${p.errors} place=${`${p.place}.of[${i}]`} />` : html`<${Leaf} key=${i} rule=${one} change=${next => put(i, next)} drop=${() => out(i)} error=${p.errors?.(`${p.place}.of[${i}]`)} />`)}
      <div class="row wrap"><button type="button" class="btn sm ghost camp-add" @click=${() => add('did')}>${icon('plus', 13)}${t('camp.ru.add')}</button>${p.depth < 2 && html`<button type="button" class="btn sm ghost camp-add" @click=${() => add('any')}>${icon('plus', 13)}${t('camp.ru.group')}</button>`}</div></div>`;
  },
};

// props: value (a rule or null), change(rule or null), needed: whether there must be one; errors, place.
export const RuleOf = {
  props: ['value', 'change', 'needed', 'errors', 'place'],
  setup(p) {
    const asked = ref(p.value && whole(p.value) ? JSON.stringify(p.value) : null);
    let timer = 0;
    watch(() => p.value && whole(p.value) ? JSON.stringify(p.value) : null, text => { clearTimeout(timer); if (text === null) asked.value = null; else timer = setTimeout(() => { asked.value = text; }, 400); });
    onScopeDispose(() => clearTimeout(timer));
    const seen = load(async signal => asked.value ? await api.post('/segments/preview', { rule: JSON.parse(asked.value) }, { signal, quiet: true }) : null, { watch: () => asked.value, keep: false });
    const waiting = computed(() => seen.loading || (p.value && whole(p.value) && asked.value !== JSON.stringify(p.value)));
    const size = () => !p.value ? html`<span class="mut">${t(p.needed ? 'camp.ru.fill' : 'camp.ru.everybody')}</span>` : seen.error ? html`<span class="poor">${sentence(seen.error)}</span>` : waiting.value ? html`<span class="mut">${t('camp.ru.counting')}</span>` : seen.data ? html`<b class="num">${t('camp.ru.now', { n: seen.data.size })}</b> <span class="mut">${inLang(seen.data.words)}</span>` : html`<span class="mut">${t('camp.ru.fill')}</span>`;
    const group = rule => ['all', 'any'].includes(rule.kind);
    return () => html`<div class="camp-rule">${!p.value ? html`<div class="row wrap"><button type="button" class="btn sm" @click=${() => p.change(begin('in'))}>${icon('segment', 13)}${t('camp.ru.pick')}</button><button type="button" class="btn sm" @click=${() => p.change({ kind: 'all', of: [begin('did')] })}>${icon('plus', 13)}${t('camp.ru.make')}</button></div>`
      : group(p.value) ? html`<${Group} rule=${p.value} depth=${0} change=${p.change} drop=${() => p.change(null)} errors=${p.errors} place=${p.place} />`
      : html`<${Leaf} rule=${p.value} change=${p.change} drop=${() => p.change(null)} /><button type="button" class="btn sm ghost camp-add" @click=${() => p.change({ kind: 'all', of: [p.value, begin('did')] })}>${icon('plus', 13)}${t('camp.ru.add')}</button>`}
      ${p.errors?.(p.place) && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${p.errors(p.place)}</p>`}<p class="camp-size" role="status">${size()}</p></div>`;
  },
};
