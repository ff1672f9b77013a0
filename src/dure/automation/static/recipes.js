// The gallery of ready automations: by the part of the work they belong to, each with its purpose, its settings as a small
// form, what it would have done, and its switch.
import { action, api, ApiError, Badge, computed, dateTime, Dialog, Field, fits, go, html, icon, inLang, load, Loaded, onMounted, openDialog, reactive, ref, reloadOn, setQuery, shallowRef, t, toast, words } from '../web/kit.js';
import { Input } from './builder/fields.js';
import { iconOf, kinds } from './kinds.js';
import { openTrial, Steps } from './trial.js';
import { about, DAYS, stepBadge, trigger } from './words.js';

words({
  ko: { 'auto.group.campaign': '캠페인의 일생', 'auto.group.sales': '영업', 'auto.group.growth': '성장', 'auto.group.care': '고객 응대와 소셜', 'auto.group.house': '살림', 'auto.group.all': '전체', 'auto.settings': '설정', 'auto.setup': '설정하고 켜기', 'auto.savesettings': '설정 저장', 'auto.settingssaved': '설정을 저장했습니다', 'auto.previewit': '미리 돌려 보기', 'auto.recipefind': '레시피 찾기', 'auto.norecipefits': '맞는 레시피가 없습니다', 'auto.nosettings': '정할 것이 없습니다. 바로 켤 수 있습니다.', 'auto.turnoff': '끄기', 'auto.openit': '자동화 열기', 'auto.flowof': '하는 일', 'auto.wouldrun': '지난 이벤트 {n}건 가운데 {started}번 실행되었을 것입니다.', 'auto.onlyon': '켜진 것만', 'auto.sample': '기록에 맞는 이벤트가 없어 지어낸 예로 보여 드립니다.', 'auto.nextat': '다음 차례: {when}' },
  en: { 'auto.group.campaign': 'A campaign’s life', 'auto.group.sales': 'Sales', 'auto.group.growth': 'Growth', 'auto.group.care': 'Care and social', 'auto.group.house': 'Housekeeping', 'auto.group.all': 'All', 'auto.settings': 'Settings', 'auto.setup': 'Set up and switch on', 'auto.savesettings': 'Save the settings', 'auto.settingssaved': 'The settings are saved', 'auto.previewit': 'Preview', 'auto.recipefind': 'Find a recipe', 'auto.norecipefits': 'No recipe fits', 'auto.nosettings': 'Nothing to set: it can be switched on as it is.', 'auto.turnoff': 'Switch off', 'auto.openit': 'Open the automation', 'auto.flowof': 'What it does', 'auto.wouldrun': 'Of the last {n} events it would have run {started} {started|time|times}.', 'auto.onlyon': 'Only those that are on', 'auto.sample': 'The log holds no such event; this is a made-up example.', 'auto.nextat': 'Next: {when}' },
});
const GROUPS = ['campaign', 'sales', 'growth', 'care', 'house'];

export const Recipes = {
  props: ['query', 'changed'],
  setup(p) {
    const recipes = load(signal => api.get('/automations/recipes', { signal })), typed = ref('');
    reloadOn(recipes, 'automation');
    const group = computed(() => p.query.group ?? ''), only = computed(() => p.query.on === '1');
    const matches = it => !typed.value.trim() || Math.max(fits(inLang(it.title), typed.value), fits(inLang(it.about), typed.value), fits(it.id, typed.value)) > 0;
    const shown = computed(() => (recipes.data?.recipes ?? []).filter(it => (!group.value || it.group === group.value) && (!only.value || it.enabled) && matches(it)));
    const open = async it => { if (await openDialog(Recipe, { recipe: it })) { await recipes.reload({ quiet: true }); p.changed?.(); } };
    const countOf = name => (recipes.data?.recipes ?? []).filter(it => !name || it.group === name).length;
    return () => html`<div class="auto-gallery"><div class="row wrap auto-bar"><input class="input" type="search" aria-label=${t('auto.recipefind')} placeholder=${t('auto.recipefind')} value=${typed.value} @input=${e => { typed.value = e.target.value; }} />
        <div class="seg">${['', ...GROUPS].filter(name => !name || countOf(name)).map(name => html`<button type="button" key=${name} aria-pressed=${String(group.value === name)} @click=${() => setQuery({ group: name || undefined })}>${t('auto.group.' + (name || 'all'))} <span class="mut num">${countOf(name)}</span></button>`)}</div>
        <button type="button" class="btn" aria-pressed=${String(only.value)} @click=${() => setQuery({ on: only.value ? undefined : 1 })}>${t('auto.onlyon')}</button></div>
      <${Loaded} of=${recipes} skeleton="cards" empty=${data => !data.recipes.length ? { icon: 'book', title: t('auto.norecipes') } : !shown.value.length && { icon: 'find', title: t('auto.norecipefits') }} show=${() => GROUPS.filter(name => shown.value.some(it => it.group === name)).map(name => html`<section key=${name} class="auto-group"><h2>${t('auto.group.' + name)} <span class="mut num">${shown.value.filter(it => it.group === name).length}</span></h2>
        <div class="auto-recipes">${shown.value.filter(it => it.group === name).map(it => html`<article class="auto-recipe" key=${it.id} data-row tabindex="0" @click=${() => open(it)} @keydown=${e => { if (e.key === 'Enter' && e.target === e.currentTarget) { e.preventDefault(); open(it); } }}>
          <div class="row"><h3 class="grow cut">${inLang(it.title)}</h3>${it.enabled && html`<${Badge} kind="ok" text=${t('auto.on')} />`}</div><p class="mut">${inLang(it.about)}</p>
          <div class="auto-kinds">${icon('bolt', 13)}<span class="cut">${trigger(it.definition, kinds)}</span><span class="row auto-chain">${it.definition.nodes.slice(0, 7).map((node, i) => html`<span key=${i} title=${kinds.step(node.kind)}>${icon(iconOf(node.kind), 13)}</span>`)}${it.definition.nodes.length > 7 && html`<span class="sm">+${it.definition.nodes.length - 7}</span>`}</span></div></article>`)}</div></section>`)} /></div>`;
  },
};

const AS = {
  text: { as: 'text' }, long_text: { as: 'long' }, number: { as: 'number' }, percent: { as: 'number' }, money: { as: 'number' }, duration: { as: 'text', options: 'duration' }, time: { as: 'text' }, channel: { as: 'text', options: 'channel' },
  user: { as: 'text', options: 'user' }, users: { as: 'picks', options: 'user' }, function: { as: 'text', options: 'function' }, stage: { as: 'text', options: 'stage' }, metric: { as: 'text', options: 'metric' }, segment: { as: 'text', options: 'segment' }, campaign: { as: 'text', options: 'campaign' },
};

const Recipe = {
  props: ['recipe', 'close'],
  setup(p) {
    const it = reactive({ ...p.recipe }), values = reactive(Object.fromEntries(p.recipe.settings.map(one => [one.name, p.recipe.values?.[one.name] ?? one.default]))), wrong = reactive({}), changed = ref(false), preview = shallowRef(null), made = shallowRef(null);
    onMounted(async () => { if (it.automation) { made.value = await api.get('/automations/' + it.automation, { quiet: true }).catch(() => null); Object.assign(values, made.value?.settings ?? {}); } });
    const settings = () => it.settings.length ? { settings: { ...values } } : {};
    const told = error => { if (error.field) { wrong[error.field.split('.').at(-1)] = error.message; } if (!error.field || !it.settings.some(one => error.field.endsWith(one.name))) toast.error(error); };
    const clear = () => { for (const name of Object.keys(wrong)) delete wrong[name]; };
    const on = action(async () => {
      clear();
      const done = await api.post('/automations', { recipe: it.id, enabled: true, ...settings() });
      it.enabled = true; it.automation = done.id; changed.value = true;
      toast(t('auto.switchedon', { name: done.name }), { action: { label: t('auto.open'), run: () => { p.close(true); go('/automations/' + done.id); } } });
    }, { failed: told });
    const off = action(async () => { const done = await api.patch('/automations/' + it.automation, { enabled: false }); it.enabled = false; changed.value = true; toast(t('auto.switchedoff', { name: done.name })); }, { failed: toast.error });
    const save = action(async () => { clear(); await api.patch('/automations/' + it.automation, { settings: { ...values } }); changed.value = true; toast(t('auto.settingssaved')); }, { failed: told });
    const see = action(async () => {
      clear();
      try { preview.value = await api.post(`/automations/recipes/${it.id}/preview`, settings(), { seconds: 90 }); }
      // A server that cannot preview recipes still tries their texts.
      catch (error) { if (error instanceof ApiError && error.status === 404) openTrial({ automation: { name: inLang(it.title) }, doc: it.definition }); else throw error; }
    }, { failed: told });
    function field(one) {
      const label = inLang(one.title), hint = Object.keys(one.about ?? {}).length ? inLang(one.about) : '', set = value => { values[one.name] = value ?? (one.type === 'users' || one.type === 'days' ? [] : ''); delete wrong[one.name]; };
      if (one.type === 'switch') return html`<${Field} key=${one.name} name=${one.name} label=${label} type="switch" value=${values[one.name]} hint=${hint} change=${set} error=${wrong[one.name]} />`;
      if (one.type === 'choice') return html`<${Field} key=${one.name} name=${one.name} label=${label} type="select" required=${true} options=${one.choices.map(choice => ({ value: choice.value, label: choice.title }))} value=${values[one.name]} hint=${hint} change=${set} error=${wrong[one.name]} />`;
      if (one.type === 'days') return html`<div class="field" key=${one.name}><label>${label}</label><div class="seg auto-days">${Object.entries(DAYS()).map(([day, name]) => html`<button type="button" key=${day} aria-pressed=${String((values[one.name] ?? []).includes(day))} @click=${() => set((values[one.name] ?? []).includes(day) ? values[one.name].filter(d => d !== day) : [...(values[one.name] ?? []), day])}>${name}</button>`)}</div>${wrong[one.name] && html`<p class="wrong-text">${wrong[one.name]}</p>`}</div>`;
      return html`<${Input} key=${one.name} field=${{ name: one.name, form: 'text', required: true }} how=${AS[one.type] ?? AS.text} label=${label + (one.type === 'percent' && !label.includes('%') ? ' (%)' : '')} hint=${hint} value=${values[one.name]} change=${set} scope=${null} error=${wrong[one.name]} />`;
    }
    return () => html`<${Dialog} title=${inLang(it.title)} wide=${true} onClose=${() => p.close(changed.value)}><form class="auto-setup" @submit=${e => { e.preventDefault(); it.enabled ? save.run() : on.run(); }}><p class="mut">${inLang(it.about)}</p>
      <div class="auto-setup-two"><section class="stack"><h3>${t('auto.settings')}</h3>${it.settings.length ? it.settings.map(field) : html`<p class="mut sm">${t('auto.nosettings')}</p>`}</section>
        <section class="stack"><h3>${t('auto.flowof')}</h3><ol class="auto-mini"><li>${icon('bolt', 14)}<b>${trigger(it.definition, kinds)}</b></li>${it.definition.nodes.map((node, i) => html`<li key=${i}>${icon(iconOf(node.kind), 14)}<span class="cut">${node.title ? inLang(node.title) : kinds.step(node.kind)}</span></li>`)}</ol></section></div>
      ${preview.value && html`<section class="stack"><p class="notice row">${icon('info')}<b>${preview.value.next_at ? t('auto.nextat', { when: dateTime(preview.value.next_at) }) : t('auto.wouldrun', { n: preview.value.looked_at, started: preview.value.started })}</b>${preview.value.sample && html`<span>${t('auto.sample')}</span>`}</p>${preview.value.runs.slice(0, 10).map((run, i) => html`<details key=${i} class="auto-would" open=${i === 0}><summary><${Badge} ...${stepBadge(run.status === 'failed' ? 'dead' : 'done')} /><b class="cut">${about(run) || '–'}</b></summary><${Steps} run=${run} doc=${preview.value.definition ?? it.definition} /></details>`)}</section>`}
      <div class="actions end">${it.automation && html`<a class="btn" href=${'/automations/' + it.automation} @click=${() => p.close(changed.value)}>${t('auto.openit')}</a>`}<button type="button" class="btn" disabled=${see.busy} aria-busy=${see.busy ? 'true' : null} @click=${see.run}>${icon('eye')}${t('auto.previewit')}</button>
        ${it.enabled ? html`${it.settings.length > 0 && html`<button type="submit" class="btn pri" disabled=${save.busy}>${t('auto.savesettings')}</button>`}<button type="button" class="btn" disabled=${off.busy} @click=${off.run}>${icon('pause')}${t('auto.turnoff')}</button>` : html`<button type="submit" class="btn pri" disabled=${on.busy}>${icon('play')}${t(it.settings.length ? 'auto.setup' : 'auto.turnon')}</button>`}</div></form><//>`;
  },
};
