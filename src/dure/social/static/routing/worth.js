// What the router is worth: how much goes by itself and how right, by team; the versions of the model and their cards.
import { action, api, Badge, date, duration, html, inLang, load, Loaded, num, Panel, percent, ref, reloadOn, Stat, t, toast } from '../../web/kit.js';

const rate = value => value === null || value === undefined ? '–' : percent(value, 0);

export const Worth = {
  props: ['setup'],
  setup(p) {
    const days = ref(30);
    const figures = load(signal => api.get('/mention-routing/figures', { signal, query: { days: days.value } }), { watch: () => days.value, keep: true });
    const models = load(signal => api.get('/mention-routing/models', { signal }), { keep: true });
    reloadOn(figures, 'social'); reloadOn(models, 'social');
    const title = name => inLang(p.setup.data?.functions[name] ?? {}) || name;
    const learn = action(async () => {
      const { version } = await api.post('/mention-routing/learn');
      toast(version ? t('route.learned', { n: version }) : t('route.toolittle'));
      models.reload({ quiet: true }); p.setup.reload({ quiet: true });
    }, { failed: toast.error });
    const use = action(async version => {
      p.setup.set(await api.put('/mention-routing/active', { version }));
      toast(t('route.used', { n: version })); models.reload({ quiet: true });
    }, { failed: toast.error });
    const span = () => html`<span class="seg" role="group">${[7, 30, 90].map(n => html`<button type="button" key=${n} aria-pressed=${String(days.value === n)} @click=${() => { days.value = n; }}>${t('route.days', { n })}</button>`)}</span>`;

    const whole = f => html`<div class="stats"><${Stat} label=${t('route.coverage')} value=${f.mentions ? rate((f.by_rule + f.by_model) / f.mentions) : '–'} note=${`${t('route.rulesof', { n: f.by_rule })} · ${t('route.modelof', { n: f.by_model })}`} />
      <${Stat} label=${t('route.precision')} value=${f.answered ? rate(f.right / f.answered) : '–'} note=${t('route.ofsample', { n: f.answered })} />
      <${Stat} label=${t('route.transfer')} value=${f.routed ? rate(f.transferred / f.routed) : '–'} note=${`${num(f.transferred)} / ${num(f.routed)}`} />
      <${Stat} label=${t('route.owner')} value=${f.owner_median === null ? '–' : duration(f.owner_median)} note=${f.owner_p90 === null ? '' : t('route.p90', { n: duration(f.owner_p90) })} /></div>`;
    const table = f => f.functions.length ? html`<div class="table-wrap"><table class="table small"><thead><tr><th scope="col">${t('route.function')}</th>${['routed', 'answered', 'precision', 'recall', 'takenby', 'away', 'in'].map(name => html`<th key=${name} scope="col" class="r">${t('route.' + name)}</th>`)}</tr></thead><tbody>
      ${f.functions.map(row => html`<tr key=${row.function}><th scope="row">${title(row.function)}</th><td class="r num">${num(row.routed)}</td><td class="r num mut">${num(row.answered)}</td><td class="r num"><b>${rate(row.precision)}</b></td><td class="r num"><b>${rate(row.recall)}</b></td>
        <td class="r num">${num(row.accepted)}</td><td class="r num">${num(row.moved_away)}</td><td class="r num">${num(row.moved_in)}</td></tr>`)}</tbody></table></div>` : html`<p class="mut">${t('route.norows')}</p>`;
    const state = (version, active) => active ? html`<${Badge} kind="ok" text=${t('route.active')} />` : html`<button type="button" class="btn sm" disabled=${use.busy} @click=${() => use.run(version)}>${t('route.use')}</button>`;
    const cards = data => html`<div class="table-wrap"><table class="table small"><thead><tr><th scope="col">${t('route.version')}</th><th scope="col">${t('route.trained')}</th>${['examples', 'accuracy', 'prior', 'top3', 'coverage', 'precision', 'calibration'].map(name => html`<th key=${name} scope="col" class="r">${t('route.' + name)}</th>`)}<th scope="col"></th></tr></thead><tbody>
      ${data.models.map(one => html`<tr key=${one.version}><th scope="row" class="num">${one.version}</th><td class="nowrap">${date(one.trained_at)}</td><td class="r num">${num(one.examples)}</td><td class="r num"><b>${rate(one.card.accuracy)}</b></td><td class="r num mut">${rate(one.card.prior?.accuracy)}</td><td class="r num">${rate(one.card.top3)}</td>
        <td class="r num">${rate(one.card.coverage)}</td><td class="r num">${rate(one.card.precision)}</td><td class="r num">${one.card.calibration === undefined ? '–' : percent(one.card.calibration, 1)}</td><td class="r">${state(one.version, one.active)}</td></tr>`)}
      <tr key="0"><th scope="row" class="num">0</th><td colspan="8" class="mut">${t('route.builtin')}</td><td class="r">${state(0, p.setup.data?.model === 0)}</td></tr></tbody></table></div>${!data.models.length && html`<p class="mut sm">${t('route.nomodels')}</p>`}`;
    return () => html`<div class="view pad"><div class="route-page stack"><div class="row">${span()}</div><${Loaded} of=${figures} show=${whole} skeleton="cards" n=${1} />
      <${Panel} title=${t('route.byfunction')} note=${t('route.last', { n: days.value })}><${Loaded} of=${figures} show=${table} n=${4} /><//>
      <${Panel} title=${t('route.model')} note=${t('route.modelnote')} tools=${html`<button type="button" class="btn sm" disabled=${learn.busy} @click=${learn.run}>${t('route.learn')}</button>`}><${Loaded} of=${models} show=${cards} n=${3} /><//></div></div>`;
  },
};
