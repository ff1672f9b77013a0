// Rules and settings: changed on the screen, tried on the past, and only then saved.
import { action, api, ask, Badge, html, icon, inLang, load, Loaded, num, Panel, percent, Picks, reactive, ref, state, t, toast, useGuard, watch } from '../../web/kit.js';
import { FEELINGS, KNOWN_NETWORKS, networkName } from '../words.js';

const PROPS = ['network', 'kind', 'language', 'intent', 'topic', 'sentiment', 'reach', 'rating', 'text', 'title', 'author', 'handle', 'email', 'direct'];
const NUMBERS = new Set(['sentiment', 'reach', 'rating']), DAYS = 7;
// What can be asked of each: values that are chosen, numbers, a yes or no, else texts.
const CHOSEN = new Set(['network', 'kind', 'language', 'intent', 'topic', 'sentiment']);
const KINDS = ['post', 'comment', 'review', 'message', 'article'], LANGUAGES = ['ko', 'en', 'ja', 'zh'];
const opsOf = prop => prop === 'direct' ? ['='] : CHOSEN.has(prop) ? ['=', '!=', 'in', 'not_in'] : NUMBERS.has(prop) ? ['=', '!=', '>', '>=', '<', '<=', 'set', 'not_set'] : ['contains', '=', '!=', 'in', 'not_in', 'set', 'not_set'];
const many = op => op === 'in' || op === 'not_in';
const listed = text => text.split(',').map(one => one.trim()).filter(Boolean);

export const Rules = {
  props: ['setup'],
  setup(p) {
    const draft = reactive({ rules: [], gate: 0.5, audit: 0.05, channels: {} }), kept = ref(''), tried = ref(null), of = ref('');
    const now = () => JSON.stringify(plain());
    const dirty = () => kept.value !== '' && now() !== kept.value;
    const plain = () => ({ rules: draft.rules.map(asRule), gate: Number(draft.gate), audit: Number(draft.audit), channels: { ...draft.channels } });
    const take = data => {
      Object.assign(draft, { rules: data.rules.map(asDraft), gate: data.gate, audit: data.audit, channels: { ...data.channels } });
      kept.value = now(); tried.value = null; of.value = '';
    };
    const vocabulary = load(signal => api.get('/mentions/vocabulary', { signal, quiet: true }));
    const choices = (prop, value) => {
      const v = vocabulary.data ?? {}, titles = map => Object.entries(map ?? {}).map(([key, title]) => ({ value: key, label: inLang(title) }));
      const known = {
        network: () => [...new Set([...(v.networks ?? []), ...KNOWN_NETWORKS])].map(key => ({ value: key, label: networkName(key, state.lang) })), kind: () => KINDS.map(key => ({ value: key, label: t('route.k.' + key) })),
        language: () => LANGUAGES.map(key => ({ value: key, label: t('social.' + key) })), intent: () => titles(v.intents), topic: () => titles(v.topics),
        sentiment: () => ['1', '0', '-1'].map(key => ({ value: key, label: t(FEELINGS[key]) })), direct: () => ['true', 'false'].map(key => ({ value: key, label: t('route.d.' + key) })),
      }[prop]?.();
      if (!known) return null;
      const more = listed(value).filter(one => !known.some(it => it.value === one));
      return [...known, ...more.map(one => ({ value: one, label: one }))];
    };
    const asks = (one, prop) => Object.assign(one, { prop, op: opsOf(prop).includes(one.op) ? one.op : opsOf(prop)[0], value: prop === 'direct' ? 'true' : '' });
    const value = one => {
      const options = choices(one.prop, one.value), set = text => { one.value = text; };
      if (many(one.op)) return html`<${Picks} value=${listed(one.value)} change=${list => set(list.join(', '))} options=${options ?? undefined} label=${t('route.value')} />`;
      if (options) return pick(one.value, set, options.map(it => [it.value, it.label]), t('route.value'), one.prop === 'direct' ? undefined : t('route.choose'));
      return html`<input class="input sm" type=${NUMBERS.has(one.prop) ? 'number' : 'text'} aria-label=${t('route.value')} placeholder=${t('route.value')} value=${one.value} @input=${e => set(e.target.value)} />`;
    };
    watch(() => p.setup.data, data => { if (data && !dirty()) take(data); }, { immediate: true });
    useGuard(dirty, () => ask({ title: t('route.leave'), action: t('route.discard'), danger: true }));
    const attempt = action(async () => {
      const said = plain(), found = await api.post('/mention-routing/replay', { days: DAYS, rules: said.rules, gate: said.gate });
      tried.value = found; of.value = JSON.stringify(said);
    }, { failed: toast.error });
    const save = action(async () => {
      const said = plain(), before = JSON.parse(kept.value);
      if (JSON.stringify(said.rules) !== JSON.stringify(before.rules)) await api.put('/mention-rules', { rules: said.rules });
      await api.put('/mention-routing/settings', { gate: said.gate, audit: said.audit, channels: said.channels });
      kept.value = now(); tried.value = null; of.value = ''; toast(t('route.saved')); p.setup.reload({ quiet: true });
    }, { failed: toast.error });
    const title = name => name ? inLang(p.setup.data?.functions[name] ?? {}) || name : t('route.open');
    const names = () => Object.keys(p.setup.data?.functions ?? {});
    const shift = (i, by) => { const [one] = draft.rules.splice(i, 1); draft.rules.splice(i + by, 0, one); };

    const pick = (value, change, options, label, empty) => html`<select class="input sm" aria-label=${label} value=${value} @change=${e => change(e.target.value)}>
      ${empty !== undefined && html`<option value="" selected=${!value}>${empty}</option>`}${options.map(([key, text]) => html`<option key=${key} value=${key} selected=${value === key}>${text}</option>`)}</select>`;
    const condition = (rule, one, i) => html`<div class="route-if" key=${i}>${pick(one.prop, v => asks(one, v), PROPS.map(v => [v, t('route.p.' + v)]), t('route.if'))}${pick(one.op, v => { one.op = v; }, [...new Set([...opsOf(one.prop), one.op])].map(v => [v, t('route.op.' + v)]), t('route.if'))}
      ${!one.op.includes('set') && value(one)}
      <button type="button" class="btn ghost ico sm" aria-label=${t('route.removecondition')} title=${t('route.removecondition')} @click=${() => rule.where.splice(i, 1)}>${icon('x', 14)}</button></div>`;
    const card = (rule, i) => html`<li class="route-rule" key=${rule.key}><span class="route-number num">${i + 1}</span>
      <div class="stack">${rule.where.map((one, at) => condition(rule, one, at))}
        <div class="route-if"><input class="input sm" aria-label=${t('route.words')} placeholder=${`${t('route.words')} (${t('route.wordshint')})`} value=${rule.words} @input=${e => { rule.words = e.target.value; }} />
          <button type="button" class="btn ghost sm nowrap" @click=${() => rule.where.push({ prop: 'network', op: '=', value: '' })}>${icon('plus', 12)}${t('route.addcondition')}</button></div></div>
      <div class="stack"><label class="route-to"><span class="mut sm">${t('route.to')}</span>${pick(rule.function, v => { rule.function = v; }, names().map(v => [v, title(v)]), t('route.to'))}</label>
        <label class="route-to"><span class="mut sm">${t('route.also')}</span>${pick(rule.also, v => { rule.also = v; }, names().filter(v => v !== rule.function).map(v => [v, title(v)]), t('route.also'), t('route.none'))}</label>
        <label class="route-to"><span class="mut sm">${t('route.channel')}</span><input class="input sm" placeholder=${p.setup.data?.channels[rule.function] ?? ''} value=${rule.channel} @input=${e => { rule.channel = e.target.value; }} /></label></div>
      <div class="route-moves"><button type="button" class="btn ghost ico sm" disabled=${i === 0} aria-label=${t('route.up')} title=${t('route.up')} @click=${() => shift(i, -1)}>${icon('up', 14)}</button>
        <button type="button" class="btn ghost ico sm" disabled=${i === draft.rules.length - 1} aria-label=${t('route.down')} title=${t('route.down')} @click=${() => shift(i, 1)}>${icon('down', 14)}</button>
        <button type="button" class="btn ghost ico sm" disabled=${draft.rules.length === 1} aria-label=${t('route.remove')} title=${t('route.remove')} @click=${() => draft.rules.splice(i, 1)}>${icon('trash', 14)}</button></div></li>`;
    const diff = found => html`<div class="stack"><div class="row wrap sm"><span>${t('route.same', { n: found.same })}</span>
        ${found.decided > 0 && html`<span>${t('route.judged', { n: found.decided })}: <b class="num">${num(found.right)} → ${num(found.right_now)}</b> <${Badge} kind=${found.right_now >= found.right ? 'ok' : 'bad'} text=${percent(found.right_now / found.decided, 0)} /></span>`}
        <span>${t('route.waitingnow')}: <b class="num">${num(found.waiting)} → ${num(found.waiting_now)}</b></span></div>
      ${found.moved.length ? html`<table class="table small"><thead><tr><th scope="col">${t('route.from')}</th><th scope="col">${t('route.becomes')}</th><th scope="col" class="r">${t('route.count')}</th><th scope="col"></th></tr></thead><tbody>
        ${found.moved.map(row => html`<tr key=${row.was + row.now}><td>${title(row.was)}</td><td><b>${title(row.now)}</b></td><td class="r num">${num(row.count)}</td>
          <td class="route-examples">${row.examples.slice(0, 3).map(one => html`<a key=${one.mention} class="cut sm" href=${'/social?mention=' + one.mention}>${networkName(one.network, state.lang)} · ${one.text}</a>`)}</td></tr>`)}</tbody></table>` : html`<p class="mut">${t('route.nodiff')}</p>`}</div>`;

    const show = () => html`<div class="route-page stack"><p class="mut sm">${t('route.rulesnote')}</p>
      <${Panel} title=${t('route.rules')} flush=${true} tools=${html`<button type="button" class="btn sm" @click=${() => draft.rules.push(asDraft({ function: 'social', where: [{ prop: 'network', op: '=', value: '' }] }))}>${icon('plus', 14)}${t('route.addrule')}</button>`}><ol class="route-rules">${draft.rules.map(card)}</ol><//>
      <${Panel} title=${t('route.settings')}><div class="route-settings"><label><span class="sm">${t('route.gate')} <b class="num">${percent(Number(draft.gate), 0)}</b></span><input type="range" min="0.2" max="0.99" step="0.01" value=${draft.gate} @input=${e => { draft.gate = e.target.value; }} /><span class="mut sm">${t('route.gatehint')}</span></label>
        <label><span class="sm">${t('route.audit')} <b class="num">${percent(Number(draft.audit), 0)}</b></span><input type="range" min="0" max="0.5" step="0.01" value=${draft.audit} @input=${e => { draft.audit = e.target.value; }} /></label></div>
        <h4 class="sm mut">${t('route.channels')}</h4><div class="route-channels">${names().map(name => html`<label key=${name}><span class="sm">${title(name)}</span><input class="input sm" value=${draft.channels[name]} @input=${e => { draft.channels[name] = e.target.value; }} /></label>`)}</div><//>
      ${tried.value && of.value === now() && html`<${Panel} title=${t('route.diff')} note=${t('route.last', { n: DAYS })}>${diff(tried.value)}<//>`}
      <div class="actions route-save"><span class="mut sm">${dirty() ? of.value !== now() && t('route.tryfirst') : t('route.unchanged')}</span><span class="grow"></span>
        ${dirty() && html`<button type="button" class="btn ghost" @click=${() => take(p.setup.data)}>${t('route.discard')}</button>`}
        <button type="button" class=${'btn' + (of.value === now() ? '' : ' pri')} disabled=${attempt.busy || !dirty()} @click=${attempt.run}>${t('route.try', { n: DAYS })}</button>
        <button type="button" class=${'btn' + (of.value === now() ? ' pri' : '')} disabled=${save.busy || !dirty() || of.value !== now()} @click=${save.run}>${t('route.save')}</button></div></div>`;
    return () => html`<div class="view pad"><${Loaded} of=${p.setup} show=${show} /></div>`;
  },
};

let made = 0;
function asDraft(rule) {
  return {
    key: made += 1, function: rule.function, channel: rule.channel ?? '', also: (rule.also ?? [])[0] ?? '', more: (rule.also ?? []).slice(1), words: (rule.words ?? []).join(', '),
    where: (rule.where ?? []).map(one => ({ prop: one.prop, op: one.op ?? '=', value: Array.isArray(one.value) ? one.value.join(', ') : String(one.value ?? '') })),
  };
}
function asRule(rule) {
  const valued = one => {
    if (one.op.includes('set')) return null;
    const number = text => text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
    if (many(one.op)) return NUMBERS.has(one.prop) ? listed(one.value).map(number) : listed(one.value);
    if (one.prop === 'direct') return one.value === 'true';
    return NUMBERS.has(one.prop) ? number(one.value) : one.value;
  };
  return {
    where: rule.where.map(one => ({ prop: one.prop, op: one.op, value: valued(one) })), words: listed(rule.words), function: rule.function,
    channel: rule.channel.trim().replace(/^#/, ''), also: [rule.also, ...rule.more].filter(Boolean),
  };
}
