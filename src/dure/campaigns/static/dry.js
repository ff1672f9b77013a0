// The dry run: who would get what, and why others would not.
import { action, api, Badge, Bars, go, html, icon, num, Panel, ref, Stat, t, Table, toast } from '../web/kit.js';
import './words.js';

const KINDS = { send: 'ok', hold: 'info', fail: 'bad' };

export const Dry = {
  props: ['campaign'],
  setup(props) {
    const told = ref(null);
    const run = action(async () => { told.value = await api.post(`/campaigns/${props.campaign.id}/dry-run`); }, { failed: toast.error });
    const columns = () => [
      { key: 'name', title: t('camp.who'), value: w => w.name || w.person },
      { key: 'outcome', title: t('camp.status'), value: w => w.outcome, render: w => html`<${Badge} kind=${KINDS[w.outcome]} text=${t('camp.would.' + w.outcome)} />` },
      { key: 'reason', title: t('camp.reason'), cls: 'mut', value: w => w.reason ? t('camp.r.' + w.reason) : '' },
      { key: 'subject', title: t('camp.what'), sort: false, render: w => html`<span class="cut" title=${w.body}>${w.subject || (w.outcome === 'fail' ? w.body : '–')}</span>` },
    ];
    return () => html`<div class="page"><section class="panel w"><div class="row wrap"><p class="grow">${t('camp.dryabout')}</p><button class="btn pri" disabled=${run.busy} @click=${() => run.run()}>${icon('play', 14)} ${t('camp.run')}</button></div></section>
      ${told.value && html`<div class="stats w"><${Stat} label=${t('camp.looked')} value=${num(told.value.looked_at)} />${['send', 'hold', 'skip', 'fail'].map(name => html`<${Stat} key=${name} label=${t('camp.would.' + name)} value=${num(told.value.outcomes[name] ?? 0)} />`)}</div>
      ${Object.keys(told.value.reasons).length > 0 && html`<${Panel} title=${t('camp.whynot')} wide=${true}><${Bars} label=${t('camp.whynot')} rows=${Object.entries(told.value.reasons).map(([name, value]) => ({ name: t('camp.r.' + name), value }))} format=${v => num(v)} /><//>`}
      <${Panel} title=${t('camp.people')} flush=${true} wide=${true}><${Table} label=${t('camp.people')} columns=${columns()} rows=${told.value.people} rowKey="person" open=${w => go('/people/' + w.person)} empty=${{ icon: 'people', title: t('camp.nodry') }} /><//>`}</div>`;
  },
};
