// Requests for apps of all workspaces: who, why, what the app wants to do; answered one by one or many at once.
import { Ago, api, Badge, boot, Dialog, Empty, html, icon, load, openDialog, ref, reloadOn, shallowRef, state, t, Table, Tabs, toast, useKeys, useTop, watch } from '../web/kit.js';
import './app_approvals_words.js';

const said = one => one[state.lang];
const all = app => [...app.scopes, ...app.user_scopes];
const ACTS = { waiting: ['approve', 'restrict', 'cancel'], approved: ['restrict', 'clear'], restricted: ['approve', 'clear'] };
const KEYS = { approve: 'a', restrict: 'r', cancel: 'c', clear: 'c' };

// One of them with everything that is known of it. props: row, place, acts, run, close
const Detail = {
  props: ['row', 'place', 'acts', 'run', 'close'],
  setup(p) {
    const list = (title, scopes) => scopes.length > 0 && html`<section><h3 class="mut sm">${t(title)}</h3><ul class="apps-scopes">${scopes.map(one => html`<li key=${one.scope}>${icon('check', 13)}<span>${said(one)}</span>${said(one) !== one.scope && html`<code class="mono mut">${one.scope}</code>`}</li>`)}</ul></section>`;
    return () => html`<${Dialog} title=${p.row.app.name} onClose=${() => p.close(null)}><div class="stack">
      <p class=${p.row.app.description ? '' : 'mut'}>${p.row.app.description || t('aa.nothing_said')}</p>
      ${p.row.asked_by && html`<blockquote class="aa-why"><p>${p.row.message || html`<span class="mut">${t('aa.no_reason')}</span>`}</p><footer class="mut sm">${p.row.asked_by_name || p.row.asked_by}, ${p.place} · <${Ago} at=${p.row.asked_at} /></footer></blockquote>`}
      ${list('aa.bot', p.row.app.scopes)}${list('aa.user', p.row.app.user_scopes)}${all(p.row.app).length === 0 && html`<p class="mut">${t('aa.no_scopes')}</p>`}
      <div class="actions end"><button type="button" class="btn" @click=${() => p.close(null)}>${t('aa.close')}</button>${p.acts.map(act => html`<button key=${act} type="button" class=${'btn' + (act === 'approve' ? ' pri' : act === 'restrict' ? ' danger' : '')} @click=${() => { p.close(act); p.run(act); }}>${t('aa.' + act)}</button>`)}</div></div><//>`;
  },
};

export default {
  setup() {
    const tab = ref('waiting'), chosen = shallowRef(new Set()), whole = ref(false), busy = ref(false);
    const found = load(signal => api.get('/app-approvals', { signal }), { now: !!boot.org_role });
    if (boot.org_role) reloadOn(found, 'channels');
    watch(tab, () => { chosen.value = new Set(); });
    const place = id => id ? found.data?.workspaces[id] ?? id : t('aa.everywhere');
    const rows = () => !found.data ? undefined : tab.value === 'waiting' ? found.data.requests
      : found.data.decisions.filter(one => one.decision === tab.value).map(one => ({ ...one, id: `${one.app.id} ${one.workspace}` }));
    const acts = () => found.data?.may ? ACTS[tab.value] : [];
    // The chosen ones, else the one that the keyboard is on.
    const meant = () => chosen.value.size ? [...chosen.value] : [document.activeElement?.closest('tr[data-key]')?.dataset.key].filter(Boolean);
    async function decide(act, ids) {
      const of = (rows() ?? []).filter(one => ids.includes(one.id));
      if (!of.length || busy.value || !acts().includes(act)) return;
      busy.value = true;
      const body = tab.value === 'waiting' ? { act, requests: of.map(one => one.id), whole: act !== 'cancel' && whole.value } : { act, apps: of.map(one => ({ app: one.app.id, workspace: one.workspace })) };
      try {
        const { done, failed } = await api.post('/app-approvals', body);
        if (done.length) toast(t('aa.done.' + act, { n: done.length }));
        if (failed.length) toast(failed[0].message, { kind: 'bad' });
      } catch (error) { toast.error(error); } finally { busy.value = false; }
      chosen.value = new Set();
      found.reload({ quiet: true });
    }
    const key = act => [() => decide(act, meant()), 'aa.' + act];
    useKeys({ a: key('approve'), r: key('restrict'), c: [() => decide(tab.value === 'waiting' ? 'cancel' : 'clear', meant()), 'aa.cancel'] }, 'aa.title');
    const open = row => openDialog(Detail, { row, place: place(row.workspace), acts: acts(), run: act => decide(act, [row.id]) });
    const count = kind => found.data?.decisions.filter(one => one.decision === kind).length || null;
    useTop({
      title: () => html`<h1>${t('aa.title')}</h1>`,
      tools: () => boot.org_role && html`<${Tabs} label=${t('aa.title')} value=${tab.value} change=${value => { tab.value = value; }} items=${[
        { value: 'waiting', label: t('aa.waiting'), count: found.data?.requests.length || null }, { value: 'approved', label: t('aa.approved'), count: count('approved') }, { value: 'restricted', label: t('aa.restricted'), count: count('restricted') }]} />`,
    });
    const buttons = ids => acts().map(act => html`<button key=${act} type="button" class=${'btn sm' + (act === 'restrict' ? ' danger' : '')} disabled=${busy.value} @click=${() => decide(act, ids)}>${t('aa.' + act)} <kbd>${KEYS[act]}</kbd></button>`);
    const app = { key: 'app', title: t('aa.app'), cls: 'aa-long', value: one => one.app.name, render: one => html`<span class="apps-name">${icon('bot')}<b class="cut">${one.app.name}</b><span class="mut cut">${one.app.description}</span></span>` };
    const does = { key: 'does', title: t('aa.does'), sort: false, cls: 'aa-long', render: one => html`<span class="cut" title=${all(one.app).map(said).join('\n')}>${all(one.app).map(said).join(', ') || '–'}</span>` };
    const columns = () => tab.value === 'waiting' ? [
      { ...app, title: t('aa.app'), width: '26%' },
      { key: 'who', title: t('aa.who'), width: 120, value: one => one.asked_by_name, render: one => html`<span class="cut">${one.asked_by_name || one.asked_by}<br /><span class="mut sm">${place(one.workspace)}</span></span>` },
      { key: 'why', title: t('aa.why'), sort: false, cls: 'aa-long', width: '26%', render: one => html`<span class="cut" title=${one.message}>${one.message || html`<span class="mut">${t('aa.no_reason')}</span>`}</span>` },
      { ...does, title: t('aa.does') },
      { key: 'asked_at', title: t('aa.when'), width: 100, render: one => html`<${Ago} at=${one.asked_at} />` },
    ] : [
      { ...app, title: t('aa.app'), width: '26%' }, { ...does, title: t('aa.does') },
      { key: 'where', title: t('aa.where'), width: 160, value: one => place(one.workspace) },
      { key: 'by', title: t('aa.by'), width: 140, value: one => one.decided_by_name || one.decided_by },
      { key: 'decided_at', title: t('aa.when'), width: 100, render: one => html`<${Ago} at=${one.decided_at} />` },
    ];
    const bulk = ids => html`${buttons(ids)}${tab.value === 'waiting' && html`<label class="row sm"><input type="checkbox" name="whole" checked=${whole.value} @change=${event => { whole.value = event.target.checked; }} />${t('aa.whole')}</label>`}`;
    return () => !boot.org_role ? html`<div class="view pad"><${Empty} icon="lock" title=${t('aa.noright')} body=${t('aa.noright.body')} /></div>`
      : html`<div class="view fill">${found.data && !found.data.needed && tab.value === 'waiting' && html`<div class="notice aa-note">${icon('info')}<span class="grow">${t('aa.unasked')}</span><a class="btn sm" href="/admin?tab=rules">${t('aa.rules')}</a></div>`}
      <${Table} key=${tab.value} label=${t('aa.' + tab.value)} columns=${columns()} rows=${rows()} loading=${found.loading} error=${found.error} retry=${found.reload} open=${open}
        ...${found.data?.may ? { selection: chosen.value, onSelect: value => { chosen.value = value; }, bulk } : {}}
        empty=${{ icon: tab.value === 'waiting' ? 'check' : 'bot', title: t('aa.none.' + tab.value), body: t('aa.none.' + tab.value + '.body') }} /></div>`;
  },
};
