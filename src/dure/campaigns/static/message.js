// The words of a campaign, and the letter as one person would get it.
import { action, api, computed, Field, html, Panel, reactive, ref, state, t, Tabs, toast, watch } from '../web/kit.js';
import './words.js';

export const Message = {
  props: ['campaign', 'saved'],
  setup(props) {
    const texts = reactive(JSON.parse(JSON.stringify(props.campaign.short.texts))), language = ref(texts[state.lang] ? state.lang : Object.keys(texts)[0]);
    const text = ref(''), who = ref(null), found = ref([]), letter = ref(null), problem = ref(null), picked = ref(false);
    const changed = computed(() => JSON.stringify(texts) !== JSON.stringify(props.campaign.short.texts));
    const design = () => ({ ...props.campaign.short, texts });
    const save = action(async () => { props.saved(await api.put('/campaigns/' + props.campaign.id, design())); toast(t('camp.saved')); }, { failed: toast.error });
    let timer, looking, turn = 0;
    const show = () => {
      clearTimeout(timer);
      if (!who.value) return;
      const mine = ++turn;
      timer = setTimeout(async () => {
        try { const answer = await api.post('/campaigns/preview', { design: design(), person: who.value.id }); if (mine === turn) { letter.value = answer; problem.value = null; } }
        catch (error) {
          if (mine !== turn) return;
          // An example that nothing can be written to shows nothing: while nobody was picked, the next one is tried.
          const next = picked.value ? null : found.value[found.value.indexOf(who.value) + 1];
          if (next) who.value = next; else { problem.value = error; letter.value = null; }
        }
      }, 300);
    };
    watch([texts, who], show, { deep: true });
    const choose = list => { found.value = list.slice(0, 8); if (!who.value) who.value = found.value[0] ?? null; };
    const search = async q => (await api.get('/people', { query: { q, limit: 100 } })).people.filter(p => p.traits.email).map(p => ({ id: p.id, name: p.traits.name ?? p.distinct_ids[0] ?? p.traits.email }));
    const find = text => { clearTimeout(looking); looking = setTimeout(async () => { try { choose(await search(text)); } catch (error) { toast.error(error); } }, 200); };
    // Those who are on their way are the best examples; before the launch, whoever was here last.
    (async () => {
      try {
        const { messages } = await api.get(`/campaigns/${props.campaign.id}/messages`, { query: { limit: 30 } }), known = messages.filter(m => m.address).map(m => ({ id: m.person, name: m.name || m.address }));
        choose(known.length ? known : await search(''));
      } catch (error) { toast.error(error); }
    })();
    return () => html`<div class="page"><${Panel} title=${t('camp.message')} tools=${html`<button class="btn sm pri" disabled=${!changed.value || save.busy} @click=${() => save.run()}>${t('camp.save')}</button>`}>
        <div class="camp-words"><${Tabs} label=${t('camp.message')} value=${language.value} change=${v => { language.value = v; }} items=${['ko', 'en'].filter(value => texts[value]).map(value => ({ value, label: t('camp.' + value) }))} />
        <${Field} key=${language.value + 's'} name="subject" label=${t('camp.subject')} value=${texts[language.value].subject} change=${v => { texts[language.value].subject = v; }} />
        <${Field} key=${language.value + 'b'} name="body" type="textarea" rows=${14} label=${t('camp.body')} value=${texts[language.value].body} change=${v => { texts[language.value].body = v; }} hint=${t('camp.holes')} /></div><//>
      <${Panel} title=${t('camp.as')}><${Field} name="find" type="search" label=${t('camp.find')} value=${text.value} change=${v => { text.value = v; find(v); }} />
        <div class="row wrap camp-choice">${found.value.map(p => html`<button type="button" key=${p.id} class=${'btn sm' + (who.value?.id === p.id ? ' on' : '')} @click=${() => { picked.value = true; who.value = p; }}>${p.name}</button>`)}</div>
        ${problem.value ? html`<p class="notice bad" role="alert">${problem.value.message}</p>` : letter.value ? html`<article class="camp-letter"><p class="mut sm">${t('camp.to')} ${letter.value.to}</p><h3>${letter.value.subject}</h3><pre>${letter.value.text}</pre></article>`
          : html`<p class="mut">${t('camp.choose')}</p>`}<//></div>`;
  },
};
