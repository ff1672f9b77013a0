// Why these ids are one person, and the ways to change that: part one, join one, take either back.
import { api, askForm, Badge, boot, dateTime, html, icon, load, Loaded, Panel, ref, t, toast } from '../web/kit.js';

const FIRST = 12;

export const Ids = {
  props: ['path', 'identity', 'user', 'changed'],
  setup(p) {
    const whole = ref(false);
    // Those who decided are named where the caller may read the names; else their ids stand.
    const users = load(signal => api.get('/users', { signal, quiet: true }));
    const who = id => users.data?.users?.find(user => user.id === id)?.name ?? (id === boot.me.id ? boot.me.name : id);
    const after = text => answer => { toast(text); p.changed(answer); return answer; };
    const undo = (kind, decision) => api.del(`${p.path}/${kind}s/${decision.id}`).then(after(t('people.didundo'))).catch(toast.error);

    const split = id => askForm({
      title: t('people.splittitle', { id }), body: t('people.splitbody'), submitLabel: t('people.split'),
      fields: [{ name: 'reason', label: t('people.reason'), hint: t('people.reasonhint'), required: true, autofocus: true }],
      submit: v => api.post(p.path + '/splits', { distinct_id: id, reason: v.reason }).then(answer => {
        const made = answer.parted.find(one => one.distinct_id === id);
        toast.undo(t('people.didsplit', { id }), async () => p.changed(await api.del(`${p.path}/splits/${made.id}`)));
        p.changed(answer);
        return answer;
      }),
    });
    const join = () => askForm({
      title: t('people.jointitle', { user: p.user }), body: t('people.joinbody'), submitLabel: t('people.join'),
      fields: [
        { name: 'distinct_id', label: t('people.whichid'), required: true, autofocus: true },
        { name: 'reason', label: t('people.reason'), hint: t('people.reasonhint'), required: true },
        ...(['owner', 'admin'].includes(boot.me.role) ? [{ name: 'two_users', label: t('people.twousers'), hint: t('people.twousershint'), type: 'switch', optional: true }] : []),
      ],
      submit: v => api.post(p.path + '/joins', { distinct_id: v.distinct_id.trim(), reason: v.reason, two_users: !!v.two_users }).then(after(t('people.didjoin', { id: v.distinct_id }))),
    });

    const said = claim => ({ user: claim.user_id, at: dateTime(claim.at), event: claim.event || '–', source: claim.source });
    const decided = (key, one) => t(key, { who: who(one.actor), at: dateTime(one.at), reason: one.reason, user: one.user_id });
    const because = claim => html`<p class="mut sm">${t('people.bymessage', { event: claim.event || '–', source: claim.source })} <code class="mono people-message" title=${t('people.message')}>${claim.message_id}</code></p>`;
    const refusals = list => list.map(claim => html`<p key=${claim.user_id + claim.distinct_id} class="mut sm people-refused">${icon('info', 12)} ${t('people.no.' + claim.why, said(claim))}</p>`);
    const undone = one => html`<p key=${one.id} class="mut sm people-undone"><s>${decided(one.kind === 'split' ? 'people.partedby' : 'people.byhand', one)}</s> ${t('people.undoneby', { who: who(one.undone_by), at: dateTime(one.undone_at) })}</p>`;
    // What nothing was ever said of may be a device, or a user whom only events name.
    const joined = id => id.decided_by || id.joined_by || id.refused.length || id.decisions.length;
    const standing = id => id.decisions.find(one => one.standing && one.kind === 'split');

    const line = id => html`<li key=${id.distinct_id}>
      <div class="row"><code class="mono grow">${id.distinct_id}</code>${(id.user || joined(id)) && html`<${Badge} kind=${id.user ? 'info' : undefined} icon=${id.user ? 'person' : 'globe'} text=${t(id.user ? 'people.user' : 'people.device')} />`}
        ${id.joined_by ? html`<button type="button" class="btn ghost sm" @click=${() => undo('join', id.joined_by)}>${icon('undo', 12)}${t('people.undo')}</button>`
          : id.decided_by ? html`<button type="button" class="btn ghost sm" @click=${() => split(id.distinct_id)}>${icon('undo', 12)}${t('people.split')}</button>`
          : standing(id) ? html`<button type="button" class="btn ghost sm" @click=${() => undo('split', standing(id))}>${icon('undo', 12)}${t('people.undo')}</button>` : null}</div>
      <p class="sm">${id.joined_by ? decided('people.byhand', id.joined_by) : id.decided_by ? t('people.joined', said(id.decided_by)) : standing(id) ? decided('people.wasparted', standing(id)) : t(id.user ? 'people.own' : 'people.alone')}</p>
      ${id.decided_by && because(id.decided_by)}${refusals(id.refused)}${id.decisions.filter(one => !one.standing).map(undone)}
    </li>`;

    const body = data => {
      const ids = whole.value ? data.ids : data.ids.slice(0, FIRST), rest = data.ids.length - ids.length;
      return html`<ul class="people-ids">${ids.map(line)}</ul>
        ${rest > 0 && html`<button type="button" class="btn sm people-more" @click=${() => { whole.value = true; }}>${t('people.moreids', { n: rest })}</button>`}
        ${data.parted.length > 0 && html`<h3 class="sm">${t('people.parted')}</h3><ul class="people-ids people-parted">${data.parted.map(one => html`<li key=${one.id}>
          <div class="row"><a class="grow" href=${'/people/' + encodeURIComponent(one.distinct_id)}><code class="mono">${one.distinct_id}</code></a><button type="button" class="btn ghost sm" @click=${() => undo('split', one)}>${icon('undo', 12)}${t('people.undo')}</button></div>
          <p class="mut sm">${decided('people.partedby', one)}</p></li>`)}</ul>`}
        ${data.refused.length > 0 && html`<h3 class="sm">${t('people.refused')}</h3><ul class="people-ids">${data.refused.map(claim => html`<li key=${claim.distinct_id + claim.user_id}>
          <p class="sm"><a href=${'/people/' + encodeURIComponent(claim.distinct_id)}>${t('people.claimed', { id: claim.distinct_id })}</a></p>${refusals([claim])}</li>`)}</ul>`}`;
    };
    const tools = () => p.identity.data?.ids.some(id => id.user) && html`<button type="button" class="btn ghost sm" @click=${join}>${icon('link', 12)}${t('people.join')}</button>`;
    return () => html`<${Panel} title=${t('people.why')} tools=${tools()}><${Loaded} of=${p.identity} skeleton="text" n=${4} show=${body} /><//>`;
  },
};
