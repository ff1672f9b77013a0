// Apps of the organisation that are not here: asked for, and where that stands.
import { Ago, api, askForm, Badge, html, icon, load, reloadOn, state, t, Table, toast } from '../web/kit.js';
import './app_approvals_words.js';

const KIND = { free: null, needed: 'info', asked: 'warn', approved: 'ok', restricted: 'bad' };
const all = app => [...app.scopes, ...app.user_scopes].map(one => one[state.lang]).join(', ');

export const Wanted = {
  setup() {
    const found = load(signal => api.get('/apps/wanted', { signal }));
    const people = load(async signal => Object.fromEntries((await api.get('/users', { signal })).users.map(user => [user.id, user.name])));
    reloadOn(found, 'channels');
    const again = () => found.reload({ quiet: true });
    const name = id => people.data?.[id] ?? id;
    async function ask(app) {
      const asked = await askForm({
        title: t('aa.ask.title', { name: app.name }), submitLabel: t('aa.ask'),
        fields: [{ name: 'message', label: t('aa.ask.why'), type: 'textarea', rows: 3, hint: t('aa.ask.hint'), max: 500, autofocus: true, optional: true }],
        submit: values => api.post(`/apps/${app.id}/request`, { message: values.message ?? '' }),
      });
      if (asked) toast(t('aa.asked', { name: app.name }));
      again();
    }
    async function back(app) {
      try { await api.del(`/apps/${app.id}/request`); toast(t('aa.taken')); } catch (error) { toast.error(error); }
      again();
    }
    const line = app => {
      if (app.standing === 'asked') return html`${app.mine ? t('aa.line.mine') : t('aa.line.by', { name: name(app.asked_by) })} · <${Ago} at=${app.asked_at} />`;
      if (app.decided_at && app.resolution !== 'cancelled') return html`${t('aa.line.decided', { name: name(app.decided_by) })} · <${Ago} at=${app.decided_at} />`;
      return app.mine && app.resolution === 'cancelled' ? t('aa.line.cancelled') : '';
    };
    const columns = () => [
      { key: 'name', title: t('aa.app'), width: '26%', cls: 'aa-long', render: app => html`<span class="apps-name">${icon('bot')}<b class="cut">${app.name}</b><span class="mut cut">${app.description}</span></span>` },
      { key: 'does', title: t('aa.does'), sort: false, cls: 'aa-long', value: all, render: app => html`<span class="cut" title=${all(app)}>${all(app) || '–'}</span>` },
      { key: 'standing', title: t('aa.standing'), width: 290, value: app => t('aa.s.' + app.standing), render: app => html`<span class="row cut"><${Badge} kind=${KIND[app.standing]} text=${t('aa.s.' + app.standing)} /><span class="mut sm cut">${line(app)}</span></span>` },
      { key: 'acts', title: '', sort: false, width: 120, render: app => html`<span class="actions end">${app.standing === 'asked' ? app.mine && html`<button type="button" class="btn ghost sm" @click=${() => back(app)}>${t('aa.back')}</button>`
        : app.standing !== 'approved' && html`<button type="button" class="btn sm" @click=${() => ask(app)}>${t('aa.ask')}</button>`}</span>` },
    ];
    return () => html`<${Table} label=${t('aa.more')} columns=${columns()} rows=${found.data?.apps} loading=${found.loading} error=${found.error} retry=${found.reload}
      empty=${{ icon: 'bot', title: t('aa.none.more'), body: t('aa.none.more.body') }} />`;
  },
};
