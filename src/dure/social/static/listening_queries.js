// Saved queries and themes: how much is said, how that changed, in which voice, and how far the past has their label.
import { action, api, Badge, Empty, html, icon, Loaded, Menu, num, percent, setQuery, short, signed, Spark, t, Table, toast } from '../web/kit.js';

export const Queries = {
  props: ['saved', 'board', 'spikes', 'chosen', 'changed'],
  setup(p) {
    const voice = one => p.board.data?.voices.find(v => v.id === one.id);
    const on = one => p.spikes.data?.spikes.some(s => s.query === one.id && s.state === 'on');
    const metric = action(async one => {
      await api.post('/metrics', { name_ko: one.name, name_en: one.name, function: 'social', about_ko: one.text, about_en: one.text, tags: ['mentions'],
        question: { kind: 'trend', series: [{ event: 'Mention Arrived', math: 'count', where: [{ prop: 'themes', op: 'contains', value: one.id }] }] } });
      toast(t('hear.mademetric'));
    }, { failed: toast.error });
    const change = one => { const v = voice(one); return v?.before ? v.mentions / v.before - 1 : null; };
    const cancel = action(async one => { await api.post('/listening/queries/' + one.id + '/cancel'); toast(t(one.history === 'remove' ? 'hear.back' : 'hear.stopped')); p.changed(); }, { failed: toast.error });
    const way = one => html`<span class="row sm nowrap" @click=${e => e.stopPropagation()}><span class="spin"></span>${t('hear.way.' + one.history)}${one.total > 0 && html`<span class="num">${percent(Math.min(one.passed / one.total, 1), 0)}</span>`}
      <button type="button" class="btn ghost sm" disabled=${cancel.busy} @click=${() => cancel.run(one)}>${t(one.history === 'remove' ? 'hear.bring' : 'hear.stop')}</button></span>`;
    const history = one => ['clear', 'apply'].includes(one.history) ? way(one) : one.history === 'stopped' ? html`<span class="row sm nowrap"><span class="num">${num(one.labelled)}</span><span class="mut">${t('hear.way.stopped')}</span></span>` : one.history === 'none' ? html`<span class="mut sm">${t('hear.onlynew')}</span>` : html`<span class="num">${num(one.labelled)}</span>`;
    const columns = () => [
      { key: 'name', title: t('hear.name'), cls: 'short', value: one => one.name, render: one => html`<span class="row"><b class="cut">${one.name}</b>${one.kind === 'theme' && html`<span class="tag">${one.family || t('hear.theme')}</span>`}${one.role && html`<span class="tag">${t('hear.' + one.role)}</span>`}${on(one) && html`<${Badge} kind="bad" icon="bolt" text=${t('hear.on')} />`}${one.watch && html`<span class="mut" title=${t('hear.watch')}>${icon('bell', 13)}</span>`}</span>` },
      { key: 'trend', title: t('hear.trend'), sort: false, width: 110, render: one => voice(one) ? html`<${Spark} label=${one.name} values=${voice(one).series} area=${true} />` : '–' },
      { key: 'mentions', title: t('hear.mentions'), num: true, value: one => voice(one)?.mentions ?? null, render: one => voice(one) ? num(voice(one).mentions) : '–' },
      { key: 'change', title: t('hear.changed'), num: true, value: change, render: one => change(one) == null ? html`<span class="mut">–</span>` : html`<span class="nowrap">${signed(Math.round(change(one) * 100))}%</span>` },
      { key: 'people', title: t('hear.people'), num: true, value: one => voice(one)?.people ?? null, render: one => voice(one) ? short(voice(one).people) : '–' },
      { key: 'reach', title: t('hear.reach'), num: true, cls: 'roomy', value: one => voice(one)?.reach ?? null, render: one => voice(one) ? short(voice(one).reach) : '–' },
      { key: 'negative', title: t('hear.negative'), num: true, value: one => voice(one)?.mentions ? voice(one).negative / voice(one).mentions : null, render: one => voice(one)?.mentions ? percent(voice(one).negative / voice(one).mentions, 0) : '–' },
      { key: 'labelled', title: t('hear.labelled'), num: true, cls: 'roomy', value: one => one.labelled, render: history },
      { key: 'text', title: t('hear.text'), sort: false, cls: 'rest', render: one => html`<code class="hear-code cut" title=${one.text}>${one.text}</code>` },
      { key: 'more', title: '', sort: false, width: 40, render: one => html`<span @click=${e => e.stopPropagation()}><${Menu} label=${one.name} icon="more" items=${[{ label: t('hear.open'), icon: 'find', run: () => open(one) }, { label: t('hear.makemetric'), icon: 'chart', run: () => metric.run(one) }]} /></span>` },
    ];
    const open = one => { setQuery({ query: one.id }); document.querySelector('.hear')?.scrollTo({ top: 0 }); };
    const leaving = () => p.saved.data?.leaving.length > 0 && html`<div class="hear-leaving">${p.saved.data.leaving.map(one => html`<div class="row" key=${one.id}><b class="cut">${one.name}</b>${way(one)}</div>`)}</div>`;
    return () => html`<div>${leaving()}<${Table} label=${t('hear.queries')} columns=${columns()} rows=${p.saved.data?.queries} loading=${p.saved.loading} error=${p.saved.error} retry=${p.saved.reload} open=${open}
      rowClass=${one => one.id === p.chosen?.id ? 'on' : ''} empty=${{ icon: 'find', title: t('hear.noqueries'), body: t('hear.noqueriesbody') }} /></div>`;
  },
};
