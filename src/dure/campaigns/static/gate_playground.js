// Playgrounds: making one, going into it, and what would have left the one we are in.
import { action, Ago, api, ask, askForm, html, icon, load, Loaded, num, Panel, t, Table, toast } from '../web/kit.js';
import './gate_words.js';

export const Playgrounds = {
  props: ['may'],
  setup(props) {
    const found = load(signal => api.get('/playgrounds', { signal }));
    const make = () => askForm({
      title: t('gate.make'), submitLabel: t('gate.make'), fields: [{ name: 'name', label: t('gate.name'), type: 'text', required: true, hint: t('gate.playhint'), initial: t('gate.playground'), autofocus: true }],
      submit: async values => {
        const made = await api.post('/playgrounds', { name: values.name ?? '' }, { seconds: 120 });
        toast(t('gate.made', { n: made.people, m: made.events }) + (made.left_out.length ? ` · ${t('gate.leftout', { n: made.left_out.length })}` : '')); found.reload({ quiet: true });
      },
    });
    const enter = action(async one => {
      if (!await ask({ title: one.name, body: t('gate.enterask'), action: t('gate.enter') })) return;
      const { url } = await api.post(`/playgrounds/${one.id}/enter`), form = document.createElement('form');
      form.method = 'post'; form.action = new URL(url).pathname; document.body.append(form); form.submit();
    }, { failed: toast.error });
    const list = data => html`<div class="stack"><p class="mut">${t('gate.playhint')}</p>
      ${data.playgrounds.length ? html`<ul class="gate-list">${data.playgrounds.map(one => html`<li key=${one.id} class="row"><span class="grow cut">${one.name}</span><button type="button" class="btn sm" disabled=${enter.busy} @click=${() => enter.run(one)}>${icon('right', 14)} ${t('gate.enter')}</button></li>`)}</ul>` : html`<p class="mut">${t('gate.noplay')}</p>`}
      ${props.may && html`<div><button type="button" class="btn sm" @click=${make}>${icon('plus', 14)} ${t('gate.make')}</button></div>`}</div>`;
    return () => html`<${Panel} title=${t('gate.playground')}><${Loaded} of=${found} skeleton="text" show=${data => data.playground ? html`<p>${t('gate.inplay')}</p>` : list(data)} /><//>`;
  },
};

export const Recorded = {
  setup() {
    const found = load(signal => api.get('/playgrounds/recorded', { signal }));
    const columns = () => [
      { key: 'channel', title: t('gate.channel'), value: r => r.channel, render: r => t('gate.ch.' + r.channel) },
      { key: 'address', title: t('gate.to'), value: r => r.address, render: r => html`<span class="cut">${r.address}</span>` },
      { key: 'says', title: t('gate.says'), sort: false, render: r => html`<span class="cut" title=${r.content.text}>${r.content.title || r.content.text}</span>` },
      { key: 'at', title: t('gate.when'), value: r => r.at, render: r => html`<${Ago} at=${r.at} />` },
    ];
    return () => html`<${Panel} title=${t('gate.recorded')} note=${found.data ? num(found.data.recorded.length) : ''} wide=${true} flush=${true}><${Table} label=${t('gate.recorded')} columns=${columns()} rows=${found.data?.recorded} rowKey="key" loading=${found.loading} error=${found.error} retry=${found.reload} empty=${{ icon: 'inbox', title: t('gate.norecorded') }} /><//>`;
  },
};
