// One flag: on or off, its values with payloads, its conditions in order, exceptions, and what it is for somebody.
import { action, api, ask, Badge, computed, Field, go, html, icon, inLang, load, Loaded, Panel, reactive, ref, t, toast, useGuard, useTop, watch } from '../web/kit.js';
import './words.js';

const OPS = ['=', '!=', 'in', 'not_in', 'contains', '>', '>=', '<', '<=', 'set', 'not_set'];
const copy = value => JSON.parse(JSON.stringify(value));
const listed = op => op === 'in' || op === 'not_in';
// What is typed as a value: lists by commas, numbers where it looks like one.
const single = text => text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text.trim();

export default {
  props: ['params', 'query'],
  setup(props) {
    const path = () => '/flags/' + encodeURIComponent(props.params.key), draft = ref(null), kept = ref(''), wrong = reactive({ payload: '' });
    const found = load(signal => api.get(path(), { signal }), { watch: () => props.params.key });
    const experiment = load(async signal => found.data?.design.experiment ? api.get('/experiments/' + found.data.design.experiment, { signal }) : null, { watch: () => found.data?.design.experiment });
    const segments = load(async signal => (await api.get('/segments', { signal })).segments);
    const open = flag => {
      draft.value = { ...copy(flag.design), name: inLang(flag.design.name ?? {}), payloads: Object.fromEntries(Object.entries(flag.design.payloads).map(([k, v]) => [k, JSON.stringify(v)])) };
      draft.value.conditions.forEach(c => c.where.forEach(w => { w.text = Array.isArray(w.value) ? w.value.join(', ') : w.value == null ? '' : String(w.value); }));
      kept.value = JSON.stringify(draft.value);
    };
    watch(() => found.data, flag => { if (flag && !(draft.value && dirty.value)) open(flag); });
    const dirty = computed(() => !!draft.value && JSON.stringify(draft.value) !== kept.value);
    useGuard(() => dirty.value, () => ask({ title: props.params.key, body: t('flag.dirty'), action: t('flag.leave') }));
    const design = () => {
      const d = draft.value, payloads = {};
      for (const [name, text] of Object.entries(d.payloads)) if (text?.trim()) try { payloads[name] = JSON.parse(text); } catch { throw new Error(`${t('flag.payload')} ${name}: ${t('flag.badjson')}`); }
      const condition = c => ({ where: c.where.filter(w => w.prop.trim()).map(w => ({ prop: w.prop.trim(), op: w.op, ...(['set', 'not_set'].includes(w.op) ? {} : { value: listed(w.op) ? w.text.split(',').map(single) : single(w.text) }) })), segment: c.segment ?? '', rollout: c.rollout, variant: c.variant ?? '' });
      return { ...(d.name ? { name: d.name } : {}), active: d.active, expose: d.expose, payloads, ...(d.experiment ? { experiment: d.experiment } : { variants: d.variants.map(v => ({ name: v.name, share: v.share })), conditions: d.conditions.map(condition) }) };
    };
    const save = action(async () => { const flag = await api.put(path(), { design: design() }); kept.value = JSON.stringify(draft.value); found.set(flag); open(flag); toast(t('flag.saved')); }, { failed: toast.error });
    const remove = async () => { if (await ask({ title: props.params.key, body: t('flag.deleteask'), action: t('flag.delete'), danger: true })) try { await api.del(path()); kept.value = JSON.stringify(draft.value); go('/feature-flags'); } catch (error) { toast.error(error); } };
    const whom = ref(''), value = ref(true), trial = ref(''), told = ref(null);
    const set = action(async (who, what) => { found.set(await api.put(path() + '/overrides', { distinct_id: who, value: what })); whom.value = ''; }, { failed: toast.error });
    const look = action(async () => { told.value = await api.post(path() + '/try', { distinct_id: trial.value }); }, { failed: toast.error });
    useTop({
      title: () => html`<h1 class="row"><code class="cut">${props.params.key}</code>${found.data && html`<${Badge} kind=${found.data.design.active ? 'ok' : ''} text=${t(found.data.design.active ? 'flag.on' : 'flag.off')} />`}</h1>`,
      tools: () => html`<button class="btn sm ghost" @click=${remove}>${t('flag.delete')}</button><button class="btn sm pri" disabled=${!dirty.value || save.busy} @click=${() => save.run()}>${t('flag.save')}</button>`,
    });

    const names = () => draft.value.experiment ? (experiment.data?.design.arms ?? []).map(a => a.name) : draft.value.variants.map(v => v.name);
    const even = () => draft.value.variants.forEach(v => { v.share = 1 / draft.value.variants.length; });
    const payload = name => html`<${Field} key=${name} name=${'payload-' + name} label=${names().length ? `${t('flag.payload')} · ${name}` : t('flag.payload')} value=${draft.value.payloads[name] ?? ''} change=${v => { draft.value.payloads[name] = v; }} optional=${true} />`;
    const variants = d => html`<${Panel} title=${t('flag.variants')} tools=${html`<button type="button" class="btn sm" @click=${() => { d.variants.push({ name: d.variants.length ? `variant-${d.variants.length}` : 'control', share: 0 }); even(); }}>${icon('plus', 14)} ${t('flag.addvariant')}</button>`}>
      <div class="exp-flag">${!d.variants.length && html`<p class="mut sm">${t('flag.bool')}</p>`}${d.variants.map((v, i) => html`<div key=${i} class="exp-fields"><${Field} name=${'variant' + i} label=${t('flag.variant')} value=${v.name} change=${x => { v.name = x; }} />
        <${Field} name=${'share' + i} type="number" unit="%" label=${t('flag.share')} value=${Math.round(v.share * 1e4) / 100} change=${x => { v.share = (x ?? 0) / 100; }} /><button type="button" class="btn sm ghost ico" aria-label=${t('flag.remove')} @click=${() => { d.variants.splice(i, 1); even(); }}>×</button></div>`)}
        ${names().length ? names().map(payload) : payload('true')}</div><//>`;
    const trait = (c, w, k) => html`<div key=${k} class="exp-fields"><${Field} name=${'prop' + k} label=${t('flag.trait')} value=${w.prop} change=${x => { w.prop = x; }} placeholder="plan" /><${Field} name=${'op' + k} type="select" required=${true} label=${t('flag.op')} options=${OPS} value=${w.op} change=${x => { w.op = x; }} />
      ${!['set', 'not_set'].includes(w.op) && html`<${Field} name=${'value' + k} label=${t('flag.value')} value=${w.text} change=${x => { w.text = x; }} />`}<button type="button" class="btn sm ghost ico" aria-label=${t('flag.remove')} @click=${() => c.where.splice(k, 1)}>×</button></div>`;
    const condition = (d, c, i) => html`<section key=${i} class="exp-condition"><header><b>${t('flag.condition', { n: i + 1 })}</b><span class="row"><button type="button" class="btn sm ghost" @click=${() => c.where.push({ prop: '', op: '=', text: '' })}>${icon('plus', 14)} ${t('flag.addtrait')}</button>
        <button type="button" class="btn sm ghost" @click=${() => d.conditions.splice(i, 1)}>${t('flag.remove')}</button></span></header>
      <div class="exp-fields"><${Field} name=${'segment' + i} type="select" label=${t('flag.segment')} placeholder=${t('flag.anysegment')} value=${c.segment || null} change=${x => { c.segment = x ?? ''; }} options=${(segments.data ?? []).map(s => ({ value: s.id, label: inLang(s.name) }))} />
        <${Field} name=${'rollout' + i} type="number" unit="%" label=${t('flag.rollout')} value=${Math.round(c.rollout * 1e4) / 100} change=${x => { c.rollout = Math.min(1, Math.max(0, (x ?? 0) / 100)); }} />
        ${d.variants.length > 0 && html`<${Field} name=${'gives' + i} type="select" label=${t('flag.fixed')} placeholder=${t('flag.draw')} value=${c.variant || null} change=${x => { c.variant = x ?? ''; }} options=${d.variants.map(v => v.name)} />`}</div>${c.where.map((w, k) => trait(c, w, k))}</section>`;
    const conditions = d => html`<${Panel} title=${t('flag.conditions')} tools=${html`<button type="button" class="btn sm" @click=${() => d.conditions.push({ where: [], segment: '', rollout: 1, variant: '' })}>${icon('plus', 14)} ${t('flag.addcondition')}</button>`}>
      <p class="mut sm">${t('flag.conditionsnote')}</p><div class="exp-flag">${d.conditions.map((c, i) => condition(d, c, i))}</div><//>`;
    const linked = d => html`<${Panel} title=${t('flag.experiment')}><div class="exp-flag"><p>${experiment.data ? html`<a href=${'/experiments/' + d.experiment}>${inLang(experiment.data.design.name)}</a> <${Badge} text=${t('exp.s.' + experiment.data.state)} />` : '…'}</p>
      <${Field} name="expose" type="choice" label=${t('flag.expose')} value=${d.expose} change=${v => { d.expose = v; }} options=${['called', 'evaluated'].map(one => ({ value: one, label: t('flag.' + one) }))} />${names().map(payload)}</div><//>`;
    const exceptions = flag => html`<${Panel} title=${t('flag.overrides')}><div class="exp-flag">${Object.keys(flag.overrides).length ? html`<table class="exp-table"><tbody>${Object.entries(flag.overrides).map(([who, what]) => html`<tr key=${who}><th scope="row" class="mono">${who}</th><td>${what}</td><td class="r"><button type="button" class="btn sm ghost" @click=${() => set.run(who, null)}>${t('flag.remove')}</button></td></tr>`)}</tbody></table>` : html`<p class="mut sm">${t('flag.nooverrides')}</p>`}
      <form class="exp-fields" @submit=${e => { e.preventDefault(); set.run(whom.value, value.value); }}><${Field} name="whom" label=${t('flag.distinct')} value=${whom.value} change=${v => { whom.value = v; }} /><${Field} name="what" type="select" required=${true} label=${t('flag.value')} value=${value.value} change=${v => { value.value = v; }} options=${[{ value: true, label: 'true' }, { value: false, label: 'false' }, ...names()]} /><button class="btn sm" disabled=${!whom.value.trim() || set.busy}>${t('flag.override')}</button></form></div><//>`;
    const tried = () => html`<${Panel} title=${t('flag.try')} note=${t('flag.trynote')}><div class="exp-flag"><form class="exp-fields" @submit=${e => { e.preventDefault(); look.run(); }}><${Field} name="trial" label=${t('flag.distinct')} value=${trial.value} change=${v => { trial.value = v; told.value = null; }} /><button class="btn sm" disabled=${!trial.value.trim() || look.busy}>${t('flag.trybutton')}</button></form>
      ${told.value && html`<p role="status"><b class="mono">${String(told.value.value)}</b> <span class="mut">${t('flag.code.' + told.value.code)}${told.value.condition != null && !draft.value.experiment ? ` · ${t('flag.condition', { n: told.value.condition + 1 })}` : ''}</span>${told.value.payload && html` <code>${told.value.payload}</code>`}</p>`}</div><//>`;
    const show = flag => {
      const d = draft.value;
      if (!d) return null;
      return html`<div class="page"><${Panel} title=${t('exp.setup')} wide=${true}><div class="exp-fields"><${Field} name="name" label=${t('exp.name')} value=${d.name} change=${v => { d.name = v; }} optional=${true} /><${Field} name="active" type="switch" label=${t('flag.active')} value=${d.active} change=${v => { d.active = v; }} /></div><//>
        ${d.experiment ? linked(d) : html`${variants(d)}${conditions(d)}`}${exceptions(flag)}${tried()}</div>`;
    };
    return () => html`<div class="view"><${Loaded} of=${found} skeleton="cards" n=${4} show=${show} /></div>`;
  },
};
