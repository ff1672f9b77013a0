// In a channel's details: for how long each side keeps what is said here.
import { api, askForm, boot, html, icon, load, t, toast } from '../web/kit.js';
import './keeping_words.js';

export const KeptFor = {
  props: ['room'],
  setup(p) {
    const lengths = load(signal => api.get('/retention/' + p.room.id, { signal }), { watch: () => p.room.id, keep: false });
    const admin = ['owner', 'admin'].includes(boot.me.role);
    const name = side => side.workspace === boot.workspace.id ? boot.workspace.org_name : p.room.shared_with.find(one => one.workspace === side.workspace)?.org_name ?? side.workspace;
    async function change() {
      const done = await askForm({
        title: t('kp.room.change'), submitLabel: t('kp.change'), values: { days: lengths.data.by === 'channel' ? lengths.data.days : null },
        fields: [{ name: 'days', label: t('kp.days.label'), type: 'number', min: 1, max: 36499, hint: t('kp.room.clear'), optional: true, autofocus: true }],
        submit: values => api.put('/retention/' + p.room.id, { days: values.days ?? null }),
      });
      if (done) { toast(t('kp.saved')); lengths.reload({ quiet: true }); }
    }
    return () => lengths.data && html`<section class="ch-keptfor"><h3 class="row"><span class="grow">${t('kp.room')}</span>${admin && p.room.kind === 'channel' && html`<button type="button" class="btn ghost ico sm" aria-label=${t('kp.room.change')} @click=${change}>${icon('edit', 14)}</button>`}</h3>
      <ul>${lengths.data.sides.map(side => html`<li key=${side.workspace} class="sm">${side.days === null ? t('kp.room.ever', { org: name(side) }) : t('kp.room.side', { n: side.days, org: name(side) })}${side.by === 'channel' && html` <span class="mut">(${t('kp.room.own')})</span>`}</li>`)}</ul></section>`;
  },
};
