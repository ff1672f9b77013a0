// What personal data is kept: the address, what is read out of contexts, and rules for properties by name.
import { api, Badge, Field, html, icon, load, Loaded, Panel, reactive, ref, t, Table, toast } from '../web/kit.js';

export default {
  props: ['query', 'changed'],
  setup() {
    const kept = load(signal => api.get('/privacy', { signal })), wrong = ref(null);
    const added = reactive({ name: '', do: 'drop', where: 'both' });

    async function save(change) {
      const now = kept.data;
      kept.set(await api.put('/privacy', { keep_address: now.keep_address, read_context: now.read_context, rules: now.rules, ...change }));
      toast(t('privacy.saved'));
    }
    async function add(e) {
      e.preventDefault();
      wrong.value = null;
      try {
        await save({ rules: [...kept.data.rules, { ...added }] });
        added.name = '';
      } catch (error) {
        if (!error.field) throw error;
        wrong.value = error.message;
      }
    }
    const options = names => names.map(value => ({ value, label: t('privacy.' + value) }));
    const columns = () => [
      { key: 'name', title: t('privacy.name'), render: rule => html`<code class="mono">${rule.name}</code>` },
      { key: 'do', title: t('privacy.do'), value: rule => t('privacy.' + rule.do), render: rule => html`<${Badge} kind=${rule.do === 'drop' ? 'bad' : 'info'} icon=${rule.do === 'drop' ? 'x' : 'shield'} text=${t('privacy.' + rule.do)} />` },
      { key: 'where', title: t('privacy.where'), value: rule => t('privacy.' + rule.where) },
      { key: 'acts', title: '', sort: false, width: 80, render: rule => html`<button type="button" class="btn sm" @click=${() => save({ rules: kept.data.rules.filter(other => other !== rule) })}>${t('privacy.remove')}</button>` },
    ];
    const show = data => html`<div class="page ingest">
      <${Panel} title=${t('privacy.kept')} wide=${true}><div class="ingest-switches">${[['keep_address', 'ip'], ['read_context', 'read']].map(([name, word]) => html`<div key=${name}><${Field} type="switch" name=${name} label=${t('privacy.' + word)} value=${data[name]} change=${value => save({ [name]: value })} /><p class="mut sm">${t(`privacy.${word}body`)}</p></div>`)}</div><//>
      <${Panel} title=${t('privacy.rules')} note=${t('privacy.rulesnote')} wide=${true}>
        <form class="ingest-add" @submit=${add}><${Field} name="name" label=${t('privacy.name')} placeholder=${t('privacy.namehint')} value=${added.name} change=${value => { added.name = value; }} error=${wrong.value} /><${Field} name="do" type="choice" label=${t('privacy.do')} value=${added.do} options=${options(['drop', 'hash'])} change=${value => { added.do = value; }} /><${Field} name="where" type="select" required=${true} label=${t('privacy.where')} value=${added.where} options=${options(['both', 'properties', 'traits'])} change=${value => { added.where = value; }} /><button type="submit" class="btn pri" disabled=${!added.name.trim()}>${icon('plus')}${t('privacy.add')}</button></form>
        <${Table} label=${t('privacy.rules')} columns=${columns()} rows=${data.rules} rowKey=${rule => rule.name + rule.where} empty=${{ icon: 'shield', title: t('privacy.none'), body: t('privacy.nonebody') }} />
        <p class="mut sm">${t('privacy.how')}</p><//></div>`;
    return () => html`<div class="view"><${Loaded} of=${kept} show=${show} skeleton="rows" n=${5} /></div>`;
  },
};
