// One source: how each of its ways goes, its past, its address, what came of late, its settings.
import { html, api, action, ask, go, inLang, load, num, openDialog, ref, reloadOn, t, toast, useTop, icon, Ago, Dialog, Empty, Loaded, Menu, Panel, Progress } from '../web/kit.js';
import { Basis, Can, lookAgain, mayConnect, Next, SourceState, Trouble, underWay } from './sources_look.js';
import { SourceForm } from './source_form.js';

const Editing = { props: ['connector', 'source', 'close'], setup: p => () => html`<${Dialog} title=${p.source.name} wide=${true} onClose=${() => p.close(null)}><${SourceForm} connector=${p.connector} source=${p.source} done=${made => p.close(made)} cancel=${() => p.close(null)} /><//>` };

export default {
  props: ['params', 'query'],
  setup(p) {
    const all = load(signal => api.get('/social-sources', { signal })), days = ref(30), files = ref(), shown = ref('');
    const kept = load(async signal => mayConnect() ? (await api.get(`/social-sources/${p.params.id}/payloads`, { signal })).payloads : []);
    reloadOn(all, 'social');
    reloadOn(kept, 'social');
    const one = () => all.data?.sources.find(each => each.id === p.params.id);
    lookAgain(all, () => one() && underWay(one()));
    const kind = () => all.data?.connectors.find(each => each.name === one()?.connector);
    const again = () => { all.reload({ quiet: true }); kept.reload({ quiet: true }); };
    const act = (fn, said) => action(async (...given) => { await fn(...given); if (said) toast(t(said)); again(); }, { failed: toast.error });
    const askNow = act(() => api.post(`/social-sources/${p.params.id}/ask`), 'src.asked');
    const pause = act(paused => api.patch('/social-sources/' + p.params.id, { paused }));
    const begin = act(() => api.post(`/social-sources/${p.params.id}/history`, { days: days.value }));
    const stop = act(() => api.del(`/social-sources/${p.params.id}/history`));
    const bring = action(async file => { const found = await api(`/social-sources/${p.params.id}/upload`, { method: 'POST', query: { name: file.name }, body: file, seconds: 300 }); toast(t('src.uploaded', found)); again(); }, { failed: toast.error });
    const edit = async () => { if (await openDialog(Editing, { connector: kind(), source: one() })) { toast(t('src.saved')); again(); } };
    const remove = async () => { if (!await ask({ title: t('src.removing', { name: one().name }), body: t('src.stays'), action: t('src.remove'), danger: true })) return;
      try { await api.del('/social-sources/' + p.params.id); go('/social/sources'); } catch (error) { toast.error(error); } };
    const copy = async text => { await navigator.clipboard.writeText(text); toast(t('src.copied')); };
    const menu = () => [{ label: t('src.edit'), icon: 'edit', run: edit }, { label: t(one().state === 'on' ? 'src.pause' : 'src.resume'), icon: one().state === 'on' ? 'pause' : 'play', run: () => pause.run(one().state === 'on') }, null, { label: t('src.remove'), icon: 'trash', danger: true, run: remove }];
    useTop({ title: () => one()?.name ?? t('src.title'), tools: () => html`<a class="btn ghost sm" href="/social/sources">${t('src.back')}</a>${one()?.ways.some(way => way.due_at) && html`<button type="button" class="btn sm" disabled=${askNow.busy} @click=${askNow.run}>${icon('refresh', 14)}${t('src.ask')}</button>`}${one() && mayConnect() && html`<${Menu} label=${t('src.actions')} icon="more" cls="btn ghost ico sm" items=${menu()} />`}` });

    const way = each => html`<tr key=${each.kind}><th scope="row">${t('src.way.' + each.kind)}</th><td><${Ago} at=${each.ok_at} /></td><td><${Ago} at=${each.heard_at} /></td><td>${one().state === 'on' && each.due_at ? html`<${Next} at=${each.due_at} />` : '–'}</td><td class="num">${num(each.brought)}</td></tr>`;
    const troubles = () => one().ways.filter(each => each.trouble).map(each => html`<div key=${each.kind}><p class="sm mut">${t('src.way.' + each.kind)}${each.trouble.at && html` · <${Ago} at=${each.trouble.at} />`}</p><${Trouble} of=${each.trouble} /></div>`);
    const health = () => html`<${Panel} title=${t('src.health')} tools=${html`<${SourceState} of=${one()} />`}>${troubles()}
      <table class="social-src-ways"><thead><tr><th scope="col"><span class="sr">${t('src.kind')}</span></th><th scope="col">${t('src.last')}</th><th scope="col">${t('src.heard')}</th><th scope="col">${t('src.next')}</th><th scope="col" class="num">${t('src.brought')}</th></tr></thead><tbody>${one().ways.map(way)}</tbody></table>
      ${one().quota?.used > 0 && html`<p class="mut sm">${t('src.units', { n: one().quota.used })}</p>`}<//>`;
    const past = () => {
      const now = one().ways.find(each => each.kind === 'history'), on = now && !now.ended_at;
      return html`<${Panel} title=${t('src.history')} note=${t('src.historybody')}>
        ${now && html`<div class="social-src-past">${on ? html`<${Progress} done=${now.done} total=${now.total || undefined} label=${t('src.done', { n: now.brought })} cancel=${mayConnect() ? stop.run : undefined} />` : html`<p class="sm">${t('src.ended')}: ${t('src.done', { n: now.brought })} · <${Ago} at=${now.ended_at} /></p>`}</div>`}
        ${mayConnect() && !on && html`<form class="row" @submit=${e => { e.preventDefault(); begin.run(); }}><label class="sm" for="src-days">${t('src.from')}</label><input id="src-days" class="input sm social-src-days" type="number" min="1" max=${kind()?.history || 3650} value=${days.value} @input=${e => { days.value = Number(e.target.value); }} /><button class="btn sm" disabled=${begin.busy || !(days.value >= 1)}>${t('src.begin')}</button></form>`}<//>`;
    };
    const address = () => html`<${Panel} title=${t('src.address')} note=${t('src.addressbody')}><div class="row"><code class="mono sm grow social-src-said">${one().address}</code><button type="button" class="btn sm" @click=${() => copy(one().address)}>${icon('copy', 14)}${t('src.copy')}</button></div><//>`;
    const filePanel = () => html`<${Panel} title=${t('src.upload')} note=${t('src.uploadbody')}><input ref=${files} class="sr" type="file" accept=".csv,.tsv,.ndjson,.jsonl,text/csv" aria-label=${t('src.pick')} @change=${e => { if (e.target.files[0]) bring.run(e.target.files[0]); e.target.value = ''; }} /><button type="button" class="btn sm" aria-busy=${bring.busy ? 'true' : null} disabled=${bring.busy} @click=${() => files.value.click()}>${icon('file', 14)}${t('src.pick')}</button><//>`;
    const settings = () => html`<${Panel} title=${t('src.settings')} note=${inLang(kind()?.title ?? { ko: one().connector, en: one().connector })}><div class="social-src-terms"><${Basis} of=${kind()?.basis} /><span class="sm">${inLang(kind()?.terms ?? { ko: '', en: '' })}</span></div><${Can} of=${kind()?.can ?? []} />
      <dl class="facts sm">${kind()?.settings.filter(field => one().settings[field.name]).map(field => [html`<dt key=${field.name}>${inLang(field.title)}</dt>`, html`<dd key=${field.name + ':'} class="social-src-said">${one().settings[field.name]}</dd>`])}${kind()?.secrets.length > 0 && one().has_secrets && [html`<dt key="secrets">${kind().secrets.map(field => inLang(field.title)).join(', ')}</dt>`, html`<dd key="secrets:">${icon('lock', 13)} ${t('src.secret')}</dd>`]}</dl><//>`;
    const payload = each => html`<li key=${each.id}><button type="button" class="social-src-payload" aria-expanded=${shown.value === each.id} @click=${() => { shown.value = shown.value === each.id ? '' : each.id; }}><${Ago} at=${each.at} /><span class="cut mono sm">${each.place}</span><span class="mut sm nowrap">${num(each.ids.length)}</span></button>${shown.value === each.id && html`<pre class="mono sm social-src-body" tabindex="0">${each.body}</pre>`}</li>`;
    const payloads = () => html`<${Panel} title=${t('src.payloads')} note=${t('src.payloadsnote')} wide=${true}><${Loaded} of=${kept} skeleton="rows" n=${3} show=${rows => rows.length ? html`<ul class="social-src-list">${rows.map(payload)}</ul>` : html`<p class="mut sm">${t('src.nopayloads')}</p>`} /><//>`;
    const show = () => one() ? [health(), settings(), one().ways.some(each => each.kind === 'pull') && past(), one().address && address(), one().ways.some(each => each.kind === 'upload') && filePanel(), mayConnect() && payloads()] : html`<${Empty} icon="globe" title=${t('src.gone')} action=${{ label: t('src.back'), href: '/social/sources' }} />`;
    return () => html`<div class="page" data-scroll><${Loaded} of=${all} show=${show} skeleton="cards" n=${4} /></div>`;
  },
};
